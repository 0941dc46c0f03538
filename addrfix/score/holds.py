"""What stops a letter: reasons that bar one address, and reasons that hold a whole case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from addrfix.model.terms import Source, Verdict
from addrfix.score.knowledge import patterns
from addrfix.score.past import CAME_BACK

# Facts of a case that repeat on its rows. A debtor may have several phones, but one name.
FACTS = (
    "name", "id_no", "principal", "interest", "fees", "loan_date", "due_date", "contract_no",
    "guarantor", "case_status",
)  # fmt: skip

# Of them, those that belong to one loan where the rows of a case name several contracts.
OF_A_LOAN = ("principal", "interest", "fees", "loan_date", "due_date")

# Why an address is not used, mildest first: of a bad lot the mildest is shown. Then what a case is
# held with when its best address is barred so.
BARS = {
    "contact_person": "contact_person",
    "place_gone": "all_blocked",
    "returned": "all_returned",
    "opted_out": "opted_out",
    "blocked": "all_blocked",
    "undeliverable": "all_undeliverable",
    "no_address": "no_address",
}
CASE_HOLDS = (
    "no_case_id",
    "deceased",
    "in_dispute",
    "case_closed",
    "facts_contradict",
    "no_recipient",
    "recent_letter",
)
"""Reasons of a case, in the order in which they are given."""


def bar(allowed: Sequence[str]) -> pl.Expr:
    """Why this address must not be used (a key of BARS, the gravest that holds), null: it may be.

    Args:
        allowed: sources that are otherwise kept back and that the user allows (`contact`).
    """
    contact = pl.lit(False) if Source.CONTACT in allowed else pl.col("source") == Source.CONTACT
    verdict = pl.col("verdict")
    holds = {
        "contact_person": contact,
        "returned": pl.col("_here").is_in(CAME_BACK),
        "place_gone": pl.col("_place_gone"),
        "opted_out": _opted_out(),
        "blocked": verdict == Verdict.BLOCKED,
        "undeliverable": verdict == Verdict.UNDELIVERABLE,
        "no_address": pl.coalesce("address", "standardized").str.strip_chars().fill_null("") == "",
    }
    found = pl.lit(None, pl.String)
    for name in BARS:
        found = pl.when(holds[name]).then(pl.lit(name)).otherwise(found)
    return found


def _opted_out() -> pl.Expr:
    said = pl.col("opt_out").str.strip_chars()
    found = pl.lit("no")
    for row in reversed(patterns("opt_out", "meaning")):
        whole = said.str.contains(f"(?i)^(?:{row.pattern})$")
        found = pl.when(whole).then(pl.lit(row.word)).otherwise(found)
    return found == "yes"


def case_holds(as_of: date, min_days: int) -> list[pl.Expr]:
    """One Boolean per name of CASE_HOLDS, for an aggregation over the rows of a case.

    Args:
        as_of: the day of choosing.
        min_days: days that must lie between two letters to one debtor.
    """
    status = _status()
    days = (pl.lit(as_of) - pl.col("_last_letter")).dt.total_days()
    holds = {
        "no_case_id": pl.col("_unnamed"),
        "deceased": (status == "deceased") | (pl.col("_reported") == "DECEASED"),
        "in_dispute": status == "in_dispute",
        "case_closed": status == "case_closed",
        "recent_letter": days < min_days,
    }
    whole = {name: condition.fill_null(False).any() for name, condition in holds.items()}
    whole["facts_contradict"] = _contradicted()
    whole["no_recipient"] = recipient().is_null().all()
    return [whole[name].alias(name) for name in CASE_HOLDS]


def _contradicted() -> pl.Expr:
    """Do the rows of a case contradict each other; loans under contracts of their own do not.

    Rows that name different contracts, each of them, are several loans as long as the rows of one
    contract agree; `addrfix letters` adds them, or holds what is one loan under two numbers.
    """
    loan, contract = (*OF_A_LOAN, "contract_no"), pl.col("contract_no")
    differ = {fact: pl.col(fact).drop_nulls().n_unique() > 1 for fact in FACTS}
    within = [
        pl.struct("contract_no", fact).filter(pl.col(fact).is_not_null()).n_unique()
        > contract.filter(pl.col(fact).is_not_null()).n_unique()
        for fact in OF_A_LOAN
    ]
    loans = differ["contract_no"] & (contract.null_count() == 0) & ~pl.any_horizontal(within)
    other = pl.any_horizontal(differ[fact] for fact in FACTS if fact not in loan)
    return other | (pl.any_horizontal(differ[fact] for fact in loan) & ~loans)


def _status() -> pl.Expr:
    found = pl.lit(None, pl.String)
    for row in reversed(patterns("case_status", "reason")):
        said = pl.col("case_status").str.contains(f"(?i){row.pattern}")
        found = pl.when(said).then(pl.lit(row.word)).otherwise(found)
    return found


def recipient() -> pl.Expr:
    """Who the letter is for: the debtor, else a guarantor whom the file names as such.

    Never `text_recipient`: a name glued to an address is anybody's.
    """
    return pl.coalesce(
        pl.col(name).str.strip_chars().replace("", None) for name in ("name", "guarantor")
    )
