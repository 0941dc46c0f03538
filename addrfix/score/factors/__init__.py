"""The factors of the score, in the order in which they are shown; one file each.

A factor is a list of named levels, each a polars expression over the columns that
`addrfix.score.evidence` and `addrfix.score.past` prepare; the first level that holds wins, and
what holds nowhere gets the level `otherwise`. Weights and sentences stand in
`gazetteer/score/levels.tsv`.
"""

from __future__ import annotations

from addrfix.score.factors import (
    age,
    agreement,
    completeness,
    confidence,
    debtor_history,
    id_card,
    kind,
    phone,
    place_history,
    repairs,
    source,
    verdict,
)
from addrfix.score.factors.factor import Factor

FACTORS: tuple[Factor, ...] = (
    source.create(),
    age.create(),
    completeness.create(),
    verdict.create(),
    kind.create(),
    agreement.create(),
    id_card.create(),
    phone.create(),
    debtor_history.create(),
    place_history.create(),
    confidence.create(),
    repairs.create(),
)

__all__ = ["FACTORS", "Factor"]
