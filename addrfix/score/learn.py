"""Outcomes → scorer: fit on the older letters, check and calibrate on the latest, refit on all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from addrfix.model.errors import BadInput
from addrfix.score.calibrate import Quality, calibrated, quality
from addrfix.score.design import BASE, Design, Floats, Letters, counted, design
from addrfix.score.factors import Factor
from addrfix.score.knowledge import settings
from addrfix.score.newton import best_stretch, fitted
from addrfix.score.scorer import FORMAT, VERSION, Calibration, Scorer, shipped
from addrfix.score.weigh import weighed


@dataclass(frozen=True, slots=True)
class Learned:
    """What learning gives."""

    scorer: Scorer
    rows: Mapping[tuple[str, ...], Mapping[tuple[str, ...], int]]
    """Letters behind each weight, by factors and levels."""
    letters: int
    signed: int
    first: date
    """First day of posting."""
    last: date
    held_from: date
    """First day of posting of the letters held back."""
    held_back: Quality
    held_back_shipped: Quality
    """The same letters by the shipped weights."""
    stretch: float


def learn(
    levels: pl.DataFrame,
    signed: pl.Series,
    posted_on: pl.Series,
    factors: Sequence[Factor],
    as_of: date,
    left_out: Mapping[str, int],
) -> Learned:
    """Fit the weights to letters with a final outcome.

    Args:
        levels: one String column per factor (`addrfix.score.weigh.levels_of`).
        signed: 1 where the letter was signed for, 0 where not; no nulls.
        posted_on: day of posting of each letter; no nulls.
        factors: the factors in use.
        as_of: day written into the scorer.
        left_out: letters that are not among them, by reason; told where too few are left.

    Raises:
        BadInput: too few letters, or only one kind of outcome.
    """
    rules = settings()["learn"]
    _check(signed, rules, left_out)
    order = _by_day(levels.with_columns(posted_on.alias("#on"), signed.alias("#y")))
    levels, signed, posted_on = order.select(levels.columns), order["#y"], order["#on"]
    cut = _cut(posted_on, float(rules["held_back"]))
    known = shipped(factors)
    offset = weighed(levels, known)["log_odds"]
    older = levels.head(cut)
    plan = design(older, factors, rules)
    pieces = counted(older, signed.head(cut), plan, offset.head(cut))
    stretch, distances = best_stretch(
        pieces, plan.pull, rules["stretch"], rules["stretch_usual"], rules["stretch_spread"]
    )
    early = _scorer(known, plan, distances, "held back")
    later, later_signed = levels.tail(-cut), signed.tail(-cut)
    calibration = calibrated(
        weighed(later, early)["log_odds"], later_signed, float(rules["calibration_rows"])
    )
    plan = design(levels, factors, rules)
    everything = counted(levels, signed, plan, offset)
    distances, _ = fitted(everything, plan.pull / stretch**2)
    final = _centred(_scorer(known, plan, distances, f"learned {as_of}"), levels, plan)
    return Learned(
        scorer=Scorer(final.name, final.base, final.weights, final.combinations, calibration),
        rows=_support(plan, everything),
        letters=levels.height,
        signed=int(signed.sum()),
        first=posted_on[0],
        last=posted_on[-1],
        held_from=posted_on[cut],
        held_back=quality(weighed(later, early)["p_signed"], later_signed),
        held_back_shipped=quality(weighed(later, known)["p_signed"], later_signed),
        stretch=stretch,
    )


def _check(signed: pl.Series, rules: Mapping[str, Any], left_out: Mapping[str, int]) -> None:
    good, bad = int((signed == 1).sum()), int((signed == 0).sum())
    least, each = int(rules["least_rows"]), int(rules["least_of_a_kind"])
    if good + bad < least or min(good, bad) < each:
        others = ", ".join(f"{rows:,} {reason}" for reason, rows in left_out.items() if rows)
        raise BadInput(
            f"of the letters of the history {good:,} were signed for and {bad:,} were not"
            + (f" (left out: {others})" if others else "")
            + f"; learning needs at least {least} with a final outcome and {each} of each kind (a "
            "history of successes alone shows nothing). Add letters that came back, or pick "
            "without --scorer: the shipped weights then apply"
        )


def _by_day(letters: pl.DataFrame) -> pl.DataFrame:
    """The letters by day of posting (`#on`), in whatever order they came.

    Letters of one day are strewn: where a day has to be parted, as in a history of one batch, both
    parts hold letters of all levels and outcomes in like shares. Steps of the golden section spread
    evenly over any number of letters.
    """
    alike = [name for name in letters.columns if name != "#on"]
    strewn = (pl.int_range(pl.len()).over("#on") * 0.6180339887498949) % 1
    letters = letters.sort("#on", *alike).with_columns(strewn.alias("#at"))
    return letters.sort("#on", "#at").drop("#at")


def _cut(posted_on: pl.Series, share: float) -> int:
    """Where the latest letters begin; letters of one day stay together where that is possible."""
    cut = int(len(posted_on) * (1 - share))
    day = posted_on[cut]
    before = int((posted_on < day).sum())
    return before if before >= len(posted_on) // 2 else cut


def _scorer(known: Scorer, plan: Design, distances: Floats, name: str) -> Scorer:
    weights = {factor: dict(levels) for factor, levels in known.weights.items()}
    combinations: dict[tuple[str, ...], dict[tuple[str, ...], float]] = {}
    base = known.base
    for (names, levels), distance in zip(plan.terms, distances.tolist(), strict=True):
        if (names, levels) == BASE:
            base += distance
        elif len(names) == 1:
            weights[names[0]][levels[0]] += distance
        else:
            combinations.setdefault(names, {})[levels] = round(distance, 4)
    return Scorer(name, base, weights, combinations)


def _centred(scorer: Scorer, levels: pl.DataFrame, plan: Design) -> Scorer:
    """The same scorer with each fitted factor's mean over the letters moved into the base.

    A part then says how the address differs from the letters sent so far.
    """
    base = scorer.base
    weights = {factor: dict(found) for factor, found in scorer.weights.items()}
    for name in plan.fitted:
        held = levels.group_by(name).len().rows()
        mean = sum(weights[name][level] * rows for level, rows in held) / levels.height
        weights[name] = {level: weight - mean for level, weight in weights[name].items()}
        base += mean
    rounded = {
        n: {level: round(w, 4) for level, w in found.items()} for n, found in weights.items()
    }
    return Scorer(scorer.name, round(base, 4), rounded, scorer.combinations)


def _support(plan: Design, letters: Letters) -> dict[tuple[str, ...], dict[tuple[str, ...], int]]:
    wide = letters.active.shape[1]
    counts = np.bincount(
        letters.active.ravel(),
        weights=np.repeat(letters.count, wide),
        minlength=len(plan.terms) + 1,
    )
    found: dict[tuple[str, ...], dict[tuple[str, ...], int]] = {}
    for (names, levels), count in zip(plan.terms, counts[:-1].tolist(), strict=True):
        found.setdefault(names, {})[levels] = int(count)
    return found


def as_document(
    learned: Learned, as_of: date, left_out: Mapping[str, int], made_with: str
) -> dict[str, Any]:
    """The content of a scorer file, ready for JSON; `left_out` says why letters were not used."""
    scorer = learned.scorer
    weights = {
        name: {
            level: {"weight": weight, "letters": learned.rows.get((name,), {}).get((level,), 0)}
            for level, weight in levels.items()
        }
        for name, levels in scorer.weights.items()
    }
    combinations = [
        {
            "levels": dict(zip(names, cell, strict=True)),
            "weight": weight,
            "letters": learned.rows[names][cell],
        }
        for names, cells in scorer.combinations.items()
        for cell, weight in cells.items()
    ]
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_with": made_with,
        "as_of": as_of.isoformat(),
        "unit": "weights are natural log-odds",
        "history": {
            "letters": learned.letters,
            "signed": learned.signed,
            "not_signed": learned.letters - learned.signed,
            "first_posted_on": learned.first.isoformat(),
            "last_posted_on": learned.last.isoformat(),
            "left_out": dict(left_out),
        },
        "shipped_weights": settings()["version"],
        "prior_stretch": learned.stretch,
        "base": scorer.base,
        "weights": weights,
        "combinations": combinations,
        "calibration": _calibration(scorer.calibration, learned),
    }


def _calibration(calibration: Calibration, learned: Learned) -> dict[str, Any]:
    def told(found: Quality) -> dict[str, Any]:
        figures = asdict(found)
        figures["table"] = [_rounded(row) for row in figures["table"]]
        return _rounded(figures)

    return {
        "offset": calibration.offset,
        "slope": calibration.slope,
        "held_back_from": learned.held_from.isoformat(),
        "held_back": told(learned.held_back),
        "held_back_by_shipped_weights": told(learned.held_back_shipped),
    }


def _rounded(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {key: round(v, 4) if isinstance(v, float) else v for key, v in figures.items()}
