"""Blacklists laid over addresses, and which pattern of the package's own blocks one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from addrfix.flow.blacklist_file import ListFile, read_list
from addrfix.flow.candidates import BLOCKED_BY
from addrfix.model.terms import Verdict
from addrfix.places.own_names import folder
from addrfix.resolve.verdict import blocked_words
from addrfix.score.blacklist import ENTRY_COLUMNS, hits, no_entries
from addrfix.score.place_keys import with_part_keys
from addrfix.text.counting import counted

OWN = "own_blacklist"
"""Reason code of an address that an entry of the user's blocks."""
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Blacklist:
    """Entries of any number of files."""

    entries: pl.DataFrame
    """In `addrfix.score.blacklist.ENTRY_COLUMNS`."""
    notes: tuple[str, ...] = ()
    """Sentences for the person: what was read, what could not be used. Never cell contents."""


def read_blacklists(paths: Sequence[Path], as_of: date) -> Blacklist:
    """The entries of the user's files, in the order of the files and their lines.

    Args:
        paths: see `addrfix.flow.blacklist_file.read_list`.
        as_of: for telling how many entries are in force.

    Raises:
        BadInput: a file is no table or names no places.
    """
    entries, notes = [no_entries()], []
    for path in paths:
        found = read_list(path)
        entries.append(found.entries.select(*ENTRY_COLUMNS))
        notes += [*found.notes, *_told(path.name, found, as_of)]
    return Blacklist(pl.concat(entries), tuple(notes))


def _told(name: str, found: ListFile, as_of: date) -> list[str]:
    entries = found.entries
    over = (pl.col("from_on") > as_of) | (pl.col("to_on") < as_of)
    idle = entries.filter(over.fill_null(False))["line"].n_unique()
    told = f"{name}: {counted(entries['line'].n_unique(), 'entry', 'entries')}"
    notes = [told + (f", {idle} of them not in force on {as_of.isoformat()}" if idle else "")]
    wide = entries.filter(pl.col("scope").is_in(["village", "division"]))
    if lines := wide["line"].unique().sort().to_list():
        notes.append(f"{name}: everything in a village or division is blocked by {_lines(lines)}")
    notes += [f"{name}: not used, {why}: {_lines(at)}" for why, at in found.not_used.items()]
    return notes


def _lines(lines: Sequence[int]) -> str:
    some = ", ".join(map(str, lines[:_SHOWN])) + (" …" if len(lines) > _SHOWN else "")
    return f"{'line' if len(lines) == 1 else 'lines'} {some}"


def with_patterns(rows: pl.DataFrame) -> pl.DataFrame:
    """Cleaned rows with `blocked_by` filled in where a pattern of the package blocks an address.

    Takes `verdict`, `issues` (a list), `address` and, where there is one, `blocked_by`. Gives the
    row of `gazetteer/words/blocked.tsv`, by its reason code, and the words that it found.
    """
    before = pl.col(BLOCKED_BY) if BLOCKED_BY in rows.columns else pl.lit(None, pl.String)
    rows = rows.with_columns(before.alias(BLOCKED_BY)).with_row_index("_at")
    open_ones = rows.filter(
        pl.col("verdict") == Verdict.BLOCKED.value, pl.col(BLOCKED_BY).is_null()
    ).select("_at", "address", "issues")
    found = [
        (at, words)
        for at, address, issues in open_ones.iter_rows()
        if (words := blocked_words(folder().fold(address or "").key, issues or ()))
    ]
    schema = {"_at": pl.UInt32, "_words": pl.String}
    told = pl.DataFrame(found, schema=schema, orient="row")
    told = told.with_columns(pl.col("_words").str.replace_all("|", "/", literal=True))
    rows = rows.join(told, on="_at", how="left", maintain_order="left")
    return rows.with_columns(pl.coalesce(BLOCKED_BY, "_words").alias(BLOCKED_BY)).drop(
        "_at", "_words"
    )


def lay_over(rows: pl.DataFrame, blacklist: Blacklist, as_of: date) -> pl.DataFrame:
    """Cleaned rows with the verdict `blocked` where an entry in force on that day hits.

    Takes clean columns. Adds `own_blacklist` to their issues, and the column `blocked_by`: the
    entry's name and reason; where none hits, what stood there before.
    """
    lacking = [n for n in ("district", "town", "division_code", "issues") if n not in rows.columns]
    rows = rows.with_columns(pl.lit(None, pl.String).alias(name) for name in lacking)
    hit = hits(with_part_keys(rows), blacklist.entries, as_of)
    before = pl.col(BLOCKED_BY) if BLOCKED_BY in rows.columns else pl.lit(None, pl.String)
    held = pl.col("issues")
    if rows.schema["issues"] == pl.String:
        told = pl.concat_str(held.replace("", None), pl.lit(OWN), separator="|", ignore_nulls=True)
        known = held.str.contains(OWN, literal=True)
    else:
        told = pl.concat_list(held.fill_null([]), pl.lit(OWN))
        known = held.list.contains(OWN)
    struck = hit.is_not_null()
    return rows.with_columns(
        pl.when(struck).then(pl.lit(Verdict.BLOCKED.value)).otherwise("verdict").alias("verdict"),
        pl.when(struck & ~known.fill_null(False)).then(told).otherwise(held).alias("issues"),
        pl.coalesce(hit, before).alias(BLOCKED_BY),
    )
