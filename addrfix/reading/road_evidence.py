"""Roads called after the town and the community they run through, where no county is written.

Alone, a road's name is a poor witness: a road leads to the place it is called after as often as it
lies in it. It is believed where a town and a community of one and the same county bear its name,
and where it bears the name of an urban district of its city.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from addrfix.model.nouns import ParsedAddress, Reading, VillageHit
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import is_under, lineage
from addrfix.text.marks import SEPARATORS

REASON = "road_decided"
_ROAD = re.compile(
    r"(?P<stem>[^\W\d_]{2,5}?)(?P<way>[东西南北中上下前后]?)[一二三四五六七八九十]{0,2}支?"
    r"(?P<kind>路(?!街道)|街(?!道)|大道|大街|道|巷|弄)(?![东西南北中一二三四五六七八九十]段|社区)"
)


@dataclass(frozen=True, slots=True)
class NamedRoad:
    """A road right behind the divisions."""

    start: int
    stem_end: int
    end: int
    stem: str
    directed: bool
    """Whether it is the east, west … part of a longer road."""
    kind: str
    """Its ending: 路, 大道 …"""

    @property
    def broad(self) -> bool:
        """Whether it is an avenue, which runs through many towns."""
        return self.kind.startswith("大")


def named_road(address: ParsedAddress) -> NamedRoad | None:
    """The road that stands behind the last division of the best reading."""
    if not address.readings:
        return None
    key = address.key
    start = max((mention.end for mention in address.readings[0].mentions), default=0)
    while start < len(key) and key[start] in SEPARATORS:
        start += 1
    found = _ROAD.match(key, start)
    if found is None:
        return None
    return NamedRoad(
        start, found.end("stem"), found.end(), found["stem"], bool(found["way"]), found["kind"],
    )  # fmt: skip


def pieces(road: NamedRoad) -> dict[tuple[int, int], str]:
    """What to ask the villages for: 真光 and 真光路."""
    asked = {(road.start, road.stem_end): road.stem}
    if not road.directed and not road.broad:
        asked[road.start, road.end] = road.stem + "路"
    return asked


def decide_by_road(
    address: ParsedAddress, found: Sequence[VillageHit], index: DivisionIndex
) -> tuple[Reading, ...] | None:
    """The readings that the road leaves; None where it tells nothing."""
    road = named_road(address)
    if road is None:
        return None
    villages = [v for v in found if v.start == road.start and v.end in (road.stem_end, road.end)]
    best = address.readings[0]
    if index.levels[best.division] != 2 or best.contradicted:
        return None
    if (district := _own_district(road, best.division, index)) is not None:
        return (replace(best, division=district),)
    if road.broad or _is_place(road.stem, index):
        return None
    communities = {
        _county(v.town, index) for v in villages if is_under(v.town, best.division, index)
    }
    counties = {entry[1] for entry in index.children(best.division) if entry[2] == 3}
    towns = {county for county in counties if _has_town(county, road, index)}
    if len(towns) == 1 and towns == communities:
        return (replace(best, division=towns.pop()),)
    return None


def _own_district(road: NamedRoad, city: int, index: DivisionIndex) -> int | None:
    """The urban district that the road is called after.

    Only a district that never was a county: a road called after one leads to its town.
    """
    named = {d for form, d, level, _ in index.children(city) if level == 3 and form == road.stem}
    if road.directed or road.kind in "街巷弄" or len(named) != 1:
        return None
    district = named.pop()
    forms = {form for form, d, _, _ in index.children(city) if d == district}
    once_a_county = any(form.endswith(("县", "市", "旗")) for form in forms)
    return None if once_a_county or not index.names[district].endswith("区") else district


def _has_town(county: int, road: NamedRoad, index: DivisionIndex) -> bool:
    names = (road.stem, road.stem + "路", road.stem + "街")
    return any(
        level == 4 and (form in names or form.removesuffix("街道") in names)
        for form, _, level, _ in index.children(county)
    )


def _is_place(stem: str, index: DivisionIndex) -> bool:
    """芜湖路 is called after the city, not after a town here."""
    return any(
        hit.end - hit.start == len(stem) and any(form.level <= 3 for form in hit.forms)
        for hit in index.hits(stem)
    )


def _county(town: int, index: DivisionIndex) -> int | None:
    return next((step for step in lineage(town, index) if index.levels[step] == 3), None)
