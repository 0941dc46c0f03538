"""Runs every check: `python3 scripts/test.py` (on Windows `py scripts/test.py`).

Makes `.venv` and installs the test tools where they are missing, then ruff, mypy and pytest. Words
behind the command go to pytest: `python3 scripts/test.py tests/test_parse.py -k road`.
"""

from __future__ import annotations

import sys

import browser
from environment import fail, ready, run

CHECKS = (
    ("ruff format", ["-m", "ruff", "format", "--check", "."]),
    ("ruff check", ["-m", "ruff", "check", "."]),
    ("mypy", ["-m", "mypy"]),
    ("pytest", ["-m", "pytest"]),
)


def main() -> int:
    """Run the checks in order and stop at the first that fails."""
    python = ready(extras="test")
    if python is None:
        return 1
    for name, arguments in CHECKS:
        print(f"--- {name}", flush=True)
        more = sys.argv[1:] if name == "pytest" else []
        if name == "pytest" and not browser.provide(python):
            return fail(browser.NO_BROWSER)
        if run(python, *arguments, *more):
            return fail(f"{name} found faults; they are listed above.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
