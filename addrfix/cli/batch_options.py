"""Options of the commands that choose addresses and make batches, each written down once.

`pick` and `letters` are the two halves of `run`: an option that two of them have means the same,
with the same default.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from addrfix.knowledge import template_names

_Command = TypeVar("_Command", bound=Callable[..., Any])
_FILE = click.Path(path_type=Path, dir_okay=False)


def choosing_options(command: _Command) -> _Command:
    """How an address is chosen: scorer, history, threshold … down to the hold-out's seed."""
    for option in reversed(_CHOOSING):
        command = option(command)
    return command


def drawing_options(command: _Command) -> _Command:
    """What letters are drawn from and where to: template, sender, out."""
    for option in reversed(_DRAWING):
        command = option(command)
    return command


def printing_options(command: _Command) -> _Command:
    """How a batch is drawn: numbers, where from, by whom, secret, workers, codes, quiet."""
    for option in reversed(_PRINTING):
        command = option(command)
    return command


store_option = click.option(
    "--store", type=_FILE, metavar="FILE",
    help="The store of numbers.  [default: numbers.journal in your data folder, ADDRFIX_DATA]",
)  # fmt: skip


class LettersChecked(click.ParamType[int | None]):
    """A number of letters, or `all` (None)."""

    name = "all|N"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | None:
        """The number; None for all."""
        if value in ("all", None):
            return None
        if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()):
            return int(value)
        self.fail(f"{value} is neither a number of letters nor the word all", param, ctx)


check_barcodes_option = click.option(
    "--check-barcodes", type=LettersChecked(), default=20, show_default=True, metavar="all|N",
    help="Letters whose barcode and QR code a reader must find in the picture of the page.",
)  # fmt: skip
quiet_option = click.option("--quiet", is_flag=True, help="No progress bar.")

scorer_option = click.option(
    "--scorer", type=_FILE, metavar="FILE",
    help="Weights that `addrfix learn` wrote.  [default: shipped weights, which are assumptions]",
)  # fmt: skip
history_option = click.option(
    "--history", multiple=True, metavar="HISTORY|BATCH",
    type=click.Path(path_type=Path, exists=True), help="Letters of the past; may be repeated.",
)  # fmt: skip
threshold_option = click.option(
    "--threshold", type=float, default=0.05, show_default=True, metavar="P",
    help="Hold cases less likely than this to be signed for.",
)  # fmt: skip
allow_source_option = click.option(
    "--allow-source", "allowed", multiple=True, type=click.Choice(["contact"]),
    help="Let addresses of contact persons be chosen.",
)  # fmt: skip
min_days_option = click.option(
    "--min-days", type=int, default=30, show_default=True, metavar="N",
    help="Hold a debtor who was written to less than N days ago.",
)  # fmt: skip
_CHOOSING = (
    scorer_option,
    history_option,
    threshold_option,
    click.option(
        "--budget", type=int, metavar="N", help="Send the N likeliest cases, hold the rest."
    ),
    allow_source_option,
    min_days_option,
    click.option(
        "--holdout", type=float, default=0.0, show_default=True, metavar="SHARE",
        help="Send this share of cases to the first usable address as listed, to measure the gain.",
    ),
    click.option(
        "--seed", type=int, default=0, show_default=True, help="For drawing the hold-out."
    ),
)  # fmt: skip

_DRAWING = (
    click.option(
        "--template", required=True, metavar="NAME",
        help=f"A shipped template ({', '.join(template_names())}), or the path of your own "
        "template's folder.",
    ),
    click.option(
        "--documents", type=_FILE, metavar="TABLE",
        help="Documents of courts that go out behind the letters, case by case: case_id, file, "
        "title, court, court_case_no. For court_forwarding and templates like it.",
    ),
    click.option("--sender", required=True, type=_FILE, help="The sender file (TOML)."),
    click.option(
        "-o", "--output", "out", required=True, metavar="BATCH",
        type=click.Path(path_type=Path, file_okay=False), help="The batch folder to make.",
    ),
)  # fmt: skip

_PRINTING = (
    click.option(
        "--numbers", type=_FILE, help="Tracking numbers, one a line, in the letters' order."
    ),
    click.option(
        "--numbers-from", metavar="PRODUCT",
        help="Take tracking numbers of PRODUCT from the store (`addrfix numbers`).",
    ),
    store_option,
    click.option(
        "--made-by", metavar="WHO",
        help="Who makes the batch; `addrfix approve` then wants somebody else.",
    ),
    click.option(
        "--secret", type=_FILE,
        help="What keys the case ids of the manifest; your own, made on first use, by default.",
    ),
    click.option(
        "--workers", type=click.IntRange(1, 64),
        help="Processes that draw; the result is the same.  [default: one a core, up to four]",
    ),
    check_barcodes_option,
    quiet_option,
)  # fmt: skip
