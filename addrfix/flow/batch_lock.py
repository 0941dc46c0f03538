"""One run at a time changes what is recorded about a batch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from addrfix.model.errors import BatchProblem

_SECONDS = 60.0


@contextmanager
def alone(batch: Path) -> Iterator[None]:
    """Hold the batch; another run waits for up to a minute.

    Raises:
        BatchProblem: it has waited for so long, or a file cannot be read or written meanwhile.
    """
    private = batch / "private"
    lock = FileLock((private if private.is_dir() else batch) / ".batch.lock")
    try:
        lock.acquire(timeout=_SECONDS)
    except Timeout as error:
        raise BatchProblem(
            f"{batch}: another addrfix has been at work on it for {_SECONDS:.0f} s; "
            "wait for it to end"
        ) from error
    except OSError as error:
        raise BatchProblem(f"{batch} cannot be written to ({error.strerror})") from error
    try:
        yield
    except OSError as error:
        place = error.filename or batch
        raise BatchProblem(f"{place} cannot be used ({error.strerror or error})") from error
    finally:
        lock.release()
