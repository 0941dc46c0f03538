"""Whether two addresses are one door, one place with different detail, or two places.

Decided from resolved parts: divisions must not clash, something named or numbered must be shared
(the anchor: a compound, a firm, a village, a road with its number), and the detail below the anchor
tells same from partial. String distance is used only between names of places, where shops and
compounds are written in many ways.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from addrfix.knowledge import words
from addrfix.model.nouns import ResolvedAddress
from addrfix.model.terms import Relation
from addrfix.text.numerals import arabic, number_key

_LEVELS = ("province", "city", "district", "town")
_DETAIL = ("building", "unit", "floor", "room")
_CLASH = {"province": 0.0, "city": 0.0, "district": 0.05, "town": 0.3}
# Names this alike (0–100, rapidfuzz WRatio on the telling part) are one place.
_ALIKE = 82.0
_ASIDE = re.compile(r"[\s()\[\]·,.\-_|/]+")


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two addresses relate, how alike they are (0 to 1) and why."""

    relation: Relation
    similarity: float
    reasons: tuple[str, ...]


@cache
def _generic() -> tuple[str, ...]:
    """Endings that many places share, longest first; the rest of a name is its telling part."""
    return tuple(
        sorted(
            (row["word"] for row in words("place_words") if row["strength"] == "strong"),
            key=len,
            reverse=True,
        )
    )


def telling(name: str) -> str:
    """A place's name without width noise and the word for its kind: 香樟花园小区 → 香樟."""
    bare = _ASIDE.sub("", arabic(name)).lower()
    for ending in _generic():
        if bare.endswith(ending) and len(bare) - len(ending) >= 2:
            return telling(bare[: -len(ending)])
    return bare


def _alike(a: str, b: str) -> float:
    """0 to 1: how surely two names mean one place."""
    if a == b:
        return 1.0
    short, long = sorted((telling(a), telling(b)), key=len)
    if short == long:
        return 0.97
    if len(short) >= 2 and short in long:
        return 0.9
    return fuzz.ratio(short, long) / 100.0


def _names(place: ResolvedAddress) -> list[str]:
    return [name for name in (place.poi, place.subpoi, place.devzone) if name]


def compare(a: ResolvedAddress, b: ResolvedAddress) -> Comparison:
    """Compare two resolved addresses; the result does not depend on their order."""
    for level in _LEVELS[:3]:
        one, other = getattr(a, level), getattr(b, level)
        if one and other and one != other:
            return Comparison(Relation.DIFFERENT, _CLASH[level], (f"{level}_differs",))
    reasons: list[str] = []
    place = max((_alike(x, y) for x in _names(a) for y in _names(b)), default=0.0)
    door = _same_door(a, b)
    village = _same_village(a, b)
    if place * 100 >= _ALIKE:
        reasons.append("same_place_name")
    if door:
        reasons.append("same_road_number")
    if village:
        reasons.append("same_village_group")
    if not reasons:
        road = a.road is not None and a.road == b.road
        return Comparison(
            Relation.DIFFERENT,
            round(0.4 * place + (0.2 if road else 0.0), 3),
            ("same_road_only",) if road else ("nothing_shared",),
        )
    return _detail(a, b, reasons, place)


def _same_door(a: ResolvedAddress, b: ResolvedAddress) -> bool:
    if not (a.road and b.road and a.road_number and b.road_number):
        return False
    roads = arabic(a.road) == arabic(b.road) or fuzz.ratio(a.road, b.road) >= 85
    return roads and number_key(a.road_number) == number_key(b.road_number)


def _same_village(a: ResolvedAddress, b: ResolvedAddress) -> bool:
    if not (a.village and b.village) or _alike(a.village, b.village) < 0.9:
        return False
    if a.group and b.group:
        return number_key(a.group) == number_key(b.group)
    return bool(a.road_number and number_key(a.road_number) == number_key(b.road_number))


def _detail(a: ResolvedAddress, b: ResolvedAddress, reasons: list[str], place: float) -> Comparison:
    """Same or partial, by what stands below the shared anchor."""
    lacking = differing = 0
    for part in (*_DETAIL, "road_number", "group"):
        one, other = number_key(getattr(a, part)), number_key(getattr(b, part))
        if one is None and other is None:
            continue
        if one is None or other is None:
            # A road number beside the same named place adds nothing that the name lacks.
            if part in _DETAIL or (part == "group" and place == 0.0):
                lacking += 1
        elif one != other:
            differing += 1
            reasons.append(f"{part}_differs")
    if bool(_names(a)) != bool(_names(b)):
        lacking += 1
        reasons.append("place_name_on_one_side")
    elif _names(a) and place * 100 < _ALIKE:
        differing += 1
        reasons.append("place_name_differs")
    elif bool(a.subpoi) != bool(b.subpoi):
        lacking += 1
        reasons.append("inner_place_on_one_side")
    if lacking or differing:
        if lacking:
            reasons.append("detail_lacking")
        return Comparison(
            Relation.PARTIAL,
            round(max(0.45, 0.85 - 0.1 * lacking - 0.15 * differing), 3),
            tuple(dict.fromkeys(reasons)),
        )
    return Comparison(Relation.SAME, round(0.9 + 0.1 * max(place, 0.5), 3), tuple(reasons))
