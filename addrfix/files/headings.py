"""Finds the row of headers under title rows, and gives every column a name of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from addrfix.files.columns import recognised_count, shown_of
from addrfix.model.errors import BadInput

LOOK_AHEAD = 20
"""Rows among which the header is looked for."""

_PERSONAL = re.compile(r"\s*(?:\d{17}[\dXx]|1[3-9]\d{9})\s*")


def header_row(rows: Sequence[Sequence[str | None]]) -> int:
    """Index of the header among the first rows of a table; -1 where all are blank.

    The first row with two headers we know; else the first with one that we know and no wider row
    after it; else the first that is at least half as wide as the widest (a title is one cell).
    """
    filled = [sum(1 for cell in row if cell and cell.strip()) for row in rows[:LOOK_AHEAD]]
    if not any(filled):
        return -1
    known = [recognised_count(row) for row in rows[:LOOK_AHEAD]]
    for index, count in enumerate(known):
        if count >= 2 or (count and count == filled[index] >= max(filled)):
            return index
    return next(index for index, count in enumerate(filled) if count * 2 >= max(filled))


def named(cells: Sequence[str | None], name: str) -> tuple[list[str], list[str]]:
    """Headers that are all there and all different, and notes on those that had to be made.

    A repeated header becomes `<header>_duplicated_0`, a blank one `column_<number>`.

    Raises:
        BadInput: an ID or phone number stands where a header should.
    """
    for number, cell in enumerate(cells, start=1):
        if cell and _PERSONAL.fullmatch(cell):
            raise BadInput(
                f"{name}: the first row holds data, not headers (a number of a person stands in "
                f"column {number}); add a row of headers such as 案件编号,姓名,地址"
            )
    headers: list[str] = []
    blank: list[str] = []
    repeated: list[str] = []
    taken = {cell for cell in cells if cell}
    for number, cell in enumerate(cells, start=1):
        header = cell or ""
        if not header.strip():
            header = _free(f"column_{number}", taken)
            blank.append(str(number))
        elif header in headers:
            repeated.append(header)
            copy = 0
            while f"{header}_duplicated_{copy}" in taken:
                copy += 1
            header = f"{header}_duplicated_{copy}"
        taken.add(header)
        headers.append(header)
    return headers, _told(headers, repeated, blank, name)


def _told(headers: list[str], repeated: list[str], blank: list[str], name: str) -> list[str]:
    notes = []
    if repeated:
        notes.append(
            f"{name}: {shown_of(repeated, headers)} stands more than once among the "
            "headers; the further ones are kept as <header>_duplicated_0, _1 …"
        )
    if blank:
        one = len(blank) == 1
        notes.append(
            f"{name}: column{'' if one else 's'} {', '.join(blank)} "
            f"{'has' if one else 'have'} no header; kept as column_<number>"
        )
    return notes


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name
