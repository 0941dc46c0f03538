"""`addrfix letters`: picks and cases to a batch folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from addrfix.cli.as_of import as_of_day
from addrfix.cli.batch_options import drawing_options, history_option, printing_options
from addrfix.cli.governing_options import governing_options
from addrfix.cli.options import (
    as_of_option,
    column_option,
    encoding_option,
    note,
    overrides,
    sheet_option,
)

if TYPE_CHECKING:
    from addrfix.flow.compliance import Governing
    from addrfix.flow.signing_key import SigningKey


@click.command(
    epilog="Example: addrfix letters picks.csv --cases debtors.csv --template lawyer_letter "
    "--sender sender.toml -o out/2026-07-01",
)
@click.argument("picks", type=str)
@click.option("--cases", required=True, help="The debtor file that the picks come from.")
@drawing_options
@printing_options
@history_option
@governing_options
@as_of_option
@column_option
@encoding_option
@sheet_option
def command(
    picks: str,
    cases: str,
    template: str,
    sender: Path,
    out: Path,
    documents: Path | None,
    numbers: Path | None,
    numbers_from: str | None,
    store: Path | None,
    made_by: str | None,
    secret: Path | None,
    workers: int | None,
    check_barcodes: int | None,
    quiet: bool,
    history: tuple[Path, ...],
    governing: Governing,
    sign: SigningKey | None,
    as_of: str | None,
    column: tuple[str, ...],
    encoding: str | None,
    sheet: str | None,
) -> None:
    """Render a letter for every case that PICKS sends, as a batch folder with its manifest.

    PICKS is the output of `addrfix pick`. Cases that cannot be printed are listed in held.csv with
    the reason. --column, --encoding and --sheet say how --cases is to be read. Numbers of the
    letters begin at letter_no_start of the sender file. With --history the days since the last
    letter to a debtor, and numbers that were used, are checked. A command that was stopped half-way
    goes on where it was when it is given again.
    """
    from addrfix.flow.letters import make_batch, read_letter_tables
    from addrfix.flow.numbers import source_of
    from addrfix.flow.past_letters import past_letters

    day = as_of_day(as_of)
    picked, rows, notes = read_letter_tables(
        picks, cases, columns=overrides(column), encoding=encoding, sheet=sheet, template=template
    )
    for sentence in notes:
        note(sentence)
    summary = make_batch(
        picked, rows, template=template, sender=sender, out=out, as_of=day, numbers=numbers,
        numbers_from=source_of(numbers_from, numbers, store), made_by=made_by,
        progress=not quiet, secret=secret, workers=workers, check_barcodes=check_barcodes,
        documents=documents, governing=governing, past=past_letters(history), sign=sign,
    )  # fmt: skip
    for sentence in summary.lines():
        note(sentence)
