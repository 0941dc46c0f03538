"""Templates and sender files: every fault is told at once, with file, line and field."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from letter_samples import SENDER, facts, sender

from addrfix.knowledge import folder
from addrfix.letters.compose import Composer
from addrfix.letters.placeholders import BadPlaceholder, Kinds, Values, Written, parse
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


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("cover_sheet", "[fields]", '[fields]\n"欠" = { source = "case.total", type = "money" }',
         "fields.欠: a cover_sheet does not say what is owed"),
        ("cover_sheet", "# Tables.", "[signature]\n# Tables.", "signature.centre_mm: is missing"),
        ("court_forwarding", 'each = "件 in 文书"', 'each = "件 in 函号"', "is written each ="),
        ("court_forwarding", "件 in 文书", "函号 in 文书", "函号 is a field already"),
        ("court_forwarding", "{{件.案号}}", "{{件.日期}}", "件.日期 is no column (columns: 序号"),
        ("demand_notice", 'when = "合同编号"', 'when = "合同号"', "{{合同号}} is not a field"),
    ],
)  # fmt: skip
def test_faults_of_other_templates_are_told(
    tmp_path: Path, name: str, old: str, new: str, told: str
) -> None:
    own = Path(shutil.copytree(folder("templates") / name, tmp_path / "own"))
    edited(own / "template.toml", old, new)
    with pytest.raises(BadSettings) as error:
        read_template(str(own))
    assert told in str(error.value)


def test_a_sender_file_that_lacks_what_a_template_needs_is_told(tmp_path: Path) -> None:
    text = SENDER.read_text(encoding="utf-8")
    without = text[: text.index("[assignment]")] + text[text.index("[letter]") :]
    (tmp_path / "sender.toml").write_text(without, encoding="utf-8")
    shutil.copy(SENDER.parent / "seal.png", tmp_path)
    writer = read_sender(tmp_path / "sender.toml")
    with pytest.raises(BadSettings, match=r"assignment_notice needs 转让人 \(sender.assignor_name"):
        Composer(read_template("assignment_notice"), writer, date(2026, 7, 1))
    Composer(read_template("lawyer_letter"), writer, date(2026, 7, 1))


def test_a_shipped_name_is_the_shipped_template(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own.rename(own.parent / "lawyer_letter")
    edited(own.parent / "lawyer_letter" / "letter.txt", "特此函告。", "别的话。")
    monkeypatch.chdir(own.parent)
    assert read_template("lawyer_letter").sha256 != read_template("./lawyer_letter").sha256


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
        ("{% if 借款日期 %}", "", "{% endif %} closes what is not open"),
        ("{{借款日期}}{% endif %}与", "{{借款日期}}与", "{% if %} or {% for %} is not closed"),
        ("\n## 三、", "\n{% if 致担保人 %}\n## 三、", "{% if %} or {% for %} is not closed"),
        ("\n## 三、", "\n{% endif %}\n## 三、", "{% endif %} closes what is not open"),
        ("\n## 三、", "\n{% for 笔 in 借款 %}\n## 三、{% endfor %}", "not closed"),
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
        ('kind = "lawyer_letter"', 'kind = "letter"', "kind: must be one of lawyer_letter"),
        ('text = "letter.txt"', 'text = "../letter.txt"', "name of a file in the template's"),
        ('"合同编号" = {', '"合同 编号" = {', "must be one word"),
    ],
)  # fmt: skip
def test_faults_of_the_layout_are_told(own: Path, old: str, new: str, told: str) -> None:
    edited(own / "template.toml", old, new)
    with pytest.raises(BadSettings) as error:
        read_template(str(own))
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("left_mm = 26", "left_mm = 2", "page.left_mm"),
        ('kind = "lawyer_letter"', 'kind = "letter"', "kind"),
        ('envelope = "ZL_window"', 'envelope = "XX"', "envelope"),
        ('source = "case.total", type = "money"', 'source = "case.sum", type = "money"',
         "fields.合计.source"),
        ("size_pt = 9\n", "size_pt = 99\n", "reference.size_pt"),
        ('rows = [\n    { cells = [{ text = "收款户', 'rows = [\n    { cells = [{ txt = "收款户',
         "tables.还款账户.rows[1].cells[1].txt"),
        ('[signature]\nlines', '[signature]\nlimes', "signature.limes"),
    ],
)  # fmt: skip
def test_a_fault_of_the_layout_is_told_with_file_and_line(
    own: Path, old: str, new: str, key: str
) -> None:
    text = (own / "template.toml").read_text(encoding="utf-8")
    edited(own / "template.toml", old, new)
    line = text[: text.index(old)].count("\n") + 1 + new.count("\nlimes")
    with pytest.raises(BadSettings) as error:
        read_template(str(own))
    assert f"  template.toml, line {line}: {key}: " in str(error.value)


def test_what_is_missing_is_told_with_the_line_of_its_table(own: Path) -> None:
    edited(own / "template.toml", "body_pt = 10.5\n", "")
    line = line_of(own / "template.toml", "[type]")
    with pytest.raises(BadSettings, match=f"1 fault\n  template.toml, line {line}: type.body_pt: "):
        read_template(str(own))


def test_the_line_of_a_condition_is_told(own: Path) -> None:
    edited(own / "template.toml", 'when = "合同编号"', 'when = "合同号"')
    line = line_of(own / "template.toml", '"合同号"')
    with pytest.raises(BadSettings, match=f"line {line}: {{{{合同号}}}} is not a field"):
        read_template(str(own))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "letter.txt: there is no such file"),
        ("正文".encode("gb18030"), "letter.txt: not UTF-8 (byte 0); save the file as UTF-8"),
    ],
)
def test_a_text_that_cannot_be_read_is_one_fault(
    own: Path, content: bytes | None, told: str
) -> None:
    (own / "letter.txt").unlink()
    if content is not None:
        (own / "letter.txt").write_bytes(content)
    with pytest.raises(BadSettings) as error:
        read_template(str(own))
    assert str(error.value) == f"{own}: 1 fault\n  {told}"


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
    for source in ("致{{甲}}：", "致{% if 甲 or not 甲 %}{{甲}}{% endif %}："):
        assert parse(source, {"甲": "text"}).render({"甲": value}) == f"致{value}："


KINDS: Kinds = {
    "甲": "text", "乙": "text", "额": "money", "天": "number", "是": "flag", "日": "date",
    "款": {"本金": "money", "编号": "text"},
}  # fmt: skip
ROWS = tuple(
    {"本金": Written(text, Decimal(text)), "编号": name} for name, text in (("A", "5"), ("B", "12"))
)
VALUES: Values = {
    "甲": "王", "乙": "", "额": Written("10,205.07", Decimal("10205.07")), "天": Written("", None),
    "是": "1", "日": "", "款": ROWS,
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{% if 甲 %}有{{甲}}{% else %}无{% endif %}", "有王"),
        ("{% if 乙 %}有{{乙}}{% else %}无{% endif %}", "无"),
        ("{% if 甲 %}{% if 日 %}甲{% elif 是 and not 乙 %}乙{% endif %}{% endif %}", "乙"),
        ("{% if 额 > 10000 %}多{% else %}少{% endif %}", "多"),
        ("{% if 额 == 10205.07 %}是{% endif %}{% if 天 != 3 %}非{% endif %}", "非"),
        ("{% if 天 > 3 or 天 <= 3 %}有{% else %}无{% endif %}", "无"),
        ("{% if 甲 == '王' %}王{% endif %}{% if 甲 != '王' %}他{% endif %}", "王"),
        ("{{额|大写}}，{{乙|默认('—')}}，{{额|尾号}}，{{天|大写|默认('无')}}", None),
        ("{{额|大写}}，{{乙|默认('—')}}，{{额|尾号}}", "人民币壹万零贰佰零伍元零柒分，—，5.07"),
        ("{% for 笔 in 款 %}{{loop.index}}{{笔.编号}}{{笔.本金}}；{% endfor %}", "1A5；2B12；"),
        ("{% for 笔 in 款 %}{% if 笔.本金 > 5 %}{{笔.编号}}{% endif %}{% endfor %}", "B"),
        ("{% for 笔 in 款 %}{{笔.编号}}{% if not loop.last %}、{% endif %}{% endfor %}", "A、B"),
        ("{% if 款|笔数 > 1 %}多笔{% endif %}", "多笔"),
        ("{# 给同事的话 #}甲", "甲"),
    ],
)
def test_what_can_be_written(text: str, shown: str | None) -> None:
    if shown is None:
        with pytest.raises(BadPlaceholder, match="cannot be put behind a field of number"):
            parse(text, KINDS)
        return
    assert parse(text, KINDS).render(VALUES) == shown
    known = {name: value for name, value in VALUES.items() if name in ("甲", "额", "是")}
    bound = parse(text, KINDS).bound(known)
    assert bound.render(VALUES) == shown
    assert not bound.fields & known.keys()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{丙}}", "{{丙}} is not a field"),
        ("{{甲", "{{ without }}"),
        ("甲}}", "{{ without }}"),
        ("{{}}", "a placeholder without a field name"),
        ("{{#甲}}有{{/甲}}", "a condition is written {% if field %}"),
        ("{% if 甲 %}有", "{% if %} or {% for %} is not closed"),
        ("{% endif %}", "{% endif %} closes what is not open"),
        ("{% jf 甲 %}", "{% jf %} is not a known tag"),
        ("{% if 甲 %}有{% esle %}无{% endif %}", "{% esle %} is not a known tag"),
        ("{% for 笔 in 款 %}有{% endif %}", "{% endif %} closes what is not open"),
        ("{% if 丙 %}有{% endif %}", "{{丙}} is not a field"),
        ("{{甲|upper}}", "No filter named 'upper'"),
        ("{{甲|大写}}", "cannot be put behind a field of text"),
        ("{{甲|默认}}", "|默认 is written |默认(…)"),
        ("{{甲|默认(乙)}}", "takes a text"),
        ("{{是}}", "a field of flag cannot be printed"),
        ("{{款}}", "a field of rows cannot be printed"),
        ("{% if 额 > '5' %}有{% endif %}", "a field of money is compared with a number"),
        ("{% if 甲 > 5 %}有{% endif %}", "a field of text is compared by == or !="),
        ("{% if 5 < 额 %}有{% endif %}", "may not stand in a template"),
        ("{% if 甲 in '王' %}有{% endif %}", "a comparison is written"),
        ("{% for 笔 in 甲 %}{% endfor %}", "甲 is not a field of rows"),
        ("{% for 甲 in 款 %}{% endfor %}", "甲 is a field already"),
        ("{% for 笔 in 款 %}{{笔.利息}}{% endfor %}", "笔.利息 is no column"),
        ("{% for a, b in 款 %}{% endfor %}", "is written {% for row in rows %}"),
        ("{{笔.编号}}", "笔 is no row"),
        ("{{甲.__class__}}", "甲 is no row"),
        ("{{甲.upper()}}", "a call () may not stand"),
        ("{{甲[0]}}", "an index [] may not stand"),
        ("{{甲 ~ 乙}}", "Concat may not stand"),
        ("{{1 + 1}}", "Add may not stand"),
        ("{% set 甲 = '张' %}", "Assign may not stand"),
        ("{% include '/etc/passwd' %}", "Include may not stand"),
        ("{% macro a() %}{% endmacro %}", "Macro may not stand"),
        ("{{ self }}", "{{self}} is not a field"),
    ],
)
def test_what_cannot_be_written(text: str, told: str) -> None:
    with pytest.raises(BadPlaceholder) as error:
        parse(text, KINDS)
    assert told in str(error.value)


@given(st.text(alphabet="{}#%|.()'甲款 if endfor一", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parts = parse(text, KINDS)
    except BadPlaceholder as error:
        assert error.faults
        return
    assert isinstance(parts.render(VALUES), str)


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
