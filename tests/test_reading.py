"""Addresses read as the golden lines say, and properties that hold for any text."""

from __future__ import annotations

import random

import polars as pl
import pytest
from golden_lines import lines
from hypothesis import given, settings
from hypothesis import strategies as st
from span_order import assert_spans_lie_in_order

from addrfix.flow.clean import Engine, ReadingSpec, clean_rows, read_batch
from addrfix.model.nouns import CaseFacts, ResolvedAddress
from addrfix.model.terms import Verdict
from addrfix.text.fold import Folder

GOLDEN = lines("reading")
LEVELS = ("province", "city", "district", "town", "village")


def _written(address: str, place: ResolvedAddress) -> dict[str, str]:
    return {
        "spans": "".join(f"[{label} {address[a:b]}]" for a, b, label in place.spans) or "-",
        "divisions": "/".join(getattr(place, level) or "-" for level in LEVELS),
        "verdict": place.verdict,
        "issues": "|".join(place.issues) or "-",
    }


@pytest.mark.parametrize("line", GOLDEN, ids=[line["address"] for line in GOLDEN])
def test_golden_line(reading: Engine, line: dict[str, str]) -> None:
    _, [place] = reading.read([line["address"]])
    found = _written(line["address"], place)
    wanted = {name: line[name] for name in found if line[name]}
    assert {name: found[name] for name in wanted} == wanted


ENVELOPES = lines("standardized")


@pytest.mark.parametrize("line", ENVELOPES, ids=[line["address"] for line in ENVELOPES])
def test_line_for_the_envelope(reading: Engine, line: dict[str, str]) -> None:
    _, [place] = reading.read([line["address"]])
    assert place.standardized == line["standardized"]


_WORDS = """浙江省 杭州 西湖区 朝阳区 城关镇 云台路 12号 3-2-501 云台小区 村 １２ 王建国 13800138000
 （ ） * 𠮷 同上 室 镇 街道 省 老家 - 310000 集体户 和 交叉口 A座 \ue000 é 臺"""
_PIECES = st.sampled_from([*_WORDS.split(), " ", "　", "\u200b", "\x00"])
_TEXTS = st.one_of(st.lists(_PIECES, max_size=14).map("".join), st.text(max_size=60))


@settings(max_examples=300, deadline=None)
@given(text=_TEXTS)
def test_spans_lie_in_the_raw_text_in_order(reading: Engine, text: str) -> None:
    _, [place] = reading.read([text])
    assert_spans_lie_in_order(text, place)


@settings(max_examples=300, deadline=None)
@given(text=_TEXTS)
def test_folding_keeps_every_character_or_drops_it_as_noise(text: str) -> None:
    folded = Folder({"東": "东"}).fold(text)
    assert len(folded.text) == len(folded.key) <= len(text)
    positions = tuple(range(len(text))) if folded.offset is None else folded.offset
    assert len(positions) == len(folded.text)
    assert list(positions) == sorted(set(positions))
    assert Folder({}).fold(folded.text).text == folded.text


@settings(max_examples=200, deadline=None)
@given(text=_TEXTS)
def test_a_result_is_whole(reading: Engine, text: str) -> None:
    _, [place] = reading.read([text])
    assert place.verdict in set(Verdict)
    assert (place.confidence is None) == (place.division_code is None)
    if place.town is not None:
        assert place.city is not None
    if place.division_code is not None:
        assert len(place.division_code) in (6, 9, 12) and place.division_code.isdigit()
    if place.verdict == Verdict.DELIVERABLE:
        assert place.standardized


def test_the_answer_does_not_depend_on_how_batches_are_cut(reading: Engine) -> None:
    shuffled = [line["address"] for line in GOLDEN] * 3
    random.Random(3).shuffle(shuffled)
    together = reading.read(shuffled)[1]
    apart = [reading.read([text])[1][0] for text in shuffled]
    assert together == apart


def test_every_row_comes_back_in_order() -> None:
    texts: list[str | None] = [line["address"] for line in GOLDEN]
    texts += [None, "", "x" * 10_000]
    cases = [f"C{number % 7}" for number in range(len(texts))]
    rows = pl.DataFrame({"address": texts, "case_id": cases})
    one = clean_rows(rows, workers=1, progress=False)
    assert one.height == rows.height
    assert one.equals(read_batch(rows, ReadingSpec()))
    assert one["verdict"].null_count() == 0


def test_a_pool_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("addrfix.flow.clean._BATCH", 40)
    texts = [line["address"] for line in GOLDEN] * 2
    rows = pl.DataFrame({"address": texts, "case_id": [f"C{n // 3}" for n in range(len(texts))]})
    serial = clean_rows(rows, workers=1, progress=False)
    pooled = clean_rows(rows, workers=2, progress=False)
    assert serial.equals(pooled)


def test_the_case_decides_only_what_the_text_leaves_open(reading: Engine) -> None:
    open_text = "朝阳区云台路12号"
    beijing = CaseFacts("C1", "110105199001011232", None)
    _, [alone] = reading.read([open_text])
    _, [known] = reading.read([open_text], [beijing])
    assert alone.verdict == Verdict.AMBIGUOUS and len(alone.candidates) >= 2
    assert (known.province, known.district) == ("北京市", "朝阳区")
    assert "context_id_card" in known.issues and "province" in known.inferred
    # What is written stays, whatever the ID card says.
    _, [written] = reading.read(["吉林省长春市朝阳区云台路12号"], [beijing])
    assert written.province == "吉林省" and "context_id_card" not in written.issues


def test_another_address_of_the_case_decides(reading: Engine) -> None:
    texts = ["朝阳区云台路12号", "北京市海淀区云台路3号", "朝阳区云台路12号"]
    facts = [CaseFacts("C1"), CaseFacts("C1"), CaseFacts("C2")]
    _, [first, _, other] = reading.read(texts, facts)
    assert first.province == "北京市" and "context_case" in first.issues
    assert other.verdict == Verdict.AMBIGUOUS
