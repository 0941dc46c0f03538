"""Templates and sender files: every fault is told at once, with file, line and field."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from letter_samples import SENDER, facts, sender

from addrfix.knowledge import folder
from addrfix.letters.compose import Composer
from addrfix.letters.placeholders import BadPlaceholder, fields, parse, render
from addrfix.letters.sender import read_sender
from addrfix.letters.template_files import read_template
from addrfix.model.errors import BadSettings

Edit = Callable[[str], str]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A user's own copy of the shipped template."""
    return Path(shutil.copytree(folder("templates") / "lawyer_letter", tmp_path / "own"))


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(path: Path, piece: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if piece in line)


def test_a_template_of_the_users_own_is_found(own: Path) -> None:
    edited(own / "letter.txt", "特此函告。", "特此函告，请予重视。")
    composer = Composer(read_template(str(own)), sender(), date(2026, 7, 1))
    assert "特此函告，请予重视。" in list(composer.draft(facts()).lines())


def test_an_unknown_template_lists_the_shipped_ones() -> None:
    with pytest.raises(BadSettings, match=r"no template nothing.*lawyer_letter"):
        read_template("nothing")


def test_an_unknown_field_is_told_with_file_and_line(own: Path) -> None:
    edited(own / "letter.txt", "{{收件人}}", "{{收货人}}")
    line = line_of(own / "letter.txt", "收货人")
    with pytest.raises(BadSettings) as error:
        read_template(str(own))
    assert f"letter.txt, line {line}: {{{{收货人}}}} is not a field" in str(error.value)
    # The field that this left unused is told in the same message.
    at = line_of(own / "template.toml", '"收件人"')
    assert f"template.toml, line {at}: the field 收件人 is required" in str(error.value)


def test_an_unknown_field_in_a_table_is_told(own: Path) -> None:
    edited(own / "template.toml", '"{{开户银行}}"', '"{{银行}}"')
    line = line_of(own / "template.toml", "{{银行}}")
    with pytest.raises(
        BadSettings, match=f"template.toml, line {line}: {{{{银行}}}} is not a field"
    ):
        read_template(str(own))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("\n[落款]", "\n", "the block [落款] is missing"),
        ("[还款账户]", "[还款帐户]", "no block [还款帐户]"),
        ("{{/借款日期}}", "", "{{#借款日期}} is not closed"),
        ("{{#致担保人}}", "", "{{/致担保人}} closes what is not open"),
        ("{{收件人}}", "{{收件人", "{{ without }}"),
        ("{{收件人}}", "{{}}", "a placeholder without a field name"),
    ],
)
def test_faults_of_the_text_are_told(own: Path, old: str, new: str, told: str) -> None:
    edited(own / "letter.txt", old, new)
    with pytest.raises(BadSettings) as error:
        read_template(str(own))
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("left_mm = 26", "left_mm = 2", "page.left_mm: must lie between 10 and 60"),
        ("left_mm = 26", 'left_mm = "26"', "page.left_mm: must be a number"),
        ("source = \"case.total\", type = \"money\"", "source = \"case.sum\", type = \"money\"",
         "case.sum is not known"),
        ('source = "case.loan_date", type = "date"', 'source = "case.loan_date", type = "money"',
         "must be date for case.loan_date"),
        ("widths_mm = [28, 130]", "widths_mm = [28, 60, 70]", "do not fill the 3 columns"),
        ('kind = "lawyer_letter"', 'knd = "lawyer_letter"', "knd: is not known here"),
        ('bold = "NotoSerifSC_700Bold.ttf"', 'bold = "SimHei.ttf"', "there is no font SimHei.ttf"),
        ("size_mm = [210, 297]", "size_mm = [215, 280]", "printed on A4"),
        ("envelope =", "envelope", "not valid TOML"),
        ('envelope = "ZL_window"', 'envelope = "XX"', "has no envelope XX"),
    ],
)  # fmt: skip
def test_faults_of_the_layout_are_told(own: Path, old: str, new: str, told: str) -> None:
    edited(own / "template.toml", old, new)
    with pytest.raises(BadSettings) as error:
        read_template(str(own))
    assert told in str(error.value)


def test_two_faults_are_told_at_once(own: Path) -> None:
    edited(own / "template.toml", "left_mm = 26", "left_mm = 2")
    edited(own / "letter.txt", "{{收件人}}", "{{收货人}}")
    with pytest.raises(BadSettings, match="3 faults"):
        read_template(str(own))


