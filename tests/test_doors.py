"""Doors and streets below the divisions: golden lines, rows of the tables, streets of 500 towns."""

from __future__ import annotations

import random

import pytest
from golden_lines import lines
from hypothesis import given, settings
from hypothesis import strategies as st

from addrfix.flow.clean import Engine
from addrfix.knowledge import words
from addrfix.model.nouns import Mention
from addrfix.patterns import compiled, word_class
from addrfix.reading.lexicon import lexicon
from addrfix.reading.numbering import Numbers
from addrfix.reading.structure import segment

GOLDEN = lines("doors")
PARTS = tuple(name for name in GOLDEN[0] if name != "text")
STREETS = ("南街", "北街", "东街", "西街", "东大街", "新云西街", "南环路")
OF_NAME = {"road": "road", "zone": "devzone", "village": "community", "group": "village_group"}


@pytest.mark.parametrize("line", GOLDEN, ids=[line["text"] for line in GOLDEN])
def test_golden_line(reading: Engine, line: dict[str, str]) -> None:
    _, [place] = reading.read([line["text"]])
    assert {part: getattr(place, part) or "-" for part in PARTS} == {p: line[p] for p in PARTS}
    written = [line[part] for part in PARTS if line[part] != "-"]
    assert place.standardized is not None
    assert [part for part in written if part not in place.standardized] == []


def _ends(text: str, label: str) -> set[int]:
    return {span.end for span in segment(text) if span.label.value == label}


@pytest.mark.parametrize("row", words("number_words"), ids=lambda row: row["example"])
def test_what_may_follow_the_word_of_a_number(row: dict[str, str]) -> None:
    example, other = row["example"], row["counterexample"]
    found = {number.end for number in Numbers(example, lexicon()).at(0)}
    assert len(example) in found
    rest = compiled(row["pattern"])
    if row["kind"] == "tail":
        begins = [at for at in range(1, len(example)) if rest.fullmatch(example, at)]
        assert begins and {example[at] for at in begins} <= set(word_class("number_tail_opener"))
        assert not any(rest.match(other, at) for at in range(1, len(other)))
    else:
        end = other.index(row["suffix"]) + len(row["suffix"])
        assert rest.match(other, end)
        assert end not in {number.end for number in Numbers(other, lexicon()).at(0)}


@pytest.mark.parametrize("row", words("name_guards"), ids=lambda row: row["example"])
def test_a_name_before_such_a_word_is_none(row: dict[str, str]) -> None:
    end = row["example"].rindex(row["behind"])
    assert end not in _ends(row["example"], OF_NAME.get(row["kind"], row["kind"]))


@pytest.mark.parametrize("row", words("behind_road"), ids=lambda row: row["example"])
def test_a_road_before_such_a_word_is_part_of_a_place(row: dict[str, str]) -> None:
    assert row["example"].index(row["word"]) not in _ends(row["example"], "road")


@pytest.mark.parametrize("row", words("name_interior"), ids=lambda row: row["example"])
def test_what_a_name_of_a_place_rarely_has_inside(row: dict[str, str]) -> None:
    found = compiled(row["pattern"]).search(row["example"])
    assert found is not None and set(row["needs"]) & set(found.group())
    assert compiled(row["pattern"]).search(row["counterexample"]) is None


@pytest.mark.parametrize(
    "row",
    [row for row in words("number_rules") if row["form"] != "one"],
    ids=lambda r: r["example"],
)
def test_several_numbers_in_one_are_one_element(row: dict[str, str]) -> None:
    example = row["example"]
    span = segment(example)[-1]
    # A place is poi or subpoi by what stands before it.
    assert span.label.value.removeprefix("sub") == row["label"]
    assert span.end == len(example)
    assert sum(piece.isdigit() for piece in example[span.start : span.end]) >= 2


def _in_full(reading: Engine, town: int) -> tuple[str, list[Mention]]:
    """A town with all that is above it, as text and as mentions."""
    index, chain = reading.index, [town]
    while (parent := index.parents[chain[0]]) >= 0:
        chain.insert(0, parent)
    text, mentions = "", []
    for division in chain:
        name = index.names[division]
        level = index.levels[division]
        mentions.append(Mention(len(text), len(text) + len(name), division, level, "official"))
        text += name
    return text, mentions


def test_a_street_behind_a_town_is_a_road_whole(reading: Engine) -> None:
    towns = [number for number, level in enumerate(reading.index.levels) if level == 4]
    wrong = []
    for town in random.Random(10).sample(towns, 500):
        text, mentions = _in_full(reading, town)
        for street in STREETS:
            spans = segment(f"{text}{street}8号", mentions)
            road = [span for span in spans if span.label.value == "road"]
            if [(span.start, span.end) for span in road] != [(len(text), len(text) + len(street))]:
                wrong.append(f"{text}{street}")
    assert wrong == []


_WORDS = """3 12 501 1203 A B - / 、 至 号 栋 单元 室 楼 层 附 乙 负 五零二 三 东 户 院 内"""
_PIECES = st.sampled_from(_WORDS.split())
_NUMBERED = ("road_number", "building", "unit", "floor", "room")


@settings(max_examples=300, deadline=None)
@given(tail=st.lists(_PIECES, min_size=1, max_size=8).map("".join))
def test_every_door_stands_on_the_line_as_written(reading: Engine, tail: str) -> None:
    _, [place] = reading.read([f"江苏省徐州市泉山区云台路8号云台小区{tail}"])
    parts = [getattr(place, name) for name in _NUMBERED]
    assert [part for part in parts if part and part not in (place.standardized or "")] == []
