"""Villages and communities that stand in the text, below the divisions it names.

There are 620,000 of them and many share a name, so they are asked for only below divisions that the
text has already named. One that the text calls a village or community is strong; a bare name
behind the divisions (碧桂园, 金苑新村) is a guess, since compounds bear the names of communities.
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

_LONGEST_STEM = 8
# Same-named districts to look below at most (鼓楼区 has four).
_MOST_RIVALS = 5


class Village:
    """Looks for villages below the divisions that the text names."""

    name = "village"
    rests_on = "text"

    def __init__(self, index: DivisionIndex) -> None:
        self._index = index
        self._weight = weight_of(self.name)
        self._guess = weight_of("village_name")

    def asks(self, written: ParsedAddress) -> Asks:
        """Each piece that may name a village, below each division that may be meant."""
        pieces = _pieces(written, self._index)
        if not pieces:
            return NOTHING_ASKED
        return Asks(
            villages=[
                (division, start, end, stem)
                for division in _where(written, self._index)
                for (start, end), stem in pieces.items()
            ]
        )

    def says(self, written: ParsedAddress, answers: Answers, case: Case) -> Iterable[Testimony]:
        """The towns of the villages that the most telling piece of the text names."""
        pieces = _pieces(written, self._index)
        found = [v for v in answers.villages if (v.start, v.end) in pieces]
        if not found:
            return
        if not is_settled(written.readings, self._index):
            found = self._telling_apart(written, found)
        else:
            found = _loudest(written, found, written.readings[0].division, self._index)
            if found and not self._tells(written, found[0]):
                return
        for village in found:
            sure = is_explicit(written.key, village)
            name, weight = (self.name, self._weight) if sure else ("village_name", self._guess)
            yield Testimony(name, village.town, weight, village.start, village.end)

    def _tells(self, written: ParsedAddress, village: VillageHit) -> bool:
        """Whether a piece says enough: 3 characters behind the names, below a province 4."""
        if is_explicit(written.key, village):
            return True
        if _like_any_estate(written.key[village.start : village.end]):
            return False
        size = village.end - village.start
        least = 4 if self._index.levels[written.readings[0].division] == 1 else 3
        return size >= least and village.start <= behind_names(written) + 1

    def _telling_apart(
        self, written: ParsedAddress, found: Sequence[VillageHit]
    ) -> list[VillageHit]:
        """Villages that tell rivals apart: those named in full, else those of the longest piece."""
        counties = [
            reading.division
            for reading in written.readings
            if self._index.levels[reading.division] >= 3
        ]
        inside = [v for v in found if any(is_under(v.town, c, self._index) for c in counties)]
        explicit = [village for village in inside if is_explicit(written.key, village)]
        if explicit or not inside:
            return explicit
        longest = max(village.end - village.start for village in found)
        return [v for v in inside if v.end - v.start == longest >= 3]


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


def _pieces(written: ParsedAddress, index: DivisionIndex) -> dict[tuple[int, int], str]:
    """Pieces of the text that may name a village: place → stem."""
    key = written.key
    first = behind_names(written)
    pieces: dict[tuple[int, int], str] = {}
    if index.levels[written.readings[0].division] >= 2:
        open_ended = not is_settled(written.readings, index)
        roadish = False
        for end in range(first + 2, min(first + _LONGEST_STEM, len(key)) + 1):
            if key[end - 1] in SEPARATORS or key[end - 1].isdigit():
                break
            roadish = roadish or (
                end - first > 1 and key[end - 1] in word_class("through_road_end")
            )
            # A road's name tells little, but enough to choose between two districts of one name.
            if (open_ended and end - first >= 3) or not (roadish or _roadish(key, end)):
                pieces[(first, end)] = key[first:end]
    for ending in pattern("village_ending").finditer(key, first):
        for start in range(max(first, ending.start() - _LONGEST_STEM), ending.start()):
            piece = key[start : ending.start()]
            # A village begins where something else ends: not in the middle of 明珠新村.
            opens = start == first or key[start - 1].isdigit() or _opens_after(key[start - 1])
            if opens and not any(c in SEPARATORS or c.isdigit() for c in piece):
                pieces[(start, ending.end())] = piece
    return pieces


def _like_any_estate(piece: str) -> bool:
    """Whether compounds in many towns are called so: 碧桂园, 金苑新村."""
    return piece.startswith(word_class("developer")) or piece.endswith(word_class("estate_tail"))


def _roadish(key: str, end: int) -> bool:
    """Whether a piece that ends here is rather the name of a road or compound."""
    return key.startswith(word_class("not_a_village_before"), end) or (
        key[end - 1] in word_class("not_a_village_end")
    )


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
