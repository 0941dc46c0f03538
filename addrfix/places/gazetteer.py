"""Opens the gazetteer, building its file on first use."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import duckdb

from addrfix import database
from addrfix.folders import cache_folder
from addrfix.places.version import file_name, is_older

_BAR = 30


class Gazetteer:
    """A built gazetteer; small, picklable, and opened anew in every process."""

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is opened yet."""
        self.path = path

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A read-only connection, for the caller to close.

        Raises:
            GazetteerProblem: the file is missing or damaged.
        """
        return database.open_file(self.path)

    @property
    def version(self) -> str:
        """Schema version and hash of the tables it was built from, as in the file's name."""
        return self.path.stem.removeprefix("gazetteer-")


def open_gazetteer(path: Path | None = None, progress: bool = True) -> Gazetteer:
    """The gazetteer, built first where it is not there yet.

    Args:
        path: a file built before, instead of the one in the user's cache.
        progress: whether a first build shows itself on stderr.

    Raises:
        GazetteerProblem: the file cannot be built, or `path` does not exist.
    """
    if path is not None:
        database.open_file(path).close()
        return Gazetteer(path)
    target = cache_folder() / file_name()
    if not target.exists():
        # Only a build needs pyarrow, and one address must be answered at once.
        from addrfix.places import building

        building.build(target, show_progress if progress else _silent)
        remove_stale(target)
    return Gazetteer(target)


def remove_stale(keep: Path) -> None:
    """Delete files built from older tables; one that is in use elsewhere stays."""
    for old in keep.parent.glob("gazetteer-*"):
        made = old.suffix in (".duckdb", ".lock") or ".index-" in old.name
        if made and is_older(old, keep):
            # Windows refuses to delete what another process has open: it goes the next time.
            with suppress(OSError):
                old.unlink()


def show_progress(step: str, done: float) -> None:
    """Draw a bar on stderr; where that is no terminal, one line at the start and one at the end."""
    if sys.stderr.isatty():
        filled = "#" * round(done * _BAR)
        end = "\n" if done >= 1 else ""
        sys.stderr.write(f"\rbuilding the gazetteer [{filled:<{_BAR}}] {step:<16}{end}")
    elif done in (0.0, 1.0):
        sys.stderr.write(
            f"building the gazetteer: {'done' if done else 'first use, a few seconds'}\n"
        )
    sys.stderr.flush()


def _silent(step: str, done: float) -> None:
    """Show nothing."""
