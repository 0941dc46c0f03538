"""A progress bar for people at a terminal: letters done, how fast, how long still."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def letters_bar(count: int, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """A bar on stderr; what it gives is called with each number of letters that are done.

    Args:
        count: letters in all.
        shown: whether a bar is wanted; there is none where stderr is not a terminal.
    """
    import click

    began, done = time.monotonic(), 0
    with click.progressbar(
        length=count,
        label="letters",
        file=sys.stderr,
        hidden=not (shown and sys.stderr.isatty()),
        show_pos=True,
        item_show_func=_rate,
    ) as bar:

        def advance(letters: int) -> None:
            nonlocal done
            done += letters
            bar.update(letters, round(done / max(time.monotonic() - began, 0.001)))

        yield advance


def _rate(letters: int | None) -> str | None:
    return None if letters is None else f"{letters:,}/s"
