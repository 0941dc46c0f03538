"""Finds the browser that draws the report for tests and pictures, and provides one where none is.

`ADDRFIX_BROWSER` names one; else Chromium, Chrome or Edge is looked for where it usually lies. The
standard library is all this needs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "microsoft-edge", "msedge",
)  # fmt: skip
_WINDOWS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe",
            "Chromium/Application/chrome.exe")  # fmt: skip
_MACOS = ("Google Chrome", "Chromium", "Microsoft Edge")
SECONDS = 600
"""The longest that a step of an installation may take."""
NO_BROWSER = (
    "No browser was found to open the report with. Install Chromium, Chrome or Edge, or name one "
    "in the environment variable ADDRFIX_BROWSER, and run this again."
)


def find() -> Path | None:
    """The browser's program; None where there is none."""
    return next((path for path in _places() if path.is_file()), None)


def _places() -> Iterator[Path]:
    if named := os.environ.get("ADDRFIX_BROWSER"):
        yield Path(named)
    for found in map(shutil.which, NAMES):
        if found:
            yield Path(found)
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if root := os.environ.get(variable):
            yield from (Path(root) / name for name in _WINDOWS)
    for name in _MACOS:
        yield Path(f"/Applications/{name}.app/Contents/MacOS/{name}")
    # Where `playwright install` puts its own; Linux keeps it below the user's cache.
    yield from sorted((Path.home() / ".cache" / "ms-playwright").glob("chromium-*/*/chrome"))


def switches() -> list[str]:
    """Options without which a browser does not start here."""
    # A container's root cannot have a sandbox, and little shared memory; the pages are our own.
    return ["--no-sandbox", "--disable-dev-shm-usage"] if _is_root() else []


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def provide(python: Path) -> bool:
    """Whether there is a browser, after installing one where none was.

    On Debian and Ubuntu root takes it from the system's packages; everybody else, and where that
    fails, lets Playwright fetch its own. A step that hangs is given up after SECONDS.

    Args:
        python: interpreter that has Playwright.
    """
    if find():
        return True
    print("Installing a browser for the tests of the report ...", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in _ways(python):
        try:
            # What they say is talk.
            subprocess.run(command, env=quiet, check=False, stdout=sys.stderr, timeout=SECONDS)
        except (OSError, subprocess.TimeoutExpired) as problem:
            print(problem, file=sys.stderr)
        if find():
            return True
    return False


def _ways(python: Path) -> Iterator[list[str]]:
    if _is_root() and (apt := shutil.which("apt-get")):
        # Silent servers and other installations at work are waited for only so long.
        patience = [
            "-o", "Acquire::Retries=2", "-o", "Acquire::http::Timeout=30",
            "-o", "DPkg::Lock::Timeout=120",
        ]  # fmt: skip
        yield [apt, "-qq", *patience, "update"]
        yield [apt, "-qq", *patience, "install", "-y", "--no-install-recommends", "chromium"]
    yield [str(python), "-m", "playwright", "install", "chromium"]
