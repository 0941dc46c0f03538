"""`addrfix clean`: complete and correct the addresses of a file."""

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
    strict_option,
)
from addrfix.text.counting import counted


@click.command("clean")
@click.argument("source", metavar="IN")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="OUT",
    help="Where the rows go; the suffix "
    "(.csv .tsv .xlsx .parquet .jsonl) decides the format, - is CSV on stdout.",
)
@click.option("--spans", is_flag=True, help="Add the labelled pieces of each text as JSON.")
@click.option(
    "--no-context",
    is_flag=True,
    help="Read each address by itself, without what its "
    "case knows (ID number, phone, other addresses).",
)
@blacklist_option
@strict_option
@as_of_option
@column_option
@encoding_option
@sheet_option
def command(
    source: str, output: str, spans: bool, no_context: bool, blacklists: tuple[Path, ...],
    strict: bool, as_of: str | None, column: tuple[str, ...], encoding: str | None,
    sheet: str | None,
) -> None:  # fmt: skip
    """Complete and correct the addresses of a file.

    Every row of IN gives one row of OUT, in order; its columns stay as they are, and the address's
    parts, official names, codes, verdict and reasons are added.

    Example: addrfix clean debtors.xlsx -o cleaned.xlsx
    """
    from addrfix import files
    from addrfix.flow.blacklist import lay_over, read_blacklists
    from addrfix.flow.clean import clean_rows, early_workers
    from addrfix.model.errors import RowsUnread

    files.check_output(output, source, *map(str, blacklists))
    day = as_of_day(as_of)
    size = Path(source).stat().st_size if Path(source).is_file() else 0
    pool = click.get_current_context().with_resource(early_workers(size))
    table = files.read_table(source, encoding=encoding, sheet=sheet)
    for sentence in table.notes:
        note(sentence)
    columns = files.recognise(table.frame.columns, overrides(column))
    columns.require("address")
    if len(columns.addresses) > 1 and "address" not in overrides(column):
        others = [header for header in columns.addresses if header != columns.by_role["address"]]
        note(
            f"several address columns: {columns.by_role['address']} is read; for another one say "
            f"--column address={others[0]} (pick takes them all)"
        )
    own = read_blacklists(blacklists, day)
    for sentence in own.notes:
        note(sentence)
    rows = files.canonical_rows(table, columns)
    added = clean_rows(rows, context=not no_context, spans=spans, pool=pool)
    if blacklists:
        added = lay_over(added, own, day)
    files.write_table(files.with_added(table.frame, added), output, source=source)
    counts = added["verdict"].value_counts(sort=True).rows()
    summary = ", ".join(f"{count:,} {verdict}" for verdict, count in counts)
    note(f"{counted(added.height, 'row')}: {summary}" if added.height else "no rows")
    for sentence in table.unread:
        note(sentence)
    if strict and table.unread:
        raise RowsUnread(
            f"{counted(len(table.unread), 'row')} of {table.name} could not be read whole"
        )
