"""Districts of one name told apart by what stands behind the name.

普陀区真光路: one of the two has communities whose names begin with 真光. Between districts of one
name the first two characters behind it are enough; where both have such a town or community, or
neither, the text stays open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from addrfix.model.nouns import HISTORIC_KINDS, ParsedAddress
from addrfix.model.protocols import DivisionIndex
from addrfix.text.marks import SEPARATORS

REASON = "road_decided"
_ENOUGH = 2


def rivals(address: ParsedAddress, index: DivisionIndex) -> tuple[int, ...]:
    """Districts of one name that a text leaves open; empty where it leaves none."""
    meant = [r for r in address.readings if r.mentions[-1].kind not in HISTORIC_KINDS]
    found = tuple(dict.fromkeys(reading.division for reading in meant))
    names = {index.names[division] for division in found}
    counties = all(index.levels[division] == 3 for division in found)
    return found if len(found) > 1 and len(names) == 1 and counties else ()


def beginning(address: ParsedAddress, index: DivisionIndex) -> list[tuple[int, str]]:
    """What to ask the villages for: (district, first characters behind its name)."""
    divisions = rivals(address, index)
    if not divisions:
        return []
    key = address.key
    start = max(mention.end for mention in address.readings[0].mentions)
    while start < len(key) and key[start] in SEPARATORS:
        start += 1
    piece = key[start : start + _ENOUGH]
    told = len(piece) == _ENOUGH and piece.isalpha() and not piece.isascii()
    if not told or index.names[divisions[0]].startswith(piece):
        return []
    return [(division, piece) for division in divisions]


def tell_apart(
    address: ParsedAddress,
    asked: Sequence[tuple[int, str]],
    with_village: frozenset[int],
    index: DivisionIndex,
) -> bool:
    """Keep the one reading whose district has a town, or else a village, of that beginning."""
    with_town = frozenset(
        division
        for division, piece in asked
        if any(
            level == 4 and form.startswith(piece) for form, _, level, _ in index.children(division)
        )
    )
    for fitting in (with_town, with_village):
        if len(fitting) == 1:
            address.readings = tuple(r for r in address.readings if r.division in fitting)
            return True
        if fitting:
            return False
    return False


def tell_all_apart(
    parsed: Sequence[ParsedAddress],
    asked: Mapping[int, Sequence[tuple[int, str]]],
    found: Mapping[int, frozenset[int]],
    index: DivisionIndex,
) -> None:
    """The same for a batch: rows of `asked` are places in `parsed`."""
    for row, pieces in asked.items():
        if tell_apart(parsed[row], pieces, found.get(row, frozenset()), index):
            parsed[row].issues.append(REASON)
