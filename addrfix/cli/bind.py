"""`addrfix bind`: tracking numbers that come back from the carrier."""

from __future__ import annotations

from pathlib import Path

import click

from addrfix.cli.as_of import as_of_day
from addrfix.cli.batch_options import store_option
from addrfix.cli.options import (
    as_of_option,
    column_option,
    encoding_option,
    note,
    overrides,
    sheet_option,
)
from addrfix.text.counting import counted


@click.command(epilog="Example: addrfix bind out/2026-07-01 numbers.xlsx")
@click.argument("batch", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--replace", is_flag=True, help="Let letters that have another number get the new one."
)
@store_option
@as_of_option
@column_option
@encoding_option
@sheet_option
def command(
    batch: Path,
    source: Path,
    replace: bool,
    store: Path | None,
    as_of: str | None,
    column: tuple[str, ...],
    encoding: str | None,
    sheet: str | None,
) -> None:
    """Bind the tracking numbers of FILE to the letters of BATCH, in bindings.parquet.

    A line names its letter by letter_id, letter number, print file and page, place in the batch, or
    recipient. Where one line is at fault nothing is bound; the same file twice binds nothing twice.
    """
    from addrfix.flow.bind import BindOptions, bind
    from addrfix.flow.numbers import number_store

    options = BindOptions(overrides(column), encoding, sheet, replace, number_store(store))
    done = bind(batch, source, options, as_of_day(as_of))
    for sentence in done.notes:
        note(sentence)
    replaced = f", {done.replaced} in place of another" if done.replaced else ""
    note(f"{counted(done.lines, 'line')} read, {counted(done.new, 'letter')} bound{replaced}")
    if done.missing:
        note(f"{counted(done.missing, 'letter')} of the batch without a number")
