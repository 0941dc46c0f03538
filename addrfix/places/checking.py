"""Proves the gazetteer's own consistency: runs every query of `gazetteer/sql/checks.sql`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from addrfix.knowledge import folder
from addrfix.model.errors import BadSettings
from addrfix.places.gazetteer import Gazetteer

_CHECK = re.compile(r"^-- check: (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold, and the rows that break it."""

    name: str
    faults: tuple[tuple[str, str], ...]
    """(code or form, name) of each row that breaks it."""


def run_checks(gazetteer: Gazetteer) -> list[Check]:
    """Every check, in the order of the file.

    Raises:
        BadSettings: the file holds no check, or one without a name.
    """
    with gazetteer.connect() as connection:
        return [
            Check(name, tuple((str(a), str(b)) for a, b in connection.execute(query).fetchall()))
            for name, query in queries()
        ]


def queries() -> list[tuple[str, str]]:
    """Name and SQL of every check."""
    text = (folder("gazetteer") / "sql" / "checks.sql").read_text(encoding="utf-8")
    parts = _CHECK.split(text)[1:]
    if not parts:
        raise BadSettings("gazetteer/sql/checks.sql holds no line `-- check: NAME`")
    return list(zip(parts[::2], parts[1::2], strict=True))
