"""Small changes to code and rule tables, found in the syntax tree and made in the text."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

STAGES = ("reading", "resolve", "compare")
SHARES: Mapping[str, float] = {
    "comparison": 0.20,
    "constant": 0.18,
    "branch": 0.22,
    "and-or": 0.12,
    "not": 0.08,
    "step": 0.08,
    "row": 0.12,
}
"""Kinds of change, and how many of all are of each."""
TURNED: Mapping[type[ast.cmpop], str] = {
    ast.Lt: ">=", ast.GtE: "<", ast.Gt: "<=", ast.LtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.In: "not in", ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip
SHIFTED: Mapping[type[ast.cmpop], str] = {
    ast.Lt: "<=", ast.GtE: ">", ast.Gt: ">=", ast.LtE: "<",
}  # fmt: skip
ONLY_SPEED = re.compile("LONGEST|MOST|BATCH|CACHE|SIZE|LIMIT")
_HIDDEN = """

import sys as _sys

_whole = table_rows


def table_rows(name):
    rows = _whole(name)
    frame = _sys._getframe(1)
    while frame.f_code.co_filename == __file__:
        frame = frame.f_back
    asked = frame.f_code.co_filename.replace("\\\\", "/")
    if name != TABLE or "/tests/" in asked:
        return rows
    return tuple(row for row in rows if tuple(row.values()) != ROW)
"""
"""Behind the code that reads tables: whoever is no test gets one row less."""
# Nothing below these decides an answer.
LEFT_ALONE = (ast.Raise, ast.Assert, ast.JoinedStr, ast.Import, ast.ImportFrom)


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of a file and what stands there instead."""

    path: str
    """From the root of the tree."""
    line: int
    start: int
    end: int
    """Bytes of the file in UTF-8."""
    new: str
    kind: str
    what: str

    @property
    def file(self) -> str:
        """The file that is written: rows are hidden where tables are read."""
        return "addrfix/knowledge.py" if self.kind == "row" else self.path

    @property
    def module(self) -> str:
        """The file without the package: reading/chain."""
        return self.path.removeprefix("addrfix/").removeprefix("gazetteer/").rpartition(".")[0]

    def made(self, text: bytes) -> bytes:
        """The file with the change in it."""
        if self.kind == "row":
            return text + self.new.encode()
        return text[: self.start] + self.new.encode() + text[self.end :]

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.kind}: {self.what}"


