"""A place of the user's own that stands in the text as an element."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from addrfix.model.nouns import ParsedAddress, PlaceHit, Reading, Span, Testimony
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import is_under
from addrfix.patterns import word_class
from addrfix.reading.witnesses.weights import weight_of
from addrfix.reading.witnesses.witness import NOTHING_ASKED, Answers, Asks, Case

# A name that decides has three characters, below a province four; a road is no proof there, since
# every county has its 人民路.
_TELLING = {1: 4, 2: 3, 3: 3}
_PLACES = ("poi", "subpoi")


class OwnPlace:
    """Speaks for the divisions of the user's places that the structure found."""

    name = "own_place"
    rests_on = "elements"

    def __init__(self, index: DivisionIndex) -> None:
        self._index = index
        self._weight = weight_of(self.name)

    def asks(self, written: ParsedAddress) -> Asks:
        """Nothing: own places are asked for before the structure, which needs them too."""
        return NOTHING_ASKED

    def says(self, written: ParsedAddress, answers: Answers, case: Case) -> Iterable[Testimony]:
        """The divisions of the longest places below a reading."""
        found = [place for place in answers.places if _stands(written.key, place, written.spans)]
        inside = [
            place
            for place in found
            if any(self._below(place, reading) for reading in written.readings)
        ]
        length = max((place.end - place.start for place in inside), default=0)
        for place in inside:
            if place.end - place.start == length:
                yield Testimony(self.name, place.division, self._weight, place.start, place.end)

    def _below(self, place: PlaceHit, reading: Reading) -> bool:
        """Whether a place lies in a reading's division and its name is long enough to tell that."""
        level = self._index.levels[reading.division]
        if place.label == "road" and level == 1:
            return False
        least = _TELLING.get(level, _TELLING[3])
        long_enough = place.end - place.start >= least
        return long_enough and is_under(place.division, reading.division, self._index)


def _stands(key: str, place: PlaceHit, spans: Sequence[Span]) -> bool:
    """Whether the structure found the place as an element of its own."""
    for span in spans:
        if span.start == place.start:
            same = span.label == place.label or (span.label in _PLACES and place.label == "poi")
            rest = key[place.end : span.end]
            return same and (not rest or rest in word_class("compound_goes_on"))
    return False


def create(index: DivisionIndex) -> OwnPlace:
    """The witness over one gazetteer."""
    return OwnPlace(index)
