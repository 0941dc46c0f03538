"""Takes letters of a batch back, up to the hand-over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from addrfix.dispatch.folder import PICKS
from addrfix.dispatch.records import CANCELLATION_SCHEMA, CANCELLATIONS
from addrfix.flow.batch_folder import read_batch_table, write_parquet
from addrfix.flow.batch_lock import alone
from addrfix.flow.batch_records import cancellations, handover_of, manifest_of
from addrfix.flow.track import track
from addrfix.model.errors import BadInput, BatchProblem
from addrfix.text.counting import counted


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What a run of `cancel` did."""

    new: int
    total: int
    letters: int
    """Of the batch."""


def letters_of_cases(batch: Path, cases: Sequence[str]) -> list[str]:
    """The letters of some cases, as `private/` knows them.

    Raises:
        BadInput: a case has no letter in the batch.
        BatchProblem: this copy of the batch has no `private/`.
    """
    picks = read_batch_table(batch / PICKS, "case_id", "letter_id")
    by_case = dict(picks.select("case_id", "letter_id").iter_rows())
    strange = [case for case in cases if case not in by_case]
    if strange:
        raise BadInput(
            f"{', '.join(strange[:5])}: no letter in {batch}; nothing was cancelled "
            f"({counted(len(strange), 'case')} without one; held cases are in held.csv)"
        )
    return [by_case[case] for case in cases]


def cancel(
    batch: Path,
    letters: Sequence[str],
    on: date,
    reason: str = "",
    cases: Sequence[str] = (),
) -> Cancelled:
    """Record that letters are not to go out; what was recorded before stays as it is.

    Args:
        batch: the folder.
        letters: ids of letters.
        on: the day.
        reason: why, for whoever asks later.
        cases: ids of cases whose letters are meant, too.

    Raises:
        BadInput: one is not a letter or case of the batch; nothing is recorded then.
        BatchProblem: the batch was handed over, or is none.
    """
    known = manifest_of(batch)["letter_id"]
    asked = [letter.strip().upper() for letter in letters]
    wanted = list(dict.fromkeys(asked + (letters_of_cases(batch, cases) if cases else [])))
    strange = [letter for letter in wanted if letter not in set(known)]
    if strange:
        raise BadInput(
            f"{', '.join(strange[:5])}: not in {batch}; nothing was cancelled "
            f"({counted(len(strange), 'letter id')} unknown)"
        )
    with alone(batch):
        handed = handover_of(batch)
        if handed is not None:
            raise BatchProblem(
                f"{batch} was handed over on {handed.get('handed_over_on')}: no letter of it can "
                "be cancelled any more; ask the carrier to intercept it, and track its results"
            )
        old = cancellations(batch)
        fresh = [letter for letter in wanted if letter not in set(old["letter_id"])]
        rows = [(letter, on, reason or None) for letter in fresh]
        new = pl.DataFrame(rows, schema=CANCELLATION_SCHEMA, orient="row")
        if fresh:
            write_parquet(pl.concat([old, new]), batch / CANCELLATIONS)
    if (batch / "outcomes.parquet").is_file():
        track(batch, [])
    return Cancelled(len(fresh), old.height + len(fresh), len(known))
