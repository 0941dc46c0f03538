"""Pairs of texts to relations, as batches."""

from __future__ import annotations

import polars as pl

from addrfix.flow.clean import engine
from addrfix.resolve.compare import Comparison, compare


def compare_texts(a: str, b: str) -> Comparison:
    """Compare two addresses."""
    _, (one, other) = engine().read([a, b])
    return compare(one, other)


def compare_frame(pairs: pl.DataFrame) -> pl.DataFrame:
    """Relations of a table of pairs.

    Args:
        pairs: columns `a` and `b`, texts.

    Returns:
        `relation` and `similarity` (0 to 1), same height and order.
    """
    texts = [*pairs["a"].to_list(), *pairs["b"].to_list()]
    _, places = engine().read(texts)
    half = pairs.height
    results = [compare(one, other) for one, other in zip(places[:half], places[half:], strict=True)]
    return pl.DataFrame(
        {
            "relation": [result.relation.value for result in results],
            "similarity": [result.similarity for result in results],
        },
        schema={"relation": pl.String, "similarity": pl.Float64},
    )
