"""Runs every check: `python3 scripts/test.py` (on Windows `py scripts/test.py`).

Makes `.venv` and installs the test tools where they are missing, then ruff, mypy and pytest. Words
behind the command go to pytest: `python3 scripts/test.py tests/test_parse.py -k road`.
"""

from __future__ import annotations

import os
import runpy
import shutil
import sys

import browser
from environment import ROOT, fail, ready, run

CHECKS = (
    ("ruff format", ["-m", "ruff", "format", "--check", "."]),
    ("ruff check", ["-m", "ruff", "check", "."]),
    ("mypy", ["-m", "mypy"]),
    ("pytest", ["-m", "pytest"]),
)


def is_compiled() -> bool:
    """Whether the reading was compiled while addrfix was installed, if a compiler is there."""
    found = runpy.run_path(str(ROOT / "addrfix" / "compiled.py"))["FOLDER"].is_dir()
    compiler = any(map(shutil.which, ("cc", "gcc", "clang")))
    return found or not compiler or os.environ.get("ADDRFIX_COMPILE") == "0"


def main() -> int:
    """Run the checks in order and stop at the first that fails."""
    python = ready(extras="test")
    if python is None:
        return 1
    if not is_compiled():
        return fail("The reading could not be compiled although a C compiler is there; "
                    "`.venv/bin/python -m pip install -v -e .` tells why.")  # fmt: skip
    for name, arguments in CHECKS:
        print(f"--- {name}", flush=True)
        more = sys.argv[1:] if name == "pytest" else []
        if name == "pytest" and not browser.provide(python):
            # Everything else can be tested; the tests that need a browser fail with this sentence.
            fail(browser.NO_BROWSER)
        if run(python, *arguments, *more):
            return fail(f"{name} found faults; they are listed above.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
