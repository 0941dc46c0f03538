"""The chosen division to official names, codes and a record of what was filled in or changed."""

from __future__ import annotations

from addrfix.model.nouns import (
    HISTORIC_KINDS,
    REPAIR_KINDS,
    ParsedAddress,
    Reading,
    ResolvedAddress,
)
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import MUNICIPALITIES, lineage

_NAMES = ("province", "city", "district", "town")
_FORMER = (*HISTORIC_KINDS, "variant")


def place_names(place: ResolvedAddress, division: int, index: DivisionIndex) -> None:
    """Set province to town, code and postcode.

    Municipalities repeat their name as city; counties directly under a province repeat theirs as
    city and district; cities without counties leave the district out (CONTRACT of `clean`).
    """
    line = lineage(division, index)
    by_level = {index.levels[step]: index.names[step] for step in line}
    place.province = by_level.get(1)
    place.city = by_level.get(2)
    place.district = by_level.get(3)
    place.town = by_level.get(4)
    if place.city is None:
        municipality = index.codes[line[0]][:2] in MUNICIPALITIES
        place.city = place.province if municipality else place.district
    place.division_code = index.codes[division]
    for step in reversed(line):
        if index.postcodes[step]:
            place.postcode = index.postcodes[step]
            break


def record_changes(
    place: ResolvedAddress, address: ParsedAddress, reading: Reading, division: int,
    index: DivisionIndex,
) -> None:  # fmt: skip
    """Say which levels the text did not name, and which it named otherwise."""
    mentioned = {mention.division: mention for mention in reading.mentions}
    for step in lineage(division, index):
        level = _NAMES[index.levels[step] - 1]
        mention = mentioned.get(step)
        if mention is None:
            place.inferred.append(level)
        elif mention.kind in REPAIR_KINDS:
            place.replaced.append(level)
            _once(place.issues, "misspelt_division")
        elif mention.kind in _FORMER:
            place.replaced.append(level)
            _once(place.issues, "renamed_division")
    for former in reading.former:
        # 深圳市|宝安区|观澜街道: the level was written, though what is there now has another name.
        if (level := _NAMES[former.level - 1]) in place.inferred:
            place.inferred.remove(level)
            place.replaced.append(level)
        _once(place.issues, "renamed_division")
    for hit in reading.contradicted:
        level = _NAMES[min(form.level for form in hit.forms) - 1]
        if level in place.inferred:
            place.inferred.remove(level)
        if getattr(place, level) is not None:
            _once(place.replaced, level)
        _once(place.issues, "division_conflict")
    if len(place.replaced) > 1:
        place.replaced.sort(key=_NAMES.index)


def _once(entries: list[str], entry: str) -> None:
    if entry not in entries:
        entries.append(entry)
