"""A file that tells which letter got which tracking number: headers to roles, cells to words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from addrfix.carriers.headings import roles_of, shown_headers
from addrfix.carriers.tracking_number import normalised
from addrfix.knowledge import words
from addrfix.model.errors import BadInput

ROLES = (
    "tracking_no", "letter_id", "letter_no", "print_file", "start_page", "position", "recipient",
    "address", "postcode",
)  # fmt: skip
_NAMES = (
    ("letter_id",),
    ("letter_no",),
    ("print_file", "start_page"),
    ("position",),
    ("recipient",),
)
"""What names a letter, the surest first."""


@dataclass(frozen=True, slots=True)
class BindingLine:
    """A line that has a number."""

    line: int
    """Of the file's data, counted from 1."""
    number: str
    """Normalised."""
    cells: Mapping[str, str]
    """Role to what is written, trimmed; empty cells are left out."""


def recognise_bindings(
    headers: Sequence[str], *, chosen: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Role to header; `chosen` overrules the words of `binding_headers.tsv`.

    Raises:
        BadUsage: `chosen` names an unknown role or a header that is not there.
        BadInput: no column for the number, or none that names the letter.
    """
    known = [(row["header"], row["role"]) for row in words("binding_headers")]
    by_role = roles_of(headers, known, ROLES, chosen)
    lacks = [] if "tracking_no" in by_role else ["the tracking number (tracking_no)"]
    if not any(all(role in by_role for role in roles) for roles in _NAMES):
        lacks.append("the letter (letter_id, letter_no, print_file and start_page, position, …)")
    if lacks:
        told = shown_headers(headers, (header for header, _ in known))
        raise BadInput(
            f"no column is recognised as {' or '.join(lacks)}; the headers are {told}. "
            "Name one with --column ROLE=HEADER"
        )
    return by_role


def named_by(cells: Mapping[str, str]) -> tuple[str, ...]:
    """The roles by which a line names its letter, the surest it has; empty where it has none."""
    return next((roles for roles in _NAMES if all(role in cells for role in roles)), ())


def binding_lines(frame: pl.DataFrame, by_role: Mapping[str, str]) -> tuple[list[BindingLine], int]:
    """The lines that have a number, and how many have none."""
    found: list[BindingLine] = []
    without = 0
    for line, row in enumerate(frame.select(by_role.values()).iter_rows(named=True), start=1):
        cells = {role: _text(row[header]) for role, header in by_role.items()}
        number = normalised(cells.pop("tracking_no"))
        if number:
            found.append(BindingLine(line, number, {role: c for role, c in cells.items() if c}))
        else:
            without += 1
    return found, without


def _text(cell: object) -> str:
    if cell is None:
        return ""
    text = " ".join(str(cell).split()).strip("'‘’`")
    # A spreadsheet makes 12.0 of 12.
    return text[:-2] if re.fullmatch(r"\d+\.0", text) else text
