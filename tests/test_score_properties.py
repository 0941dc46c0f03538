"""Properties of the score, on the shipped weights."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from addrfix.flow.pick import pick_cases
from addrfix.score.evidence import prepare
from addrfix.score.factors import FACTORS
from addrfix.score.past import with_past
from addrfix.score.scorer import shipped
from addrfix.score.weigh import levels_of, weighed

AS_OF = date(2026, 6, 30)
# Small alphabets, so that two addresses of a case often share parts.
PARTS = {
    "town": ["甲镇", "乙镇"],
    "village": ["李家村", "和平社区居委会"],
    "group": ["3组", "5组"],
    "road": ["和平路", "东门街"],
    "road_number": ["8号", "12号"],
    "poi": ["翠湖花园", "宏达机械有限公司", "职工宿舍"],
    "subpoi": ["老街便利店"],
    "building": ["2栋", "62号"],
    "unit": ["1单元"],
    "floor": ["3层"],
    "room": ["301室", "8号"],
    "detail": ["东侧"],
    "devzone": ["高新区"],
}
SOURCES = ["id_card", "household_register", "residence", "workplace", "delivery", "contact"]


@st.composite
def candidates(draw: st.DrawFn) -> dict[str, Any]:
    row: dict[str, Any] = {name: draw(st.none() | st.sampled_from(v)) for name, v in PARTS.items()}
    row |= {
        "province": "湖南省",
        "city": "邵阳市",
        "district": draw(st.sampled_from(["邵阳县", "武冈市"])),
        "source": draw(st.sampled_from(SOURCES)),
        "recorded_on": draw(st.none() | st.dates(date(2001, 1, 1), date(2027, 1, 1))),
        "verdict": draw(st.sampled_from(["deliverable", "missing_detail"])),
        "confidence": 0.97,
        "id_no": "430523199001011234",
        "phone": draw(st.sampled_from([None, "13007391234", "13000101234", "0731-85550123"])),
        "case_id": "C1",
    }
    return coded(row)


def coded(row: dict[str, Any]) -> dict[str, Any]:
    """The row with the division code that its divisions have, and a line for the envelope."""
    district = {"邵阳县": "430523", "武冈市": "430581", None: "430500"}[row["district"]]
    town = {"甲镇": "101", "乙镇": "102", None: ""}[row["town"]] if row["district"] else ""
    named = [row[name] for name in ("district", *PARTS) if row.get(name)]
    return row | {"division_code": district + town, "standardized": "".join(named)}


def odds(rows: list[dict[str, Any]]) -> list[float]:
    frame = pl.DataFrame(rows, infer_schema_length=None)
    prepared = with_past(prepare(frame, AS_OF), None, same_day=True)
    return weighed(levels_of(prepared, FACTORS), shipped(FACTORS))["log_odds"].to_list()


@settings(max_examples=150, deadline=None)
@given(st.lists(candidates(), min_size=1, max_size=4), st.sampled_from([*PARTS, "district"]))
def test_losing_a_part_never_helps(rows: list[dict[str, Any]], part: str) -> None:
    poorer = rows[0] | {part: None}
    if part == "district":
        poorer |= {"town": None}
    assert odds([coded(poorer), *rows[1:]])[0] <= odds(rows)[0] + 1e-12


@settings(max_examples=60, deadline=None)
@given(st.lists(candidates(), min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_order_changes_no_probability(rows: list[dict[str, Any]], draw: Any) -> None:
    cases = [row | {"row": n, "case_id": f"C{n % 2}", "name": "样本"} for n, row in enumerate(rows)]
    mixed = draw.sample(cases, len(cases))
    one, two = (
        pick_cases(pl.DataFrame(each, infer_schema_length=None), as_of=AS_OF)
        for each in (cases, mixed)
    )
    same = ["case_id", "row", "p_signed", "rank"]
    assert (
        one.candidates.select(same[:-1])
        .sort(same[:2])
        .equals(two.candidates.select(same[:-1]).sort(same[:2]))
    )
    assert one.picks.sort("case_id")["p_signed"].equals(two.picks.sort("case_id")["p_signed"])


@settings(max_examples=60, deadline=None)
@given(st.lists(candidates(), min_size=1, max_size=5))
def test_a_score_is_the_sum_of_its_parts(rows: list[dict[str, Any]]) -> None:
    frame = pl.DataFrame(rows, infer_schema_length=None)
    every = pick_cases(frame, as_of=AS_OF).candidates
    parts = [name for name in every.columns if name.endswith("_weight")]
    total = every.select(pl.sum_horizontal(parts).alias("sum"))["sum"]
    assert (total - every["log_odds"]).abs().max() < 1e-9  # type: ignore[operator]
