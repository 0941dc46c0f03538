"""Picks and cases as the data of letters: one row a case that is to be sent, or why it is held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from addrfix.flow.documents import DOCUMENTS, FAULT, documents_of
from addrfix.flow.letter_loans import loans_of, with_loans
from addrfix.letters.facts import LetterFacts
from addrfix.model.errors import BadInput
from addrfix.model.table import PICK_COLUMNS
from addrfix.model.terms import Decision
from addrfix.score.evidence import case_key

# Facts that repeat on the rows of a case and must agree. The phone may differ, and opting out may
# speak of one address only.
REPEATED = (
    "name", "id_no", "principal", "interest", "fees", "loan_date", "due_date", "contract_no",
    "guarantor", "case_status",
)  # fmt: skip
AMOUNTS = ("principal", "interest", "fees")
_PICK_TEXTS = ("case_id", "decision", "standardized", "postcode", "recipient", "source")
_AMOUNT = pl.Decimal(18, 2)
_TYPES: dict[str, Any] = dict.fromkeys((*AMOUNTS, "total"), _AMOUNT) | dict.fromkeys(
    ("loan_date", "due_date"), pl.Date
)


@dataclass(frozen=True, slots=True)
class Held:
    """A case that is not printed; the first reason decided."""

    case_id: str
    row: int | None
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Material:
    """What there is to print."""

    rows: pl.DataFrame
    """Picks to be sent with the facts of their case (prefix `fact_`), in the order of the picks."""
    held: list[Held] = field(default_factory=list)
    unclaimed: frozenset[str] = frozenset()
    """Kinds of amounts that the whole file leaves empty: nothing is claimed."""
    unpicked: int = 0
    """Cases of the file that the picks do not have."""


def typed_picks(picks: pl.DataFrame) -> pl.DataFrame:
    """Picks in their types, whether they come from `pick` or from a file.

    Raises:
        BadInput: a column is missing, or a decision, row or probability is none.
    """
    missing = [name for name in PICK_COLUMNS[:9] if name not in picks.columns]
    if missing:
        raise BadInput(
            f"the picks have no column {', '.join(missing)}; they are the output of `addrfix pick`"
        )
    # A CSV has lists joined by `|`.
    lists = [
        pl.col(name).cast(pl.String).str.split("|")
        for name in ("reasons", "factors")
        if name in picks.columns and not isinstance(picks.schema[name], pl.List)
    ]
    try:
        typed = picks.with_columns(
            pl.col("row").cast(pl.Int64),
            pl.col("p_signed").cast(pl.Float64),
            *lists,
            *(
                pl.col(name).cast(pl.String).replace("", None)
                for name in (
                    "case_id",
                    "decision",
                    "standardized",
                    "postcode",
                    "recipient",
                    "source",
                )
            ),
        )
    except pl.exceptions.PolarsError as error:
        raise BadInput("the picks have a row or p_signed that is not a number") from error
    known = set(typed["decision"].unique()) <= {member.value for member in Decision}
    if not known or typed["case_id"].null_count():
        raise BadInput("the picks have a row without case_id, or a decision not send or hold")
    return typed


def gather(picks: pl.DataFrame, cases: pl.DataFrame) -> Material:
    """Join picks that are to be sent with the facts of their cases.

    Args:
        picks: as `typed_picks` gives them.
        cases: canonical rows of the user's file (`addrfix.files.canonical_rows`).
    """
    facts, unclaimed = _case_facts(cases)
    send = picks.filter(pl.col("decision") == Decision.SEND.value)
    held = [
        Held(row["case_id"], row["row"], tuple(filter(None, row["reasons"] or ())) or ("held",))
        for row in picks.filter(pl.col("decision") == Decision.HOLD.value).iter_rows(named=True)
    ]
    rows = send.join(
        facts, left_on="case_id", right_on="fact_case", how="left", maintain_order="left"
    )
    chosen = cases.select("row", "source", _text("opt_out", cases)).unique(
        ["row", "source"], keep="first", maintain_order=True
    )
    rows = rows.join(
        chosen.rename({"opt_out": "fact_opt_out"}),
        on=["row", "source"], how="left", maintain_order="left",
    )  # fmt: skip
    unpicked = facts.join(picks, left_on="fact_case", right_on="case_id", how="anti").height
    return Material(rows, held, unclaimed, unpicked)


def _text(name: str, cases: pl.DataFrame) -> pl.Expr:
    known = pl.col(name) if name in cases.columns else pl.lit(None)
    return known.cast(pl.String).alias(name)


def _case_facts(cases: pl.DataFrame) -> tuple[pl.DataFrame, frozenset[str]]:
    """One row a case: its facts, and the names of those that contradict each other."""
    present = cases.with_columns(
        pl.lit(None).cast(_TYPES.get(name, pl.String)).alias(name)
        for name in (*REPEATED, "total", "case_id", "phone")
        if name not in cases.columns
    )
    if "input_issues" not in present.columns:
        present = present.with_columns(pl.lit([], pl.List(pl.String)).alias("input_issues"))
    present = present.with_columns(
        pl.col(name).cast(_TYPES.get(name, pl.String), strict=False)
        for name in (*REPEATED, "total")
    )
    unclaimed = frozenset(
        name for name in AMOUNTS[1:] if present[name].null_count() == present.height
    )
    differs = [
        pl.when(pl.col(name).drop_nulls().n_unique() > 1).then(pl.lit(name)) for name in REPEATED
    ]
    facts = present.group_by(case_key().alias("fact_case"), maintain_order=True).agg(
        pl.col("case_id").first().alias("fact_case_id"),
        pl.col("phone").drop_nulls().first().alias("fact_phone"),
        *(pl.col(name).drop_nulls().first().alias(f"fact_{name}") for name in REPEATED),
        pl.concat_list(differs).list.drop_nulls().alias("fact_contradict"),
        # Loans of a case may have totals of their own: then none is the case's.
        pl.when(pl.col("total").drop_nulls().n_unique() == 1)
        .then(pl.col("total").drop_nulls().first())
        .alias("fact_total"),
    )
    return with_loans(facts, present), unclaimed


def reasons_to_hold(row: Mapping[str, Any], unclaimed: frozenset[str]) -> list[str]:
    """Why a letter cannot even be worded: what is missing or contradicts itself."""
    if row["fact_contradict"] is None:
        return ["case_not_in_file"]
    reasons = [f"facts_contradict:{name}" for name in row["fact_contradict"]]
    for column in ("recipient", "standardized"):
        if not row[column]:
            reasons.append(f"missing:{column}")
    if not row["fact_name"]:
        reasons.append("missing:name")
    for name in AMOUNTS:
        if row[f"fact_{name}"] is None and name not in unclaimed:
            reasons.append(f"missing:{name}")
    if row.get(FAULT):
        reasons.append(row[FAULT])
    return reasons


def facts_of(
    row: Mapping[str, Any], created_on: date, ids: Mapping[str, str | None]
) -> LetterFacts:
    """The data of one letter; `ids` are its letter_id, letter_no and tracking_no."""
    return LetterFacts(
        letter_id=ids["letter_id"] or "",
        letter_no=ids["letter_no"] or "",
        tracking_no=ids["tracking_no"],
        created_on=created_on,
        # A file without case ids is keyed by ID numbers, which no letter may show.
        case_id=row["fact_case_id"] or ids["letter_id"] or "",
        recipient=row["recipient"],
        standardized=row["standardized"],
        postcode=row["postcode"],
        source=row["source"] or "other",
        debtor=row["fact_name"],
        guarantor=row["fact_guarantor"],
        principal=row["fact_principal"] or Decimal(0),
        interest=row["fact_interest"],
        fees=row["fact_fees"],
        id_no=row["fact_id_no"],
        contract_no=row["fact_contract_no"],
        loan_date=row["fact_loan_date"],
        due_date=row["fact_due_date"],
        case_status=row["fact_case_status"],
        opt_out=row["fact_opt_out"],
        last_letter_on=row.get("fact_last_letter_on"),
        total_stated=None if row["fact_loans"] else row["fact_total"],
        several=loans_of(row["fact_loans"]),
        documents=documents_of(row.get(DOCUMENTS)),
    )


def by_index(rows: pl.DataFrame, wanted: list[int]) -> Iterator[dict[str, Any]]:
    """Rows by their index, a thousand at a time, so that memory does not grow with the batch."""
    for at in range(0, len(wanted), 1000):
        yield from rows[wanted[at : at + 1000]].iter_rows(named=True)
