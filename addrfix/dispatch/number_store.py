"""The store of tracking numbers that a user was given: ranges, and who has which number.

One append-only journal. A line is the CRC-32 of its JSON in eight hexadecimal digits, a blank, the
JSON, a line end; it counts once it is written and synced to the disk. All reading and appending
happens under a file lock, so two processes never see the same free number. A process that is killed
in the middle of a line leaves a line without an end, which nobody was told of: the next one cuts it
off. A number only ever goes from free to given or void, so none comes twice:

    add    a range of numbers for a product
    take   numbers for letters of a batch; the same batch and letter gets the same number again
    close  the batch is made; numbers of letters that it does not print become void
    void   numbers that must not be used (any more)

Numbers are serials within a pattern (`XA###########`); how they are written is not known here.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from addrfix.dispatch.number_ledger import Ledger, RangeState, Serial
from addrfix.model.errors import BadInput

_LOCK_SECONDS, _LOCK_STEP = 60.0, 0.01
Record = dict[str, Any]


class NumberStore:
    """A journal file; made with its folder when the first range is added."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, product: str, pattern: str, first: int, last: int, on: date) -> None:
        """Add a range.

        Raises:
            BadInput: it overlaps one that is there, or the store cannot be used.
        """

        def record(ledger: Ledger) -> Record:
            ledger.check_new(pattern, first, last)
            return {
                "op": "add", "product": product, "pattern": pattern, "first": first, "last": last,
                "on": on.isoformat(),
            }  # fmt: skip

        self._appended(record, make=True)

    def take(self, product: str, batch: str, letters: Sequence[str], on: date) -> list[Serial]:
        """A number for each letter of a batch, in their order, all or none.

        What the batch took before, it gets again; only the rest comes from the ranges, in the order
        in which they were added.

        Raises:
            BadInput: not enough are free; says how many are missing.
        """

        def record(ledger: Ledger) -> Record | None:
            has = ledger.numbers_of(batch)
            fresh = [letter for letter in letters if letter not in has]
            if not fresh:
                return None
            spans = ledger.free_spans(product, len(fresh))
            return {
                "op": "take", "product": product, "batch": batch, "letters": " ".join(fresh),
                "spans": spans, "on": on.isoformat(),
            }  # fmt: skip

        has = self._appended(record).numbers_of(batch)
        return [has[letter] for letter in letters]

    def close(self, batch: str, unused: Sequence[str], on: date) -> None:
        """The batch folder is there; the numbers of letters that are not in it become void."""

        def record(ledger: Ledger) -> Record | None:
            if batch in ledger.closed and not set(unused) & set(ledger.numbers_of(batch)):
                return None
            return {
                "op": "close", "batch": batch, "unused": " ".join(unused), "on": on.isoformat(),
            }  # fmt: skip

        self._appended(record)

    def void(self, pattern: str, first: int, last: int, on: date, reason: str = "") -> int:
        """Numbers that must not be used (any more); gives how many were not void before.

        Raises:
            BadInput: one of them is in no range of the store.
        """
        fresh = 0

        def record(ledger: Ledger) -> Record | None:
            nonlocal fresh
            ledger.check_held(pattern, first, last)
            fresh = ledger.not_void(pattern, first, last)
            return _void(pattern, first, last, on, reason) if fresh else None

        self._appended(record)
        return fresh

    def void_batch(self, batch: str, on: date, reason: str = "") -> int:
        """Make every number of a batch void; gives how many.

        Raises:
            BadInput: the batch has none from this store.
        """
        fresh = 0

        def record(ledger: Ledger) -> Record:
            nonlocal fresh
            fresh = len(ledger.numbers_of(batch))
            if not fresh:
                raise BadInput(f"{self.path}: batch {batch} has no numbers from this store")
            return {"op": "void_batch", "batch": batch, "reason": reason, "on": on.isoformat()}

        self._appended(record)
        return fresh

    def ranges(self) -> list[RangeState]:
        """The ranges in the order of their coming, with what is given, void and free."""
        return self._read().range_states()

    def open_batches(self) -> dict[str, int]:
        """Batches that took numbers and were not finished, and how many they have."""
        return self._read().open_batches()

    def ledger(self) -> Ledger:
        """All that the store knows, for further questions."""
        return self._read()

    def _read(self) -> Ledger:
        if not self.path.is_file():
            return Ledger()
        with self._alone():
            return self._replayed()[0]

    def _appended(self, record: Callable[[Ledger], Record | None], *, make: bool = False) -> Ledger:
        """Replay, ask for a record, append it; gives the ledger with it."""
        if make:
            self._made()
        if not self.path.is_file():
            raise BadInput(
                f"{self.path}: no numbers yet; "
                "add a range with `addrfix numbers add PRODUCT FIRST LAST`"
            )
        with self._alone():
            ledger, end = self._replayed()
            made = record(ledger)
            if made is not None:
                self._append(made, end)
                ledger.play(made)
        return ledger

    def _made(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch(mode=0o600)
        except OSError as error:
            raise BadInput(
                f"{self.path} cannot be written ({error.strerror}); "
                "name another place with --store FILE or ADDRFIX_DATA"
            ) from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        lock = FileLock(self.path.with_name(f"{self.path.name}.lock"))
        try:
            lock.acquire(timeout=_LOCK_SECONDS, poll_interval=_LOCK_STEP)
        except Timeout as error:
            raise BadInput(
                f"{self.path}: another addrfix has held it for {_LOCK_SECONDS:.0f} s; "
                "wait for it to end"
            ) from error
        except OSError as error:
            raise BadInput(f"{self.path} cannot be locked ({error.strerror})") from error
        try:
            yield
        finally:
            lock.release()

    def _replayed(self) -> tuple[Ledger, int]:
        """What the whole lines say, and where the last of them ends."""
        content = self.path.read_bytes()
        end = content.rfind(b"\n") + 1
        ledger = Ledger()
        for number, line in enumerate(content[:end].splitlines(), start=1):
            sum_, _, body = line.partition(b" ")
            if sum_ != _checksum(body):
                raise BadInput(
                    f"{self.path}: line {number} is damaged; take the file from a copy, since "
                    "without that line numbers could be given twice"
                )
            ledger.play(json.loads(body))
        return ledger, end

    def _append(self, record: Record, end: int) -> None:
        body = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        try:
            with self.path.open("r+b") as journal:
                journal.truncate(end)
                journal.seek(end)
                journal.write(_checksum(body) + b" " + body + b"\n")
                journal.flush()
                os.fsync(journal.fileno())
            _sync_folder(self.path.parent)
        except OSError as error:
            raise BadInput(f"{self.path} cannot be written ({error.strerror})") from error


def _void(pattern: str, first: int, last: int, on: date, reason: str) -> Record:
    return {
        "op": "void", "pattern": pattern, "first": first, "last": last, "reason": reason,
        "on": on.isoformat(),
    }  # fmt: skip


def _checksum(body: bytes) -> bytes:
    return f"{zlib.crc32(body):08x}".encode("ascii")


def _sync_folder(folder: Path) -> None:
    """A new file's name is on the disk too; Windows has no such call and no need."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
