"""Events of a whole batch to the outcomes table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import polars as pl

from addrfix.knowledge import words
from addrfix.model.event import EventState
from addrfix.model.table import OUTCOME_COLUMNS
from addrfix.model.terms import SignClass
from addrfix.outcomes.settle import Event, Settled, settle

SCHEMA = pl.Schema(
    {
        "tracking_no": pl.String,
        "letter_id": pl.String,
        "outcome": pl.String,
        "sign_class": pl.String,
        "return_reason": pl.String,
        "posted_on": pl.Date,
        "final_on": pl.Date,
        "attempts": pl.Int32,
    }
)
_NOTHING_YET = Settled()


def settle_batch(letters: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """One row for every letter, in the order of `letters`, with OUTCOME_COLUMNS.

    Args:
        letters: `letter_id` and `tracking_no` (null where it has none), one row a letter.
        events: as `events.parquet`; lines of letters that are not in `letters` are ignored.
    """
    vague = frozenset(
        row["reason"] for row in words("return_reasons") if row["address_effect"] == "open"
    )
    settled = {letter: settle(lines, vague_reasons=vague) for letter, lines in _by_letter(events)}
    rows = [
        _row(tracking_no, letter_id, settled.get(letter_id, _NOTHING_YET))
        for letter_id, tracking_no in letters.select("letter_id", "tracking_no").iter_rows()
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").select(OUTCOME_COLUMNS)


def _row(tracking_no: str | None, letter_id: str, what: Settled) -> tuple[Any, ...]:
    return (
        tracking_no,
        letter_id,
        what.outcome,
        what.sign_class,
        what.return_reason,
        what.posted_on,
        what.final_on,
        what.attempts,
    )


def _by_letter(events: pl.DataFrame) -> Iterator[tuple[str, list[Event]]]:
    usable = (
        events.filter(pl.col("state").is_not_null() & pl.col("happened_at").is_not_null())
        .select(
            "letter_id",
            "happened_at",
            "state",
            "carrier",
            "raw_code",
            "sign_class",
            "return_reason",
            "voids",
            "voids_state",
        )
        .sort("letter_id")
    )
    for letter, rows in groupby(usable.iter_rows(), key=lambda row: row[0]):
        yield letter, [_event(row) for row in rows]


def _event(row: tuple[Any, ...]) -> Event:
    _, at, state, carrier, code, signer, reason, voids, voids_state = row
    return Event(
        at=at,
        state=EventState(state),
        carrier=carrier,
        code=code,
        sign_class=SignClass(signer) if signer else None,
        return_reason=reason,
        voids=tuple(voids or ()),
        voids_state=EventState(voids_state) if voids_state else None,
    )
