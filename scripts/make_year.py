"""Makes up a year of batch folders, as `report` reads them: tables without the letters' PDFs.

    python scripts/make_year.py -o out/year
    addrfix report out/year/* --as-of 2026-07-10 -o out/year.html

By default 52 weekly batches of 520,000 letters in all, with results up to --as-of; some cases get a
letter more than once. A tenth of the cases is the hold-out, which went to the first address as
listed; chosen addresses are signed for more often by exactly --uplift (standard reading). The same
options give the same files. Nobody and nothing in them exists.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from addrfix.dispatch.manifest import SCHEMA as MANIFEST
from addrfix.outcomes.table import SCHEMA as OUTCOMES

FIRST, AS_OF = date(2025, 7, 7), date(2026, 7, 10)
FIRMS = ("云麓示例律师事务所", "星汉示例律师事务所")
PROVINCES = {
    "广东省": 14, "河南省": 9, "四川省": 9, "山东省": 8, "江苏省": 7, "湖南省": 7, "河北省": 6,
    "安徽省": 5, "湖北省": 5, "浙江省": 5, "江西省": 4, "云南省": 4, "贵州省": 4,
    "广西壮族自治区": 4, "陕西省": 3, "辽宁省": 3, "重庆市": 3, "黑龙江省": 2, "吉林省": 2,
    "福建省": 2, "山西省": 2, "甘肃省": 2, "内蒙古自治区": 1.5, "北京市": 1,
    "新疆维吾尔自治区": 1.5, "上海市": 1, "天津市": 1, "海南省": 0.8, "宁夏回族自治区": 0.5,
    "青海省": 0.3, "西藏自治区": 0.05,
}  # fmt: skip
SOURCES = {
    "id_card": 30, "residence": 22, "workplace": 14, "household_register": 12, "delivery": 12,
    "credit_report": 9, "contract": 0.9, "court_confirmed": 0.1,
}  # fmt: skip
KINDS = {"home": 48, "village": 30, "unnamed": 8, "company": 7, "dormitory": 3, "school": 2,
         "market": 1, "hospital": 1}  # fmt: skip
GRAINS = {"room": 40, "building": 15, "poi": 14, "road_number": 13, "village": 14, "unit": 4}
SIGNERS = {"self": 52, "household": 24, "unit": 16}
UNATTENDED = {"unattended": 8, None: 1}
REASONS = {
    "NO_SUCH_PERSON": 33, "ADDR_BAD": 18, "MOVED": 16, "UNCLAIMED": 14, "REFUSED": 8, "ABSENT": 5,
    "NO_CONTACT": 3, "DEMOLISHED": 1.5, "ADDR_NOT_EXIST": 1, "DAMAGED": 0.5,
}  # fmt: skip
HELD = {"below_threshold": 60, "all_blocked": 12, "contact_person": 9, "opted_out": 3}
PICKS: Mapping[str, Any] = {
    **dict.fromkeys(("letter_id", "letter_no", "tracking_no", "case_id"), pl.String),
    "row": pl.Int64, "p_signed": pl.Float64, "reasons": pl.List(pl.String),
    **dict.fromkeys(("standardized", "postcode", "recipient", "source"), pl.String),
    "runner_up_row": pl.Int64, "runner_up_p": pl.Float64, "arm": pl.String, "recorded_on": pl.Date,
    **dict.fromkeys(
        ("province", "city", "district", "town", "village", "division_code", "road", "road_number",
         "poi", "building", "unit", "room", "group", "granularity", "verdict"), pl.String),
    "confidence": pl.Float64, "factors": pl.List(pl.String),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Year:
    """What is to be made."""

    letters: int = 520_000
    batches: int = 52
    seed: int = 1
    uplift: float = 0.06
    holdout: float = 0.1
    as_of: date = AS_OF


Random = np.random.Generator
Column = np.ndarray[Any, np.dtype[Any]]


def _drawn(rng: Random, weights: Mapping[Any, float], many: int) -> Column:
    share = np.array(list(weights.values()), dtype=float)
    return np.array(list(weights), dtype=object)[
        rng.choice(len(share), many, p=share / share.sum())
    ]


def made_year(folder: Path, year: Year) -> list[Path]:
    """Write the batch folders; their paths in order."""
    rng = np.random.default_rng(year.seed)
    cases = max(1, round(year.letters * 0.85))
    held_out = rng.random(cases) < year.holdout
    # Every case has a first letter, in order; the rest are further letters to cases of before.
    first = np.sort(rng.choice(year.letters, cases, replace=False))
    case = np.full(year.letters, -1)
    case[first] = np.arange(cases)
    known = np.maximum.accumulate(case)
    again = case < 0
    case[again] = (rng.random(again.sum()) * (known[again].clip(0) + 1)).astype(int)
    return [
        _batch(folder, year, number, numbers, held_out[case[numbers]], case[numbers], rng)
        for number, numbers in enumerate(np.array_split(np.arange(year.letters), year.batches))
    ]


def _batch(
    root: Path, year: Year, number: int, letters: Column, held_out: Column, case: Column,
    rng: Random,
) -> Path:  # fmt: skip
    day = FIRST + timedelta(days=7 * number)
    name = f"{day:%Y%m%d}-Y{number:03d}"
    folder = root / name
    (folder / "private").mkdir(parents=True)
    many = len(letters)
    ids = pl.Series("letter_id", [f"{name}-{place:06d}" for place in range(1, many + 1)])
    # The chance of the first address; its range leaves room for the uplift at both ends.
    first_chance = rng.beta(2.2, 4.0, many) * 0.7 + 0.08
    chance = np.where(held_out, first_chance, first_chance + year.uplift)
    promised = np.clip(chance + rng.normal(0.01, 0.03, many), 0.01, 0.99).round(6)
    _manifest(ids, promised, day, rng).write_parquet(folder / "manifest.parquet", statistics=False)
    picks = _picks(ids, promised, case, held_out, rng)
    picks.write_parquet(folder / "private" / "picks.parquet", statistics=False)
    outcomes = _outcomes(ids, chance, day, year.as_of, rng)
    outcomes.write_parquet(folder / "outcomes.parquet", statistics=False)
    held = {reason: int(rng.poisson(weight * many / 1000)) for reason, weight in HELD.items()}
    facts = {
        "format": 1, "batch_id": name, "as_of": day.isoformat(), "specimen": True,
        "firm": FIRMS[number % 2], "counts": {"letters": many, "held": sum(held.values())},
        "held_by_reason": held,
    }  # fmt: skip
    (folder / "batch.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    return folder


def _frame(columns: Mapping[str, object], schema: Mapping[str, Any], many: int) -> pl.DataFrame:
    """The columns in the schema's order; those not given are empty."""
    return pl.select(
        *(
            _series(name, columns[name], kind) if name in columns
            else pl.repeat(None, many, dtype=kind).alias(name)
            for name, kind in schema.items()
        )
    )  # fmt: skip


