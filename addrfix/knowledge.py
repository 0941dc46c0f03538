"""Finds and reads the knowledge that travels beside the code: `gazetteer/` and `templates/`.

In a checkout the folders stand next to `addrfix/`; in an installed wheel they lie inside it. A
table is UTF-8 TSV: comment lines that begin with `#` and a blank (the first ones name the table,
its source and its version), one header line, then one fact a row. A table that cannot be trusted
stops the program: wrong knowledge is worse than none.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

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
    """The rows of `gazetteer/words/<name>.tsv`; read once per process, not to be changed."""
    return tuple(read_tsv(folder("gazetteer") / "words" / f"{name}.tsv"))


def template_names() -> tuple[str, ...]:
    """The shipped templates of letters: folders of `templates/` that hold a `template.toml`."""
    return tuple(sorted(path.parent.name for path in folder("templates").glob("*/template.toml")))
