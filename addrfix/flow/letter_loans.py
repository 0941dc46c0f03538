"""Cases of several loans: rows that name different contracts are loans, whose amounts are added.

Facts of a case repeat on its rows, and a case whose rows contradict each other is held. Different
contract numbers are no contradiction where they tell loans apart: every row of the case names its
contract, the rows of one contract agree, and no two contracts have the same amounts and days, as
one loan written down under two numbers would. Everything else stays a contradiction: a letter must
not ask for one loan twice.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from addrfix.letters.rows import Loan
from addrfix.score.evidence import case_key

AMOUNTS = ("principal", "interest", "fees")
DAYS = ("loan_date", "due_date")
_OF_A_LOAN = (*AMOUNTS, *DAYS)
_FEW = 5
"""Contract numbers that are still named one by one in a sentence."""


def with_loans(facts: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The facts of cases, those of several loans with their sums and a column `fact_loans`.

    Args:
        facts: one row a case: `fact_case`, `fact_contradict`, and `fact_` before each name.
        rows: the rows of the cases, typed, with `case_id`, `contract_no` and the facts of loans.

    Returns:
        `facts`, where a case of several loans has the sums of their amounts, their earliest days,
        their contract numbers as one text, no contradiction in these, and in `fact_loans` the
        loans as JSON; null for the other cases.
    """
    asked = facts.filter(pl.col("fact_contradict").list.contains("contract_no"))["fact_case"]
    some = rows.with_columns(case_key().alias("fact_case")).filter(
        pl.col("fact_case").is_in(asked.to_list())
    )
    loans = _cases_of_loans(_loans(some))
    joined = facts.join(loans, on="fact_case", how="left", maintain_order="left")
    several = pl.col("fact_loans").is_not_null()
    settled = pl.col("fact_contradict").list.set_difference([*_OF_A_LOAN, "contract_no"])
    names = (*_OF_A_LOAN, "contract_no")
    return joined.with_columns(
        pl.when(several).then(settled).otherwise("fact_contradict").alias("fact_contradict"),
        *(
            pl.when(several).then(f"loans_{name}").otherwise(f"fact_{name}").alias(f"fact_{name}")
            for name in names
        ),
    ).drop(f"loans_{name}" for name in names)


def loans_of(written: str | None) -> tuple[Loan, ...]:
    """The loans of a cell of `fact_loans`."""
    return tuple(map(_loan, json.loads(written) if written else ()))


def _loan(read: dict[str, Any]) -> Loan:
    amounts = {name: Decimal(read[name]) for name in AMOUNTS if read[name] is not None}
    days = {name: date.fromisoformat(read[name]) for name in DAYS if read[name] is not None}
    return Loan(
        contract_no=read["contract_no"],
        loan_date=days.get("loan_date"),
        due_date=days.get("due_date"),
        principal=amounts["principal"],
        interest=amounts.get("interest"),
        fees=amounts.get("fees"),
    )


def _named(numbers: pl.Expr) -> pl.Expr:
    """Contract numbers as one text: a few by name, many by the first and their count."""
    many = pl.format("{}等{}份", numbers.first(), pl.len())
    return pl.when(pl.len() <= _FEW).then(numbers.str.join("、")).otherwise(many)


def _loans(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a contract of a case; `whole` tells whether its rows agree and name it."""
    # A number typed with other punctuation is the same contract.
    key = pl.col("contract_no").str.replace_all(r"[^\p{L}\p{N}]", "").str.to_uppercase()
    agree = [pl.col(name).drop_nulls().n_unique() <= 1 for name in _OF_A_LOAN]
    return rows.group_by("fact_case", key.alias("contract"), maintain_order=True).agg(
        pl.col("contract_no").first(),
        *(pl.col(name).drop_nulls().first() for name in _OF_A_LOAN),
        (
            pl.all_horizontal(agree)
            & (pl.col("contract_no").null_count() == 0)
            & (pl.col("principal").drop_nulls().len() > 0)
        ).alias("whole"),
    )


def _cases_of_loans(loans: pl.DataFrame) -> pl.DataFrame:
    """One row a case whose contracts are loans, with their sums."""
    texts = [pl.col(name).cast(pl.String) for name in ("contract_no", *_OF_A_LOAN)]
    # A sum of which a part is missing is missing.
    sums = [
        pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(f"loans_{name}")
        for name in AMOUNTS
    ]
    return (
        loans.with_columns(pl.struct(texts).struct.json_encode().alias("json"))
        .group_by("fact_case", maintain_order=True)
        .agg(
            *sums,
            *(pl.col(name).min().alias(f"loans_{name}") for name in DAYS),
            _named(pl.col("contract_no")).alias("loans_contract_no"),
            pl.format("[{}]", pl.col("json").str.join(",")).alias("fact_loans"),
            pl.col("whole").all(),
            (pl.struct(_OF_A_LOAN).n_unique() == pl.len()).alias("apart"),
            pl.len().alias("count"),
        )
        .filter(pl.col("whole") & pl.col("apart") & (pl.col("count") > 1))
        .drop("whole", "apart", "count")
    )
