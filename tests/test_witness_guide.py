"""The guide to witnesses names each of them, and its witness of one's own works as it says."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from addrfix.knowledge import words

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "witnesses.md").read_text(encoding="utf-8")
GROUP = "addrfix.witnesses"
_FITTED = re.compile(r"confidence \d\.\d\d")


def test_every_witness_is_named() -> None:
    table = PAGE.partition("## ")[0]
    for row in words("witnesses"):
        assert f"`{row['witness']}`" in table, row["witness"]


def test_the_example_works(tmp_path: Path) -> None:
    for name, content in re.findall(r"<!-- file (\S+) -->\n```\w+\n(.*?)```", PAGE, re.DOTALL):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="\n")
    _install(tmp_path)
    [session] = re.findall(r"<!-- run -->\n```console\n(.*?)```", PAGE, re.DOTALL)
    command, _, expected = session.partition("\n")
    surroundings = {
        **os.environ,
        "ADDRFIX_DATA": str(tmp_path / "data"),
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(tmp_path))),
        "PYTHONUTF8": "1",
    }
    arguments = command.removeprefix("$ addrfix ").split()
    ran = subprocess.run(
        [sys.executable, "-m", "addrfix", *arguments],
        env=surroundings, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    # The weights of the confidence are fitted anew now and then.
    assert _FITTED.sub("", ran.stdout) == _FITTED.sub("", expected)


def _install(folder: Path) -> None:
    """What pip writes down about the package, without pip."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    told.mkdir()
    head = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (told / "METADATA").write_text(head, encoding="utf-8")
    points = "".join(f"{k} = {v}\n" for k, v in project["entry-points"][GROUP].items())
    (told / "entry_points.txt").write_text(f"[{GROUP}]\n{points}", encoding="utf-8")
