"""Finds and reads the knowledge that travels beside the code: `gazetteer/` and `templates/`.

In a checkout the folders stand next to `addrfix/`; in an installed wheel they lie inside it. A
table is UTF-8 TSV: comment lines that begin with `#` and a blank (the first ones name the table,
its source and its version), one header line, then one fact a row. A table that cannot be trusted
stops the program: wrong knowledge is worse than none. What each table and column is for, and who
reads it, stands in `gazetteer/words/tables.tsv`; a user's own tables are checked against it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from addrfix.folders import data_folder
from addrfix.model.errors import BadSettings

_INSTALLED = Path(__file__).parent / "_knowledge"
_CHECKOUT = Path(__file__).parent.parent
_SCHEMA = "words/tables"
_CLASS = re.compile(r"\{=?[a-z_]+\}")
"""A class of words in a pattern; `addrfix.patterns` puts its words there."""


class Column(NamedTuple):
    """What `tables.tsv` says of a column."""

    role: str
    """key, value, example, counterexample, expect, source or note."""
    form: str
    """text, number, numbers, pattern, choice or choices."""


def folder(name: str) -> Path:
    """The folder `gazetteer` or `templates`, wherever this copy of addrfix keeps it."""
    for root in (_INSTALLED, _CHECKOUT):
        if (root / name).is_dir():
            return root / name
    raise BadSettings(f"the folder {name}/ is missing from this installation; install it again")


def read_tsv(path: Path) -> list[dict[str, str]]:
    """Rows of a knowledge table, each a dict by header; a cell that is empty stays "".

    Raises:
        BadSettings: not UTF-8, no header, a repeated column, or a row with a wrong number of cells.
    """
    return _parsed(path)[1]


def _parsed(path: Path, *, own: bool = False) -> tuple[list[str], list[dict[str, str]]]:
    """Header and rows; in a user's `own` table a row that begins with `!` may end early."""
    header: list[str] | None = None
    rows: list[dict[str, str]] = []
    try:
        # Excel puts a mark before what it saves as UTF-8.
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path} cannot be read as UTF-8 text; save it as UTF-8") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line == "#" or line.startswith("# "):
            continue
        cells = line.split("\t")
        if header is None:
            header = cells
            if len(set(header)) != len(header):
                raise BadSettings(f"{path.name}, line {number}: a column is named twice")
            continue
        if own and line.startswith("!"):
            cells += [""] * (len(header) - len(cells))
        if len(cells) != len(header):
            raise BadSettings(
                f"{path.name}, line {number}: {len(cells)} cells where the header has {len(header)}"
            )
        rows.append(dict(zip(header, cells, strict=True)))
    if header is None:
        raise BadSettings(f"{path.name}: no header line")
    return header, rows


@cache
def table_rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `gazetteer/<name>.tsv`, the user's own laid over them.

    The user's stand in the data folder, in `words/<name>.tsv` without a `words/` of the name's own:
    `words/road_words.tsv`, `words/score/levels.tsv`, `words/aliases.tsv`. They have the same
    header. Read once per process, not to be changed.

    Raises:
        BadSettings: a table cannot be read, or the user's does not hold what it should.
    """
    shipped = read_tsv(folder("gazetteer") / f"{name}.tsv")
    own = own_table(name)
    if name == _SCHEMA or not own.is_file():
        return tuple(shipped)
    columns = columns_of(name)
    keys = tuple(column for column, said in columns.items() if said.role == "key")
    header, added = _parsed(own, own=True)
    if shipped:
        _check_header(own.name, header, list(shipped[0]))
    over = laid_over(shipped, added, own.name, keys)
    _check_cells(own.name, added, shipped, columns)
    return tuple(over)


def words(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `gazetteer/words/<name>.tsv`, the user's own laid over them: see `table_rows`."""
    return table_rows(f"words/{name}")


def own_table(name: str) -> Path:
    """Where the user's own rows of a table lie, if there are any.

    Raises:
        BadSettings: the user's folder holds a table that addrfix does not have.
    """
    return _own_folder() / f"{name.removeprefix('words/')}.tsv"


@cache
def _own_folder() -> Path:
    """The user's folder of words, in which a misspelt table would be missed in silence."""
    place = data_folder() / "words"
    shipped = folder("gazetteer")
    for path in sorted(place.rglob("*.tsv")):
        name = path.relative_to(place)
        known = (
            [shipped / name] if len(name.parts) > 1 else [shipped / name, shipped / "words" / name]
        )
        if not any(candidate.is_file() for candidate in known):
            raise BadSettings(
                f"{path} lies over no table of addrfix; gazetteer/words/tables.tsv names them all"
            )
    return place


