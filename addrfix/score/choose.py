"""Scored candidates → one row per case: which address, whether to send, and why."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from addrfix.model.table import PICK_COLUMNS
from addrfix.model.terms import Decision
from addrfix.score.holds import BARS, CASE_HOLDS, bar, case_holds, recipient

MODEL, TRADE_RULE = "model", "trade_rule"
EXTRA_COLUMNS = (
    "arm", "recorded_on", "province", "city", "district", "town", "village", "division_code",
    "road", "road_number", "poi", "subpoi", "building", "unit", "floor", "room", "group", "detail",
    "granularity", "verdict", "confidence", "factors",
)  # fmt: skip
"""What a row of picks carries beyond the contract: for reports and for learning from the batch.
`arm` is `model` or, for a hold-out case, `trade_rule`; `factors` lists `factor=level` of the
chosen candidate."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the user decides."""

    as_of: date
    threshold: float = 0.05
    """Probability below which a case is held."""
    budget: int | None = None
    """Number of letters; the likeliest cases are sent."""
    allowed: tuple[str, ...] = ()
    """Sources otherwise kept back (`contact`)."""
    min_days: int = 30
    """Days between two letters to one debtor."""
    holdout: float = 0.0
    """Share of cases that go to the first usable address as listed."""
    seed: int = 0
    named: bool | None = None
    """Whether the file has case ids; None: whether the candidates have."""


