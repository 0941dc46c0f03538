"""Names that only their place gives away: read downwards, right behind a city that is certain.

县 and 区 are left out even where one character stays (临汾蒲薛关 is 薛关镇 in 蒲县), and towns
are written without 镇 behind the city (珠海市南屏坪岚路). Against the whole country such pieces
mean anything; among the towns of one city they mean one thing or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from addrfix.model.nouns import SHORT_KINDS, Form, Hit, Mention, Reading, traits_of
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import is_under
from addrfix.text.marks import SEPARATORS

_RANKS = "区县市旗"
_BARE_ZONE = "开发区"
_TOWN_RANK = re.compile(r"(?:街道|镇|乡|苏木)$")
# A road or a house number makes its own sense of what stands before it: 新华路 is no 新华街道.
_ROAD = r"(?:路|街|大道|大街|道|巷|胡同|里|弄|桥|线)"
_PART_OF_MORE = re.compile(
    rf"[东西南北中上下大小老新前后]*[一二三四五六七八九十]*[横纵支]?{_ROAD}(?!道)"
)
_NEXT_ROAD = rf"[^\W\d_与和及]{{2,6}}?{_ROAD}(?!社区)"
_STANDS_ALONE = re.compile(
    rf"$|[,、;(]|(?:街上|集上|镇上|街\d)|{_NEXT_ROAD}|[^\W\d_社]{{2,4}}?[村圩]"
)
_DOOR_OR_END = re.compile(r"[\W_]*(?:$|[\da-z]|[一二三四五六七八九十]+[号栋幢座])")
_ROAD_FOLLOWS = re.compile(_NEXT_ROAD)


@dataclass(frozen=True, slots=True)
class _Found:
    """A town, with its county where that is written, below a city."""

    length: int
    county: Mention | None
    town: Mention


def is_settled(readings: tuple[Reading, ...], index: DivisionIndex) -> bool:
    """Whether the text names one branch: other readings only stop higher or go deeper on it."""
    return bool(readings) and all(
        is_under(other.division, readings[0].division, index)
        or is_under(readings[0].division, other.division, index)
        for other in readings[1:]
    )


def descend(key: str, readings: tuple[Reading, ...], index: DivisionIndex) -> tuple[Reading, ...]:
    """Readings, the first one led down where what follows its city is one town of that city.

    Left as they are where the text names no city, or more than a city, without doubt.
    """
    if not is_settled(readings, index) or index.levels[readings[0].division] != 2:
        return readings
    best = readings[0]
    start = max(mention.end for mention in best.mentions)
    while start < len(key) and key[start] in SEPARATORS:
        start += 1
    if (zone := _own_zone(key, start, best, index)) is not None:
        return (replace(best, division=zone.division, mentions=(*best.mentions, zone)),)
    if (county := _repeated_county(key, start, best, index)) is not None:
        return (replace(best, division=county.division, mentions=(*best.mentions, county)),)
    found = _towns(key, start, best.division, index)
    if not found:
        return readings
    longest = max(entry.length for entry in found)
    if any(hit.start == start and hit.end > start + longest for hit in index.hits(key)):
        return readings
    fitting = {entry.town.division: entry for entry in found if entry.length == longest}
    if len(fitting) != 1:
        return readings
    entry = next(iter(fitting.values()))
    new = [entry.town] if entry.county is None else [entry.county, entry.town]
    deeper = replace(
        best,
        division=entry.town.division,
        mentions=(*best.mentions, *new),
        contradicted=tuple(h for h in best.contradicted if h.start >= start + longest),
    )
    return (deeper,)


def lone_pair(
    key: str, hits: Sequence[Hit], found: tuple[Reading, ...], index: DivisionIndex
) -> list[Hit] | None:
    """Names with a county's short name and the full name of a town of it, side by side.

    Words that forbid a short name (原平闫 would be a village) are outweighed by the town behind it.
    None where no such pair stands at the beginning or behind the names already read.
    """
    starts = {0} if not found else {max(m.end for m in found[0].mentions), 0}
    for start in sorted(starts, reverse=True):
        pairs: list[tuple[Mention, Mention]] = []
        for hit in index.hits(key):
            if hit.start != start:
                continue
            for form in hit.forms:
                if form.level == 3 and form.kind in ("short", "official"):
                    county = Mention(hit.start, hit.end, form.division, 3, form.kind)
                    pairs += [
                        (county, town)
                        for town, _ in _town_at(key, hit.end, form.division, index, alone=False)
                        if town.kind not in SHORT_KINDS
                    ]
        if len({town.division for _, town in pairs}) == 1:
            above, below = pairs[0]
            clear = [h for h in hits if h.end <= above.start or h.start >= below.end]
            return sorted([*clear, *(_hit(mention) for mention in (above, below))])
    return None


def is_lone_word(key: str, found: tuple[Reading, ...], index: DivisionIndex) -> bool:
    """Whether the one name is a short one that stands alone or with a door: 凤凰, 锦江5号楼.

    Towns, compounds and firms bear it too; that a county does says nothing where nothing else is
    written.
    """
    if not found or len(found[0].mentions) != 1:
        return False
    only = found[0].mentions[0]
    if only.level != 3 or only.kind not in SHORT_KINDS or not _DOOR_OR_END.match(key, only.end):
        return False
    if any(c not in SEPARATORS for c in key[: only.start]):
        return False
    return any(
        (hit.start, hit.end) == (only.start, only.end)
        and any(not is_under(form.division, only.division, index) for form in hit.forms)
        for hit in index.hits(key)
    )


def later_county(found: tuple[Reading, ...], index: DivisionIndex) -> tuple[Reading, ...]:
    """Of two counties of one prefecture side by side the later one: 凯里榕江 is 榕江县.

    The first is the town that the prefecture is run from, written for the prefecture.
    """
    last = [reading.mentions[-1] for reading in found]
    if len(found) != 2 or any(mention.level != 3 for mention in last):
        return found
    first, second = sorted(range(2), key=lambda which: last[which].start)
    seat, county = last[first].division, last[second].division
    neighbours = last[first].end == last[second].start
    if (
        neighbours
        and index.parents[seat] == index.parents[county]
        and index.names[seat][-1] == "市"
    ):
        return (replace(found[second], repeated=(*found[second].repeated, last[first])),)
    return found


def moved_town(key: str, found: tuple[Reading, ...], index: DivisionIndex) -> tuple[Reading, ...]:
    """A town that went elsewhere than its county: 遵义县 is 播州区, its 新舟镇 in 红花岗区.

    Only behind a former county, and only where one town of that name lies in its city.
    """
    if len(found) != 1 or found[0].mentions[-1].kind != "historic":
        return found
    best, county = found[0], found[0].mentions[-1]
    city = index.parents[best.division]
    if county.level != 3 or city < 0:
        return found
    for hit in best.contradicted:
        towns = {f for f in hit.forms if f.level == 4 and f.kind == "official"}
        below = [form for form in towns if is_under(form.division, city, index)]
        if hit.start == county.end and len(below) == 1:
            town = Mention(hit.start, hit.end, below[0].division, 4, "official")
            moved = county._replace(division=index.parents[town.division])
            return (
                replace(
                    best,
                    division=town.division,
                    mentions=(*best.mentions[:-1], moved, town),
                    contradicted=tuple(h for h in best.contradicted if h is not hit),
                ),
            )
    return found


def _hit(mention: Mention) -> Hit:
    forms = (Form(mention.division, mention.level, mention.kind, 1.0, ()),)
    return Hit(mention.start, mention.end, forms, traits_of(forms))


def _repeated_county(key: str, start: int, best: Reading, index: DivisionIndex) -> Mention | None:
    """梅县 behind 梅州市 is the county, though the city was called so once."""
    for again in best.repeated:
        written = key[again.start : again.end]
        if again.start == start and not _PART_OF_MORE.match(key, again.end):
            for form, county, level, kind in index.children(best.division):
                if level == 3 and form == written and kind in ("short", "official"):
                    return Mention(again.start, again.end, county, 3, kind)
    return None


def _own_zone(key: str, start: int, best: Reading, index: DivisionIndex) -> Mention | None:
    """开发区 behind a city is the zone of the city's name, where that lies in one county."""
    city = best.mentions[-1]
    bare = key.startswith(_BARE_ZONE, start) and not key.startswith("街道", start + len(_BARE_ZONE))
    if not bare or city.division != best.division:
        return None
    named = key[city.start : city.end].removesuffix("市") + _BARE_ZONE
    for hit in index.hits(named):
        inside = [f for f in hit.forms if f.kind == "zone" and f.share == 1.0]
        if hit.end - hit.start == len(named) and len(inside) == len(hit.forms) == 1:
            return Mention(start, start + len(_BARE_ZONE), inside[0].division, 3, "zone")
    return None


