"""Pairs of addresses relate as the golden lines say, in either order."""

from __future__ import annotations

import logging

import polars as pl
import pytest
from golden_lines import lines
from hypothesis import given, settings
from hypothesis import strategies as st

import addrfix
from addrfix.compare import evidence
from addrfix.compare.endings import Kind, bare, kind_at_end
from addrfix.compare.rarity import bits
from addrfix.flow.compare import compare_frame, compare_texts
from addrfix.knowledge import words
from addrfix.model.terms import Relation, Verdict
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


# How far each relation reaches, so that the number alone tells the relation.
SPANS = {
    Relation.DIFFERENT: (0.0, 0.4),
    Relation.PARTIAL: (0.45, 0.9),
    Relation.SAME: (0.95, 1.0),
}
# Whole addresses that are deliverable, without their divisions.
_TAILS = (
    *("云台路12号", "云台路12-3号", "云台花园3栋502室", "云台路12号云台花园3栋2单元502"),
    *("砚瓦山路88弄5号", "禹香苑", "禹香苑3幢", "云台大厦5楼鹿鸣餐厅", "云台小学"),
)
_PLACES = ("浙江省衢州市柯城区", "江苏省徐州市泉山区", "四川省成都市青羊区", "徐州市鼓楼区")
DIRT = lines("compare_dirt")


@pytest.mark.parametrize("line", PAIRS, ids=[f"{p['a']} / {p['b']}" for p in PAIRS])
def test_pair(line: dict[str, str]) -> None:
    found = compare_texts(line["a"], line["b"])
    assert found.relation == line["relation"], found.reasons


@settings(deadline=None)
@given(ADDRESSES, ADDRESSES)
def test_the_order_of_the_two_does_not_matter(a: str, b: str) -> None:
    found = compare_texts(a, b)
    assert found == compare_texts(b, a)
    lowest, highest = SPANS[found.relation]
    assert lowest <= found.similarity <= highest
    assert found.reasons


@settings(deadline=None)
@given(ADDRESSES)
def test_a_text_that_names_a_door_or_place_is_the_same_as_itself(text: str) -> None:
    placed = f"{text}衢州市柯城区砚瓦山路12号禹香苑3幢"
    assert compare_texts(placed, placed).relation is Relation.SAME


def test_a_deliverable_text_is_the_same_as_itself() -> None:
    no_place = {p["a"] for p in PAIRS if p["a"] == p["b"] and p["relation"] == "different"}
    texts = [text for text in TEXTS if text not in no_place]
    read = addrfix.clean(pl.DataFrame({"地址": texts}), context=False)
    deliverable = read.filter(pl.col("verdict") == Verdict.DELIVERABLE)["地址"]
    assert deliverable.len() > 100
    found = compare_frame(pl.DataFrame({"a": deliverable, "b": deliverable}))
    assert found["relation"].unique().to_list() == [Relation.SAME]
    assert found["similarity"].unique().to_list() == [1.0]


@settings(deadline=None)
@given(st.sampled_from(_PLACES), st.sampled_from(_PLACES), st.sampled_from(_TAILS))
def test_a_parted_province_or_city_is_never_one_place(one: str, other: str, tail: str) -> None:
    found = compare_texts(f"{one}{tail}", f"{other}{tail}")
    if one == other:
        assert found.relation is Relation.SAME
    elif "徐州" in one and "徐州" in other:
        assert "district_differs" in found.reasons or found.relation is Relation.DIFFERENT
    else:
        assert found.relation is Relation.DIFFERENT


@pytest.mark.parametrize("line", DIRT, ids=[line["dirt"] for line in DIRT])
def test_dirt_does_not_change_how_two_addresses_relate(line: dict[str, str]) -> None:
    clean = f"{_PLACES[0]}荷花街道{_TAILS[3]}"
    for tail, expected in (
        (_TAILS[3], Relation.SAME),
        ("云台路12号云台花园3栋2单元503", Relation.PARTIAL),
        ("鹿鸣路7号", Relation.DIFFERENT),
    ):
        dirty = line["dirt"].format(a=f"{_PLACES[0]}荷花街道{tail}")
        found = compare_texts(clean, dirty)
        assert found.relation is expected, found.reasons


@pytest.mark.parametrize("text", [*(row["text"] for row in words("placeholders")), "***"])
def test_what_stands_in_for_an_address_is_no_place(text: str) -> None:
    assert compare_texts(text, text).relation is Relation.DIFFERENT
    placed = compare_texts(f"衢州市柯城区{text}", f"衢州市柯城区{text}")
    assert placed.relation is Relation.DIFFERENT


def test_letters_alone_are_no_place() -> None:
    assert compare_texts("asdfgh", "asdfgh").relation is Relation.DIFFERENT


@pytest.mark.parametrize("row", words("compare_bits"), ids=lambda row: str(row["term"]))
def test_each_row_of_bits_decides_its_example(
    row: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert compare_texts(row["a"], row["b"]).relation == row["relation"]
    without = {**evidence._asked(), row["term"]: (0.0, 0.0)}
    monkeypatch.setattr(evidence, "_asked", lambda: without)
    assert compare_texts(row["a"], row["b"]).relation != row["relation"]


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


@pytest.mark.parametrize("row", words("compare_kinds"), ids=lambda row: str(row["word"]))
def test_each_word_for_a_kind_is_set_aside_or_told(row: dict[str, str]) -> None:
    if row["kind"] == "trade":
        assert bare(f"禹香{row['word']}有限公司") == "禹香"
    else:
        kind = Kind.SITE if row["kind"] == "plain" else Kind(row["kind"])
        assert kind_at_end(f"禹香{row['word']}") is kind


def test_each_ending_has_one_kind() -> None:
    kinds = [(row["word"], row["kind"] == "trade") for row in words("compare_kinds")]
    assert len(set(kinds)) == len(kinds)
