"""Whether two addresses are one door, one place with different detail, or two places.

Decided from resolved parts: divisions must not clash, something named or numbered must be shared
(the anchor: a compound, a firm, a village, a road with its number), and the detail below the anchor
tells same from partial. Likeness of texts is used only between names of places, and a name that is
all they share must be rare enough to stand for one place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from addrfix.model.terms import Level, Relation
from addrfix.resolve.compare_match import EQUAL, LIKE, Anchor, anchor, same_road, shared_door, shared_level
from addrfix.resolve.compare_names import Kind
from addrfix.resolve.compare_rarity import bits
from addrfix.resolve.compare_side import Side

_CONTEXT = frozenset(
    (
        "same_road_number",
        "near_road_number",
        "same_main_number",
        "same_road",
        "same_district",
        "same_city",
        "same_town",
    )
)
# Differences that leave little beside the name.
_LOOSE = frozenset(("beside", "finer_name", "part_differs", "name_differs"))
# What says that two addresses are in one town although their roads and names are common.
_TIED = frozenset(("same_district", "same_town", "one_names_city"))
_ROAD = re.compile(r"(?:大道|大街|公路|路|街|巷)$")
_COMMON_ROAD = 15.0
_PARTED = frozenset(("district_differs", "town_differs"))
_RARE = 25.0
_TENANTS = frozenset((Kind.TENANT, Kind.FIRM))
_LEVELS = ("province", "city", "district", "town")


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two addresses relate, how alike they are (0 to 1) and why."""

    relation: Relation
    similarity: float
    reasons: tuple[str, ...]


def compare(a: Side, b: Side) -> Comparison:
    """Compare two addresses; the result does not depend on their order."""
    level, parted = shared_level(a, b)
    if 0 < parted < Level.DISTRICT:
        return Comparison(Relation.DIFFERENT, 0.05, (f"{_LEVELS[parted - 1]}_differs",))
    reasons = _context(a, b, level)
    if parted:
        reasons.append(f"{_LEVELS[parted - 1]}_differs")
    found = anchor(a, b)
    if found is not None:
        lacks = _detail(a, b, found, reasons)
        relation = Relation.PARTIAL if lacks else Relation.SAME
        if _stands_for_one_place(found, relation, reasons, lacks):
            name = "same_name" if found.score >= EQUAL else "like_name"
            return Comparison(relation, 0.5, (name, *reasons, *lacks))
        reasons.append("name_too_common")
    return _by_number(a, b, reasons)


def _context(a: Side, b: Side, level: int) -> list[str]:
    """What the two share or not apart from names."""
    reasons: list[str] = []
    door = shared_door(a, b)
    if door is not None:
        reasons.append(door)
    elif any(same_road(x, y) for x in a.roads for y in b.roads):
        reasons.append("same_road")
    elif a.roads and b.roads:
        reasons.append("other_road")
    if (a.full and not b.sure) or (b.full and not a.sure):
        reasons.append("one_names_city")
    if level >= Level.DISTRICT:
        reasons.append("same_district")
    elif level == Level.CITY:
        reasons.append("same_city")
    elif a.towns & b.towns:
        reasons.append("same_town")
    return reasons


def _detail(a: Side, b: Side, found: Anchor, reasons: list[str]) -> list[str]:
    """What keeps two addresses of one anchor from being the same; adds what agrees to reasons."""
    ours = {key for after, key in a.inner if after > found.at[0]}
    theirs = {key for after, key in b.inner if after > found.at[1]}
    lacks: list[str] = []
    if found.beside:
        lacks.append("beside")
    if ours & theirs:
        reasons.append("same_building")
        if a.parts and b.parts and not a.parts & b.parts:
            lacks.append("part_differs")
    else:
        if ours and theirs:
            lacks.append("other_building")
        elif ours or theirs:
            lacks.append("building_on_one_side")
        if a.parts != b.parts:
            lacks.append("part_differs")
        if a.gates != b.gates:
            lacks.append("gate_differs")
        if not found.kindred:
            lacks.append("kind_differs")
        if found.score < EQUAL and "same_road_number" not in reasons:
            lacks.append("name_differs")
        if a.groups != b.groups:
            lacks.append("group_differs")
        if Kind.VILLAGE in (found.one.kind, found.other.kind) and bool(a.roads) != bool(b.roads):
            lacks.append("road_on_one_side")
    if any(found.finer):
        lacks.append("finer_name")
    for name, one, other in (
        ("unit", a.units, b.units),
        ("floor", a.floors, b.floors),
        ("room", a.rooms, b.rooms),
    ):
        if one and other and not one & other:
            lacks.append(f"{name}_differs")
    return lacks


