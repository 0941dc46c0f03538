"""How fast `addrfix clean` is, as a whole process from file to file."""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import polars as pl


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `bench.py clean`."""
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=20)


def made_up(rows: int, seed: int, path: Path) -> int:
    """Write a debtor file of about that many addresses, none of them twice; the number of rows."""
    script = Path(__file__).parent.parent / "make_cases.py"
    command = [sys.executable, str(script), "--cases", str(rows // 5 + 1), "--seed", str(seed),
               "-o", str(path)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    frame = pl.read_csv(path, infer_schema=False).head(rows)
    frame.write_csv(path)
    return frame.height


class Memory(threading.Thread):
    """Peak memory of a process and its children, in bytes, twice a second.

    Pages that processes share count once (proportional set size). Read from /proc, so it is known
    on Linux only; elsewhere it stays 0.
    """

    def __init__(self, pid: int) -> None:
        """Watch `pid`."""
        super().__init__(daemon=True)
        self._pid = pid
        self.peak = 0

    def run(self) -> None:
        """Sample until the process is gone."""
        while Path(f"/proc/{self._pid}/stat").exists():
            self.peak = max(self.peak, sum(map(_resident, _family(self._pid))))
            time.sleep(0.5)


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        below = [int(child) for child in children.read_text().split()]
    except OSError:
        return [pid]
    return [pid, *(member for child in below for member in _family(child))]


def _resident(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def main(options: argparse.Namespace) -> int:
    """Print rows a second, start-up included, and peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "cases.csv", Path(folder) / "cleaned.parquet"
        rows = made_up(options.rows, options.seed, source)
        command = [sys.executable, "-m", "addrfix", "clean", str(source), "-o", str(target)]
        start = time.perf_counter()
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        memory = Memory(process.pid)
        memory.start()
        code = process.wait()
        seconds = time.perf_counter() - start
    if code:
        print(f"addrfix clean failed with exit code {code}", file=sys.stderr)
        return code
    print(f"{platform.machine()}, Python {platform.python_version()}")
    print(f"clean: {rows:,} rows in {seconds:.1f} s, {rows / seconds:,.0f} rows/s, "
          f"peak {memory.peak / 2**20:,.0f} MB")  # fmt: skip
    return 0
