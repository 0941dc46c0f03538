"""The user's own places: which pieces of a text to ask for."""

from __future__ import annotations

from addrfix.model.nouns import ParsedAddress
from addrfix.model.protocols import DivisionIndex
from addrfix.text.marks import SEPARATORS

LONGEST_PIECE = 24
"""No name of a place is longer, in characters."""
_MOST_READINGS = 8


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