def test_a_template_is_known_by_its_bytes(own: Path) -> None:
    before = read_template(str(own)).sha256
    assert before == read_template("lawyer_letter").sha256
    edited(own / "letter.txt", "特此函告。", "特此函告")
    assert read_template(str(own)).sha256 != before


@given(st.text())
def test_a_value_is_never_read_as_a_template(value: str) -> None:
    assert render(parse("致{{甲}}："), {"甲": value}) == f"致{value}："


@pytest.mark.parametrize(
    ("text", "values", "shown"),
    [
        ("{{#a}}有{{a}}{{/a}}{{^a}}无{{/a}}", {"a": "1"}, "有1"),
        ("{{#a}}有{{a}}{{/a}}{{^a}}无{{/a}}", {"a": None}, "无"),
        ("{{#a}}{{#b}}甲{{/b}}{{^b}}乙{{/b}}{{/a}}", {"a": "1", "b": ""}, "乙"),
    ],
)
def test_sections(text: str, values: dict[str, str | None], shown: str) -> None:
    assert render(parse(text), values) == shown
    assert set(fields(parse(text))) <= set(values)


@given(st.text(alphabet="{}#^/a 一", max_size=30))
def test_any_text_parses_or_is_refused(text: str) -> None:
    try:
        parts = parse(text)
    except BadPlaceholder:
        return
    assert "{{" not in render(parts, {name: None for name in fields(parts)})


def sender_file(tmp_path: Path, *edits: tuple[str, str]) -> Path:
    text = SENDER.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "sender.toml"
    path.write_text(text, encoding="utf-8")
    shutil.copy(SENDER.parent / "seal.png", tmp_path)
    return path


def test_all_faults_of_a_sender_file_are_told_at_once(tmp_path: Path) -> None:
    path = sender_file(
        tmp_path,
        ('postcode = "410000"', 'postcode = "41000"'),
        ("mandate_from = 2026-01-01", 'mandate_from = "2026-01-01"'),
        ("deadline_days = 7", "deadline_days = 700"),
        ('complaint_phone = "400-000-0011"', ""),
        ("letter_no_start = 1 ", "letter_nr_start = 1 "),
        ("第{number}号", "第{nummer}号"),
    )
    with pytest.raises(BadSettings) as error:
        read_sender(path)
    told = str(error.value)
    for piece in (
        "6 faults",
        "firm.postcode: must be six digits",
        "creditor.mandate_from: must be a date",
        "letter.deadline_days: must be a whole number between 1 and 90",
        "creditor.complaint_phone: is missing",
        "firm.letter_nr_start: is not known here",
        "firm.letter_no_pattern: must hold {number}",
    ):
        assert piece in told


def test_letter_numbers_follow_the_pattern(tmp_path: Path) -> None:
    path = sender_file(tmp_path, ("第{number}号", "第{number:05}号"))
    assert read_sender(path).letter_no(7, 2026) == "(2026)湘云麓律函字第00007号"
    assert sender().letter_no(7, 2026) == "(2026)湘云麓律函字第7号"
    bad = sender_file(tmp_path, ("第{number}号", "第{number.real}号{number}"))
    with pytest.raises(BadSettings, match="must hold"):
        read_sender(bad)


def test_a_mandate_that_ends_before_it_begins_is_a_fault(tmp_path: Path) -> None:
    path = sender_file(tmp_path, ("mandate_to = 2027-12-31", "mandate_to = 2025-12-31"))
    with pytest.raises(BadSettings, match="mandate_to: is before mandate_from"):
        read_sender(path)


def test_only_a_specimen_may_lack_its_seal(tmp_path: Path) -> None:
    path = sender_file(tmp_path, ('"seal.png"', '"stamp.png"'))
    assert read_sender(path).warnings
    assert read_sender(path).seal is None
    real = sender_file(tmp_path, ('"seal.png"', '"stamp.png"'), ("specimen = true", ""))
    with pytest.raises(BadSettings, match=r"no file stamp\.png"):
        read_sender(real)


def test_a_seal_that_is_no_image_is_told(tmp_path: Path) -> None:
    path = sender_file(tmp_path)
    (tmp_path / "seal.png").write_bytes(b"no image")
    with pytest.raises(BadSettings, match="not an image"):
        Composer(read_template("lawyer_letter"), read_sender(path), date(2026, 7, 1))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[firm", b"firm = 3", b"[[signatory]]\n"])
def test_a_damaged_sender_file_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sender.toml"
    path.write_bytes(content)
    with pytest.raises(BadSettings, match=r"sender\.toml"):
        read_sender(path)
    with pytest.raises(BadSettings, match="cannot be read"):
        read_sender(tmp_path / "none.toml")
