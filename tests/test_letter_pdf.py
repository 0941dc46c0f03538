"""Finished PDFs: fonts, text that copies out right, barcodes, size, same bytes."""

from __future__ import annotations

import io
import re
import unicodedata
from decimal import Decimal
from pathlib import Path

import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # it ships no types
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from letter_samples import (
    AS_OF,
    CASES,
    composer,
    drawn,
    facts,
    python_string,
    sender,
    template,
    with_paragraphs,
)
from PIL import Image
from reportlab.graphics.barcode.code128 import Code128

from addrfix.knowledge import read_tsv
from addrfix.letters.checks import check_letter
from addrfix.letters.code128 import bars, text_of
from addrfix.letters.compose import Composer
from addrfix.letters.draft import DraftTable
from addrfix.letters.face import face
from addrfix.letters.facts import LetterFacts
from addrfix.letters.findings import Letter
from addrfix.letters.marks import Strip, paginate
from addrfix.letters.qr import QUIET_MODULES, modules
from addrfix.letters.readback import ReadPdf, UnreadablePdf, missing_from, squeezed
from addrfix.letters.tables import Tables
from addrfix.letters.truetype import outlines
from addrfix.model.errors import BadSettings, LetterProblem

FIELDS = read_tsv(CASES / "letter_fields.tsv")


def text_of_pdf(content: bytes) -> str:
    with ReadPdf(content) as read:
        return "".join(read.text(page) for page in range(len(read)))


def reasons(letter: LetterFacts) -> list[str]:
    found = check_letter(Letter(composer().draft(letter), sender(), composer()), "lawyer_letter")
    return [finding.reason for finding in found if finding.severity == "block"]


@pytest.mark.parametrize("column", ["recipient", "standardized", "contract_no"])
@pytest.mark.parametrize("row", FIELDS, ids=lambda row: ascii(row["value"]))
def test_what_people_type_is_drawn_as_it_is_or_held(row: dict[str, str], column: str) -> None:
    value = python_string(row["value"])
    changes = {column: value} | ({"debtor": value} if column == "recipient" else {})
    letter = facts(**changes)
    if row["outcome"] == "drawn":
        assert reasons(letter) == []
        content = drawn(**changes)
        assert squeezed(value) in text_of_pdf(content)
        with ReadPdf(content) as read:
            assert missing_from(read, letter, "样张", len(read)) is None
    else:
        name = "recipient" if column == "recipient" else column
        assert f"{row['outcome']}:{name}" in reasons(letter)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=400))
def test_any_name_and_address_is_drawn_right_or_held(name: str, address: str) -> None:
    letter = facts(recipient=name, debtor=name, standardized=address)
    if reasons(letter):
        return
    content = drawn(recipient=name, debtor=name, standardized=address)
    with ReadPdf(content) as read:
        assert missing_from(read, letter, "样张", len(read)) is None


def test_five_thousand_characters_are_held() -> None:
    assert reasons(facts(recipient="张" * 5000, debtor="张" * 5000)) == ["too_long:recipient"]
    assert reasons(facts(standardized="长" * 5000)) == ["too_long:standardized"]


def test_every_font_is_embedded_and_maps_to_unicode() -> None:
    with pikepdf.open(io.BytesIO(drawn())) as pdf:
        fonts = {
            name: font for page in pdf.pages for name, font in page.Resources.Font.items()
        }  # fmt: skip
        assert sorted(fonts) == ["/B0", "/R0", "/R1"]
        for font in fonts.values():
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert len(descriptor.FontFile2.read_bytes()) == int(descriptor.FontFile2.Length1)
            table = font.ToUnicode.read_bytes().decode("ascii")
            blocks = [int(count) for count in re.findall(r"(\d+) beginbfchar", table)]
            assert blocks
            assert max(blocks) <= 100
            assert sum(blocks) == table.count("\n<") - 1
        # 𬭎 is outside of the basic plane: a surrogate pair in UTF-16BE.
        assert "<D872DF4E>" in fonts["/R1"].ToUnicode.read_bytes().decode("ascii")


def test_a_character_and_its_look_alike_stay_apart() -> None:
    content = drawn(contract_no="一⼀厂⼚")
    with pypdfium2.PdfDocument(content) as document:
        assert "一⼀厂⼚" in document[0].get_textpage().get_text_range()


def test_the_same_letter_gives_the_same_bytes() -> None:
    again = Composer(template(), sender(), AS_OF)
    letter = facts()
    assert again.single(again.pages(again.draft(letter)), letter.letter_no) == drawn()
    with pikepdf.open(io.BytesIO(drawn())) as pdf:
        assert str(pdf.docinfo["/CreationDate"]) == "D:20260701000000+08'00'"
        assert str(pdf.docinfo["/Title"]) == facts().letter_no


