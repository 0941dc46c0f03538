"""What kind of place the address names, by the words of `gazetteer/score/kinds.tsv`."""

from __future__ import annotations

import polars as pl

from addrfix.score.factors.factor import Factor
from addrfix.score.knowledge import patterns


def create() -> Factor:
    """Kinds in the order of the table; the village's own name comes last."""
    levels: list[tuple[str, pl.Expr]] = []
    for row in patterns("kinds", "kind"):
        column = "_village_words" if row.where == "village" else "_place_words"
        levels.append((row.word, pl.col(column).str.contains(row.pattern)))
    return Factor("kind", tuple(levels), "unnamed")
