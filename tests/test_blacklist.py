"""Blacklists: what an entry blocks and what not, from a user's file and from returned letters."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from golden_lines import lines

import addrfix
from addrfix.cli.blacklist import command as blacklist_command
from addrfix.cli.clean import command as clean_command
from addrfix.cli.pick import command as pick_command
from addrfix.cli.run import command as run_command
from addrfix.files.columns import normalised
from addrfix.flow.blacklist import lay_over, read_blacklists
from addrfix.flow.candidates import BLOCKED_BY
from addrfix.flow.clean import clean_rows
from addrfix.knowledge import words
from addrfix.model.errors import BadInput
from addrfix.score.place_keys import SCOPES

AS_OF = date(2026, 6, 30)
CASES = lines("blacklist")


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def read(*texts: str) -> pl.DataFrame:
    blank = {name: [None] * len(texts) for name in ("case_id", "id_no", "phone")}
    types = dict.fromkeys(("address", *blank), pl.String)
    return clean_rows(pl.DataFrame({"address": texts, **blank}, schema=types), progress=False)


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """Each line of cases/blacklist.tsv with what its own entry alone did to its address."""
    folder = tmp_path_factory.mktemp("lists")
    head = "address,building,compound,village,division,scope,reason,from,to\n"
    order = ("address", "building", "compound", "village", "division", "scope")
    rows = read(*(case["blocked"] for case in CASES))
    found = []
    for number, case in enumerate(CASES):
        said = dict(pair.split("=") for pair in case["entry"].split("; "))
        path = write(
            folder / f"{number}.csv", head + ",".join(said.get(n, "") for n in order) + ",r,,\n"
        )
        found.append(lay_over(rows[number : number + 1], read_blacklists([path], AS_OF), AS_OF))
    return pl.concat(found)


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda n: CASES[n]["note"] or str(n))
def test_line(laid: pl.DataFrame, number: int) -> None:
    hit = laid.row(number, named=True)
    wanted = CASES[number]["hits"] == "yes"
    assert (hit[BLOCKED_BY] == f"{number}.csv:2 r") == wanted
    assert ("own_blacklist" in hit["issues"]) == wanted
    assert not wanted or hit["verdict"] == "blocked"


def test_days_are_counted_on_the_as_of_day(tmp_path: Path) -> None:
    rows = read("杭州市西湖区云台路12号香樟花园3幢501室")
    path = write(
        tmp_path / "l.csv",
        "小区,原因,开始日期,结束日期\n杭州市西湖区香樟花园,r,2026年6月1日,20260630\n",
    )
    for day, hit in (("05-31", False), ("06-01", True), ("06-30", True), ("07-01", False)):
        on = date.fromisoformat(f"2026-{day}")
        done = lay_over(rows, read_blacklists([path], on), on)
        assert (done["verdict"][0] == "blocked") == hit, day


def test_the_narrowest_entry_is_named_then_the_first(tmp_path: Path) -> None:
    one = write(tmp_path / "a.csv", "区划,原因\n杭州市西湖区,whole\n")
    two = write(
        tmp_path / "b.csv",
        "编号,小区,原因,来源\nK9,杭州市西湖区香樟花园,a|b,police\n,杭州市西湖区香樟花园,late,\n",
    )
    done = lay_over(read("杭州市西湖区香樟花园3幢501室"), read_blacklists([one, two], AS_OF), AS_OF)
    assert done[BLOCKED_BY].to_list() == ["b.csv:K9 a/b (police)"]


def test_what_cannot_be_used_is_told_by_line(tmp_path: Path) -> None:
    path = write(
        tmp_path / "l.csv",
        "address,scope\n西湖区云台路12号,\n杭州市西湖区云台路,\n杭州市西湖区云台路12号,building\n"
        ",\n杭州市西湖区香樟花园,宇宙\n湖南省邵阳市邵阳县,\n",
    )
    own = read_blacklists([path], AS_OF)
    told = "\n".join(own.notes)
    for sentence in (
        "no division was found; write city and district too: line 2",
        "a road without a number, or a place without what it stands in: line 3",
        "the address does not name what the column of scopes says: line 4",
        "nothing is named: line 5",
        "scope not known, blocked as written: 1 entry",
        "everything in a village or division is blocked by line 7",
        "l.csv: 2 entries",
    ):
        assert sentence in told
    assert not any(word in told for word in ("云台", "香樟", "邵阳"))


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_every_kind_of_table(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"l.{kind}"
    table = pl.DataFrame({"小区": ["杭州市西湖区香樟花园"], "开始日期": [date(2026, 1, 1)]})
    getattr(table, {"xlsx": "write_excel"}.get(kind, f"write_{kind}"))(path)
    entries = read_blacklists([path], AS_OF).entries
    assert entries["scope"].to_list() == ["compound"]
    assert entries["from_on"].to_list() == [date(2026, 1, 1)]


def test_a_file_that_is_no_blacklist(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is no blacklist"):
        read_blacklists([write(tmp_path / "l.csv", "姓名,原因\n样本甲,x\n")], AS_OF)
    assert read_blacklists([write(tmp_path / "e.csv", "地址\n")], AS_OF).entries.is_empty()


def test_words_of_the_file_mean_one_thing() -> None:
    rows = words("blacklist_words")
    for kind in ("column", "scope"):
        forms = [normalised(row["word"])[0] for row in rows if row["kind"] == kind]
        assert len(forms) == len(set(forms))
    scopes = {row["meaning"] for row in rows if row["kind"] == "scope"}
    assert scopes == {*SCOPES, "as_written"}


def test_the_example_of_the_page_holds(tmp_path: Path) -> None:
    page = (Path(__file__).parent.parent / "docs" / "blacklist.md").read_text(encoding="utf-8")
    example = page.partition("```text\n")[2].partition("```")[0]
    entries = read_blacklists([write(tmp_path / "l.csv", example)], AS_OF).entries
    told = entries.select("entry", "scope", "from_on", "to_on").unique(maintain_order=True).rows()
    assert told == [
        ("l.csv:A1", "door", None, None),
        ("l.csv:A2", "building", date(2026, 1, 1), None),
        ("l.csv:A3", "compound", date(2026, 1, 1), date(2026, 12, 31)),
        ("l.csv:A4", "division", date(2026, 6, 1), date(2026, 9, 30)),
    ]


DEBTORS = """案件编号,姓名,地址类型,地址,登记日期
C1,样本甲,居住地址,杭州市西湖区香樟花园3栋2单元501,2026-01-01
C1,样本甲,单位地址,杭州市西湖区云台路8号宏达机械有限公司,2026-01-01
C2,样本乙,居住地址,金华市婺城区人才市场集体户,2026-01-01
"""


def invoke(command: Any, *arguments: object) -> Any:
    done = CliRunner().invoke(command, [*map(str, arguments), "--as-of", "2026-06-30"])
    assert done.exit_code == 0, done.output
    return done


def test_pick_says_what_hit(tmp_path: Path) -> None:
    source = write(tmp_path / "d.csv", DEBTORS)
    own = write(tmp_path / "own.csv", "楼栋,原因\n杭州市西湖区香樟花园三号楼,整栋拆除\n")
    picks, every, cleaned = (tmp_path / f"{name}.parquet" for name in ("p", "a", "c"))
    done = invoke(pick_command, source, "-o", picks, "--all", every, "--blacklist", own)
    assert pl.read_parquet(picks).select("row", "decision").rows() == [(1, "send"), (2, "hold")]
    held = pl.read_parquet(picks)["reasons"].to_list()[1]
    assert held[0] == "all_blocked"
    assert held[1].startswith("blocked_by=blocked.tsv:collective_register 人才市场")
    told = dict(pl.read_parquet(every).select("row", BLOCKED_BY).rows())
    assert told[0] == "own.csv:2 整栋拆除" and told[1] is None
    assert not any(word in done.stderr for word in ("样本", "香樟", "拆除"))
    # What `clean` blocked stays blocked, and named, when `pick` reads its output.
    invoke(clean_command, source, "-o", cleaned, "--blacklist", own)
    invoke(pick_command, cleaned, "-o", picks, "--all", every)
    assert dict(pl.read_parquet(every).select("row", BLOCKED_BY).rows()) == told


def test_run_holds_what_is_blocked(tmp_path: Path) -> None:
    head = DEBTORS.splitlines(keepends=True)[0].replace(",地址类型", ",债权人,本金,地址类型")
    body = "R1,钱某甲,某某银行,1000,居住地址,杭州市西湖区香樟花园3栋2单元501,2026-01-01\n"
    source = write(tmp_path / "d.csv", head + body)
    own = write(tmp_path / "own.csv", "小区,原因\n杭州市西湖区香樟花园,投诉\n")
    secret = write(tmp_path / "secret.key", "7f" * 32)
    sender = next((Path(__file__).parent.parent / "templates" / "examples").glob("*sender*.toml"))
    done = invoke(
        run_command, source, "--template", "lawyer_letter", "--sender", sender, "-o",
        tmp_path / "batch", "--secret", secret, "--blacklist", own,
    )  # fmt: skip
    assert "1 all_blocked" in done.stderr
    held = pl.read_csv(tmp_path / "batch" / "held.csv", infer_schema=False)["reasons"][0]
    assert "|blocked_by=own.csv:2 投诉" in held


def test_the_python_face_takes_lists_too(tmp_path: Path) -> None:
    source = write(tmp_path / "d.csv", DEBTORS)
    own = write(tmp_path / "own.csv", "小区\n杭州市西湖区香樟花园\n")
    frame = pl.read_csv(source, infer_schema=False)
    done = addrfix.pick(frame, as_of=AS_OF, blacklist=[own])
    assert done["row"].to_list() == [1, 2]


HISTORY = """案件编号,姓名,地址类型,地址,登记日期,寄出日期,投递结果,退回原因,结果日期
H1,样本甲,居住地址,杭州市西湖区香樟花园3幢2单元501室,2025-01-01,2026-01-02,退回,原址拆迁,2026-01-09
H2,样本乙,居住地址,杭州市西湖区云台路12号翠湖花园2幢301室,2025-01-01,2026-01-02,退回,无此地址,2026-01-09
H3,样本丙,居住地址,杭州市上城区如意苑6幢301室,2025-01-01,2026-01-02,退回,查无此人,2026-01-09
H4,样本丁,居住地址,杭州市上城区云台苑6幢301室,2025-01-01,2026-01-02,退回,原址拆迁,2026-01-09
H5,样本戊,居住地址,杭州市上城区云台苑6幢802室,2025-01-01,2026-02-02,本人签收,,2026-02-09
H6,样本己,居住地址,杭州市上城区,2025-01-01,2026-01-02,退回,无此地址,2026-01-09
H7,样本庚,居住地址,邵阳市邵阳县塘渡口镇李家村3组62号,2025-01-01,2026-01-02,退回,原址拆迁,2026-01-09
H8,样本辛,居住地址,邵阳市邵阳县塘渡口镇李家村3组62号,2025-01-01,2026-02-02,退回,原址拆迁,2026-02-09
"""
ASKED = {
    "杭州市西湖区香樟花园三号楼1单元202": True,  # the whole building is gone
    "杭州市西湖区香樟花园4幢1单元202室": False,
    "杭州市西湖区翠湖花园2栋301": True,
    "杭州市西湖区翠湖花园2栋302": False,  # that door only
    "杭州市上城区如意苑6幢301室": False,  # somebody moved; the place stands
    "杭州市上城区云台苑6幢301室": False,  # signed for there afterwards
    "邵阳县塘渡口镇李家村三组62号": True,
    "邵阳县塘渡口镇李家村三组63号": False,
}


def test_returned_letters_block_by_file_and_by_history_alike(tmp_path: Path) -> None:
    history, gone = write(tmp_path / "h.csv", HISTORY), tmp_path / "gone.csv"
    rows = "".join(f"N{n},样本,居住地址,{text},2026-01-01\n" for n, text in enumerate(ASKED))
    source = write(tmp_path / "d.csv", DEBTORS.splitlines(keepends=True)[0] + rows)
    invoke(blacklist_command, history, "-o", gone)
    written = pl.read_csv(gone, infer_schema=False)
    assert written.select("scope", "reason", "from_on", "source").rows() == [
        ("building", "拆迁", "2026-01-09", "h.csv:2"),
        ("door", "无此地址", "2026-01-09", "h.csv:3"),
        ("building", "拆迁", "2026-01-09", "h.csv:8"),
    ]
    assert "501" not in written["address"][0]
    for option, path in (("--blacklist", gone), ("--history", history)):
        picks = tmp_path / "p.parquet"
        invoke(pick_command, source, "-o", picks, option, path)
        done = pl.read_parquet(picks)
        assert (done["decision"] == "hold").to_list() == list(ASKED.values()), option
        held = done.filter(pl.col("decision") == "hold")["reasons"].to_list()
        assert all(r[0] == "all_blocked" and r[1].startswith("blocked_by=") for r in held)


def test_a_batch_teaches_too(tmp_path: Path) -> None:
    texts = ("杭州市西湖区香樟花园3幢2单元501室", "杭州市西湖区云台大厦宏达机械有限公司")
    rows = "".join(f"B{n},样本,居住地址,{text},2026-01-01\n" for n, text in enumerate(texts))
    source = write(tmp_path / "d.csv", DEBTORS.splitlines(keepends=True)[0] + rows)
    batch = tmp_path / "2026-03"
    (batch / "private").mkdir(parents=True)
    invoke(pick_command, source, "-o", batch / "private" / "picks.parquet")
    ids = pl.Series("letter_id", ["L1", "L2"])
    picked = pl.read_parquet(batch / "private" / "picks.parquet").with_columns(ids)
    picked.write_parquet(batch / "private" / "picks.parquet")
    day = pl.lit(date(2026, 3, 1))
    ids.to_frame().with_columns(created_on=day).write_parquet(batch / "manifest.parquet")
    ids.to_frame().with_columns(
        outcome=pl.lit("returned"), sign_class=pl.lit(None, pl.String),
        return_reason=pl.Series(["DEMOLISHED", "ADDR_NOT_EXIST"]), posted_on=day,
        final_on=pl.lit(date(2026, 3, 9)),
    ).write_parquet(batch / "outcomes.parquet")  # fmt: skip
    gone = tmp_path / "gone.csv"
    invoke(blacklist_command, batch, "-o", gone)
    written = pl.read_csv(gone, infer_schema=False).select("address", "scope", "source").rows()
    assert written == [
        ("浙江省杭州市西湖区香樟花园3幢", "building", "2026-03:L1"),
        # One firm that is not there says nothing about the tower.
        ("浙江省杭州市西湖区云台大厦宏达机械有限公司", "door", "2026-03:L2"),
    ]


def test_a_result_of_tomorrow_blocks_nothing_today(tmp_path: Path) -> None:
    history, gone = write(tmp_path / "h.csv", HISTORY), tmp_path / "gone.csv"
    done = CliRunner().invoke(
        blacklist_command, [str(history), "-o", str(gone), "--as-of", "2026-01-08"]
    )
    assert done.exit_code == 0, done.output
    assert pl.read_csv(gone).is_empty()
