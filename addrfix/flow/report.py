"""Batch folders to the report, as a page, a workbook or text."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from addrfix.dispatch.records import CANCELLATIONS
from addrfix.files import read_table
from addrfix.flow.batch_folder import batch_facts, read_batch_table, write_whole
from addrfix.model.errors import BadInput, BadUsage, BatchProblem
from addrfix.outcomes.counting import figures
from addrfix.outcomes.figures import BatchFiles, Figures
from addrfix.outcomes.tariffs import COLUMNS, Tariff, tariffs
from addrfix.outcomes.where import condition

_TABLES = ("manifest.parquet", "outcomes.parquet", "private/picks.parquet", CANCELLATIONS)
SUFFIXES = (".html", ".htm", ".xlsx")


def batch_files(folder: Path) -> BatchFiles:
    """What a report reads of a batch folder; only the manifest must be there.

    Raises:
        BatchProblem: no manifest, or batch.json or held.csv cannot be read.
    """
    manifest = folder / "manifest.parquet"
    if not manifest.is_file():
        raise BatchProblem(
            f"{folder}: no manifest.parquet; this is not a batch folder of `addrfix letters`"
        )
    facts = batch_facts(folder)
    outcomes, picks = folder / "outcomes.parquet", folder / "private" / "picks.parquet"
    cancelled = folder / CANCELLATIONS
    return BatchFiles(
        batch=str(facts.get("batch_id") or folder.resolve().name),
        manifest=manifest.resolve(),
        outcomes=outcomes.resolve() if outcomes.is_file() else None,
        picks=picks.resolve() if picks.is_file() else None,
        held=_held(folder, facts.get("held_by_reason")),
        specimen=bool(facts.get("specimen")),
        cancelled=cancelled.resolve() if cancelled.is_file() else None,
        firm=str(facts["firm"]) if facts.get("firm") else None,
    )


def _held(folder: Path, counted: object) -> dict[str, int]:
    """Cases by their first reason: as batch.json counts them, else by the rows of held.csv."""
    if isinstance(counted, dict) and all(isinstance(cases, int) for cases in counted.values()):
        return {str(reason): cases for reason, cases in counted.items()}
    path = folder / "held.csv"
    if not path.is_file():
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BatchProblem(f"{path} cannot be read as CSV in UTF-8") from error
    reasons = (row.get("reason") or row.get("reasons") or "" for row in rows)
    return dict(Counter(reason.split("|")[0] or "unknown" for reason in reasons))


def read_rates(path: Path) -> tuple[Tariff, ...]:
    """The rate file: what letters cost, by carrier, product and day.

    A table (CSV, XLSX …) with the columns `carrier product per_letter per_sheet from to`, or TOML
    with a `[[rate]]` for each row.

    Raises:
        BadInput: it cannot be read, lacks a column, or its rows do not hold.
    """
    rows: Sequence[Mapping[str, object]]
    if path.suffix.lower() == ".toml":
        try:
            known = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise BadInput(f"{path} cannot be read as TOML: {error}") from error
        found = known.get("rate")
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise BadInput(f"{path}: write a [[rate]] for each carrier and product")
        rows = found
        named = {str(name) for row in rows for name in row}
    else:
        frame = read_table(str(path)).frame
        rows, named = list(frame.iter_rows(named=True)), set(frame.columns)
    missing = [name for name in COLUMNS[:3] if name not in named]
    strange = sorted(named - set(COLUMNS))
    if missing or strange:
        what = f"has no {missing[0]}" if missing else f"has a {strange[0]} that is not known"
        raise BadInput(f"{path} {what}; a rate has {', '.join(COLUMNS)}")
    return tariffs(rows, str(path))


def report_figures(
    folders: Sequence[Path], *, as_of: date, where: str | None = None, rates: Path | None = None
) -> Figures:
    """The figures over batch folders.

    Args:
        folders: of batches.
        as_of: day of the report.
        where: a condition on the letters, as `addrfix.outcomes.where` reads it.
        rates: a rate file, for what a signed letter costs.

    Raises:
        BadUsage: the condition cannot be read.
        BadInput: the rate file cannot be read.
        BatchProblem: a folder is no batch or damaged, or a batch is given twice.
    """
    if where is not None:
        condition(where)
    prices = read_rates(rates) if rates else ()
    batches = [batch_files(folder) for folder in folders]
    try:
        return figures(batches, as_of=as_of, where=where, tariffs=prices)
    except BatchProblem:
        # Which file it is, only a look into each one tells.
        for folder in folders:
            for name in _TABLES:
                if (folder / name).is_file():
                    read_batch_table(folder / name)
        raise


def check_report_output(path: Path) -> None:
    """Stop before any work where the report could not be written.

    Raises:
        BadUsage: unknown suffix, or the folder does not exist.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise BadUsage(f"{path}: a report is {', '.join(SUFFIXES)}")
    if not path.absolute().parent.is_dir():
        raise BadUsage(f"{path.parent} does not exist; make the folder first")


def write_report(found: Figures, path: Path) -> None:
    """Write the page or the workbook, by suffix.

    Raises:
        BadUsage: as `check_report_output`.
        BadInput: the place cannot be written to.
    """
    check_report_output(path)
    if path.suffix.lower() == ".xlsx":
        from addrfix.outcomes.workbook import xlsx_workbook

        content = xlsx_workbook(found)
    else:
        from addrfix.outcomes.page import html_page

        content = html_page(found).encode("utf-8")
    try:
        write_whole(content, path)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror or error}") from error
