"""`addrfix qc`: the quality report of a batch, one page to file."""

from __future__ import annotations

from pathlib import Path

import click

from addrfix.cli.options import note
from addrfix.model.errors import BadUsage
from addrfix.text.counting import counted


@click.command("qc", epilog="Example: addrfix qc out/2026-07-01 -o qc.html")
@click.argument("batch", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT.html",
    help="One page of HTML to print or file; without it, the same in the terminal.",
)  # fmt: skip
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True,
    help="Language of the report.",
)  # fmt: skip
@click.option(
    "--examples", type=click.IntRange(0, 50), default=3, show_default=True, metavar="N",
    help="Findings shown of each rule, with page and words.",
)  # fmt: skip
def command(batch: Path, output: Path | None, lang: str, examples: int) -> None:
    """Tell what was checked on every letter of BATCH, what was found, held and used.

    The report is made from the batch folder alone and names letters by their ids, nobody by name. A
    batch whose tables were changed since it was made is refused.
    """
    from addrfix.flow.qc import qc_report, qc_text, write_qc

    if output is not None and output.suffix.lower() not in (".html", ".htm"):
        raise BadUsage(f"{output}: the report is a page of HTML; name it .html")
    report = qc_report(batch, examples=examples)
    if output is None:
        click.echo(qc_text(report, lang), nl=False)
        return
    write_qc(report, output, lang)
    note(f"{counted(report.letters, 'letter')}, {report.share} checked: {output}")
