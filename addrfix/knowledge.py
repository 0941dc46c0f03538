"""Finds and reads the knowledge that travels beside the code: `gazetteer/` and `templates/`.

In a checkout the folders stand next to `addrfix/`; in an installed wheel they lie inside it. A
table is UTF-8 TSV: comment lines that begin with `#` and a blank (the first ones name the table,
its source and its version), one header line, then one fact a row. A table that cannot be trusted
stops the program: wrong knowledge is worse than none.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from addrfix.folders import data_folder
from addrfix.model.errors import BadSettings

_INSTALLED = Path(__file__).parent / "_knowledge"
_CHECKOUT = Path(__file__).parent.parent


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
        if len(cells) != len(header):
            raise BadSettings(
                f"{path.name}, line {number}: {len(cells)} cells where the header has {len(header)}"
            )
        rows.append(dict(zip(header, cells, strict=True)))
    if header is None:
        raise BadSettings(f"{path.name}: no header line")
    return rows


@cache
def words(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `gazetteer/words/<name>.tsv`, the user's own laid over them.

    `words/<name>.tsv` in the data folder has the same header. Its rows come first, instead of the
    shipped rows with the same first cell; `!` before the first cell takes those rows away.
    Read once per process, not to be changed.

    Raises:
        BadSettings: a table cannot be read, or the user's has another header.
    """
    shipped = read_tsv(folder("gazetteer") / "words" / f"{name}.tsv")
    own = data_folder() / "words" / f"{name}.tsv"
    return tuple(laid_over(shipped, read_tsv(own), own.name) if own.is_file() else shipped)


def laid_over(
    shipped: list[dict[str, str]], own: list[dict[str, str]], name: str
) -> list[dict[str, str]]:
    """Shipped rows with the user's own in their place, beside them or, with `!`, against them.

    Raises:
        BadSettings: the user's table has another header.
    """
    if not own or not shipped:
        return own or shipped
    header = list(shipped[0])
    if list(own[0]) != header:
        raise BadSettings(
            f"words/{name} in the data folder has the columns {', '.join(own[0])}; it needs "
            f"{', '.join(header)}, as the shipped table has them"
        )
    key = header[0]
    added: dict[str, list[dict[str, str]]] = {}
    for row in own:
        rows = added.setdefault(row[key].removeprefix("!"), [])
        if not row[key].startswith("!"):
            rows.append(row)
    first = [row for rows in added.values() for row in rows]
    return first + [row for row in shipped if row[key] not in added]


def template_names() -> tuple[str, ...]:
    """The shipped templates of letters: folders of `templates/` that hold a `template.toml`."""
    return tuple(sorted(path.parent.name for path in folder("templates").glob("*/template.toml")))
