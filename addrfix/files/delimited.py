"""Delimited text to rows: strict and fast where it can be, patient where it must.

A block of text that obeys the rules goes through Arrow's reader. Any doubt (a row with too few or
too many cells, a stray or unbalanced quotation mark, a quoted line end that might be one) sends the
block through the patient reader, which never loses a row and says what it met. Both give the same
answer on a block that obeys the rules.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field

import polars as pl

DELIMITERS = (",", "\t", ";", "|")
# A quoted cell longer than this is a quotation mark that was never closed.
_MOST_LINES = 50
_MOST_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True)
class Row:
    """One record and where it stood in its block."""

    cells: list[str]
    end: int
    """Offset after the record's line end."""
    lines: int
    """Line ends in the record."""
    open_quote: bool = False
    """Its line holds a quotation mark that is never closed; the mark was taken as text."""


@dataclass
class Reader:
    """Blocks of text to frames of String columns, all with the same headers."""

    name: str
    headers: list[str]
    delimiter: str
    line: int = 0
    """Lines before the next block."""
    unread: list[str] = field(default_factory=list)
    rest: str = ""
    """Text of a record that the last block cut."""

    def frame(self, text: str, *, final: bool) -> pl.DataFrame:
        """The rows of a block; what is left of its last record waits for the next block."""
        block = self.rest + text
        body = block.rstrip("\r\n")
        if final:
            block, self.rest = body, ""
        else:
            # Line ends at the end may be the blank tail of the file: they wait too.
            keep = len(body) + 1 + block[len(body) :].startswith("\r\n") if body else 0
            block, self.rest = block[:keep], block[keep:]
        if not block:
            return self._empty()
        fast = self._fast(block)
        if fast is not None:
            self.line += block.count("\n")
            return fast
        return self._patient(block, final=final)

    def _empty(self) -> pl.DataFrame:
        return pl.DataFrame(schema=dict.fromkeys(self.headers, pl.String))

    def _fast(self, block: str) -> pl.DataFrame | None:
        """Arrow's reading, or None where anything is doubtful."""
        import pyarrow as pa
        import pyarrow.csv as pc

        quoted = '"' in block
        if quoted and not well_quoted(block, self.delimiter):
            return None
        if block.count("\r") != block.count("\r\n"):
            return None  # Arrow would end a row there
        data = block.encode("utf-8")
        try:
            table = pc.read_csv(
                io.BytesIO(data),
                read_options=pc.ReadOptions(
                    use_threads=False, column_names=self.headers, block_size=len(data) + 1
                ),
                parse_options=pc.ParseOptions(
                    delimiter=self.delimiter,
                    quote_char='"' if quoted else False,
                    newlines_in_values=quoted,
                    ignore_empty_lines=False,
                ),
                convert_options=pc.ConvertOptions(
                    column_types=dict.fromkeys(self.headers, pa.string()),
                    strings_can_be_null=True,
                    null_values=[""],
                ),
            )
        except pa.ArrowInvalid:
            return None
        frame = pl.from_arrow(table)
        assert isinstance(frame, pl.DataFrame)
        if quoted and self._swallowed(frame):
            return None
        return frame

    def _swallowed(self, frame: pl.DataFrame) -> bool:
        """Whether a cell with line ends may hold rows that an open quotation mark swallowed."""
        for header in self.headers:
            cells = frame[header].drop_nulls()
            cells = cells.filter(cells.str.contains("\n", literal=True))
            if any(suspicious(cell, self.delimiter, len(self.headers)) for cell in cells):
                return True
        return False

    def _patient(self, block: str, *, final: bool) -> pl.DataFrame:
        rows: list[list[str]] = []
        at = 0
        while at < len(block):
            row = read_row(block, at, self.delimiter, len(self.headers), final=final)
            if row is None:
                self.rest = block[at:] + self.rest
                break
            rows.append(self._fitted(row))
            self.line += row.lines
            at = row.end
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(self.headers)
        frame = pl.DataFrame(
            [
                pl.Series(header, column, dtype=pl.String)
                for header, column in zip(self.headers, columns, strict=True)
            ]
        )
        return frame.with_columns(pl.when(pl.all() != "").then(pl.all()))

    def _fitted(self, row: Row) -> list[str]:
        """The cells of a row, as many as there are headers; nothing is thrown away."""
        cells, width, line = row.cells, len(self.headers), self.line + 1
        if row.open_quote:
            self.unread.append(
                f"{self.name}, line {line}: a quotation mark is opened and never closed; "
                "the line was read by itself"
            )
        if len(cells) == width:
            return cells
        if len(cells) < width:
            if any(cell.strip() for cell in cells) and not row.open_quote:
                self._miscounted(line, len(cells))
            return cells + [""] * (width - len(cells))
        if any(cells[width:]):
            if not row.open_quote:
                self._miscounted(line, len(cells))
            return [*cells[: width - 1], self.delimiter.join(cells[width - 1 :])]
        return cells[:width]

    def _miscounted(self, line: int, count: int) -> None:
        self.unread.append(
            f"{self.name}, line {line}: {count} cells where the header has {len(self.headers)}"
        )


