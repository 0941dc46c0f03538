"""How far two divisions are from each other: by level, and between the counties' points.

The gazetteer has points for four of five counties and nine of ten cities (WGS-84, from open
sources, of very different exactness), so kilometres are rough and often unknown; levels never are.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from addrfix.knowledge import folder
from addrfix.model.tree import MUNICIPALITIES

LEVELS = "level 0-3"
"""0 same county or district, 1 same city, 2 same province, 3 another province."""
_EARTH_KM = 6371.0
"""Mean radius."""
_ENDS = {"home": "_home", "work": "_work", "id": "_id"}


def with_distances(cases: pl.DataFrame) -> pl.DataFrame:
    """The cases with `home_work_level` and its like.

    Takes `_home`, `_work` (6-digit codes in force), `_id_prefix` (6 digits of any year) and
    `_phone` (code of a city or province); null where unknown.
    """
    now = id_counties()
    cases = cases.join(now, left_on="_id_prefix", right_on="prefix", how="left").rename(
        {"code": "_id"}
    )
    for one, other in (("home", "work"), ("home", "id"), ("work", "id")):
        a, b = _ENDS[one], _ENDS[other]
        cases = cases.with_columns(level(pl.col(a), pl.col(b)).alias(f"{one}_{other}_level"))
        cases = _with_km(cases, a, b, f"{one}_{other}_km")
    # A phone is at home in a city: it is never nearer than that.
    phone = pl.max_horizontal(level(pl.col("_home"), pl.col("_phone")), pl.lit(1, pl.Int8))
    known = pl.col("_home").is_not_null() & pl.col("_phone").is_not_null()
    return cases.with_columns(pl.when(known).then(phone).alias("home_phone_level"))


def level(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """The level of LEVELS between two 6-digit codes; null where one is unknown.

    A municipality (北京) is one city; a county directly under its province (仙桃) is a city too.
    """

    def city(code: pl.Expr) -> pl.Expr:
        whole = code.str.slice(0, 2).is_in(MUNICIPALITIES)
        alone = code.str.slice(2, 2) == "90"
        return (
            pl.when(whole)
            .then(code.str.slice(0, 2))
            .when(alone)
            .then(code)
            .otherwise(code.str.slice(0, 4))
        )

    return (
        pl.when(one.is_null() | other.is_null())
        .then(None)
        .when(one == other)
        .then(0)
        .when(city(one) == city(other))
        .then(1)
        .when(one.str.slice(0, 2) == other.str.slice(0, 2))
        .then(2)
        .otherwise(3)
        .cast(pl.Int8)
    )


@cache
def id_counties() -> pl.DataFrame:
    """`prefix` of ID numbers → `code` of the county in force, that of the largest part."""
    table = pl.read_parquet(folder("gazetteer") / "id_prefixes.parquet")
    best = table.sort(["share", "code"], descending=[True, False])
    return best.unique("prefix", keep="first", maintain_order=True).select("prefix", "code")


@cache
def _points() -> pl.DataFrame:
    """`code`, `lat`, `lon` of counties and cities; a county without a point has its city's."""
    wanted = ["code", "level", "parent_code", "lat", "lon"]
    table = pl.read_parquet(folder("gazetteer") / "divisions.parquet", columns=wanted)
    table = table.filter(pl.col("level") <= 3)
    above = table.select(parent_code="code", lat_above="lat", lon_above="lon")
    both = table.join(above, on="parent_code", how="left")
    return both.select(
        "code", pl.coalesce("lat", "lat_above"), pl.coalesce("lon", "lon_above")
    ).drop_nulls()


def _with_km(cases: pl.DataFrame, a: str, b: str, name: str) -> pl.DataFrame:
    """Adds the great-circle distance in whole kilometres (haversine)."""
    for end, of in ((a, "1"), (b, "2")):
        points = _points().rename({"lat": f"_lat{of}", "lon": f"_lon{of}"})
        cases = cases.join(points, left_on=end, right_on="code", how="left", maintain_order="left")
    lat1, lat2 = pl.col("_lat1").radians(), pl.col("_lat2").radians()
    half_lat = ((lat2 - lat1) / 2).sin() ** 2
    half_lon = ((pl.col("_lon2").radians() - pl.col("_lon1").radians()) / 2).sin() ** 2
    chord = (half_lat + lat1.cos() * lat2.cos() * half_lon).clip(0, 1).sqrt()
    km = (2 * _EARTH_KM * chord.arcsin()).round(0).cast(pl.Int64)
    return cases.with_columns(km.alias(name)).drop("_lat1", "_lon1", "_lat2", "_lon2")
