"""`addrfix track`: result files of any shape into a batch folder."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest
from click.testing import CliRunner
from made_batches import made_batch

from addrfix.cli.track import command
from addrfix.flow.track import TrackOptions, track
from addrfix.model.errors import BadInput, BadUsage, BatchProblem, RowsUnread
from addrfix.model.table import OUTCOME_COLUMNS

HEADER = "邮件号,操作码,操作名称,操作时间,机构,签收情况,未妥投原因"
FIRST, SECOND, THIRD = "XA00100000000", "XA00100000001", "XA00100000002"
RESULTS = f"""{HEADER}
{FIRST},203,收寄计费信息,2026-07-01 10:20:00,示例营业部,,
{FIRST},704,投递结果反馈-妥投,2026-07-04 15:02:00,示例投递部,本人签收,
{SECOND},203,收寄计费信息,2026-07-01 10:20:00,示例营业部,,
{SECOND},705,投递结果反馈-未妥投,2026-07-03 09:40:00,示例投递部,,查无此人
{SECOND},711,退回妥投,2026-07-09 11:15:00,示例营业部,,
"""


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    return made_batch(tmp_path / "batch", letters=3)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def written(name: str, content: str) -> Path:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return written


def _outcomes(batch: Path) -> dict[str, str]:
    table = pl.read_parquet(batch / "outcomes.parquet")
    return dict(table.select("letter_id", "outcome").iter_rows())


def _script(name: str) -> ModuleType:
    path = Path(__file__).parent.parent / "scripts" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Write = Callable[[str, str], Path]


def test_every_letter_gets_one_outcome(batch: Path, write: Write) -> None:
    done = track(batch, [write("results.csv", RESULTS)])
    table = pl.read_parquet(batch / "outcomes.parquet")
    assert tuple(table.columns) == OUTCOME_COLUMNS
    assert table["outcome"].to_list() == ["signed", "returned", "in_transit"]
    assert table["sign_class"].to_list() == ["self", None, None]
    assert table["return_reason"].to_list() == [None, "NO_SUCH_PERSON", None]
    assert table["tracking_no"].to_list() == [FIRST, SECOND, THIRD]
    assert table["posted_on"].cast(pl.String).to_list() == ["2026-07-01", "2026-07-01", None]
    assert table["final_on"].cast(pl.String).to_list() == ["2026-07-04", "2026-07-09", None]
    assert table["attempts"].to_list() == [1, 1, 0]
    assert (done.lines, done.new, done.total) == (5, 5, 5)
    assert done.outcomes == {"signed": 1, "returned": 1, "in_transit": 1}


def test_twice_adds_nothing_and_leaves_the_same_bytes(batch: Path, write: Write) -> None:
    results = write("results.csv", RESULTS)
    track(batch, [results])
    before = [(batch / name).read_bytes() for name in ("events.parquet", "outcomes.parquet")]
    done = track(batch, [results, results])
    assert (done.lines, done.new, done.total) == (10, 0, 5)
    track(batch, [])
    after = [(batch / name).read_bytes() for name in ("events.parquet", "outcomes.parquet")]
    assert after == before


@pytest.mark.parametrize("seed", range(8))
def test_cut_shuffled_and_duplicated_files_settle_alike(tmp_path: Path, seed: int) -> None:
    maker = _script("make_results")
    whole = made_batch(tmp_path / "whole", letters=60, numbers=seed % 2 == 0)
    pieces = made_batch(tmp_path / "pieces", letters=60, numbers=seed % 2 == 0)
    content = maker.results(whole, seed=seed, posted=None, days=40)
    (tmp_path / "all.csv").write_bytes(content)
    track(whole, [tmp_path / "all.csv"])
    head, *rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    rng = random.Random(seed)
    for part in range(4):
        some = rng.sample(rows, len(rows) // 2) if part < 3 else rng.sample(rows, len(rows))
        path = tmp_path / f"part{part}.csv"
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows([head, *some, *some[:20]])
        track(pieces, [path])
    for name in ("events.parquet", "outcomes.parquet"):
        assert (pieces / name).read_bytes() == (whole / name).read_bytes()


def test_letters_without_a_number_are_known_by_their_id(tmp_path: Path, write: Write) -> None:
    batch = made_batch(tmp_path / "batch", letters=2, numbers=False)
    ids = pl.read_parquet(batch / "manifest.parquet")["letter_id"].to_list()
    track(batch, [write("r.csv", RESULTS.replace(FIRST, ids[0]).replace(SECOND, ids[1]))])
    assert _outcomes(batch) == {ids[0]: "signed", ids[1]: "returned"}


def test_numbers_bound_later_are_used_and_shown(tmp_path: Path, write: Write) -> None:
    batch = made_batch(tmp_path / "batch", letters=2, numbers=False)
    ids = pl.read_parquet(batch / "manifest.parquet")["letter_id"].to_list()
    results = write("r.csv", RESULTS)
    assert track(batch, [results]).unmatched == {FIRST: 2, SECOND: 3}
    bound = pl.DataFrame({"letter_id": [ids[1], ids[0]], "tracking_no": [SECOND, FIRST]})
    bound.write_parquet(batch / "bindings.parquet")
    assert track(batch, [results]).unmatched == {}
    table = pl.read_parquet(batch / "outcomes.parquet")
    assert table["tracking_no"].to_list() == [FIRST, SECOND]
    assert table["outcome"].to_list() == ["signed", "returned"]


def test_strange_numbers_are_counted_listed_and_can_be_kept(batch: Path, write: Write) -> None:
    results = write("r.csv", RESULTS.replace(SECOND, "XA-999"))
    kept = batch.parent / "strangers.csv"
    run = CliRunner().invoke(command, [str(batch), str(results), "--unmatched", str(kept)])
    assert run.exit_code == 0 and run.stdout == ""
    assert "3 lines of 1 number not in this batch: XA-999" in run.stderr
    assert kept.read_text(encoding="utf-8-sig").count("XA-999") == 3


def test_unknown_codes_are_kept_counted_and_listed(batch: Path, write: Write) -> None:
    results = write("r.csv", RESULTS.replace(",704,", ",999,"))
    run = CliRunner().invoke(command, [str(batch), str(results)])
    assert "chinapost code 999: 1" in run.stderr
    events = pl.read_parquet(batch / "events.parquet")
    unknown = events.filter(pl.col("raw_code") == "999").row(0, named=True)
    assert unknown["state"] is None and unknown["unknown"] == ["code"]
    assert list(_outcomes(batch).values()) == ["in_transit", "returned", "in_transit"]


def test_messages_hold_no_names(batch: Path, write: Write) -> None:
    strange = f"运单号,时间,轨迹\n{FIRST},2026-07-01,天色已晚（张某某）电话:13900000000\n"
    run = CliRunner().invoke(command, [str(batch), str(write("r.csv", strange))])
    letter = pl.read_parquet(batch / "events.parquet")["letter_id"][0]
    assert f"plain_text text (words, of {letter}): 1" in run.stderr
    assert "张" not in run.stderr and "139" not in run.stderr


def test_what_nobody_knows_is_listed_where_it_is_asked_for(batch: Path, write: Write) -> None:
    listed = batch.parent / "unknown.csv"
    words = "快件由王小明处理"
    strange = f"运单号,时间,轨迹\n{FIRST},2026-07-01,{words}\n{FIRST},2026-07-02,{words}\n"
    run = CliRunner().invoke(
        command, [str(batch), str(write("r.csv", strange)), "--unknown", str(listed)]
    )
    assert "王小明" not in run.stderr
    rows = pl.read_csv(listed).rows(named=True)
    assert [(row["column"], row["value"], row["events"]) for row in rows] == [("text", words, 2)]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_answers_in_other_encodings_are_read(batch: Path, encoding: str) -> None:
    answer = {"nu": FIRST, "data": [{"time": "2026-07-04 10:00:00", "context": "已签收，本人签收"}]}
    path = batch.parent / "answer.json"
    path.write_bytes(json.dumps(answer, ensure_ascii=False).encode(encoding))
    assert track(batch, [path]).outcomes["signed"] == 1


def test_a_note_names_its_file_once(batch: Path) -> None:
    path = batch.parent / "r.csv"
    path.write_bytes(RESULTS.encode("gb18030"))
    assert "r.csv was read as GB18030" in track(batch, [path]).notes


def test_times_that_cannot_be_read_settle_nothing(batch: Path, write: Write) -> None:
    results = write("r.csv", RESULTS.replace("2026-07-04 15:02:00", "昨天"))
    assert track(batch, [results]).without_time == 1
    assert list(_outcomes(batch).values()) == ["in_transit", "returned", "in_transit"]
    assert track(batch, [results]).new == 0


def test_strict_says_so_with_the_exit_code(batch: Path, write: Write) -> None:
    results = write("r.csv", RESULTS.replace("2026-07-04 15:02:00", "昨天"))
    assert CliRunner().invoke(command, [str(batch), str(results)]).exit_code == 0
    run = CliRunner().invoke(command, [str(batch), str(results), "--strict"])
    assert isinstance(run.exception, RowsUnread) and run.exception.exit_code == 3
    assert (batch / "outcomes.parquet").exists()


def test_text_traces_and_one_row_a_letter(batch: Path, write: Write) -> None:
    trace = (
        f"运单号,时间,轨迹\n{FIRST},2026-07-01 10:20:00,【示例市】已收寄\n"
        f"{FIRST},2026-07-03 16:45:00,【示例市】您的邮件已签收，签收人：他人代收（家人）\n"
    )
    summary = (
        f"邮件号,寄出日期,投递结果,退回原因,结果日期\n{SECOND},2026-07-01,退回,拒收,2026-07-08\n"
    )
    track(batch, [write("trace.csv", trace), write("summary.csv", summary)])
    table = pl.read_parquet(batch / "outcomes.parquet")
    assert table["outcome"].to_list() == ["signed", "returned", "in_transit"]
    assert table["sign_class"].to_list() == ["household", None, None]
    assert table["return_reason"].to_list() == [None, "REFUSED", None]
    assert table["posted_on"].cast(pl.String).to_list() == ["2026-07-01", "2026-07-01", None]


def test_answers_of_tracking_services(batch: Path, write: Write) -> None:
    kuaidi = {
        "nu": FIRST,
        "state": "3",
        "data": [
            {"time": "2026-07-04 15:02:00", "context": "已签收，签收人：本人收"},
            {"time": "2026-07-01 10:20:00", "context": "【示例市】已收寄"},
        ],
    }
    kdniao = {
        "LogisticCode": SECOND,
        "StateEx": "406",
        "Traces": [
            {"AcceptTime": "2026-07-01 10:20:00", "AcceptStation": "已收寄", "Action": "1"},
            {"AcceptTime": "2026-07-09 10:20:00", "AcceptStation": "退回妥投", "Action": "406"},
        ],
    }
    files = [write("a.json", json.dumps(kuaidi)), write("b.jsonl", json.dumps(kdniao) + "\n")]
    track(batch, files)
    table = pl.read_parquet(batch / "outcomes.parquet")
    assert table["outcome"].to_list() == ["signed", "returned", "in_transit"]
    # The state of the letter stands on every line of the answer: it must not sign on 1 July.
    assert table["posted_on"].cast(pl.String).to_list() == ["2026-07-01", "2026-07-01", None]
    assert table["final_on"].cast(pl.String).to_list() == ["2026-07-04", "2026-07-09", None]
    assert table["sign_class"].to_list() == ["self", None, None]


def test_a_workbook_with_titles_and_numbers_as_numbers(batch: Path, tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "results.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "示例邮政 邮件查询结果")
        for row, line in enumerate(RESULTS.splitlines(), start=2):
            for column, cell in enumerate(line.split(",")):
                coded = cell.isdigit() and len(cell) == 3
                sheet.write(row, column, int(cell) if coded else cell)
    track(batch, [path])
    assert list(_outcomes(batch).values()) == ["signed", "returned", "in_transit"]


def test_columns_can_be_named(batch: Path, write: Write) -> None:
    results = write("r.csv", RESULTS.replace("操作时间", "何时"))
    with pytest.raises(BadInput, match=r"r\.csv: no column is recognised as the time.*何时"):
        track(batch, [results])
    assert not (batch / "events.parquet").exists()
    track(batch, [results], TrackOptions(columns={"happened_at": "何时"}))
    assert list(_outcomes(batch).values()) == ["signed", "returned", "in_transit"]
    for wrong in ({"zeit": "何时"}, {"happened_at": "几时"}):
        with pytest.raises(BadUsage, match="--column"):
            track(batch, [results], TrackOptions(columns=wrong))


def test_what_is_no_batch_or_damaged_is_said(batch: Path, write: Write) -> None:
    results = write("r.csv", RESULTS)
    with pytest.raises(BatchProblem, match="not a batch folder"):
        track(batch.parent, [results])
    with pytest.raises(BadInput, match="neither JSON nor JSON Lines"):
        track(batch, [write("broken.json", "{")])
    (batch / "events.parquet").write_bytes(b"PAR1")
    with pytest.raises(BatchProblem, match="damaged"):
        track(batch, [results])
    pl.DataFrame({"letter_id": ["a", "b"], "tracking_no": ["N", "N"]}).write_parquet(
        batch / "manifest.parquet"
    )
    with pytest.raises(BatchProblem, match="N stands at 2 letters"):
        track(batch, [results])
