"""The guide to templates names every source, filter, column and kind, and its examples are read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from addrfix.flow.documents import HEADERS
from addrfix.knowledge import folder, read_tsv, template_names
from addrfix.letters.facts import SOURCES, TYPES
from addrfix.letters.placeholders import FILTERS, parse
from addrfix.letters.rows import COLUMNS
from addrfix.letters.template import KINDS
from addrfix.letters.template_files import read_template

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(params=["templates.md", "templates.zh-CN.md"])
def guide(request: pytest.FixtureRequest) -> str:
    return (DOCS / str(request.param)).read_text(encoding="utf-8")


def rows(guide: str) -> list[list[str]]:
    """The rows of its tables."""
    lines = (line for line in guide.splitlines() if line.startswith("| "))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_source_is_told_with_its_types(guide: str) -> None:
    told = {
        name: tuple(row[1].split(", "))
        for row in rows(guide)
        for name in names(row[0])
        if re.match(r"(letter|pick|case|sender)\.", name) and len(row) == 3
    }
    assert told == {name: TYPES[kind] for name, kind in SOURCES.items()}


def test_every_template_and_kind_is_told(guide: str) -> None:
    told = {
        names(row[0])[0]: names(row[1])[0]
        for row in rows(guide)
        if row[0][1:-1] in template_names()
    }
    assert told == {name: read_template(name).kind for name in template_names()}
    assert set(told.values()) == set(KINDS)


def test_columns_and_filters_are_told(guide: str) -> None:
    told = {row[0][1:-1]: names(row[1]) for row in rows(guide) if len(row) == 2}
    assert {source: told[source] for source in COLUMNS} == {
        source: list(columns) for source, columns in COLUMNS.items()
    }
    assert all(f"`{name}" in guide for name in FILTERS)


def test_columns_and_reasons_of_documents_are_told(guide: str) -> None:
    told = {names(row[0])[0] for row in rows(guide) if row[0].startswith("`") and len(row) == 2}
    assert set(HEADERS) <= told
    reasons = [
        row["reason"] for row in read_tsv(folder("templates") / "rules" / "hold_reasons.tsv")
    ]
    assert all(f"`{name}`" in guide for name in reasons if name.startswith("document_"))


def test_its_examples_can_be_read(guide: str) -> None:
    fields = read_template("lawyer_letter").fields
    kinds = {name: COLUMNS.get(use.source, use.kind) for name, use in fields.items()}
    fenced = re.findall(r"^```(\w*)\n(.*?)^```", guide, re.S | re.M)
    examples = [block for language, block in fenced if not language and "{%" in block]
    read = [parse(block, kinds) for block in examples if "faults" not in block]
    assert len(read) == 3
