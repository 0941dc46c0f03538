"""Choosing an address for each case: read rows, weigh them, decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from addrfix.flow.blacklist import Blacklist, lay_over, with_patterns
from addrfix.flow.factors import installed_factors
from addrfix.model.errors import BadUsage
from addrfix.score.choose import Rules, chosen, every_candidate, ranked
from addrfix.score.evidence import prepare
from addrfix.score.past import with_past
from addrfix.score.scorer import read_scorer, shipped
from addrfix.score.weigh import deciding, levels_of, weighed


@dataclass(frozen=True, slots=True)
class PickResult:
    """What choosing gives."""

    picks: pl.DataFrame
    """One row per case: PICK_COLUMNS, then `addrfix.score.choose.EXTRA_COLUMNS`."""
    candidates: pl.DataFrame
    """Every candidate with rank, bar, level and part of each factor, by case and rank."""
    scorer: str
    """Which weights were used."""


def pick_cases(
    candidates: pl.DataFrame,
    *,
    as_of: date,
    scorer: Path | None = None,
    past: pl.DataFrame | None = None,
    threshold: float = 0.05,
    budget: int | None = None,
    allowed: tuple[str, ...] = (),
    min_days: int = 30,
    holdout: float = 0.0,
    seed: int = 0,
    blacklist: Blacklist | None = None,
    named: bool | None = None,
) -> PickResult:
    """The address of each case that is likeliest to be signed for, and whether to send.

    Args:
        candidates: canonical and clean columns, one address a row (`flow.candidates.read_rows`).
        as_of: the day for which ages count; letters and results after it are not known yet.
        scorer: a file that `learn` wrote; None for the shipped weights.
        past: earlier letters (`flow.past_letters.read_letters`).
        threshold: probability, 0 to 1, below which a case is held.
        budget: number of letters; None for no limit.
        allowed: sources that are kept back otherwise; only `contact` is.
        min_days: days that must lie between two letters to one debtor; 0 for no such rule.
        holdout: share of cases, 0 to 1, that go to the first usable address as listed.
        seed: for the assignment to the hold-out, together with the case id.
        blacklist: the user's own (`flow.blacklist.read_blacklists`).
        named: whether the file that the candidates are a part of has case ids; None: they are all.

    Raises:
        BadUsage: a number out of its range.
        BadSettings: the scorer cannot be used.
    """
    rules = Rules(as_of, threshold, budget, allowed, min_days, holdout, seed, named)
    _check(rules)
    factors = installed_factors()
    weights = shipped(factors) if scorer is None else read_scorer(scorer, factors)
    if blacklist is not None:
        candidates = lay_over(candidates, blacklist, as_of)
    rows = with_patterns(prepare(candidates, as_of)).with_row_index("_position")
    rows = with_past(rows, _prepared(past, as_of), same_day=True)
    levels = levels_of(rows, factors)
    parts = weighed(levels, weights)
    listed = pl.concat_list(pl.format(name + "={}", pl.col(name)) for name in levels.columns)
    scored = pl.concat(
        [
            rows,
            levels.select(pl.all().name.suffix("_level")),
            parts,
            levels.select(listed.alias("factors")),
        ],
        how="horizontal",
    ).with_columns(deciding(levels, parts))
    every = ranked(scored, rules)
    names = [factor.name for factor in factors]
    return PickResult(chosen(every, rules), every_candidate(every, names), weights.name)


def _prepared(past: pl.DataFrame | None, as_of: date) -> pl.DataFrame | None:
    """Letters posted by the as-of day, with the keys of their places."""
    if past is None:
        return None
    posted = pl.col("posted_on")
    return prepare(past.filter(posted.is_not_null() & (posted <= as_of)), posted)


def _check(rules: Rules) -> None:
    for name, share in (("threshold", rules.threshold), ("holdout", rules.holdout)):
        if not 0 <= share <= 1:
            raise BadUsage(f"--{name} {share}: a share between 0 and 1 is wanted")
    if rules.budget is not None and rules.budget < 0:
        raise BadUsage(f"--budget {rules.budget}: a number of letters, 0 or more, is wanted")
    if rules.min_days < 0:
        raise BadUsage(f"--min-days {rules.min_days}: 0 or more is wanted")