def _stands_for_one_place(
    found: Anchor, relation: Relation, reasons: list[str], lacks: list[str]
) -> bool:
    """Whether two like names mean one place, given what else is shared."""
    if not _PARTED.isdisjoint(reasons):
        # Clerks mix up neighbouring districts: only a rare name may stand against that.
        return found.score >= EQUAL and bits(found.stretch) >= _RARE
    kinds = {found.one.kind, found.other.kind}
    enough = _CONTEXT - {"same_city"} if Kind.VILLAGE in kinds else _CONTEXT
    context = found.pairs >= 2 or not enough.isdisjoint(reasons)
    if found.score < LIKE:
        return context and not found.beside and "other_road" not in reasons
    if context:
        return True
    return bits(found.stretch) >= _need(found, relation, reasons, lacks)


def _need(found: Anchor, relation: Relation, reasons: list[str], lacks: list[str]) -> float:
    """Bits that a name must carry to stand for one place where nothing else is shared."""
    kinds = {found.one.kind, found.other.kind}
    same = relation is Relation.SAME
    need = 15.0
    if same:
        need = 45.0
        if kinds == {Kind.SITE}:
            need = 20.0 if "same_building" in reasons else 25.0
        elif kinds == {Kind.FIRM}:
            need = 40.0
    if Kind.VILLAGE in kinds:
        # Villages repeat their names in every county.
        need += 50.0 if same else 25.0
    elif kinds & {Kind.TENANT, Kind.BRANCH}:
        need += 30.0
    elif Kind.INSTITUTION in kinds:
        need += 10.0
    if found.score < EQUAL:
        need += 25.0
    if "other_road" in reasons and kinds != {Kind.FIRM}:
        need += 20.0
    need += 5.0 * len(_LOOSE.intersection(lacks))
    if "one_names_city" in reasons:
        need -= 25.0
    return need


def _by_number(a: Side, b: Side, reasons: list[str]) -> Comparison:
    """Where no name decides: a number on a road, a building on it, or two roads that cross."""
    if not _PARTED.isdisjoint(reasons):
        return Comparison(Relation.DIFFERENT, 0.1, tuple(reasons))
    building = not {key for _, key in a.inner}.isdisjoint(key for _, key in b.inner)
    named = [name for side in (a, b) for name in side.names if not name.beside]
    if "same_road_number" in reasons and _road_tells(a, b, reasons):
        lacks = []
        if named and not (building and all(name.kind not in _TENANTS for name in named)):
            lacks.append("other_name")
        if not building and (a.inner or b.inner):
            lacks.append("other_building" if a.inner and b.inner else "building_on_one_side")
        agrees = ["same_building"] if building else []
        return _verdict(lacks, [*reasons, *agrees])
    if not {"near_road_number", "same_main_number"}.isdisjoint(reasons):
        return _verdict(["number_not_exact"], reasons)
    if "same_road" in reasons:
        if (a.crossing or b.crossing) and len(set(a.roads) & set(b.roads)) >= 2 and not a.doors and not b.doors:
            return _verdict(["other_name"] if a.names and b.names else [], ["same_crossing"])
        if building and not (a.doors and b.doors) and _road_tells(a, b, reasons):
            return _verdict(["other_name"] if named else [], [*reasons, "same_building"])
    return Comparison(Relation.DIFFERENT, 0.2, tuple(reasons) or ("nothing_shared",))


def _road_tells(a: Side, b: Side, reasons: list[str]) -> bool:
    """Whether a shared number on a road stands for one place: 人民路5号 is in every town."""
    if not _TIED.isdisjoint(reasons):
        return True
    road = max(
        (min(x, y, key=len) for x in a.roads for y in b.roads if same_road(x, y)),
        key=len,
        default="",
    )
    if not road or bits(_ROAD.sub("", road)) >= _COMMON_ROAD:
        return True
    reasons.append("road_too_common")
    return False


def _verdict(lacks: list[str], reasons: list[str]) -> Comparison:
    relation = Relation.PARTIAL if lacks else Relation.SAME
    return Comparison(relation, 0.5, (*reasons, *lacks))
