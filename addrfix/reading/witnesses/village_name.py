"""A community whose bare name stands behind the divisions: 遵义市|南宫山|3号.

A guess, since compounds and firms bear the names of communities; names that any town has (碧桂园,
金苑新村) say nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from addrfix.model.nouns import ParsedAddress, Testimony, VillageHit
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import is_settled, is_under
from addrfix.patterns import word_class
from addrfix.reading.witnesses.village import (
    LONGEST_STEM,
    asked_below,
    is_explicit,
    rival_counties,
)
from addrfix.reading.witnesses.weights import weight_of
from addrfix.reading.witnesses.witness import NOTHING_ASKED, Answers, Asks, Case, behind_names
from addrfix.text.marks import SEPARATORS

_TELLING = 3
"""Characters of a name that tells; below a province one more."""


class VillageName:
    """Looks for communities called like what stands behind the names."""

    name = "village_name"
    rests_on = "text"

    def __init__(self, index: DivisionIndex) -> None:
        self._index = index
        self._weight = weight_of(self.name)

    def asks(self, written: ParsedAddress) -> Asks:
        """Each beginning of what stands behind the names, below each division that may be meant."""
        if self._index.levels[written.readings[0].division] < 2:
            return NOTHING_ASKED
        return asked_below(written, self._pieces(written), self._index)

    def says(self, written: ParsedAddress, answers: Answers, case: Case) -> Iterable[Testimony]:
        """The towns of the communities with the longest name, where none is named in full."""
        if not answers.villages:
            return
        if any(is_explicit(written.key, village) for village in answers.villages):
            return
        first = behind_names(written)
        pieces = self._pieces(written)
        found = [v for v in answers.villages if (v.start, v.end) in pieces]
        settled = is_settled(written.readings, self._index)
        longest = max((v.end - v.start for v in found), default=0)
        if longest < _TELLING or (
            settled and _like_any_estate(written.key[first : first + longest])
        ):
            return
        below = [written.readings[0].division] if settled else rival_counties(written, self._index)
        for village in found:
            if village.end - village.start == longest and self._lies_below(village, below):
                yield Testimony(self.name, village.town, self._weight, village.start, village.end)

    def _lies_below(self, village: VillageHit, divisions: Iterable[int]) -> bool:
        return any(is_under(village.town, division, self._index) for division in divisions)

    def _pieces(self, written: ParsedAddress) -> dict[tuple[int, int], str]:
        """Beginnings of two and more characters; those of roads only where rivals are left."""
        key = written.key
        first = behind_names(written)
        rivals = not is_settled(written.readings, self._index)
        pieces: dict[tuple[int, int], str] = {}
        roadish = False
        for end in range(first + 2, min(first + LONGEST_STEM, len(key)) + 1):
            if key[end - 1] in SEPARATORS or key[end - 1].isdigit():
                break
            roadish = roadish or key[end - 1] in word_class("through_road_end")
            # A road's name tells little, but enough to choose between two districts of one name.
            if (rivals and end - first >= _TELLING) or not (roadish or _before_a_road(key, end)):
                pieces[(first, end)] = key[first:end]
        return pieces


def _like_any_estate(piece: str) -> bool:
    """Whether compounds in many towns are called so: 碧桂园, 金苑新村."""
    return piece.startswith(word_class("developer")) or piece.endswith(word_class("estate_tail"))


def _before_a_road(key: str, end: int) -> bool:
    """Whether a piece that ends here is rather the name of a road or compound."""
    return key.startswith(word_class("not_a_village_before"), end) or (
        key[end - 1] in word_class("not_a_village_end")
    )


def create(index: DivisionIndex) -> VillageName:
    """The witness over one gazetteer."""
    return VillageName(index)