def test_the_environment_does_not_change_the_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    before = drawn()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1234567890")
    assert drawn() == before


def test_other_letters_have_other_ids() -> None:
    def identity(content: bytes) -> bytes:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return bytes(pdf.trailer.ID[0])

    assert identity(drawn()) != identity(drawn(principal=Decimal("10200.06")))


def test_what_does_not_change_is_stored_once() -> None:
    writer = composer().writer()
    for number in range(3):
        letter = facts(letter_id=f"7K3F9Q2M-00000{number}-7", contract_no=f"CZ-{number}")
        writer.add(composer().pages(composer().draft(letter)))
    with pikepdf.open(io.BytesIO(writer.write("3 letters"))) as pdf:
        kinds: dict[str, set[tuple[int, int]]] = {}
        for page in pdf.pages:
            for name, form in page.Resources.XObject.items():
                kinds.setdefault(str(name), set()).add(form.objgen)
        tables = [name for name in kinds if name.startswith("/FormXob.Table")]
        assert len(tables) == 2
        fixed = {
            f"/FormXob.{name}" for name in ("Watermark", "FirstHead", "NextHead", "Foot", "Seal")
        }
        assert set(kinds) == fixed | set(tables)
        assert {len(objects) for objects in kinds.values()} == {1}
        seal = pdf.pages[1].Resources.XObject["/FormXob.Seal"]
        assert bool(seal.ImageMask)
        assert seal.BitsPerComponent == 1


def test_a_table_that_no_page_holds_is_cut_between_rows() -> None:
    draft = next(item for item in composer().draft(facts()).body if isinstance(item, DraftTable))
    regular = face("R", template().fonts[0], "")
    bold = face("B", template().fonts[1], "")
    whole = Tables(regular, bold, 700).strips(draft)
    rows = Tables(regular, bold, 100).strips(draft)
    assert (len(whole), len(rows)) == (3, len(draft.rows) + 2)
    assert sum(s.height for s in whole) == pytest.approx(sum(s.height for s in rows))
    assert [s.keep for s in rows] == [True] * len(draft.rows) + [False, False]


def test_a_variable_font_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "variable.ttf"
    path.write_bytes(template().fonts[0].read_bytes().replace(b"STAT", b"fvar", 1))
    with pytest.raises(LetterProblem, match="variable font"):
        outlines(path)


def test_a_character_that_is_not_there_is_never_a_box() -> None:
    with pytest.raises(LetterProblem, match="U\\+20BB7"):
        drawn(contract_no="𠮷")


def test_a_single_letter_stays_small() -> None:
    assert len(drawn()) <= 110_000


def test_a_letter_in_a_print_file_costs_little() -> None:
    writer = composer().writer()
    for number in range(100):
        letter = facts(recipient=f"张{chr(0x4E00 + number)}", contract_no=f"CZ-{number}")
        writer.add(composer().pages(composer().draft(letter)))
    assert len(writer.write("100 letters")) / 100 <= 7_000


def test_a_long_letter_flows_to_a_third_page() -> None:
    wording = with_paragraphs(template(), *["请您认真阅读本函，并妥善保管。" * 30] * 3)
    long = Composer(wording, sender(), AS_OF)
    pages = long.pages(long.draft(facts()))
    assert len(pages) == 3
    with ReadPdf(long.single(pages, "x")) as read:
        texts = [read.text(page) for page in range(3)]
    assert [f"第{number}页/共3页" in text for number, text in enumerate(texts, 1)] == [True] * 3
    # A sentence that goes over a page's end is cut by the foot of that page.
    assert "".join(texts).count("请您认真阅读本函") in (88, 89, 90)
    # The signature does not stand alone on its page.
    assert "妥善保管" in texts[2].split("律师：")[0]


def test_words_that_the_font_lacks_are_told_before_any_letter() -> None:
    with pytest.raises(BadSettings, match="U\\+20BB7"):
        Composer(with_paragraphs(template(), "吉𠮷"), sender(), AS_OF)


@pytest.mark.parametrize("number", [None, "XA00000000111", "1100000000000", "RR473124829CN"])
def test_another_program_reads_barcode_and_qr_code(number: str | None) -> None:
    content = drawn(tracking_no=number)
    with pypdfium2.PdfDocument(content) as document:
        image = document[0].render(scale=200 / 72).to_pil()
    found = {str(code.format): code.text for code in zxingcpp.read_barcodes(image)}
    assert found == {"Code 128": number or facts().letter_id, "QR Code": facts().letter_id}
    with ReadPdf(content) as read:
        assert read.barcode(0, template().barcode_mm) == found["Code 128"]


