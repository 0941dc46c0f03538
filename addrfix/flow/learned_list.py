"""Returned letters → a blacklist file: places that are gone, as `--blacklist` takes them."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import polars as pl

from addrfix.knowledge import words
from addrfix.score.blacklist import learned
from addrfix.score.evidence import prepare
from addrfix.score.past import with_findings

COLUMNS = ("entry", "address", "scope", "reason", "from_on", "to_on", "source")
"""Columns of the file; all are words of `gazetteer/words/blacklist_words.tsv`."""
_DIVISIONS = ("province", "city", "district", "town", "village")
_COMPOUND = ("group", "road", "road_number", "poi", "_section")
# What a text names down to each scope; nothing narrower leaves the batch.
_PARTS: dict[str, tuple[str, ...]] = {
    "compound": _COMPOUND,
    "building": (*_COMPOUND, "building"),
    "unit": (*_COMPOUND, "building", "unit"),
    "door": (*_COMPOUND, "building", "unit", "floor", "room", "_within", "detail"),
}


def learned_list(letters: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Entries that letters of the past make, one row a place, in COLUMNS.

    Args:
        letters: `flow.past_letters.read_letters`.
        as_of: what is known later does not count; entries that a later letter has ended by then
            are left out.
    """
    known = pl.coalesce("result_on", "posted_on")
    posted = letters.filter(pl.col("posted_on").is_not_null() & (known <= as_of))
    rows = with_findings(prepare(posted, pl.col("posted_on")))
    entries = learned(rows).filter((pl.col("to_on") >= as_of).fill_null(True))
    # A place has a key by its name and one by its number; two letters about one place share a key.
    entries = entries.sort("from_on", "at", maintain_order=True).unique(
        ["scope", "key"], keep="first", maintain_order=True
    )
    entries = entries.unique("at", keep="first", maintain_order=True)
    return (
        entries.join(_texts(rows), on=["at", "scope"], how="left", maintain_order="left")
        .with_columns(_reason().alias("reason"), pl.col("entry").alias("source"))
        .with_columns((pl.int_range(pl.len()) + 1).cast(pl.String).alias("entry"))
        .select(COLUMNS)
    )


def _reason() -> pl.Expr:
    rows = words("return_reasons")
    return pl.col("reason").replace_strict([r["reason"] for r in rows], [r["zh"] for r in rows])


def _texts(rows: pl.DataFrame) -> pl.DataFrame:
    """The text of each row down to each scope: `at`, `scope`, `address`."""
    section = pl.col("_k_section").is_not_null()
    rows = rows.with_row_index("at").with_columns(
        # 北京市 is its own city, 济源市 its own county: once is enough.
        *(
            pl.when(pl.col(name).ne_missing(pl.col(above))).then(name).alias(name)
            for above, name in pairwise(_DIVISIONS[:3])
        ),
        # 李家村村民委员会3组 is read otherwise than 李家村3组.
        pl.col("village").str.replace("^(.+村)(?:村民|村|居民)?委(?:员会|会)$", "$1"),
        pl.when(section).then("subpoi").alias("_section"),
        pl.when(~section).then("subpoi").alias("_within"),
    )
    texts = [
        rows.select(
            "at",
            pl.lit(scope).alias("scope"),
            pl.concat_str(*_DIVISIONS, *parts, ignore_nulls=True).alias("address"),
        )
        for scope, parts in _PARTS.items()
    ]
    return pl.concat(texts)
