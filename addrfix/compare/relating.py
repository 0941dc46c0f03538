"""Whether two addresses are one door, one place with different detail, or two places.

Decided from what was read, in this order: divisions must not part them; something named or numbered
must be shared (the anchor: a compound, a firm, a village, a number on a road, a crossing); a name
that is all they share must be rare enough to stand for one place; and what stands below the anchor
tells same from partial. Likeness of texts is used only between names of places.
"""

from __future__ import annotations

from dataclasses import dataclass

from addrfix.compare.anchors import EQUAL, anchor
from addrfix.compare.details import (
    detail,
    detail_at_number,
    detail_on_road,
    has_lane,
    share_building,
)
from addrfix.compare.divided import shared_level
from addrfix.compare.evidence import PARTED, one_place
from addrfix.compare.names import stands_in
from addrfix.compare.nesting import nests
from addrfix.compare.roads import cross, road_is_common, share_road, shared_door
from addrfix.compare.sides import Side
from addrfix.model.terms import Level, Relation

_LEVELS = ("province", "city", "district", "town")
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
    if stands_in(a.text) or stands_in(b.text):
        return _different(["no_place"])
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
        agrees, lacks = detail(a, b, found, context)
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
    return reasons + _locality(a, b, level)


def _locality(a: Side, b: Side, level: int) -> list[str]:
    if level >= Level.DISTRICT:
        return ["same_district"]
    if level == Level.CITY:
        return ["same_city"]
    return ["same_town"] if a.localities & b.localities else []


def _by_number(a: Side, b: Side, reasons: list[str]) -> Comparison:
    """Where no name decides: a number on a road, a building on it, or two roads that cross."""
    if not PARTED.isdisjoint(reasons):
        return _different(reasons)
    building = share_building(a, b)
    if building:
        reasons = [*reasons, "same_building"]
    if "same_road_number" in reasons and _road_tells(a, b, reasons):
        return _alike(reasons, detail_at_number(a, b, building=building))
    if not {"near_road_number", "same_main_number"}.isdisjoint(reasons):
        return _alike(reasons, ["number_not_exact"])
    if "same_road" in reasons:
        return _on_road(a, b, reasons, building=building)
    return _different(reasons)


def _on_road(a: Side, b: Side, reasons: list[str], *, building: bool) -> Comparison:
    """Where a road is shared and no number on it: a crossing, or a building that tells."""
    if cross(a, b):
        return _alike(["same_crossing"], ["other_name"] if a.names and b.names else [])
    numbered = (a.doors and b.doors) or has_lane(a) or has_lane(b)
    if building and not numbered and _road_tells(a, b, reasons):
        return _alike(reasons, detail_on_road(a, b))
    return _different(reasons)


def _road_tells(a: Side, b: Side, reasons: list[str]) -> bool:
    """Whether a number on the road they share is one place: 人民路5号 is in every town."""
    return not _TIED.isdisjoint(reasons) or not road_is_common(a, b)
