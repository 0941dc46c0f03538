"""Names that mean a division only with another beside them, and what they mean then."""

from __future__ import annotations

from dataclasses import replace

from addrfix.model.nouns import SHORT_KINDS, Form, Hit, Mention, Reading, traits_of
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import is_under
from addrfix.patterns import pattern, word_class
from addrfix.reading.witnesses.town_below import towns_at
from addrfix.text.marks import SEPARATORS


def lone_pair(
    key: str, hits: list[Hit], found: tuple[Reading, ...], index: DivisionIndex
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
                        for town in towns_at(key, hit.end, form.division, index, alone=False)
                        if town.kind not in SHORT_KINDS
                    ]
        if len({town.division for _, town in pairs}) == 1:
            above, below = pairs[0]
            clear = [h for h in hits if h.end <= above.start or h.start >= below.end]
            return sorted([*clear, *(_hit(mention) for mention in (above, below))])
    return None


def _hit(mention: Mention) -> Hit:
    forms = (Form(mention.division, mention.level, mention.kind, 1.0, ()),)
    return Hit(mention.start, mention.end, forms, traits_of(forms))


def is_lone_word(key: str, found: tuple[Reading, ...], index: DivisionIndex) -> bool:
    """Whether the one name is a short one that stands alone or with a door: 凤凰, 锦江5号楼.

    Towns, compounds and firms bear it too; that a county does says nothing where nothing else is
    written.
    """
    if not found or len(found[0].mentions) != 1:
        return False
    only = found[0].mentions[0]
    door = pattern("door_or_end").match(key, only.end)
    if only.level != 3 or only.kind not in SHORT_KINDS or not door:
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
        and index.names[seat].endswith(word_class("city_rank"))
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
