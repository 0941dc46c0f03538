"""Spans to columns: the parts of an address below its divisions."""

from __future__ import annotations

from collections.abc import Sequence

from addrfix.model.nouns import ParsedAddress, ResolvedAddress
from addrfix.model.terms import ElementKind, Granularity
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
_UNREAD = frozenset((ElementKind.UNREAD, ElementKind.SENTENCE))
_DIVISION_LABELS = frozenset(("prov", "city", "district", "town", "redundant"))
_JOINED = frozenset(("road", "roadno", "subpoi", "village_group", "devzone"))


def fill(place: ResolvedAddress, address: ParsedAddress) -> None:
    """Set the columns from `devzone` to `unread` from the spans and what lies beside them."""
    left: list[str] = []
    gaps = _between_spans(address)
    last = ""
    for span in address.spans:
        while gaps and gaps[-1][0] < span.start:
            left.append(gaps.pop()[1])
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
    left.extend(piece for _, piece in reversed(gaps))
    place.detail = (tidy("".join(left)) or None) if left else None
    place.unread = unread(address)


def _between_spans(address: ParsedAddress) -> list[tuple[int, str]]:
    """Where marks and ties between the spans begin, and what they are; the last one first."""
    return [
        (start, address.written[start:end])
        for start, end, kind in reversed(address.beside)
        if kind is not ElementKind.UNREAD
    ]


def unread(address: ParsedAddress) -> str | None:
    """What of the text no element of an address explains, pieces joined by a blank."""
    if not address.beside and not address.taken:
        return None
    pieces = sorted(e for e in (*address.beside, *address.taken) if e.kind in _UNREAD)
    return " ".join(address.written[e.start : e.end] for e in pieces) or None


def granularity(place: ResolvedAddress) -> Granularity:
    """The deepest level that is known."""
    for column, level in _DEEPEST_FIRST:
        if getattr(place, column) is not None:
            return level
    return Granularity.NONE


_DEEPEST_FIRST: Sequence[tuple[str, Granularity]] = [
    (level.value, level)
    for level in (
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
]
