"""`addrfix track`: carriers' results into a batch folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from addrfix.cli.options import (
    column_option,
    encoding_option,
    note,
    overrides,
    sheet_option,
    strict_option,
)
from addrfix.model.errors import RowsUnread
from addrfix.text.counting import counted

if TYPE_CHECKING:
    from addrfix.flow.track import Tracked, Unknown

_SHOWN = 20
_CODE = re.compile(r"[A-Za-z0-9_.\-]{1,10}")


@click.command(epilog="Example: addrfix track out/2026-07-01 results.csv")
@click.argument("batch", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("results", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--carrier", metavar="NAME", help="Whose words these are, where the headers do not tell."
)
@click.option(
    "--unmatched",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the lines that belong to no letter of this batch to a CSV file.",
)
@click.option(
    "--unknown",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the codes and words that nobody knows to a CSV file, as they were written.",
)
@strict_option
@column_option
@encoding_option
@sheet_option
def command(
    batch: Path,
    results: tuple[Path, ...],
    carrier: str | None,
    unmatched: Path | None,
    unknown: Path | None,
    strict: bool,
    column: tuple[str, ...],
    encoding: str | None,
    sheet: str | None,
) -> None:
    """Take in the carrier's RESULTS: one outcome for every letter of BATCH.

    Writes events.parquet and outcomes.parquet. The same file twice, overlapping files and files in
    any order give the same outcomes. Without RESULTS, what is there is read and settled again.
    """
    from addrfix.flow.track import TrackOptions, track

    options = TrackOptions(overrides(column), carrier, encoding, sheet, unmatched, unknown)
    done = track(batch, results, options)
    _tell(done, unmatched)
    if strict and done.unread:
        raise RowsUnread(f"{counted(done.unread, 'line')} could not be read (--strict)")


def _tell(done: Tracked, unmatched: Path | None) -> None:
    for sentence in done.notes:
        note(sentence)
    note(f"{counted(done.lines, 'line')} read, {done.new} new, {done.total} in all")
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(done.outcomes.items()))
    note(f"{counted(sum(done.outcomes.values()), 'letter')}: {counts}")
    if done.without_time:
        note(f"{counted(done.without_time, 'event')} without a readable time, settling nothing")
    if done.unmatched:
        lines = sum(done.unmatched.values())
        note(
            f"{counted(lines, 'line')} of {counted(len(done.unmatched), 'number')} "
            f"not in this batch: "
            + _listed(sorted(done.unmatched))
            + ("" if unmatched else " (all of them: --unmatched FILE)")
        )
    if done.unknown:
        note("not known, kept as written and not guessed at:")
    for found in done.unknown[:_SHOWN]:
        note(f"  {found.carrier} {found.column} {_without_names(found)}: {found.events}")
    if len(done.unknown) > _SHOWN:
        note(f"  and {len(done.unknown) - _SHOWN} more (all of them: --unknown FILE)")


def _listed(numbers: list[str]) -> str:
    more = len(numbers) - _SHOWN
    return ", ".join(numbers[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _without_names(found: Unknown) -> str:
    """A code, or the letter whose words it is: those can hold names, places and phone numbers."""
    return found.value if _CODE.fullmatch(found.value) else f"(words, of {found.letter_id})"
