"""What earlier letters to the same debtor showed, here and elsewhere.

A refusal proves the address good. 查无此人 and 迁移 speak about this debtor at this address only.
"""

from __future__ import annotations

import polars as pl

from addrfix.score.factors.factor import Factor
from addrfix.score.past import HERE


def create() -> Factor:
    """What the latest letter to this address became; else what is known from other addresses."""
    here, elsewhere = pl.col("_here"), pl.col("_elsewhere")
    return Factor(
        "debtor_history",
        (
            *((f"{what}_here", here == what) for what in HERE),
            ("signed_elsewhere", elsewhere == "signed"),
            ("gone_elsewhere", elsewhere == "gone"),
        ),
        "none",
    )
