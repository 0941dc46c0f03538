"""`addrfix learn`: fit the scorer to your own outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from addrfix.flow.learn import LearnResult


@click.command("learn", epilog="Example: addrfix learn history.csv -o scorer.json")
@click.argument(
    "sources",
    metavar="HISTORY|BATCH...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True),
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="SCORER.json",
    help="Where the scorer goes.",
)
@as_of_option
@column_option
@encoding_option
@sheet_option
def command(
    sources: tuple[Path, ...], output: Path, as_of: str | None, column: tuple[str, ...],
    encoding: str | None, sheet: str | None,
) -> None:  # fmt: skip
    """Fit the scorer to letters of the past.

    A history is a table with address, source, posting date and result of each letter; a batch is
    a folder that `addrfix letters` made and `addrfix track` filled. Prints how well the
    probabilities held on the latest letters, which the weights had not seen.
    """
    from addrfix.flow.candidates import TableOptions
    from addrfix.flow.learn import learn_scorer
    from addrfix.flow.past_letters import read_letters
    from addrfix.model.errors import BadUsage

    if any(output.resolve() == source.resolve() for source in sources):
        raise BadUsage(f"-o {output} is one of the inputs; choose another name for the scorer")
    if not output.resolve().parent.is_dir():
        raise BadUsage(f"-o {output}: there is no folder {output.parent}")
    day = as_of_day(as_of)
    options = TableOptions(overrides(column), encoding, sheet)
    letters = read_letters(sources, options, for_learning=True)
    for sentence in (*letters.notes, *letters.unread):
        note(sentence)
    _tell(learn_scorer(letters.frame, output, as_of=day), output)


def _tell(done: LearnResult, output: Path) -> None:
    found = done.learned
    for reason, rows in done.left_out.items():
        if rows:
            note(f"{counted(rows, 'letter')} left out: {reason}")
    held, before = found.held_back, found.held_back_shipped
    click.echo(
        f"{counted(found.letters, 'letter')} posted {found.first} to {found.last}, "
        f"{found.signed / found.letters:.1%} signed for"
    )
    click.echo(f"held back: {counted(held.rows, 'letter')} posted from {found.held_from} on")
    click.echo("                 learned  shipped")
    for name, mine, theirs in (
        ("log loss", held.log_loss, before.log_loss),
        ("Brier score", held.brier, before.brier),
        ("calibration err.", held.ece, before.ece),
    ):
        click.echo(f"{name:<16} {mine:7.4f}  {theirs:7.4f}")
    click.echo("p_signed    letters  expected  signed for")
    for row in held.table:
        span = f"{row.low:.1f}-{row.high:.1f}"
        click.echo(f"{span:<11} {row.rows:7,}  {row.predicted:8.1%}  {row.observed:10.1%}")
    note(f"scorer written to {output}")
