"""Makes `.venv` with addrfix in it; the standard library is all it needs.

Used by `demo.py` and `test.py`. Nothing is done twice: a stamp in the environment records which
requirements were installed, and only a change of them installs again.
"""

from __future__ import annotations

import hashlib
import os
import runpy
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
OLDEST = (3, 11)


def fail(sentence: str) -> int:
    """Say what went wrong and what to do; the exit code to return."""
    print(f"\n{sentence}", file=sys.stderr)
    return 1


def interpreter() -> Path:
    """The environment's Python, wherever this platform keeps it."""
    folder, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return ENVIRONMENT / folder / name


def _works(python: Path) -> bool:
    """Whether that interpreter runs; one that was moved or half made does not."""
    if not python.is_file():
        return False
    check = [str(python), "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"]
    return subprocess.run(check, capture_output=True, check=False).returncode == 0


def _requirements(extras: str) -> str:
    # What is compiled while installing goes into it: an edited reading is compiled again.
    compiled = runpy.run_path(str(ROOT / "addrfix" / "compiled.py"))
    digest = hashlib.sha256((extras + compiled["digest"]()).encode())
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def ready(*, extras: str = "") -> Path | None:
    """Make the environment where it is missing or stale; its Python, or None after saying why.

    Args:
        extras: optional dependencies to install, e.g. "test".
    """
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        fail(f"addrfix needs Python 3.11 or newer; this is {found} ({sys.executable}). "
             "Run the script with a newer one.")  # fmt: skip
        return None
    python = interpreter()
    stamp = ENVIRONMENT / "addrfix-requirements"
    wanted = _requirements(extras)
    if _works(python) and stamp.is_file() and wanted in stamp.read_text("utf-8").split():
        return python
    if not _works(python):
        print("Making .venv ...", flush=True)
        try:
            venv.EnvBuilder(clear=True, with_pip=True).create(ENVIRONMENT)
        except (OSError, subprocess.CalledProcessError) as problem:
            fail(
                f"Could not make {ENVIRONMENT}: {problem}. On Debian and Ubuntu install the "
                "package python3-venv; elsewhere check that the folder can be written."
            )
            return None
    print("Installing addrfix and what it needs into .venv (a minute or two the first time) ...",
          flush=True)  # fmt: skip
    target = f".[{extras}]" if extras else "."
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
               "--no-input", "--editable", target, "--constraint", "constraints.txt"]  # fmt: skip
    if subprocess.run(install, cwd=ROOT, check=False).returncode:
        fail("pip could not install what addrfix needs; its message is above. Check the network "
             "or your package index (pip config list) and run this again.")  # fmt: skip
        return None
    known = stamp.read_text("utf-8").split() if stamp.is_file() else []
    stamp.write_text("\n".join([*known[-3:], wanted]), encoding="utf-8")
    return python


def run(python: Path, *arguments: str) -> int:
    """Run the environment's Python from the top folder, in UTF-8; its exit code."""
    surroundings = {**os.environ, "PYTHONUTF8": "1"}
    command = [str(python), *arguments]
    return subprocess.run(command, cwd=ROOT, env=surroundings, check=False).returncode
