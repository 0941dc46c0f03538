"""How likely every named division is right: a sum of named terms in log-odds."""

from __future__ import annotations

import math
from functools import cache

from addrfix.knowledge import words
from addrfix.model.nouns import (
    HISTORIC_KINDS,
    REPAIR_KINDS,
    SHORT_KINDS,
    ParsedAddress,
    Reading,
    ResolvedAddress,
)


@cache
def weights() -> dict[str, float]:
    """Log-odds by term, from `gazetteer/words/confidence.tsv`."""
    return {row["term"]: float(row["weight"]) for row in words("confidence")}


def terms(
    place: ResolvedAddress, address: ParsedAddress, reading: Reading, *, tie: bool
) -> dict[str, float]:
    """The terms that apply to a reading, each with its size."""
    found = {"base": 1.0}
    for mention in reading.mentions:
        if mention.kind not in SHORT_KINDS:
            found[("province", "city", "district", "town")[mention.level - 1] + "_named"] = 1.0
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
    for issue, term in (
        ("village_decided", "village_decided"),
        ("own_place_decided", "village_decided"),
        ("core_district_assumed", "assumed"),
        ("road_decided", "assumed"),
        ("postcode_decided", "context_decided"),
        ("context_id_card", "context_decided"),
        ("context_phone", "context_decided"),
        ("context_case", "context_decided"),
    ):
        if issue in place.issues:
            found[term] = 1.0
    if len(reading.mentions) == 1 and reading.mentions[0].level >= 3:
        found["lone_name"] = 1.0
    if len(address.readings) == 1:
        found["no_rival"] = 1.0
    return found


def confidence(
    place: ResolvedAddress, address: ParsedAddress, reading: Reading, *, tie: bool
) -> float:
    """Probability, 0 to 1, that every division named in `place` is right."""
    known = weights()
    total = sum(
        known[term] * size for term, size in terms(place, address, reading, tie=tie).items()
    )
    return round(1.0 / (1.0 + math.exp(-total)), 4)
