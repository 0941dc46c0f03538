"""Villages and communities that stand in the text, below the divisions it names.

There are 620,000 of them and many share a name, so they are asked for only below divisions that the
text has already named. `village_name.py` looks for bare names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from addrfix.model.nouns import ParsedAddress, Testimony, VillageHit
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import common, is_settled, is_under
from addrfix.patterns import pattern, word_class
from addrfix.reading.witnesses.weights import weight_of
from addrfix.reading.witnesses.witness import NOTHING_ASKED, Answers, Asks, Case, behind_names
from addrfix.text.marks import SEPARATORS

LONGEST_STEM = 8
"""No stem of a village is longer, in characters."""
# Same-named districts to look below at most (鼓楼区 has four).
_MOST_RIVALS = 5


class Village:
    """Looks for villages that the text calls so, below the divisions that it names."""

    name = "village"
    rests_on = "text"

    def __init__(self, index: DivisionIndex) -> None:
        self._index = index
        self._weight = weight_of(self.name)

    def asks(self, written: ParsedAddress) -> Asks:
        """Each piece that ends like a village, below each division that may be meant."""
        return asked_below(written, _pieces(written), self._index)

    def says(self, written: ParsedAddress, answers: Answers, case: Case) -> Iterable[Testimony]:
        """The towns of the villages that the most telling piece of the text names."""
        if not answers.villages:
            return
        found = [v for v in answers.villages if is_explicit(written.key, v)]
        if not is_settled(written.readings, self._index):
            counties = rival_counties(written, self._index)
            found = [v for v in found if any(is_under(v.town, c, self._index) for c in counties)]
        elif found:
            found = _loudest(written, found, written.readings[0].division, self._index)
        for village in found:
            yield Testimony(self.name, village.town, self._weight, village.start, village.end)


def asked_below(
    written: ParsedAddress, pieces: dict[tuple[int, int], str], index: DivisionIndex
) -> Asks:
    """A look-up of each piece (place in the text → stem) below each division that may be meant."""
    if not pieces:
        return NOTHING_ASKED
    return Asks(
        villages=[
            (division, start, end, stem)
            for division in _where(written, index)
            for (start, end), stem in pieces.items()
        ]
    )


def rival_counties(written: ParsedAddress, index: DivisionIndex) -> list[int]:
    """Counties and towns among the readings that are left open."""
    return [r.division for r in written.readings if index.levels[r.division] >= 3]


def standing(
    written: ParsedAddress, found: Sequence[VillageHit], division: int, index: DivisionIndex
) -> list[VillageHit]:
    """Villages that may stand in the text once its division is known, for the structure."""
    level = index.levels[division]
    if level < 3 and index.levels[written.readings[0].division] >= 3:
        return []
    inside = [v for v in found if is_under(v.town, division, index)]
    if level == 4:
        return inside or [v for v in found if is_explicit(written.key, v)]
    if level < 3:
        return []
    return _loudest(written, inside, division, index)


def _loudest(
    written: ParsedAddress, found: Sequence[VillageHit], division: int, index: DivisionIndex
) -> list[VillageHit]:
    """The longest name that touches the divisions; one that is called a village before others."""
    inside = [v for v in found if is_under(v.town, division, index)]
    if not inside:
        return []
    first = behind_names(written)
    key = written.key
    chosen = max(
        {(v.start, v.end) for v in inside},
        key=lambda s: (_named(key, *s), s[0] <= first + 1, s[1] - s[0], -s[0]),
    )
    return [v for v in inside if (v.start, v.end) == chosen]


def is_explicit(key: str, village: VillageHit) -> bool:
    """Whether the text itself says that this is a village or community."""
    return _named(key, village.start, village.end)


def _named(key: str, start: int, end: int) -> bool:
    return pattern("village_ending").search(key, start, end) is not None


def _pieces(written: ParsedAddress) -> dict[tuple[int, int], str]:
    """Pieces of the text that are called a village or community: place → stem."""
    key = written.key
    first = behind_names(written)
    pieces: dict[tuple[int, int], str] = {}
    for ending in pattern("village_ending").finditer(key, first):
        for start in range(max(first, ending.start() - LONGEST_STEM), ending.start()):
            piece = key[start : ending.start()]
            # A village begins where something else ends: not in the middle of 明珠新村.
            opens = start == first or key[start - 1].isdigit() or _opens_after(key[start - 1])
            if opens and not any(c in SEPARATORS or c.isdigit() for c in piece):
                pieces[(start, ending.end())] = piece
    return pieces


def _opens_after(character: str) -> bool:
    return character in SEPARATORS or character in word_class("village_opens_after")


def _where(written: ParsedAddress, index: DivisionIndex) -> list[int]:
    """Divisions to look below: that of the best reading, or those of all that are tied."""
    readings = written.readings
    if len(readings) == 1:
        division = readings[0].division
        # A town is often wrong or missing: look in its whole county, and prefer the town later.
        if index.levels[division] == 4 and index.parents[division] >= 0:
            division = index.parents[division]
        return [division]
    shared = common({reading.division for reading in readings}, index)
    if shared is not None:
        return [shared]
    return list(dict.fromkeys(reading.division for reading in readings[:_MOST_RIVALS]))


def create(index: DivisionIndex) -> Village:
    """The witness over one gazetteer."""
    return Village(index)
