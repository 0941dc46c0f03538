"""Batch folders to the report, as a page, a workbook or text."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from addrfix.flow.batch_folder import batch_facts, read_batch_table, write_whole
from addrfix.model.errors import BadInput, BadUsage, BatchProblem
from addrfix.outcomes.figures import BatchFiles, Figures, figures

_TABLES = ("manifest.parquet", "outcomes.parquet", "private/picks.parquet")
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
    return BatchFiles(
        batch=str(facts.get("batch_id") or folder.resolve().name),
        manifest=manifest.resolve(),
        outcomes=outcomes.resolve() if outcomes.is_file() else None,
        picks=picks.resolve() if picks.is_file() else None,
        held=_held(folder, facts.get("held_by_reason")),
        specimen=bool(facts.get("specimen")),
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


def report_figures(folders: Sequence[Path], *, as_of: date) -> Figures:
    """The figures over batch folders.

    Raises:
        BatchProblem: a folder is no batch or damaged, or a batch is given twice.
    """
    batches = [batch_files(folder) for folder in folders]
    try:
        return figures(batches, as_of=as_of)
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
