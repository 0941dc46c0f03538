"""Composes letters: words to pages, pages to PDF files.

A page is composed once and drawn twice, into the letter's own file and into the print file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache

from addrfix.letters.blocks import Blocks, WindowBlock
from addrfix.letters.draft import Draft, DraftParagraph, DraftTable, Wording
from addrfix.letters.envelope import Envelope
from addrfix.letters.face import Face, face
from addrfix.letters.facts import LetterFacts
from addrfix.letters.lines import break_lines
from addrfix.letters.marks import Page, Placed, Strip, Words, paginate
from addrfix.letters.page import PAGE, POINTS_PER_MM
from addrfix.letters.pdf import About, PdfWriter
from addrfix.letters.seal import read_seal
from addrfix.letters.sender import Sender
from addrfix.letters.tables import Tables
from addrfix.letters.template import Template
from addrfix.model.errors import BadSettings

# What every letter holds beyond the template's own words. Short, for each glyph costs some 170
# bytes of every file; what a letter needs besides goes into its own small subset.
_FIGURES = "0123456789,.-"
_COMMON = _FIGURES + "ABCDEFGHJKMNPQRSTVWXYZ年月日元整人民币函件编号　收第页 / 共"


class Composer:
    """Draws the letters of one template, sender and day; made once per process.

    Raises:
        LetterProblem: a font cannot be read.
        BadSettings: a font lacks a character of the template or the sender, or the seal is not an
            image.
    """

    def __init__(self, template: Template, sender: Sender, created_on: date) -> None:
        self._wording = Wording(template, sender, created_on)
        bound = _in_envelope(self._wording.template, sender.envelope)
        self._template = bound
        self.opening = bound.window
        """Where the envelope shows the first page."""
        self._about = About(sender.firm_name, bound.title, created_on)
        light, bold = bound.characters()
        self._regular = face("R", bound.fonts[0], light | set(_COMMON), sender.larger_fonts)
        self._bold = face("B", bound.fonts[1], bold | set(_FIGURES), sender.larger_fonts)
        _drawable(self._regular, light)
        _drawable(self._bold, bold)
        seal = read_seal(sender.seal, sender.seal_mm * POINTS_PER_MM) if sender.seal else None
        self.watermark = bound.texts["watermark"][0].words or None if sender.specimen else None
        omr = sender.envelope.omr if sender.envelope else None
        self._blocks = Blocks(bound, self._regular, self._bold, seal, self.watermark, omr)
        n = bound.numbers
        starts = n["page.first_top_mm"], n["page.next_top_mm"]
        self._tops = [PAGE[1] - start * POINTS_PER_MM for start in starts]
        self._rooms = [top - n["page.bottom_mm"] * POINTS_PER_MM for top in self._tops]
        self._tables = Tables(self._regular, self._bold, self._rooms[1])
        self._paragraph = lru_cache(maxsize=128)(self._lay_paragraph)

    @property
    def states_amounts(self) -> bool:
        """Do the letters say what is owed."""
        return self._template.states_amounts

    def draft(self, facts: LetterFacts) -> Draft:
        """The words of a letter."""
        return self._wording.draft(facts)

    def missing(self, text: str) -> str | None:
        """The first character of a text that cannot be drawn; None where there is none."""
        faces = (self._regular, self._bold)
        return next((c for c in text if not all(weight.has(c) for weight in faces)), None)

    def window(self, draft: Draft) -> WindowBlock:
        """The recipient block of a letter, or what of it does not fit."""
        return self._blocks.window(draft)

    def pages(self, draft: Draft) -> list[Page]:
        """The composed pages of a letter whose characters and window block have been checked."""
        flow = paginate(self._strips(draft), self._rooms)
        pages: list[Page] = []
        for number, strips in enumerate(flow):
            y = self._tops[min(number, 1)]
            placed = [self._blocks.head(draft, number)]
            for strip in strips:
                placed.append(Placed(strip.marks, self._blocks.left, y))
                y -= strip.height
            placed.append(self._blocks.foot(draft, number, len(flow)))
            pages.append(tuple(placed))
        return pages

    def writer(self) -> PdfWriter:
        """An empty PDF file for pages of these letters."""
        return PdfWriter(self._regular, self._about)

    def single(self, pages: Iterable[Page], title: str, record: bytes | None = None) -> bytes:
        """One letter as a PDF file; `record` is attached as record.json."""
        writer = self.writer()
        writer.add(pages)
        if record is not None:
            writer.attach("record.json", record)
        return writer.write(title)

    def _strips(self, draft: Draft) -> list[Strip]:
        strips: list[Strip] = []
        for item in draft.body:
            if isinstance(item, DraftParagraph):
                strips.extend(self._paragraph(item.style, item.text))
            elif isinstance(item, DraftTable):
                strips.extend(self._tables.strips(item))
            else:
                # The signature never stands alone on a page.
                strips[-2:] = [replace(strip, keep=True) for strip in strips[-2:]]
                size = self._template.numbers["type.body_pt"]
                strips.append(self._blocks.signature(draft.fixed["signature"], size))
        return strips

    def _lay_paragraph(self, style: str, text: str) -> tuple[Strip, ...]:
        n = self._template.numbers
        heading = style == "heading"
        weight = self._bold if heading else self._regular
        size = n["type.heading_pt"] if heading else n["type.body_pt"]
        leading, gap = n["type.leading_pt"], n["type.paragraph_gap_pt"]
        indent = n["type.indent_em"] if style == "body" else 0.0
        measure = (self._blocks.right - self._blocks.left) / size
        lines = break_lines(text, weight.widths, measure, indent=indent)
        strips: list[Strip] = []
        for number, line in enumerate(lines):
            above = (gap * 3 if heading else gap) if number == 0 else 0.0
            x = indent * size if number == 0 else 0.0
            base = 1 - above - (leading + size) / 2
            words = Words(weight, size, x, base, line.text, line.gap, justified=True)
            # No heading at the foot of a page, no single line of a paragraph at foot or head.
            keep = heading or number == 0 < len(lines) - 1 or number == len(lines) - 2
            strips.append(Strip((words,), above + leading, keep))
        return tuple(strips)


def _in_envelope(template: Template, envelope: Envelope | None) -> Template:
    """A template as it fits the sender's own envelope."""
    if envelope is None:
        return template
    return replace(template, window=envelope.window, fold_marks_mm=envelope.fold_marks_mm)


def _drawable(weight: Face, chars: set[str]) -> None:
    missing = sorted(char for char in chars if not weight.has(char))
    if missing:
        shown = ", ".join(f"{char!a} (U+{ord(char):04X})" for char in missing[:10])
        raise BadSettings(
            f"the font {weight.font.postscript_name} has no glyph for {shown}; change the "
            "wording of the template or the sender file"
        )