def ranked(scored: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """The candidates with their rank within the case and why any may not be used.

    Takes prepared candidates with what is known of the past, `p_signed`, `reasons` and `blocked_by`
    (the entry or pattern behind the verdict `blocked`). Adds `barred` (a key of BARS or null) and
    `rank` (1 is the choice), sorted by case and rank; cases stand in the order of their first row.
    Ties are broken by what the address says, not by where it stands: by source, then by text.
    """
    names = list(BARS)
    named = pl.lit(rules.named) if rules.named is not None else pl.col("case_id").count() > 0
    scored = scored.with_columns(bar(rules.allowed).alias("barred"), _order().alias("_case_order"))
    scored = scored.with_columns(
        pl.col("barred").replace_strict(names, range(1, len(names) + 1), default=0).alias("_tier")
    )
    first = scored.filter(_held_out(scored, rules) & (pl.col("_tier") == 0))
    first = first.group_by("_case").agg(pl.col("_position").min().alias("_rule_choice"))
    scored = scored.join(first, on="_case", how="left").sort(
        "_case_order",
        (pl.col("_position") == pl.col("_rule_choice")).fill_null(False).not_(),
        "_tier",
        pl.col("p_signed") * -1,
        "source",
        "_text_key",
        "_position",
    )
    return scored.with_columns(
        (pl.int_range(pl.len()).over("_case") + 1).alias("rank"),
        pl.when(pl.col("_rule_choice").is_null())
        .then(pl.lit(MODEL))
        .otherwise(pl.lit(TRADE_RULE))
        .alias("arm"),
        # A file without any case ids is one where a debtor or a row is a case; in a file that has
        # them, what lacks one could never be told to its case again.
        (pl.col("case_id").is_null() & named).alias("_unnamed"),
        pl.coalesce("_gone_by", "blocked_by").alias("blocked_by"),
    )


def _order() -> pl.Expr:
    return pl.col("_position").min().over("_case")


def _held_out(scored: pl.DataFrame, rules: Rules) -> pl.Expr:
    """Whether a row's case is in the hold-out: by a hash of seed and case id alone."""
    if rules.holdout <= 0:
        return pl.lit(False)
    limit = rules.holdout * 2**64
    drawn = [
        case
        for case in scored["_case"].unique(maintain_order=True).to_list()
        if int.from_bytes(hashlib.sha256(f"{rules.seed}|{case}".encode()).digest()[:8]) < limit
    ]
    return pl.col("_case").is_in(drawn)


def chosen(candidates: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """One row per case in PICK_COLUMNS and EXTRA_COLUMNS, in the order of the cases.

    Takes the result of `ranked`.
    """
    cases = candidates.group_by("_case", maintain_order=True).agg(
        *case_holds(rules.as_of, rules.min_days),
        recipient().drop_nulls().first().alias("recipient"),
        # In both arms the case's best address decides whether to write at all; otherwise the arms
        # would not be alike and their comparison would prove nothing.
        pl.col("p_signed").filter(pl.col("_tier") == pl.col("_tier").min()).max().alias("_best"),
        *_runner_up(),
    )
    picks = candidates.filter(pl.col("rank") == 1).join(
        cases, on="_case", how="left", maintain_order="left"
    )
    reasons: list[pl.Expr] = [pl.when(pl.col(name)).then(pl.lit(name)) for name in CASE_HOLDS]
    reasons.append(pl.col("barred").replace_strict(BARS, default=None, return_dtype=pl.String))
    reasons.append(
        pl.when(pl.col("barred").is_null() & (pl.col("_best") < rules.threshold)).then(
            pl.lit("below_threshold")
        )
    )
    picks = picks.with_columns(pl.concat_list(reasons).list.drop_nulls().alias("_holds"))
    picks = _budgeted(picks, rules.budget)
    # Told behind the holds, so that the first reason stays one of the closed list.
    entry = pl.when(pl.col("barred").is_in(["blocked", "place_gone"])).then(
        pl.concat_str(pl.lit("blocked_by="), "blocked_by")
    )
    picks = picks.with_columns(pl.concat_list(entry).list.drop_nulls().alias("_entry"))
    held = pl.col("_holds").list.len() > 0
    return picks.select(
        pl.col("_case").alias("case_id"),
        "row",
        pl.when(held)
        .then(pl.lit(Decision.HOLD.value))
        .otherwise(pl.lit(Decision.SEND.value))
        .alias("decision"),
        "p_signed",
        pl.concat_list("_holds", "_entry", "reasons").alias("reasons"),
        *PICK_COLUMNS[5:],
        *EXTRA_COLUMNS,
    )


def _runner_up() -> list[pl.Expr]:
    """The best usable address that is not the chosen one under another source."""
    usable = (pl.col("_tier") == 0) & (pl.col("rank") > 1)
    other = usable & pl.col("_text_key").ne_missing(pl.col("_text_key").first())
    return [
        pl.col("row").filter(other).first().alias("runner_up_row"),
        pl.col("p_signed").filter(other).first().alias("runner_up_p"),
    ]


def _budgeted(picks: pl.DataFrame, budget: int | None) -> pl.DataFrame:
    """Holds what would be sent beyond the budget, least likely first."""
    if budget is None:
        return picks
    free = picks.filter(pl.col("_holds").list.len() == 0)
    within = free.sort(pl.col("_best") * -1, "_case").head(budget)["_case"]
    over = (pl.col("_holds").list.len() == 0) & ~pl.col("_case").is_in(within.to_list())
    return picks.with_columns(
        pl.when(over).then(pl.lit(["over_budget"])).otherwise(pl.col("_holds")).alias("_holds")
    )


def every_candidate(candidates: pl.DataFrame, factors: Sequence[str]) -> pl.DataFrame:
    """What `--all` writes: every candidate with the level and the part of each factor.

    Takes the result of `ranked`, with `<factor>_level` and the columns of `weighed`.
    """
    shown = [column for name in factors for column in (f"{name}_level", f"{name}_weight")]
    combinations = [c for c in candidates.columns if "_x_" in c and c.endswith("_weight")]
    return candidates.select(
        pl.col("_case").alias("case_id"),
        "row",
        "rank",
        "source",
        "standardized",
        "postcode",
        "verdict",
        "barred",
        "blocked_by",
        "p_signed",
        "log_odds",
        "base_weight",
        *shown,
        *combinations,
    )
