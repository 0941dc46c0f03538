"""What reading the address decided about its use."""

from __future__ import annotations

import polars as pl

from addrfix.model.terms import Verdict
from addrfix.score.factors.factor import Factor


def create() -> Factor:
    """One level per verdict; `unread` where there is none."""
    return Factor(
        "verdict",
        tuple((verdict.value, pl.col("verdict") == verdict.value) for verdict in Verdict),
        "unread",
    )
