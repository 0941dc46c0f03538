"""`addrfix explain`: show why an address of one case was chosen."""

from __future__ import annotations

from pathlib import Path

import click

from addrfix.cli.as_of import as_of_day
from addrfix.cli.batch_options import (
    allow_source_option,
    history_option,
    min_days_option,
    scorer_option,
    threshold_option,
)
from addrfix.cli.options import (
    as_of_option,
    blacklist_option,
    column_option,
    encoding_option,
    note,
    overrides,
    sheet_option,
)


@click.command("explain", epilog="Example: addrfix explain debtors.xlsx C0017 --scorer scorer.json")
@click.argument("source", metavar="CASES")
@click.argument("case_id", metavar="CASE_ID")
@scorer_option
@history_option
@blacklist_option
@threshold_option
@allow_source_option
@min_days_option
@as_of_option
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", help="Of the sentences.")
@column_option
@encoding_option
@sheet_option
def command(
    source: str, case_id: str, scorer: Path | None, history: tuple[Path, ...],
    blacklists: tuple[Path, ...], threshold: float, allowed: tuple[str, ...], min_days: int,
    as_of: str | None, lang: str, column: tuple[str, ...], encoding: str | None,
    sheet: str | None,
) -> None:  # fmt: skip
    """Show why an address of the case CASE_ID was chosen, or why the case is held.

    Draws for each address the parts of its score: base and factors add up to log-odds, which are
    the probability p = 1 / (1 + exp(-sum)). Give the options that you give to `pick`.
    """
    from addrfix.flow.candidates import TableOptions
    from addrfix.flow.explain import explain_case

    options = TableOptions(overrides(column), encoding, sheet, progress=False)
    done = explain_case(
        source, case_id, options, as_of=as_of_day(as_of), paint=_paint, chinese=lang == "zh",
        scorer=scorer, history=history, blacklists=blacklists, threshold=threshold,
        allowed=allowed, min_days=min_days,
    )  # fmt: skip
    for sentence in (*done.notes, f"by {done.scorer} weights"):
        note(sentence)
    click.echo("\n".join(done.lines))


def _paint(text: str, sign: float) -> str:
    """Green and red; click takes the colours out where stdout is no terminal."""
    return click.style(text, fg="green" if sign > 0 else "red")
