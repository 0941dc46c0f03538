"""A user's table in canonical columns and types."""

from __future__ import annotations

import polars as pl

from addrfix.files.columns import Columns
from addrfix.files.table import InputTable


def canonical_rows(table: InputTable, columns: Columns, *, wide: bool = False) -> pl.DataFrame:
    """One row per input row, or, with `wide`, per address column of each row.

    Columns: `row` Int64 (0-based input row), all of `CANONICAL_COLUMNS`, `source_raw` String,
    `address_header` String (the column an address came from), `address_offset` Int32 (characters
    cut from the left of the raw cell, to be added to spans), `input_issues` List[String].
    Text is String (trimmed, null where empty), dates are Date, amounts Decimal(18, 2), `source` is
    a value of `addrfix.model.terms.Source`, never null.
    """
    raise NotImplementedError
