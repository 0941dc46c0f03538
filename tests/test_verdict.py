"""Verdicts as the lines of `cases/verdict.tsv` say, and the examples of the tables behind them."""

from __future__ import annotations

import re

import pytest
from golden_lines import lines
from hypothesis import given, settings
from hypothesis import strategies as st

from addrfix.carriers.words import sign
from addrfix.flow.clean import Engine
from addrfix.knowledge import words
from addrfix.model.nouns import ParsedAddress, ResolvedAddress, Span
from addrfix.model.terms import SignClass, SpanLabel, Verdict
from addrfix.resolve.destination import missing, mostly_unread

CASES = lines("verdict")
POINTS = [row for row in words("collection_points") if row["kind"] != "parcel_sentence"]
SENTENCES = [row for row in words("collection_points") if row["kind"] == "parcel_sentence"]


def read_one(reading: Engine, text: str) -> ResolvedAddress:
    return reading.read([text])[1][0]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['note']}: {c['text']}")
def test_verdict(reading: Engine, case: dict[str, str]) -> None:
    place = read_one(reading, case["text"])
    assert place.verdict == case["verdict"], place.issues
    if case["issues"] == "-":
        assert "district_unknown" not in place.issues
    else:
        assert set(filter(None, case["issues"].split("|"))) <= set(place.issues)


@pytest.mark.parametrize("row", words("placeholders"), ids=lambda row: str(row["text"]))
def test_what_stands_in_for_an_address_is_told_wherever_it_stands(
    reading: Engine, row: dict[str, str]
) -> None:
    code = f"refers_to_{row['refers_to']}" if row["refers_to"] else "placeholder"
    alone = read_one(reading, row["text"])
    assert (alone.verdict, alone.issues) == (Verdict.UNDELIVERABLE, [code])
    for divisions in ("江苏省徐州市泉山区", "江苏省徐州市云龙区大龙湖街道 "):
        place = read_one(reading, divisions + row["text"])
        assert place.verdict == Verdict.MISSING_DETAIL
        # Not every one is understood, but each is told.
        assert set(place.issues) - {"unread_text"} == {code}


@pytest.mark.parametrize("row", POINTS, ids=lambda row: f"{row['kind']}-{row['word']}")
def test_a_collection_point_is_blocked_where_the_letter_would_end(
    reading: Engine, row: dict[str, str]
) -> None:
    assert row["word"] in row["example"] and row["word"] in row["counterexample"]
    place = read_one(reading, row["example"])
    assert (place.verdict, "parcel_locker" in place.issues) == (Verdict.BLOCKED, True)
    assert read_one(reading, row["counterexample"]).verdict != Verdict.BLOCKED


@pytest.mark.parametrize("row", SENTENCES, ids=lambda row: str(row["word"]))
def test_a_word_of_carriers_is_unattended(row: dict[str, str]) -> None:
    said, other = sign(row["example"]), sign(row["counterexample"])
    assert said is not None and said.sign_class == SignClass.UNATTENDED
    assert other is None or other.sign_class != SignClass.UNATTENDED


@pytest.mark.parametrize(
    "row", words("no_destination"), ids=lambda row: f"{row['kind']}-{row['word']}"
)
def test_a_word_that_ends_at_no_place(reading: Engine, row: dict[str, str]) -> None:
    place = read_one(reading, row["example"])
    assert place.verdict == Verdict.MISSING_DETAIL, place.issues
    place = read_one(reading, row["counterexample"])
    assert place.verdict == Verdict.DELIVERABLE, place.issues


def unread_place(unread: str | None) -> tuple[ResolvedAddress, ParsedAddress]:
    text = "云台区云台路8号啊哦呃嗯哎呀"
    spans = (
        Span(0, 3, SpanLabel.DISTRICT),
        Span(3, 6, SpanLabel.ROAD),
        Span(6, 8, SpanLabel.ROADNO),
    )

    class Read(ResolvedAddress):
        """A place that knows what of its text was not understood."""

    place = Read(road="云台路", road_number="8号")
    place.unread = unread
    return place, ParsedAddress(text, text, text, None, spans=spans)


def test_what_is_mostly_unread_misses_detail() -> None:
    assert mostly_unread(*unread_place("啊哦呃嗯哎呀"))
    assert missing(*unread_place("啊哦呃嗯哎呀")) == "unread_text"
    assert not mostly_unread(*unread_place("啊哦"))
    assert missing(*unread_place(None)) is None


_DIVISIONS = ("江苏省徐州市泉山区", "徐州市", "江苏省", "广东省东莞市", "仙桃市", "")
_PIECES = re.split(
    r"\s+",
    "云台路 8号 云台小区 3栋 502室 云台村 5组 地铁站 对面 旁 大桥下 村口 不详 某小区 XX路 *** "
    "菜鸟驿站 租房 测试 asdf 超市 学校 往北50米 (云台超市旁) ,快递放驿站 12楼 二期 口 北侧",
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(_DIVISIONS), st.lists(st.sampled_from(_PIECES), max_size=6))
def test_what_a_verdict_promises(reading: Engine, division: str, pieces: list[str]) -> None:
    place = read_one(reading, division + "".join(pieces))
    open_district = (
        place.city and not place.district and not place.town and division != "广东省东莞市"
    )
    assert ("district_unknown" in place.issues) == bool(open_district)
    if place.verdict == Verdict.DELIVERABLE:
        assert place.city
        assert any(
            (
                place.poi,
                place.floor,
                place.building,
                place.road_number,
                place.room,
                place.unit,
                place.group,
            )
        )
        assert not {"placeholder", "masked_text", "landmark"} & set(place.issues)
