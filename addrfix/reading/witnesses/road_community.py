"""A road with a community called after it in one county of the city: 真光路 and 真光路社区.

A guess: long roads have their community at one end only, so avenues, roads of a direction and names
that any city has say nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from addrfix.model.nouns import ParsedAddress, Testimony
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import is_under
from addrfix.patterns import word_class
from addrfix.reading.witnesses.road_name import county_of, road_behind
from addrfix.reading.witnesses.weights import weight_of
from addrfix.reading.witnesses.witness import NOTHING_ASKED, Answers, Asks, Case


class RoadCommunity:
    """Compares the whole name of the road behind a city with the names of its communities."""

    name = "road_community"
    rests_on = "text"

    def __init__(self, index: DivisionIndex) -> None:
        self._index = index
        self._weight = weight_of(self.name)

    def asks(self, written: ParsedAddress) -> Asks:
        """Communities called like the whole road, below the city."""
        road = road_behind(written, self._index)
        if road is None or road["way"] or road["kind"] not in word_class("plain_road"):
            return NOTHING_ASKED
        if road["stem"] in word_class("common_road"):
            return NOTHING_ASKED
        city = written.readings[0].division
        return Asks(villages=[(city, road.start(), road.end(), road.group())])

    def says(self, written: ParsedAddress, answers: Answers, case: Case) -> Iterable[Testimony]:
        """The one county in which such communities lie."""
        road = road_behind(written, self._index)
        if road is None or road["way"] or road["stem"] in word_class("common_road"):
            return
        city = written.readings[0].division
        counties = {
            county_of(v.town, self._index)
            for v in answers.villages
            if (v.start, v.end) == road.span() and is_under(v.town, city, self._index)
        }
        county = counties.pop() if len(counties) == 1 else None
        if county is not None:
            yield Testimony(self.name, county, self._weight, *road.span())


def create(index: DivisionIndex) -> RoadCommunity:
    """The witness over one gazetteer."""
    return RoadCommunity(index)
