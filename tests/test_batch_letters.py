"""`addrfix letters` from picks to a batch folder."""

from __future__ import annotations

import csv
import os
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pypdfium2  # type: ignore[import-untyped]  # it ships no types
import pytest
from click.testing import CliRunner
from letter_samples import ADDRESS, AS_OF, SENDER, case, cases, picks

from addrfix.cli.letters import command
from addrfix.dispatch.folder import read_json
from addrfix.dispatch.ids import check_character, is_letter_id
from addrfix.flow.letters import BatchSummary, make_batch
from addrfix.flow.report import report_figures
from addrfix.flow.verify import verify_batch
from addrfix.knowledge import folder, read_tsv
from addrfix.letters.rules import read_rules
from addrfix.model.errors import BadInput, BadUsage
from addrfix.model.table import MANIFEST_COLUMNS

NAMES = ("王小满", "陈𬭎", "龚䶮㛃", "欧阳一二", "买买提·吐尔逊")


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "team.key"
    path.write_bytes(b"a secret of the tests only")
    return path


def made(
    out: Path, secret: Path, frame: pl.DataFrame, chosen: pl.DataFrame | None = None, **more: Any
) -> BatchSummary:
    """A batch of every row of a debtor file."""
    options: dict[str, Any] = {
        "template": "lawyer_letter", "sender": SENDER, "as_of": AS_OF, "progress": False,
    }  # fmt: skip
    chosen = picks(frame) if chosen is None else chosen
    return make_batch(chosen, frame, out=out, secret=secret, **(options | more))


def five() -> pl.DataFrame:
    return cases(*(case(n, name=name) for n, name in enumerate(NAMES)))


def held(out: Path) -> dict[str, str]:
    with (out / "held.csv").open(encoding="utf-8-sig", newline="") as opened:
        reasons = {row["case_id"]: row["reason"] for row in csv.DictReader(opened)}
    listed = {row["reason"] for row in read_tsv(folder("templates") / "rules" / "hold_reasons.tsv")}
    assert {reason.split(":")[0] for reason in reasons.values()} <= listed | set(read_rules().rules)
    return reasons


def test_a_batch_folder_is_whole(tmp_path: Path, secret: Path) -> None:
    out = tmp_path / "batch"
    summary = made(out, secret, five())
    assert (summary.letters, summary.pages, summary.sheets, summary.held) == (5, 10, 5, {})
    manifest = pl.read_parquet(out / "manifest.parquet")
    assert tuple(manifest.columns) == MANIFEST_COLUMNS
    assert manifest["recipient"].to_list() == list(NAMES)
    assert manifest["letter_no"][0] == "(2026)湘云麓律函字第1号"
    assert all(map(is_letter_id, manifest["letter_id"]))
    assert manifest["start_page"].to_list() == [1, 3, 5, 7, 9]
    assert manifest["tracking_no"].null_count() == 5
    assert sorted(path.name for path in out.iterdir()) == [
        "batch.json", "checks.parquet", "held.csv", "letters", "manifest.csv", "manifest.parquet",
        "manifest.xlsx", "print", "private",
    ]  # fmt: skip
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert verify_batch(out, progress=False).differences == []
    if os.name == "posix":
        assert (out / "private").stat().st_mode & 0o777 == 0o700


def test_the_manifest_tells_no_amount_and_no_number_of_a_person(
    tmp_path: Path, secret: Path
) -> None:
    out = tmp_path / "batch"
    made(out, secret, five())
    for name in ("manifest.csv", "batch.json", "held.csv"):
        text = (out / name).read_text(encoding="utf-8-sig")
        for private in ("430104199003074519", "13800000000", "5000.00", "5,270.00", "C0001"):
            assert private not in text


