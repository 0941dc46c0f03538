"""The Python face of `clean` and `pick`: frames in, frames out, by the same functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from addrfix.files import InputTable, canonical_rows, recognise, with_added
from addrfix.flow.blacklist import read_blacklists
from addrfix.flow.candidates import TableOptions, rows_of
from addrfix.flow.clean import clean_rows
from addrfix.flow.past_letters import read_letters
from addrfix.flow.pick import pick_cases


def clean_frame(frame: pl.DataFrame, *, context: bool, spans: bool, workers: int) -> pl.DataFrame:
    """`addrfix.clean`."""
    table = InputTable(frame=frame, name="the frame")
    columns = recognise(frame.columns)
    columns.require("address")
    rows = canonical_rows(table, columns)
    added = clean_rows(rows, context=context, spans=spans, progress=False, workers=workers)
    return with_added(frame, added)


def pick_frame(
    frame: pl.DataFrame,
    *,
    as_of: date,
    scorer: Path | str | None,
    history: Sequence[Path | str] = (),
    blacklist: Sequence[Path | str] = (),
) -> pl.DataFrame:
    """`addrfix.pick`."""
    table = InputTable(frame=frame, name="the frame")
    columns = recognise(frame.columns)
    columns.require("case_id", "address")
    rows = rows_of(table, columns, progress=False, workers=1)
    done = pick_cases(
        rows,
        as_of=as_of,
        scorer=None if scorer is None else Path(scorer),
        past=read_letters([*map(Path, history)], TableOptions()).frame if history else None,
        blacklist=read_blacklists([*map(Path, blacklist)], as_of),
    )
    return done.picks
