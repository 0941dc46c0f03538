"""Whether two roads are one, and what the numbers on them say."""

from __future__ import annotations

from functools import cache

from rapidfuzz import fuzz

from addrfix.compare.rarity import bits
from addrfix.compare.sides import Side
from addrfix.patterns import pattern, word_class

_SHORTEST = 3
_ALIKE = 65
"""Per cent that two names of roads must agree in, given that the number on them is one."""
_COMMON = 15.0
"""Bits below which a road is in every town."""


@cache
def turns() -> frozenset[str]:
    """Characters that tell neighbours apart: 东苑 and 西苑 are two places, however alike."""
    return frozenset((*word_class("turn_of_name"), *"0123456789abcdefghijk"))


def same_road(one: str, other: str) -> bool:
    """Whether two road names are one; either may carry what stood before it."""
    if one == other:
        return True
    short, long = (one, other) if len(one) < len(other) else (other, one)
    if len(short) < _SHORTEST or not long.endswith(short):
        return False
    return not (short[0].isdigit() and long[-len(short) - 1].isdigit())


def _like_road(one: str, other: str) -> bool:
    """Whether two road names are one, given that the number on them is."""
    if same_road(one, other):
        return True
    return not (set(one) ^ set(other)) & turns() and fuzz.ratio(one, other) >= _ALIKE


def shared_door(a: Side, b: Side) -> str | None:
    """How numbers on roads agree: the same, one near it, or the same but for what follows."""
    found: str | None = None
    for x in a.doors:
        for y in b.doors:
            if x.number == y.number and _like_road(x.road, y.road):
                if not (x.near or y.near):
                    return "same_road_number"
                found = "near_road_number"
            elif x.number.partition("-")[0] == y.number.partition("-")[0] and same_road(
                x.road, y.road
            ):
                found = found or "same_main_number"
    return found


def share_road(a: Side, b: Side) -> bool:
    """Whether both name one road."""
    return any(same_road(x, y) for x in a.roads for y in b.roads)


def cross(a: Side, b: Side) -> bool:
    """Whether both name the same two roads, and no number on them."""
    crossing = (a.crossing or b.crossing) and not a.doors and not b.doors
    return crossing and len(set(a.roads) & set(b.roads)) >= 2


def road_is_common(a: Side, b: Side) -> bool:
    """Whether the road that they share is in every town: 人民路5号 alone is no place."""
    shared = (min(x, y, key=len) for x in a.roads for y in b.roads if same_road(x, y))
    road = max(shared, key=lambda road: (len(road), road), default="")
    return bool(road) and bits(pattern("compare_road_end").sub("", road)) < _COMMON
