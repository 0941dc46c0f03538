"""JSON Lines and JSON arrays of objects.

A column that is all whole numbers, all numbers, all true/false or all lists of strings keeps that
type; any other is String with every value as written, so that nothing is rounded or shortened.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from addrfix.files.table import InputTable
from addrfix.model.errors import BadInput

_INT64 = 1 << 63
_STRINGS = pl.List(pl.String)
_Type = type[pl.DataType] | pl.DataType


class _Number(str):
    """A JSON number as written."""

    __slots__ = ()


class _Whole(_Number):
    __slots__ = ()


@dataclass
class Shape:
    """The columns of a file, gathered in a first pass: a batch must not decide alone."""

    types: dict[str, _Type | None] = field(default_factory=dict)
    """Header to type; None while only nulls were seen."""
    nested: dict[str, None] = field(default_factory=dict)

    def see(self, record: dict[str, Any]) -> None:
        """Widen the columns so that they hold this record."""
        for header, value in record.items():
            before = self.types.setdefault(header, None)
            if value is None:
                continue
            now = _type(value)
            if before is None:
                self.types[header] = now
            elif before != now:
                numbers = {before, now} == {pl.Int64, pl.Float64}
                self.types[header] = pl.Float64 if numbers else pl.String
            if isinstance(value, dict | list) and self.types[header] == pl.String:
                self.nested[header] = None

    def frame(self, records: list[dict[str, Any]]) -> pl.DataFrame:
        """Records as columns of these types."""
        columns = []
        for header, kind in self.types.items():
            kind = kind or pl.String
            values = [_as(record.get(header), kind) for record in records]
            columns.append(pl.Series(header, values, dtype=kind))
        return pl.DataFrame(columns)


def _type(value: Any) -> _Type:  # noqa: ANN401 - any JSON value
    if isinstance(value, bool):
        return pl.Boolean
    if isinstance(value, _Whole):
        return (
            pl.Int64 if -_INT64 <= int(value) < _INT64 and str(int(value)) == value else pl.String
        )
    if isinstance(value, list) and all(type(item) is str for item in value):
        return _STRINGS
    if isinstance(value, _Number):
        # 1.10 would come back as 1.1: only what a float says the same way may be one.
        return pl.Float64 if repr(float(value)) == value else pl.String
    return pl.String


def _as(value: Any, kind: _Type) -> Any:  # noqa: ANN401 - any JSON value
    if value is None or kind in (pl.Boolean, _STRINGS):
        return value
    if kind is pl.Int64:
        return int(value)
    if kind is pl.Float64:
        return float(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(_plain(value), ensure_ascii=False)
    return str(value) or None


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """A nested value with its numbers as numbers again."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, _Number):
        return int(value) if isinstance(value, _Whole) else float(value)
    return value


def parsed(text: str) -> Any:  # noqa: ANN401 - any JSON value
    """A JSON text with its numbers as written."""
    return json.loads(text, parse_int=_Whole, parse_float=_Number, parse_constant=lambda word: None)


def read_lines(lines: Iterable[str], shape: Shape, name: str, rows: int) -> Iterator[InputTable]:
    """Tables of up to `rows` records; a line that is no object is a row of nulls and `unread`."""
    records: list[dict[str, Any]] = []
    unread: list[str] = []
    notes = _notes(shape, name)
    given = False
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        record = _record(line)
        if record is None:
            unread.append(f"{name}, line {number}: not a JSON object")
        records.append(record or {})
        if len(records) == rows:
            yield InputTable(shape.frame(records), notes, tuple(unread), name)
            records, unread, notes, given = [], [], (), True
    if records or not given:
        yield InputTable(shape.frame(records), notes, tuple(unread), name)


def shape_of_lines(lines: Iterable[str], name: str) -> Shape:
    """The columns of a JSON Lines file.

    Raises:
        BadInput: no line is an object.
    """
    shape = Shape()
    for line in lines:
        record = _record(line) if line.strip() else None
        if record is not None:
            shape.see(record)
    if not shape.types:
        raise BadInput(f"{name}: no line is a JSON object with fields")
    return shape


def read_array(text: str, name: str) -> InputTable:
    """A JSON array of objects.

    Raises:
        BadInput: not JSON, or nothing in it is an object.
    """
    try:
        found = parsed(text)
    except json.JSONDecodeError as error:
        raise BadInput(f"{name}, line {error.lineno}: not valid JSON ({error.msg})") from None
    except RecursionError:
        raise BadInput(f"{name} is nested too deep to be a table") from None
    shape = Shape()
    records: list[dict[str, Any]] = []
    unread: list[str] = []
    for number, item in enumerate(found, start=1):
        record = item if isinstance(item, dict) else None
        if record is None:
            unread.append(f"{name}, item {number}: not a JSON object")
        else:
            shape.see(record)
        records.append(record or {})
    if not shape.types:
        raise BadInput(f"{name}: nothing in the array is a JSON object with fields")
    return InputTable(shape.frame(records), _notes(shape, name), tuple(unread), name)


def _record(line: str) -> dict[str, Any] | None:
    try:
        found = parsed(line)
    except (json.JSONDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _notes(shape: Shape, name: str) -> tuple[str, ...]:
    if not shape.nested:
        return ()
    return (f"{name}: {', '.join(shape.nested)} hold nested values; kept as JSON text",)
