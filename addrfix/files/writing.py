"""Writes tables for users: whole or not at all, the same bytes for the same rows.

A cell that begins with = + - @ stays as it is in CSV, since data is never changed; in XLSX it is
written as text and is never a formula. Who opens foreign CSV files in a spreadsheet should import
them as text.
"""

from __future__ import annotations

import json
import sys
import uuid
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol

import polars as pl

from addrfix.model.errors import BadInput, BadUsage

SUFFIXES = (".parquet", ".csv", ".tsv", ".xlsx", ".jsonl")
STDOUT = "-"
_BOM = b"\xef\xbb\xbf"
# Rows of a Parquet row group: fixed, so that bytes do not depend on how batches were cut.
_GROUP = 100_000


def with_added(frame: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """The input columns unchanged, then `added`.

    An input column whose name is taken by an output column is kept as `<name>_input` (with further
    `_input` where that is taken too).
    """
    taken = set(frame.columns) | set(added.columns)
    renamed: dict[str, str] = {}
    for header in frame.columns:
        if header in added.columns:
            name = f"{header}_input"
            while name in taken:
                name += "_input"
            taken.add(name)
            renamed[header] = name
    return frame.rename(renamed).hstack(added)


def check_output(path: str | Path, *sources: str | Path | None) -> None:
    """Stop before any work where the output could not be written.

    Raises:
        BadUsage: unknown suffix, missing folder, or the output is one of the inputs.
    """
    if str(path) == STDOUT:
        return
    target = Path(path)
    if target.suffix.lower() not in SUFFIXES:
        raise BadUsage(
            f"-o {target.name}: the suffix tells the format; it must be one of "
            f"{', '.join(SUFFIXES)}"
        )
    if target.is_dir():
        raise BadUsage(f"-o {target} is a folder; name a file in it")
    if not target.absolute().parent.is_dir():
        raise BadUsage(f"-o {target}: there is no folder {target.parent}; make it first")
    for source in sources:
        if source is None or str(source) == STDOUT or not target.exists():
            continue
        if Path(source).exists() and target.samefile(source):
            raise BadUsage(f"-o {target} is the input file; choose another name for the output")


def write_table(
    frame: pl.DataFrame, path: str | Path, *, source: str | Path | None = None
) -> tuple[str, ...]:
    """Write by suffix (`.parquet .csv .tsv .xlsx .jsonl`; `-` is CSV on stdout, without BOM).

    Returns notes for stderr: cells that had to be cut.

    Raises:
        BadUsage: as `check_output`; `source` is the input file, never to be overwritten.
        BadInput: the place cannot be written to.
    """
    writer = TableWriter(path, source=source)
    with writer:
        writer.write(frame)
    return writer.notes


class _Sink(Protocol):
    """One format."""

    notes: list[str]

    def add(self, frame: pl.DataFrame) -> None:
        """Write rows."""

    def close(self) -> None:
        """Finish the file."""


class TableWriter:
    """A table in pieces; the file appears when the `with` block ends without an error.

    All frames have the columns of the first. Without any frame no file appears.
    """

    def __init__(self, path: str | Path, *, source: str | Path | None = None) -> None:
        check_output(path, source)
        self._path = None if str(path) == STDOUT else Path(path)
        self._beside: Path | None = None
        self._sink: _Sink | None = None
        self._schema: pl.Schema | None = None

    def __enter__(self) -> TableWriter:
        return self

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes for stderr so far."""
        return tuple(self._sink.notes) if self._sink else ()

    def write(self, frame: pl.DataFrame) -> None:
        """Add rows; all frames have the columns of the first.

        Raises:
            BadInput: the place cannot be written to.
        """
        # A column that was all null in its first batch has no type yet: text is what comes.
        frame = frame.cast({pl.Null: pl.String})
        if self._schema is None:
            self._schema = frame.schema
        elif frame.schema != self._schema:
            frame = frame.select(pl.col(name).cast(kind) for name, kind in self._schema.items())
        try:
            if self._sink is None:
                self._sink = self._open(frame.schema)
            self._sink.add(frame)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise self._unwritable(error) from None

    def _open(self, schema: pl.Schema) -> _Sink:
        if self._path is None:
            return _Csv(sys.stdout.buffer, schema, ",", bom=False)
        self._beside = self._path.with_name(f".{self._path.name}.{uuid.uuid4().hex[:8]}.part")
        suffix = self._path.suffix.lower()
        if suffix == ".xlsx":
            from addrfix.files.spreadsheet import Workbook

            return Workbook(self._beside, schema)
        if suffix == ".parquet":
            return _Parquet(self._beside, schema)
        stream = self._beside.open("wb")
        if suffix == ".jsonl":
            return _JsonLines(stream)
        return _Csv(stream, schema, "\t" if suffix == ".tsv" else ",", bom=True)

    def _unwritable(self, error: OSError) -> BadInput:
        hint = "; close it where it is open" if isinstance(error, PermissionError) else ""
        place = self._path or "stdout"
        return BadInput(f"{place} cannot be written ({error.strerror or error}){hint}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the file in its place, or leave nothing behind where something went wrong."""
        try:
            if self._sink is not None:
                self._sink.close()
            if kind is None and self._beside is not None and self._path is not None:
                self._beside.replace(self._path)
        except BrokenPipeError:
            raise
        except OSError as wrong:
            if kind is None:
                raise self._unwritable(wrong) from None
        finally:
            if self._beside is not None:
                self._beside.unlink(missing_ok=True)


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Lists joined by `|`, nested values as JSON: for formats that know neither."""
    flat = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if isinstance(kind, pl.List) and kind.inner == pl.String:
            flat.append(column.list.join("|", ignore_nulls=True))
        elif isinstance(kind, pl.List | pl.Array | pl.Struct | pl.Object):
            written = [_json(value) for value in frame[name]]
            flat.append(pl.lit(pl.Series(name, written, dtype=pl.String)))
        elif kind == pl.Binary:
            flat.append(column.bin.encode("hex"))
    return frame.with_columns(flat)


def _json(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, pl.Series):
        value = value.to_list()
    return json.dumps(value, ensure_ascii=False, default=str)


class _Csv:
    def __init__(self, stream: BinaryIO, schema: pl.Schema, separator: str, *, bom: bool) -> None:
        self.notes: list[str] = []
        self._stream = stream
        self._separator = separator
        if bom:
            stream.write(_BOM)
        self._own = bom
        pl.DataFrame(schema=dict.fromkeys(schema, pl.String)).write_csv(stream, separator=separator)

    def add(self, frame: pl.DataFrame) -> None:
        flat(frame).write_csv(self._stream, include_header=False, separator=self._separator)

    def close(self) -> None:
        if self._own:
            self._stream.close()
        else:
            self._stream.flush()


class _JsonLines:
    def __init__(self, stream: BinaryIO) -> None:
        self.notes: list[str] = []
        self._stream = stream

    def add(self, frame: pl.DataFrame) -> None:
        frame.write_ndjson(self._stream)

    def close(self) -> None:
        self._stream.close()


class _Parquet:
    def __init__(self, path: Path, schema: pl.Schema) -> None:
        import pyarrow.parquet as pq

        self.notes: list[str] = []
        self._waiting = pl.DataFrame(schema=schema)
        arrow = self._waiting.to_arrow(compat_level=pl.CompatLevel.oldest()).schema
        self._writer = pq.ParquetWriter(path, arrow, compression="zstd")
        self._arrow = arrow

    def add(self, frame: pl.DataFrame) -> None:
        self._waiting = pl.concat([self._waiting, frame])
        while self._waiting.height >= _GROUP:
            self._put(self._waiting.head(_GROUP))
            self._waiting = self._waiting.slice(_GROUP)

    def _put(self, frame: pl.DataFrame) -> None:
        table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
        self._writer.write_table(table.cast(self._arrow), row_group_size=_GROUP)

    def close(self) -> None:
        if self._waiting.height:
            self._put(self._waiting)
        self._writer.close()
