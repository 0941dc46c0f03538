"""Reads a user's table, whatever its format."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import polars as pl

from addrfix.files import jsonfile
from addrfix.files.decoding import PIECE, Decoder, codec_named
from addrfix.files.sniffing import HEAD, Kind, kind_of
from addrfix.files.table import InputTable
from addrfix.files.textfile import read_text
from addrfix.files.workbook import read_workbook
from addrfix.model.errors import BadInput

STDIN = "-"


def read_table(
    path: str | Path, *, encoding: str | None = None, sheet: str | None = None
) -> InputTable:
    """The whole table; `-` is CSV on stdin.

    Raises:
        BadInput: the file is missing, empty, broken or not a table.
        BadUsage: unknown encoding or sheet.
    """
    tables = list(_tables(path, 1 << 31, encoding, sheet))
    if len(tables) == 1:
        return tables[0]
    return InputTable(
        frame=pl.concat([table.frame for table in tables]),
        notes=tuple(note for table in tables for note in table.notes),
        unread=tuple(reason for table in tables for reason in table.unread),
        name=tables[0].name,
    )


def file_text(path: Path, *, encoding: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The whole text of a file, decoded as tables are, and what was noticed.

    Raises:
        BadInput: the file cannot be read or decoded.
        BadUsage: unknown encoding.
    """
    _head(path)
    damage: list[str] = []
    decoder = Decoder(path.name, encoding)
    text = "".join(_lines(path, decoder, damage))
    return text, (*decoder.notes, *damage)


def iter_tables(
    path: str | Path,
    *,
    batch_rows: int = 50_000,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Iterator[InputTable]:
    """The table in batches of `batch_rows` with the same columns; at least one, even when empty.

    Text, Parquet and JSON Lines are read as they are asked for; a workbook or a JSON array is
    loaded whole. `first_row` of a batch is the number of input rows before it.

    Raises:
        BadInput, BadUsage: as `read_table`.
    """
    first_row = 0
    for table in _cut(_tables(path, batch_rows, encoding, sheet), batch_rows):
        yield replace(table, first_row=first_row)
        first_row += table.frame.height


def _tables(
    path: str | Path, batch_rows: int, encoding: str | None, sheet: str | None
) -> Iterator[InputTable]:
    """Tables as the format gives them, of any number of rows."""
    wide = encoding is not None and codec_named(encoding).startswith("utf-16")
    if str(path) == STDIN:
        stream = sys.stdin.buffer
        head = stream.read(HEAD)
        kind_of(head, "stdin", wide=wide)
        yield from read_text(_pieces(head, stream), "stdin", encoding)
        return
    path = Path(path)
    name = path.name
    head = _head(path)
    kind = kind_of(head, name, path, wide=wide)
    if kind is Kind.XLSX:
        yield read_workbook(path, name, sheet)
    elif kind is Kind.PARQUET:
        yield from _parquet(path, name, batch_rows)
    elif kind is Kind.JSON_LINES:
        shape = jsonfile.shape_of_lines(_lines(path, Decoder(name, encoding), []), name)
        damage: list[str] = []
        lines = _lines(path, Decoder(name, encoding), damage)
        for table in jsonfile.read_lines(lines, shape, name, batch_rows):
            yield replace(table, unread=table.unread + tuple(damage))
            damage.clear()
    elif kind is Kind.JSON_ARRAY:
        damage = []
        table = jsonfile.read_array("".join(_lines(path, Decoder(name, encoding), damage)), name)
        yield replace(table, unread=table.unread + tuple(damage))
    else:
        with path.open("rb") as opened:
            yield from read_text(_pieces(b"", opened), name, encoding)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(HEAD)
    except FileNotFoundError:
        raise BadInput(f"{path}: there is no such file") from None
    except (IsADirectoryError, PermissionError):
        what = "is a folder, not a table" if path.is_dir() else "may not be read"
        raise BadInput(f"{path} {what}") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror})") from None


def _pieces(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    if head:
        yield head
    while piece := stream.read(PIECE):
        yield piece


def _lines(path: Path, decoder: Decoder, damage: list[str]) -> Iterator[str]:
    """Lines of a text file with their line ends; sentences on what did not decode to `damage`."""
    with path.open("rb") as stream:
        for text in decoder.texts(_pieces(b"", stream)):
            damage.extend(decoder.take_unread())
            yield from text.splitlines(keepends=True) if "\r" in text else _split(text)


def _split(text: str) -> Iterable[str]:
    # str.splitlines would also cut at U+2028 and friends, which JSON strings may hold.
    return (line + "\n" for line in text.removesuffix("\n").split("\n"))


def _parquet(path: Path, name: str, batch_rows: int) -> Iterator[InputTable]:
    try:
        height = int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())
        for start in range(0, max(height, 1), batch_rows):
            part = pl.scan_parquet(path, glob=False).slice(start, batch_rows).collect()
            yield InputTable(part, (), (), name)
    except (pl.exceptions.PolarsError, OSError):
        raise BadInput(f"{name} is a broken Parquet file; write it again") from None


def _cut(tables: Iterator[InputTable], rows: int) -> Iterator[InputTable]:
    """The same rows in tables of `rows` each; the last may be shorter."""
    waiting: InputTable | None = None
    for table in tables:
        waiting = table if waiting is None else _joined(waiting, table)
        while waiting.frame.height > rows:
            yield _part(waiting, 0, rows)
            waiting = replace(_part(waiting, rows, waiting.frame.height), notes=(), unread=())
    if waiting is not None:
        yield waiting


def _joined(one: InputTable, other: InputTable) -> InputTable:
    return replace(
        one,
        frame=pl.concat([one.frame, other.frame]),
        notes=one.notes + other.notes,
        unread=one.unread + other.unread,
    )


def _part(table: InputTable, start: int, rows: int) -> InputTable:
    """Some rows of a table, with the merged cells that reach into them."""
    merged = tuple(
        replace(span, first=max(span.first - start, 0), last=min(span.last - start, rows - 1))
        for span in table.merged
        if span.last >= start and span.first < start + rows
    )
    return replace(table, frame=table.frame.slice(start, rows), merged=merged)
