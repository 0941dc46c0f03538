"""What carriers' codes and words are read as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from addrfix.carriers import words as say
from addrfix.carriers.nested import rows_of
from addrfix.carriers.protocol import carrier_named, carriers
from addrfix.carriers.times import read_time
from addrfix.knowledge import read_tsv, words
from addrfix.model.errors import BadSettings, BadUsage
from addrfix.model.event import EventReading, EventState, EventWords

CASES = read_tsv(Path(__file__).parent / "cases" / "carriers.tsv")
_CELLS = ("code", "operation", "sign", "reason", "state", "sub_state", "result", "text")


def _name(case: Mapping[str, str]) -> str:
    return "-".join([case["carrier"], *(case[cell] for cell in _CELLS if case[cell])])


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_golden_lines(case: dict[str, str]) -> None:
    written = EventWords(**{cell: case[cell] or None for cell in _CELLS})
    read = carrier_named(case["carrier"]).read(written)
    assert (
        read.state or "",
        read.sign_class or "",
        read.return_reason or "",
        "|".join(read.unknown),
    ) == (
        case["expect_state"],
        case["expect_signer"],
        case["expect_reason"],
        case["expect_unknown"],
    )


@pytest.mark.parametrize("row", words("carrier_phrases"), ids=lambda row: row["example"])
def test_every_phrase_is_reached_by_its_own_example(row: dict[str, str]) -> None:
    read = say.phrase(row["set"], row["example"])
    assert read is not None
    assert (read.state, read.sign_class or "", read.return_reason or "") == (
        row["state"],
        row["sign_class"],
        row["reason"],
    )


@pytest.mark.parametrize("row", words("return_reasons"), ids=lambda row: row["reason"])
def test_every_reason_is_found_in_its_own_example(row: dict[str, str]) -> None:
    assert say.reason_in(row["example"]) == row["reason"]


def test_reason_table_keeps_to_its_closed_sets() -> None:
    rows = words("return_reasons")
    assert len({row["reason"] for row in rows}) == len(rows)
    faults = {"address", "recipient", "sender", "carrier", "neutral", "unknown"}
    effects = {"hard", "soft", "valid", "weak_valid", "open", "exclude"}
    assert {row["fault"] for row in rows} <= faults
    assert {row["address_effect"] for row in rows} <= effects
    assert {row["scope"] for row in rows} <= {"debtor", "place", "none"}
    assert all(row["source"] and row["en"] and row["zh"] for row in rows)


@pytest.mark.parametrize(
    "table",
    ["carrier_operations", "carrier_states", "carrier_reason_codes", "carrier_phrases"],
)
def test_tables_use_only_known_words_and_name_their_sources(table: str) -> None:
    reasons = {row["reason"] for row in words("return_reasons")}
    for row in words(table):
        assert row["source"]
        assert row["reason"] in reasons | {""}
        assert row["state"] in {state.value for state in EventState} | {""}


def test_a_reversal_names_an_operation_that_exists() -> None:
    reversals = [row for row in words("carrier_operations") if row["state"] == "reversal"]
    assert len(reversals) == 18
    for row in reversals:
        read = say.operation(row["code"])
        assert read is not None and read.voids_state is not None


def test_no_name_of_an_operation_is_read_as_a_signature_unless_its_code_is_one() -> None:
    good = (EventState.DELIVERED, EventState.HANDED_OVER)
    for row in words("carrier_operations"):
        read = say.trace(row["name"])
        if read is not None and read.state in good:
            assert row["state"] in good, row["name"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-07-01 10:20:00", datetime(2026, 7, 1, 10, 20)),
        ("2026/7/1 9:05", datetime(2026, 7, 1, 9, 5)),
        ("2026-07-01", datetime(2026, 7, 1)),
        ("2026年7月1日 9时05分", datetime(2026, 7, 1, 9, 5)),
        ("20260701102000", datetime(2026, 7, 1, 10, 20)),
        ("20260701", datetime(2026, 7, 1)),
        ("2026-07-01T02:20:00Z", datetime(2026, 7, 1, 10, 20)),
        ("2026-07-01T10:20:00.123+08:00", datetime(2026, 7, 1, 10, 20)),
        ("46204.5", datetime(2026, 7, 1, 12)),
        ("1782872400", datetime(2026, 7, 1, 10, 20)),
        ("1782872400000", datetime(2026, 7, 1, 10, 20)),
        ("2026-02-30", None),
        ("昨天下午", None),
        ("", None),
        ("99999", None),
    ],
)
def test_times(written: str, expected: datetime | None) -> None:
    assert read_time(written) == expected


def test_nested_answers_become_rows() -> None:
    kuaidi = '{"nu":"N1","state":"3","data":[{"time":"t1","context":"a"},{"time":"t2"}]}'
    assert rows_of(kuaidi) == [
        {"nu": "N1", "state": "3", "time": "t1", "context": "a"},
        {"nu": "N1", "state": "3", "time": "t2"},
    ]
    pushed = '{"status":"x","lastResult":{"nu":"N2","data":[{"time":"t3","status":"y"}]}}'
    assert rows_of(pushed) == [{"status": "y", "nu": "N2", "time": "t3"}]
    assert rows_of('{"a":1,"b":[]}\n{"a":null}') == [{"a": "1"}, {"a": None}]
    with pytest.raises(ValueError, match="no objects"):
        rows_of("[1, 2]")


class _Pigeons:
    name = "pigeons"
    headers = {"鸽子号": "tracking_no"}  # noqa: RUF012

    def read(self, words: EventWords) -> EventReading:
        return EventReading(state=EventState.DELIVERED)


class _Point:
    def __init__(self, made: object) -> None:
        self.name, self.value, self._made = "pigeons", "loft:Pigeons", made

    def load(self) -> object:
        if isinstance(self._made, Exception):
            raise self._made
        return self._made


def test_a_carrier_of_another_package_attaches(monkeypatch: pytest.MonkeyPatch) -> None:
    points: list[_Point] = [_Point(_Pigeons)]
    monkeypatch.setattr("addrfix.carriers.protocol.entry_points", lambda group: points)
    carriers.cache_clear()
    try:
        assert list(carriers()) == ["chinapost", "kuaidi100", "kdniao", "plain_text", "pigeons"]
        points.append(_Point(_Pigeons))
        carriers.cache_clear()
        with pytest.raises(BadSettings, match="two carriers are called pigeons"):
            carriers()
        points[:] = [_Point(RuntimeError("no loft"))]
        carriers.cache_clear()
        with pytest.raises(BadSettings, match="loft:Pigeons"):
            carriers()
    finally:
        carriers.cache_clear()


def test_an_unknown_carrier_is_wrong_usage() -> None:
    with pytest.raises(BadUsage, match="chinapost"):
        carrier_named("pigeons")


@pytest.mark.parametrize("carrier", ["kuaidi100", "kdniao"])
def test_a_state_means_the_same_with_its_name_beside_it(carrier: str) -> None:
    reader = carrier_named(carrier)
    for row in words("carrier_states"):
        if row["carrier"] == carrier:
            read = reader.read(EventWords(state=row["code"]))
            assert reader.read(EventWords(operation=row["name"])) == read, row["name"]
            named = reader.read(EventWords(state=row["code"], operation=row["name"]))
            assert named == read, row["name"]


def test_an_operation_means_the_same_with_its_name_beside_it() -> None:
    reader = carrier_named("chinapost")
    for row in words("carrier_operations"):
        read = reader.read(EventWords(code=row["code"]))
        named = reader.read(EventWords(code=row["code"], operation=row["name"]))
        # A name may tell the reason beyond what the code tells.
        assert replace(named, return_reason=read.return_reason) == read, row["code"]


def test_only_what_is_proven_refuses_a_number() -> None:
    for row in words("tracking_numbers"):
        assert row["evidence"] in {"proven", "inferred", "shape"}
        assert (row["enforce"] == "reject") == (row["evidence"] == "proven"), row["format"]
        assert (row["check"] == "none") == (row["evidence"] == "shape"), row["format"]
        assert row["source"]
