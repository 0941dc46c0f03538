"""Parsed addresses to places, a batch at a time.

divisions → context → components → verdict → standardized → confidence
"""

from __future__ import annotations

from collections.abc import Sequence

from addrfix.model.nouns import NO_FACTS, CaseFacts, ParsedAddress, Reading, ResolvedAddress
from addrfix.model.protocols import DivisionIndex
from addrfix.model.terms import Verdict
from addrfix.model.tree import common, is_under
from addrfix.resolve.components import fill, granularity
from addrfix.resolve.confidence import confidence
from addrfix.resolve.context import by_postcode, choose
from addrfix.resolve.divisions import (
    full_name,
    place_names,
    record_changes,
    tied,
)
from addrfix.resolve.envelope import standardized
from addrfix.resolve.verdict import is_masked, judge

_MOST_CANDIDATES = 8


def resolve(
    parsed: Sequence[ParsedAddress],
    index: DivisionIndex,
    facts: Sequence[CaseFacts] | None = None,
) -> list[ResolvedAddress]:
    """Places in the order of `parsed`.

    Args:
        parsed: from `reading.reader`.
        index: divisions of levels 1 to 4.
        facts: what each row's case knows, for addresses that the text leaves open; None leaves
            them open.
    """
    rivals = [tied(address.readings, index) for address in parsed]
    sure: dict[str, list[int]] = {}
    if facts is not None:
        for fact, readings in zip(facts, rivals, strict=True):
            if fact.case_id is not None and len(readings) == 1:
                sure.setdefault(fact.case_id, []).append(readings[0].division)
    out: list[ResolvedAddress] = []
    for row, (address, readings) in enumerate(zip(parsed, rivals, strict=True)):
        fact = NO_FACTS if facts is None else facts[row]
        elsewhere = sure.get(fact.case_id, []) if fact.case_id is not None else []
        out.append(_one(address, readings, fact, elsewhere, index))
    return out


def _one(
    address: ParsedAddress,
    readings: Sequence[Reading],
    facts: CaseFacts,
    elsewhere: Sequence[int],
    index: DivisionIndex,
) -> ResolvedAddress:
    place = ResolvedAddress(issues=list(address.issues))
    place.text_recipient = address.recipient
    place.text_phone = address.phone
    reading: Reading | None = readings[0] if readings else None
    division = reading.division if reading else -1
    tie = len(readings) > 1
    if tie:
        choice = by_postcode(readings, address.postcode, index)
        if choice is None:
            choice = choose(readings, facts, elsewhere, index)
        if choice is not None:
            reading, tie = choice.reading, False
            division = reading.division
            place.issues.append(choice.reason)
        else:
            shared = common([rival.division for rival in readings], index)
            division = -1 if shared is None else shared
            place.candidates = [full_name(r.division, index) for r in readings[:_MOST_CANDIDATES]]
            if division < 0 or index.levels[division] < 3:
                place.issues.append("ambiguous_division")
    if reading is not None and division >= 0:
        place_names(place, division, index)
        record_changes(place, address, reading, division, index)
        unnamed = not tie and all(m.division != division for m in reading.mentions)
        if unnamed and address.village and "own_place_decided" not in place.issues:
            place.issues.append("village_decided")
    _village(place, address, division, index)
    fill(place, address)
    place.granularity = granularity(place)
    _notes(place, address)
    judge(place, address)
    if place.verdict is not Verdict.UNDELIVERABLE:
        place.standardized = standardized(place, address)
    if reading is not None and division >= 0:
        place.confidence = confidence(place, address, reading, tie=tie)
    place.spans = [address.raw_span(span) for span in sorted((*address.spans, *address.copies))]
    return place


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
