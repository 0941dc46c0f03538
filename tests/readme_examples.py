"""Renders the parts of README.md and README.zh-CN.md that are made, not written.

Directives are HTML comments, so that a reader of the page does not see them:

    <!-- input FILE -->            the fenced block that follows is written to FILE
    ```console                     commands (`$ `) are run, what they print is put below them
    <!-- example: exit 1, lines 1-8 20 -->   before such a block: the exit code, the lines to show
    <!-- rows FILE 0 3-5: COLUMN COLUMN -->  rows of a file that a command wrote, until <!-- end -->
    <!-- table NAME -->            a table of `TABLES`, until <!-- end -->

Everything happens in one empty folder, in the order of the page.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from golden_lines import lines

from addrfix.knowledge import folder, read_tsv, words

ROOT = Path(__file__).parent.parent
PAGES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}

_PARTS = re.compile(
    r"<!-- input (?P<file>\S+) -->\n```\w*\n(?P<content>.*?)```\n"
    r"|(?:<!-- example: (?P<rules>[^\n]*?) -->\n)?```console\n(?P<session>.*?)```\n"
    r"|<!-- rows (?P<rows>[^\n]*?) -->\n.*?<!-- end -->\n"
    r"|<!-- table (?P<table>\w+) -->\n.*?<!-- end -->\n",
    re.DOTALL,
)
# What differs from desk to desk, or with every change of a gazetteer table, is shown as dots.
_VARIABLE = (
    (re.compile(r"\b(gazetteer-\d+|version +\d+)-[0-9a-f]{16}\b"), r"\1-…"),
    (re.compile(r"\(\d+\.\d MB\)"), "(… MB)"),
    (re.compile(r"^reading  (?:compiled|interpreted)$", re.MULTILINE), "reading  …"),
)


class BrokenPage(Exception):
    """A page asks for something that cannot be made."""


@dataclass
class Desk:
    """An empty folder in which the examples are worked; what was run once is remembered."""

    folder: Path
    done: dict[str, tuple[int, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shutil.copytree(ROOT / "templates" / "examples", self.folder / "templates" / "examples")

    def run(self, command: str) -> tuple[int, str]:
        """Exit code and what was printed, stdout and stderr together."""
        if command not in self.done:
            ran = subprocess.run(
                _arguments(command), cwd=self.folder, env=self._surroundings(), check=False,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
            )  # fmt: skip
            self.done[command] = ran.returncode, self._steady(ran.stdout)
        return self.done[command]

    def _surroundings(self) -> dict[str, str]:
        own = {
            "ADDRFIX_CACHE": str(self.folder / "cache"),
            "ADDRFIX_DATA": str(self.folder / "data"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "PYTHONUTF8": "1",
        }
        return {**os.environ, **own}

    def _steady(self, text: str) -> str:
        text = text.replace(str(self.folder / "cache"), "~/.cache/addrfix").replace("\ufeff", "")
        if os.name == "nt":
            text = text.replace("\\", "/")
        for pattern, shown in _VARIABLE:
            text = pattern.sub(shown, text)
        return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def _arguments(command: str) -> list[str]:
    program, *rest = shlex.split(command)
    if program == "addrfix":
        return [sys.executable, "-m", "addrfix", *rest]
    if program == "python3" and rest and rest[0].startswith("scripts/"):
        return [sys.executable, str(ROOT / rest[0]), *rest[1:]]
    raise BrokenPage(f"an example may run addrfix or a script of scripts/, not: {command}")


def commands(page: str) -> list[str]:
    """The commands of a page, in order."""
    sessions = (found["session"] or "" for found in _PARTS.finditer(page))
    return [line[2:] for text in sessions for line in text.splitlines() if line.startswith("$ ")]


def rendered(page: str, language: str, desk: Desk) -> str:
    """The page with everything made anew.

    Raises:
        BrokenPage: an unknown table, column or program, or another exit code than the page says.
    """
    return _PARTS.sub(lambda found: _part(found, language, desk), page)


def _part(found: re.Match[str], language: str, desk: Desk) -> str:
    if found["file"]:
        (desk.folder / found["file"]).write_text(found["content"], encoding="utf-8", newline="\n")
        return found[0]
    if found["session"] is not None:
        head = f"<!-- example: {found['rules']} -->\n" if found["rules"] else ""
        return f"{head}```console\n{_session(found['session'], found['rules'] or '', desk)}```\n"
    if found["rows"]:
        return f"<!-- rows {found['rows']} -->\n{_rows(found['rows'], desk)}<!-- end -->\n"
    if found["table"] not in TABLES:
        raise BrokenPage(f"there is no table {found['table']}; there are {', '.join(TABLES)}")
    table = TABLES[found["table"]](language)
    return f"<!-- table {found['table']} -->\n{_markdown(*table)}<!-- end -->\n"


def _session(session: str, rules: str, desk: Desk) -> str:
    code, shown = 0, ""
    for rule in filter(None, (part.strip() for part in rules.split(","))):
        name, _, value = rule.partition(" ")
        if name == "exit":
            code = int(value)
        elif name == "lines":
            shown = value
        else:
            raise BrokenPage(f"an example has exit and lines, not {name}")
    made = []
    for line in session.splitlines():
        if not line.startswith("$ "):
            continue
        exit_code, printed = desk.run(line[2:])
        if exit_code != code:
            raise BrokenPage(f"{line[2:]}: exit code {exit_code} instead of {code}:\n{printed}")
        made.append(f"{line}\n{_excerpt(printed, shown) if shown else printed}")
    return "".join(made)


def _numbers(text: str) -> Iterator[int]:
    for piece in text.split():
        first, _, last = piece.partition("-")
        yield from range(int(first), int(last or first) + 1)


def _excerpt(printed: str, shown: str) -> str:
    """The lines that are to be shown, counted from 1; `…` stands where some are left out."""
    kept = set(_numbers(shown))
    excerpt: list[str] = []
    for number, line in enumerate(printed.splitlines(), start=1):
        if number in kept:
            excerpt.append(line)
        elif not excerpt or excerpt[-1] != "…":
            excerpt.append("…")
    return "".join(f"{line}\n" for line in excerpt)


def _rows(asked: str, desk: Desk) -> str:
    where, _, columns = asked.partition(":")
    name, _, numbers = where.partition(" ")
    path = desk.folder / name
    if path.suffix == ".parquet":
        frame = pl.read_parquet(path, glob=False)
    else:
        frame = pl.read_csv(path, infer_schema=False, glob=False)
    names = columns.split()
    missing = [column for column in names if column not in frame.columns]
    if missing:
        raise BrokenPage(f"{name} has no column {', '.join(missing)}")
    frame = frame.select(names)
    rows = [frame.row(number, named=True) for number in _numbers(numbers)]
    return _markdown(names, [[_cell(row[name], name) for name in names] for row in rows])


def _cell(value: object, column: str) -> str:
    """A cell as shown; probabilities to two places, since the last digits say nothing."""
    if column in ("p_signed", "runner_up_p") and value is not None:
        return f"{float(str(value)):.2f}"
    return "" if value is None else str(value)


def _markdown(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table; a bar inside a cell does not end it."""
    table = [header, ["---"] * len(header), *rows]
    clean = [[cell.replace("|", "\\|") for cell in row] for row in table]
    return "".join(f"| {' | '.join(row)} |\n" for row in clean)


