"""What an envelope's window shows, wherever the sheet has moved; fold marks; marks for machines."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # it ships no types
import pytest
from letter_samples import AS_OF, SENDER, documents, facts, sender, with_paragraphs
from PIL import Image

from addrfix.knowledge import folder
from addrfix.letters.compose import Composer
from addrfix.letters.draft import Draft
from addrfix.letters.envelope import Envelope, read_window
from addrfix.letters.omr import MARKS, Omr
from addrfix.letters.readback import ReadPdf, squeezed
from addrfix.letters.sender import read_sender
from addrfix.letters.settings import read_toml
from addrfix.letters.template_files import read_template
from addrfix.model.errors import BadSettings

SHIPPED = sorted(path.parent.name for path in folder("templates").glob("*/template.toml"))
ENVELOPES = read_toml(folder("templates") / "envelopes.toml", "envelopes")[0]
LONG = "内蒙古自治区鄂尔多斯市鄂托克前旗昂素镇乌兰胡舒嘎查巴音希泊日苏木三组27号院内西侧第2排"
OMR = Omr(left=6, top=160, pitch=4.5, length=7, thickness=0.5, marks=MARKS)
_DPI = 100


def envelope(name: str, omr: Omr | None = None) -> Envelope:
    return Envelope(read_window(name)[0], ENVELOPES[name]["fold"], omr)


@cache
def composer(template: str, name: str) -> Composer:
    # Not a specimen: the watermark runs through the window by intention.
    firm = replace(sender(), specimen=False, envelope=envelope(name))
    return Composer(read_template(template), firm, AS_OF)


def drawn(template: str, name: str, **changes: Any) -> tuple[Draft, bytes]:
    made = composer(template, name)
    more = {"documents": documents()} if template == "court_forwarding" else {}
    draft = made.draft(facts(**(more | changes)))
    return draft, made.single(made.pages(draft), "x")


def picture(content: bytes, page: int = 0) -> Image.Image:
    """A page in black and white, ink black."""
    with pypdfium2.PdfDocument(content) as document:
        image = document[page].render(scale=_DPI / 72, grayscale=True).to_pil()
    page_image: Image.Image = image.convert("L")
    return page_image.point([255 * (value > 200) for value in range(256)])


def pixels(*mm: float) -> tuple[int, ...]:
    return tuple(round(value / 25.4 * _DPI) for value in mm)


def ink(image: Image.Image, left: float, top: float, right: float, bottom: float) -> Any:
    """The box of the ink in a box of the page, in pixels from that one's corner; None without."""
    x0, y0, x1, y1 = pixels(left, top, right, bottom)
    box = image.crop((x0, y0, x1, y1))
    return box.point([255 - value for value in range(256)]).getbbox()


@pytest.mark.parametrize("name", sorted(ENVELOPES))
@pytest.mark.parametrize("template", SHIPPED)
@pytest.mark.parametrize("address", [LONG, "湖南省长沙市岳麓区1号"])
def test_the_window_shows_the_recipient_and_nothing_else(
    template: str, name: str, address: str
) -> None:
    draft, content = drawn(template, name, standardized=address)
    window = read_window(name)[0]
    slip = window.tolerance
    assert slip == 5
    wanted = squeezed("".join(draft.window()))
    with ReadPdf(content) as read:
        for right, down in product((-slip, 0, slip), repeat=2):
            seen = (window.left + right, window.top + down,
                    window.right + right, window.bottom + down)  # fmt: skip
            assert read.text_in(0, seen) == wanted
    # Rules, bars and images are no text: all ink that any position shows is in what every one does.
    image = picture(content)
    outer = (window.left - slip, window.top - slip, window.right + slip, window.bottom + slip)
    left, top, right_edge, bottom = ink(image, *outer)
    room = pixels(2 * slip, 2 * slip, window.width, window.height)
    assert left >= room[0]
    assert top >= room[1]
    assert right_edge <= room[2]
    assert bottom <= room[3]


@pytest.mark.parametrize("name", sorted(ENVELOPES))
def test_the_window_lies_on_the_front_of_the_folded_sheet(name: str) -> None:
    given = envelope(name)
    window, size = given.window, ENVELOPES[name]["size_mm"]
    panel = 297 / given.fold
    assert window.bottom + window.tolerance <= panel
    # The sheet goes in, and may move by the tolerance but not by much more.
    assert size[0] >= 210
    assert panel <= size[1]
    assert given.fold_marks_mm == tuple(panel * part for part in range(1, given.fold))


