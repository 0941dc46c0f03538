"""How old the record was on the day of posting."""

from __future__ import annotations

import polars as pl

from addrfix.score.factors.factor import Factor

# Upper ends in days. Fine where most addresses lie and where a debtor's life changes fastest.
LIMITS = (
    ("under_3_months", 91),
    ("under_6_months", 183),
    ("under_1_year", 365),
    ("under_18_months", 548),
    ("under_2_years", 731),
    ("under_3_years", 1096),
    ("under_4_years", 1461),
    ("under_5_years", 1826),
    ("under_7_years", 2557),
    ("under_10_years", 3652),
    ("under_15_years", 5479),
)


def create() -> Factor:
    """Levels by `_age_days`; no date and a date after the letter are levels of their own."""
    days = pl.col("_age_days")
    return Factor(
        "age",
        (
            ("unknown", days.is_null()),
            ("future", days < 0),
            *((name, days < limit) for name, limit in LIMITS),
        ),
        "older",
    )
