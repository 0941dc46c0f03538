"""Lays tables: rules and shading are a form, which letters with the same rows share."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from addrfix.letters.draft import DraftTable
from addrfix.letters.face import Face
from addrfix.letters.lines import break_lines, units
from addrfix.letters.marks import Form, Mark, Rule, Shade, Strip, Words, centred, flush_right
from addrfix.letters.page import POINTS_PER_MM
from addrfix.letters.template import Cell

_THIN, _THICK = 0.4, 1.0
_GREY = 0.94
_GAP = 6.0
"""Above and below a table, in points."""
_TOGETHER = 3
"""Rows at head and foot of a long table that stay on one page."""
_LEADING = 1.4
"""Line height, in em."""
_SMALLEST_PT = 6.5
"""Type is not made smaller than this to keep a number on one line."""
_PADDING = 10.0
"""Left and right of the words of a cell together, in points."""


@dataclass(frozen=True, slots=True)
class _Laid:
    """A cell with its place in the row, and the size and lines of its text."""

    x: float
    width: float
    cell: Cell
    size: float
    lines: tuple[str, ...]

    @property
    def joined(self) -> bool:
        """A heading's cell without words goes on with the one above."""
        return self.cell.shade and not any(self.lines)


@dataclass(frozen=True, slots=True)
class _Outline:
    """What rows that are not cut look like without their words, in points."""

    rows: tuple[tuple[float, tuple[tuple[float, float, bool, bool], ...]], ...]
    """Height, and left edge, width, shading and whether it goes on with the one above of each cell,
    from the upper row down."""
    opens: bool
    closes: bool
    """Whether the table begins and ends with it."""


class Tables:
    """Lays the tables of a template; `room` is the height of a page's text in points."""

    def __init__(self, regular: Face, bold: Face, room: float) -> None:
        self._faces = regular, bold
        self._room = room
        self._frame = lru_cache(maxsize=256)(_frame)

    def strips(self, draft: DraftTable) -> list[Strip]:
        """A table as one strip, or row by row where it takes more than half a page."""
        table = draft.table
        widths = [mm * POINTS_PER_MM for mm in table.widths_mm]
        rows: list[tuple[float, list[_Laid]]] = []
        for row in draft.rows:
            cells = self._cells(row, widths, table.size_pt)
            more = max(len(laid.lines) for laid in cells) - 1
            rows.append((table.row_pt + table.size_pt * _LEADING * more, cells))
        whole = sum(height for height, _ in rows) + 2 * _GAP <= self._room / 2
        step = len(rows) if whole else 1
        near_end = len(rows) - 1 - _TOGETHER
        strips = [Strip((), _GAP, keep=True)]
        for at in range(0, len(rows), step or 1):
            last = at + step >= len(rows)
            strip = self._strip(rows[at : at + step], table.size_pt, at == 0, last)
            # Heading and sums do not stand alone on a page.
            strips.append(replace(strip, keep=not last and (at < _TOGETHER or at >= near_end)))
        strips.append(Strip((), _GAP))
        return strips

    def _cells(
        self, row: tuple[tuple[Cell, str], ...], widths: list[float], size: float
    ) -> list[_Laid]:
        cells: list[_Laid] = []
        column, x = 0, 0.0
        for cell, text in row:
            width = sum(widths[column : column + cell.span])
            face, room = self._faces[cell.bold], width - _PADDING
            fitting = _fitting(text, face, room, size)
            lines = break_lines(text, face.widths, room / fitting)
            cells.append(_Laid(x, width, cell, fitting, tuple(line.text for line in lines)))
            column, x = column + cell.span, x + width
        return cells

    def _strip(
        self, rows: list[tuple[float, list[_Laid]]], size: float, opens: bool, closes: bool
    ) -> Strip:
        shape = (
            (h, tuple((c.x, c.width, c.cell.shade, c.joined) for c in cells)) for h, cells in rows
        )
        marks: list[Mark] = [self._frame(_Outline(tuple(shape), opens, closes))]
        top = 0.0
        for height, cells in rows:
            for laid in cells:
                y = top - (height - size * _LEADING * (len(laid.lines) - 1)) / 2 - size * 0.36
                for line in laid.lines:
                    marks.append(_aligned(laid, self._faces[laid.cell.bold], y, line))
                    y -= size * _LEADING
            top -= height
        return Strip(tuple(marks), -top)


def _frame(outline: _Outline) -> Form:
    """Shading and rules; the origin is the upper left corner."""
    marks: list[Mark] = []
    top, right = 0.0, 0.0
    for number, (height, cells) in enumerate(outline.rows):
        marks += [Shade(x, top - height, w, height, _GREY) for x, w, dark, _ in cells if dark]
        marks += [Rule(x, top, x, top - height, _THIN) for x, *_ in cells if x]
        right = max(right, cells[-1][0] + cells[-1][1])
        # Over the shading, which would cover a line drawn with the row above.
        if number or not outline.opens:
            ends = ((x, x + w) for x, w, _, joined in cells if not (joined and number))
            marks += [Rule(left, top, end, top, _THIN) for left, end in _spans(ends)]
        else:
            marks.append(Rule(0, top, right, top, _THICK))
        top -= height
    if outline.closes:
        marks.append(Rule(0, top, right, top, _THICK))
    name = f"Table{hashlib.sha256(repr(outline).encode()).hexdigest()[:8]}"
    return Form(name, tuple(marks), (-1, top - 1, right + 1, 1))


def _spans(ends: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Pieces of a line, those that touch as one."""
    spans: list[tuple[float, float]] = []
    for left, right in ends:
        if spans and spans[-1][1] == left:
            spans[-1] = spans[-1][0], right
        else:
            spans.append((left, right))
    return spans


def _fitting(text: str, face: Face, room: float, size: float) -> float:
    """The size at which no number of a cell is cut; an amount in two lines is misread."""
    if face.width(text) * size <= room:
        return size
    widest = max(map(face.width, units(text)), default=0.0)
    # A hair smaller, for widths are sums of rounded ones.
    return max(min(size, room / widest * 0.999), min(size, _SMALLEST_PT)) if widest else size


def _aligned(laid: _Laid, face: Face, y: float, line: str) -> Words:
    size = laid.size
    if laid.cell.align == "right":
        return flush_right(face, size, laid.x + laid.width - 6, y, line)
    if laid.cell.align == "centre":
        return centred(face, size, laid.x + laid.width / 2, y, line)
    return Words(face, size, laid.x + 5, y, line)
