"""`addrfix run`: clean, pick and letters in one go."""

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

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(
    "run",
    epilog="Example: addrfix run debtors.xlsx --template lawyer_letter --sender sender.toml "
    "-o out/2026-07-01",
)
@click.argument("source", metavar="IN")
@click.option(
    "--template", required=True, metavar="NAME",
    help="A shipped template (lawyer_letter), or the path of your own template's folder.",
)  # fmt: skip
@click.option("--sender", required=True, type=_FILE, help="The sender file (TOML).")
@click.option(
    "-o", "--output", "out", required=True, metavar="BATCH",
    type=click.Path(path_type=Path, file_okay=False), help="The batch folder to make.",
)  # fmt: skip
@click.option("--scorer", type=_FILE, help="Weights that `addrfix learn` wrote.")
@click.option(
    "--history", multiple=True, metavar="HISTORY|BATCH",
    type=click.Path(path_type=Path, exists=True), help="Letters of the past; may be repeated.",
)  # fmt: skip
@click.option(
    "--threshold", type=float, default=0.05, show_default=True, metavar="P",
    help="Hold cases less likely than this to be signed for.",
)  # fmt: skip
@click.option("--budget", type=int, metavar="N", help="Send the N likeliest cases, hold the rest.")
@click.option(
    "--allow-source", "allowed", multiple=True, type=click.Choice(["contact"]),
    help="Let addresses of contact persons be chosen.",
)  # fmt: skip
@click.option("--numbers", type=_FILE, help="Tracking numbers, one a line, in the letters' order.")
@click.option("--secret", type=_FILE, help="What keys the case ids of the manifest.")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True,
    help="Processes that draw; the result is the same.",
)  # fmt: skip
@click.option("--quiet", is_flag=True, help="No progress bar.")
@as_of_option
@column_option
@encoding_option
@sheet_option
def command(
    source: str, template: str, sender: Path, out: Path, scorer: Path | None,
    history: tuple[Path, ...], threshold: float, budget: int | None, allowed: tuple[str, ...],
    numbers: Path | None, secret: Path | None, workers: int, quiet: bool, as_of: str | None,
    column: tuple[str, ...], encoding: str | None, sheet: str | None,
) -> None:  # fmt: skip
    """Turn a debtor file into a batch folder of letters: clean, pick and letters in one go."""
    from addrfix.flow.candidates import TableOptions
    from addrfix.flow.run import run_job

    day = as_of_day(as_of)
    options = TableOptions(overrides(column), encoding, sheet, progress=not quiet)
    done = run_job(
        source, options, template=template, sender=sender, out=out, as_of=day, scorer=scorer,
        history=history, threshold=threshold, budget=budget, allowed=allowed, numbers=numbers,
        secret=secret, workers=workers,
    )  # fmt: skip
    for sentence in (*done.rows.notes, *done.rows.unread):
        note(sentence)
    verdicts = done.rows.frame["verdict"].value_counts(sort=True).rows()
    summary = ", ".join(f"{count:,} {verdict}" for verdict, count in verdicts)
    note(f"{done.rows.frame.height:,} addresses read: {summary}")
    cases = done.picked.picks.height
    note(f"{cases:,} cases weighed by {done.picked.scorer} weights")
    for sentence in done.batch.lines():
        note(sentence)
