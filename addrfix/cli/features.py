"""`addrfix features`: describe each case's addresses for risk models."""

from __future__ import annotations

from pathlib import Path

import click

from addrfix.cli.as_of import as_of_day
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


def _make_key(ctx: click.Context, _param: click.Parameter, path: Path | None) -> None:
    if path is None:
        return
    from addrfix.flow.features import make_key

    make_key(path)
    note(f"a new key: {path}; keep it secret, give it to partners on a safe way only")
    ctx.exit()


@click.command("features", epilog="Example: addrfix features debtors.csv -o features.parquet")
@click.argument("source", metavar="CASES")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="OUT",
    help="One row per case; the suffix decides the format, - is CSV on stdout.",
)
@click.option(
    "--tokens",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="KEYFILE",
    help="Add keyed hashes of the case's doors, buildings and compounds, equal for equal places.",
)
@click.option(
    "--make-key",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="KEYFILE",
    is_eager=True,
    expose_value=False,
    callback=_make_key,
    help="Write a new key for --tokens, and end.",
)
@blacklist_option
@as_of_option
@column_option
@encoding_option
@sheet_option
def command(
    source: str, output: str, tokens: Path | None, blacklists: tuple[Path, ...],
    as_of: str | None, column: tuple[str, ...], encoding: str | None, sheet: str | None,
) -> None:  # fmt: skip
    """Describe each case's addresses in numbers: places, moves, distances, rings, kinds.

    docs/features.md tells what each column means and its unit. OUT holds no addresses.
    """
    from addrfix import files
    from addrfix.flow.blacklist import read_blacklists
    from addrfix.flow.candidates import TableOptions, read_rows
    from addrfix.flow.features import case_features, read_key

    files.check_output(output, source, *map(str, (*blacklists, *([tokens] if tokens else []))))
    day = as_of_day(as_of)
    key = read_key(tokens) if tokens else None
    own = read_blacklists(blacklists, day)
    rows = read_rows(source, TableOptions(overrides(column), encoding, sheet), "address")
    for sentence in (*rows.notes, *own.notes, *rows.unread):
        note(sentence)
    found = case_features(rows.frame, as_of=day, blacklist=own, key=key)
    files.write_table(found, output, source=source)
    addresses = counted(rows.frame.height, "address", "addresses")
    note(f"{counted(found.height, 'case')} of {addresses}: {found.width - 1} features each")
