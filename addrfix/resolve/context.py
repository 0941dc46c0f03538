"""What else the case knows, used only where the text leaves a division open.

The ID-card number names a county of birth or first registration, the case's other addresses name
where this person has lived. Each can choose among readings that the text cannot tell apart; none
can overrule what is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from addrfix.model.nouns import CaseFacts, Reading
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import lineage


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

    Args:
        tied: readings that the text cannot tell apart.
        facts: of the case.
        elsewhere: divisions that the case's other addresses were read as, without doubt.
        index: the divisions.
    """
    homes = _home(facts, index)
    for places, reason in ((homes, "context_id_card"), (elsewhere, "context_case")):
        if not places:
            continue
        # The deepest level that singles one out decides: county before city before province.
        for level in (3, 2, 1):
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
            if len(matching) == 1:
                return Choice(matching[0], reason)
            if len(matching) > 1:
                break
    return None


def _home(facts: CaseFacts, index: DivisionIndex) -> Sequence[int]:
    number = facts.id_no or ""
    if len(number) < 6 or not number[:6].isdigit():
        return ()
    return index.by_id_prefix(number[:6])
