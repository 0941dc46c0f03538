"""What had to be repaired in the text to read it."""

from __future__ import annotations

import polars as pl

from addrfix.score.factors.factor import Factor


def create() -> Factor:
    """A contradiction first, then names replaced, then levels filled in."""
    return Factor(
        "repairs",
        (
            ("contradicted", pl.col("issues").list.join("|").str.contains("contradict|conflict")),
            ("replaced", pl.col("replaced").list.len() > 0),
            ("inferred", pl.col("inferred").list.len() > 0),
        ),
        "as_written",
    )
