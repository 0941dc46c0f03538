"""addrfix turns a messy file of debtors into lawyer letters that arrive.

    import addrfix

    addrfix.parse("杭州西湖区云台路12号")              # -> ResolvedAddress
    addrfix.clean(frame)                              # -> the frame with the columns of `clean`
    addrfix.compare("杭州西湖区云台路12号", "…")        # -> Comparison
    addrfix.pick(frame, scorer="scorer.json")         # -> one row a case

The results are those of the commands of the same names. Nothing heavy is loaded before it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from addrfix import compiled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    import polars as pl

    from addrfix.compare.relating import Comparison
    from addrfix.model.nouns import ResolvedAddress

__version__ = "0.1.0"
compiled.install()
# The folder `compare` before the function of that name: an import sets the name in the package the
# first time only, so that the function hides the folder and stays.
import_module("addrfix.compare")
__all__ = ["__version__", "clean", "compare", "parse", "pick"]


def parse(text: str) -> ResolvedAddress:
    """Read one address."""
    from addrfix.flow.clean import engine

    _, [place] = engine().read([text])
    return place


def clean(
    frame: pl.DataFrame, *, context: bool = True, spans: bool = False, workers: int = 1
) -> pl.DataFrame:
    """Complete and correct the addresses of a frame.

    Args:
        frame: one address a row; columns are recognised by header, Chinese or English. Of several
            address columns the general one is read, else the first.
        context: whether the case may decide what a text leaves open.
        spans: whether to add the labelled pieces of each text as JSON.
        workers: processes that read. More than one needs the caller's script to be importable
            without side effects (`if __name__ == "__main__"`), as every process pool does.

    Returns:
        The frame with `model.table.CLEAN_COLUMNS` added; same height and order.

    Raises:
        BadInput: no address column.
    """
    from addrfix.flow.frames import clean_frame

    return clean_frame(frame, context=context, spans=spans, workers=workers)


def compare(a: str, b: str) -> Comparison:
    """Tell whether two addresses are the same place, and why."""
    from addrfix.flow.compare import compare_texts

    return compare_texts(a, b)


def pick(
    frame: pl.DataFrame,
    *,
    scorer: Path | str | None = None,
    as_of: date | None = None,
    history: Sequence[Path | str] = (),
    blacklist: Sequence[Path | str] = (),
) -> pl.DataFrame:
    """Choose for each case the address most likely to be signed for.

    Args:
        frame: raw or already cleaned rows, one address a row or several address columns.
        scorer: a file that `addrfix learn` wrote; None for the shipped weights.
        as_of: the day for which ages count; None for today.
        history: earlier letters, files or batch folders.
        blacklist: files of places that no letter may go to.

    Returns:
        One row per case, `model.table.PICK_COLUMNS` first.

    Raises:
        BadInput: no case or address column, or a file that is not what it should be.
    """
    from datetime import date as day

    from addrfix.flow.frames import pick_frame

    return pick_frame(
        frame, as_of=as_of or day.today(), scorer=scorer, history=history, blacklist=blacklist
    )
