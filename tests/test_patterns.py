"""Patterns are tables: each is composed, finds its example and leaves its counterexample alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from addrfix.knowledge import folder, laid_over, words
from addrfix.model.errors import BadSettings
from addrfix.patterns import compiled, composed, word_class, word_classes

CLASS = re.compile(r"\{=?([a-z_]+)\}")
CODE = Path(__file__).parent.parent / "addrfix"


@pytest.mark.parametrize("row", words("patterns"), ids=lambda row: str(row["name"]))
def test_a_pattern_finds_its_example_and_not_its_counterexample(row: dict[str, str]) -> None:
    found = compiled(row["pattern"])
    assert found.search(row["example"]) is not None
    # What may end with the text is looked for at one place only.
    looked = found.match if found.search("") else found.search
    assert looked(row["counterexample"]) is None


def test_names_of_patterns_are_given_once_and_asked_for() -> None:
    names = [row["name"] for row in words("patterns")]
    assert len(names) == len(set(names))
    code = "\n".join(path.read_text("utf-8") for path in CODE.rglob("*.py"))
    assert [name for name in names if f'"{name}"' not in code] == []


def test_every_class_of_words_is_used() -> None:
    tables = (folder("gazetteer") / "words").glob("*.tsv")
    used = {name for path in tables for name in CLASS.findall(path.read_text("utf-8"))}
    code = "\n".join(path.read_text("utf-8") for path in CODE.rglob("*.py"))
    assert [name for name in word_classes() if name not in used and f'"{name}"' not in code] == []


def test_a_word_stands_once_in_a_class() -> None:
    rows = [(row["class"], row["word"]) for row in words("word_classes")]
    assert len(rows) == len(set(rows))


def test_an_unknown_class_is_told_with_its_remedy() -> None:
    with pytest.raises(BadSettings, match="has no class no_such_class"):
        composed("{no_such_class}")


def test_longer_words_are_tried_first() -> None:
    known = word_class("numeral")
    assert list(known) == sorted(known, key=lambda word: (-len(word), word))


def test_own_words_come_first_and_take_away() -> None:
    shipped = [{"word": "路", "weight": "1"}, {"word": "街", "weight": "2"}]
    own = [
        {"word": "弄堂", "weight": "3"},
        {"word": "!街", "weight": ""},
        {"word": "路", "weight": "9"},
    ]
    assert laid_over(shipped, own, "road_words.tsv") == [
        {"word": "弄堂", "weight": "3"},
        {"word": "路", "weight": "9"},
    ]


def test_own_words_with_other_columns_are_told() -> None:
    with pytest.raises(BadSettings, match="it needs word, weight"):
        laid_over([{"word": "路", "weight": "1"}], [{"word": "巷"}], "road_words.tsv")
