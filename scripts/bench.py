"""Measures addrfix on this machine: `python scripts/bench.py letters`.

Each module of scripts/benchmarks/ is a benchmark: its docstring is the help, `add_arguments` takes
the parser, `main` the options and gives the exit code. Speeds are ratios of one run: compare them
with others of the same machine only.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark that is asked for; the exit code."""
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape)
    names = sorted(module.name for module in iter_modules([str(HERE / "benchmarks")]))
    parser.add_argument("benchmark", choices=names)
    parser.add_argument("options", nargs=argparse.REMAINDER, help="--help tells which there are")
    asked = parser.parse_args(arguments)
    benchmark = import_module(f"benchmarks.{asked.benchmark}")
    command = argparse.ArgumentParser(
        prog=f"bench.py {asked.benchmark}", description=benchmark.__doc__, formatter_class=shape
    )
    benchmark.add_arguments(command)
    return int(benchmark.main(command.parse_args(asked.options)))


if __name__ == "__main__":
    sys.exit(main())
