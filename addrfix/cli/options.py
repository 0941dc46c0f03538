"""Options that several commands share, and how they talk to the person."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from addrfix.cli.as_of import as_of_day
from addrfix.model.errors import BadUsage

column_option = click.option(
    "--column", multiple=True, metavar="ROLE=HEADER",
    help="Say which column is which, e.g. --column address=家庭住址; may be repeated.",
)  # fmt: skip
encoding_option = click.option(
    "--encoding", metavar="NAME", help="Encoding of a text file, where it is not found out right."
)
sheet_option = click.option("--sheet", metavar="NAME", help="Sheet of a workbook.")
as_of_option = click.option(
    "--as-of", metavar="DATE", help="The day that counts as today, YYYY-MM-DD.  [default: today]"
)

blacklist_option = click.option(
    "--blacklist", "blacklists", multiple=True, metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Places of your own that no letter may go to (docs/blacklist.md); may be repeated.",
)  # fmt: skip

strict_option = click.option(
    "--strict", is_flag=True, help="Exit with 3 where rows could not be read."
)


def _check_day(_ctx: click.Context, _param: click.Parameter, written: str | None) -> None:
    as_of_day(written)


as_of_checked_option = click.option(
    "--as-of", metavar="DATE", expose_value=False, callback=_check_day,
    help="Taken so that every step of a script can have it; the result does not depend on the day.",
)  # fmt: skip


def note(sentence: str) -> None:
    """Say something on stderr; stdout carries data alone."""
    click.echo(f"addrfix: {sentence}", err=True)


def json_line(record: Mapping[str, object]) -> str:
    """A record as one line of JSON that stdout can write, whatever its encoding.

    What it cannot write is escaped as JSON does it: an argument that is not UTF-8 arrives with lone
    surrogates in it, and a Windows console may speak GBK.
    """
    line = json.dumps(record, ensure_ascii=False)
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        line.encode(encoding)
    except UnicodeEncodeError:
        return json.dumps(record)
    return line


def overrides(pairs: Sequence[str]) -> dict[str, str]:
    """`--column` values as a mapping from role to header.

    Raises:
        BadUsage: a value without `=`.
    """
    out: dict[str, str] = {}
    for pair in pairs:
        role, equals, header = pair.partition("=")
        if not equals or not role or not header:
            raise BadUsage(f"--column {pair}: write ROLE=HEADER, e.g. --column address=家庭住址")
        out[role.strip()] = header.strip()
    return out
