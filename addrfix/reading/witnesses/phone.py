"""The debtor's phone: at home in the city where its number was given out; many keep an old one."""

from __future__ import annotations

from addrfix.model.protocols import DivisionIndex
from addrfix.reading.witnesses.from_case import FromCase
from addrfix.text.phones import home_prefix


def create(index: DivisionIndex) -> FromCase:
    """The witness over one gazetteer."""
    return FromCase(
        "phone", index, lambda case: index.by_phone(home_prefix(case.facts.phone or "") or "")
    )