def _series(name: str, values: object, kind: Any) -> pl.Series:  # noqa: ANN401
    if isinstance(values, pl.Series):
        return values.cast(kind).alias(name)
    given: Sequence[object] = values.tolist() if isinstance(values, np.ndarray) else values  # type: ignore[assignment]
    return pl.Series(name, given, dtype=kind)


def _manifest(ids: pl.Series, promised: Column, day: date, rng: Random) -> pl.DataFrame:
    many = len(ids)
    page = np.arange(many) * 2
    ems = rng.random(many) < 0.2
    columns: dict[str, object] = {
        "letter_id": ids, "case_id_hash": ids.hash(7).cast(pl.String), "recipient": ["某某"] * many,
        "standardized": ["示例省示例市示例路1号"] * many, "postcode": ["100000"] * many,
        "template": _drawn(rng, {"lawyer_letter": 8, "reminder": 2}, many), "letter_no": ids,
        "tracking_no": "XA" + ids.str.slice(-6) + "00000", "carrier": ["chinapost"] * many,
        "product": np.where(ems, "ems", "registered_letter"), "pages": [2] * many,
        "sheets": rng.integers(1, 3, many), "sha256": ["0" * 64] * many,
        "print_file": ["print/0001.pdf"] * many, "start_page": page + 1, "end_page": page + 2,
        "p_signed": promised, "created_on": [day] * many,
    }  # fmt: skip
    return _frame(columns, MANIFEST, many)


