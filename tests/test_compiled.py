"""The compiled reading is used for exactly the sources it was made from, and answers the same."""

from __future__ import annotations

import csv
import hashlib
import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from golden_lines import lines

from addrfix import compiled

_PACKAGE = Path(compiled.__file__).parent
_DIGEST_OF_ANSWERS = """
import hashlib, sys
import addrfix.reading.structure as structure
from addrfix.flow.clean import engine
texts = sys.stdin.buffer.read().decode("utf-8").split("\\n")
parsed, places = engine().read(texts)
told = "\\n".join(f"{one!r} {place!r}" for one, place in zip(parsed, places))
print(structure.__file__.endswith(".py"), hashlib.sha256(told.encode("utf-8")).hexdigest())
"""


def answers(texts: list[str], **surroundings: str) -> tuple[bool, str]:
    """Whether a new process reads from Python source, and the digest of all it reads."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", _DIGEST_OF_ANSWERS],
        input="\n".join(texts).encode(),
        capture_output=True,
        env={**os.environ, **surroundings},
        check=True,
    )
    interpreted, digest = done.stdout.decode().split()
    return interpreted == "True", digest


def made_up(folder: Path, cases: int) -> list[str]:
    """Addresses of made-up cases, dirty ones among them."""
    script = Path(__file__).parent.parent / "scripts" / "make_cases.py"
    table = folder / "cases.csv"
    command = [sys.executable, str(script), "--cases", str(cases), "-o", str(table)]
    subprocess.run(command, check=True, capture_output=True)
    with table.open(encoding="utf-8-sig", newline="") as rows:
        return [row["地址"].replace("\n", " ") for row in csv.DictReader(rows)]


def test_answers_do_not_depend_on_compiling(tmp_path: Path) -> None:
    texts = [line["address"] for name in ("reading", "spans", "dirty") for line in lines(name)]
    texts += made_up(tmp_path, 200)
    plain = answers(texts, ADDRFIX_INTERPRETED="1")
    assert plain[0]
    usual = answers(texts)
    assert usual[0] is not compiled.available()
    assert usual[1] == plain[1]


def test_types_belong_to_compiled_modules() -> None:
    sources = {compiled.source(module) for module in compiled.MODULES}
    assert all(path.exists() for path in sources)
    assert {path.with_suffix(".py") for path in _PACKAGE.rglob("*.pxd")} <= sources
    for module in compiled.MODULES:
        assert importlib.import_module(module).__name__ == module


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which all modules look compiled from the sources that are there."""
    for module in compiled.MODULES:
        (tmp_path / f"{module}{compiled.SUFFIX}").write_bytes(b"")
    (tmp_path / "sources.sha256").write_text(compiled.digest(), encoding="ascii")
    monkeypatch.setattr(compiled, "FOLDER", tmp_path)
    monkeypatch.setattr(compiled, "DIGEST", tmp_path / "sources.sha256")
    monkeypatch.delenv("ADDRFIX_INTERPRETED", raising=False)
    return tmp_path


def usable() -> bool:
    """`available`, asked anew."""
    return compiled.available.__wrapped__()


def test_used_for_the_sources_it_was_made_from(built: Path) -> None:
    assert usable()


@pytest.mark.parametrize("fault", ["edited", "one missing", "no digest", "unwanted"])
def test_not_used_otherwise(built: Path, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if fault == "edited":
        other = hashlib.sha256(b"another source").hexdigest()
        (built / "sources.sha256").write_text(other, encoding="ascii")
    elif fault == "one missing":
        (built / f"{compiled.MODULES[-1]}{compiled.SUFFIX}").unlink()
    elif fault == "no digest":
        (built / "sources.sha256").unlink()
    else:
        monkeypatch.setenv("ADDRFIX_INTERPRETED", "1")
    assert not usable()
