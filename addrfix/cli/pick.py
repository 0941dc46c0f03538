"""`addrfix pick`: choose for each case the address most likely to be signed for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from addrfix.cli.as_of import as_of_day
from addrfix.cli.batch_options import choosing_options
from addrfix.cli.options import (
    as_of_option,
    blacklist_option,
    column_option,
    encoding_option,
    note,
    overrides,
    sheet_option,
    strict_option,
)
from addrfix.text.counting import counted

if TYPE_CHECKING:
    import polars as pl


@click.command(
    "pick", epilog="Example: addrfix pick debtors.xlsx --scorer scorer.json -o picks.csv"
)
@click.argument("source", metavar="IN")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="OUT",
    help="One row per case; the suffix decides the format.",
)
@choosing_options
@blacklist_option
@click.option(
    "--all",
    "every",
    metavar="OUT2",
    help="Also write every candidate with the part of each factor.",
)
@as_of_option
@strict_option
@column_option
@encoding_option
@sheet_option
def command(
    source: str, output: str, scorer: Path | None, history: tuple[Path, ...], every: str | None,
    threshold: float, budget: int | None, allowed: tuple[str, ...], min_days: int, holdout: float,
    seed: int, blacklists: tuple[Path, ...], as_of: str | None, strict: bool,
    column: tuple[str, ...], encoding: str | None, sheet: str | None,
) -> None:  # fmt: skip
    """Choose for each case of IN the address most likely to be signed for.

    IN holds one row per address, or one row per case with several address columns; it may be raw
    or already cleaned. OUT has one row per case, to send or to hold, with the reasons.
    """
    from addrfix import files
    from addrfix.flow.blacklist import read_blacklists
    from addrfix.flow.candidates import TableOptions, read_rows
    from addrfix.flow.past_letters import read_letters
    from addrfix.flow.pick import pick_cases
    from addrfix.model.errors import BadUsage, RowsUnread

    if every == output:
        raise BadUsage(f"-o and --all both name {output}; give each its own file")
    for path in filter(None, (output, every)):
        files.check_output(path, source, *map(str, (*history, *blacklists)))
    day = as_of_day(as_of)
    options = TableOptions(overrides(column), encoding, sheet)
    own = read_blacklists(blacklists, day)
    rows = read_rows(source, options, "address")
    past = read_letters(history, TableOptions()) if history else None
    for sentence in (*rows.notes, *(past.notes if past else ()), *own.notes, *rows.unread):
        note(sentence)
    done = pick_cases(
        rows.frame, as_of=day, scorer=scorer, past=past.frame if past else None,
        threshold=threshold, budget=budget, allowed=allowed, min_days=min_days, holdout=holdout,
        seed=seed, blacklist=own,
    )  # fmt: skip
    files.write_table(done.picks, output, source=source)
    if every:
        files.write_table(done.candidates, every, source=source)
    _tell(done.picks, done.scorer)
    if strict and rows.unread:
        raise RowsUnread(f"{counted(len(rows.unread), 'row')} could not be read whole")


def _tell(picks: pl.DataFrame, scorer: str) -> None:
    """How many cases go out, and why the others do not."""
    import polars as pl

    held = picks.filter(pl.col("decision") == "hold")
    sent = picks.height - held.height
    mean = picks.filter(pl.col("decision") == "send")["p_signed"].mean()
    expected = f", {mean:.0%} of them expected to be signed for" if isinstance(mean, float) else ""
    note(f"{counted(picks.height, 'case')} by {scorer} weights: {sent:,} to send{expected}")
    if held.height:
        counts = held["reasons"].list.first().value_counts(sort=True).rows()
        why = ", ".join(
            f"{n:,} {reason}" for reason, n in sorted(counts, key=lambda c: (-c[1], c[0]))
        )
        note(f"{held.height:,} held: {why}")
