"""Division names in a text: which of the names found there may be meant as divisions at all.

A road called after a city hijacks the region in most parsers (上海市徐汇区陕西南路). What follows a
name decides first; `gazetteer/words/not_division_before.tsv` holds the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from addrfix.knowledge import words
from addrfix.model.nouns import SHORT_KINDS, Form, Hit, Trait, traits_of
from addrfix.patterns import pattern, word_class

_NOTHING = Hit(0, 0, ())
_NO_RULES: frozenset[str] = frozenset()
# Names that share characters are rare; each costs another weighing.
_MOST_CUTS = 2


@cache
def _followers() -> dict[str, tuple[tuple[str, str], ...]]:
    """Words that rule a division name out when they follow it, with what they rule out."""
    table: dict[str, list[tuple[str, str]]] = {}
    for row in words("not_division_before"):
        table.setdefault(row["word"][0], []).append((row["word"], row["rules_out"]))
    return {
        first: tuple(sorted(found, key=lambda entry: -len(entry[0])))
        for first, found in table.items()
    }


@cache
def _road_or_village() -> re.Pattern[str]:
    """One look for what `_part_of_more` tells apart: most names have none of these behind them."""
    names = ("one_and_road", "one_and_village", "river_and_road", "rest_of_street")
    return re.compile("|".join(f"(?:{pattern(name).pattern})" for name in names))


def _ruled_out(key: str, end: int, hits: Sequence[Hit]) -> frozenset[str]:
    """What the words behind a name rule out; nothing where a longer county name begins (路桥).

    Args:
        key: the text.
        end: where the name ends.
        hits: all names found in the text.
    """
    if end >= len(key):
        return _NO_RULES
    out: set[str] = set()
    for word, what in _followers().get(key[end], ()):
        if what in out or not key.startswith(word, end):
            continue
        # 街道 and 路街道 are towns, not roads.
        road = word.endswith(word_class("road_in_town_name"))
        town = road and key.startswith(word_class("goes_on_as_town"), end + len(word))
        if not town and _county_at(key, end, hits) <= len(word):
            out.add(what)
    if _road_or_village().match(key, end):
        _part_of_more(key, end, hits, out)
    return frozenset(out) if out else _NO_RULES


def _part_of_more(key: str, end: int, hits: Sequence[Hit], out: set[str]) -> None:
    """Add what is ruled out for a name that is part of that of a road or village."""
    if pattern("one_and_road").match(key, end) and _county_at(key, end, hits) < 2:
        out.add("short")
    part_of_more = pattern("one_and_village").match(key, end) or pattern("river_and_road").match(
        key, end
    )
    if part_of_more and _county_at(key, end, hits) < 2:
        out.add("alone")
    # 黄羊河中街 is a street, not one in 黄羊镇.
    if pattern("rest_of_street").match(key, end):
        out.add("town")


def _county_at(key: str, start: int, hits: Sequence[Hit]) -> int:
    """Length of the longest name of a county that begins there and is not that of a road; or 0."""
    for hit in hits:
        county = hit.start == start and hit.traits & Trait.COUNTY
        if county and not pattern("road_after").match(key, hit.end):
            return hit.end - start
    return 0


def usable_hits(key: str, hits: Sequence[Hit]) -> list[Hit]:
    """Hits without those inside a longer one and without meanings that what follows rules out.

    Of two names that share a character the fuller one stands (阳泉市|郊区, not 市郊区); `tilings`
    gives the other ways to cut such a text.
    """
    return _cut(key, hits)[0]


def tilings(key: str, hits: Sequence[Hit]) -> Iterator[list[Hit]]:
    """The usable hits, and for names that share characters the cuts without one of them.

    青岛市北区 is 青岛市|北区 or 青岛|市北区: which is meant is for the readings to say.
    """
    first, winners = _cut(key, hits)
    yield first
    for winner in winners[:_MOST_CUTS]:
        rest = [hit for hit in hits if hit is not winner]
        yield _cut(key, rest)[0]


def _cut(key: str, hits: Sequence[Hit]) -> tuple[list[Hit], list[Hit]]:
    """Usable hits that do not overlap, and those that won over a full name across their edge."""
    kept: list[Hit] = []
    winners: list[Hit] = []
    for position, hit in enumerate(hits):
        last = kept[-1] if kept else _NOTHING
        old_town = hit.traits & (Trait.OLD_TOWN | Trait.COUNTY) == Trait.OLD_TOWN
        if hit.end <= last.end or (old_town and _has_full_start(hits, position)):
            continue
        if hit.start < last.end:
            if last.traits & Trait.FULL or not hit.traits & Trait.FULL or hit.end - hit.start < 3:
                if hit.traits & Trait.FULL and hit.traits & Trait.COUNTY:
                    winners.append(last)
                continue
            winners.append(hit)
            last = _giving_way(key, hits, kept, hit.start)
        if (usable := _surviving(key, hit, last, hits)) is not None:
            kept.append(usable)
    return kept, winners


def _giving_way(key: str, hits: Sequence[Hit], kept: list[Hit], end: int) -> Hit:
    """Take the last hit back for a fuller name that begins at `end`; what stands last then.

    榆林子|洲县 is 榆林|子洲县: the longest name that ends in front of the fuller one comes back.
    """
    gone = kept.pop()
    last = kept[-1] if kept else _NOTHING
    shorter = next((hit for hit in hits if hit.start == gone.start and hit.end <= end), None)
    usable = _surviving(key, shorter, last, hits) if shorter is not None else None
    if usable is not None:
        kept.append(usable)
        return usable
    return last


def _has_full_start(hits: Sequence[Hit], position: int) -> bool:
    """Whether a shorter hit that begins at the same place is a county or city in full."""
    start = hits[position].start
    for other in hits[position + 1 :]:
        if other.start != start:
            return False
        if other.traits & Trait.OFFICIAL_COUNTY:
            return True
    return False


@cache
def _generic() -> frozenset[str]:
    """Short names that are also ordinary words, so that they need their city before them."""
    return frozenset(row["name"] for row in words("generic_names"))


@cache
def _zone_words() -> frozenset[str]:
    """Words for a zone that name one without a place before them, behind its city."""
    return frozenset(row["word"] for row in words("zone_words"))


def _only_counties(last: Hit) -> bool:
    """Whether a name means a county, and no city that has a zone of its own."""
    levels = [form.level for form in last.forms]
    return 3 in levels and min(levels) == 3


def _surviving(key: str, hit: Hit, last: Hit, hits: Sequence[Hit]) -> Hit | None:
    """The hit with the meanings that stand up to the words around it; None where none does."""
    name = key[hit.start : hit.end]
    # 溧水经济开发区 is the county's own, not the zone of its city that is called so in short.
    if hit.start == last.end > 0 and name in _zone_words() and _only_counties(last):
        return None
    rules = _ruled_out(key, hit.end, hits)
    generic = name in _generic()
    if not rules and not generic and not _ends(key, hit, "plain_street"):
        return hit
    if "any" in rules and not hit.traits & Trait.FULL:
        return None
    behind = hit.start == last.end and not key.startswith(name, last.start)
    if generic:
        # 唐山路南 is a district of 唐山, 云台路南50米 is not.
        behind = behind and any(form.level <= 2 for form in last.forms)
    forms = tuple(form for form in hit.forms if _survives(key, hit, form, rules, behind, generic))
    if len(forms) == len(hit.forms):
        return hit
    return Hit(hit.start, hit.end, forms, traits_of(forms)) if forms else None


def _survives(
    key: str, hit: Hit, form: Form, rules: frozenset[str], behind: bool, generic: bool
) -> bool:
    """Whether a meaning of a name stands up to the words behind it."""
    short = form.kind in SHORT_KINDS
    # 郊区 may open an address; in the middle (工业园东区) it is an ordinary word.
    worn = short or (hit.start > 0 and (form.kind == "alias" or _ends(key, hit, "district_rank")))
    if generic and form.level <= 3 and worn and not behind:
        return False
    if form.level == 4 and not _town_survives(key, hit, short, rules, behind):
        return False
    if not short:
        return True
    if form.level == 3 and hit.start == 0 and _zone_begins(key, hit.end):
        # 平湖经济开发区 opens the text: the zone of 平湖市.
        return True
    return not ("any" in rules or "short" in rules or ("alone" in rules and not behind))


def _town_survives(key: str, hit: Hit, short: bool, rules: frozenset[str], behind: bool) -> bool:
    """The same for a town: streets and roads bear the names of towns."""
    # 侯寨街250号 is a street; 侯寨街幸福社区 leaves 道 out.
    street = _ends(key, hit, "plain_street")
    inside = hit.start > 0 and not behind
    if street and (inside or pattern("street_goes_on").match(key, hit.end)):
        return False
    if "any" not in rules and "town" not in rules:
        return True
    if short or not _ends(key, hit, "town_rank"):
        return False
    # 古镇大道 is a road; 剑河县南寨乡街上 is the street of 南寨乡.
    ranked = hit.end - hit.start >= 3
    return "any" not in rules or (ranked and key.startswith(word_class("lane_end"), hit.end))


def _ends(key: str, hit: Hit, ranks: str) -> bool:
    """Whether a name ends with a word of a class."""
    return key.endswith(word_class(ranks), hit.start, hit.end)


def _zone_begins(key: str, start: int) -> bool:
    """Whether a word for a zone stands there that needs no name of its own."""
    return any(key.startswith(word, start) for word in _zone_words())