def test_same_input_same_bytes(tmp_path: Path, secret: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    made(first, secret, five())
    made(second, secret, five())
    files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert files == sorted(p.relative_to(second) for p in second.rglob("*") if p.is_file())
    for name in files:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


@pytest.mark.parametrize(
    "change",
    [{"as_of": date(2026, 7, 2)}, {"fees": Decimal("20.01")}, {"name": "王大满"}],
)
def test_other_input_another_batch(tmp_path: Path, secret: Path, change: dict[str, Any]) -> None:
    day = change.pop("as_of", AS_OF)
    first = made(tmp_path / "first", secret, cases(case(1)))
    second = made(tmp_path / "second", secret, cases(case(1, **change)), as_of=day)
    assert first.batch_id != second.batch_id


def test_case_hashes_hang_on_the_secret_alone(tmp_path: Path, secret: Path) -> None:
    other = tmp_path / "other.key"
    other.write_bytes(b"another secret of the tests")
    made(tmp_path / "a", secret, five())
    made(tmp_path / "b", other, five())
    frames = [pl.read_parquet(tmp_path / name / "manifest.parquet") for name in "ab"]
    assert frames[0].drop("case_id_hash").equals(frames[1].drop("case_id_hash"))
    assert not set(frames[0]["case_id_hash"]) & set(frames[1]["case_id_hash"])


def test_workers_change_nothing(
    tmp_path: Path, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("addrfix.flow.letters.LETTERS_PER_FILE", 2)
    made(tmp_path / "one", secret, five())
    made(tmp_path / "two", secret, five(), workers=2)
    hashes = [read_json(tmp_path / name / "batch.json")["batch_sha256"] for name in ("one", "two")]
    assert hashes[0] == hashes[1]
    manifest = pl.read_parquet(tmp_path / "one" / "manifest.parquet")
    assert manifest["print_file"].to_list() == [
        "print/0001.pdf", "print/0001.pdf", "print/0002.pdf", "print/0002.pdf", "print/0003.pdf",
    ]  # fmt: skip
    assert verify_batch(tmp_path / "two", progress=False).differences == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": "吉𠮷"}, "character_without_glyph:U+20BB7:recipient"),
        ({"principal": None}, "missing:principal"),
        ({"interest": None}, "missing:interest"),
        ({"name": None}, "missing:recipient"),
        ({"case_status": "已结清"}, "B08_case_open:case_settled"),
        ({"opt_out": "是"}, "B08_case_open:opted_out"),
        ({"principal": Decimal("-1")}, "D01_sums_add_up:amount_impossible"),
        ({"contract_no": "6222020200112233445"}, "E08_no_full_numbers:full_number_in_text"),
    ],
)
def test_cases_that_are_held(
    tmp_path: Path, secret: Path, change: dict[str, Any], reason: str
) -> None:
    out = tmp_path / "batch"
    summary = made(out, secret, cases(case(1, **change), case(2), case(3)))
    assert held(out) == {"C0001": reason}
    assert summary.letters == 2
    # The numbers of the letters have no gap where a case was held.
    assert pl.read_parquet(out / "manifest.parquet")["letter_no"].to_list() == [
        "(2026)湘云麓律函字第1号", "(2026)湘云麓律函字第2号",
    ]  # fmt: skip
    assert verify_batch(out, progress=False).differences == []


@pytest.mark.parametrize(
    "column", ["name", "id_no", "principal", "interest", "fees", "loan_date", "case_status"]
)
def test_facts_that_contradict_hold_the_case(tmp_path: Path, secret: Path, column: str) -> None:
    other = {
        "name": "王大满", "id_no": "430104199003074527", "principal": Decimal("1"),
        "interest": Decimal("1"), "fees": Decimal("1"), "loan_date": date(2025, 1, 1),
        "case_status": "已结清",
    }[column]  # fmt: skip
    first = case(1, case_status="逾期")
    frame = cases(first, first | {"row": 2, column: other}, case(2, row=3))
    made(tmp_path / "batch", secret, frame, picks(frame)[[0, 2]])
    assert held(tmp_path / "batch") == {"C0001": f"facts_contradict:{column}"}


def test_facts_that_repeat_or_are_left_out_on_other_rows_are_one_case(
    tmp_path: Path, secret: Path
) -> None:
    frame = cases(case(1), case(1, row=2, interest=None, phone="13900000000", opt_out="是"))
    summary = made(tmp_path / "batch", secret, frame, picks(frame)[[0]])
    assert summary.letters == 1


def test_an_amount_that_no_row_has_is_not_claimed(tmp_path: Path, secret: Path) -> None:
    frame = cases(case(1, fees=None), case(2, fees=None))
    out = tmp_path / "batch"
    assert made(out, secret, frame).letters == 2
    letter = next((out / "letters").iterdir())
    with pypdfium2.PdfDocument(letter) as document:
        assert "5,250.00" in document[0].get_textpage().get_text_range()


def test_picks_that_hold_or_are_wrong(tmp_path: Path, secret: Path) -> None:
    frame = cases(*(case(number) for number in range(1, 6)))
    chosen = picks(frame).with_columns(
        decision=pl.Series(["hold", "send", "send", "send", "send"]),
        reasons=pl.Series([["all_blocked", "x"], ["a"], ["a"], ["a"], ["a"]]),
        case_id=pl.Series(["C0001", "C0002", "C0002", "C0099", "C0005"]),
        standardized=pl.Series([ADDRESS] * 4 + [None]),
    )
    out = tmp_path / "batch"
    summary = made(out, secret, frame, chosen)
    assert summary.letters == 1
    with (out / "held.csv").open(encoding="utf-8-sig", newline="") as opened:
        rows = [(row["case_id"], row["reason"]) for row in csv.DictReader(opened)]
    assert rows == [
        ("C0001", "all_blocked"),
        ("C0002", "E10_one_letter_a_case:second_letter"),
        ("C0099", "case_not_in_file"),
        ("C0005", "missing:standardized"),
    ]
    assert "2 cases of the file are not in the picks" in summary.warnings


