"""Whether another source of the case gives the same place.

Two sources of one family (`gazetteer/score/sources.tsv`) do not confirm each other, nor do two rows
of one source. Each level needs parts to be there and equal, so losing a part cannot raise it.
"""

from __future__ import annotations

import polars as pl

from addrfix.score.evidence import KEYS
from addrfix.score.factors.factor import Factor


def _confirmed(*names: str) -> pl.Expr:
    """Whether a key of these names is shared within the case by more than one family."""
    return pl.any_horizontal(
        pl.col(key).is_not_null() & (pl.col("_family").n_unique().over("_case", key) > 1)
        for name in names
        for key in KEYS[name]
    )


def create() -> Factor:
    """Nearest agreement first."""
    district = pl.col("_district")
    others = pl.col("_family").filter(district.is_not_null()).n_unique().over("_case")
    return Factor(
        "agreement",
        (
            ("door", _confirmed("door")),
            ("building", _confirmed("building")),
            ("compound", _confirmed("compound")),
            ("village", _confirmed("village")),
            ("town", _confirmed("town")),
            ("district", _confirmed("district")),
            ("unread", district.is_null()),
            ("alone", others < 2),
        ),
        "elsewhere",
    )
