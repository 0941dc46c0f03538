"""Addresses whose names leave open which place is meant, and what else in them or their case tells.

Kinds of tie, all with the true place known:
  same_named           朝阳区… alone, where several counties are called so
  road_after_district  the city and a road that bears the name of one of its counties, no county
  one_urban_district   the city alone, where it has one urban district and the address is not in it
  moved_town           a town below the county to which it belonged before
  community            the city and a community whose name several of its counties have
A postcode stands behind some of them, rarely that of a namesake; ID number, phone and the other
addresses of the case are those of the debtor, who may have moved.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from case_world.places import Division, Map, Place, village_stem
from case_world.settings import Settings

KINDS = ("same_named", "road_after_district", "one_urban_district", "moved_town", "community")
_WRITTEN = {
    "same_named": (3, 4),
    "road_after_district": (1, 2),
    "one_urban_district": (1, 2),
    "moved_town": (1, 2, 3, 4),
    "community": (1, 2),
}
"""Levels that a text with such a tie names; a village stands in all that have one."""
_URBAN = "区"


@dataclass
class Ties:
    """Which places are tied with which others."""

    dice: random.Random
    settings: Settings
    namesakes: dict[str, list[Division]] = field(default_factory=dict)
    """Name of a county to all counties of that name, several at least."""
    cities: dict[str, list[Division]] = field(default_factory=dict)
    """Code of a city to its counties."""
    moved: dict[str, list[Division]] = field(default_factory=dict)
    """Code of a town to the counties, in force, to which it belonged before."""
    communities: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """City and stem of a community's name to the counties that have one."""
    postcodes: dict[str, str] = field(default_factory=dict)
    counties: dict[str, list[Division]] = field(default_factory=dict)
    """Kind of tie to the counties in which there is one."""

    def wanted(self) -> bool:
        """Whether this world has ties at all."""
        return self.settings("ties", "county") > 0

    def county(self) -> Division | None:
        """A county in which a tie is possible, or None as often as the world says."""
        if not self.wanted() or self.dice.random() >= self.settings("ties", "county"):
            return None
        kinds = [kind for kind in KINDS if self.counties.get(kind)]
        return self.dice.choice(self.counties[self.dice.choice(kinds)])

    def of(self, place: Place) -> str | None:
        """The kind of tie that an address of this place is written with, if any."""
        if not self.wanted():
            return None
        possible = [kind for kind in KINDS if self._possible(kind, place)]
        kind = self.dice.choice(possible) if possible else None
        fits = kind is not None and self.dice.random() < self.settings("ties", kind)
        return kind if fits else None

    def _possible(self, kind: str, place: Place) -> bool:
        county, town = county_of(place), town_of(place)
        city = county.parent if county else None
        if county is None or town is None or city is None:
            return False
        siblings = self.cities.get(city.code, [])
        if kind == "same_named":
            return county.name in self.namesakes
        if kind == "road_after_district":
            return city.level == 2 and len(siblings) > 1 and not place.rural
        if kind == "one_urban_district":
            return self._one_urban(city) and not county.name.endswith(_URBAN)
        if kind == "moved_town":
            return town.code in self.moved
        key = (city.code, village_stem(place.division.name)[0])
        return place.rural and len(self.communities.get(key, ())) > 1

    def _one_urban(self, city: Division) -> bool:
        siblings = self.cities.get(city.code, [])
        urban = [county for county in siblings if county.name.endswith(_URBAN)]
        return city.level == 2 and len(urban) == 1 and len(siblings) > 1

    def chain(self, place: Place, kind: str) -> list[Division]:
        """The divisions that a text with such a tie names, from the top."""
        whole = place.division.chain()
        if kind == "moved_town":
            before = self.dice.choice(self.moved[_code(town_of(place))])
            whole = [*before.chain(), *(division for division in whole if division.level > 3)]
        written = [d for d in whole if d.level == 5 or d.level in _WRITTEN[kind]]
        # Half of the towns are left out, and most of the provinces.
        if kind == "same_named" and not place.rural and self.dice.random() < 0.5:
            written = [division for division in written if division.level != 4]
        if written[0].level == 1 and len(written) > 1 and self.dice.random() < 0.6:
            written = written[1:]
        return written

    def road(self, place: Place) -> str:
        """A road of the place's city that is called after one of its counties."""
        county = county_of(place)
        assert county is not None and county.parent is not None
        named = self.dice.choice(self.cities[county.parent.code])
        return named.short + self.dice.choice(("路", "路", "大道", "街", "东路", "西路"))

    def postcode(self, place: Place, kind: str) -> str:
        """A postcode as written beside the text; empty where there is none."""
        county = county_of(place)
        if county is None or self.dice.random() >= self.settings("ties", "postcode"):
            return ""
        if self.dice.random() < self.settings("ties", "postcode_wrong"):
            others = self.namesakes.get(county.name) or self.cities[_code(county.parent)]
            county = self.dice.choice(others)
        return self.postcodes.get(county.code, "")


