"""One case of a file, chosen for and explained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from addrfix.files import Columns, InputTable, cells, read_table, recognise
from addrfix.flow.blacklist import read_blacklists
from addrfix.flow.candidates import TableOptions, rows_of
from addrfix.flow.factors import installed_factors
from addrfix.flow.past_letters import read_letters
from addrfix.flow.pick import pick_cases
from addrfix.model.errors import BadInput
from addrfix.score.bars import Paint, drawn


@dataclass(frozen=True, slots=True)
class Explained:
    """The answer about a case."""

    lines: tuple[str, ...]
    scorer: str
    """Which weights were used."""
    notes: tuple[str, ...]


def explain_case(
    source: str,
    case_id: str,
    options: TableOptions,
    *,
    as_of: date,
    paint: Paint,
    chinese: bool = False,
    scorer: Path | None = None,
    history: Sequence[Path] = (),
    blacklists: Sequence[Path] = (),
    threshold: float = 0.05,
    allowed: tuple[str, ...] = (),
    min_days: int = 30,
) -> Explained:
    """How `pick` would choose for one case of a file with the same options, drawn.

    Args:
        source: the file, raw or cleaned; only the case's rows are read.
        case_id: as the file has it, or as `pick` named the case.
        options: how to read the file.
        as_of: the day for which ages count.
        paint: how to colour.
        chinese: whether sentences are in Chinese.
        scorer: weights that `learn` wrote; None for the shipped ones.
        history: earlier letters, files or batch folders.
        blacklists: files of the user's own blacklist.
        threshold: as for `flow.pick.pick_cases`, like what follows.
        allowed: sources that are kept back otherwise.
        min_days: days between two letters to one debtor.

    Raises:
        BadInput: no table, no address column, or no such case.
        BadSettings: the scorer cannot be used.
    """
    table = read_table(source, encoding=options.encoding, sheet=options.sheet)
    columns = recognise(table.frame.columns, options.columns)
    columns.require("address")
    rows = rows_of(table, columns, progress=False, workers=1, only=case_id)
    if rows.is_empty():
        raise BadInput(
            f"{table.name} has no case {case_id}; give the id as the file writes it, or as "
            "the column case_id of the picks has it"
        )
    own = read_blacklists(blacklists, as_of)
    past = read_letters(history, TableOptions()) if history else None
    done = pick_cases(
        rows,
        as_of=as_of,
        scorer=scorer,
        past=past.frame if past else None,
        threshold=threshold,
        allowed=allowed,
        min_days=min_days,
        blacklist=own,
        named=_has_case_ids(table, columns),
    )
    lines = drawn(
        done.picks.row(0, named=True),
        done.candidates.rows(named=True),
        installed_factors(),
        chinese=chinese,
        paint=paint,
    )
    notes = (*table.notes, *own.notes, *(past.notes if past else ()))
    return Explained(tuple(lines), done.scorer, notes)


def _has_case_ids(table: InputTable, columns: Columns) -> bool:
    """Whether any row of the file has one; a row without is held only where others have."""
    header = columns.by_role.get("case_id")
    if header is None:
        return False
    ids = table.frame.select(cells.text(pl.col(header).cast(pl.String))).to_series()
    return ids.null_count() < ids.len()
