"""Writes tables for users: whole or not at all."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import polars as pl


def with_added(frame: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """The input columns unchanged, then `added`; an input column whose name is taken by an
    output column is kept as `<name>_input`."""
    raise NotImplementedError


def check_output(path: str | Path, *sources: str | Path | None) -> None:
    """Stop before any work where the output could not be written.

    Raises:
        BadUsage: unknown suffix, missing folder, or the output is one of the inputs.
    """
    raise NotImplementedError


def write_table(
    frame: pl.DataFrame, path: str | Path, *, source: str | Path | None = None
) -> tuple[str, ...]:
    """Write by suffix (`.parquet .csv .tsv .xlsx .jsonl`; `-` is CSV on stdout, without BOM).

    Returns notes for stderr (cells that had to be cut).

    Raises:
        BadUsage: as `check_output`; `source` is the input file, never to be overwritten.
        BadInput: the place cannot be written to.
    """
    raise NotImplementedError


class TableWriter:
    """The same in pieces; the file appears when the `with` block ends well."""

    def __init__(self, path: str | Path, *, source: str | Path | None = None) -> None:
        raise NotImplementedError

    def __enter__(self) -> TableWriter:
        return self

    def write(self, frame: pl.DataFrame) -> None:
        """Add rows; all frames have the columns of the first."""
        raise NotImplementedError

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes for stderr so far."""
        raise NotImplementedError

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        raise NotImplementedError
