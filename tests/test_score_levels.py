"""Each factor's levels, from the lines of `cases/score_levels.tsv`; and the table of weights."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from addrfix.knowledge import folder, read_tsv
from addrfix.score.evidence import prepare
from addrfix.score.factors import FACTORS
from addrfix.score.knowledge import patterns, shipped_levels, source_families
from addrfix.score.past import with_past
from addrfix.score.weigh import levels_of

CASES = read_tsv(Path(__file__).parent / "cases" / "score_levels.tsv")
AS_OF = date(2026, 6, 30)


def parts(cell: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pair in filter(None, cell.split("; ")):
        column, value = pair.split("=")
        found[column] = value
        if column in ("inferred", "replaced", "issues"):
            found[column] = [value]
        elif column == "confidence":
            found[column] = float(value)
        elif column == "recorded_on":
            found[column] = date.fromisoformat(value)
    return found


def levels(*rows: dict[str, Any]) -> pl.DataFrame:
    frame = pl.from_dicts([{"case_id": "C1", **row} for row in rows], infer_schema_length=None)
    return levels_of(with_past(prepare(frame, AS_OF), None, same_day=True), FACTORS)


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['factor']}-{c['level']}-{c['note']}")
def test_level(case: dict[str, str]) -> None:
    rows = [parts(case["address"])] + ([parts(case["other"])] if case["other"] else [])
    assert levels(*rows)[case["factor"]][0] == case["level"]


def test_every_level_of_these_factors_has_a_case() -> None:
    shown = {(case["factor"], case["level"]) for case in CASES}
    by_letters = ("debtor_history", "place_history")  # test_score_past.py
    known = {
        (factor, level)
        for factor, found in shipped_levels().items()
        for level in found
        if factor not in by_letters
    }
    assert shown == known


def test_every_factor_has_an_otherwise_and_its_table_agrees() -> None:
    for factor in FACTORS:
        notes = factor.about()
        assert factor.otherwise in notes
        assert all(note.en and note.zh for note in notes.values())


def test_completeness_never_rises_down_the_table() -> None:
    weights = [note.weight for note in shipped_levels()["completeness"].values()]
    assert weights == sorted(weights, reverse=True)


def test_sources_table_covers_the_closed_set() -> None:
    assert set(source_families()) == set(shipped_levels()["source"])


@pytest.mark.parametrize(
    ("table", "word", "whole"),
    [
        ("kinds", "kind", False),
        ("case_status", "reason", False),
        ("results", "outcome", False),
        ("opt_out", "meaning", True),
    ],
)
def test_examples_of_word_tables(table: str, word: str, whole: bool) -> None:
    rows = read_tsv(folder("gazetteer") / "score" / f"{table}.tsv")
    assert rows
    for row in rows:
        first = next(
            p.word
            for p in patterns(table, word)
            if (re.fullmatch if whole else re.search)(p.pattern, row["example"], re.IGNORECASE)
        )
        assert first == row[word], row["example"]


def test_the_page_about_choosing_lists_the_factors() -> None:
    page = Path(__file__).parent.parent / "docs" / "choosing.md"
    listed = re.findall(r"^\| `(\w+)` \|", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == [factor.name for factor in FACTORS]
