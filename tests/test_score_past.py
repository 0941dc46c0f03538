"""What earlier letters say about a debtor and a place, and what they must not say."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from addrfix.score.evidence import prepare
from addrfix.score.factors import FACTORS
from addrfix.score.past import with_past
from addrfix.score.results import judged, signed
from addrfix.score.weigh import levels_of

AS_OF = date(2026, 6, 30)
PERSON = "430523199001011234"
DOOR = {
    "division_code": "430523100", "district": "甲县", "town": "乙镇", "poi": "翠湖花园",
    "building": "2栋", "room": "301室", "standardized": "甲县乙镇翠湖花园2栋301室",
}  # fmt: skip
OTHER = {
    "division_code": "430523100", "district": "甲县", "town": "丙镇", "road": "和平路",
    "road_number": "8号", "building": "1栋", "room": "101室", "standardized": "甲县丙镇和平路8号",
}  # fmt: skip
SCHEMA = {
    "posted_on": pl.Date,
    "result_on": pl.Date,
    "result": pl.String,
    "return_reason": pl.String,
}


def letter(
    result: str | None,
    reason: str | None = None,
    person: str = PERSON,
    day: int = 1,
    where: dict[str, Any] | None = None,
) -> dict[str, Any]:
    return {
        **(where or DOOR), "id_no": person, "result": result, "return_reason": reason,
        "posted_on": date(2026, 3, day), "result_on": date(2026, 4, day), "source": "residence",
    }  # fmt: skip


def seen(
    candidate: dict[str, Any], *letters: dict[str, Any], as_of: date = AS_OF
) -> dict[str, Any]:
    past = judged(pl.DataFrame(list(letters), schema_overrides=SCHEMA, infer_schema_length=None))
    past = prepare(past, pl.col("posted_on"))
    rows = prepare(pl.DataFrame([{"id_no": PERSON, "case_id": "C1", **candidate}]), as_of)
    rows = with_past(rows, past, same_day=True)
    return rows.row(0, named=True) | levels_of(rows, FACTORS).row(0, named=True)


@pytest.mark.parametrize(
    ("result", "reason", "level"),
    [
        ("本人签收", None, "signed_here"),
        ("退回", "拒收", "refused_here"),
        ("退回", "查无此人", "gone_here"),
        ("退回", "迁移新址不明", "gone_here"),
        ("退回", "原址拆迁", "gone_here"),
        ("退回", "NO_SUCH_PERSON", "gone_here"),
        ("退回妥投", None, "returned_here"),
        ("退回", "无法投递", "returned_here"),
        ("退回", "地址不详", "incomplete_here"),
        ("退回", "长期外出", "absent_here"),
        ("退回", "逾期未领", "unclaimed_here"),
        ("退回", "邮件破损", "none"),
        ("在途", None, "none"),
        ("邮件丢失", None, "none"),
        ("天晓得", None, "none"),
        (None, None, "none"),
        (None, "查无此人", "gone_here"),
    ],
)
def test_own_letter_to_the_same_door(result: str | None, reason: str | None, level: str) -> None:
    assert seen(DOOR, letter(result, reason))["debtor_history"] == level


def test_own_letters_elsewhere() -> None:
    assert seen(DOOR, letter("签收", where=OTHER))["debtor_history"] == "signed_elsewhere"
    assert seen(DOOR, letter("退回", "查无此人", where=OTHER))["debtor_history"] == "gone_elsewhere"
    assert seen(DOOR, letter("退回", "地址不详", where=OTHER))["debtor_history"] == "none"


def test_the_latest_letter_counts() -> None:
    back, fine = letter("退回", "查无此人", day=1), letter("签收", day=9)
    assert seen(DOOR, back, fine)["debtor_history"] == "signed_here"
    back, fine = letter("退回", "查无此人", day=9), letter("签收", day=1)
    assert seen(DOOR, fine, back)["debtor_history"] == "gone_here"


def test_somebody_else_does_not_speak_about_this_debtor() -> None:
    stranger = letter("退回", "查无此人", person="110105199001011234")
    found = seen(DOOR, stranger)
    assert found["debtor_history"] == "none"
    assert found["place_history"] == "none"


def test_demolition_speaks_about_the_place() -> None:
    stranger = letter("退回", "原址拆迁", person="110105199001011234")
    assert seen(DOOR, stranger)["place_history"] == "gone"
    assert seen(OTHER, stranger)["place_history"] == "none"


def test_a_text_without_a_door_is_the_compound_that_came_back() -> None:
    vague = {k: v for k, v in DOOR.items() if k not in ("building", "room", "standardized")}
    back = letter("退回", "查无此人")
    assert (
        seen({**vague, "standardized": "甲县乙镇翠湖花园"}, back)["debtor_history"] == "gone_here"
    )
    other_building = {**vague, "building": "5栋", "standardized": "甲县乙镇翠湖花园5栋"}
    assert seen(other_building, back)["debtor_history"] == "gone_elsewhere"
    next_door = {**DOOR, "room": "302室", "standardized": "x"}
    assert seen(next_door, back)["debtor_history"] == "gone_elsewhere"


@pytest.mark.parametrize(
    ("outcomes", "level"),
    [
        (["签收"] * 40, "much_better"),
        (["签收"] * 5, "better"),
        (["签收", "邮件退回，无此地址"] * 20, "usual"),
        (["邮件退回，无此地址"] * 5, "worse"),
        (["邮件退回，无此地址"] * 30, "much_worse"),
    ],
)
def test_letters_to_the_town(outcomes: list[str], level: str) -> None:
    """Half of all letters reach their place; the town stands out, or not."""
    people = (f"1101051990010{n:05d}" for n in range(10_000))
    where = [{**DOOR, "poi": f"{n}苑", "standardized": f"{n}苑"} for n in range(len(outcomes))]
    letters = [
        letter(o, person=next(people), where=w) for o, w in zip(outcomes, where, strict=True)
    ]
    rest = [
        letter(o, person=next(people), where={**OTHER, "town": f"{n}乡", "standardized": f"{n}"})
        for n, o in enumerate(["签收", "邮件退回，无此地址"] * 100)
    ]
    assert seen({**DOOR, "poi": "别苑"}, *letters, *rest)["place_history"] == level


def test_letters_to_the_building_speak_louder_than_those_to_the_compound() -> None:
    people = (f"1101051990010{n:05d}" for n in range(10_000))
    letters = [
        letter(outcome, person=next(people), where={**DOOR, "building": building, "room": str(n)})
        for building, outcome in (("2栋", "签收"), ("5栋", "邮件退回，无此地址"))
        for n in range(20)
    ]
    for room in ("301室", None):
        here, there = (
            seen({**DOOR, "building": b, "room": room, "standardized": b}, *letters)["_place_lift"]
            for b in ("2栋", "5栋")
        )
        assert here > 0.25 > -0.25 > there


def test_results_of_later_days_are_not_known_yet() -> None:
    back = letter("退回", "查无此人", day=9)
    assert seen(DOOR, back, as_of=date(2026, 4, 8))["debtor_history"] == "none"
    assert seen(DOOR, back, as_of=date(2026, 4, 9))["debtor_history"] == "gone_here"
    gone = letter("退回", "原址拆迁", person="110105199001011234", day=9)
    assert seen(DOOR, gone, as_of=date(2026, 4, 8))["place_history"] == "none"


def test_learning_does_not_know_results_of_the_day_of_posting() -> None:
    first = letter("签收", day=1) | {"result_on": date(2026, 5, 1)}
    second = letter("签收", day=2) | {"posted_on": date(2026, 5, 1), "result_on": date(2026, 5, 3)}
    frame = pl.DataFrame([first, second], schema_overrides=SCHEMA)
    rows = prepare(judged(frame), pl.col("posted_on"))
    learning = levels_of(with_past(rows, rows, same_day=False), FACTORS)
    assert learning["debtor_history"].to_list() == ["none", "none"]
    choosing = levels_of(with_past(rows, rows, same_day=True), FACTORS)
    assert choosing["debtor_history"].to_list() == ["none", "signed_here"]


def test_an_id_that_is_masked_or_rounded_joins_nobody() -> None:
    back = letter("退回", "查无此人", person="4305**********1234") | {"case_id": "H1"}
    masked = {**DOOR, "id_no": "4305**********1234"}
    assert seen(masked, back)["debtor_history"] == "none"
    rounded = letter("退回", "查无此人", person="430523199001010000") | {
        "case_id": "H1",
        "input_issues": ["id_no_rounded"],
    }
    assert seen({**DOOR, "id_no": "430523199001010000"}, rounded)["debtor_history"] == "none"


@pytest.mark.parametrize(
    ("result", "reason", "expected"),
    [
        ("本人签收", None, 1),
        ("家人代收", None, 1),
        ("妥投", None, 1),
        ("退回妥投", None, 0),
        ("退回", "拒收", 0),
        ("丰巢快递柜代收", None, 0),
        ("退回", "邮件破损", None),
        ("退回", "寄件人撤回", None),
        ("在途", None, None),
        ("未签收", None, None),
        ("天气不好", None, None),
        (None, None, None),
        (None, "查无此人", 0),
    ],
)
def test_what_counts_as_signed(
    result: str | None, reason: str | None, expected: int | None
) -> None:
    frame = pl.DataFrame(
        {"result": [result], "return_reason": [reason]},
        schema={"result": pl.String, "return_reason": pl.String},
    )
    assert judged(frame).select(signed().alias("y"))["y"][0] == expected
