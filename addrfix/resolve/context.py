"""What else the text or the case knows, used only where the names leave a division open.

A postcode in the text is the text's own word on its county. The ID-card number names a county of
birth or first registration, the phone the city where it was given out, the case's other addresses
where this person has lived. Each can choose among readings that the text cannot tell apart; none
can overrule what is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from addrfix.model.nouns import CaseFacts, Reading
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import lineage
from addrfix.text.phones import home_prefix


@dataclass(frozen=True, slots=True)
class Choice:
    """A reading that the case singles out, and which knowledge did it (a reason code)."""

    reading: Reading
    reason: str


def choose(
    tied: Sequence[Reading],
    facts: CaseFacts,
    elsewhere: Sequence[int],
    index: DivisionIndex,
) -> Choice | None:
    """The one of the tied readings that the case points at; None where it points at none or many.

    The ID card comes first: it may name the very county. Then the other addresses; the phone comes
    last, for it is at home in a city and many keep the number of a city that they have left.

    Args:
        tied: readings that the text cannot tell apart.
        facts: of the case.
        elsewhere: divisions that the case's other addresses were read as, without doubt.
        index: the divisions.
    """
    known = (
        ("context_id_card", _home(facts, index), (3, 2, 1)),
        ("context_case", elsewhere, (3, 2, 1)),
        ("context_phone", _phone_home(facts, index), (2, 1)),
    )
    for reason, places, levels in known:
        found = _pointed_at(tied, places, levels, index)
        if found is not None:
            return Choice(found, reason)
    return None


def by_postcode(
    tied: Sequence[Reading], written: str | None, index: DivisionIndex
) -> Choice | None:
    """The one of the tied readings that a postcode in the text belongs to; else None.

    The first four digits are a county's office in most cases, three a sorting centre, two a
    province; as many as single out one reading decide.
    """
    if written is None:
        return None
    for digits in (4, 3, 2):
        matching = [
            reading
            for reading in tied
            if any(code.startswith(written[:digits]) for code in _postcodes(reading, index))
        ]
        if matching:
            return Choice(matching[0], "postcode_decided") if len(matching) == 1 else None
    return None


def _postcodes(reading: Reading, index: DivisionIndex) -> Sequence[str]:
    """Of the division itself, or of the next one above that has one."""
    for step in reversed(lineage(reading.division, index)):
        if code := index.postcodes[step]:
            return (code,)
    return ()


def _pointed_at(
    tied: Sequence[Reading], places: Sequence[int], levels: Iterable[int], index: DivisionIndex
) -> Reading | None:
    """The one reading that lies where these places lie; the deepest level that tells decides."""
    if not places:
        return None
    for level in levels:
        wanted = {
            step
            for place in places
            for step in lineage(place, index)
            if index.levels[step] == level
        }
        matching = [
            reading
            for reading in tied
            if any(step in wanted for step in lineage(reading.division, index))
        ]
        if matching:
            return matching[0] if len(matching) == 1 else None
    return None


def _home(facts: CaseFacts, index: DivisionIndex) -> Sequence[int]:
    number = facts.id_no or ""
    if len(number) < 6 or not number[:6].isdigit():
        return ()
    return index.by_id_prefix(number[:6])


def _phone_home(facts: CaseFacts, index: DivisionIndex) -> Sequence[int]:
    prefix = home_prefix(facts.phone or "")
    return index.by_phone(prefix) if prefix else ()
