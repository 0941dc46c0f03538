"""What reading the address decided about its use."""

from __future__ import annotations

import polars as pl

from addrfix.model.terms import Verdict
from addrfix.score.factors.factor import Factor


def create() -> Factor:
    """One level per verdict, one for a letter to an open district; `unread` where there is none."""
    said = pl.col("verdict")
    unknown = pl.col("issues").list.contains("district_unknown").fill_null(False)
    doubtful = (said == Verdict.DELIVERABLE.value) & unknown
    levels = tuple((verdict.value, said == verdict.value) for verdict in Verdict)
    return Factor("verdict", (("district_unknown", doubtful), *levels), "unread")
