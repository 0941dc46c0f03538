"""Every word and rule row of the reading brings an example; here the examples are run."""

from __future__ import annotations

import re

import pytest

from addrfix.flow.clean import Engine
from addrfix.knowledge import folder, words
from addrfix.patterns import compiled
from addrfix.reading.marking import usable_hits
from addrfix.reading.structure import segment
from addrfix.resolve.stand_in import stands_in
from addrfix.resolve.verdict import blocked_reason


@pytest.mark.parametrize("row", words("blocked"), ids=lambda row: str(row["reason"]))
def test_blocked_example_and_counterexample(row: dict[str, str]) -> None:
    assert blocked_reason(row["example"]) == row["reason"]
    assert blocked_reason(row["counterexample"]) != row["reason"]
    found = compiled(row["pattern"]).search(row["example"])
    assert found is not None and not set(row["needs"]).isdisjoint(found.group())


@pytest.mark.parametrize("row", words("placeholders"), ids=lambda row: str(row["text"]))
def test_placeholder(row: dict[str, str]) -> None:
    assert stands_in(row["text"]) == row["refers_to"]


def test_an_address_is_no_placeholder() -> None:
    assert stands_in("衢州市柯城区云台路3号") is None


@pytest.mark.parametrize("row", words("number_rules"), ids=lambda row: f"{row['example']}")
def test_number_example_has_its_element(row: dict[str, str]) -> None:
    labels = {span.label.value for span in segment(row["example"])}
    # A first place is poi, a further one subpoi: that depends on what the example has before.
    places = {"poi", "subpoi"}
    wanted = places if row["label"] in places else {row["label"]}
    assert labels & wanted, f"{row['example']}: {sorted(labels)}"


@pytest.mark.parametrize("row", words("road_words"), ids=lambda row: str(row["example"]))
def test_road_example_is_a_road(row: dict[str, str]) -> None:
    example = row["example"]
    [span] = segment(example)
    assert (span.start, span.end, span.label) == (0, len(example), "road")


@pytest.mark.parametrize("row", words("not_division_before"), ids=lambda row: str(row["example"]))
def test_a_name_before_such_a_word_is_no_division(reading: Engine, row: dict[str, str]) -> None:
    key = row["example"]
    before = key.index(row["word"], 1)
    hits = usable_hits(key, reading.index.hits(key))
    short = ("short", "historic_short")
    kept = [
        form
        for hit in hits
        if hit.end == before
        for form in hit.forms
        if form.kind in short and (row["rules_out"] != "town" or form.level == 4)
    ]
    assert kept == []


def test_reason_codes_cover_what_the_code_says() -> None:
    known = {row["code"] for row in words("reason_codes")}
    used: set[str] = {row["reason"] for row in words("blocked")}
    used |= {f"refers_to_{row['refers_to']}" for row in words("placeholders") if row["refers_to"]}
    used |= {row["reason"] for row in words("witnesses") if row["reason"]}
    package = folder("gazetteer").parent / "addrfix"
    for stage in ("reading", "resolve"):
        for path in (package / stage).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            used |= set(re.findall(r'issues[,.][^"\n]*"([a-z_]+)"', text))
            used |= set(re.findall(r'reason = \(?"([a-z_]+)"', text))
    assert used <= known
