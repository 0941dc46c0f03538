"""Parsed addresses to places, a batch at a time.

divisions → components → verdict → standardized → confidence
"""

from __future__ import annotations

from collections.abc import Sequence

from addrfix.model.nouns import ParsedAddress, Reading, ResolvedAddress
from addrfix.model.protocols import DivisionIndex
from addrfix.model.terms import Verdict
from addrfix.model.tree import common, full_name, is_under, tied
from addrfix.resolve.components import fill, granularity
from addrfix.resolve.confidence import confidence
from addrfix.resolve.divisions import (
    place_names,
    record_changes,
)
from addrfix.resolve.envelope import standardized
from addrfix.resolve.verdict import is_masked, judge

_MOST_CANDIDATES = 8


def resolve(parsed: Sequence[ParsedAddress], index: DivisionIndex) -> list[ResolvedAddress]:
    """Places in the order of `parsed`.

    Args:
        parsed: from `reading.reader`.
        index: divisions of levels 1 to 4.
    """
    return [_one(address, index) for address in parsed]


def _one(address: ParsedAddress, index: DivisionIndex) -> ResolvedAddress:
    place = ResolvedAddress(issues=[*address.issues, *address.reasons])
    place.text_recipient = address.recipient
    place.text_phone = address.phone
    readings = tied(address.readings, index)
    tie = len(readings) > 1
    division = readings[0].division if readings else -1
    if tie:
        division = _what_rivals_share(place, readings, index)
    if division >= 0:
        place_names(place, division, index)
        record_changes(place, address, readings[0], division, index)
    _village(place, address, division, index)
    fill(place, address)
    place.granularity = granularity(place)
    _notes(place, address)
    judge(place, address, division, index)
    if place.verdict is not Verdict.UNDELIVERABLE:
        place.standardized = standardized(place, address)
    if division >= 0:
        place.confidence = confidence(address, readings[0], tie=tie)
    spans = sorted((*address.spans, *address.copies)) if address.copies else address.spans
    place.spans = [address.raw_span(span) for span in spans]
    return place


def _what_rivals_share(
    place: ResolvedAddress, rivals: Sequence[Reading], index: DivisionIndex
) -> int:
    """The division that readings left open have in common; -1 for none."""
    shared = common([rival.division for rival in rivals], index)
    place.candidates = [full_name(r.division, index) for r in rivals[:_MOST_CANDIDATES]]
    if shared is None or index.levels[shared] < 3:
        place.issues.append("ambiguous_division")
    return -1 if shared is None else shared


def _village(
    place: ResolvedAddress, address: ParsedAddress, division: int, index: DivisionIndex
) -> None:
    """Take the village's code where it lies in the chosen division."""
    village = address.village
    if village is None or division < 0 or not is_under(village.town, division, index):
        return
    place.village = village.name
    if index.levels[division] == 4:
        place.division_code = village.code


def _notes(place: ResolvedAddress, address: ParsedAddress) -> None:
    if address.recipient:
        place.issues.append("name_in_text")
    if address.phone:
        place.issues.append("phone_in_text")
    if address.notes:
        place.issues.append("courier_note")
    if is_masked(address.text):
        place.issues.append("masked_text")
    if address.postcode is not None and place.postcode is not None:
        if address.postcode[:3] == place.postcode[:3]:
            # Same sorting centre: the office code that was written is the finer one.
            place.postcode = address.postcode
        else:
            place.issues.append("postcode_conflict")
