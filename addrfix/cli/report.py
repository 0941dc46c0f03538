"""`addrfix report`: sign-for rates over any number of batches."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click


@click.command(
    epilog="Example: addrfix report out/2026-* -o report.html",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.argument(
    "batches",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="One self-contained .html page, or .xlsx; without it, tables in the terminal.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of the report; today by default.",
)
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", help="Of the terminal.")
def command(
    batches: tuple[Path, ...], output: Path | None, as_of: datetime | None, lang: str
) -> None:
    """Show which letters of BATCHES were signed for, where, and why others came back.

    Reads each batch's manifest, outcomes (`addrfix track`) and, where it is still there, its
    private folder. Holds counts only: the report names nobody.
    """
    from addrfix.flow.report import check_report_output, report_figures, write_report
    from addrfix.outcomes.terminal import terminal_report

    if output is not None:
        check_report_output(output)
    found = report_figures(batches, as_of=as_of.date() if as_of else date.today())
    if output is None:
        click.echo(terminal_report(found, chinese=lang == "zh"), nl=False)
        return
    write_report(found, output)
    click.echo(f"{found.total.mailed} letters of {len(batches)} batches: {output}", err=True)
