"""Made-up letters and cases with known chances, for tests of the score. Nobody lives there."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

SOURCES = (
    "id_card", "household_register", "residence", "workplace", "delivery", "credit_report",
)  # fmt: skip
PARTS = {
    "door_town": {"road": "和平路", "road_number": "8号", "building": "2栋", "room": "301室"},
    "door_country": {"village": "李家村", "group": "3组", "building": "62号"},
    "place": {"poi": "翠湖花园"},
    "town": {},
}
AS_OF = date(2026, 6, 30)


def world(bad: tuple[str, ...] = ()) -> dict[str, float]:
    """Log-odds of a fresh, complete address by source; `bad` ones are hardly ever signed for."""
    odds = dict(zip(SOURCES, (-0.8, -0.6, 0.6, 0.1, 0.8, 0.3), strict=True))
    return odds | dict.fromkeys(bad, -2.5)


def odds_of(row: Mapping[str, Any], by_source: Mapping[str, float], day: date) -> float:
    """The true log-odds that a letter of that day is signed for."""
    years = (day - row["recorded_on"]).days / 365 if row["recorded_on"] else 2.5
    loss = {"door_town": 0.0, "door_country": 0.2, "place": -0.8, "town": -2.2}
    return by_source[row["source"]] - 0.35 * years + loss[row["_made"]]


def address(draw: random.Random, source: str, day: date) -> dict[str, Any]:
    """One candidate as canonical and clean columns."""
    made = draw.choices(list(PARTS), (5, 3, 2, 1))[0]
    recorded = day - timedelta(days=int(draw.expovariate(1 / 900)))
    row: dict[str, Any] = dict.fromkeys(
        ("village", "road", "road_number", "poi", "building", "room", "group")
    )
    return row | PARTS[made] | {
        "source": source,
        "recorded_on": None if draw.random() < 0.1 else recorded,
        "province": "湖南省",
        "city": "邵阳市",
        "district": "邵阳县",
        "town": f"{draw.randrange(400)}镇",
        "division_code": "430523100",
        "standardized": f"湖南省邵阳市邵阳县{draw.randrange(10**6)}",
        "address": "邵阳县",
        "granularity": "room",
        "verdict": "deliverable",
        "confidence": 0.99,
        "_made": made,
    }  # fmt: skip


def history(rows: int, seed: int = 1, by_source: Mapping[str, float] | None = None) -> pl.DataFrame:
    """Past letters, one per debtor, with `posted_on`, `result`, `return_reason`, `result_on`."""
    draw, chances = random.Random(seed), by_source or world()
    made: list[dict[str, Any]] = []
    for number in range(rows):
        day = AS_OF - timedelta(days=30 + draw.randrange(365))
        row = address(draw, draw.choice(SOURCES), day)
        arrived = draw.random() < _share(odds_of(row, chances, day))
        row |= {
            "row": number,
            "case_id": f"H{number}",
            "name": "样本",
            "posted_on": day,
            "result": "本人签收" if arrived else "退回",
            "return_reason": None
            if arrived
            else draw.choice(["查无此人", "逾期未领", "迁移新址不明"]),
            "result_on": day + timedelta(days=draw.randrange(1, 20)),
        }
        made.append(row)
    return pl.DataFrame(made, infer_schema_length=None)


def cases(count: int, seed: int = 2, by_source: Mapping[str, float] | None = None) -> pl.DataFrame:
    """Candidates of cases, two to five each, with their true chance in `_chance`."""
    draw, chances = random.Random(seed), by_source or world()
    made: list[dict[str, Any]] = []
    for number in range(count):
        for source in draw.sample(SOURCES, draw.randrange(2, 6)):
            row = address(draw, source, AS_OF)
            chance = _share(odds_of(row, chances, AS_OF))
            made.append(
                row | {"row": len(made), "case_id": f"C{number}", "name": "样本", "_chance": chance}
            )
    return pl.DataFrame(made, infer_schema_length=None)


def _share(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
