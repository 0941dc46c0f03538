"""`addrfix approve`: a second person looks at a sample before a batch goes out."""

from __future__ import annotations

from pathlib import Path

import click

from addrfix.cli.as_of import as_of_day
from addrfix.cli.options import as_of_option, note
from addrfix.text.counting import counted


@click.command(epilog="Example: addrfix approve out/2026-07-01 --by 'Lin Yun'")
@click.argument("batch", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--by", metavar="WHO", help="Who looked at the sample; not who made the batch.")
@as_of_option
def command(batch: Path, by: str | None, as_of: str | None) -> None:
    """Draw the sample of BATCH, 1 % of its letters and at least 30, and record who approved it.

    Without --by the sample is only written, to sample/: look at sample.pdf, then run it again with
    --by. The same batch always gives the same sample.
    """
    from addrfix.flow.batch_approval import approve

    done = approve(batch, by, as_of_day(as_of))
    note(
        f"sample: {done.sample:,} of {counted(done.letters, 'letter')} in "
        f"{done.folder / 'sample.pdf'} and sample.csv"
    )
    if done.approved_by is None:
        note("not approved: look at the sample, then run `addrfix approve` with --by WHO")
    else:
        already = "" if done.is_new else "already "
        note(f"{already}approved by {done.approved_by} on {done.approved_on}")