class _Source:
    """A module's text and where its nodes stand in it."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data
        self.tree = ast.parse(data)
        self._lines = [0]
        for line in data.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """First byte, and the one behind the last."""
        assert node.end_lineno is not None and node.end_col_offset is not None
        return (
            self._lines[node.lineno - 1] + node.col_offset,
            self._lines[node.end_lineno - 1] + node.end_col_offset,
        )

    def text(self, node: ast.expr | ast.stmt) -> str:
        start, end = self.span(node)
        return self.data[start:end].decode()

    def change(self, node: ast.expr | ast.stmt, new: str, kind: str, what: str = "") -> Change:
        start, end = self.span(node)
        told = what or f"{_short(self.text(node))} -> {_short(new)}"
        return Change(self.path, node.lineno, start, end, new, kind, told)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 70 else line[:67] + "..."


def changes_of(tree: Path, seed: int, number: int, only: str = "") -> list[Change]:
    """So many changes of a tree, of every kind its share, each to another place.

    Args:
        tree: a checkout.
        seed: of the choice.
        number: of changes; fewer come where the tree has fewer.
        only: part of a path; others are left alone.
    """
    found: dict[str, list[Change]] = {kind: [] for kind in SHARES}
    for change in _all(tree):
        if only in change.path or only in change.module:
            found[change.kind].append(change)
    dice = random.Random(seed)
    for changes in found.values():
        changes.sort(key=lambda c: (c.path, c.start, c.end, c.new))
        dice.shuffle(changes)
    chosen: list[Change] = []
    taken: set[tuple[str, int]] = set()
    while len(chosen) < number and any(found.values()):
        # Whatever kind is furthest behind its share is next.
        kind = max(
            (kind for kind in found if found[kind]),
            key=lambda k: SHARES[k] * (len(chosen) + 1) - sum(c.kind == k for c in chosen),
        )
        change = found[kind].pop()
        if (change.path, change.line) not in taken:
            taken.add((change.path, change.line))
            chosen.append(change)
    return chosen


def _all(tree: Path) -> Iterator[Change]:
    for stage in STAGES:
        for path in sorted((tree / "addrfix" / stage).rglob("*.py")):
            source = _Source(path.relative_to(tree).as_posix(), path.read_bytes())
            yield from _in(source, source.tree)
    yield from _rows(tree)


def _in(source: _Source, node: ast.AST) -> Iterator[Change]:
    """Changes below a node, without what decides no answer."""
    if isinstance(node, LEFT_ALONE) or _is_about_speed(node):
        return
    if isinstance(node, ast.expr):
        yield from _expression(source, node)
    elif isinstance(node, ast.stmt):
        yield from _statement(source, node)
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "slice"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _in(source, child)


def _is_about_speed(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(t, ast.Name) and ONLY_SPEED.search(t.id) for t in targets)
    typing = isinstance(node, ast.If) and isinstance(node.test, ast.Name)
    return typing and isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def _expression(source: _Source, node: ast.expr) -> Iterator[Change]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = source.text(node.left), source.text(node.comparators[0])
        for table in (TURNED, SHIFTED):
            if new := table.get(type(node.ops[0])):
                yield source.change(node, f"{left} {new} {right}", "comparison")
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield source.change(node, f"({source.text(node.operand)})", "not")
    elif isinstance(node, ast.BoolOp):
        word = "or" if isinstance(node.op, ast.And) else "and"
        parts = [f"({source.text(value)})" for value in node.values]
        yield source.change(node, f"({f' {word} '.join(parts)})", "and-or")
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield from _figures(source, node, node.value)


def _figures(source: _Source, node: ast.Constant, value: object) -> Iterator[Change]:
    if isinstance(value, float) and value:
        yield source.change(node, f"(-{value})", "constant")
    elif isinstance(value, int) and value >= 10:
        yield source.change(node, f"{value // 2}", "constant")
    elif isinstance(value, int):
        yield source.change(node, f"{value + 1}", "constant")
        if value > 0:
            yield source.change(node, f"{value - 1}", "constant")


def _statement(source: _Source, node: ast.stmt) -> Iterator[Change]:
    if isinstance(node, ast.If) and not isinstance(node.body[0], ast.Raise):
        test = source.text(node.test)
        yield source.change(
            node.test, f"(False and ({test}))", "branch", f"never: if {_short(test)}"
        )
    changes_what_is_given = (
        isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Call)
        and any(
            isinstance(given, ast.Name) and given.id == node.targets[0].id
            for argument in node.value.args
            for given in ast.walk(argument)
        )
    )
    is_call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    if changes_what_is_given or is_call:
        yield source.change(node, "pass", "step", f"left out: {_short(source.text(node))}")


def _rows(tree: Path) -> Iterator[Change]:
    """A row of a table of rules that a stage reads, hidden from all but tests."""
    for table in _rule_tables(tree):
        path = tree / "gazetteer" / f"{table}.tsv"
        lines = path.read_text(encoding="utf-8").splitlines()
        plain = [n for n, line in enumerate(lines) if line.strip() and not line.startswith("#")]
        for number in plain[1:]:
            hidden = _HIDDEN.replace("TABLE", repr(table))
            hidden = hidden.replace("ROW", repr(tuple(lines[number].split("\t"))))
            what = f"hidden: {_short(lines[number])}"
            where = path.relative_to(tree).as_posix()
            yield Change(where, number + 1, number, number, hidden, "row", what)


def _rule_tables(tree: Path) -> list[str]:
    """Tables of rules, as tables.tsv calls them, that one of the stages reads."""
    rows = [
        line.split("\t")
        for line in (tree / "gazetteer/words/tables.tsv").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    head = rows[0]
    said = [dict(zip(head, row, strict=True)) for row in rows[1:]]
    rules = {row["table"] for row in said if row["column"] == "*" and row["role"] == "rules"}
    stages = tuple(f"addrfix/{stage}/" for stage in STAGES)
    read = {
        row["table"]
        for row in said
        for module in row["read_by"].split()
        if module.startswith((*stages, "addrfix/patterns.py"))
    }
    return sorted(rules & read)
