"""What a name or code means: for a person who asks, one question at a time."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from addrfix.knowledge import folder
from addrfix.places.gazetteer import Gazetteer

_MOST_VILLAGES = 50
_VILLAGE_CODE = 12


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name and code that a division, or a part of it, once had."""

    code: str
    name: str
    from_year: int
    until_year: int
    share: float
    """Part of the former division that is here now."""
    believed: str
    why: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """One division that the question may mean."""

    code: str
    name: str
    level: int
    kind: str
    """official, custom, zone, former, or village."""
    above: tuple[str, ...]
    """Names of the divisions above, province first."""
    asked_as: str
    """How the question names it: official, short, alias, historic, zone, code, id prefix …"""
    until_year: int | None
    share: float
    postcode: str | None
    pinyin: str | None
    source: str
    history: tuple[FormerName, ...]


def look_up(gazetteer: Gazetteer, asked: str) -> list[Meaning]:
    """Divisions of that name or code, past or present, best first; else villages."""
    with gazetteer.connect() as connection:
        sql = (folder("gazetteer") / "sql" / "lookup.sql").read_text(encoding="utf-8")
        rows = connection.execute(sql, {"asked": asked}).fetchall()
        found = [_meaning(connection, *row) for row in rows]
        return found or _villages(connection, asked)


def _meaning(
    connection: duckdb.DuckDBPyConnection,
    division: int,
    form: str,
    asked_as: str,
    level: int,
    until_year: int | None,
    share: float,
) -> Meaning:
    row = connection.execute(
        "SELECT code, name, level, kind, parent_id, postcode, pinyin, source"
        " FROM division WHERE id = ?",
        [division],
    ).fetchone()
    assert row is not None
    code, name, own_level, kind, parent, postcode, pinyin, source = row
    return Meaning(
        code, name, own_level, kind, _above(connection, parent), asked_as, until_year, share,
        postcode, pinyin, source, _former(connection, division),
    )  # fmt: skip


def _above(connection: duckdb.DuckDBPyConnection, division: int | None) -> tuple[str, ...]:
    names: list[str] = []
    while division is not None:
        row = connection.execute(
            "SELECT name, parent_id FROM division WHERE id = ?", [division]
        ).fetchone()
        assert row is not None
        names.insert(0, row[0])
        division = row[1]
    return tuple(names)


def _former(connection: duckdb.DuckDBPyConnection, division: int) -> tuple[FormerName, ...]:
    rows = connection.execute(
        "SELECT old_code, old_name, from_year, until_year, share, believed, why FROM history"
        " WHERE division_id = ? ORDER BY until_year DESC, old_code, old_name",
        [division],
    ).fetchall()
    return tuple(FormerName(*row) for row in rows)


def _villages(connection: duckdb.DuckDBPyConnection, asked: str) -> list[Meaning]:
    column = "code" if asked.isdigit() and len(asked) == _VILLAGE_CODE else "name"
    rows = connection.execute(
        f"SELECT v.code, v.name, v.town_id, d.postcode FROM village AS v"
        f" JOIN division AS d ON d.id = v.county_id"
        f" WHERE v.{column} = $asked OR (v.stem = $asked AND '{column}' = 'name')"
        f" ORDER BY v.code LIMIT {_MOST_VILLAGES}",
        {"asked": asked},
    ).fetchall()
    source = connection.execute(
        "SELECT name FROM source WHERE name LIKE 'china-division%' ORDER BY date DESC, name DESC"
    ).fetchone()
    return [
        Meaning(
            code, name, 5, "village", _above(connection, town), "village", None, 1.0, postcode,
            None, source[0] if source else "", (),
        )
        for code, name, town, postcode in rows
    ]  # fmt: skip
