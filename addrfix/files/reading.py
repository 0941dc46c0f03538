"""Reads a user's table, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from addrfix.files.table import InputTable


def read_table(
    path: str | Path, *, encoding: str | None = None, sheet: str | None = None
) -> InputTable:
    """The whole table; `-` is CSV on stdin.

    Raises:
        BadInput: the file is missing, empty, broken or not a table.
        BadUsage: unknown encoding or sheet.
    """
    raise NotImplementedError


def iter_tables(
    path: str | Path,
    *,
    batch_rows: int = 50_000,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Iterator[InputTable]:
    """The table in batches with the same columns; at least one, even when there are no rows."""
    raise NotImplementedError
