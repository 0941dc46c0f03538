"""The case's other addresses: this person has lived or worked there."""

from __future__ import annotations

from addrfix.model.protocols import DivisionIndex
from addrfix.reading.witnesses.from_case import FromCase


def create(index: DivisionIndex) -> FromCase:
    """The witness over one gazetteer."""
    return FromCase("other_address", index, lambda case: case.elsewhere)
