"""Whether two addresses are one door, one place with different detail, or two places.

Decided from what was read, in this order: divisions must not part them; something named or numbered
must be shared (the anchor: a compound, a firm, a village, a number on a road, a crossing); a name
that is all they share must be rare enough to stand for one place; and what stands below the anchor
tells same from partial. Likeness of texts is used only between names of places.
"""

from __future__ import annotations

from dataclasses import dataclass

from addrfix.compare.anchors import EQUAL, Anchor, anchor
from addrfix.compare.divided import shared_level
from addrfix.compare.endings import Kind
from addrfix.compare.evidence import PARTED, one_place
from addrfix.compare.nesting import nests
from addrfix.compare.roads import cross, road_is_common, share_road, shared_door
from addrfix.compare.sides import Side
from addrfix.model.terms import Level, Relation

_LEVELS = ("province", "city", "district", "town")
_TENANTS = frozenset((Kind.TENANT, Kind.FIRM))
# What says that two addresses are in one town although the road they share is in every town.
_TIED = frozenset(("same_district", "same_town", "one_names_city"))


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two addresses relate, how alike they are (0 to 1) and why, what decided first."""

    relation: Relation
    similarity: float
    reasons: tuple[str, ...]


def compare(a: Side, b: Side) -> Comparison:
    """Compare two addresses; the result does not depend on their order."""
    if a.text == b.text and a.tells_a_place:
        return Comparison(Relation.SAME, 1.0, ("same_text",))
    level, parted = shared_level(a, b)
    if 0 < parted < Level.DISTRICT:
        return _different([f"{_LEVELS[parted - 1]}_differs"])
    context = _context(a, b, level)
    if parted:
        context.append(f"{_LEVELS[parted - 1]}_differs")
    elif (level >= Level.TOWN or a.towns & b.towns) and (nested := nests(a, b)):
        return _nested(nested, context)
    found = anchor(a, b)
    if found is not None:
        agrees, lacks = _detail(a, b, found, context)
        lacks += sorted(PARTED.intersection(context))
        reasons = [*context, *agrees]
        if one_place(found, reasons, lacks):
            name = "same_name" if found.score >= EQUAL else "like_name"
            agreed = [reason for reason in reasons if reason not in PARTED]
            return _alike([name, *agreed], lacks, found.score)
        context.append("name_too_common")
    return _by_number(a, b, context)


def _nested(nested: str, context: list[str]) -> Comparison:
    if nested == "other_group":
        return _different([*context, nested])
    return _alike([*context, "same_town"], [] if nested == "same_group" else [nested])


def _different(reasons: list[str]) -> Comparison:
    if any(reason.endswith("_differs") for reason in reasons):
        return Comparison(Relation.DIFFERENT, 0.05, tuple(reasons))
    shared = sum(reason.startswith("same_") or reason == "name_too_common" for reason in reasons)
    similarity = round(0.1 + 0.1 * min(shared, 3), 3)
    return Comparison(Relation.DIFFERENT, similarity, tuple(reasons) or ("nothing_shared",))


def _alike(reasons: list[str], lacks: list[str], score: float = 1.0) -> Comparison:
    """Same where nothing is lacking, else partial."""
    if lacks:
        similarity = round(max(0.45, 0.95 * score - 0.1 * len(lacks)), 3)
        return Comparison(Relation.PARTIAL, similarity, (*reasons, *lacks))
    return Comparison(Relation.SAME, round(0.9 + 0.1 * score, 3), tuple(reasons))


def _context(a: Side, b: Side, level: int) -> list[str]:
    """What the two share or not apart from names."""
    reasons: list[str] = []
    door = shared_door(a, b)
    if door is not None:
        reasons.append(door)
    elif share_road(a, b):
        reasons.append("same_road")
    elif a.roads and b.roads:
        reasons.append("other_road")
    if (a.full and not b.sure) or (b.full and not a.sure):
        # A full address has been placed; a bare one next to it is most likely its short form.
        reasons.append("one_names_city")
    if level >= Level.DISTRICT:
        reasons.append("same_district")
    elif level == Level.CITY:
        reasons.append("same_city")
    elif a.localities & b.localities:
        reasons.append("same_town")
    return reasons


def _detail(a: Side, b: Side, found: Anchor, context: list[str]) -> tuple[list[str], list[str]]:
    """What agrees below the anchor, and what keeps the two from being the same."""
    ours = {key for after, key in a.inner if after > found.at[0]}
    theirs = {key for after, key in b.inner if after > found.at[1]}
    agrees: list[str] = []
    lacks: list[str] = []
    if found.beside:
        lacks.append("beside")
    if ours & theirs:
        agrees.append("same_building")
        if ours != theirs:
            # 18排2号楼 and 2排2号楼 share a number, and are not one house.
            both = ours - theirs and theirs - ours
            lacks.append("other_building" if both else "building_on_one_side")
        if a.parts and b.parts and not a.parts & b.parts:
            lacks.append("part_differs")
        if a.groups and b.groups and not a.groups & b.groups:
            lacks.append("group_differs")
    else:
        if ours or theirs:
            lacks.append("other_building" if ours and theirs else "building_on_one_side")
        lacks += _around(a, b, found, context)
    if any(found.finer):
        lacks.append("finer_name")
    ours, theirs = _branches(a), _branches(b)
    if ours and theirs and not ours & theirs:
        lacks.append("branch_differs")
    return agrees, lacks + _inside(a, b, shop=not found.kinds.isdisjoint(_TENANTS))


def _inside(a: Side, b: Side, *, shop: bool = False) -> list[str]:
    """Differences inside a building; a shop is one door, with or without the room's number."""
    lacks = [
        f"{name}_differs"
        for name, one, other in (
            ("unit", a.units, b.units),
            ("floor", a.floors, b.floors),
            ("room", a.rooms, b.rooms),
        )
        if one and other and not one & other
    ]
    if bool(a.rooms) != bool(b.rooms) and not shop:
        lacks.append("room_on_one_side")
    return lacks


