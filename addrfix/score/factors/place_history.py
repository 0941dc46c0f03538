"""How letters to other people at this door, building, compound, village or town fared.

`_place_lift` is the estimated share of letters that reach the place, as log-odds against the share
over all places, each place shrunk towards the next wider one (`addrfix.score.past`).
"""

from __future__ import annotations

import polars as pl

from addrfix.score.factors.factor import Factor
from addrfix.score.knowledge import settings


def create() -> Factor:
    """A place reported as gone; else better or worse than usual."""
    lift = pl.col("_place_lift")
    limits = settings()["history"]
    much, some = float(limits["much_better"]), float(limits["better"])
    return Factor(
        "place_history",
        (
            ("gone", pl.col("_place_gone")),
            ("none", lift.is_null()),
            ("much_better", lift >= much),
            ("better", lift >= some),
            ("much_worse", lift <= -much),
            ("worse", lift <= -some),
        ),
        "usual",
    )
