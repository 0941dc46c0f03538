"""Makes the DuckDB file of the gazetteer from the tables under `gazetteer/`."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import duckdb
import pyarrow as pa
from filelock import FileLock, Timeout

from addrfix import database
from addrfix.knowledge import folder, read_tsv
from addrfix.model.errors import GazetteerProblem
from addrfix.places.extras import Divisions, Zone, aliases, extra_forms, moved_towns, zones
from addrfix.places.forms import DivisionRow, HistoryRow, NameForm, all_forms
from addrfix.places.names import village_stem
from addrfix.places.version import SCHEMA_VERSION, file_name

Report = Callable[[str, float], None]
"""Told what is being done and which part of the whole is done, 0 to 1."""

_VIEWS = (
    ("divisions", "divisions"),
    ("history_table", "history"),
    ("id_prefix_table", "id_prefixes"),
    ("phone_table", "phone_prefixes"),
)
"""Views over the Parquet tables, there while the file is built."""
_WAIT = 600.0
"""Seconds to wait for another process that builds the same file."""


def build(target: Path, report: Report, *, force: bool = False) -> bool:
    """Build `target` whole, or leave the one that is there; safe to run twice at once.

    Returns:
        Whether this call built it.

    Raises:
        GazetteerProblem: the folder cannot be written, or another build does not end.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.with_suffix(".lock"), timeout=_WAIT):
            if target.exists() and not force:
                return False
            # Left by a build that was killed: whoever holds the lock is the only builder.
            for left in target.parent.glob(f"{target.name}.*.partial*"):
                left.unlink()
            partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
            try:
                _fill(partial, report)
                partial.replace(target)
            finally:
                partial.unlink(missing_ok=True)
                partial.with_name(partial.name + ".wal").unlink(missing_ok=True)
    except Timeout as error:
        raise GazetteerProblem(
            f"another process has been building {target} for {_WAIT:.0f} s; stop it and try again"
        ) from error
    except OSError as error:
        raise GazetteerProblem(
            f"{target} cannot be written ({error.strerror}); set ADDRFIX_CACHE to a folder of yours"
        ) from error
    return True


def _fill(path: Path, report: Report) -> None:
    path.unlink(missing_ok=True)
    connection = database.open_file(path, read_only=False)
    try:
        report("tables", 0.0)
        _run(connection, "schema")
        _views(connection)
        report("villages", 0.1)
        _stems(connection)
        report("divisions", 0.35)
        _run(connection, "divisions")
        report("history", 0.6)
        _run(connection, "history")
        report("zones and names", 0.7)
        _names_and_zones(connection)
        report("sources", 0.95)
        _sources(connection)
        for view, _ in _VIEWS:
            connection.execute(f"DROP VIEW {view}")
        connection.execute("CHECKPOINT")
        report("done", 1.0)
    finally:
        connection.close()


def _run(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    sql = (folder("gazetteer") / "sql" / f"{name}.sql").read_text(encoding="utf-8")
    connection.execute(sql)


def _views(connection: duckdb.DuckDBPyConnection) -> None:
    for view, table in _VIEWS:
        path = str(folder("gazetteer") / f"{table}.parquet").replace("'", "''")
        # A view cannot be prepared with a bound path; the path is ours, not the user's data.
        try:
            connection.execute(f"CREATE VIEW {view} AS SELECT * FROM read_parquet('{path}')")
        except duckdb.Error as error:
            raise GazetteerProblem(
                f"gazetteer/{table}.parquet is damaged; install addrfix again"
            ) from error


def _stems(connection: duckdb.DuckDBPyConnection) -> None:
    rows = connection.execute("SELECT code, name FROM divisions WHERE level = 5").fetchall()
    table = pa.table(
        {"code": [code for code, _ in rows], "stem": [village_stem(name) for _, name in rows]}
    )
    connection.register("village_stem", table)


def _names_and_zones(connection: duckdb.DuckDBPyConnection) -> None:
    divisions = [
        DivisionRow(*row)
        for row in connection.execute(
            "SELECT id, code, level, name, short_name, parent_id, kind FROM division ORDER BY id"
        ).fetchall()
    ]
    history = [
        HistoryRow(level, code, name, tuple(parents), until, division, share)
        for level, code, name, parents, until, division, share in connection.execute(
            "SELECT level, old_code, old_name, old_parent_ids, until_year, division_id, share"
            " FROM history WHERE division_id IS NOT NULL"
        ).fetchall()
    ]
    known = Divisions(divisions)
    history += moved_towns(known)
    found = zones(known)
    forms = all_forms(divisions, history, aliases(known), extra_forms(known, found))
    _insert_forms(connection, forms)
    _insert_zones(connection, found)


def _insert_zones(connection: duckdb.DuckDBPyConnection, zones: list[Zone]) -> None:
    table = pa.table(
        {
            "name": [zone.name for zone in zones],
            "division_ids": pa.array([list(zone.counties) for zone in zones], pa.list_(pa.int32())),
            "city_id": [zone.city for zone in zones],
            "kind": [zone.kind for zone in zones],
            "source": [zone.source for zone in zones],
        }
    )
    connection.register("zone_table", table)
    connection.execute("INSERT INTO zone SELECT * FROM zone_table ORDER BY name, city_id")
    connection.unregister("zone_table")


def _insert_forms(connection: duckdb.DuckDBPyConnection, forms: list[NameForm]) -> None:
    types = {"old_parent_ids": pa.list_(pa.int32()), "until_year": pa.int16()}
    arrays = {
        field.name: pa.array([getattr(form, field.name) for form in forms], types.get(field.name))
        for field in fields(NameForm)
    }
    connection.register("form_table", pa.table(arrays))
    connection.execute("INSERT INTO name_form SELECT * FROM form_table")
    connection.unregister("form_table")


def _sources(connection: duckdb.DuckDBPyConnection) -> None:
    rows = read_tsv(folder("gazetteer") / "sources.tsv")
    connection.executemany(
        "INSERT INTO source VALUES (?, ?, ?, ?)",
        [(row["name"], row["licence"], row["as_of"], row["what"]) for row in rows],
    )
    counts = connection.execute("SELECT count(*) FROM village").fetchone()
    assert counts is not None
    connection.executemany(
        "INSERT INTO meta VALUES (?, ?)",
        [("schema", str(SCHEMA_VERSION)), ("tables", file_name()), ("villages", str(counts[0]))],
    )
