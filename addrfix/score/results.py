"""What became of a letter and what its reason says: words of a history file read by patterns."""

from __future__ import annotations

import polars as pl

from addrfix.knowledge import words
from addrfix.score.knowledge import patterns


def judged(letters: pl.DataFrame) -> pl.DataFrame:
    """The letters with what their result and return reason mean.

    Takes `result` and `return_reason` (String). Adds
    `_outcome`: signed, returned, unattended, open, lost, cancelled, or null where nothing is known;
    `_reason`, `_effect`, `_fault`, `_scope`: of `gazetteer/words/return_reasons.tsv`, null without
    a reason; a reason is looked for in the result too (退回，查无此人).
    """
    reasons = words("return_reasons")
    said = pl.concat_str("return_reason", "result", separator=" ", ignore_nulls=True)
    # Batch folders give the reason's code, other files its words.
    found = _first(said, [(r["reason"], rf"\b{r['reason']}\b|{r['pattern']}") for r in reasons])
    outcome = _first(
        pl.col("result"), [(p.word, p.pattern) for p in patterns("results", "outcome")]
    )
    letters = letters.with_columns(
        # A file may give the reason alone: a reason without any result is a return.
        pl.when(pl.col("result").is_null() & pl.col("return_reason").is_not_null())
        .then(pl.lit("returned"))
        .otherwise(outcome)
        .alias("_outcome"),
        pl.when(said.str.len_chars() > 0).then(found).alias("_reason"),
    )
    # A signature that comes with a reason for not delivering is still a signature.
    letters = letters.with_columns(
        pl.when(pl.col("_outcome") == "returned").then(pl.col("_reason")).alias("_reason")
    )
    names = [row["reason"] for row in reasons]
    return letters.with_columns(
        pl.col("_reason")
        .replace_strict(
            names, [row[column] for row in reasons], default=None, return_dtype=pl.String
        )
        .alias(f"_{column}" if column != "address_effect" else "_effect")
        for column in ("address_effect", "fault", "scope")
    )


def _first(text: pl.Expr, table: list[tuple[str, str]]) -> pl.Expr:
    found = pl.lit(None, pl.String)
    for word, pattern in reversed(table):
        found = pl.when(text.str.contains(f"(?i){pattern}")).then(pl.lit(word)).otherwise(found)
    return found


def signed() -> pl.Expr:
    """1 signed, 0 not, null where it is not settled or says nothing about the address.

    A letter left without a signature was not signed for. What the carrier or the sender spoilt
    (`_effect` exclude) says nothing, and neither does a letter lost, cancelled or on its way.
    """
    return (
        pl.when(pl.col("_outcome") == "signed")
        .then(pl.lit(1))
        .when(pl.col("_outcome") == "unattended")
        .then(pl.lit(0))
        .when((pl.col("_outcome") == "returned") & (pl.col("_effect") != "exclude").fill_null(True))
        .then(pl.lit(0))
    )
