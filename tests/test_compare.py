"""Pairs of addresses relate as the golden lines say, in either order."""

from __future__ import annotations

import logging

import polars as pl
import pytest
from golden_lines import lines
from hypothesis import given
from hypothesis import strategies as st

from addrfix.compare.rarity import bits
from addrfix.flow.compare import compare_frame, compare_texts
from addrfix.knowledge import words
from addrfix.model.terms import Relation
from addrfix.text.numerals import arabic, number_key

PAIRS = lines("compare")
TEXTS = sorted({text for pair in PAIRS for text in (pair["a"], pair["b"])})
# Pieces that build addresses of all shapes, sensible or not.
_PIECES = (
    *("衢州市", "柯城区", "江山市", "清湖街道", "白塔村", "3组", "云台路", "砚瓦山路88弄", "12号"),
    *(
        "12-3号",
        "与",
        "交叉口",
        "东50米",
        "附近",
        "禹香苑",
        "阳光花园",
        "一期",
        "西区",
        "3幢",
        "2单元",
    ),
    *(
        "502室",
        "二楼",
        "(南门)",
        "永福超市",
        "(云台店)",
        "鹿鸣五金有限公司",
        "对面",
        "·",
        " ",
        "中心",
    ),
)
ADDRESSES = st.lists(st.sampled_from(_PIECES), max_size=7).map("".join) | st.sampled_from(TEXTS)


@pytest.mark.parametrize("line", PAIRS, ids=[f"{p['a']} / {p['b']}" for p in PAIRS])
def test_pair(line: dict[str, str]) -> None:
    found = compare_texts(line["a"], line["b"])
    assert found.relation == line["relation"], found.reasons


@given(ADDRESSES, ADDRESSES)
def test_the_order_of_the_two_does_not_matter(a: str, b: str) -> None:
    found = compare_texts(a, b)
    assert found == compare_texts(b, a)
    assert 0.0 <= found.similarity <= 1.0
    assert found.reasons


@given(ADDRESSES)
def test_a_text_that_names_a_door_or_place_is_the_same_as_itself(text: str) -> None:
    placed = f"{text}衢州市柯城区砚瓦山路12号禹香苑3幢"
    assert compare_texts(placed, placed).relation is Relation.SAME


def test_the_relations_do_not_overlap_in_similarity() -> None:
    found = [compare_texts(pair["a"], pair["b"]) for pair in PAIRS]
    span = {
        relation: [one.similarity for one in found if one.relation is relation]
        for relation in Relation
    }
    assert max(span[Relation.DIFFERENT]) < min(span[Relation.PARTIAL])
    assert max(span[Relation.PARTIAL]) < min(span[Relation.SAME])


def test_a_frame_of_pairs_keeps_its_order_and_its_gaps() -> None:
    frame = pl.DataFrame(
        {"a": [*(p["a"] for p in PAIRS), None, ""], "b": [*(p["b"] for p in PAIRS), None, "云台路"]}
    )
    expected = [*(p["relation"] for p in PAIRS), "different", "different"]
    assert compare_frame(frame)["relation"].to_list() == expected


def test_a_frame_without_pairs() -> None:
    empty = pl.DataFrame(schema={"a": pl.String, "b": pl.String})
    assert compare_frame(empty).schema == {"relation": pl.String, "similarity": pl.Float64}


def test_everyday_words_tell_less_than_made_up_names() -> None:
    assert bits("阳光") < bits("云台") < bits("禹香苑")


def test_counting_words_says_nothing_on_the_way(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        bits("砚瓦山")
    assert not caplog.records


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("三单元五〇二室", "3单元502室"),
        ("十二号", "12号"),
        ("一百零三号", "103号"),
        ("第一百货", "第1百货"),
        ("百货大楼", "百货大楼"),
        ("叁栋", "3栋"),
    ],
)
def test_numerals(written: str, digits: str) -> None:
    assert arabic(written) == digits


def test_a_number_key_tells_numbers_apart_and_not_their_spelling() -> None:
    assert number_key("第3号楼") == number_key("三幢") == number_key("03#") == "3"
    assert number_key("西区") != number_key("东区")
    assert number_key("小区") is None


def test_each_ending_has_one_kind() -> None:
    kinds = [(row["word"], row["kind"] == "trade") for row in words("compare_kinds")]
    assert len(set(kinds)) == len(kinds)
