"""`addrfix blacklist`: places that returned letters showed to be gone."""

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
from addrfix.text.counting import counted


@click.command("blacklist", epilog="Example: addrfix blacklist out/2026-07-01 -o gone.csv")
@click.argument(
    "sources",
    metavar="BATCH|HISTORY...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True),
)
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="OUT",
    help="The blacklist; the suffix decides the format, - is CSV on stdout.",
)
@as_of_option
@column_option
@encoding_option
@sheet_option
def command(
    sources: tuple[Path, ...], output: str, as_of: str | None, column: tuple[str, ...],
    encoding: str | None, sheet: str | None,
) -> None:  # fmt: skip
    """List the places that returned letters showed to be gone, for `--blacklist`.

    原址拆迁 (demolished) makes an entry for the building, 无此地址 (no such address) one for the
    address as it was written. What speaks about the debtor alone makes none. A later letter that
    was signed for there ends an entry. `pick --history` uses the same entries without this file.
    """
    from addrfix import files
    from addrfix.flow.candidates import TableOptions
    from addrfix.flow.learned_list import learned_list
    from addrfix.flow.past_letters import read_letters

    files.check_output(output, *map(str, sources))
    day = as_of_day(as_of)
    options = TableOptions(overrides(column), encoding, sheet)
    letters = read_letters(sources, options, for_learning=True)
    for sentence in (*letters.notes, *letters.unread):
        note(sentence)
    entries = learned_list(letters.frame, day)
    files.write_table(entries, output)
    scopes = entries["scope"].value_counts(sort=True).rows()
    told = ", ".join(f"{count:,} {scope}" for scope, count in sorted(scopes))
    note(
        f"{counted(letters.frame.height, 'letter')}: {counted(entries.height, 'entry', 'entries')}"
        + (f" ({told})" if told else "")
    )
