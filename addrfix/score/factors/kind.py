"""What kind of place the address names, by the words of `gazetteer/score/kinds.tsv`."""

from __future__ import annotations

import polars as pl

from addrfix.score.factors.factor import Factor
from addrfix.score.knowledge import patterns


def create() -> Factor:
    """Kinds in the order of the table; the village's own name comes last.

    Where a kind has a reason code, an address that was read is of that kind if it bears the code:
    reading knows whether the letter ends there (菜鸟驿站) or beside it (菜鸟驿站对面3号).
    """
    levels: list[tuple[str, pl.Expr]] = []
    for row in patterns("kinds", "kind"):
        column = "_village_words" if row.where == "village" else "_place_words"
        said = pl.col(column).str.contains(row.pattern)
        if row.issue:
            read = pl.col("issues").list.contains(row.issue).fill_null(False)
            said = pl.when(pl.col("verdict").is_null()).then(said).otherwise(read)
        levels.append((row.word, said))
    return Factor("kind", tuple(levels), "unnamed")
