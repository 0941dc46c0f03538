"""How likely every named division is right: a sum of named terms in log-odds.

The margin of the weighing counts, which witnesses decided, and how the names were written.
`scripts/fit_confidence.py` fits the terms to addresses that this project makes up.
"""

from __future__ import annotations

import math
from functools import cache

from addrfix.knowledge import words
from addrfix.model.nouns import (
    CLEAR,
    HISTORIC_KINDS,
    REPAIR_KINDS,
    SHORT_KINDS,
    ParsedAddress,
    Reading,
)

_LEVELS = ("province", "city", "district", "town")


@cache
def weights() -> dict[str, float]:
    """Log-odds by term, from `gazetteer/words/confidence.tsv`."""
    return {row["term"]: float(row["weight"]) for row in words("confidence")}


def terms(address: ParsedAddress, reading: Reading, *, tie: bool) -> dict[str, float]:
    """The terms that apply to a reading, each with its size.

    Args:
        address: as read and weighed.
        reading: the one that leads.
        tie: whether others are left open, so that only what they share is named.
    """
    found = {"base": 1.0, "margin": min(CLEAR, max(0.0, address.margin)) / CLEAR}
    for mention in reading.mentions:
        if mention.kind not in SHORT_KINDS:
            found[_LEVELS[mention.level - 1] + "_named"] = 1.0
        if mention.kind in REPAIR_KINDS:
            found["repaired"] = 1.0
        if mention.kind == "changed":
            found["changed"] = 1.0
        if mention.kind in HISTORIC_KINDS:
            found["renamed"] = 1.0
    if reading.mentions and reading.mentions[-1].kind in SHORT_KINDS:
        found["short_only"] = 1.0
    if reading.former:
        found["renamed"] = 1.0
    if reading.contradicted:
        found["conflict"] = 1.0
    if tie:
        found["tie"] = 1.0
    for witness in address.deciding:
        found[f"by_{witness}"] = 1.0
    if len(reading.mentions) == 1 and reading.mentions[0].level >= 3:
        found["lone_name"] = 1.0
        if reading.mentions[0].kind in HISTORIC_KINDS:
            found["lone_former"] = 1.0
    return found


def confidence(address: ParsedAddress, reading: Reading, *, tie: bool) -> float:
    """Probability, 0 to 1, that every division named is right; see `terms`."""
    known = weights()
    found = terms(address, reading, tie=tie)
    # A witness of the user's own has no fitted term until the table has a row for it.
    total = 0.0
    for term, size in found.items():
        total += known.get(term, 0.0) * size
    return round(1.0 / (1.0 + math.exp(-total)), 4)
