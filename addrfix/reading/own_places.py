"""The user's own places: which pieces of a text to ask for, and what the answers decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from addrfix.model.nouns import ParsedAddress, PlaceHit, Reading, Span
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import common, is_under
from addrfix.text.marks import SEPARATORS

LONGEST_PIECE = 24
"""No name of a place is longer, in characters."""
_MOST_READINGS = 8
# A name that decides has three characters, below a province four; a road is no proof there, since
# every county has its 人民路.
_TELLING = {1: 4, 2: 3, 3: 3}
_GOES_ON = ("小区", "住宅小区")
_PLACES = ("poi", "subpoi")


def windows(
    address: ParsedAddress, index: DivisionIndex
) -> tuple[list[int], list[tuple[int, str]]] | None:
    """Where to look and what for: (divisions, [(position, text from there)]); None for nothing."""
    if not address.readings or address.spans:
        return None
    divisions: dict[int, None] = {}
    for reading in address.readings[:_MOST_READINGS]:
        town = index.levels[reading.division] == 4
        divisions[index.parents[reading.division] if town else reading.division] = None
    key = address.key
    named = {
        position
        for mention in address.readings[0].mentions
        for position in range(mention.start, mention.end)
    }
    pieces = [
        (start, key[start : start + LONGEST_PIECE])
        for start in range(len(key) - 1)
        if start not in named and key[start] not in SEPARATORS and not key[start].isdigit()
    ]
    return (list(divisions), pieces) if pieces else None


def decide(address: ParsedAddress, places: Sequence[PlaceHit], index: DivisionIndex) -> bool:
    """Let the places that the structure found settle what the division names leave open.

    Of several readings the one stays below which a place lies; a reading that ends in a province,
    city or county goes down to the one division that all places of the name lie in.

    Returns:
        Whether the readings were changed.
    """
    if not places or not address.readings:
        return False
    found = [place for place in places if _stands(address.key, place, address.spans)]
    readings = address.readings
    if len(readings) > 1:
        fitting = [r for r in readings if any(_below(place, r, index) for place in found)]
        if len(fitting) == 1:
            readings = (fitting[0],)
    best = readings[0]
    inside = [place for place in found if _below(place, best, index)]
    if inside:
        length = max(place.end - place.start for place in inside)
        named = {place.division for place in inside if place.end - place.start == length}
        division = common(named, index)
        if division is not None and index.levels[division] > index.levels[best.division]:
            readings = (replace(best, division=division), *readings[1:])
    if readings == address.readings:
        return False
    address.readings = readings
    return True


def _below(place: PlaceHit, reading: Reading, index: DivisionIndex) -> bool:
    """Whether a place lies in a reading's division and its name is long enough to tell that."""
    level = index.levels[reading.division]
    if place.label == "road" and level == 1:
        return False
    least = _TELLING.get(level, _TELLING[3])
    return place.end - place.start >= least and is_under(place.division, reading.division, index)


def _stands(key: str, place: PlaceHit, spans: Sequence[Span]) -> bool:
    """Whether the structure found the place as an element of its own."""
    for span in spans:
        if span.start == place.start:
            same = span.label == place.label or (span.label in _PLACES and place.label == "poi")
            return same and (span.end == place.end or key[place.end : span.end] in _GOES_ON)
    return False
