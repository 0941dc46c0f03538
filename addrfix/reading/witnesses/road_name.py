"""Roads called after the place they run through, where no county is written.

Alone, a road's name is a poor witness: a road leads to the place it is called after as often as it
lies in it. It speaks where a town and a community of one and the same county bear its name, and
where it bears the name of an urban district of its city that never was a county.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from addrfix.model.nouns import ParsedAddress, Testimony
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import is_settled, is_under, lineage
from addrfix.patterns import pattern, word_class
from addrfix.reading.witnesses.weights import weight_of
from addrfix.reading.witnesses.witness import NOTHING_ASKED, Answers, Asks, Case, behind_names


class RoadName:
    """Compares the road behind a city with the names of its districts, towns and communities."""

    name = "road_name"
    rests_on = "text"

    def __init__(self, index: DivisionIndex) -> None:
        self._index = index
        self._weight = weight_of(self.name)

    def asks(self, written: ParsedAddress) -> Asks:
        """Communities called like the road, below the city."""
        road = road_behind(written, self._index)
        if road is None:
            return NOTHING_ASKED
        city = written.readings[0].division
        start, end, stem = road.start(), road.end("stem"), road["stem"]
        asked = [(city, start, end, stem)]
        if not road["way"] and not _broad(road):
            asked.append((city, start, road.end(), stem + word_class("plain_road")[0]))
        return Asks(villages=asked)

    def says(self, written: ParsedAddress, answers: Answers, case: Case) -> Iterable[Testimony]:
        """The district that the road is called after; else the county of town and community."""
        road = road_behind(written, self._index)
        if road is None or written.readings[0].contradicted:
            return
        city = written.readings[0].division
        county = self._own_district(road, city)
        if county is None and not _broad(road) and not self._is_place(road["stem"]):
            county = self._town_and_community(road, city, answers)
        if county is not None:
            yield Testimony(self.name, county, self._weight, road.start(), road.end())

    def _own_district(self, road: re.Match[str], city: int) -> int | None:
        """The urban district that the road is called after.

        Only a district that never was a county: a road called after one leads to its town.
        """
        index, stem = self._index, road["stem"]
        named = {d for form, d, level, _ in index.children(city) if level == 3 and form == stem}
        if road["way"] or road["kind"] in word_class("lane_end") or len(named) != 1:
            return None
        district = named.pop()
        forms = {form for form, d, _, _ in index.children(city) if d == district}
        once = any(form.endswith(word_class("was_a_county")) for form in forms)
        urban = index.names[district].endswith(word_class("district_rank"))
        return district if urban and not once else None

    def _town_and_community(self, road: re.Match[str], city: int, answers: Answers) -> int | None:
        """The one county with a town and a community that the road is called after."""
        index = self._index
        ends = (road.end("stem"), road.end())
        communities = {
            county_of(v.town, index)
            for v in answers.villages
            if v.start == road.start() and v.end in ends and is_under(v.town, city, index)
        }
        if not communities:
            return None
        counties = {entry[1] for entry in index.children(city) if entry[2] == 3}
        towns = {county for county in counties if self._has_town(county, road["stem"])}
        return towns.pop() if len(towns) == 1 and towns == communities else None

    def _has_town(self, county: int, stem: str) -> bool:
        names = {stem, *(stem + road for road in word_class("road_in_town_name"))}
        rank = word_class("street_town_rank")[0]
        return any(
            level == 4 and (form in names or form.removesuffix(rank) in names)
            for form, _, level, _ in self._index.children(county)
        )

    def _is_place(self, stem: str) -> bool:
        """芜湖路 is called after the city, not after a town here."""
        return any(
            hit.end - hit.start == len(stem) and any(form.level <= 3 for form in hit.forms)
            for hit in self._index.hits(stem)
        )


def road_behind(written: ParsedAddress, index: DivisionIndex) -> re.Match[str] | None:
    """The road that stands behind a city, where nothing below it is named.

    Groups: stem (真光), way (东, empty for none), kind (路). No 人民路: every city has one.
    """
    if not is_settled(written.readings, index):
        return None
    if index.levels[written.readings[0].division] != 2:
        return None
    road = pattern("named_road").match(written.key, behind_names(written))
    return None if road is None or road["stem"] in word_class("everyday_road") else road


def _broad(road: re.Match[str]) -> bool:
    """Whether it is an avenue, which runs through many towns."""
    return road["kind"] in word_class("avenue")


def county_of(town: int, index: DivisionIndex) -> int | None:
    """The county that a town lies in; None for a town of a city without counties."""
    return next((step for step in lineage(town, index) if index.levels[step] == 3), None)


def create(index: DivisionIndex) -> RoadName:
    """The witness over one gazetteer."""
    return RoadName(index)
