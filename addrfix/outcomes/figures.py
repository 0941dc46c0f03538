"""The figures of a report, by DuckDB over the Parquet files of any number of batches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from addrfix.database import open_memory
from addrfix.knowledge import words
from addrfix.model.errors import BatchProblem
from addrfix.outcomes.intervals import Interval, wilson

READINGS = ("strict", "standard", "broad")
"""strict: the debtor or somebody of the household; standard: a unit too; broad: unattended and
untold signers too."""

DIMENSIONS = (
    "batch", "province", "city", "source", "granularity", "decile", "template", "product",
    "carrier",
)  # fmt: skip
SMALL = 30
"""Cells with fewer counted letters are greyed: their interval is wider than most differences."""
HORIZON = 45
"""Days of the maturity curves; a registered letter that comes back has done so by then."""


@dataclass(frozen=True, slots=True)
class BatchFiles:
    """A batch of the report."""

    batch: str
    """Its id."""
    manifest: Path
    outcomes: Path | None
    picks: Path | None
    held: Mapping[str, int]
    """Cases not printed, by reason."""
    specimen: bool = False
    """The batch says that it is made up."""


@dataclass(frozen=True, slots=True)
class Rate:
    """The letters of one cell."""

    value: str | None
    """None: not known for these letters."""
    mailed: int
    cancelled: int
    carrier_fault: int
    """Lost, or sent back through the carrier's doing."""
    strict: int
    standard: int
    broad: int
    returned: int
    open: int
    """Neither signed for nor back nor lost nor recalled."""
    median_days: int | None
    p90_days: int | None
    """Days from posting to signing, of letters with both dates."""

    @property
    def counted(self) -> int:
        """The denominator of every rate: mailed, less cancelled, less the carrier's faults."""
        return self.mailed - self.cancelled - self.carrier_fault

    @property
    def is_small(self) -> bool:
        """Too few letters to say much."""
        return self.counted < SMALL

    def interval(self, reading: str) -> Interval | None:
        """The sign-for rate in a reading with its 95 % interval; None without letters."""
        return wilson(getattr(self, reading), self.counted)


@dataclass(frozen=True, slots=True)
class Count:
    """How many letters fall under a word; None: not told."""

    value: str | None
    letters: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Letters that came back for a reason."""

    value: str | None
    fault: str | None
    address_effect: str | None
    letters: int


@dataclass(frozen=True, slots=True)
class Ripeness:
    """How far a batch has come."""

    batch: str
    mailed: int
    open: int
    first_posted: date | None
    last_posted: date | None
    not_posted: int
    oldest_open_days: int | None


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Of the letters posted in a week (its Monday; None: all) and old enough, what was settled."""

    week: date | None
    day: int
    letters: int
    signed: int
    returned: int


@dataclass(frozen=True, slots=True)
class Band:
    """Settled letters whose p_signed lies in a tenth."""

    band: int
    letters: int
    expected: float
    signed: int
    squared_error: float

    @property
    def interval(self) -> Interval | None:
        """What was signed for, standard reading."""
        return wilson(self.signed, self.letters)


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything a report shows."""

    as_of: date
    batches: tuple[BatchFiles, ...]
    total: Rate
    by: Mapping[str, tuple[Rate, ...]]
    signers: tuple[Count, ...]
    reasons: tuple[Reason, ...]
    days: tuple[tuple[int, int], ...]
    """(days from posting to signing, letters)."""
    ripeness: tuple[Ripeness, ...]
    curve: tuple[CurvePoint, ...]
    calibration: tuple[Band, ...]
    held: tuple[Count, ...]

    @property
    def specimen(self) -> bool:
        """Whether any of the data is made up."""
        return any(batch.specimen for batch in self.batches)

    @property
    def brier(self) -> float | None:
        """Mean squared error of p_signed over settled letters (Brier 1950); 0 is perfect."""
        letters = sum(band.letters for band in self.calibration)
        return sum(b.squared_error for b in self.calibration) / letters if letters else None

    @property
    def calibration_error(self) -> float | None:
        """Mean distance of expected and observed share over tenths, weighted by letters (ECE)."""
        letters = sum(band.letters for band in self.calibration)
        if not letters:
            return None
        return sum(abs(b.expected * b.letters - b.signed) for b in self.calibration) / letters


def figures(batches: Sequence[BatchFiles], *, as_of: date) -> Figures:
    """The figures over all batches.

    Raises:
        BatchProblem: two batches share an id or a folder, or a file of theirs cannot be read.
    """
    _check_distinct(batches)
    connection = open_memory()
    try:
        _load(connection, batches)
        return _ask(connection, tuple(batches), as_of)
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


def _load(connection: duckdb.DuckDBPyConnection, batches: Sequence[BatchFiles]) -> None:
    connection.execute(_sql("batches"))
    connection.execute(_sql("tables"))
    rows = [
        (number, batch.batch, _named(batch.manifest), _named(batch.outcomes), _named(batch.picks))
        for number, batch in enumerate(batches)
    ]
    connection.executemany("INSERT INTO batch VALUES (?, ?, ?, ?, ?)", rows)
    reasons = [
        (row["reason"], row["fault"], row["address_effect"]) for row in words("return_reasons")
    ]
    connection.executemany("INSERT INTO reason VALUES (?, ?, ?)", reasons)
    for name, found in (
        ("outcomes", _literal(row[3] for row in rows)),
        ("picks", _literal(row[4] for row in rows)),
    ):
        if found:
            connection.execute(_sql(name), {"files": found})
    connection.execute(_sql("letters"), {"manifests": _literal(row[2] for row in rows)})


def _ask(
    connection: duckdb.DuckDBPyConnection, batches: tuple[BatchFiles, ...], as_of: date
) -> Figures:
    def rows(name: str, **values: str | int | date) -> list[tuple[Any, ...]]:
        return connection.execute(_sql(name), values or None).fetchall()

    def rates(dimension: str) -> tuple[Rate, ...]:
        return tuple(Rate(*row[:-1]) for row in rows("rates", dimension=dimension))

    everything = rates("all")
    held: dict[str, int] = {}
    for batch in batches:
        for reason, cases in batch.held.items():
            held[reason] = held.get(reason, 0) + cases
    return Figures(
        as_of=as_of,
        batches=batches,
        total=everything[0] if everything else Rate("all", 0, 0, 0, 0, 0, 0, 0, 0, None, None),
        by={dimension: rates(dimension) for dimension in DIMENSIONS},
        signers=tuple(Count(*row) for row in rows("signers")),
        reasons=tuple(Reason(*row) for row in rows("reasons")),
        days=tuple((row[0], row[1]) for row in rows("days_to_sign")),
        ripeness=tuple(Ripeness(*row) for row in rows("open_letters", as_of=as_of)),
        curve=tuple(CurvePoint(*row) for row in rows("maturity", as_of=as_of, horizon=HORIZON)),
        calibration=tuple(Band(*row) for row in rows("calibration")),
        held=tuple(Count(*item) for item in sorted(held.items(), key=lambda i: (-i[1], i[0]))),
    )