def _towns(key: str, start: int, city: int, index: DivisionIndex) -> list[_Found]:
    """Every way to read what stands at `start` as a town of the city."""
    counties: dict[int, set[str]] = {}
    for form, child, level, _ in index.children(city):
        if level == 3:
            counties.setdefault(child, set()).add(form)
    found: list[_Found] = []
    for county, forms in counties.items():
        for town, size in _town_at(key, start, county, index, alone=True):
            found.append(_Found(size, None, town))
        written = forms | {f[0] for f in forms if len(f) == 2 and f[1] in _RANKS}
        for form in written:
            if key.startswith(form, start):
                end = start + len(form)
                above = Mention(start, end, county, 3, "short")
                for town, size in _town_at(key, end, county, index, alone=False):
                    found.append(_Found(len(form) + size, above, town))
    return found


def _town_at(
    key: str, start: int, county: int, index: DivisionIndex, *, alone: bool
) -> list[tuple[Mention, int]]:
    """Towns of a county whose name stands at `start`.

    `alone` asks that what follows makes sense without them, since no county is written.
    """
    found: dict[tuple[int, int], Mention] = {}
    for form, town, level, kind in index.children(county):
        if level != 4 or not key.startswith(form, start):
            continue
        end = start + len(form)
        if _TOWN_RANK.search(form) is None:
            if kind not in SHORT_KINDS or (alone and not _stands_alone(key, end)):
                continue
            # 太行西街飞龙巷 is in 太行西街街道, 太行西街7号 may be anywhere along the street.
            if form[-1] in "路街道巷里" and not _ROAD_FOLLOWS.match(key, end):
                continue
        found[town, len(form)] = Mention(start, end, town, 4, kind)
    return [(mention, size) for (_, size), mention in found.items()]


def _stands_alone(key: str, end: int) -> bool:
    return not _PART_OF_MORE.match(key, end) and _STANDS_ALONE.match(key, end) is not None
