"""`addrfix track`: carriers' results into a batch folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from addrfix.model.errors import BadUsage

if TYPE_CHECKING:
    from addrfix.flow.track import Tracked

_SHOWN = 20


@click.command(
    epilog="Example: addrfix track out/2026-07-01 results.csv",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.argument("batch", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("results", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--column", "columns", multiple=True, metavar="ROLE=HEADER", help="Name a column.")
@click.option("--carrier", help="Whose words these are, where the headers do not tell.")
@click.option("--encoding", help="Of CSV files; detected by default.")
@click.option("--sheet", help="Of a workbook; the first with a table by default.")
@click.option(
    "--unmatched",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the lines that belong to no letter of this batch to a CSV file.",
)
def command(
    batch: Path,
    results: tuple[Path, ...],
    columns: tuple[str, ...],
    carrier: str | None,
    encoding: str | None,
    sheet: str | None,
    unmatched: Path | None,
) -> None:
    """Take in the carrier's RESULTS: one outcome for every letter of BATCH.

    Writes events.parquet and outcomes.parquet. The same file twice, overlapping files and files in
    any order give the same outcomes. Without RESULTS, what is there is read and settled again.
    """
    from addrfix.flow.track import TrackOptions, track

    options = TrackOptions(_pairs(columns), carrier, encoding, sheet, unmatched)
    _tell(track(batch, results, options), unmatched)


def _pairs(columns: tuple[str, ...]) -> Mapping[str, str]:
    pairs: dict[str, str] = {}
    for column in columns:
        role, equals, header = column.partition("=")
        if not (role and equals and header):
            raise BadUsage(f"--column {column}: write it as ROLE=HEADER")
        pairs[role] = header
    return pairs


def _tell(done: Tracked, unmatched: Path | None) -> None:
    for note in done.notes:
        click.echo(note, err=True)
    click.echo(f"{done.lines} lines read, {done.new} new, {done.total} in all", err=True)
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(done.outcomes.items()))
    click.echo(f"{sum(done.outcomes.values())} letters: {counts}", err=True)
    if done.without_time:
        click.echo(f"{done.without_time} events have no readable time and settle nothing", err=True)
    if done.unmatched:
        lines = sum(done.unmatched.values())
        click.echo(
            f"{lines} lines belong to {len(done.unmatched)} numbers that are not in this batch: "
            + _listed(sorted(done.unmatched))
            + ("" if unmatched else " (all of them: --unmatched FILE)"),
            err=True,
        )
    if done.unknown:
        click.echo("not known, kept as written, and settling nothing:", err=True)
    for (carrier, column, value), count in sorted(done.unknown.items())[:_SHOWN]:
        click.echo(f"  {carrier} {column} {_without_names(column, value)}: {count}", err=True)
    if len(done.unknown) > _SHOWN:
        click.echo(
            f"  and {len(done.unknown) - _SHOWN} more: column unknown of events.parquet", err=True
        )


def _listed(numbers: list[str]) -> str:
    more = len(numbers) - _SHOWN
    return ", ".join(numbers[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _without_names(column: str, value: str) -> str:
    """What a message may show: a trace can hold names, places and phone numbers."""
    if column not in ("text", "result", "operation", "sign", "reason"):
        return value
    bare = re.sub(r"[【\[（(].*?[】\]）)]", "【…】", value)
    bare = re.sub(r"([:：]).*", r"\1…", bare)
    bare = re.sub(r"\d{4,}", "…", bare)
    return bare[:24] + ("…" if len(bare) > 24 else "")
