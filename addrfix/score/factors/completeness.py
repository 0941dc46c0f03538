"""How completely the address is given, for the kind of place that it is.

Every condition asks only that parts are there, never that one is missing, and shipped weights never
rise down the list: so an address that loses a part cannot gain.
"""

from __future__ import annotations

import polars as pl

from addrfix.score.factors.factor import Factor


def create() -> Factor:
    """From a door down to nothing; a village group is enough in the country."""

    def has(*columns: str) -> pl.Expr:
        return pl.any_horizontal(pl.col(column).is_not_null() for column in columns)

    number = has("road_number")
    place = has("poi", "subpoi") | number
    house = has("road_number", "building", "room")
    country = has("village") & ~pl.col("village").str.contains(r"社区|居委|居民")
    return Factor(
        "completeness",
        (
            ("door_country", country & has("group") & house),
            ("door_town", place & has("room")),
            ("group", (country & (has("group") | house)) | (has("group") & house)),
            ("building", place & has("building")),
            ("number", number),
            ("village", country | has("group")),
            ("place", has("poi", "subpoi")),
            ("village", has("village")),
            ("road", has("road")),
            ("town", has("town")),
            ("district", has("district", "devzone")),
            ("city", has("province", "city")),
        ),
        "none",
    )
