"""`addrfix run`: clean, pick and letters in one go."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from addrfix.cli.as_of import as_of_day
from addrfix.cli.batch_options import choosing_options, drawing_options, printing_options
from addrfix.cli.governing_options import governing_options
from addrfix.cli.options import (
    as_of_option,
    blacklist_option,
    column_option,
    encoding_option,
    note,
    overrides,
    sheet_option,
)
from addrfix.text.counting import counted

if TYPE_CHECKING:
    from addrfix.flow.compliance import Governing
    from addrfix.flow.signing_key import SigningKey


@click.command(
    "run",
    epilog="Example: addrfix run debtors.xlsx --template lawyer_letter --sender sender.toml "
    "-o out/2026-07-01",
)
@click.argument("source", metavar="IN")
@drawing_options
@choosing_options
@blacklist_option
@printing_options
@governing_options
@as_of_option
@column_option
@encoding_option
@sheet_option
def command(
    source: str, template: str, sender: Path, out: Path, documents: Path | None,
    scorer: Path | None, history: tuple[Path, ...], threshold: float, budget: int | None,
    allowed: tuple[str, ...], min_days: int, holdout: float, seed: int,
    blacklists: tuple[Path, ...], numbers: Path | None, numbers_from: str | None,
    store: Path | None, made_by: str | None, secret: Path | None, workers: int | None,
    check_barcodes: int | None, quiet: bool, governing: Governing, sign: SigningKey | None,
    as_of: str | None,
    column: tuple[str, ...], encoding: str | None, sheet: str | None,
) -> None:  # fmt: skip
    """Turn a debtor file into a batch folder of letters: clean, pick and letters in one go."""
    from addrfix.flow.candidates import TableOptions
    from addrfix.flow.numbers import source_of
    from addrfix.flow.run import run_job

    day = as_of_day(as_of)
    options = TableOptions(overrides(column), encoding, sheet, progress=not quiet)
    done = run_job(
        source, options, template=template, sender=sender, out=out, as_of=day, scorer=scorer,
        history=history, threshold=threshold, budget=budget, allowed=allowed,
        min_days=min_days, holdout=holdout, seed=seed,
        blacklists=blacklists, numbers=numbers,
        numbers_from=source_of(numbers_from, numbers, store), made_by=made_by,
        secret=secret, workers=workers, check_barcodes=check_barcodes, governing=governing,
        sign=sign, documents=documents,
    )  # fmt: skip
    for sentence in (*done.rows.notes, *done.notes, *done.rows.unread):
        note(sentence)
    verdicts = done.rows.frame["verdict"].value_counts(sort=True).rows()
    summary = ", ".join(f"{count:,} {verdict}" for verdict, count in verdicts)
    note(f"{counted(done.rows.frame.height, 'address', 'addresses')} read: {summary}")
    cases = counted(done.picked.picks.height, "case")
    note(f"{cases} weighed by {done.picked.scorer} weights")
    for sentence in done.batch.lines():
        note(sentence)
