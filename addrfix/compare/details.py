"""What agrees below the place that two sides share, and what keeps them from being one door."""

from __future__ import annotations

from addrfix.compare.anchors import EQUAL, Anchor
from addrfix.compare.endings import Kind
from addrfix.compare.sides import Side

_TENANTS = frozenset((Kind.TENANT, Kind.FIRM))


def detail(a: Side, b: Side, found: Anchor, context: list[str]) -> tuple[list[str], list[str]]:
    """What agrees below the anchor, and what keeps the two from being the same.

    Args:
        a: one side.
        b: the other.
        found: the finest names that they share.
        context: what else agrees or differs, divisions and roads.
    """
    ours = {key for after, key in a.inner if after > found.at[0]}
    theirs = {key for after, key in b.inner if after > found.at[1]}
    agrees = ["same_building"] if ours & theirs else []
    lacks = ["beside"] if found.beside else []
    lacks += _buildings(ours, theirs)
    lacks += _parts_in_building(a, b) if agrees else _around(a, b, found, context)
    if any(found.finer):
        lacks.append("finer_name")
    if _apart(_branches(a), _branches(b)):
        lacks.append("branch_differs")
    return agrees, lacks + _inside(a, b, shop=not found.kinds.isdisjoint(_TENANTS))


def detail_at_number(a: Side, b: Side, *, building: bool) -> list[str]:
    """What keeps two sides at one number of a road from being the same.

    Args:
        a: one side.
        b: the other.
        building: whether they share the number of a building there.
    """
    lacks = []
    named = _named(a, b)
    if named and not (building and _TENANTS.isdisjoint(named)):
        lacks.append("other_name")
    if not building:
        lacks += _buildings({key for _, key in a.inner}, {key for _, key in b.inner})
    if bool(a.floors) != bool(b.floors) and not (a.rooms or b.rooms):
        lacks.append("floor_on_one_side")
    return lacks + _inside(a, b)


def detail_on_road(a: Side, b: Side) -> list[str]:
    """What keeps two sides at one building of a road without numbers from being the same."""
    return [*(["other_name"] if _named(a, b) else []), *_inside(a, b)]


def share_building(a: Side, b: Side) -> bool:
    """Whether the number of a building stands in both."""
    return not {key for _, key in a.inner}.isdisjoint(key for _, key in b.inner)


def has_lane(side: Side) -> bool:
    """Whether a side names a lane with a number: 崇文路499弄."""
    return any(name.kind is Kind.LANE for name in side.names)


def _named(a: Side, b: Side) -> set[Kind]:
    """The kinds of what either names, but for what it only lies near."""
    return {name.kind for side in (a, b) for name in side.names if not name.beside}


def _buildings(ours: set[str], theirs: set[str]) -> list[str]:
    if ours == theirs:
        return []
    # 18排2号楼 and 2排2号楼 share a number, and are not one house.
    return ["other_building" if ours - theirs and theirs - ours else "building_on_one_side"]


def _parts_in_building(a: Side, b: Side) -> list[str]:
    """Phases and groups that a shared number of a building does not outweigh."""
    checks = (
        ("part_differs", _apart(a.parts, b.parts)),
        ("group_differs", _apart(a.groups, b.groups)),
    )
    return [reason for reason, holds in checks if holds]


def _around(a: Side, b: Side, found: Anchor, context: list[str]) -> list[str]:
    """Differences that a shared building would outweigh."""
    village = Kind.VILLAGE in found.kinds
    checks = (
        ("part_differs", a.parts != b.parts),
        ("gate_differs", a.gates != b.gates),
        ("kind_differs", not found.kindred),
        ("name_differs", found.score < EQUAL and "same_road_number" not in context),
        # A group tells where in a village; behind a firm or a compound it may be left out.
        ("group_differs", a.groups != b.groups if village else _apart(a.groups, b.groups)),
        ("road_on_one_side", village and bool(a.roads) != bool(b.roads)),
    )
    return [reason for reason, holds in checks if holds]


def _inside(a: Side, b: Side, *, shop: bool = False) -> list[str]:
    """Differences inside a building; a shop is one door, with or without the room's number."""
    checks = (
        ("unit_differs", _apart(a.units, b.units)),
        ("floor_differs", _apart(a.floors, b.floors)),
        ("room_differs", _apart(a.rooms, b.rooms)),
        ("room_on_one_side", bool(a.rooms) != bool(b.rooms) and not shop),
    )
    return [reason for reason, holds in checks if holds]


def _branches(side: Side) -> set[str]:
    return {name.core for name in side.names if name.kind is Kind.BRANCH}


def _apart(one: set[str], other: set[str]) -> bool:
    """Whether both say something, and nothing in common."""
    return bool(one) and bool(other) and one.isdisjoint(other)
