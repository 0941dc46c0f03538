"""What the commands print: valid JSON, whole sentences, the same options under the same names."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

LOST = "\udcff\ud800杭州市西湖区文三路1号😀é\udcb0"


def _run(*arguments: str, **surroundings: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "addrfix", *arguments],
        env=os.environ | surroundings,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "ascii"])
def test_json_is_valid_on_any_console(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    from addrfix.cli.options import json_line

    console = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="backslashreplace")
    monkeypatch.setattr(sys, "stdout", console)
    line = json_line({"address": LOST})
    assert json.loads(line.encode(encoding).decode(encoding)) == {"address": LOST}


def test_an_argument_that_is_not_utf8_is_read_and_looked_up() -> None:
    done = _run("parse", "--json", "\udcff杭州市西湖区", PYTHONUTF8="1")
    assert json.loads(done.stdout.decode())["district"] == "西湖区"
    done = _run("gazetteer", "lookup", "--json", "\udcff", PYTHONUTF8="1")
    assert done.returncode == 1
    assert b"not in the gazetteer" in done.stderr
    assert b"Traceback" not in done.stderr