@pytest.mark.parametrize("name", sorted(ENVELOPES))
def test_fold_marks_stand_at_the_edge_where_the_sheet_is_folded(name: str) -> None:
    _, content = drawn("lawyer_letter", name)
    image = picture(content)
    for fold in envelope(name).fold_marks_mm:
        assert ink(image, 0, fold - 1, 4, fold + 1)
        assert ink(image, 5, fold - 1, 10, fold + 1) is None
    assert ink(image, 0, 230, 4, 290) is None


def test_the_examples_tolerance_is_what_a_letter_can_bear() -> None:
    with ReadPdf(drawn("lawyer_letter", "C5_window")[1]) as read:
        window = read_window("C5_window")[0]
        moved = (window.left, window.top + 10, window.right, window.bottom + 10)
        assert "410205" not in read.text_in(0, moved)


def with_omr(omr: Omr, pages: int = 2) -> Composer:
    firm = replace(sender(), specimen=False, envelope=envelope("ZL_window", omr))
    template = read_template("lawyer_letter")
    if pages > 2:
        template = with_paragraphs(template, *["请您认真阅读本函，并妥善保管。" * 30] * 3)
    return Composer(template, firm, AS_OF)


def marks_of(image: Image.Image, omr: Omr) -> list[str]:
    """The marks that a machine would see."""
    rows = (omr.top + omr.pitch * row for row in range(len(omr.marks)))
    box = omr.left, omr.left + omr.length
    return [
        mark
        for mark, row in zip(omr.marks, rows, strict=True)
        if ink(image, box[0], row - 1, box[1], row + 1)
    ]


@pytest.mark.parametrize(
    ("place", "bits"),
    [(1, ["sequence1"]), (8, []), (14, ["sequence2", "sequence4"])],
)
@pytest.mark.parametrize("pages", [2, 3])
def test_marks_tell_sheet_and_letter(place: int, bits: list[str], pages: int) -> None:
    made = with_omr(OMR, pages)
    draft = made.draft(facts(letter_id=f"7K3F9Q2M-{place:06d}-7"))
    content = made.single(made.pages(draft), "x")
    with ReadPdf(content) as read:
        assert len(read) == pages
    for page in range(pages):
        there = marks_of(picture(content, page), OMR)
        if page % 2:
            assert there == []
            continue
        end = ["end"] if page + 2 >= pages else []
        assert [mark for mark in there if mark != "parity"] == ["start", *end, *bits]
        assert len(there) % 2 == 0


def test_letters_with_documents_behind_carry_no_marks() -> None:
    firm = replace(sender(), specimen=False, envelope=envelope("ZL_window", OMR))
    made = Composer(read_template("court_forwarding"), firm, AS_OF)
    content = made.single(made.pages(made.draft(facts(documents=documents()))), "x")
    assert marks_of(picture(content), OMR) == []


def own_sender(place: Path, lines: str) -> Path:
    place.mkdir()
    shutil.copy(SENDER.with_name("seal.png"), place)
    path = place / "sender.toml"
    path.write_text(SENDER.read_text(encoding="utf-8") + lines, encoding="utf-8")
    return path


def test_a_sender_file_names_an_envelope_or_measures_one(tmp_path: Path) -> None:
    named = read_sender(own_sender(tmp_path / "a", '\n[envelope]\nname = "C5_window"\n'))
    assert named.envelope == envelope("C5_window")
    measured = """
[envelope]
size_mm = [225, 118]
fold = 3
left_mm = 18
top_mm = 38
width_mm = 100
height_mm = 46
tolerance_mm = 4

[envelope.omr]
left_mm = 7
top_mm = 150
pitch_mm = 6.35
length_mm = 6
marks = ["start", "sequence1", "end"]
"""
    read = read_sender(own_sender(tmp_path / "b", measured)).envelope
    assert read is not None
    assert (read.window.left, read.window.bottom, read.fold) == (18, 84, 3)
    assert read.omr == Omr(7, 150, 6.35, 6, 0.5, ("start", "sequence1", "end"))


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('[envelope]\nname = "XX"', "envelope.name: XX is not known"),
        ('[envelope]\nname = "C5_window"\nleft_mm = 20', "envelope.left_mm: is not known here"),
        ("[envelope]\nleft_mm = 20", "envelope.top_mm: is missing"),
        (
            '[envelope]\nname = "C5_window"\n[envelope.omr]\nmarks = ["start", "stop"]',
            "envelope.omr.marks: must be some of",
        ),
    ],
)
def test_faults_of_an_envelope_are_told(tmp_path: Path, lines: str, told: str) -> None:
    with pytest.raises(BadSettings, match=told.replace(".", r"\.")):
        read_sender(own_sender(tmp_path / "own", f"\n{lines}\n"))
