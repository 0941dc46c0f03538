"""A road and a number of a city with one urban district, and no county written: it is there.

A guess, since lists of places often leave out the county: with a compound or a firm behind the road
this witness is silent, and so it is where the road is called after another county or its town.
"""

from __future__ import annotations

from collections.abc import Iterable

from addrfix.model.nouns import ParsedAddress, Reading, Testimony
from addrfix.model.protocols import DivisionIndex
from addrfix.model.terms import SpanLabel
from addrfix.model.tree import is_settled
from addrfix.patterns import pattern, word_class
from addrfix.reading.witnesses.weights import weight_of
from addrfix.reading.witnesses.witness import NOTHING_ASKED, Answers, Asks, Case
from addrfix.text.marks import SEPARATORS

_DOOR = frozenset(
    {
        SpanLabel.ROAD, SpanLabel.ROADNO, SpanLabel.HOUSENO, SpanLabel.CELLNO, SpanLabel.FLOORNO,
        SpanLabel.ROOMNO, SpanLabel.ASSIST, SpanLabel.DISTANCE, SpanLabel.INTERSECTION,
    }
)  # fmt: skip
"""What may stand behind the road: doors and directions, but no name."""


class CoreDistrict:
    """Speaks for the one urban district of a city."""

    name = "core_district"
    rests_on = "elements"

    def __init__(self, index: DivisionIndex) -> None:
        self._index = index
        self._weight = weight_of(self.name)

    def asks(self, written: ParsedAddress) -> Asks:
        """Nothing."""
        return NOTHING_ASKED

    def says(self, written: ParsedAddress, answers: Answers, case: Case) -> Iterable[Testimony]:
        """The urban district, where the text names its city and a road and nothing else."""
        if not is_settled(written.readings, self._index):
            return
        best = written.readings[0]
        core = self._index.core(best.division)
        if core is None:
            return
        key = written.key
        urban = all(key[h.start : h.end] in word_class("urban_area") for h in best.contradicted)
        if _seat_named(key, best) or (urban and self._only_a_road(written, best, core)):
            yield Testimony(self.name, core, self._weight)

    def _only_a_road(self, written: ParsedAddress, best: Reading, core: int) -> bool:
        last = max(mention.end for mention in best.mentions)
        last = max(last, max((hit.end for hit in best.contradicted), default=0))
        behind = [span for span in written.spans if span.start >= last]
        labels = [span.label for span in behind]
        if labels[:1] != [SpanLabel.ROAD] or not _DOOR.issuperset(labels):
            return False
        if labels.count(SpanLabel.ROAD) > 1 and SpanLabel.INTERSECTION not in labels:
            return False
        if any(c not in SEPARATORS for c in written.key[behind[-1].end :]):
            return False
        road = written.key[behind[0].start : behind[0].end]
        county = word_class("county_word")[0] in road
        return not county and not self._named_elsewhere(road, best.division, core)

    def _named_elsewhere(self, road: str, city: int, core: int) -> bool:
        """Whether the road is called after another county of the city, or a town of one."""
        found = pattern("road_stem").match(road)
        stem = found[1] if found else road
        children = self._index.children
        for form, county, level, _ in children(city):
            if level != 3 or county == core:
                continue
            if form[:2] == stem[:2]:
                return True
            if any(town[:-1] == stem or town == stem for town, _, _, _ in children(county)):
                return True
        return False


def _seat_named(key: str, best: Reading) -> bool:
    """哈密地区哈密市: the city below the prefecture was the county that is the core now."""
    return any(
        former.level == 2
        and key[former.start : former.end].endswith(word_class("prefecture_rank"))
        and former.end == city.start
        and key[city.end - 1] in word_class("city_rank")
        for former in best.repeated
        for city in best.mentions[-1:]
    )


def create(index: DivisionIndex) -> CoreDistrict:
    """The witness over one gazetteer."""
    return CoreDistrict(index)