def _picks(
    ids: pl.Series, promised: Column, case: Column, held_out: Column, rng: Random
) -> pl.DataFrame:
    many = len(ids)
    province = _drawn(rng, PROVINCES, many)
    city = [
        f"{name[:2]}示例{at}市" for name, at in zip(province, rng.integers(1, 9, many), strict=True)
    ]
    place = [f"样板小区{at}" if at < 4000 else None for at in rng.integers(0, 5000, many)]
    kind = _drawn(rng, KINDS, many)
    columns: dict[str, object] = {
        "letter_id": ids, "letter_no": ids, "case_id": [f"C{number:08d}" for number in case],
        "row": case, "p_signed": promised, "reasons": [["source=residence"]] * many,
        "standardized": ["示例省示例市示例路1号"] * many, "recipient": ["某某"] * many,
        "source": _drawn(rng, SOURCES, many),
        "arm": np.where(held_out, "trade_rule", "model"), "province": province, "city": city,
        "district": ["示例区"] * many, "poi": place, "granularity": _drawn(rng, GRAINS, many),
        "verdict": ["deliverable"] * many, "confidence": [0.99] * many,
        "factors": [["source=residence", f"kind={word}", "age=under_3_years"] for word in kind],
    }  # fmt: skip
    return _frame(columns, PICKS, many)


def _outcomes(ids: pl.Series, chance: Column, day: date, as_of: date, rng: Random) -> pl.DataFrame:
    many = len(ids)
    luck, fate = rng.random(many), rng.random(many)
    posted = (as_of - day).days >= 1
    signed = luck < chance
    # Beside those of the standard reading: lockers, doorsteps and signers that are not told.
    aside = ~signed & (rng.random(many) < 0.04)
    outcome = np.where(signed | aside, "signed", "returned").astype(object)
    outcome[(fate < 0.03) & ~signed] = "in_transit"
    outcome[(fate >= 0.03) & (fate < 0.033)] = "lost"
    outcome[(fate >= 0.033) & (fate < 0.036)] = "cancelled"
    took = np.where(outcome == "signed", 2 + rng.poisson(2.5, many), 9 + rng.poisson(7, many))
    outcome[took > (as_of - day).days - 1] = "in_transit"
    final = np.isin(outcome, ("signed", "returned", "lost", "cancelled"))
    classes = np.where(signed, _drawn(rng, SIGNERS, many), _drawn(rng, UNATTENDED, many))
    reasons, nothing = _drawn(rng, REASONS, many), np.full(many, None)
    post = day + timedelta(days=1)
    columns: dict[str, object] = {
        "letter_id": ids, "outcome": outcome,
        "sign_class": np.where(outcome == "signed", classes, nothing),
        "return_reason": np.where(outcome == "returned", reasons, nothing),
        "posted_on": [post if posted else None] * many,
        "final_on": [post + timedelta(days=int(t)) if f else None
                     for t, f in zip(took, final, strict=True)],
        "attempts": np.where(final, 1, 0),
    }  # fmt: skip
    return _frame(columns, OUTCOMES, many)


def main() -> None:
    """Read the options and write the folders."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    usual = Year()
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder of the batches")
    parser.add_argument("--letters", type=int, default=usual.letters)
    parser.add_argument("--batches", type=int, default=usual.batches)
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument("--uplift", type=float, default=usual.uplift, help="a share, at most 0.2")
    parser.add_argument("--holdout", type=float, default=usual.holdout, help="share of the cases")
    parser.add_argument("--as-of", type=date.fromisoformat, default=usual.as_of)
    asked = parser.parse_args()
    if not -0.07 <= asked.uplift <= 0.2:
        parser.error("--uplift: from -0.07 to 0.2, so that every chance stays one")
    if asked.output.exists() and any(asked.output.iterdir()):
        parser.error(f"{asked.output} is not empty")
    year = Year(asked.letters, asked.batches, asked.seed, asked.uplift, asked.holdout, asked.as_of)
    made_year(asked.output, year)


if __name__ == "__main__":
    main()
