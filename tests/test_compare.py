"""Pairs of addresses relate as the golden lines say."""

from __future__ import annotations

import polars as pl
import pytest
from golden_lines import lines

from addrfix.flow.clean import Engine
from addrfix.flow.compare import compare_frame
from addrfix.resolve.compare import compare

PAIRS = lines("compare")


@pytest.mark.parametrize("line", PAIRS, ids=[f"{p['a']} / {p['b']}" for p in PAIRS])
def test_pair(reading: Engine, line: dict[str, str]) -> None:
    _, (a, b) = reading.read([line["a"], line["b"]])
    one, other = compare(a, b), compare(b, a)
    assert one.relation == line["relation"], one.reasons
    assert (one.relation, one.similarity) == (other.relation, other.similarity)
    assert 0.0 <= one.similarity <= 1.0


def test_a_frame_of_pairs_keeps_its_order() -> None:
    frame = pl.DataFrame({"a": [p["a"] for p in PAIRS], "b": [p["b"] for p in PAIRS]})
    assert compare_frame(frame)["relation"].to_list() == [p["relation"] for p in PAIRS]
