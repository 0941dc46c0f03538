"""The debtor's ID card: it begins with the code of a county of birth or first registration."""

from __future__ import annotations

from addrfix.model.protocols import DivisionIndex
from addrfix.reading.witnesses.from_case import FromCase
from addrfix.text.id_numbers import county_prefix


def create(index: DivisionIndex) -> FromCase:
    """The witness over one gazetteer."""
    return FromCase(
        "id_card", index, lambda case: index.by_id_prefix(county_prefix(case.facts.id_no) or "")
    )
