"""Spans to columns: the parts of an address below its divisions."""

from __future__ import annotations

from collections.abc import Sequence

from addrfix.model.nouns import ParsedAddress, ResolvedAddress
from addrfix.model.terms import Granularity
from addrfix.resolve.envelope import tidy

# CCKS label → column of `clean`; a second span of a label goes where _SECOND says.
_COLUMN = {
    "devzone": "devzone",
    "road": "road",
    "roadno": "road_number",
    "poi": "poi",
    "subpoi": "subpoi",
    "houseno": "building",
    "cellno": "unit",
    "floorno": "floor",
    "roomno": "room",
    "village_group": "group",
}
_SECOND = {"poi": "subpoi", "houseno": "unit"}
_DIVISION_LABELS = frozenset(("prov", "city", "district", "town", "redundant"))
_JOINED = frozenset(("road", "roadno", "subpoi", "village_group", "devzone"))


def fill(place: ResolvedAddress, address: ParsedAddress) -> None:
    """Set the columns from `devzone` to `detail` from the spans."""
    left: list[str] = []
    position = 0
    last = ""
    for span in address.spans:
        left.append(address.text[position : span.start])
        position = span.end
        piece = address.text[span.start : span.end]
        if span.label in _DIVISION_LABELS:
            last = span.label
            continue
        if span.label == "community":
            if place.village is None:
                place.village = piece
            elif address.village is None or span.start != address.village.start:
                left.append(piece)
        elif (column := _COLUMN.get(span.label)) is None:
            left.append(piece)
        elif getattr(place, column) is None:
            setattr(place, column, piece)
        elif span.label in _JOINED and last == span.label:
            setattr(place, column, getattr(place, column) + piece)
        else:
            second = _SECOND.get(span.label, "")
            if second and getattr(place, second) is None:
                setattr(place, second, piece)
            else:
                left.append(piece)
        last = span.label
    left.append(address.text[position:])
    place.detail = tidy("".join(left)) or None


def granularity(place: ResolvedAddress) -> Granularity:
    """The deepest level that is known."""
    for level in _DEEPEST_FIRST:
        if getattr(place, level.value) is not None:
            return level
    return Granularity.NONE


_DEEPEST_FIRST: Sequence[Granularity] = (
    Granularity.ROOM,
    Granularity.UNIT,
    Granularity.BUILDING,
    Granularity.POI,
    Granularity.ROAD_NUMBER,
    Granularity.ROAD,
    Granularity.VILLAGE,
    Granularity.TOWN,
    Granularity.DISTRICT,
    Granularity.CITY,
    Granularity.PROVINCE,
)
