"""`addrfix verify`: a batch folder against its manifest."""

from __future__ import annotations

from pathlib import Path

import click

from addrfix.cli.batch_options import check_barcodes_option, quiet_option
from addrfix.cli.options import note
from addrfix.text.counting import counted


@click.command(epilog="Example: addrfix verify out/2026-07-01")
@click.argument("batch", type=click.Path(path_type=Path, exists=True, file_okay=False))
@check_barcodes_option
@quiet_option
def command(batch: Path, check_barcodes: int | None, quiet: bool) -> None:
    """Recompute every hash, page range, check digit, barcode and text of BATCH.

    The bars of every letter are measured; --check-barcodes letters are rendered besides, and a
    barcode reader has to find both codes in the picture, as a post office's does.

    Prints one line for each difference and exits with 1; prints nothing and exits with 0 where
    there is none. A copy without private/ can be verified too, except for case ids and amounts.
    """
    from addrfix.flow.verify import verify_batch

    done = verify_batch(batch, progress=not quiet, check_barcodes=check_barcodes)
    for sentence in done.notes:
        note(sentence)
    for line in done.differences:
        click.echo(line)
    if done.differences:
        note(f"batch {done.batch_id}: {counted(len(done.differences), 'difference')}")
        raise SystemExit(1)
    note(f"batch {done.batch_id}: {counted(done.letters, 'letter')} verified, no difference")
