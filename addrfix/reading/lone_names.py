"""Names that mean a division only with another beside them, and what they mean then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from addrfix.model.nouns import SHORT_KINDS, Form, Hit, Mention, Reading, traits_of
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import is_under
from addrfix.patterns import pattern, word_class
from addrfix.reading.chain import OFFSHORE_CODES
from addrfix.reading.witnesses.town_below import towns_at
from addrfix.text.marks import SEPARATORS

# A name of two characters is a word as well.
_SHORTEST = 2


def lone_pair(
    key: str,
    named: Sequence[Hit],
    hits: list[Hit],
    found: tuple[Reading, ...],
    index: DivisionIndex,
) -> list[Hit] | None:
    """Names with a county's short name and the full name of a town of it, side by side.

    Words that forbid a short name (原平闫 would be a village) are outweighed by the town behind it.
    None where no such pair stands at the beginning or behind the names already read.

    Args:
        key: the text.
        named: every division name found in it.
        hits: those of them that may be meant.
        found: the readings of these.
        index: the divisions.
    """
    starts = {0} if not found else {max(m.end for m in found[0].mentions), 0}
    for start in sorted(starts, reverse=True):
        pairs: list[tuple[Mention, Mention]] = []
        for hit in named:
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


def telling(key: str, found: tuple[Reading, ...], index: DivisionIndex) -> tuple[Reading, ...]:
    """The readings without those that rest on one name which says nothing where it stands alone."""
    kept = [r for r in found if len(r.mentions) + len(r.former) > 1 or _tells(key, r, index)]
    if len(kept) == len(found):
        return found
    # What only a postcode or the case can tell stays behind the others: 南沙区 of 三沙市.
    far = [r for r in found if r not in kept and _is_offshore(r, index)]
    named = {r.mentions[0].start for r in kept}
    return (*kept, *(r for r in far if r.mentions[0].start in named))


def _tells(key: str, reading: Reading, index: DivisionIndex) -> bool:
    """Whether the one name of a reading says where it is.

    Compounds, firms and communities bear the names of towns and counties. What is written in full
    and opens the text tells; a short name tells in front of a road, town or village; in the middle
    of a word only what opens the name of an office does (文化路|永城市广播电视局).
    """
    only = reading.mentions[0]
    if _is_offshore(reading, index) or _is_generic(key, only):
        return False
    if not any(_opens(key, m.start, reading) for m in (only, *reading.repeated)):
        return _names_an_office(key, only)
    if only.level == 4:
        return not key.startswith(word_class("community_word"), only.end - 2)
    if only.level < 3 or only.kind in ("official", "zone"):
        return True
    if only.kind == "historic":
        county = key[only.end - 1] in word_class("was_a_county")
        return county or only.end - only.start > _SHORTEST
    if only.kind == "historic_short":
        return False
    if only.end - only.start > _SHORTEST:
        return True
    if pattern("road_or_town_follows").match(key, only.end):
        return True
    return pattern("door_or_end").match(key, only.end) is not None and _is_alone(key, only, index)


def _is_alone(key: str, only: Mention, index: DivisionIndex) -> bool:
    """Whether no other division bears a name: 务川, but not 锦江 or 凤凰."""
    return not any(
        (hit.start, hit.end) == (only.start, only.end)
        and any(not is_under(form.division, only.division, index) for form in hit.forms)
        for hit in index.hits(key)
    )


def _names_an_office(key: str, only: Mention) -> bool:
    """Whether a name in the middle of a word opens the name of an office, or is a city in full."""
    full = only.kind == "official" and only.end - only.start > _SHORTEST
    if full and only.level <= 2:
        return True
    named = full or (only.level == 1 and only.kind == "short")
    return named and pattern("office_follows").match(key, only.end) is not None


def _opens(key: str, start: int, reading: Reading) -> bool:
    """Whether a name stands where something else ends: a separator, a door, a road, a division."""
    if start == 0:
        return True
    before = key[start - 1]
    return (
        before in SEPARATORS
        or before.isdigit()
        or before in word_class("division_rank")
        or before in word_class("ends_before_a_name")
        or any(hit.end == start for hit in reading.contradicted)
    )


def _is_offshore(reading: Reading, index: DivisionIndex) -> bool:
    """九龙 and 金城镇 are in Hong Kong and Taiwan only where these are written."""
    only = reading.mentions[0]
    full = only.kind == "official" and only.level == 2 and only.end - only.start > _SHORTEST
    offshore = index.codes[reading.division].startswith(OFFSHORE_CODES)
    return offshore and only.level > 1 and not full


def _is_generic(key: str, only: Mention) -> bool:
    """Whether a name is a part of any town: 新区, 北城区, 西路街道."""
    in_force = only.kind == "official"
    return (
        only.level >= 3
        and not in_force
        and pattern("part_of_any_town").fullmatch(key, only.start, only.end) is not None
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