def columns_of(name: str) -> dict[str, Column]:
    """What `tables.tsv` says of a table's columns, in their order; empty where it is silent."""
    return {
        row["column"]: Column(row["role"], row["form"])
        for row in table_rows(_SCHEMA)
        if row["table"] == name and row["column"] != "*"
    }


def laid_over(
    shipped: list[dict[str, str]],
    own: list[dict[str, str]],
    name: str,
    keys: Sequence[str] = (),
) -> list[dict[str, str]]:
    """Shipped rows with the user's own in their place, beside them or, with `!`, against them.

    Args:
        shipped: rows of the shipped table.
        own: the user's; they come first. `!` before the first cell takes away the shipped rows that
            agree in every column of `keys` that is filled in.
        name: of the user's file, for messages.
        keys: columns that tell rows apart; by default the first one.

    Raises:
        BadSettings: the user's table has another header.
    """
    if not own or not shipped:
        return own or shipped
    _check_header(name, list(own[0]), list(shipped[0]))
    first = next(iter(shipped[0]))
    keys = keys or (first,)
    added: dict[tuple[str, ...], list[dict[str, str]]] = {}
    taken: list[dict[str, str]] = []
    for row in own:
        if row[first].startswith("!"):
            bare = {**row, first: row[first].removeprefix("!")}
            taken.append({key: bare[key] for key in keys if bare[key]})
        else:
            added.setdefault(tuple(row[key] for key in keys), []).append(row)
    kept = [
        row
        for row in shipped
        if tuple(row[key] for key in keys) not in added
        and not any(gone and gone.items() <= row.items() for gone in taken)
    ]
    return [row for rows in added.values() for row in rows] + kept


def _check_header(name: str, own: Sequence[str], shipped: Sequence[str]) -> None:
    if own != shipped:
        raise BadSettings(
            f"words/{name} in the data folder has the columns {', '.join(own)}; it needs "
            f"{', '.join(shipped)}, as the shipped table has them"
        )


def _check_cells(
    name: str,
    own: Sequence[Mapping[str, str]],
    shipped: Sequence[Mapping[str, str]],
    columns: Mapping[str, Column],
) -> None:
    """A sentence for a cell of the user's that no reader of the table could use."""
    for column, said in columns.items():
        known = {row[column] for row in shipped}
        known |= {part for cell in known for part in cell.split("|")}
        for row in own:
            key = next(iter(row.values()))
            if not key.startswith("!") and (fault := fault_of(said.form, row[column], known)):
                raise BadSettings(f"words/{name} in the data folder: {key}: {column} {fault}")


def fault_of(form: str, cell: str, known: set[str]) -> str:
    """What is the matter with a cell of a form of `tables.tsv`; empty where nothing is.

    Args:
        form: of the column.
        cell: as written.
        known: what the shipped table has in that column, for columns of a closed set.
    """
    return _FAULTS[form](cell, known) if form in _FAULTS else ""


def _no_number(cell: str, known: set[str]) -> str:
    try:
        finite = math.isfinite(float(cell))
    except ValueError:
        finite = cell == "" and "" in known
    return "" if finite else f"is {cell!r}, which is no number"


def _no_numbers(cell: str, known: set[str]) -> str:
    return next((fault for part in cell.split() if (fault := _no_number(part, known))), "")


def _no_pattern(cell: str, known: set[str]) -> str:
    try:
        re.compile(_CLASS.sub("x", cell))
    except re.error as error:
        return f"is {cell!r}, which is no regular expression: {error}"
    return "" if cell or "" in known else "is empty: it would fit everything"


def _no_choice(cell: str, known: set[str]) -> str:
    plain = sorted(word for word in known if "|" not in word)
    return "" if cell in known else f"is {cell!r}; it is one of {', '.join(plain)}"


def _no_choices(cell: str, known: set[str]) -> str:
    return next((fault for part in cell.split("|") if (fault := _no_choice(part, known))), "")


_FAULTS: Mapping[str, Callable[[str, set[str]], str]] = {
    "number": _no_number,
    "numbers": _no_numbers,
    "pattern": _no_pattern,
    "choice": _no_choice,
    "choices": _no_choices,
}


def template_names() -> tuple[str, ...]:
    """The shipped templates of letters: folders of `templates/` that hold a `template.toml`."""
    return tuple(sorted(path.parent.name for path in folder("templates").glob("*/template.toml")))
