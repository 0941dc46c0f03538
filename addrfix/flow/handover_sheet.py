"""The sheet that goes with a batch: one page with counts and hashes, to be signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from addrfix.flow.handover_settings import HandoverSettings
from addrfix.flow.label_drawing import label_faces
from addrfix.letters.face import Face
from addrfix.letters.lines import break_lines
from addrfix.letters.marks import Mark, Placed, Rule, Words, centred, flush_right
from addrfix.letters.page import PAGE, POINTS_PER_MM
from addrfix.letters.pdf import About, PdfWriter

_LEFT, _RIGHT = 20 * POINTS_PER_MM, PAGE[0] - 20 * POINTS_PER_MM
_SIZE, _SMALL, _STEP = 10.0, 7.5, 16.0
_MOST_FILES = 16
"""Print files that the page has room for; the rest are in SHA256SUMS."""


@dataclass(frozen=True, slots=True)
class PrintFileLine:
    """A print file as the sheet lists it."""

    name: str
    letters: int
    pages: int
    sha256: str


def sheet_pdf(
    say: HandoverSettings,
    facts: Mapping[str, str],
    files: Sequence[PrintFileLine],
    *,
    specimen: bool,
    as_of: date,
) -> bytes:
    """The sheet.

    Args:
        say: wording.
        facts: what the upper part says, by its keys.
        files: the print files, in their order.
        specimen: whether the letters are specimens.
        as_of: the day of the hand-over.
    """
    regular, bold = label_faces()
    sheet = _Sheet(regular, bold)
    sheet.head(say.title, say.specimen if specimen else None)
    for key, label in say.facts.items():
        sheet.fact(label, facts[key])
    sheet.files(say.files, files)
    sheet.signatures(say)
    writer = PdfWriter(regular, About("addrfix", say.title, as_of))
    writer.add([(Placed(tuple(sheet.marks)),)])
    return writer.write(say.title)


class _Sheet:
    """Fills a page from the top."""

    def __init__(self, regular: Face, bold: Face) -> None:
        self.marks: list[Mark] = []
        self._regular, self._bold = regular, bold
        self._y = PAGE[1] - 24 * POINTS_PER_MM

    def head(self, title: str, specimen: str | None) -> None:
        self.marks.append(centred(self._bold, 18, PAGE[0] / 2, self._y, title, 0.3))
        if specimen:
            self._y -= 18
            self.marks.append(centred(self._bold, 11, PAGE[0] / 2, self._y, specimen))
        self._y -= 12
        self._rule(1.0)

    def fact(self, label: str, value: str) -> None:
        """A label and what it says; a hash is small, so that it stays on one line."""
        size = _SMALL if len(value) >= 60 else _SIZE
        column = _LEFT + 66 * POINTS_PER_MM
        lines = break_lines(value, self._regular.widths, (_RIGHT - column) / size)
        self.marks.append(Words(self._bold, 9, _LEFT, self._y, label))
        for line in lines:
            self.marks.append(Words(self._regular, size, column, self._y, line.text))
            self._y -= _STEP if line is lines[-1] else 10

    def files(self, words: Mapping[str, str], files: Sequence[PrintFileLine]) -> None:
        self._y -= 2
        self._rule(0.5)
        self.marks.append(Words(self._bold, 10, _LEFT, self._y, words["heading"]))
        self._y -= _STEP
        self._row([words[key] for key in ("name", "letters", "pages", "sha256")], self._bold)
        for file in files[:_MOST_FILES]:
            self._row([file.name, f"{file.letters:,}", f"{file.pages:,}", file.sha256])
        if len(files) > _MOST_FILES:
            more = words["more"].replace("{count}", str(len(files) - _MOST_FILES))
            self._row([more, "", "", ""])

    def signatures(self, say: HandoverSettings) -> None:
        """At the foot of the page, one column a party."""
        self._y = (28 + 9 * len(say.lines)) * POINTS_PER_MM
        self._rule(1.0)
        width = (_RIGHT - _LEFT) / max(1, len(say.parties))
        for place, party in enumerate(say.parties):
            self.marks.extend(self._party(party, say.lines, _LEFT + place * width, width))
        self.marks.append(centred(self._regular, 8, PAGE[0] / 2, 14 * POINTS_PER_MM, say.note))

    def _party(self, party: str, lines: Sequence[str], x: float, width: float) -> Iterator[Mark]:
        y = self._y
        yield Words(self._bold, 9.5, x, y, party)
        for line in lines:
            y -= 9 * POINTS_PER_MM
            yield Words(self._regular, 9, x, y, line)
            start = x + self._regular.width(line) * 9 + 2
            yield Rule(start, y - 2, x + width - 10, y - 2, 0.4)

    def _row(self, cells: Sequence[str], weight: Face | None = None) -> None:
        used = weight or self._regular
        name, letters, pages, sha256 = cells
        self.marks.append(Words(used, 8.5, _LEFT, self._y, name))
        self.marks.append(flush_right(used, 8.5, _LEFT + 130, self._y, letters))
        self.marks.append(flush_right(used, 8.5, _LEFT + 175, self._y, pages))
        self.marks.append(Words(used, _SMALL - 0.5, _LEFT + 190, self._y, sha256))
        self._y -= 13

    def _rule(self, width: float) -> None:
        self.marks.append(Rule(_LEFT, self._y, _RIGHT, self._y, width))
        self._y -= _STEP
