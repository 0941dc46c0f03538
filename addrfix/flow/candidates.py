"""Users' tables to rows that the score can read: canonical columns, and read addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from addrfix.files import Columns, InputTable, canonical_rows, read_table, recognise
from addrfix.files.columns import known_source
from addrfix.model.table import CLEAN_COLUMNS
from addrfix.score.evidence import case_key
from addrfix.text.counting import counted

BLOCKED_BY = "blocked_by"
"""Column that names what blocks an address: an entry of a blacklist, or a pattern of ours."""
_READ_ALREADY = frozenset(("standardized", "granularity", "verdict", "division_code"))


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How a user's table is to be read."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Role to header, over the recognised headers."""
    encoding: str | None = None
    sheet: str | None = None
    progress: bool = True
    """Whether a bar may be drawn on stderr."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows for the score."""

    frame: pl.DataFrame
    """Canonical and clean columns, one address a row."""
    notes: tuple[str, ...] = ()
    """Sentences for the person."""
    unread: tuple[str, ...] = ()
    """Sentences about rows that could not be read whole."""


def read_rows(path: str | Path, options: TableOptions, *required: str) -> Rows:
    """A table with its addresses read; one that `clean` wrote is not read again.

    Args:
        path: a table, or `-` for CSV on stdin.
        options: how to read it.
        required: canonical columns that must be there.

    Raises:
        BadInput: no table, or a required column is missing.
        BadUsage: a mapping names what is not there.
    """
    table = read_table(path, encoding=options.encoding, sheet=options.sheet)
    columns = recognise(table.frame.columns, options.columns)
    columns.require(*required)
    frame = rows_of(table, columns, progress=options.progress)
    return Rows(frame, (*table.notes, *_doubts(frame)), table.unread)


def _doubts(frame: pl.DataFrame) -> list[str]:
    """How many rows count as silent about something that they do say."""
    words = frame["source_raw"].drop_nulls().unique().to_list()
    unknown = [word for word in words if known_source(word) is None]
    doubts = {
        "a date could not be read, it counts as none": pl.col("input_issues").list.contains(
            "date_unreadable"
        ),
        "the source is not known, it counts as other": pl.col("source_raw").is_in(unknown),
    }
    rows = {told: frame.filter(doubt)["row"].unique().sort() for told, doubt in doubts.items()}
    return [
        f"{told}: {counted(found.len(), 'row')}, the first is row {found[0]}"
        for told, found in rows.items()
        if found.len()
    ]


def rows_of(
    table: InputTable,
    columns: Columns,
    *,
    progress: bool,
    workers: int | None = None,
    only: str | None = None,
) -> pl.DataFrame:
    """Canonical and clean columns of a table, one address a row.

    Args:
        table: the user's table.
        columns: what its columns are.
        progress: whether a bar may be drawn on stderr.
        workers: processes that read; by default one a core for large tables.
        only: a case; nothing else is read then.
    """
    rows = canonical_rows(table, columns, wide=True)
    if only is not None:
        # What a batch calls a case without an id is one here too.
        rows = rows.filter(case_key() == only)
    kept = (*CLEAN_COLUMNS, BLOCKED_BY)
    held = [name for name in kept if name in table.frame.columns]
    if set(held) >= _READ_ALREADY and len(columns.addresses) <= 1:
        read = table.frame[rows["row"] - table.first_row].select(held)
    else:
        # Reading addresses opens the gazetteer; a table that is read already needs none.
        from addrfix.flow.clean import clean_rows

        read = clean_rows(rows, progress=progress, workers=workers)
    return pl.concat([rows, read], how="horizontal")
