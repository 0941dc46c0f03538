"""A batch folder while it is made, and what lets a command that was killed go on where it stopped.

Beside the folder that is to appear, say `out/may`, lies `out/.may.<batch code>.part/`: in `batch/`
what will become `out/may` with one rename, in `shares/` a record of every print file that is done.
The code stands for everything that is printed, so other input never meets half-made letters.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from addrfix.dispatch.folder import LETTERS, PRINT, PRIVATE
from addrfix.model.errors import BadUsage, LetterProblem


@dataclass(frozen=True, slots=True)
class Making:
    """Where a batch is being made; small and picklable."""

    root: Path

    @property
    def batch(self) -> Path:
        """What becomes the batch folder."""
        return self.root / "batch"

    @property
    def shares(self) -> Path:
        """Records of what is done; gone when the batch folder appears."""
        return self.root / "shares"

    def share(self, number: int) -> Path:
        """The record of a print file, counted from 1."""
        return self.shares / f"{number:04d}.json"

    def put(self, path: Path, content: bytes) -> None:
        """Write a file below `root` whole or not at all; what is cut off lies in `shares`."""
        beside = self.shares / f"{os.getpid()}.cut"
        beside.write_bytes(content)
        beside.replace(path)

    def keep_only(self, names: Iterable[str]) -> None:
        """Remove the letters and print files of an earlier try that this batch does not have."""
        wanted = set(names)
        for place in (LETTERS, PRINT):
            for entry in os.scandir(self.batch / place):
                if f"{place}/{entry.name}" not in wanted:
                    Path(entry.path).unlink()


def check_free(out: Path) -> None:
    """Stop where a batch would be written over something.

    Raises:
        BadUsage: `out` exists and is not an empty folder.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadUsage(f"{out} exists and is not empty; a batch is never written over another")


@contextmanager
def making(out: Path, code: str) -> Iterator[Making]:
    """A place to make the batch folder `out`, which appears when the block ends well.

    After an error what was made is kept where a share of it is done, for the next try to go on;
    else nothing stays behind.

    Args:
        out: the batch folder.
        code: the eight characters that stand for everything the batch prints.

    Raises:
        BadUsage: `out` is not free, cannot be made, or is being made by another command.
        LetterProblem: a file cannot be written any more, as when the disk is full.
    """
    guard = out.parent / f".{out.name}.lock"
    lock = FileLock(guard, timeout=0)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise BadUsage(f"another command is making {out}; wait until it ends") from error
    except OSError as error:
        raise BadUsage(f"{out} cannot be written: {error.strerror}") from error
    try:
        yield from _made(out, Making(out.parent / f".{out.name}.{code}.part"))
    finally:
        lock.release()
        with suppress(OSError):
            guard.unlink()


def _made(out: Path, place: Making) -> Iterator[Making]:
    try:
        _sweep(out, place)
        check_free(out)
        _prepare(place)
    except OSError as error:
        raise BadUsage(f"{out} cannot be written: {error.strerror}") from error
    try:
        yield place
        if os.name == "posix":
            place.batch.chmod(0o755)
            (place.batch / PRIVATE).chmod(0o700)
        if out.is_dir():
            out.rmdir()
        place.batch.replace(out)
        shutil.rmtree(place.root, ignore_errors=True)
    except BrokenPipeError:
        # Who listened to us went away; that is no fault of the folder.
        raise
    except OSError as error:
        raise LetterProblem(
            f"{out} cannot be finished: {error.strerror or error}; when that is mended, run the "
            "same command again: it goes on where it stopped"
        ) from error
    finally:
        if not any(place.shares.glob("*.json")):
            shutil.rmtree(place.root, ignore_errors=True)


def _sweep(out: Path, place: Making) -> None:
    """Remove what tries with other input left, and what a try left that was killed at its end."""
    ours = re.compile(re.escape(f".{out.name}.") + r"[0-9A-Z]{8}\.part")
    for path in out.parent.iterdir():
        if ours.fullmatch(path.name) and (path != place.root or not place.batch.is_dir()):
            shutil.rmtree(path, ignore_errors=True)


def _prepare(place: Making) -> None:
    """Make the folders that are not there; drop the lists and cut-off files of an earlier try."""
    for path in (place.root, place.batch):
        path.mkdir(mode=0o700, exist_ok=True)
    for path in (place.batch / LETTERS, place.batch / PRINT, place.shares):
        path.mkdir(exist_ok=True)
    (place.batch / PRIVATE).mkdir(mode=0o700, exist_ok=True)
    cut = place.shares.glob("*.cut")
    for path in (*place.batch.iterdir(), *(place.batch / PRIVATE).iterdir(), *cut):
        if path.is_file():
            path.unlink()
