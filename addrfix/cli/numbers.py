"""`addrfix numbers`: the tracking numbers that the carrier allotted."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from addrfix.cli.as_of import as_of_day
from addrfix.cli.batch_options import store_option
from addrfix.cli.options import as_of_option, json_line, note
from addrfix.model.errors import BadUsage
from addrfix.text.counting import counted


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Keep the tracking numbers that the carrier allotted to you.

    `addrfix letters --numbers-from PRODUCT` takes numbers from here, none ever twice.

    Example: addrfix numbers add registered_letter XA00000000100 XA00000000199
    """


@command.command()
@click.argument("product")
@click.argument("first")
@click.argument("last")
@store_option
@as_of_option
def add(product: str, first: str, last: str, store: Path | None, as_of: str | None) -> None:
    """Add the range of numbers from FIRST to LAST for PRODUCT.

    Check digits are computed where the rule is known; compare the count with the carrier's slip.

    Example: addrfix numbers add registered_letter XA00000000100 XA00000000199
    """
    from addrfix.flow.numbers import add_range, number_store

    count, notes = add_range(number_store(store), product, first, last, as_of_day(as_of))
    for sentence in notes:
        note(sentence)
    note(f"{counted(count, 'number')} of {product} added")


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@store_option
def show(as_json: bool, store: Path | None) -> None:
    """List the ranges: how many numbers are given, void and free.

    Example: addrfix numbers list
    """
    from addrfix.flow.numbers import number_store, range_lines, remarks

    opened = number_store(store)
    lines = range_lines(opened)
    if as_json:
        for line in lines:
            click.echo(json_line(asdict(line)))
    elif lines:
        _print_table([asdict(line) for line in lines])
    else:
        note("no numbers yet; add a range with `addrfix numbers add PRODUCT FIRST LAST`")
    for sentence in remarks(opened):
        note(sentence)


@command.command()
@click.argument("first", required=False)
@click.argument("last", required=False)
@click.option("--batch", metavar="ID", help="Every number that this batch has.")
@click.option("--reason", default="", metavar="TEXT", help="Why, for whoever asks later.")
@store_option
@as_of_option
def void(
    first: str | None,
    last: str | None,
    batch: str | None,
    reason: str,
    store: Path | None,
    as_of: str | None,
) -> None:
    """Make the number FIRST, or all from FIRST to LAST, void: no letter will get them.

    Given or free, a void number never comes back.

    Example: addrfix numbers void XA00000000107 --reason spoiled
    """
    from addrfix.flow.numbers import number_store, void_numbers

    if (batch is None) == (first is None):
        raise BadUsage("numbers void: name numbers, or a batch with --batch")
    opened, day = number_store(store), as_of_day(as_of)
    if batch is not None:
        count = opened.void_batch(batch, day, reason)
    else:
        count = void_numbers(opened, first or "", last or first or "", day, reason)
    note(f"{counted(count, 'number')} made void")


def _print_table(rows: list[dict[str, object]]) -> None:
    """Columns under each other, figures to the right."""
    cells = [
        list(rows[0]),
        *([_cell(value) for value in row.values()] for row in rows),
    ]
    widths = [max(len(row[at]) for row in cells) for at in range(len(cells[0]))]
    figures = [isinstance(value, int) for value in rows[0].values()]
    for row in cells:
        click.echo(
            "  ".join(
                cell.rjust(width) if figure else cell.ljust(width)
                for cell, width, figure in zip(row, widths, figures, strict=True)
            ).rstrip()
        )


def _cell(value: object) -> str:
    if value is None:
        return "used up"
    return f"{value:,}" if isinstance(value, int) else str(value)
