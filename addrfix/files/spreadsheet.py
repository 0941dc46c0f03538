"""XLSX output: text stays text.

Every string, code, date and long number is a text cell, never a formula, link or number: a
spreadsheet keeps 15 digits and eats leading zeros. Only short whole numbers, fractions and
true/false are what they are, so that columns such as `p_signed` can be sorted.
"""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from addrfix.files.writing import flat

# Limits of the format, per Microsoft's "Excel specifications and limits".
_MOST_ROWS = 1_048_575  # below the header
_MOST_CHARACTERS = 32_767
_MOST_COLUMNS = 16_384
# Longer whole numbers are phones, ids and codes.
_LONGEST_NUMBER = 10**9
_CREATED = datetime.datetime(2000, 1, 1)  # fixed, so that the bytes are


class Workbook:
    """A workbook written row by row; a further sheet begins where one is full."""

    def __init__(self, path: Path, schema: pl.Schema) -> None:
        import xlsxwriter

        self.notes: list[str] = []
        # xlsxwriter leaves its files of rows behind where it cannot finish, as on a full disk.
        self._scratch = tempfile.TemporaryDirectory(
            prefix=".", suffix=".part", dir=path.parent, ignore_cleanup_errors=True
        )
        self._headers = list(schema)
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "tmpdir": self._scratch.name,
            },
        )
        self._book.set_properties({"created": _CREATED})
        self._bold = self._book.add_format({"bold": True})
        self._sheets = 0
        self._cut = 0
        self._sheet: Any = None
        self._row = 0
        self._new_sheet()

    def _new_sheet(self) -> None:
        self._sheets += 1
        self._sheet = self._book.add_worksheet(
            "data" if self._sheets == 1 else f"data{self._sheets}"
        )
        self._sheet.freeze_panes(1, 0)
        for column, header in enumerate(self._headers):
            self._sheet.write_string(0, column, header, self._bold)
        self._row = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Write rows."""
        frame = _texts(flat(frame))
        at = 0
        while at < frame.height:
            if self._row == _MOST_ROWS:
                self._new_sheet()
            part = frame.slice(at, _MOST_ROWS - self._row)
            self._put(part)
            at += part.height

    def _put(self, frame: pl.DataFrame) -> None:
        text, number, truth = (
            self._sheet.write_string,
            self._sheet.write_number,
            self._sheet.write_boolean,
        )
        for row in frame.iter_rows():
            self._row += 1
            for column, value in enumerate(row):
                if value is None or value == "":
                    continue
                if isinstance(value, str):
                    text(self._row, column, self._shortened(value))
                elif isinstance(value, bool):
                    truth(self._row, column, value)
                elif isinstance(value, int) and abs(value) >= _LONGEST_NUMBER:
                    text(self._row, column, str(value))
                else:
                    number(self._row, column, value)

    def _shortened(self, value: str) -> str:
        # Excel counts UTF-16 units.
        if (
            len(value) * 2 <= _MOST_CHARACTERS
            or len(value.encode("utf-16-le")) <= 2 * _MOST_CHARACTERS
        ):
            return value
        self._cut += 1
        kept = value.encode("utf-16-le")[: 2 * (_MOST_CHARACTERS - 1)]
        return kept.decode("utf-16-le", "ignore") + "…"

    def close(self) -> None:
        """Finish the file."""
        from xlsxwriter.exceptions import XlsxFileError

        if self._cut:
            self.notes.append(
                f"{self._cut} cell{'s' * (self._cut > 1)} with more than {_MOST_CHARACTERS:,} "
                "characters had to be cut for XLSX; write .parquet or .csv to keep them whole"
            )
        if self._sheets > 1:
            self.notes.append(
                f"the rows fill {self._sheets} sheets: XLSX holds 1,048,576 rows each"
            )
        try:
            self._book.close()
        except XlsxFileError as error:
            for sheet in self._book.worksheets():
                # Windows removes no file that is open.
                sheet.row_data_fh.close()
            raise OSError(str(error)) from error
        finally:
            self._scratch.cleanup()


def _texts(frame: pl.DataFrame) -> pl.DataFrame:
    """Columns as text but for whole numbers, finite fractions and true/false."""
    made = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if kind in (pl.String, pl.Boolean):
            continue
        if kind.is_integer():
            made.append(column)  # long ones become text cell by cell
        elif kind.is_float():
            made.append(pl.when(column.is_finite()).then(column))
        else:
            made.append(column.cast(pl.String))
    return frame.with_columns(made)
