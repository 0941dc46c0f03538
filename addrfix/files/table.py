"""A table as a user gave it, and what was noticed while reading it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class MergedRange:
    """Cells of one column that a workbook shows as one with the cell above them.

    The file holds the value in the topmost cell alone; these are the empty ones.
    """

    header: str
    first: int
    """0-based row of the table, the first that is empty."""
    last: int
    """0-based row of the table, included."""
    value: str | None = field(default=None, repr=False)
    """What the cell shows."""


@dataclass(frozen=True, slots=True)
class InputTable:
    """The rows of a user's file, every column as written."""

    frame: pl.DataFrame
    """One row per input row. Columns are String where the file is text (null for an empty cell);
    Parquet keeps its types."""
    notes: tuple[str, ...] = ()
    """Sentences for stderr: what was skipped, guessed, or done by Excel. Never cell contents."""
    unread: tuple[str, ...] = ()
    """One sentence for each row that could not be read as a whole; the row itself is in `frame`
    with what could be read. With `--strict` these make exit code 3."""
    name: str = ""
    """File name for messages, with the sheet where there are several."""
    first_row: int = 0
    """Number of input rows before this table (batches of `iter_tables`)."""
    merged: tuple[MergedRange, ...] = field(default=())
    """Vertical merged cells of a workbook."""
