"""Composes letters: words to pages, pages to PDF files.

A page's operators depend on the letter alone, so the same composed pages go into the letter's own
file and into the print file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from addrfix.letters.blocks import PAGE, SEAL, WATERMARK, Blocks, WindowBlock
from addrfix.letters.draft import Draft, DraftParagraph, DraftTable, Wording
from addrfix.letters.face import Face
from addrfix.letters.facts import LetterFacts
from addrfix.letters.ink import Ink, Strip, paginate
from addrfix.letters.lines import break_lines
from addrfix.letters.pdf import POINTS_PER_MM, Page, PdfWriter
from addrfix.letters.seal import seal_form
from addrfix.letters.sender import Sender
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
        self.created_on = created_on
        self._wording = Wording(template, sender, created_on)
        bound = self._wording.template
        self._template = bound
        light, bold = bound.characters()
        self._regular = Face("R", bound.fonts[0], light | set(_COMMON))
        self._bold = Face("B", bound.fonts[1], bold | set(_FIGURES))
        _drawable(self._regular, light)
        _drawable(self._bold, bold)
        seal = seal_form(sender.seal, SEAL) if sender.seal else None
        self._blocks = Blocks(bound, self._regular, self._bold, sender.seal_mm if seal else None)
        watermark = bound.texts["watermark"][0] if sender.specimen else ()
        self.watermark = str(watermark[0]) if watermark else None
        self._forms = self._blocks.forms(self.watermark)
        if seal:
            self._forms.append(seal)
        self._paragraph = lru_cache(maxsize=128)(self._lay_paragraph)

    def draft(self, facts: LetterFacts) -> Draft:
        """The words of a letter."""
        return self._wording.draft(facts)

    def missing(self, text: str) -> str | None:
        """The first character of a text that cannot be drawn; None where there is none."""
        faces = (self._regular, self._bold)
        return next((c for c in text if not all(face.has(c) for face in faces)), None)

    def window(self, draft: Draft) -> WindowBlock:
        """The recipient block of a letter, or what of it does not fit."""
        return self._blocks.window(draft)

    def pages(self, draft: Draft) -> list[Page]:
        """The composed pages of a letter whose characters and window block have been checked."""
        n = self._template.numbers
        bottom = n["page.bottom_mm"] * POINTS_PER_MM
        starts = n["page.first_top_mm"], n["page.next_top_mm"]
        tops = [PAGE[1] - start * POINTS_PER_MM for start in starts]
        flow = paginate(self._strips(draft), [top - bottom for top in tops])
        block = self._blocks.window(draft)
        pages: list[Page] = []
        for number, strips in enumerate(flow):
            ink = Ink()
            if self.watermark:
                ink.form(WATERMARK)
            if number == 0:
                self._blocks.first_page(ink, draft, block)
            else:
                self._blocks.next_page(ink, draft)
            y = tops[min(number, 1)]
            for strip in strips:
                ink.place(strip, self._blocks.left, y)
                y -= strip.height
            self._blocks.every_page(ink, draft, number + 1, len(flow))
            pages.append(ink.page())
        return pages

    def writer(self) -> PdfWriter:
        """An empty PDF file with the fonts and forms of these letters."""
        return PdfWriter((self._regular, self._bold), self._forms, PAGE)

    def single(self, pages: Iterable[Page], title: str) -> bytes:
        """One letter as a PDF file."""
        writer = self.writer()
        writer.add(pages)
        return self.finish(writer, title)

    def finish(self, writer: PdfWriter, title: str) -> bytes:
        """The bytes of a file that `writer` began."""
        return writer.write(title=title, creator="addrfix", as_of=self.created_on)

    def _strips(self, draft: Draft) -> list[Strip]:
        strips: list[Strip] = []
        for item in draft.body:
            if isinstance(item, DraftParagraph):
                strips.extend(self._paragraph(item.style, item.text))
            elif isinstance(item, DraftTable):
                strips.extend(self._table(item))
            else:
                # The signature never stands alone on a page.
                strips[-2:] = [replace(strip, keep=True) for strip in strips[-2:]]
                size = self._template.numbers["type.body_pt"]
                strips.append(self._blocks.signature(draft.fixed["signature"], size))
        return strips

    def _lay_paragraph(self, style: str, text: str) -> tuple[Strip, ...]:
        n = self._template.numbers
        heading = style == "heading"
        face = self._bold if heading else self._regular
        size = n["type.heading_pt"] if heading else n["type.body_pt"]
        leading, gap = n["type.leading_pt"], n["type.paragraph_gap_pt"]
        indent = n["type.indent_em"] if style == "body" else 0.0
        measure = (self._blocks.right - self._blocks.left) / size
        lines = break_lines(text, face.widths, measure, indent=indent)
        strips: list[Strip] = []
        for number, line in enumerate(lines):
            above = (gap * 3 if heading else gap) if number == 0 else 0.0
            ink = Ink()
            x = indent * size if number == 0 else 0.0
            base = 1 - above - (leading + size) / 2
            ink.text(face, size, x, base, line.text, gap=line.gap)
            # No heading at the foot of a page, no single line of a paragraph at foot or head.
            keep = heading or number == 0 < len(lines) - 1 or number == len(lines) - 2
            strips.append(ink.strip(above + leading, keep=keep))
        return tuple(strips)

    def _table(self, draft: DraftTable) -> list[Strip]:
        table = draft.table
        widths = [mm * POINTS_PER_MM for mm in table.widths_mm]
        strips = [_gap(6, keep=True)]
        for number, row in enumerate(draft.rows):
            last = number == len(draft.rows) - 1
            ink, column, x = Ink(), 0, 0.0
            placed: list[tuple[float, float, Sequence[str], Face, str, bool]] = []
            for cell, text in row:
                width = sum(widths[column : column + cell.span])
                face = self._bold if cell.bold else self._regular
                lines = break_lines(text, face.widths, (width - 10) / table.size_pt)
                placed.append((x, width, [li.text for li in lines], face, cell.align, cell.shade))
                column, x = column + cell.span, x + width
            leading = table.size_pt * 1.4
            height = table.row_pt + leading * (max(len(p[2]) for p in placed) - 1)
            for x, width, shown, face, align, shade in placed:
                _cell(ink, (x, width, height), shown, face, table.size_pt, align, shade)
            # Over the shading, which would cover a line drawn with the row above.
            ink.line(0, 0, sum(widths), 0, 0.4 if number else 1)
            if last:
                ink.line(0, -height, sum(widths), -height, 1)
            strips.append(ink.strip(height, keep=not last))
        strips.append(_gap(6))
        return strips


def _drawable(face: Face, chars: set[str]) -> None:
    missing = sorted(char for char in chars if not face.has(char))
    if missing:
        shown = ", ".join(f"{char!a} (U+{ord(char):04X})" for char in missing[:10])
        raise BadSettings(
            f"the font {face.font.name} has no glyph for {shown}; change the wording of the "
            "template or the sender file"
        )


def _gap(height: float, *, keep: bool = False) -> Strip:
    return Strip("", height, keep, {})


def _cell(
    ink: Ink,
    place: tuple[float, float, float],
    lines: Sequence[str],
    face: Face,
    size: float,
    align: str,
    shade: bool,
) -> None:
    """Draw one cell; `place` is left edge, width and height in points."""
    x, width, height = place
    leading = size * 1.4
    if shade:
        ink.box(x, -height, width, height, 0.94)
    if x:
        ink.line(x, 0, x, -height, 0.4)
    y = -(height - leading * (len(lines) - 1)) / 2 - size * 0.36
    for line in lines:
        if align == "right":
            ink.flush_right(face, size, x + width - 6, y, line)
        elif align == "centre":
            ink.centred(face, size, x + width / 2, y, line)
        else:
            ink.text(face, size, x + 5, y, line)
        y -= leading
