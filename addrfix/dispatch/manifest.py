"""The manifest: one row a letter, without amounts, ID numbers or phone numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from addrfix.model.errors import BatchProblem
from addrfix.model.table import MANIFEST_COLUMNS

_NUMBERS = {"pages": pl.Int32, "sheets": pl.Int32, "start_page": pl.Int32, "end_page": pl.Int32}
SCHEMA: dict[str, Any] = {
    column: _NUMBERS.get(column, pl.String) for column in MANIFEST_COLUMNS
} | {"p_signed": pl.Float64, "created_on": pl.Date}


def read_manifest(path: Path) -> pl.DataFrame:
    """Read a manifest back.

    Raises:
        BatchProblem: missing, damaged, or not in the columns of a manifest.
    """
    try:
        frame = pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise BatchProblem(f"{path} cannot be read as Parquet: it is missing or damaged") from error
    if tuple(frame.columns) != MANIFEST_COLUMNS or dict(frame.schema) != SCHEMA:
        raise BatchProblem(f"{path} has not the columns of a manifest")
    return frame


def write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Write a table of the batch; the same rows give the same bytes."""
    frame.write_parquet(path, compression="zstd", statistics=False)
