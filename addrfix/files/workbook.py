"""XLSX workbooks: the sheet with addresses, the header under its titles, merged cells.

Every cell is taken as text. A number comes as Excel stores it (15 digits), a date as
`2023-03-02 00:00:00`; `rows` tells where that has done harm.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import polars as pl

from addrfix.files.columns import has_address, recognised_count
from addrfix.files.headings import LOOK_AHEAD, header_row, named
from addrfix.files.table import InputTable, MergedRange
from addrfix.model.errors import BadInput, BadUsage

if TYPE_CHECKING:
    import fastexcel

_MERGE = re.compile(rb'<(?:\w+:)?mergeCell ref="\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)"')
_CELL = re.compile(rb'<(?:\w+:)?c r="([A-Z]+)\d+"')
_PIECE = 1 << 20


def read_workbook(path: Path, name: str, sheet: str | None) -> InputTable:
    """One sheet of a workbook, every column String.

    Raises:
        BadInput: broken, protected or empty.
        BadUsage: no sheet of that name.
    """
    reader = _opened(path, name)
    names = list(reader.sheet_names)
    chosen, grid, notes = _choose(reader, names, name, sheet)
    if len(names) > 1:
        name = f"{name} [{chosen}]"
    head = grid.head(LOOK_AHEAD).rows()
    index = header_row(head)
    if index < 0:
        raise BadInput(f"{name} is empty; a table needs a row of headers")
    headers, made = named(head[index], name)
    titles = sum(1 for row in head[:index] if any(row))
    if titles:
        notes.append(f"{name}: {titles} title row{'s' * (titles > 1)} above the header skipped")
    grid = grid.slice(index + 1)
    frame = _without_blank_tail(grid.rename(dict(zip(grid.columns, headers, strict=True))))
    merged = tuple(_merged(path, names.index(chosen), frame, index + 1))
    if merged:
        rows = sum(span.last - span.first + 1 for span in merged)
        columns = ", ".join(dict.fromkeys(span.header for span in merged))
        notes.append(
            f"{name}: merged cells in {columns}; their value was taken for "
            f"{rows} further cell{'s' * (rows > 1)}"
        )
    return InputTable(frame, tuple(notes + made), (), name, 0, merged)


def _opened(path: Path, name: str) -> fastexcel.ExcelReader:
    import fastexcel

    try:
        return fastexcel.read_excel(path)
    except fastexcel.FastExcelError as error:
        raise BadInput(
            f"{name} is a broken workbook ({_short(error)}); "
            "open it in Excel and save it again as .xlsx"
        ) from None


def _short(error: Exception) -> str:
    return str(error).splitlines()[0].strip().rstrip(":.")


def _choose(
    reader: fastexcel.ExcelReader, names: list[str], name: str, sheet: str | None
) -> tuple[str, pl.DataFrame, list[str]]:
    """The sheet asked for, else the first with an address header, else the first with anything."""
    if sheet is not None:
        if sheet not in names:
            raise BadUsage(f"--sheet {sheet}: {name} has no such sheet; it has {', '.join(names)}")
        return sheet, _grid(reader, sheet, name), []
    best, best_merit = names[0] if names else "", -1
    if not names:
        raise BadInput(f"{name} holds no sheet; a table needs a row of headers")
    for candidate in names:
        merit = _merit(_grid(reader, candidate, name, LOOK_AHEAD).rows())
        if merit > best_merit:
            best, best_merit = candidate, merit
    others = [other for other in names if other != best]
    notes = []
    if others:
        notes.append(
            f"{name}: sheet {best} was read; not read: {', '.join(others)} (choose with --sheet)"
        )
    return best, _grid(reader, best, name), notes


def _merit(head: list[tuple[Any, ...]]) -> int:
    """3 with an address header, 2 with known headers, 1 with anything, 0 for an empty sheet."""
    index = header_row(head)
    if index < 0:
        return 0
    if has_address(head[index]):
        return 3
    return 2 if recognised_count(head[index]) >= 2 else 1


def _grid(
    reader: fastexcel.ExcelReader, sheet: str, name: str, rows: int | None = None
) -> pl.DataFrame:
    """All cells of a sheet as text; row 0 is the sheet's first row."""
    import fastexcel

    try:
        loaded = reader.load_sheet(
            sheet, header_row=None, skip_rows=0, n_rows=rows, dtypes="string"
        )
        return loaded.to_polars()
    except (fastexcel.FastExcelError, ValueError) as error:
        raise BadInput(
            f"{name}: the sheet {sheet} cannot be read ({_short(error)}); "
            "open the file in Excel and save it again as .xlsx"
        ) from None


def _without_blank_tail(frame: pl.DataFrame) -> pl.DataFrame:
    """Formatted but empty rows at the end of a sheet are not rows."""
    if frame.is_empty():
        return frame
    filled = frame.select(
        pl.any_horizontal(pl.all().str.strip_chars().fill_null("") != "").alias("filled")
    )["filled"].arg_true()
    return frame.head(int(filled[-1]) + 1 if len(filled) else 0)


def _merged(
    path: Path, sheet_number: int, frame: pl.DataFrame, first_data: int
) -> Iterator[MergedRange]:
    """Vertical merged cells of the data; its first row is sheet row `first_data`, 0-based."""
    try:
        with zipfile.ZipFile(path) as archive:
            member = _sheet_member(archive, sheet_number)
            found, left = _scan(archive, member) if member else ([], 0)
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, OSError):
        return  # what merges there are is a courtesy; the cells themselves were read
    for top, bottom, column in found:
        first, last = top - 1 - first_data, min(bottom - 1 - first_data, frame.height - 1)
        if 0 <= first < last and 0 <= column - left < frame.width:
            header = frame.columns[column - left]
            yield MergedRange(header, first + 1, last, frame[header][first])


def _sheet_member(archive: zipfile.ZipFile, number: int) -> str | None:
    """Path inside the archive of the sheet of that number."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    sheets = [element for element in book.iter() if element.tag.endswith("}sheet")]
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    wanted = next(
        (value for key, value in sheets[number].attrib.items() if key.endswith("}id")), None
    )
    for relation in relations:
        if relation.get("Id") == wanted:
            target = relation.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
    return None


def _scan(archive: zipfile.ZipFile, member: str) -> tuple[list[tuple[int, int, int]], int]:
    """Merged ranges (top row, bottom row, each 1-based; column) and the sheet's first column."""
    merges: list[tuple[int, int, int]] = []
    left: int | None = None
    with archive.open(member) as stream:
        tail = b""
        while piece := stream.read(_PIECE):
            text = tail + piece
            if left is None:
                left = min((_column(match[1]) for match in _CELL.finditer(text)), default=None)
            # The merges follow the cells; a range cut by the end of a piece is met again.
            cut = max(text.rfind(b">") + 1, 0)
            for match in _MERGE.finditer(text, 0, cut):
                if match[2] != match[4]:
                    for column in range(_column(match[1]), _column(match[3]) + 1):
                        merges.append((int(match[2]), int(match[4]), column))
            tail = text[cut:]
    return merges, left or 0


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