def test_a_batch_without_a_letter_is_a_batch(tmp_path: Path, secret: Path) -> None:
    frame = cases(case(1, name="吉𠮷"))
    summary = made(tmp_path / "batch", secret, frame)
    assert (summary.letters, summary.print_files) == (0, 0)
    assert verify_batch(tmp_path / "batch", progress=False).differences == []


def test_a_letter_that_does_not_read_back_is_held(tmp_path: Path, secret: Path) -> None:
    own = Path(shutil.copytree(folder("templates") / "lawyer_letter", tmp_path / "own"))
    layout = own / "template.toml"
    text = layout.read_text(encoding="utf-8").replace("　{{函号}}", "")
    text = text.replace('"函号：{{函号}}"', '"{% if 到期日 %}函号：{{函号}}{% endif %}"')
    layout.write_text(text, encoding="utf-8")
    frame = cases(case(1), case(2, due_date=date(2026, 1, 1)))
    out = tmp_path / "batch"
    made(out, secret, frame, template=str(own))
    assert held(out) == {"C0001": "E14_reads_back:letter_no"}
    assert len(list((out / "letters").iterdir())) == 1
    assert verify_batch(out, progress=False).differences == []


def test_a_letter_begins_on_the_front_of_a_sheet(tmp_path: Path, secret: Path) -> None:
    # A template of the user's own that needs a third page where there is a contract number.
    own = Path(shutil.copytree(folder("templates") / "lawyer_letter", tmp_path / "own"))
    text = (own / "letter.txt").read_text(encoding="utf-8")
    more = "{% if 合同编号 %}" + "请您认真阅读本函。" * 90 + "{% endif %}\n特此函告"
    (own / "letter.txt").write_text(text.replace("特此函告", more), encoding="utf-8")
    frame = cases(case(1, contract_no="CZ-1"), case(2), case(3))
    out = tmp_path / "batch"
    made(out, secret, frame, template=str(own))
    manifest = pl.read_parquet(out / "manifest.parquet")
    assert manifest["pages"].to_list() == [3, 2, 2]
    assert manifest["sheets"].to_list() == [2, 1, 1]
    assert manifest["start_page"].to_list() == [1, 5, 7]
    assert manifest["end_page"].to_list() == [3, 6, 8]
    assert verify_batch(out, progress=False).differences == []


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path, secret: Path) -> None:
    out = tmp_path / "batch"
    out.mkdir()
    (out / "keep.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BadUsage, match="not empty"):
        made(out, secret, five())
    assert [path.name for path in out.iterdir()] == ["keep.txt"]
    (out / "keep.txt").unlink()
    assert made(out, secret, five()).letters == 5


def numbers(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "numbers.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return path


def test_numbers_go_to_the_letters_in_order(tmp_path: Path, secret: Path) -> None:
    given = [f"XA000000{n:05d}" for n in range(7)]
    lines = ["# from the post office", "", *given[:3], "xa 0000-0000003", *given[4:]]
    out = tmp_path / "batch"
    made(out, secret, five(), numbers=numbers(tmp_path, *lines))
    assert pl.read_parquet(out / "manifest.parquet")["tracking_no"].to_list() == given[:5]
    assert verify_batch(out, progress=False).differences == []


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["XA00000000001"], "1 number for 5 letters"),
        (["XA00000000001", "XA00000000001"], "line 2: the number of line 1 again"),
        (["XA00000000001", "王小满"], "line 2: not a tracking number"),
        (["RR473124828CN"] + [f"XA000000{n:05d}" for n in range(5)], "wrong check digit: lines 1"),
    ],
)
def test_numbers_that_cannot_be_used(
    tmp_path: Path, secret: Path, lines: list[str], told: str
) -> None:
    with pytest.raises(BadInput, match=told):
        made(tmp_path / "batch", secret, five(), numbers=numbers(tmp_path, *lines))
    assert not (tmp_path / "batch").exists()


def test_doubtful_numbers_are_told(tmp_path: Path, secret: Path) -> None:
    lines = ["1100000000000", *(f"AB1234567{n}" for n in range(4))]
    summary = made(tmp_path / "batch", secret, five(), numbers=numbers(tmp_path, *lines))
    assert any("1 number with a check digit that looks wrong" in w for w in summary.warnings)
    assert any("4 numbers of a form that no known carrier uses" in w for w in summary.warnings)