Table = tuple[list[str], list[list[str]]]


def _code(text: str) -> str:
    return f"`{text}`"


def _text_words(language: str) -> dict[str, str]:
    rows = read_tsv(folder("templates") / "report" / "text.tsv")
    return {row["key"]: row[language] for row in rows}


def _said(row: dict[str, str], language: str) -> str:
    return row["meaning"] if language == "en" else row["meaning_zh"]


def _meanings(rows: list[dict[str, str]], key: str, heads: tuple[str, str], language: str) -> Table:
    header = [heads[language == "zh"], ("meaning", "含义")[language == "zh"]]
    return header, [[_code(row[key]), _said(row, language)] for row in rows]


def _closed_set(name: str, *heads: str) -> Callable[[str], Table]:
    def table(language: str) -> Table:
        rows = [row for row in lines("readme_words") if row["set"] == name]
        return _meanings(rows, "word", (heads[0], heads[1]), language)

    return table


def _reason_codes(language: str) -> Table:
    return _meanings(list(words("reason_codes")), "code", ("code", "代码"), language)


def _letter_holds(language: str) -> Table:
    rows = read_tsv(folder("templates") / "rules" / "hold_reasons.tsv")
    return _meanings(rows, "reason", ("reason", "原因"), language)


def _return_reasons(language: str) -> Table:
    said = _text_words(language)
    heads = {
        "en": ["reason", "meaning", "whose doing", "what it says about the address"],
        "zh": ["原因", "含义", "责任方", "对地址的含义"],
    }
    rows = [
        [
            _code(row["reason"]), row[language], said[f"fault.{row['fault']}"],
            said[f"effect.{row['address_effect']}"],
        ]
        for row in words("return_reasons")
    ]  # fmt: skip
    return heads[language], rows


def _sources(language: str) -> Table:
    said = _text_words(language)
    rows = [
        [_code(key.removeprefix("source.")), meaning]
        for key, meaning in said.items()
        if key.startswith("source.")
    ]
    return [("source", "来源")[language == "zh"], ("meaning", "含义")[language == "zh"]], rows


def _glossary(language: str) -> Table:
    heads = {"en": ["English", "Chinese", "meaning"], "zh": ["英文", "中文", "含义"]}
    rows = [[row["term"], row["chinese"], _said(row, language)] for row in lines("readme_glossary")]
    return heads[language], rows


TABLES: dict[str, Callable[[str], Table]] = {
    "clean_columns": _closed_set("clean_column", "column", "列"),
    "glossary": _glossary,
    "letter_holds": _letter_holds,
    "outcomes": _closed_set("outcome", "outcome", "结果"),
    "pick_holds": _closed_set("pick_hold", "reason", "原因"),
    "reason_codes": _reason_codes,
    "relations": _closed_set("relation", "relation", "关系"),
    "return_reasons": _return_reasons,
    "sign_classes": _closed_set("sign_class", "sign class", "签收类别"),
    "sources": _sources,
    "verdicts": _closed_set("verdict", "verdict", "判定"),
}
