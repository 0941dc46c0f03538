"""Drawing on a page: text, lines, boxes, forms, as PDF operators.

Units are points. On a `Sheet` the origin is the page's lower left corner, as in PDF; a `Strip` is a
piece of the flowing text and has its origin at its own upper left corner, y upwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from addrfix.letters.face import Face
from addrfix.letters.pdf import Page, deflate


@dataclass(slots=True)
class Ink:
    """Collected operators and the characters outside of the faces' cores that they show."""

    operators: list[str] = field(default_factory=list)
    rest: dict[str, set[str]] = field(default_factory=dict)

    def text(
        self, face: Face, size: float, x: float, y: float, text: str, *, gap: float = 0.0
    ) -> None:
        """Show text with its base line at (x, y); `gap` is added after each character, in em."""
        if not text:
            return
        space = f"{gap * size:.3f} Tc " if gap else ""
        shown = face.show(text, f"{size:g}")
        self.operators.append(f"BT {space}1 0 0 1 {x:.2f} {y:.2f} Tm {shown} ET")
        if gap:
            self.operators.append("0 Tc")
        rest = face.rest(text)
        if rest:
            self.rest.setdefault(face.key, set()).update(rest)

    def centred(
        self, face: Face, size: float, x: float, y: float, text: str, *, gap: float = 0.0
    ) -> None:
        """Show text centred on x; the gap after the last character does not count."""
        width = (face.width(text) + gap * (len(text) - 1)) * size
        self.text(face, size, x - width / 2, y, text, gap=gap)

    def flush_right(self, face: Face, size: float, x: float, y: float, text: str) -> None:
        """Show text that ends at x."""
        self.text(face, size, x - face.width(text) * size, y, text)

    def line(self, x0: float, y0: float, x1: float, y1: float, width: float) -> None:
        """Draw a black line."""
        self.operators.append(f"{width:g} w {x0:.2f} {y0:.2f} m {x1:.2f} {y1:.2f} l S")

    def box(self, x: float, y: float, width: float, height: float, grey: float) -> None:
        """Fill a rectangle."""
        self.operators.append(f"{grey:g} g {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f 0 g")

    def form(self, name: str, x: float = 0.0, y: float = 0.0) -> None:
        """Draw a form with its origin at (x, y)."""
        self.operators.append(
            f"q 1 0 0 1 {x:.2f} {y:.2f} cm /{name} Do Q" if x or y else f"/{name} Do"
        )

    def image(self, name: str, x: float, y: float, side: float, colour: Sequence[float]) -> None:
        """Paint a square 1-bit mask of that side length in a colour."""
        red, green, blue = colour
        self.operators.append(
            f"q {red:g} {green:g} {blue:g} rg {side:.2f} 0 0 {side:.2f} {x:.2f} {y:.2f} cm "
            f"/{name} Do Q"
        )

    def bars(self, widths: Sequence[int], module: float, x: float, y: float, height: float) -> None:
        """Draw a barcode with its lower left corner at (x, y)."""
        drawn: list[str] = []
        for place, width in enumerate(widths):
            if place % 2 == 0:
                drawn.append(f"{x:.3f} {y:.2f} {width * module:.3f} {height:.2f} re")
            x += width * module
        self.operators.append(" ".join(drawn) + " f")

    def place(self, strip: Strip, x: float, y: float) -> None:
        """Put a strip with its upper left corner at (x, y)."""
        self.operators.append(f"q 1 0 0 1 {x:.2f} {y:.2f} cm {strip.operators} Q")
        for key, chars in strip.rest.items():
            self.rest.setdefault(key, set()).update(chars)

    def strip(self, height: float, *, keep: bool = False) -> Strip:
        """What has been drawn, as a strip of that height."""
        rest = {key: frozenset(chars) for key, chars in self.rest.items()}
        return Strip(" ".join(self.operators), height, keep, rest)

    def page(self) -> Page:
        """What has been drawn, as a page."""
        rest = {key: frozenset(chars) for key, chars in self.rest.items()}
        return Page(deflate("\n".join(self.operators)), rest)


@dataclass(frozen=True, slots=True)
class Strip:
    """A piece of the flow that is not cut: a line of text, a row of a table, the signature."""

    operators: str
    height: float
    keep: bool
    """Stays on the page of the next strip."""
    rest: dict[str, frozenset[str]]


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
