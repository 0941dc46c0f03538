"""`addrfix letters`: picks and cases to a batch folder."""

from __future__ import annotations

from pathlib import Path

import click

from addrfix.cli.as_of import as_of_day
from addrfix.cli.options import (
    as_of_option,
    column_option,
    encoding_option,
    note,
    overrides,
    sheet_option,
)

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(
    epilog="Example: addrfix letters picks.csv --cases debtors.csv --template lawyer_letter "
    "--sender sender.toml -o out/2026-07-01",
)
@click.argument("picks", type=str)
@click.option("--cases", required=True, help="The debtor file that the picks come from.")
@click.option(
    "--template", required=True, metavar="NAME",
    help="A shipped template (lawyer_letter), or the path of your own template's folder.",
)  # fmt: skip
@click.option("--sender", required=True, type=_FILE, help="The sender file (TOML).")
@click.option(
    "-o", "--output", "out", required=True, metavar="BATCH",
    type=click.Path(path_type=Path, file_okay=False), help="The batch folder to make.",
)  # fmt: skip
@click.option("--numbers", type=_FILE, help="Tracking numbers, one a line, in the letters' order.")
@click.option(
    "--secret", type=_FILE,
    help="What keys the case ids of the manifest; your own, made on first use, by default.",
)  # fmt: skip
@click.option(
    "--workers", type=click.IntRange(1, 64),
    help="Processes that draw; the result is the same.  [default: one a core, up to four]",
)  # fmt: skip
@click.option("--quiet", is_flag=True, help="No progress bar.")
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
    numbers: Path | None,
    secret: Path | None,
    workers: int | None,
    quiet: bool,
    as_of: str | None,
    column: tuple[str, ...],
    encoding: str | None,
    sheet: str | None,
) -> None:
    """Render a letter for every case that PICKS sends, as a batch folder with its manifest.

    PICKS is the output of `addrfix pick`. Cases that cannot be printed are listed in held.csv with
    the reason. --column, --encoding and --sheet say how --cases is to be read. Numbers of the
    letters begin at letter_no_start of the sender file.
    """
    from addrfix.flow.letters import make_batch, read_letter_tables

    day = as_of_day(as_of)
    picked, rows, notes = read_letter_tables(
        picks, cases, columns=overrides(column), encoding=encoding, sheet=sheet
    )
    for sentence in notes:
        note(sentence)
    summary = make_batch(
        picked, rows, template=template, sender=sender, out=out, as_of=day, numbers=numbers,
        progress=not quiet, secret=secret, workers=workers,
    )  # fmt: skip
    for sentence in summary.lines():
        note(sentence)
