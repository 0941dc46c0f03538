"""`addrfix handover`: a batch to the files that print house and post take."""

from __future__ import annotations

from pathlib import Path

import click

from addrfix.cli.as_of import as_of_day
from addrfix.cli.options import as_of_option, note
from addrfix.text.counting import counted


@click.command(epilog="Example: addrfix handover out/2026-07-01 -o out/2026-07-01-handover")
@click.argument("batch", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "-o", "--output", "out", required=True, metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False), help="The folder to make.",
)  # fmt: skip
@click.option(
    "--labels", metavar="NAME", help="A sheet of templates/labels.toml.  [default: the first]"
)
@as_of_option
def command(batch: Path, out: Path, labels: str | None, as_of: str | None) -> None:
    """Write what print house and counter get of BATCH, and record the hand-over.

    Print files, the list of letters (CSV in GB18030 and UTF-8, XLSX), address labels, SHA256SUMS
    and a sheet to sign. Only after `addrfix approve`; nothing can be cancelled afterwards.
    """
    from addrfix.flow.handover import hand_over

    done = hand_over(batch, out, as_of_day(as_of), labels)
    for sentence in done.notes:
        note(sentence)
    left_out = f", {done.cancelled:,} cancelled left out" if done.cancelled else ""
    note(
        f"{counted(done.letters, 'letter')}, {counted(done.sheets, 'sheet')}, "
        f"{counted(done.print_files, 'print file')} in {out}{left_out}"
    )
    already = "" if done.is_new else "already "
    note(f"{already}handed over on {done.handed_over_on}: no letter can be cancelled any more")
