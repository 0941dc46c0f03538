"""What the commands print: valid JSON, whole sentences, the same options under the same names."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from addrfix.cli import COMMANDS, addrfix
from addrfix.cli.options import json_line
from addrfix.letters.rules import read_rules
from addrfix.model.errors import BadUsage
from addrfix.text.counting import counted

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


def _options(name: str) -> dict[str, click.Option]:
    found = addrfix.get_command(click.Context(addrfix), name)
    assert found is not None
    return {p.opts[0]: p for p in found.params if isinstance(p, click.Option)}


@pytest.mark.parametrize("half", ["pick", "letters"])
def test_an_option_that_two_commands_have_means_the_same(half: str) -> None:
    whole, part = _options("run"), _options(half)
    shared = (whole.keys() & part.keys()) - {"-o"}
    assert len(shared) >= 8
    for name in shared:
        assert part[name].to_info_dict() == whole[name].to_info_dict()
    missing = part.keys() - whole.keys()
    assert missing == {"pick": {"--all", "--strict"}, "letters": {"--cases"}}[half]


@pytest.mark.parametrize("name", list(COMMANDS))
def test_help_of_a_command_imports_nothing_heavy(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "addrfix", name, "--help"],
        capture_output=True, check=True, encoding="utf-8",
    )  # fmt: skip
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert not loaded & {"polars", "duckdb", "pyarrow", "pikepdf", "fpdf", "numpy", "rapidfuzz"}


@pytest.mark.parametrize("command", ["clean", "compare"])
def test_a_day_is_taken_and_changes_nothing(command: str, tmp_path: Path) -> None:
    table = tmp_path / "in.csv"
    table.write_text("地址,a,b\n杭州市西湖区文三路1号,杭州市,杭州\n", encoding="utf-8")
    written = set()
    for number, more in enumerate(([], ["--as-of", "2020-02-29"], ["--as-of", "2030-01-01"])):
        out = tmp_path / f"{number}.csv"
        done = CliRunner().invoke(addrfix, [command, str(table), "-o", str(out), *more])
        assert done.exit_code == 0, done.output
        written.add(out.read_bytes())
    assert len(written) == 1
    wrong = CliRunner().invoke(
        addrfix, [command, str(table), "-o", str(tmp_path / "n.csv"), "--as-of", "2026-02-30"]
    )
    assert isinstance(wrong.exception, BadUsage)
    assert "YYYY-MM-DD" in str(wrong.exception)


def test_counts_agree_with_their_nouns() -> None:
    assert counted(1, "print file") == "1 print file"
    assert counted(0, "letter") == "0 letters"
    assert counted(1_200, "batch", "batches") == "1,200 batches"


def test_no_command_writes_a_plural_after_any_figure() -> None:
    nouns = "letter case row line number difference event place batche sheet page print file"
    wrong = re.compile(rf"\}} (?:of )?(?:{'|'.join(nouns.split())})s\b")
    package = Path(__file__).parent.parent / "addrfix"
    for path in (*package.glob("cli/*.py"), *package.glob("flow/letter*.py")):
        assert not wrong.search(path.read_text(encoding="utf-8")), path


def test_a_rule_says_what_was_found() -> None:
    for rule in read_rules().rules.values():
        assert rule.found and rule.found != rule.what
        assert "{" not in rule.found
    assert "24 %" in read_rules()["D03_yearly_cost"].found


def test_where_stderr_is_no_terminal_no_bar_is_begun(tmp_path: Path) -> None:
    out = tmp_path / "batch"
    samples = Path(__file__).parent.parent / "templates" / "examples"
    cases = tmp_path / "cases.csv"
    cases.write_text(
        "案件编号,姓名,债权人,本金,地址\nC1,钱某甲,某某银行,1000,杭州市西湖区文三路1号3栋502室\n",
        encoding="utf-8",
    )
    secret = tmp_path / "secret.key"
    secret.write_text("7f" * 32 + "\n", encoding="ascii")
    sender = next(samples.glob("*sender*.toml"))
    done = _run("run", str(cases), "--template", "lawyer_letter", "--sender", str(sender),
                "-o", str(out), "--as-of", "2026-07-01",
                "--secret", str(secret))  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    checked = _run("verify", str(out))
    for line in (*done.stderr.decode().splitlines(), *checked.stderr.decode().splitlines()):
        assert line.startswith("addrfix: ")
