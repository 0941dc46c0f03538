"""How fast `addrfix report` is over a made-up year, as a whole process, and its peak memory."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from make_year import Year, made_year

from benchmarks.clean import Memory


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `bench.py report`."""
    usual = Year()
    parser.add_argument("--letters", type=int, default=usual.letters)
    parser.add_argument("--batches", type=int, default=usual.batches)
    parser.add_argument("--seed", type=int, default=usual.seed)


def main(options: argparse.Namespace) -> int:
    """Print seconds from start to end and peak memory."""
    year = Year(letters=options.letters, batches=options.batches, seed=options.seed)
    with tempfile.TemporaryDirectory() as folder:
        batches = [str(path) for path in made_year(Path(folder) / "year", year)]
        for name in ("report.html", "report.xlsx"):
            target = Path(folder) / name
            command = [sys.executable, "-m", "addrfix", "report", *batches,
                       "--as-of", year.as_of.isoformat(), "-o", str(target)]  # fmt: skip
            start = time.perf_counter()
            process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
            memory = Memory(process.pid)
            memory.start()
            if process.wait():
                return process.returncode
            seconds = time.perf_counter() - start
            memory.join()
            print(f"{name:<12} {options.letters:,} letters, {options.batches} batches: "
                  f"{seconds:.1f} s, {memory.peak / 1e6:,.0f} MB at most, "
                  f"{target.stat().st_size / 1e6:.1f} MB file")  # fmt: skip
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    return 0
