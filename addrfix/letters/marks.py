"""What is drawn: words, rules, boxes, bars, modules and forms, placed before there is a page.

A mark is data, in points; it is drawn on as many canvases as the letter has files. On a page the
origin is the lower left corner, as in PDF. A `Strip` is a piece of the flowing text with its origin
at its own upper left corner, y upwards. A form is stored once per file however often it is stamped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from reportlab.pdfgen.canvas import Canvas

from addrfix.letters.face import Face
from addrfix.letters.lines import WITHIN
from addrfix.letters.page import PAGE


class Mark(Protocol):
    """Something that can be drawn on a reportlab canvas."""

    def draw(self, canvas: Canvas, x: float, y: float) -> None:
        """Draw it, moved by (x, y)."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text with its base line at (x, y); `gap` is added after each character, in em.

    In `justified` words there is no gap within a number or a word.
    """

    face: Face
    size: float
    x: float
    y: float
    text: str
    gap: float = 0.0
    justified: bool = False

    def draw(self, canvas: Canvas, x: float, y: float) -> None:
        """Draw it, moved by (x, y)."""
        canvas.setFont(self.face.fontName, self.size)
        gap = round(self.gap * self.size, 3)
        left, base = round(self.x + x, 2), round(self.y + y, 2)
        pieces = WITHIN.split(self.text) if gap and self.justified else [self.text]
        if len(pieces) == 1:
            canvas.drawString(left, base, self.text, charSpace=gap)
            return
        line = canvas.beginText(left, base)
        for place, piece in enumerate(pieces):
            if piece:
                # Every second piece is what the pattern found.
                line.setCharSpace(0 if place % 2 else gap)
                line.textOut(piece)
        line.setCharSpace(0)
        canvas.drawText(line)


def centred(face: Face, size: float, x: float, y: float, text: str, gap: float = 0.0) -> Words:
    """Words centred on x; the gap after the last character does not count."""
    width = (face.width(text) + gap * (len(text) - 1)) * size
    return Words(face, size, x - width / 2, y, text, gap)


def flush_right(face: Face, size: float, x: float, y: float, text: str) -> Words:
    """Words that end at x."""
    return Words(face, size, x - face.width(text) * size, y, text)


@dataclass(frozen=True, slots=True)
class Rule:
    """A black line from one point to another."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float

    def draw(self, canvas: Canvas, x: float, y: float) -> None:
        """Draw it, moved by (x, y)."""
        canvas.setLineWidth(self.width)
        ends = (self.x0 + x, self.y0 + y, self.x1 + x, self.y1 + y)
        canvas.line(*(round(value, 2) for value in ends))


@dataclass(frozen=True, slots=True)
class Shade:
    """A rectangle filled with a grey; (x, y) is its lower left corner."""

    x: float
    y: float
    width: float
    height: float
    grey: float

    def draw(self, canvas: Canvas, x: float, y: float) -> None:
        """Draw it, moved by (x, y)."""
        place = (self.x + x, self.y + y, self.width, self.height)
        canvas.setFillGray(self.grey)
        canvas.rect(*(round(value, 2) for value in place), stroke=0, fill=1)
        canvas.setFillGray(0)


@dataclass(frozen=True, slots=True)
class Bars:
    """A barcode with its lower left corner at (x, y).

    `widths` alternate bar and space and count modules; a module is so many points wide.
    """

    widths: tuple[int, ...]
    module: float
    x: float
    y: float
    height: float

    def draw(self, canvas: Canvas, x: float, y: float) -> None:
        """Draw it, moved by (x, y)."""
        path = canvas.beginPath()
        left, bottom = self.x + x, round(self.y + y, 2)
        for place, width in enumerate(self.widths):
            if place % 2 == 0:
                path.rect(
                    round(left, 3), bottom, round(width * self.module, 3), round(self.height, 2)
                )
            left += width * self.module
        canvas.drawPath(path, stroke=0, fill=1)


