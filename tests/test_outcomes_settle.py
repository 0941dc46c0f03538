"""One outcome a letter, from whatever its carriers said in whatever order."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addrfix.carriers.events import SCHEMA, merged, read_events
from addrfix.carriers.result_files import recognise_results, result_lines
from addrfix.knowledge import read_tsv
from addrfix.model.event import EventState
from addrfix.model.terms import Outcome, SignClass
from addrfix.outcomes.intervals import wilson
from addrfix.outcomes.settle import Event, settle
from addrfix.outcomes.table import settle_batch

TRACES = read_tsv(Path(__file__).parent / "cases" / "carriers_traces.tsv")
YEAR = 2026


def _events(lines: str) -> pl.DataFrame:
    coded: list[tuple[str, str, str, str, str]] = []
    told: list[tuple[str, str, str]] = []
    for line in filter(None, (part.strip() for part in lines.split(";"))):
        code, day, *cell = line.split(" ")
        when = f"{YEAR}-{day}"
        if code == "text":
            told.append(("N", when, cell[0]))
        else:
            failed = code == "705"
            sign, reason = ("", cell[0]) if failed and cell else ("".join(cell), "")
            coded.append(("N", code, when, sign, reason))
    frames = [
        pl.DataFrame(
            coded, ["邮件号", "操作码", "操作时间", "签收情况", "未妥投原因"], orient="row"
        ),
        pl.DataFrame(told, ["运单号", "时间", "轨迹"], orient="row"),
    ]
    return read_events(merged([_lines(frame.cast(pl.String)) for frame in frames]))


def _lines(frame: pl.DataFrame) -> pl.DataFrame:
    lines = result_lines(frame, recognise_results(frame.columns)).frame
    lines = lines.with_columns(letter_id=pl.lit("L"), tracking_no=pl.lit("N"))
    return lines.select(
        (pl.col(name) if name in lines.columns else pl.lit(None)).cast(SCHEMA[name]).alias(name)
        for name in SCHEMA
    )


def _row(case: dict[str, str]) -> dict[str, object]:
    return {
        "outcome": case["outcome"],
        "sign_class": case["signer"] or None,
        "return_reason": case["reason"] or None,
        "posted_on": _day(case["posted"]),
        "final_on": _day(case["final"]),
        "attempts": int(case["attempts"]),
    }


def _day(text: str) -> date | None:
    return date.fromisoformat(f"{YEAR}-{text}") if text else None


@pytest.mark.parametrize("case", TRACES, ids=lambda case: case["note"] or case["lines"])
def test_golden_traces(case: dict[str, str]) -> None:
    letters = pl.DataFrame({"letter_id": ["L"], "tracking_no": ["N"]})
    settled = settle_batch(letters, _events(case["lines"])).row(0, named=True)
    assert settled == {"tracking_no": "N", "letter_id": "L"} | _row(case)


def test_ten_thousand_letters_in_shuffled_overlapping_files_settle_alike() -> None:
    """Every letter has one of the golden traces, in an order of its own and with lines twice."""
    rng = random.Random(1)
    traces = [(_row(case), _events(case["lines"])) for case in TRACES]
    wanted = [traces[place % len(traces)][0] for place in range(10_000)]
    lines = pl.concat(
        trace.with_columns(letter_id=pl.lit(f"L{place}"))
        for place in range(10_000)
        for trace in [traces[place % len(traces)][1]]
    )
    shuffled = lines.sample(fraction=1, shuffle=True, seed=2)
    twice = lines.sample(fraction=0.5, shuffle=True, seed=3)
    files = [lines[: len(lines) // 2], twice, shuffled[len(lines) // 3 :], shuffled]
    rng.shuffle(files)
    letters = pl.DataFrame(
        {"letter_id": [f"L{place}" for place in range(10_000)], "tracking_no": [None] * 10_000}
    )
    settled = settle_batch(
        letters, read_events(merged(files)).sample(fraction=1, shuffle=True, seed=5)
    )
    assert settled.drop("letter_id", "tracking_no").to_dicts() == wanted


def test_ten_thousand_orders_of_one_trace_settle_alike() -> None:
    """A long trace with reversals, two returns and lines of one moment, in 10,000 orders."""
    rng = random.Random(4)
    vague = frozenset({"OTHER"})
    state = [
        EventState.ACCEPTED, EventState.OUT_FOR_DELIVERY, EventState.FAILED, EventState.DELIVERED,
        EventState.DELIVERED, EventState.REVERSAL, EventState.LOCKER, EventState.RETURN_STARTED,
    ]  # fmt: skip
    for _ in range(100):
        events = [
            Event(
                at=datetime(YEAR, 7, rng.randrange(1, 6)),
                state=rng.choice(state),
                carrier="chinapost",
                code=rng.choice(["704", "705", None]),
                sign_class=rng.choice([None, *SignClass]),
                return_reason=rng.choice([None, "MOVED", "OTHER"]),
                voids=rng.choice([(), ("704",)]),
                voids_state=rng.choice([None, EventState.DELIVERED]),
            )
            for _ in range(rng.randrange(2, 8))
        ]
        first = settle(events, vague_reasons=vague)
        for _ in range(100):
            mixed = events + rng.choices(events, k=2)
            rng.shuffle(mixed)
            assert settle(mixed, vague_reasons=vague) == first


def test_a_late_correction_settles_as_if_it_had_come_in_time() -> None:
    letters = pl.DataFrame({"letter_id": ["L"], "tracking_no": ["N"]})
    first = _events("203 07-01; 704 07-04 本人签收")
    late = _events("743 07-05; 705 07-06 查无此人; 711 07-09")
    together = _events("203 07-01; 704 07-04 本人签收; 743 07-05; 705 07-06 查无此人; 711 07-09")
    one_by_one = read_events(merged([read_events(merged([first, late])), first]))
    assert settle_batch(letters, first)["outcome"].to_list() == ["signed"]
    assert settle_batch(letters, one_by_one).equals(settle_batch(letters, together))
    assert settle_batch(letters, one_by_one)["outcome"].to_list() == ["returned"]


_EVENTS = st.lists(
    st.builds(
        Event,
        at=st.integers(0, 6).map(lambda hours: datetime(YEAR, 7, 1) + timedelta(hours=hours)),
        state=st.sampled_from(EventState),
        carrier=st.sampled_from(["chinapost", "plain_text"]),
        code=st.sampled_from([None, "704", "705", "743"]),
        sign_class=st.sampled_from([None, *SignClass]),
        return_reason=st.sampled_from([None, "MOVED", "OTHER", "RECALLED"]),
        voids=st.sampled_from([(), ("704",)]),
        voids_state=st.sampled_from([None, EventState.DELIVERED]),
    ),
    max_size=9,
)


@settings(max_examples=400, deadline=None)
@given(events=_EVENTS, seed=st.integers(0, 9999))
def test_order_and_repetition_change_nothing(events: list[Event], seed: int) -> None:
    vague = frozenset({"OTHER"})
    shuffled = events + events[: seed % 5]
    random.Random(seed).shuffle(shuffled)
    assert settle(shuffled, vague_reasons=vague) == settle(events, vague_reasons=vague)


@settings(max_examples=400, deadline=None)
@given(events=_EVENTS)
def test_what_always_holds(events: list[Event]) -> None:
    settled = settle(events)
    states = {event.state for event in events}
    if settled.outcome is Outcome.SIGNED:
        assert states & {EventState.DELIVERED, EventState.HANDED_OVER}
    else:
        assert settled.sign_class is None
    if settled.outcome in (Outcome.SIGNED, Outcome.IN_TRANSIT):
        assert settled.return_reason is None
    assert (settled.final_on is None) == (settled.outcome is Outcome.IN_TRANSIT)
    assert 0 <= settled.attempts <= len(events)


@settings(max_examples=200, deadline=None)
@given(events=_EVENTS)
def test_a_reversal_at_the_end_leaves_no_signature(events: list[Event]) -> None:
    undone = Event(
        at=datetime(YEAR, 7, 2), state=EventState.REVERSAL, voids_state=EventState.DELIVERED
    )
    assert settle([*events, undone]).outcome is not Outcome.SIGNED


# R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3 (Wilson's score).
@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_against_the_textbook(hits: int, trials: int, low: float, high: float) -> None:
    interval = wilson(hits, trials)
    assert interval is not None
    assert interval.low == pytest.approx(low, abs=5e-5)
    assert interval.high == pytest.approx(high, abs=5e-5)


@given(trials=st.integers(1, 10**6), share=st.floats(0, 1))
def test_wilson_always_holds_its_share(trials: int, share: float) -> None:
    interval = wilson(round(trials * share), trials)
    assert interval is not None
    assert 0 <= interval.low <= interval.share <= interval.high <= 1


def test_wilson_without_trials_and_with_nonsense() -> None:
    assert wilson(0, 0) is None
    with pytest.raises(ValueError, match="5 of 3"):
        wilson(5, 3)
