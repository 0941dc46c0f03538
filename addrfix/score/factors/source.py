"""Where the address came from."""

from __future__ import annotations

import polars as pl

from addrfix.model.terms import Source
from addrfix.score.factors.factor import Factor


def create() -> Factor:
    """One level per canonical source; an unknown one counts as `other`."""
    named = [source.value for source in Source if source is not Source.OTHER]
    return Factor(
        "source",
        tuple((name, pl.col("source") == name) for name in named),
        Source.OTHER.value,
    )