@dataclass(frozen=True, slots=True)
class Modules:
    """A square of dark and light modules, `side` points wide; (x, y) is its lower left corner."""

    rows: tuple[bytes, ...]
    """From the top, a byte a module, 1 is dark."""
    side: float
    x: float
    y: float

    def draw(self, canvas: Canvas, x: float, y: float) -> None:
        """Draw it, moved by (x, y): one path of the runs of each row, in modules."""
        many = len(self.rows)
        canvas.saveState()
        canvas.translate(round(self.x + x, 2), round(self.y + y, 2))
        canvas.scale(self.side / many, self.side / many)
        # canvas.rect would format six floats for each of a hundred runs.
        canvas._code.append(
            "\n".join(
                f"{run.start()} {many - 1 - place} {run.end() - run.start()} 1 re"
                for place, row in enumerate(self.rows)
                for run in _DARK.finditer(row)
            )
            + "\nf"
        )
        canvas.restoreState()


_DARK = re.compile(b"\x01+")


@dataclass(frozen=True, slots=True)
class Slanted:
    """Words in grey, turned by an angle in degrees around the point where they begin."""

    words: Words
    angle: float
    grey: float

    def draw(self, canvas: Canvas, x: float, y: float) -> None:
        """Draw it, moved by (x, y)."""
        canvas.saveState()
        canvas.setFillGray(self.grey)
        canvas.translate(self.words.x + x, self.words.y + y)
        canvas.rotate(self.angle)
        self.words.draw(canvas, -self.words.x, -self.words.y)
        canvas.restoreState()


@dataclass(frozen=True, slots=True)
class Form:
    """Marks that stay the same from letter to letter; `box` is left, bottom, right, top."""

    name: str
    """The same marks have the same name in every file."""
    marks: tuple[Mark, ...]
    box: tuple[float, float, float, float] = (0, 0, *PAGE)

    def draw(self, canvas: Canvas, x: float, y: float) -> None:
        """Draw it, moved by (x, y); the first time puts it into the file."""
        if not canvas.hasForm(self.name):
            canvas.beginForm(self.name, *(round(value, 2) for value in self.box))
            for mark in self.marks:
                mark.draw(canvas, 0, 0)
            canvas.endForm()
        if not (x or y):
            canvas.doForm(self.name)
            return
        canvas.saveState()
        canvas.translate(round(x, 2), round(y, 2))
        canvas.doForm(self.name)
        canvas.restoreState()


@dataclass(frozen=True, slots=True)
class Placed:
    """Marks and where their origin is."""

    marks: tuple[Mark, ...]
    x: float = 0.0
    y: float = 0.0

    def draw(self, canvas: Canvas, x: float = 0.0, y: float = 0.0) -> None:
        """Draw them, moved by (x, y)."""
        for mark in self.marks:
            mark.draw(canvas, self.x + x, self.y + y)


Page = tuple[Placed, ...]
"""A page of a letter, composed."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A piece of the flow that is not cut: a line of text, a table, the signature."""

    marks: tuple[Mark, ...]
    height: float
    keep: bool = False
    """Stays on the page of the next strip."""


def paginate(strips: Sequence[Strip], heights: Sequence[float]) -> list[list[Strip]]:
    """Distribute strips over pages.

    Args:
        strips: in reading order; chains of `keep` stay together while they fit on one page.
        heights: room on the first page, the second, …; the last value holds for all that follow.
    """
    pages: list[list[Strip]] = [[]]
    room = heights[0]
    for chain in _chains(strips):
        height = sum(strip.height for strip in chain)
        following = heights[min(len(pages), len(heights) - 1)]
        if height > room and pages[-1] and height <= following:
            pages.append([])
            room = following
        for strip in chain:
            if strip.height > room and pages[-1]:
                pages.append([])
                room = heights[min(len(pages) - 1, len(heights) - 1)]
            pages[-1].append(strip)
            room -= strip.height
    return pages


def _chains(strips: Sequence[Strip]) -> list[list[Strip]]:
    chains: list[list[Strip]] = []
    open_chain = False
    for strip in strips:
        if open_chain:
            chains[-1].append(strip)
        else:
            chains.append([strip])
        open_chain = strip.keep
    return chains
