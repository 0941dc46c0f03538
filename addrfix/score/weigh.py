"""Levels → parts → log-odds → probability, over whole columns.

    log-odds = offset + slope × (base + Σ weight of each factor's level + Σ weight of combinations)

Every summand is a named column, so a score can be replayed by adding them up.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from addrfix.score.factors import Factor
from addrfix.score.scorer import Scorer

WEIGHT = "_weight"
"""Suffix of the column that holds a factor's part."""


def levels_of(rows: pl.DataFrame, factors: Sequence[Factor]) -> pl.DataFrame:
    """One String column per factor: the level of each row; same height and order."""
    return rows.select(factor.expression() for factor in factors)


def combined_name(names: Sequence[str]) -> str:
    """`source_x_age` for the combination of source and age."""
    return "_x_".join(names)


def weighed(levels: pl.DataFrame, scorer: Scorer) -> pl.DataFrame:
    """The parts of each row's score, its log-odds and its probability.

    Takes the columns of `levels_of`. Gives `<factor>_weight` per factor,
    `<factor>_x_<factor>_weight` per kind of combination, `log_odds` and `p_signed`; parts are after
    calibration, so that `log_odds` is their sum and `base_weight`.
    """
    slope = scorer.calibration.slope
    parts = [(pl.lit(scorer.base) * slope + scorer.calibration.offset).alias(f"base{WEIGHT}")]
    for name, weights in scorer.weights.items():
        found = pl.col(name).replace_strict(
            list(weights), list(weights.values()), return_dtype=pl.Float64
        )
        parts.append((found * slope).alias(f"{name}{WEIGHT}"))
    for names, cells in scorer.combinations.items():
        joined = pl.concat_str([pl.col(name) for name in names], separator="|")
        found = joined.replace_strict(
            ["|".join(cell) for cell in cells],
            list(cells.values()),
            default=0.0,
            return_dtype=pl.Float64,
        )
        parts.append((found * slope).alias(f"{combined_name(names)}{WEIGHT}"))
    columns = levels.select(parts)
    odds = pl.sum_horizontal(pl.all())
    return columns.with_columns(odds.alias("log_odds"), (1 / (1 + (-odds).exp())).alias("p_signed"))


def deciding(levels: pl.DataFrame, parts: pl.DataFrame, most: int = 5) -> pl.Series:
    """The levels that decided each row's score, largest part first: `age=under_1_year`.

    At most `most` of them, none with a part below 0.05. A combination's part is not shown by
    itself: it belongs to the first of its factors.
    """
    shares: dict[str, list[str]] = {name: [f"{name}{WEIGHT}"] for name in levels.columns}
    for column in parts.columns:
        first = column.removesuffix(WEIGHT).split("_x_")[0]
        if "_x_" in column and first in shares:
            shares[first].append(column)
    both = pl.concat([levels, parts], how="horizontal")
    each = [
        pl.struct(
            (-pl.sum_horizontal(columns).abs()).alias("size"),
            pl.lit(order).alias("order"),
            pl.concat_str(pl.lit(f"{name}="), pl.col(name)).alias("text"),
        )
        for order, (name, columns) in enumerate(shares.items())
    ]
    found = pl.concat_list(each).list.sort()
    large = found.list.filter(pl.element().struct.field("size") <= -0.05).list.head(most)
    return both.select(
        large.list.eval(pl.element().struct.field("text")).alias("reasons")
    ).to_series()
