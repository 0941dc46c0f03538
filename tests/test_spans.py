"""Elements below the divisions: golden lines by kind of mistake, and what holds for any text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from golden_lines import lines
from hypothesis import given, settings
from hypothesis import strategies as st

from addrfix.flow.clean import Engine
from addrfix.reading.elements import Scan
from addrfix.reading.lexicon import lexicon
from addrfix.reading.structure import segment

GOLDEN = lines("spans")


@pytest.mark.parametrize("line", GOLDEN, ids=[line["address"] for line in GOLDEN])
def test_golden_line(reading: Engine, line: dict[str, str]) -> None:
    address = line["address"]
    _, [place] = reading.read([address])
    assert "".join(f"[{label} {address[a:b]}]" for a, b, label in place.spans) == line["spans"]


_WORDS = """云台 云杉 云帆 路 大道 号 12 3- B 座 幢 楼 单元 室 村 社区 组 小区 花园 工业区 公司 旁
对面 与 和 东 南 一 二 区 期 弄 巷 之 附 甲 - , （ 门卫 浙江大学 口 米"""
_PIECES = st.sampled_from(_WORDS.split())


@settings(max_examples=300, deadline=None)
@given(text=st.lists(_PIECES, max_size=16).map("".join))
def test_elements_are_in_order_and_alone_in_their_place(text: str) -> None:
    spans = segment(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert segment(text) == spans


@pytest.mark.parametrize("text", ["云" * 400, "1" * 400, "a" * 400, "路" * 400, "-" * 400])
def test_the_work_grows_with_the_text_and_no_faster(text: str) -> None:
    def looked_at(piece: str) -> int:
        scan = Scan(piece, lexicon(), (), (), ())
        return sum(len(scan.at(start)) for start in range(len(piece)))

    assert looked_at(text) <= 2.2 * looked_at(text[:200])
