"""Runs of the example tests on changed copies of a tree, several at once."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from types import TracebackType

from mutation.changes import Change

COPIED = ("addrfix", "gazetteer", "templates", "tests", "scripts", "docs")
EXAMPLES = re.compile(
    r"addrfix\.(reading|resolve|compare)\b|reading: Engine|flow\.compare|own_places"
)
"""What a test file has that tries the reading, the resolving or the comparing."""
SLOW = ("test_compiled.py", "test_division_index.py", "test_package.py", "test_layers.py")
LEFT_OUT = "not pool and not batches_are_cut and not blacklist_words"
FIRST = ("test_reading", "test_spans", "test_compare", "test_words")
_LONGEST = 900.0
"""Seconds for the tests as they are."""


class TestsFail(SystemExit):
    """The tests fail without any change."""


class Runs:
    """Copies of a tree, one a job, and what the tests say of changes to them."""

    def __init__(self, tree: Path, jobs: int) -> None:
        self._tree = tree
        self._jobs = jobs
        self._free: Queue[Path] = Queue()

    def __enter__(self) -> Runs:
        self._folder = Path(tempfile.mkdtemp(prefix="mutants-"))
        for number in range(self._jobs):
            copy = self._folder / f"tree{number}"
            ignored = shutil.ignore_patterns("__pycache__", "_compiled", "*.so", "images")
            for name in COPIED:
                if (self._tree / name).is_dir():
                    shutil.copytree(self._tree / name, copy / name, ignore=ignored)
            for path in self._tree.glob("*.*"):
                if path.is_file():
                    shutil.copy(path, copy / path.name)
            self._free.put(copy)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def plain(self) -> float:
        """Seconds that the tests take as they are; builds the gazetteer where it is missing.

        Raises:
            TestsFail: one of them fails.
        """
        copy = self._free.get()
        self._tested(copy, _LONGEST)
        started = time.monotonic()
        fate, said = self._tested(copy, _LONGEST)
        self._free.put(copy)
        if fate != "alive":
            raise TestsFail(f"the tests fail without a change:\n{said[-3000:]}")
        return time.monotonic() - started

    def fates(self, changes: Sequence[Change], limit: float) -> Iterator[tuple[Change, str]]:
        """Each change with caught, alive, or hangs where the time ran out; in their order."""
        with ThreadPoolExecutor(self._jobs) as pool:
            yield from zip(changes, pool.map(lambda c: self._fate(c, limit), changes), strict=True)

    def _fate(self, change: Change, limit: float) -> str:
        copy = self._free.get()
        path = copy / change.file
        before = path.read_bytes()
        try:
            path.write_bytes(change.made(before))
            return self._tested(copy, limit, change.path)[0]
        finally:
            path.write_bytes(before)
            self._free.put(copy)

    def _tested(self, copy: Path, limit: float, changed: str = "") -> tuple[str, str]:
        """What the example tests of a copy say: alive where all pass, and their output."""
        found = sorted(
            (copy / "tests").glob("test_*.py"), key=lambda p: (_rank(p, changed), p.name)
        )
        names = [
            f"tests/{path.name}"
            for path in found
            if path.name not in SLOW and EXAMPLES.search(path.read_text(encoding="utf-8"))
        ]
        around = {
            **os.environ,
            "ADDRFIX_INTERPRETED": "1",
            "ADDRFIX_CACHE": str(self._folder / "cache"),
            "PYTHONPATH": str(copy),
            # A change within the same second would leave the old byte code in force.
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        command = [sys.executable, "-m", "pytest", *names, "-x", "-q", "--no-header",
                   "-p", "no:cacheprovider", "-m", "not hypothesis", "-k", LEFT_OUT]  # fmt: skip
        try:
            done = subprocess.run(
                command, cwd=copy, env=around, capture_output=True, text=True, timeout=limit,
                encoding="utf-8", errors="replace", check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return "hangs", ""
        return ("alive" if done.returncode == 0 else "caught"), done.stdout + done.stderr


def _rank(path: Path, changed: str) -> int:
    """The tests that most likely notice a change come first."""
    if "compare" in changed and "compare" in path.stem:
        return -1
    return FIRST.index(path.stem) if path.stem in FIRST else len(FIRST)
