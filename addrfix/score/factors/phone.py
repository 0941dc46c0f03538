"""Whether the address lies where the debtor's phone number was given out."""

from __future__ import annotations

import polars as pl

from addrfix.model.tree import MUNICIPALITIES
from addrfix.score.factors.factor import Factor


def create() -> Factor:
    """Numbers are given out by city, or by county where one stands directly under a province."""
    homes, code = pl.col("_phone_homes"), pl.col("division_code")
    home = pl.element()
    cities = homes.list.eval(
        pl.when(home.str.ends_with("00")).then(home.str.slice(0, 4)).otherwise(home)
    )
    provinces = homes.list.eval(home.str.slice(0, 2))
    province = code.str.slice(0, 2)
    in_province = provinces.list.contains(province)
    # No home is 4300 or 430000, so a code that names no city agrees with none.
    in_city = (
        cities.list.contains(code.str.slice(0, 4))
        | cities.list.contains(code.str.slice(0, 6))
        | (in_province & province.is_in(MUNICIPALITIES))
    )
    return Factor(
        "phone",
        (
            ("no_phone", homes.is_null()),
            ("unread", code.is_null()),
            ("same_city", in_city),
            ("same_province", in_province),
        ),
        "elsewhere",
    )
