"""Whether the address lies where the debtor's ID number was given out.

The first six digits name the district of the first registration, in the codes of that year; where a
code has since changed, its first four and two digits mostly still hold.
"""

from __future__ import annotations

import polars as pl

from addrfix.score.factors.factor import Factor


def create() -> Factor:
    """For registered addresses agreement is the rule, so they have levels of their own."""
    prefix, code = pl.col("_id_prefix"), pl.col("division_code")

    def same(digits: int) -> pl.Expr:
        # 110000 is a province's code: only digits that name something may agree.
        part = code.str.slice(0, digits)
        return (prefix.str.slice(0, digits) == part) & (part.str.slice(-2) != "00")

    registered = pl.col("_registered")
    return Factor(
        "id_card",
        (
            ("no_id", prefix.is_null()),
            ("unread", code.is_null()),
            ("register_same_district", registered & same(6)),
            ("register_same_city", registered & same(4)),
            ("register_elsewhere", registered),
            ("same_district", same(6)),
            ("same_city", same(4)),
            ("same_province", same(2)),
        ),
        "elsewhere",
    )
