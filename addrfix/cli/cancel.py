"""`addrfix cancel`: letters that are not to go out after all."""

from __future__ import annotations

from pathlib import Path

import click

from addrfix.cli.as_of import as_of_day
from addrfix.cli.options import as_of_option, note
from addrfix.model.errors import BadUsage
from addrfix.text.counting import counted


@click.command(epilog="Example: addrfix cancel out/2026-07-01 7K3F9Q2M-000123-7 --reason paid")
@click.argument("batch", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("letter_id", nargs=-1)
@click.option(
    "--case", "cases", multiple=True, metavar="CASE_ID",
    help="The letter of a case; may be repeated.",
)  # fmt: skip
@click.option("--reason", default="", metavar="TEXT", help="Why; kept in cancellations.parquet.")
@as_of_option
def command(
    batch: Path,
    letter_id: tuple[str, ...],
    cases: tuple[str, ...],
    reason: str,
    as_of: str | None,
) -> None:
    """Take letters of BATCH back: they are not handed over, and their outcome is `cancelled`.

    Up to the hand-over, never after it. The manifest stays as it is.
    """
    from addrfix.flow.cancel import cancel

    if not letter_id and not cases:
        raise BadUsage("cancel: name letters, or cases with --case")
    done = cancel(batch, letter_id, as_of_day(as_of), reason, cases)
    note(f"{counted(done.new, 'letter')} cancelled, {done.total:,} of {done.letters:,} in all")
