"""The benchmark of letters runs, and its batch verifies."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).parent.parent / "scripts" / "bench.py"


def test_a_small_benchmark_of_letters(tmp_path: Path) -> None:
    out = tmp_path / "batch"
    asked = ["letters", "--letters", "12", "--made", "5", "--singles", "3", "--keep", str(out)]
    done = subprocess.run(
        [sys.executable, "-W", "error", str(BENCH), *asked],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    counts = dict(re.findall(r"^(\w[\w ,]*?)\s{2,}(\d+)", done.stdout, re.M))
    letters = len(list((out / "letters").glob("*.pdf")))
    assert 0 < letters <= 12
    assert counts["wording and checks"] == "12"
    assert counts["single files"] == "3"
    assert counts["print files"] == counts["addrfix verify"] == str(letters)
