"""How sure the reading of the divisions is."""

from __future__ import annotations

import polars as pl

from addrfix.score.factors.factor import Factor


def create() -> Factor:
    """Levels by `confidence`, the calibrated probability that every named division is right."""
    sure = pl.col("confidence")
    return Factor(
        "confidence",
        (
            ("sure", sure >= 0.95),
            ("fair", sure >= 0.8),
            ("doubtful", sure >= 0.5),
            ("poor", sure >= 0),
        ),
        "none",
    )