def test_a_file_without_case_ids_prints_no_id_number(tmp_path: Path, secret: Path) -> None:
    frame = cases(case(1, case_id=None))
    chosen = picks(frame).with_columns(case_id=pl.lit("430104199003074519"))
    out = tmp_path / "batch"
    assert made(out, secret, frame, chosen).letters == 1
    letter = next((out / "letters").iterdir())
    with pypdfium2.PdfDocument(letter) as document:
        assert "430104199003074519" not in document[0].get_textpage().get_text_range()


def test_checks_are_listed_for_every_letter(tmp_path: Path, secret: Path) -> None:
    frame = cases(case(1, source="workplace"), case(2))
    summary = made(tmp_path / "batch", secret, frame)
    checks = pl.read_parquet(tmp_path / "batch" / "checks.parquet")
    assert checks.group_by("letter_id").len()["len"].n_unique() == 1
    assert checks.filter(~pl.col("passed"))["rule"].to_list() == ["B03_workplace_address"]
    assert any(
        "1 letter found by B03_workplace_address: the address is a place of work" in w
        for w in summary.warnings
    )


def test_the_private_table_has_what_learning_needs(tmp_path: Path, secret: Path) -> None:
    frame = five()
    chosen = picks(frame).with_columns(province=pl.lit("湖南省"), factors=pl.lit(["age=new"]))
    made(tmp_path / "batch", secret, frame, chosen)
    private = pl.read_parquet(tmp_path / "batch" / "private" / "picks.parquet")
    wanted = {
        "letter_id", "case_id", "row", "source", "p_signed", "standardized", "recipient",
        "province", "factors", "id_no", "phone", "principal", "interest", "fees", "loan_date",
    }  # fmt: skip
    assert wanted <= set(private.columns)
    assert not [name for name in private.columns if name.startswith("fact_")]
    assert private["case_id"].to_list() == frame["case_id"].to_list()


def test_any_wrong_character_of_a_letter_id_is_found() -> None:
    body = "7K3F9Q2M000123"
    good = f"7K3F9Q2M-000123-{check_character(body)}"
    assert is_letter_id(good)
    for place, char in enumerate(good):
        for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ":
            if char != "-" and other != char:
                assert not is_letter_id(good[:place] + other + good[place + 1 :])


def test_the_command(tmp_path: Path, secret: Path) -> None:
    file = tmp_path / "debtors.csv"
    rows = [
        "案件编号,姓名,身份证号,手机号,本金,利息,费用,借款日期,地址类型,地址",
        f"C1,王小满,430104199003074519,13800000000,5000,250,20,2025-07-09,居住地址,{ADDRESS}",
        f"C2,吉𠮷,430104199003074519,13800000000,5000,250,20,2025-07-09,居住地址,{ADDRESS}",
    ]
    file.write_text("\n".join(rows), encoding="utf-8")
    chosen = picks(cases(case(0, case_id="C1"), case(1, case_id="C2", name="吉𠮷")))
    chosen.with_columns(pl.col("reasons").list.join("|")).write_csv(tmp_path / "picks.csv")
    out = tmp_path / "batch"
    arguments = [
        str(tmp_path / "picks.csv"), "--cases", str(file), "--template", "lawyer_letter",
        "--sender", str(SENDER), "-o", str(out), "--as-of", "2026-07-01", "--quiet",
        "--secret", str(secret),
    ]  # fmt: skip
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "1 letter, 2 pages" in result.stderr
    assert "1 character_without_glyph" in result.stderr
    assert "吉" not in result.stderr
    assert held(out) == {"C2": "character_without_glyph:U+20BB7:recipient"}


@pytest.mark.parametrize("missing", ["case_id", "decision", "standardized"])
def test_a_table_that_is_no_picks_is_refused(tmp_path: Path, secret: Path, missing: str) -> None:
    frame = five()
    with pytest.raises(BadInput, match=f"no column {missing}"):
        made(tmp_path / "batch", secret, frame, picks(frame).drop(missing))
    with pytest.raises(BadInput, match="decision not send or hold"):
        made(tmp_path / "batch", secret, frame, picks(frame, decision="maybe"))


def test_lists_of_picks_from_a_csv_stay_lists_for_the_report(tmp_path: Path, secret: Path) -> None:
    frame = five()
    chosen = picks(frame).with_columns(
        reasons=pl.lit("source=residence|kind=home"), factors=pl.lit("source=residence|kind=home")
    )
    made(tmp_path / "batch", secret, frame, chosen)
    kept = pl.read_parquet(tmp_path / "batch" / "private" / "picks.parquet")
    for name in ("reasons", "factors"):
        assert kept[name].to_list() == [["source=residence", "kind=home"]] * 5
    assert report_figures([tmp_path / "batch"], as_of=AS_OF).total.mailed == 5