def county_of(place: Place) -> Division | None:
    """The county of a place; None where its city has none."""
    return next((d for d in place.division.chain() if d.level == 3), None)


def town_of(place: Place) -> Division | None:
    """The town of a place."""
    return next((d for d in place.division.chain() if d.level == 4), None)


def _code(division: Division | None) -> str:
    return division.code if division else ""


def load_ties(gazetteer: Path, places: Map, dice: random.Random, settings: Settings) -> Ties:
    """The ties among the divisions of a map; empty in a world without them."""
    ties = Ties(dice, settings)
    if not ties.wanted():
        return ties
    for county in places.counties:
        if county.level == 3 and county.parent is not None:
            ties.namesakes.setdefault(county.name, []).append(county)
            ties.cities.setdefault(county.parent.code, []).append(county)
    ties.namesakes = {name: same for name, same in ties.namesakes.items() if len(same) > 1}
    _communities(ties, places)
    _moved(gazetteer, ties, places)
    codes = pl.read_parquet(gazetteer / "divisions.parquet", columns=["code", "postcode"])
    ties.postcodes = dict(codes.drop_nulls().filter(pl.col("code").str.len_chars() == 6).rows())
    _counties(ties, places)
    return ties


def _communities(ties: Ties, places: Map) -> None:
    for county in ties.cities:
        for division in ties.cities[county]:
            for town in places.towns.get(division.code, ()):
                for village in places.villages.get(town.code, ()):
                    key = (county, village_stem(village.name)[0])
                    ties.communities.setdefault(key, set()).add(division.code)


def _moved(gazetteer: Path, ties: Ties, places: Map) -> None:
    """Towns that kept their name and changed their county since 2000."""
    counties = {county.code: county for county in places.counties}
    towns = {town.code: town for all_ in places.towns.values() for town in all_}
    rows = pl.read_parquet(gazetteer / "history.parquet").filter(
        (pl.col("level") == 4) & (pl.col("share") >= 0.9) & (pl.col("until_year") >= 2000)
    )
    for row in rows.sort("new_code", "old_code", "old_name").iter_rows(named=True):
        town = towns.get(row["new_code"])
        if town is None or town.name != row["old_name"] or town.parent is None:
            continue
        for code in row["old_parents"]:
            before = counties.get(code)
            if before is not None and before.level == 3 and before.code != town.parent.code:
                ties.moved.setdefault(town.code, []).append(before)


def _counties(ties: Ties, places: Map) -> None:
    """Counties by the ties that are possible in them, so that they can be drawn evenly."""
    moved = {code[:6] for code in ties.moved}
    common = {code for found in ties.communities.values() if len(found) > 1 for code in found}
    for county in places.counties:
        city = county.parent
        if county.level != 3 or city is None:
            continue
        several = city.level == 2 and len(ties.cities[city.code]) > 1
        urban = [c for c in ties.cities[city.code] if c.name.endswith(_URBAN)]
        here = {
            "same_named": county.name in ties.namesakes,
            "road_after_district": several,
            "one_urban_district": several and len(urban) == 1 and county not in urban,
            "moved_town": county.code in moved,
            "community": county.code in common,
        }
        for kind, there in here.items():
            if there:
                ties.counties.setdefault(kind, []).append(county)
