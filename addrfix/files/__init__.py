"""Users' tables in and out: CSV, TSV, XLSX, Parquet, JSON Lines, JSON.

    table = read_table("cases.xlsx")
    columns = recognise(table.frame.columns)
    columns.require("address")
    rows = canonical_rows(table, columns)          # one row per input row, canonical columns
    write_table(with_added(table.frame, results), "out.xlsx", source="cases.xlsx")

Large files: `iter_tables` gives the same tables in batches, `TableWriter` takes them.
"""

from __future__ import annotations

from addrfix.files.columns import Columns, recognise, shown
from addrfix.files.reading import file_text, iter_tables, read_table
from addrfix.files.rows import canonical_rows
from addrfix.files.table import InputTable, MergedRange
from addrfix.files.writing import TableWriter, check_output, with_added, write_table

__all__ = [
    "Columns",
    "InputTable",
    "MergedRange",
    "TableWriter",
    "canonical_rows",
    "check_output",
    "file_text",
    "iter_tables",
    "read_table",
    "recognise",
    "shown",
    "with_added",
    "write_table",
]
