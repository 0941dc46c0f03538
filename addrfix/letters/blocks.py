"""The parts of a letter that stand at a fixed place: letterhead, window, codes, footer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from addrfix.letters.code128 import bars
from addrfix.letters.draft import Draft
from addrfix.letters.face import Face
from addrfix.letters.lines import address_lines, break_lines
from addrfix.letters.marks import (
    Bars,
    Form,
    Mark,
    Modules,
    Placed,
    Rule,
    Slanted,
    Strip,
    Words,
    centred,
    flush_right,
)
from addrfix.letters.omr import Omr
from addrfix.letters.page import PAGE, POINTS_PER_MM
from addrfix.letters.qr import modules
from addrfix.letters.seal import Seal
from addrfix.letters.template import Template

Texts = Mapping[str, tuple[str, ...]]
"""The lines of each fixed block."""


@dataclass(frozen=True, slots=True)
class WindowBlock:
    """The recipient block: lines with their size, or what does not fit."""

    lines: tuple[tuple[str, float], ...] = ()
    too_long: str | None = None
    """`recipient` or `standardized`, where that does not fit into the window."""


class Blocks:
    """Lays the fixed blocks of a template; positions come from its figures.

    A block that no letter of the batch changes is in a form, stored once per file; the others are
    words of the page. Both are drawn in reading order, as the text is copied and read back.

    Args:
        template: with the sender's fields put in.
        regular, bold: the faces.
        seal: the seal, where there is one.
        watermark: its text, where there is one.
        omr: marks for an inserting machine, where there is one.
    """

    def __init__(
        self,
        template: Template,
        regular: Face,
        bold: Face,
        seal: Seal | None,
        watermark: str | None,
        omr: Omr | None = None,
    ) -> None:
        self._template = template
        self._n = template.numbers
        self._regular, self._bold = regular, bold
        self._seal = seal
        self._omr = omr
        self.left = self._x("page.left_mm")
        self.right = PAGE[0] - self._x("page.right_mm")
        same: Texts = {
            key: tuple(text.words for text in texts)
            for key, texts in template.texts.items()
            if not any(text.fields for text in texts)
        }
        self._same = frozenset(same)
        self._heads = (
            Form("FirstHead", (*self._first_rules(), *self._first_words(same))),
            Form("NextHead", (self._next_rule(), *self._next_words(same))),
        )
        self._foot = Form("Foot", (self._foot_rule(), *self._foot_words(same)))
        self._under = (self._watermark(watermark),) if watermark else ()

    def _x(self, key: str) -> float:
        return self._n[key] * POINTS_PER_MM

    def _y(self, key: str) -> float:
        """A height above the page's lower edge from a distance to its upper one."""
        return PAGE[1] - self._n[key] * POINTS_PER_MM

    def _watermark(self, text: str) -> Form:
        size, angle = self._n["watermark.size_pt"], self._n["watermark.angle"]
        grey, gap = self._n["watermark.grey"], 0.25
        # Centred on the page across and along the slant.
        back = (self._bold.width(text) + gap * (len(text) - 1)) * size / 2
        down, turn = size * 0.36, radians(angle)
        x = PAGE[0] / 2 - back * cos(turn) + down * sin(turn)
        y = PAGE[1] / 2 - back * sin(turn) - down * cos(turn)
        words = Words(self._bold, size, x, y, text, gap)
        return Form("Watermark", (Slanted(words, angle, grey),))

    def head(self, draft: Draft, page: int) -> Placed:
        """What stands over the text of a page, from 0, and what lies under it."""
        own = {key: texts for key, texts in draft.fixed.items() if key not in self._same}
        if page:
            return Placed((*self._under, self._heads[1], *self._next_words(own)))
        recipient, barcode = self._recipient(draft), self._barcode(draft.facts.barcode)
        codes = (*barcode, self._qr(draft.facts.letter_id))
        return Placed((*self._under, self._heads[0], *recipient, *codes, *self._first_words(own)))

    def foot(self, draft: Draft, page: int, pages: int) -> Placed:
        """What stands under the text: the sender's address, letter id and page number."""
        own = {key: texts for key, texts in draft.fixed.items() if key not in self._same}
        size = self._n["type.small_pt"]
        y = self._foot_base(len(draft.fixed["footer"]) + 1)
        letter, number = f"函件编号 {draft.facts.letter_id}", f"第 {page + 1} 页 / 共 {pages} 页"
        return Placed(
            (
                self._foot,
                *self._foot_words(own),
                Words(self._regular, size, self.left, y, letter),
                flush_right(self._regular, size, self.right, y, number),
                *self._omr_marks(draft, page, pages),
            )
        )

    def _omr_marks(self, draft: Draft, page: int, pages: int) -> Sequence[Rule]:
        """Marks on the front of each sheet; none where documents follow that carry no marks."""
        if self._omr is None or page % 2 or draft.facts.documents:
            return ()
        place = int(draft.facts.letter_id.split("-")[1])
        return self._omr.rules(place, last=page + 2 >= pages)

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
            lines = address_lines(address, self._regular.widths, width / size)
            shown = [(postcode, self._n["window_block.postcode_pt"])] if postcode else []
            shown += [(line, size) for line in lines] + [(name[0].text, size + 1)]
            if sum(size * _LEADING for _, size in shown) <= height:
                return WindowBlock(tuple(shown))
        smallest = self._template.window_sizes[-1]
        long_name = self._regular.width(recipient) * (smallest + 1) > width
        return WindowBlock(too_long="recipient" if long_name else "standardized")

    def _first_rules(self) -> list[Rule]:
        y = self._y("letterhead.rule_mm")
        folds = [PAGE[1] - mm * POINTS_PER_MM for mm in self._template.fold_marks_mm]
        return [
            Rule(self.left, y, self.right, y, 1.6),
            Rule(self.left, y - 2.6, self.right, y - 2.6, 0.5),
            *(Rule(0, height, 4 * POINTS_PER_MM, height, 0.4) for height in folds),
        ]

    def _first_words(self, texts: Texts) -> list[Words]:
        """Letterhead, reference and title, as far as they are in `texts`."""
        n, words = self._n, []
        for key in ("letterhead", "title_block"):
            size, gap = n[f"{key}.size_pt"], n[f"{key}.tracking_em"]
            base = self._y(f"{key}.top_mm") - size
            for line in texts.get(key, ()):
                words.append(centred(self._bold, size, PAGE[0] / 2, base, line, gap))
        size, y = n["reference.size_pt"], self._y("reference.top_mm")
        for line in texts.get("reference", ()):
            y -= n["reference.leading_pt"]
            words.append(Words(self._regular, size, self._x("reference.left_mm"), y, line))
        return words

    def _next_base(self) -> float:
        return self._y("next_head.top_mm") - self._n["type.small_pt"] - 1

    def _next_rule(self) -> Rule:
        y = self._next_base() - 5
        return Rule(self.left, y, self.right, y, 0.5)

    def _next_words(self, texts: Texts) -> list[Words]:
        """Head of the second and further pages."""
        size, base = self._n["type.small_pt"] + 1, self._next_base()
        return [Words(self._regular, size, self.left, base, t) for t in texts.get("next_head", ())]

    def _foot_rule(self) -> Rule:
        y = self._y("footer.top_mm")
        return Rule(self.left, y, self.right, y, 0.5)

    def _foot_base(self, line: int) -> float:
        """Base line of a line of the footer, from 1."""
        return self._y("footer.top_mm") - self._n["type.small_pt"] * _FOOT_LEADING * line

    def _foot_words(self, texts: Texts) -> list[Words]:
        size, middle = self._n["type.small_pt"], PAGE[0] / 2
        return [
            centred(self._regular, size, middle, self._foot_base(number), line)
            for number, line in enumerate(texts.get("footer", ()), start=1)
        ]

    def _recipient(self, draft: Draft) -> list[Words]:
        window, words = self._template.window, []
        x = (window.left + window.tolerance) * POINTS_PER_MM
        y = PAGE[1] - (window.top + window.tolerance) * POINTS_PER_MM
        for text, size in self.window(draft).lines:
            y -= size * _LEADING
            gap = 0.25 if text.isascii() and text.isdigit() else 0.0
            words.append(Words(self._regular, size, x, y + size * (_LEADING - 1), text, gap))
        return words

    def _barcode(self, content: str) -> tuple[Mark, Mark]:
        n = self._n
        widths = bars(content)
        module = min(n["barcode.module_mm"], n["barcode.width_mm"] / sum(widths)) * POINTS_PER_MM
        x, height = self._x("barcode.left_mm"), self._x("barcode.height_mm")
        y = self._y("barcode.top_mm") - height
        middle = x + sum(widths) * module / 2
        return (
            Bars(widths, module, x, y, height),
            centred(self._regular, n["type.small_pt"], middle, y - 10, content),
        )

    def _qr(self, letter_id: str) -> Modules:
        side = self._x("qr.size_mm")
        return Modules(modules(letter_id), side, self._x("qr.left_mm"), self._y("qr.top_mm") - side)

    def signature(self, lines: Sequence[str], body_size: float) -> Strip:
        """The signature with the seal under its lines."""
        n = self._n
        leading, centre = n["signature.leading_pt"], self._x("signature.centre_mm") - self.left
        top = -n["signature.gap_pt"]
        marks: list[Mark] = []
        height = 0.0
        if self._seal:
            # Over the name of the firm and the date, as seals are set, but not over the text above.
            half = self._seal.side / 2
            top = min(top, leading * len(lines) / 2 - half - 2)
            middle = top - leading * len(lines) / 2
            marks.append(Placed((self._seal,), centre - half, middle - half))
            height = -middle + half
        height = max(height, leading * len(lines) - top)
        for number, line in enumerate(lines, start=1):
            # A long line moves left rather than out of the text column.
            half = self._regular.width(line) * body_size / 2
            middle = min(centre, self.right - self.left - half)
            marks.append(
                centred(self._regular, body_size, middle, top - leading * number + 5, line)
            )
        return Strip(tuple(marks), height)


# Line heights of the window block and of the footer, in em.
_LEADING, _FOOT_LEADING = 1.3, 1.6