def _around(a: Side, b: Side, found: Anchor, context: list[str]) -> list[str]:
    """Differences that a shared building would outweigh."""
    village = Kind.VILLAGE in found.kinds
    checks = (
        ("part_differs", a.parts != b.parts),
        ("gate_differs", a.gates != b.gates),
        ("kind_differs", not found.kindred),
        ("name_differs", found.score < EQUAL and "same_road_number" not in context),
        ("group_differs", _groups_differ(a, b, village=village)),
        ("road_on_one_side", village and bool(a.roads) != bool(b.roads)),
    )
    return [reason for reason, holds in checks if holds]


def _groups_differ(a: Side, b: Side, *, village: bool) -> bool:
    """A group tells where in a village; behind a firm or a compound it may be left out."""
    return a.groups != b.groups and (village or bool(a.groups and b.groups))


def _by_number(a: Side, b: Side, reasons: list[str]) -> Comparison:
    """Where no name decides: a number on a road, a building on it, or two roads that cross."""
    if not PARTED.isdisjoint(reasons):
        return _different(reasons)
    building = not {key for _, key in a.inner}.isdisjoint(key for _, key in b.inner)
    named = [name for side in (a, b) for name in side.names if not name.beside]
    if building:
        reasons = [*reasons, "same_building"]
    if "same_road_number" in reasons and _road_tells(a, b, reasons):
        lacks = []
        if named and not (building and all(name.kind not in _TENANTS for name in named)):
            lacks.append("other_name")
        if not building and (a.inner or b.inner):
            lacks.append("other_building" if a.inner and b.inner else "building_on_one_side")
        if bool(a.floors) != bool(b.floors) and not (a.rooms or b.rooms):
            lacks.append("floor_on_one_side")
        return _alike(reasons, lacks + _inside(a, b))
    if not {"near_road_number", "same_main_number"}.isdisjoint(reasons):
        return _alike(reasons, ["number_not_exact"])
    if "same_road" in reasons:
        if cross(a, b):
            return _alike(["same_crossing"], ["other_name"] if a.names and b.names else [])
        exact = not (a.doors and b.doors) and not _lanes(a) and not _lanes(b)
        if building and exact and _road_tells(a, b, reasons):
            return _alike(reasons, [*(["other_name"] if named else []), *_inside(a, b)])
    return _different(reasons)


def _branches(side: Side) -> set[str]:
    return {name.core for name in side.names if name.kind is Kind.BRANCH}


def _lanes(side: Side) -> bool:
    return any(name.kind is Kind.LANE for name in side.names)


def _road_tells(a: Side, b: Side, reasons: list[str]) -> bool:
    """Whether a number on the road they share is one place: 人民路5号 is in every town."""
    return not _TIED.isdisjoint(reasons) or not road_is_common(a, b)
