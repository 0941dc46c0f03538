"""`addrfix report`: sign-for rates over any number of batches."""

from __future__ import annotations

from pathlib import Path

import click

from addrfix.cli.as_of import as_of_day
from addrfix.cli.options import as_of_option, note
from addrfix.text.counting import counted


@click.command(epilog="Example: addrfix report out/2026-07-01 out/2026-07-08 -o report.html")
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
    "--where", metavar="CONDITION",
    help="Only some letters, e.g. \"province = '四川省' and p_signed >= 0.3\", "
    "with = != < <= > >= in like and or not ( ).",
)  # fmt: skip
@click.option(
    "--rates", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="What letters cost, for the cost of a signed one: a table or TOML with carrier, product, "
    "per_letter, per_sheet, from, to.",
)  # fmt: skip
@as_of_option
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", help="Of the terminal.")
def command(
    batches: tuple[Path, ...], output: Path | None, where: str | None, rates: Path | None,
    as_of: str | None, lang: str,
) -> None:  # fmt: skip
    """Show which letters of BATCHES were signed for, where, and why others came back.

    Reads each batch's manifest, outcomes (`addrfix track`) and, where it is still there, its
    private folder. The report names nobody.
    """
    from addrfix.flow.report import check_report_output, report_figures, write_report
    from addrfix.outcomes.terminal import terminal_report

    if output is not None:
        check_report_output(output)
    found = report_figures(batches, as_of=as_of_day(as_of), where=where, rates=rates)
    if output is None:
        click.echo(terminal_report(found, chinese=lang == "zh"), nl=False)
        return
    write_report(found, output)
    note(
        f"{counted(found.total.mailed, 'letter')} of "
        f"{counted(len(batches), 'batch', 'batches')}: {output}"
    )
