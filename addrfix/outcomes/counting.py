"""Counts the figures of a report by DuckDB over the Parquet files of any number of batches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from addrfix.database import open_memory
from addrfix.knowledge import words
from addrfix.model.errors import BatchProblem
from addrfix.outcomes.figures import (
    DIMENSIONS,
    HORIZON,
    MOST_PLACES,
    BadPlace,
    Band,
    BatchFiles,
    Cost,
    Count,
    CurvePoint,
    Figures,
    Rate,
    Reason,
    Ripeness,
)
from addrfix.outcomes.tariffs import Tariff
from addrfix.outcomes.uplift import MATURE, Arm, Uplift, uplift
from addrfix.outcomes.where import Condition, condition

Rows = list[tuple[Any, ...]]
_FILES = ("manifest", "outcomes", "picks", "cancelled")
"""Of a batch, in the order of the columns of table batch; a query of the same name reads each."""


def figures(
    batches: Sequence[BatchFiles],
    *,
    as_of: date,
    where: str | None = None,
    tariffs: Sequence[Tariff] = (),
) -> Figures:
    """The figures over all batches.

    Args:
        batches: their files.
        as_of: day of the report.
        where: a condition as `addrfix.outcomes.where` reads it; only its letters are counted.
        tariffs: what letters cost; without them there is no cost.

    Raises:
        BadUsage: the condition cannot be read.
        BatchProblem: two batches share an id or a folder, or a file of theirs cannot be read.
    """
    _check_distinct(batches)
    asked = condition(where) if where is not None else None
    connection = open_memory()
    try:
        _load(connection, batches, as_of)
        _keep(connection, asked)
        return _Asked(connection, tuple(batches), as_of).answers(where, asked, tariffs)
    except duckdb.Error as error:
        raise BatchProblem(
            "the tables of the batches cannot be read; `addrfix verify` tells what was changed"
        ) from error
    finally:
        connection.close()


def _check_distinct(batches: Sequence[BatchFiles]) -> None:
    for what in ("batch", "manifest"):
        seen: set[object] = set()
        for batch in batches:
            value = getattr(batch, what)
            if value in seen:
                raise BatchProblem(f"{value} is given twice; its letters would count twice")
            seen.add(value)


def _sql(name: str) -> str:
    return (files("addrfix.outcomes") / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def _named(path: Path | None) -> str | None:
    return path.as_posix() if path else None


def _literal(paths: Iterable[str | None]) -> list[str]:
    """File names in which `*`, `?` and `[` stand for themselves."""
    return [re.sub(r"([*?\[])", r"[\1]", path) for path in paths if path]


def _load(
    connection: duckdb.DuckDBPyConnection, batches: Sequence[BatchFiles], as_of: date
) -> None:
    connection.execute(_sql("batches"))
    connection.execute(_sql("tables"))
    named = {name: [_named(getattr(batch, name)) for batch in batches] for name in _FILES}
    rows = [
        (number, batch.batch, batch.firm, *(named[name][number] for name in _FILES))
        for number, batch in enumerate(batches)
    ]
    connection.executemany("INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    columns = ("reason", "fault", "address_effect")
    reasons = [[row[column] for column in columns] for row in words("return_reasons")]
    connection.executemany("INSERT INTO reason VALUES (?, ?, ?)", reasons)
    dated = {"as_of": as_of}
    for name, day in (("outcomes", dated), ("picks", {}), ("cancelled", dated)):
        if found := _literal(named[name]):
            connection.execute(_sql(name), {"files": found, **day})
    manifests = _literal(named["manifest"])
    connection.execute(_sql("letters"), {"manifests": manifests, "as_of": as_of})
    for name in ("outcome", "pick"):
        connection.execute(f"DROP TABLE {name}")


def _keep(connection: duckdb.DuckDBPyConnection, asked: Condition | None) -> None:
    """The table `letter`: all, or those that meet the condition."""
    if asked is None:
        connection.execute("CREATE TEMP VIEW letter AS SELECT * FROM every_letter")
    else:
        text = f"CREATE TEMP TABLE letter AS SELECT * FROM every_letter WHERE {asked.sql}"
        connection.execute(text, list(asked.values))


class _Asked:
    """The queries over the table `letter`."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        batches: tuple[BatchFiles, ...],
        as_of: date,
    ) -> None:
        self._connection = connection
        self._batches = batches
        self._as_of = as_of

    def answers(
        self, where: str | None, asked: Condition | None, tariffs: Sequence[Tariff]
    ) -> Figures:
        everything = self._rates("all")
        curve = self._rows("maturity", horizon=HORIZON)
        ripeness = self._rows("open_letters", as_of=self._as_of)
        return Figures(
            as_of=self._as_of,
            batches=self._batches,
            where=where,
            total=everything[0] if everything else Rate("all", 0, 0, 0, 0, 0, 0, 0, 0, None, None),
            by={dimension: self._rates(dimension) for dimension in DIMENSIONS},
            signers=tuple(Count(*row) for row in self._rows("signers")),
            reasons=tuple(Reason(*row) for row in self._rows("reasons")),
            days=tuple((row[0], row[1]) for row in self._rows("days_to_sign")),
            ripeness=tuple(Ripeness(*row) for row in ripeness),
            curve=tuple(CurvePoint(*row) for row in curve),
            calibration=tuple(Band(*row) for row in self._rows("calibration")),
            held=() if asked else self._held(),
            uplift=self._uplift(asked),
            cost=self._cost(tariffs) if tariffs else None,
            bad_places=tuple(BadPlace(*row) for row in self._rows("bad_places", most=MOST_PLACES)),
        )

    def _rows(self, name: str, **values: str | int | date) -> Rows:
        return self._connection.execute(_sql(name), values or None).fetchall()

    def _rates(self, dimension: str) -> tuple[Rate, ...]:
        return tuple(Rate(*row[:-1]) for row in self._rows("rates", dimension=dimension))

    def _held(self) -> tuple[Count, ...]:
        held: dict[str, int] = {}
        for batch in self._batches:
            for reason, cases in batch.held.items():
                held[reason] = held.get(reason, 0) + cases
        return tuple(Count(*item) for item in sorted(held.items(), key=lambda i: (-i[1], i[0])))

    def _uplift(self, asked: Condition | None) -> Uplift:
        alike = asked is None or asked.keeps_arms_alike
        rows = self._rows("uplift", as_of=self._as_of, mature=MATURE)
        return uplift([(row[0], Arm(*row[1:])) for row in rows], alike=alike)

    def _cost(self, tariffs: Sequence[Tariff]) -> tuple[Cost, ...]:
        self._connection.executemany(
            "INSERT INTO tariff VALUES (?, ?, ?, ?, ?, ?)",
            [
                (t.carrier, t.product, t.per_letter, t.per_sheet, t.from_day, t.to_day)
                for t in tariffs
            ],
        )
        return tuple(Cost(*row[1:]) for row in self._rows("tariffs"))
