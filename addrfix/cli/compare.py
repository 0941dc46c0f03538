"""`addrfix compare`: tell whether two addresses are the same place."""

from __future__ import annotations

import click

from addrfix.cli.options import as_of_checked_option, encoding_option, note, sheet_option


@click.command("compare")
@click.argument("source", metavar="IN")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="OUT",
    help="Where the rows go; the suffix decides the format, - is CSV on stdout.",
)
@as_of_checked_option
@encoding_option
@sheet_option
def command(source: str, output: str, encoding: str | None, sheet: str | None) -> None:
    """Tell for each row whether the addresses in its columns `a` and `b` are the same place.

    Adds `relation` (same: one door or one named place; partial: one compound, building or named
    place with less or other detail; different) and `similarity` from 0 to 1.

    Example: addrfix compare pairs.csv -o compared.csv
    """
    import polars as pl

    from addrfix import files
    from addrfix.flow.compare import compare_frame
    from addrfix.model.errors import BadInput

    files.check_output(output, source)
    table = files.read_table(source, encoding=encoding, sheet=sheet)
    for sentence in (*table.notes, *table.unread):
        note(sentence)
    if missing := [name for name in ("a", "b") if name not in table.frame.columns]:
        raise BadInput(
            f"{table.name} has no column {' and no column '.join(missing)}; compare reads the "
            f"addresses in columns named a and b. Found: {files.shown(table.frame.columns)}"
        )
    pairs = table.frame.select(pl.col("a", "b").cast(pl.String))
    added = compare_frame(pairs)
    files.write_table(files.with_added(table.frame, added), output, source=source)
