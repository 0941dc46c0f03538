"""CSV and TSV files: encoding, delimiter, title rows, header, then rows block by block."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from addrfix.files.columns import recognised_count
from addrfix.files.decoding import Decoder
from addrfix.files.delimited import DELIMITERS, Reader, read_row
from addrfix.files.headings import LOOK_AHEAD, header_row, named
from addrfix.files.table import InputTable
from addrfix.model.errors import BadInput

_EXCEL_HINT = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


def read_text(pieces: Iterator[bytes], name: str, encoding: str | None) -> Iterator[InputTable]:
    """Tables of some 4 MB of text each, the first one always there; `first_row` is not set.

    Raises:
        BadInput: nothing that could be a header.
        BadUsage: unknown encoding.
    """
    decoder = Decoder(name, encoding)
    texts = (_line_ends(text) for text in decoder.texts(pieces))
    first = next(texts, "")
    delimiter, start = sniff(first)
    records, ends = _first_records(first, start, delimiter)
    index = header_row(records)
    if index < 0:
        raise BadInput(f"{name} is empty; a table needs a row of headers")
    headers, notes = named(records[index], name)
    above = sum(1 for row in records[:index] if any(cell.strip() for cell in row))
    if above:
        notes.append(f"{name}: {above} title row{'s' * (above > 1)} above the header skipped")
    reader = Reader(name, headers, delimiter, line=first.count("\n", 0, ends[index]))
    yield from _tables(reader, decoder, first[ends[index] :], texts, notes)


def _tables(
    reader: Reader, decoder: Decoder, first: str, texts: Iterator[str], notes: list[str]
) -> Iterator[InputTable]:
    current: str | None = first
    told = 0
    while current is not None:
        following = next(texts, None)
        frame = reader.frame(current, final=following is None)
        unread = decoder.take_unread() + reader.unread
        reader.unread = []
        fresh, told = notes + decoder.notes[told:], len(decoder.notes)
        notes = []
        yield InputTable(frame, tuple(fresh), tuple(unread), reader.name)
        current = following


def sniff(text: str) -> tuple[str, int]:
    """Delimiter and offset at which the table begins."""
    hint = _EXCEL_HINT.match(text)
    if hint:
        return hint[1], hint.end()
    best, best_merit = ",", (0, 0.0)
    for delimiter in DELIMITERS:
        rows, _ = _first_records(text, 0, delimiter)
        rows = [row for row in rows if any(cell.strip() for cell in row)]
        if not rows:
            continue
        width, share = Counter(map(len, rows)).most_common(1)[0]
        known = max(recognised_count(row) for row in rows)
        merit = (known if width > 1 else min(known, 1), (width - 1) * share / len(rows))
        if merit > best_merit:
            best, best_merit = delimiter, merit
    return best, 0


def _first_records(text: str, start: int, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """The first records of a text and the offsets at which they end."""
    records: list[list[str]] = []
    ends: list[int] = []
    at = start
    while at < len(text) and len(records) < LOOK_AHEAD:
        row = read_row(text, at, delimiter, 0, final=True)
        assert row is not None
        records.append(row.cells)
        ends.append(row.end)
        at = row.end
    return records, ends


def _line_ends(text: str) -> str:
    """Old Mac files end lines with a carriage return alone."""
    if "\r" in text and "\n" not in text:
        return text.replace("\r", "\n")
    return text
