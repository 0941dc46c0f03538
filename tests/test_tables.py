"""Every table of knowledge and every column of it is named, read, keyed, and its examples run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from table_examples import ELSEWHERE, OPEN, RUNNERS

from addrfix.flow.clean import Engine
from addrfix.knowledge import Column, columns_of, fault_of, folder, read_tsv, table_rows

ROOT = Path(__file__).parent.parent
TABLES = table_rows("words/tables")
WHOLE = {row["table"]: row for row in TABLES if row["column"] == "*"}
ROLES = {"rules", "words", "weights", "data", "texts"}
COLUMN_ROLES = {"key", "value", "example", "counterexample", "expect", "source", "note"}
FORMS = {"text", "number", "numbers", "pattern", "choice", "choices"}
READ = {"key", "value", "example", "counterexample", "expect"}


def path_of(table: str) -> Path:
    """The file of a table, wherever it lies."""
    if table.startswith("templates/"):
        return ROOT / f"{table}.tsv"
    tsv = ROOT / "gazetteer" / f"{table}.tsv"
    return tsv if tsv.exists() else tsv.with_suffix(".parquet")


def shipped() -> Iterator[tuple[str, Path]]:
    """Name and file of every table that is there."""
    gazetteer, templates = folder("gazetteer"), folder("templates")
    for path in sorted((*gazetteer.rglob("*.tsv"), *gazetteer.rglob("*.parquet"))):
        yield path.relative_to(gazetteer).with_suffix("").as_posix(), path
    for path in sorted(templates.rglob("*.tsv")):
        yield f"templates/{path.relative_to(templates).with_suffix('').as_posix()}", path


def rows_of(table: str) -> list[dict[str, str]]:
    return read_tsv(path_of(table))


TSV = sorted(table for table in WHOLE if path_of(table).suffix == ".tsv")


def test_every_table_is_named_and_every_one_named_is_there() -> None:
    assert sorted(WHOLE) == sorted(table for table, _ in shipped())


@pytest.mark.parametrize("table", sorted(WHOLE))
def test_every_column_is_named_and_every_one_named_is_there(table: str) -> None:
    path = path_of(table)
    there = (
        list(pl.read_parquet_schema(path)) if path.suffix == ".parquet" else list(rows_of(table)[0])
    )
    assert list(columns_of(table)) == there, f"name the columns of {table} in words/tables.tsv"


def test_roles_and_forms_are_of_closed_sets() -> None:
    assert {row["role"] for row in WHOLE.values()} <= ROLES
    columns = [row for row in TABLES if row["column"] != "*"]
    assert {row["role"] for row in columns} <= COLUMN_ROLES
    assert {row["form"] for row in columns} <= FORMS
    assert len({(row["table"], row["column"]) for row in TABLES}) == len(TABLES)
    assert all(row["meaning"] for row in TABLES)


@pytest.mark.parametrize("table", sorted(WHOLE))
def test_every_column_is_read_by_the_modules_named(table: str) -> None:
    name = table.rpartition("/")[2]
    for row in TABLES:
        if row["table"] != table or row["column"] == "*":
            continue
        assert bool(row["read_by"]) == (row["role"] in READ), row
        column = re.compile(rf"\b{re.escape(row['column'])}\b")
        for module in row["read_by"].split():
            code = (ROOT / module).read_text(encoding="utf-8")
            assert column.search(code), f"{module} does not name the column {row['column']}"
            # These name the column and are told the table, or its view, by another module.
            told = module in ("addrfix/score/knowledge.py",) or module.endswith(".sql")
            told |= module.startswith("scripts/")
            assert told or name in code, f"{module} does not name the table {table}"


@pytest.mark.parametrize("table", TSV)
def test_a_table_tells_its_source_and_its_version(table: str) -> None:
    lines = path_of(table).read_text(encoding="utf-8").splitlines()
    head = "\n".join(line for line in lines if line.startswith("#")).lower()
    assert "source: " in head or table == "sources"
    # What a script makes is as old as its source, which it names.
    assert re.search(r"version:? \d", head) or "made by scripts/" in head


@pytest.mark.parametrize("table", TSV)
def test_the_first_column_is_a_key_and_keys_tell_rows_apart(table: str) -> None:
    columns = columns_of(table)
    keys = [column for column, said in columns.items() if said.role == "key"]
    if not table.startswith("templates/"):
        assert keys[:1] == [next(iter(columns))], "a row is taken away by its first cell"
    found = [tuple(row[key] for key in keys) for row in rows_of(table)]
    assert [key for key, number in Counter(found).items() if number > 1] == []


@pytest.mark.parametrize("table", TSV)
def test_cells_are_of_their_form_and_a_key_is_one_word(table: str) -> None:
    rows = rows_of(table)
    for name, column in columns_of(table).items():
        known = {row[name] for row in rows}
        known |= {part for cell in known for part in cell.split("|")}
        faults = {fault for row in rows if (fault := fault_of(column.form, row[name], known))}
        assert not faults, name
        if column == Column("key", "text") and WHOLE[table]["role"] in ("words", "rules"):
            assert not [row[name] for row in rows if "|" in row[name].strip("|")], name


def test_a_table_of_rules_has_examples_and_what_runs_them() -> None:
    for table, row in WHOLE.items():
        if row["role"] == "rules":
            roles = {column.role for column in columns_of(table).values()}
            assert "example" in roles or "tests/cases/" in row["meaning"], table
        runs = (table in RUNNERS) + (table in ELSEWHERE)
        assert runs == (row["role"] in ("rules", "words")), f"{table}: see tests/table_examples.py"
    assert RUNNERS.keys() | ELSEWHERE.keys() <= WHOLE.keys()


@pytest.mark.parametrize("table", sorted(ELSEWHERE))
def test_the_tests_named_run_the_table(table: str) -> None:
    code = (ROOT / "tests" / ELSEWHERE[table]).read_text(encoding="utf-8")
    assert table.rpartition("/")[2] in code or "letter_rules" in code


@pytest.mark.parametrize("table", sorted(RUNNERS))
def test_every_row_does_what_it_says(reading: Engine, table: str) -> None:
    failed = []
    for row in rows_of(table):
        if next(iter(row.values())) in OPEN.get(table, ()):
            continue
        try:
            RUNNERS[table](row, reading)
        except (AssertionError, LookupError) as error:
            failed.append(f"{' '.join(row.values())}: {error}")
    assert not failed, "\n".join(failed[:20])
