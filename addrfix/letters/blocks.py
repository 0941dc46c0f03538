"""The parts of a letter that stand at a fixed place: letterhead, window, barcode, footer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from addrfix.letters.code128 import bars
from addrfix.letters.draft import Draft
from addrfix.letters.face import Face
from addrfix.letters.ink import Ink, Strip
from addrfix.letters.lines import break_lines
from addrfix.letters.pdf import POINTS_PER_MM, Form
from addrfix.letters.seal import COLOUR
from addrfix.letters.template import Template

PAGE = (210 * POINTS_PER_MM, 297 * POINTS_PER_MM)
"""A4 in points."""
SEAL, WATERMARK, FOLDS = "Seal", "Watermark", "Folds"


@dataclass(frozen=True, slots=True)
class WindowBlock:
    """The recipient block: lines with their size, or what does not fit."""

    lines: tuple[tuple[str, float], ...] = ()
    too_long: str | None = None
    """`recipient` or `standardized`, where that does not fit into the window."""


class Blocks:
    """Draws the fixed blocks of a template; positions come from its figures."""

    def __init__(
        self, template: Template, regular: Face, bold: Face, seal_mm: float | None
    ) -> None:
        self._template = template
        self._n = template.numbers
        self._regular, self._bold = regular, bold
        self._seal = seal_mm * POINTS_PER_MM if seal_mm else None
        self.left = self._x("page.left_mm")
        self.right = PAGE[0] - self._x("page.right_mm")

    def _x(self, key: str) -> float:
        return self._n[key] * POINTS_PER_MM

    def _y(self, key: str) -> float:
        """A height above the page's lower edge from a distance to its upper one."""
        return PAGE[1] - self._n[key] * POINTS_PER_MM

    def forms(self, watermark: str | None) -> list[Form]:
        """Fold marks, and the watermark where there is one."""
        folds = Ink()
        for mm in self._template.fold_marks_mm:
            height = PAGE[1] - mm * POINTS_PER_MM
            folds.line(0, height, 4 * POINTS_PER_MM, height, 0.4)
        forms = [Form(FOLDS, " ".join(folds.operators), (0, 0, *PAGE))]
        if watermark:
            forms.append(self._watermark(watermark))
        return forms

    def _watermark(self, text: str) -> Form:
        size, angle = self._n["watermark.size_pt"], radians(self._n["watermark.angle"])
        grey, gap = self._n["watermark.grey"], 0.25
        half = (self._bold.width(text) + gap * (len(text) - 1)) * size / 2
        ink = Ink()
        ink.text(self._bold, size, -half, -size * 0.36, text, gap=gap)
        turn = f"{cos(angle):.4f} {sin(angle):.4f} {-sin(angle):.4f} {cos(angle):.4f}"
        centre = f"{PAGE[0] / 2:.2f} {PAGE[1] / 2:.2f}"
        drawn = f"q {grey:g} g {turn} {centre} cm {' '.join(ink.operators)} Q"
        return Form(WATERMARK, drawn, (0, 0, *PAGE))

    def window(self, draft: Draft) -> WindowBlock:
        """Fit the recipient block into the window, at the largest of the template's sizes."""
        window = self._template.window
        width = (window.width - 2 * window.tolerance) * POINTS_PER_MM
        height = (window.height - 2 * window.tolerance) * POINTS_PER_MM
        postcode, address, recipient = draft.window()
        for size in self._template.window_sizes:
            name = break_lines(recipient, self._regular.widths, width / (size + 1))
            if len(name) > 1:
                continue
            lines = break_lines(address, self._regular.widths, width / size)
            shown = [(postcode, self._n["window_block.postcode_pt"])] if postcode else []
            shown += [(line.text, size) for line in lines] + [(name[0].text, size + 1)]
            if sum(size * _LEADING for _, size in shown) <= height:
                return WindowBlock(tuple(shown))
        smallest = self._template.window_sizes[-1]
        long_name = self._regular.width(recipient) * (smallest + 1) > width
        return WindowBlock(too_long="recipient" if long_name else "standardized")

    def first_page(self, ink: Ink, draft: Draft, block: WindowBlock) -> None:
        """Everything fixed that only the first page has."""
        n, fixed = self._n, draft.fixed
        size = n["letterhead.size_pt"]
        middle = PAGE[0] / 2
        base = self._y("letterhead.top_mm") - size
        gap = n["letterhead.tracking_em"]
        ink.centred(self._bold, size, middle, base, fixed["letterhead"][0], gap=gap)
        rule = self._y("letterhead.rule_mm")
        ink.line(self.left, rule, self.right, rule, 1.6)
        ink.line(self.left, rule - 2.6, self.right, rule - 2.6, 0.5)
        self._recipient(ink, block)
        self._barcode(ink, draft.facts.barcode)
        y = self._y("reference.top_mm")
        for line in fixed["reference"]:
            y -= n["reference.leading_pt"]
            ink.text(self._regular, n["reference.size_pt"], self._x("reference.left_mm"), y, line)
        size = n["title_block.size_pt"]
        gap = n["title_block.tracking_em"]
        base = self._y("title_block.top_mm") - size
        ink.centred(self._bold, size, middle, base, fixed["title_block"][0], gap=gap)
        ink.form(FOLDS)

    def _recipient(self, ink: Ink, block: WindowBlock) -> None:
        window = self._template.window
        x = (window.left + window.tolerance) * POINTS_PER_MM
        y = PAGE[1] - (window.top + window.tolerance) * POINTS_PER_MM
        for text, size in block.lines:
            y -= size * _LEADING
            gap = 0.25 if text.isascii() and text.isdigit() else 0.0
            ink.text(self._regular, size, x, y + size * (_LEADING - 1), text, gap=gap)

    def _barcode(self, ink: Ink, content: str) -> None:
        n = self._n
        widths = bars(content)
        module = min(n["barcode.module_mm"], n["barcode.width_mm"] / sum(widths)) * POINTS_PER_MM
        length = sum(widths) * module
        x = self._x("barcode.left_mm")
        height = self._x("barcode.height_mm")
        y = self._y("barcode.top_mm") - height
        ink.bars(widths, module, x, y, height)
        ink.centred(self._regular, n["type.small_pt"], x + length / 2, y - 10, content)

    def next_page(self, ink: Ink, draft: Draft) -> None:
        """The head of the second and further pages."""
        size = self._n["type.small_pt"] + 1
        base = self._y("next_head.top_mm") - size
        ink.text(self._regular, size, self.left, base, draft.fixed["next_head"][0])
        ink.line(self.left, base - 5, self.right, base - 5, 0.5)

    def every_page(self, ink: Ink, draft: Draft, page: int, pages: int) -> None:
        """Footer with the sender's address, the letter id and the page number."""
        size = self._n["type.small_pt"]
        y = self._y("footer.top_mm")
        ink.line(self.left, y, self.right, y, 0.5)
        for line in draft.fixed["footer"]:
            y -= size * 1.6
            ink.centred(self._regular, size, PAGE[0] / 2, y, line)
        y -= size * 1.6
        ink.text(self._regular, size, self.left, y, f"函件编号 {draft.facts.letter_id}")
        ink.flush_right(self._regular, size, self.right, y, f"第 {page} 页 / 共 {pages} 页")

    def signature(self, lines: Sequence[str], body_size: float) -> Strip:
        """The signature with the seal under its lines."""
        n = self._n
        leading, centre = n["signature.leading_pt"], self._x("signature.centre_mm") - self.left
        top = -n["signature.gap_pt"]
        height = n["signature.gap_pt"] + leading * len(lines)
        ink = Ink()
        if self._seal:
            # Over the name of the firm and the date, as seals are set.
            middle = top - leading * len(lines) / 2
            ink.image(SEAL, centre - self._seal / 2, middle - self._seal / 2, self._seal, COLOUR)
            height = max(height, -middle + self._seal / 2)
        for number, line in enumerate(lines, start=1):
            # A long line moves left rather than out of the text column.
            half = self._regular.width(line) * body_size / 2
            middle = min(centre, self.right - self.left - half)
            ink.centred(self._regular, body_size, middle, top - leading * number + 5, line)
        return ink.strip(height)


# Line height of the window block, in em.
_LEADING = 1.3