def well_quoted(block: str, delimiter: str) -> bool:
    """Whether every quotation mark opens or closes a cell; conservative, and fast."""
    marks = block.count('"')
    opened = block.count(f'{delimiter}"') + block.count('\n"') + block.startswith('"')
    closed = block.count(f'"{delimiter}') + block.count('"\n') + block.count('"\r\n')
    closed += block.endswith('"')
    return opened == closed and marks == opened + closed


def suspicious(cell: str, delimiter: str, width: int) -> bool:
    """Whether a quoted cell with line ends looks like swallowed rows."""
    lines = cell.split("\n")
    if len(lines) > _MOST_LINES or len(cell) > _MOST_CHARACTERS:
        return True
    counts = [line.count(delimiter) for line in lines[1:]]
    if width == 2:  # one comma proves little: all lines must look like rows
        return bool(counts) and min(counts) > 0
    return width > 2 and max(lines[0].count(delimiter), *counts, 0) >= width - 1


_ROWS: dict[str, tuple[re.Pattern[str], re.Pattern[str]]] = {}


def _patterns(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    if delimiter not in _ROWS:
        d = re.escape(delimiter)
        quoted = re.compile(rf'"((?:[^"]++|"")*+)"(?={d}|\r?\n|\Z)')
        plain = re.compile(rf"[^{d}\r\n]*+(?:\r(?!\n)[^{d}\r\n]*+)*+")
        _ROWS[delimiter] = (quoted, plain)
    return _ROWS[delimiter]


def read_row(block: str, at: int, delimiter: str, width: int, *, final: bool) -> Row | None:
    """The record that begins at `at`; None where it goes on in the next block."""
    quoted, plain = _patterns(delimiter)
    cells: list[str] = []
    start, open_quote = at, False
    while True:
        cell: str | None = None
        if block.startswith('"', at) and not open_quote:
            match = quoted.match(block, at)
            if match and ("\n" not in match[1] or not suspicious(match[1], delimiter, width)):
                cell, at = match[1].replace('""', '"'), match.end()
                if at == len(block) and not final:
                    return None  # the mark may be the first half of a doubled one
            elif not match and not final and _may_go_on(block, at):
                return None
            elif _crosses_line(block, at, delimiter):
                # Read the line again by itself, its quotation marks as text.
                cells, at, open_quote = [], start, True
                continue
        if cell is None:
            match = plain.match(block, at)
            assert match is not None
            cell, at = match[0], match.end()
        cells.append(cell)
        if block.startswith(delimiter, at):
            at += len(delimiter)
            continue
        at += 2 if block.startswith("\r\n", at) else 1
        return Row(cells, min(at, len(block)), block.count("\n", start, at), open_quote)


def _may_go_on(block: str, at: int) -> bool:
    """Whether a cell opened at `at` may be closed in the next block."""
    closing = re.compile(r'(?:[^"]++|"")*+').match(block, at + 1)
    assert closing is not None
    return (
        closing.end() >= len(block)
        and len(block) - at <= _MOST_CHARACTERS
        and block.count("\n", at) <= _MOST_LINES
    )


def _crosses_line(block: str, at: int, delimiter: str) -> bool:
    """Whether the cell opened at `at` is not closed in its line (else: text after the mark)."""
    end = block.find("\n", at)
    line = block[at + 1 : end if end >= 0 else len(block)]
    return '"' not in line
