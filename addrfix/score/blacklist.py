"""Entries of blacklists: what they block, since when, and which one hits an address.

An entry names a place by the keys of `addrfix.score.place_keys`: a door entry blocks the door, a
building entry all in the building, a division entry everything below the division.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from addrfix.score.place_keys import SCOPES, compatible, deepest, key_table, of_scopes

ENTRY_COLUMNS = {
    "entry": pl.String(), "scope": pl.String(), "key": pl.String(), "town": pl.String(),
    "poi": pl.String(), "reason": pl.String(), "from_on": pl.Date(), "to_on": pl.Date(),
}  # fmt: skip
"""An entry, one row a key: its name, its scope (of SCOPES) and key, the town and name that must not
contradict it, its reason, first and last day (null: no limit)."""

_SHARE = 50_000
DEMOLISHED, NO_SUCH_ADDRESS = "DEMOLISHED", "ADDR_NOT_EXIST"
_FIXED = ("compound", "building", "unit", "door")
"""Scopes of what a returned letter can tell about: never a whole village."""


def no_entries() -> pl.DataFrame:
    """An empty table of entries."""
    return pl.DataFrame(schema=ENTRY_COLUMNS)


def hits(
    rows: pl.DataFrame, entries: pl.DataFrame, day: date | pl.Expr, *, same_day: bool = True
) -> pl.Series:
    """Which entry blocks each row: `name reason`, null where none does.

    Where several do, the narrowest, then the first of them.

    Args:
        rows: what `with_part_keys` gives.
        entries: in ENTRY_COLUMNS.
        day: the day for which entries have to be in force, one for all or an expression over rows.
        same_day: whether an entry of the very day counts.
    """
    if entries.is_empty() or rows.is_empty():
        return _none(rows.height)
    asked = pl.lit(day) if isinstance(day, date) else day
    listed = entries.with_row_index("_order").rename({"town": "town_of", "poi": "poi_of"})
    # A row has a dozen keys: a share at a time, so that they need not all be in memory.
    shares = rows.iter_slices(_SHARE)
    return pl.concat([_hits(share, listed, asked, same_day) for share in shares])


def _none(height: int) -> pl.Series:
    return pl.Series("blocked_by", [None] * height, dtype=pl.String)


def _hits(rows: pl.DataFrame, listed: pl.DataFrame, asked: pl.Expr, same_day: bool) -> pl.Series:
    # A day that is the same for all has to be as long as the rows.
    days = rows.with_columns(asked.cast(pl.Date).alias("_day")).select("_day").with_row_index("at")
    begun = pl.col("from_on") <= pl.col("_day") if same_day else pl.col("from_on") < pl.col("_day")
    narrow = pl.col("scope").replace_strict(SCOPES, range(len(SCOPES)), return_dtype=pl.Int8)
    found = (
        key_table(rows)
        .join(listed, on=["scope", "key"], how="inner")
        .join(days, on="at", how="left")
        .filter(
            compatible(),
            begun.fill_null(pl.col("from_on").is_null()),
            (pl.col("_day") <= pl.col("to_on")).fill_null(pl.col("to_on").is_null()),
        )
        .sort("at", -narrow, "_order")
        .group_by("at", maintain_order=True)
        .first()
        .select("at", pl.concat_str("entry", "reason", separator=" ", ignore_nulls=True))
    )
    none = _none(rows.height)
    if found.is_empty():
        return none
    return none.scatter(found["at"].to_list(), found["entry"])


def learned(letters: pl.DataFrame) -> pl.DataFrame:
    """Entries that returned letters make, in ENTRY_COLUMNS and `at` (the letter's position).

    原址拆迁 blocks the building, 无此地址 the door as it was written; what names no building,
    compound or number blocks nothing. A later letter that was signed for or refused at the place
    ends the entry; for 无此地址 an earlier one does too, since somebody once found it. What is said
    about the debtor alone (查无此人, 迁移) makes no entry.

    Args:
        letters: prepared (`addrfix.score.evidence.prepare`) and judged
            (`addrfix.score.results.judged`), with `_what`, `_known_on` and `_letter_name`.
    """
    keys = key_table(letters)
    facts = letters.with_row_index("at").select(
        "at", "_reason", "_what", "_known_on", pl.col("_letter_name").alias("entry")
    )
    lost = facts.filter(
        pl.col("_reason").is_in([DEMOLISHED, NO_SUCH_ADDRESS]) & pl.col("_known_on").is_not_null()
    )
    if lost.is_empty():
        return no_entries().with_columns(pl.lit(None, pl.UInt32).alias("at"))
    fixed = keys.filter(pl.col("scope").is_in(_FIXED))
    told = lost.join(of_scopes(fixed, _scopes(lost, fixed)), on="at")
    arrived = facts.filter(pl.col("_what").is_in(["signed", "refused"]))
    seen = fixed.join(arrived.select("at", pl.col("_known_on").alias("_seen_on")), on="at")
    told = told.with_row_index("_n")
    cleared = (
        told.join(
            seen.select("scope", "key", "_seen_on", town_of="town", poi_of="poi"),
            on=["scope", "key"],
        )
        .filter(
            compatible(),
            (pl.col("_seen_on") > pl.col("_known_on")) | (pl.col("_reason") == NO_SUCH_ADDRESS),
        )
        .group_by("_n")
        .agg((pl.col("_seen_on").min() - pl.duration(days=1)).alias("to_on"))
    )
    return (
        told.join(cleared, on="_n", how="left", maintain_order="left")
        .filter((pl.col("to_on") >= pl.col("_known_on")).fill_null(True))
        .select(
            "at", "entry", "scope", "key", "town", "poi", reason="_reason", from_on="_known_on",
            to_on="to_on",
        )
    )  # fmt: skip


def _scopes(lost: pl.DataFrame, fixed: pl.DataFrame) -> pl.DataFrame:
    """What each lost letter blocks: `at`, `scope`."""
    mine = fixed.join(lost.select("at", "_reason"), on="at")
    doors = deepest(mine.filter(pl.col("_reason") == NO_SUCH_ADDRESS))
    buildings = mine.filter(
        (pl.col("_reason") == DEMOLISHED) & pl.col("scope").is_in(["compound", "building"])
    )
    return pl.concat([doors, deepest(buildings)])