@given(st.text(alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ-", min_size=1, max_size=30))
def test_modules_say_the_text(text: str) -> None:
    rows = modules(text)
    light = bytes(len(rows) + 2 * QUIET_MODULES)
    edge = bytes(QUIET_MODULES)
    square = [light] * QUIET_MODULES + [edge + row + edge for row in rows] + [light] * QUIET_MODULES
    picture = Image.new("L", (len(light), len(light)))
    picture.putdata([255 * (1 - module) for row in square for module in row])
    found = zxingcpp.read_barcodes(picture.resize((len(light) * 4,) * 2, Image.Resampling.NEAREST))
    assert [code.text for code in found] == [text]


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), min_size=1))
def test_bars_say_the_text(text: str) -> None:
    widths = bars(text)
    assert text_of(widths) == text
    assert text_of([width * 3.3 for width in widths]) == text


@pytest.mark.parametrize("text", ["XA00000000111", "7K3F9Q2M-000123-7", "1", "123456", "A12345"])
def test_bars_of_another_program_are_read(text: str) -> None:
    other = Code128(text, quiet=0)
    other.validate()
    other.encode()
    # Upper case letters are bars, lower case ones spaces, from A = 1 module on.
    widths = [ord(char.upper()) - 64 for char in other.decompose()]
    assert text_of(widths) == text
    assert len(bars(text)) <= len(widths)


@given(st.text(alphabet="0123456789AB", min_size=4, max_size=20), st.data())
def test_a_wrong_bar_is_found(text: str, data: st.DataObject) -> None:
    widths = list(bars(text))
    place = data.draw(st.integers(0, len(widths) - 1))
    widths[place] = widths[place] % 4 + 1
    with pytest.raises(ValueError, match=r"symbol|bars"):
        text_of(widths)


@pytest.mark.parametrize("text", ["", "张三", "A\n", "é"])
def test_a_barcode_holds_ascii_only(text: str) -> None:
    with pytest.raises(ValueError, match="ASCII"):
        bars(text)


@pytest.mark.parametrize(
    ("said", "change"),
    [
        ("recipient", {"recipient": "李四"}),
        ("letter_no", {"letter_no": "(2026)湘云麓律函字第124号"}),
        ("letter_id", {"letter_id": "7K3F9Q2M-000124-5"}),
        ("standardized", {"standardized": "湖南省"}),
        ("total", {"fees": None}),
    ],
)
def test_reading_back_finds_what_is_not_there(said: str, change: dict[str, str | None]) -> None:
    other = facts(**(change | ({"standardized": "北京市"} if said == "standardized" else {})))
    with ReadPdf(drawn()) as read:
        assert missing_from(read, other, "样张", 2) == said
        assert missing_from(read, facts(), "副本", 2) == "watermark"
        assert missing_from(read, facts(), "样张", 3) == "pages"


def test_a_broken_file_cannot_be_read() -> None:
    with pytest.raises(UnreadablePdf):
        ReadPdf(b"no PDF")


def test_nothing_else_stands_in_the_window() -> None:
    window = template().window
    point = 72 / 25.4
    with pypdfium2.PdfDocument(drawn()) as document:
        page = document[0]
        left, right = window.left - window.tolerance, window.right + window.tolerance
        top, bottom = window.top - window.tolerance, window.bottom + window.tolerance
        height = page.get_height()
        text = page.get_textpage().get_text_bounded(
            left * point, height - bottom * point, right * point, height - top * point
        )
    assert squeezed(text).replace("样张", "").replace("样", "").replace("张", "") == squeezed(
        f"{facts().postcode}{facts().standardized}{facts().recipient}收"
    )


def strip(height: float, keep: bool = False) -> Strip:
    return Strip((), height, keep)


@given(
    st.lists(st.tuples(st.integers(1, 60), st.booleans()), max_size=40),
    st.integers(60, 120),
)
def test_strips_keep_their_order_and_fit(parts: list[tuple[int, bool]], room: int) -> None:
    strips = [strip(height, keep) for height, keep in parts]
    pages = paginate(strips, [room, room])
    assert [s for page in pages for s in page] == strips
    assert all(sum(s.height for s in page) <= room for page in pages)


def test_a_heading_is_not_left_alone() -> None:
    pages = paginate([strip(50), strip(20, keep=True), strip(40)], [100, 100])
    assert [len(page) for page in pages] == [1, 2]


def test_the_sample_text_is_plain() -> None:
    assert all(unicodedata.category(c) != "Co" for c in "".join(composer().draft(facts()).lines()))
