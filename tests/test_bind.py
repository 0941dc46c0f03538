"""`addrfix bind`: numbers that come back from the carrier, all of a file or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from made_batches import made_batch

from addrfix.cli.bind import command
from addrfix.dispatch.number_store import NumberStore
from addrfix.dispatch.records import CANCELLATION_SCHEMA, binding_faults
from addrfix.files import write_table
from addrfix.flow.bind import BindOptions, bind
from addrfix.flow.numbers import NumberSource, add_range, void_numbers
from addrfix.flow.track import track
from addrfix.knowledge import words
from addrfix.model.errors import BadInput, BadUsage

DAY = date(2026, 7, 2)
NAMES = ("江一", "江二", "江三", "江三", "江五")
NUMBERS = [f"XA0000000020{place}" for place in range(9)]


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    folder = made_batch(tmp_path / "batch", letters=5, numbers=False)
    manifest = pl.read_parquet(folder / "manifest.parquet").with_columns(
        recipient=pl.Series(NAMES),
        standardized=pl.Series([f"示例省示例市样张路{place}号" for place in range(5)]),
        letter_no=pl.Series([f"(2026)湘云麓律函字第{place}号" for place in range(5)]),
        print_file=pl.Series([f"print/000{1 + place // 3}.pdf" for place in range(5)]),
        start_page=pl.Series([1, 3, 5, 1, 3]),
    )
    manifest.write_parquet(folder / "manifest.parquet")
    return folder


@pytest.fixture
def ids(batch: Path) -> list[str]:
    return pl.read_parquet(batch / "manifest.parquet")["letter_id"].to_list()


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str, name: str = "numbers.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return written


def bound(batch: Path) -> dict[str, str]:
    rows = pl.read_parquet(batch / "bindings.parquet")
    assert rows.columns == ["letter_id", "tracking_no", "bound_on"]
    return dict(rows.select("letter_id", "tracking_no").iter_rows())


def test_by_letter_id_in_any_order_and_encoding(batch: Path, ids: list[str], write: Write) -> None:
    source = write(
        f"邮件号,函件编号\n{NUMBERS[1]},{ids[1].lower()}\n xa-0000 0000 200 ,{ids[0]}\n,{ids[2]}\n",
        encoding="gb18030",
    )
    done = bind(batch, source, BindOptions(), DAY)
    assert (done.lines, done.new, done.missing) == (2, 2, 3)
    assert "1 line without a number left out" in done.notes
    assert bound(batch) == {ids[0]: NUMBERS[0], ids[1]: NUMBERS[1]}


FORMS = {
    "letter_no": ["文号", *(f"（2026）湘云麓律函字第{place}号" for place in range(5))],
    "print_page": ["打印文件,起始页", "0001.pdf,1", "1,3", "print/0001.pdf,5", "2,1", "0002,3.0"],
    "print_page_short": ["打印文件,页码", "0001,1", "0001,3", "0001,5", "0002,1", "0002,3"],
    "position": ["批内序号", "1", "2", "3", "4", "5"],
    "position_and_masked_name": ["序号,收件人", "1,江*", "2,*二", "3,江三", "4,**", "5,江五"],
    "name_and_address": [
        "收件人姓名,收件人地址",
        *(f"{name},示例省示例市样张路{place}号" for place, name in enumerate(NAMES)),
    ],
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_way_to_name_a_letter(batch: Path, ids: list[str], write: Write, form: str) -> None:
    head, *rows = FORMS[form]
    lines = [f"{head},运单号", *(f"{row},{NUMBERS[at]}" for at, row in enumerate(rows))]
    rows_of = [lines[0], *reversed(lines[1:])]
    if form == "position":
        rows_of = lines
    done = bind(batch, write("\n".join(rows_of)), BindOptions(), DAY)
    assert bound(batch) == dict(zip(ids, NUMBERS, strict=False))
    alone = form == "position"
    assert any("by their place alone" in note for note in done.notes) == alone


def test_a_workbook_with_headers_of_its_own(batch: Path, ids: list[str], tmp_path: Path) -> None:
    path = tmp_path / "numbers.xlsx"
    write_table(pl.DataFrame({"内部号": ids[:2], "国内邮件": NUMBERS[:2]}), path)
    with pytest.raises(BadInput, match=r"recognised as the tracking number .* or the letter"):
        bind(batch, path, BindOptions(), DAY)
    columns = {"letter_id": "内部号", "tracking_no": "国内邮件"}
    assert bind(batch, path, BindOptions(columns), DAY).new == 2
    with pytest.raises(BadUsage, match="no such role; there are tracking_no"):
        bind(batch, path, BindOptions({"who": "内部号"}), DAY)


def test_the_same_file_again_changes_nothing(batch: Path, ids: list[str], write: Write) -> None:
    source = write(f"letter_id,tracking_no\n{ids[3]},{NUMBERS[3]}\n{ids[3]},{NUMBERS[3]}\n")
    assert bind(batch, source, BindOptions(), DAY).new == 1
    before = (batch / "bindings.parquet").read_bytes()
    again = bind(batch, source, BindOptions(), date(2026, 8, 1))
    assert (again.new, again.missing) == (0, 4)
    assert (batch / "bindings.parquet").read_bytes() == before


FAULTS = {
    "{0},XA00000000200\n{9},XA00000000201": "line 2: names no letter of this batch",
    "{0},XA00000000200\n{1},XA00000000200": "line 2: XA00000000200 is the number of letter {0}",
    "{0},XA00000000200\n{0},XA00000000201": "line 2: letter {0} has XA00000000200 in a line before",
    "{0},RR473124828CN": "line 1: RR473124828CN has a wrong check digit",
    "{0},号码": "line 1: has no tracking number where one should be",
    "{4},XA00000000299": "line 1: letter {4} has XA00000000204 (--replace",
    "{0},XA00000000204": "line 1: XA00000000204 is the number of letter {4}",
}


@pytest.mark.parametrize("text", FAULTS)
def test_one_fault_and_nothing_is_bound(
    batch: Path, ids: list[str], write: Write, text: str
) -> None:
    names = [*ids, *["0" * 8] * 5]
    bind(batch, write(f"letter_id,tracking_no\n{ids[4]},{NUMBERS[4]}"), BindOptions(), DAY)
    before = (batch / "bindings.parquet").read_bytes()
    source = write(f"letter_id,tracking_no\n{text.format(*names)}\n{ids[2]},{NUMBERS[2]}\n")
    with pytest.raises(BadInput, match=r"numbers\.csv: 1 fault, nothing was bound") as stopped:
        bind(batch, source, BindOptions(), DAY)
    assert FAULTS[text].format(*names) in str(stopped.value)
    assert (batch / "bindings.parquet").read_bytes() == before


def test_who_says_two_things_of_a_letter_is_not_believed(
    batch: Path, ids: list[str], write: Write
) -> None:
    source = write(f"letter_id,收件人,邮件号\n{ids[0]},江二,{NUMBERS[0]}\n")
    with pytest.raises(BadInput, match="line 1: names no letter"):
        bind(batch, source, BindOptions(), DAY)
    source = write(f"收件人,邮件号\n江三,{NUMBERS[0]}\n")
    with pytest.raises(BadInput, match="line 1: fits 2 letters; name it by letter_id"):
        bind(batch, source, BindOptions(), DAY)
    assert not (batch / "bindings.parquet").exists()


def test_a_spoiled_label_is_replaced_and_its_number_stays_used(
    batch: Path, ids: list[str], write: Write
) -> None:
    def one(letter: str, number: str) -> Path:
        return write(f"letter_id,tracking_no\n{letter},{number}\n")

    bind(batch, one(ids[0], NUMBERS[0]), BindOptions(), DAY)
    done = bind(batch, one(ids[0], NUMBERS[5]), BindOptions(replace=True), DAY)
    assert (done.new, done.replaced) == (1, 1)
    assert pl.read_parquet(batch / "bindings.parquet")["tracking_no"].to_list() == [
        NUMBERS[0], NUMBERS[5],
    ]  # fmt: skip
    with pytest.raises(BadInput, match="is the number of letter"):
        bind(batch, one(ids[1], NUMBERS[0]), BindOptions(replace=True), DAY)
    results = write(
        f"邮件号,操作码,操作时间\n{NUMBERS[5]},704,2026-07-04\n{NUMBERS[0]},711,2026-07-04\n",
        name="results.csv",
    )
    assert track(batch, [results]).unmatched == {NUMBERS[0]: 1}


def test_a_number_of_the_store_belongs_to_its_letter(
    batch: Path, ids: list[str], write: Write, tmp_path: Path
) -> None:
    store = NumberStore(tmp_path / "numbers.journal")
    add_range(store, "registered_letter", NUMBERS[0], NUMBERS[8], DAY)
    NumberSource(store, "registered_letter").reserve("B", ["another", ids[1]], DAY)
    good = write(f"letter_id,tracking_no\n{ids[1]},{NUMBERS[1]}\n{ids[2]},{NUMBERS[7]}\n")
    with pytest.raises(BadInput, match=f"numbers void {NUMBERS[7]}"):
        bind(batch, good, BindOptions(store=store), DAY)
    void_numbers(store, NUMBERS[7], NUMBERS[7], DAY)
    assert bind(batch, good, BindOptions(store=store), DAY).new == 2
    bad = write(f"letter_id,tracking_no\n{ids[0]},{NUMBERS[0]}\n")
    with pytest.raises(BadInput, match=f"{NUMBERS[0]} was given to letter another"):
        bind(batch, bad, BindOptions(store=store), DAY)


def test_the_command_tells_what_it_did(batch: Path, ids: list[str], write: Write) -> None:
    source = write(f"letter_id,tracking_no\n{ids[0]},QQ12345678\n")
    where = [str(batch), str(source), "--as-of", "2026-07-02", "--store", "none"]
    run = CliRunner().invoke(command, where)
    assert (run.exit_code, run.stdout) == (0, "")
    assert "1 number of a form that no known carrier uses (first in line 1)" in run.stderr
    assert "1 line read, 1 letter bound" in run.stderr
    assert "4 letters of the batch without a number" in run.stderr


def test_every_header_is_recognised_for_its_role() -> None:
    roles = {"tracking_no", "letter_id", "letter_no", "print_file", "start_page", "position",
             "recipient", "address", "postcode"}  # fmt: skip
    rows = words("binding_headers")
    assert {row["role"] for row in rows} == roles
    assert len({row["header"] for row in rows}) == len(rows)
    assert all(row["source"] for row in rows)


def test_faults_of_bindings_that_somebody_else_wrote() -> None:
    rows = [("A", "2"), ("C", "3"), ("B", "2"), ("A", "4")]
    assert list(binding_faults({"A": None, "B": "1"}, rows)) == [
        "C: bound to a number, but no letter of this batch",
        "B: bound to 2, which A has",
    ]
    assert json.dumps(list(binding_faults({"A": "1"}, [("A", "1")]))) == "[]"


def test_a_cancelled_letter_misses_no_number_and_one_that_comes_is_told(
    batch: Path, ids: list[str], write: Write
) -> None:
    rows = [(ids[0], DAY, None), (ids[1], DAY, "paid")]
    gone = pl.DataFrame(rows, schema=CANCELLATION_SCHEMA, orient="row")
    gone.write_parquet(batch / "cancellations.parquet")
    source = write(f"letter_id,tracking_no\n{ids[0]},{NUMBERS[0]}\n{ids[2]},{NUMBERS[2]}\n")
    done = bind(batch, source, BindOptions(), DAY)
    assert (done.new, done.missing) == (2, 2)
    assert done.notes == [f"1 cancelled letter got a number, {ids[0]} first"]
