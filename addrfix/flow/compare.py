"""Pairs of texts to relations, as batches."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import polars as pl

from addrfix.compare.collecting import side_of
from addrfix.compare.names import Namer
from addrfix.compare.relating import Comparison, compare
from addrfix.compare.sides import Side
from addrfix.flow.clean import engine

# Distinct texts in one reading: large enough that the gazetteer's query is shared.
_BATCH = 4_000


@cache
def _namer() -> Namer:
    return Namer(engine().index)


def _sides(texts: Iterable[str | None]) -> dict[str | None, Side]:
    """Each distinct text, read once."""
    distinct = list(dict.fromkeys(texts))
    namer = _namer()
    sides: dict[str | None, Side] = {}
    for start in range(0, len(distinct), _BATCH):
        batch = distinct[start : start + _BATCH]
        for text, parsed in zip(batch, engine().reader.read(batch), strict=True):
            sides[text] = side_of(parsed, namer, engine().index)
    return sides


def compare_texts(a: str, b: str) -> Comparison:
    """Compare two addresses."""
    sides = _sides((a, b))
    return compare(sides[a], sides[b])


def compare_frame(pairs: pl.DataFrame) -> pl.DataFrame:
    """Relations of a table of pairs.

    Args:
        pairs: columns `a` and `b`, texts.

    Returns:
        `relation` and `similarity` (0 to 1), same height and order.
    """
    ours, theirs = pairs["a"].to_list(), pairs["b"].to_list()
    sides = _sides((*ours, *theirs))
    results = [compare(sides[a], sides[b]) for a, b in zip(ours, theirs, strict=True)]
    return pl.DataFrame(
        {
            "relation": [result.relation.value for result in results],
            "similarity": [result.similarity for result in results],
        },
        schema={"relation": pl.String, "similarity": pl.Float64},
    )
