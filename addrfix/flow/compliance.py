"""What a batch has to keep to: rules, the template's approval, letters of the past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import polars as pl
from platformdirs import user_config_path

from addrfix.letters.approval import Approval, approval_of, read_approvals
from addrfix.letters.rules import RuleBook, read_rules
from addrfix.letters.template import Template
from addrfix.letters.template_files import find_template
from addrfix.model.terms import Outcome
from addrfix.score.evidence import case_key, person


@dataclass(frozen=True, slots=True)
class Governing:
    """What the user says about it."""

    rules: Path | None = None
    """A folder whose tables are put over the shipped rules."""
    approvals: Path | None = None
    """The file of approvals; the user's own by default."""
    require_approval: bool = False
    """Only a template that a person approved may be printed."""


@dataclass(frozen=True)
class Compliance:
    """The rules of a batch, and what they ask beyond the letter."""

    book: RuleBook
    approval: Approval
    used_numbers: frozenset[str] = frozenset()
    """Letter numbers of the past."""
    last_letters: Mapping[str, date] = field(default_factory=lambda: MappingProxyType({}))
    """Case, or ID number of a debtor → day of the last letter that was posted."""

    def with_history(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Picks with their facts, and the day of the last letter where there was a history."""
        if not self.last_letters:
            return rows
        table = pl.DataFrame(
            {"_key": list(self.last_letters), "_day": list(self.last_letters.values())},
            schema={"_key": pl.String, "_day": pl.Date},
        )
        keys = {
            "_by_case": pl.col("case_id"),
            "_by_person": pl.col("fact_id_no").str.to_uppercase(),
        }
        for name, key in keys.items():
            rows = rows.with_columns(key.alias("_key")).join(
                table.rename({"_day": name}), on="_key", how="left", maintain_order="left"
            )
            rows = rows.drop("_key")
        last = pl.max_horizontal(*keys).alias("fact_last_letter_on")
        return rows.with_columns(last).drop(*keys)


def default_approvals() -> Path:
    """Where the user's approvals lie."""
    return user_config_path("addrfix", appauthor=False) / "approvals.json"


def compliance_of(
    template: Template,
    name: str,
    governing: Governing,
    *,
    past: pl.DataFrame | None,
    as_of: date,
) -> Compliance:
    """The rules and the approval of a batch.

    Args:
        template: the template, read from `name`.
        name: of a shipped template, or path of a template's folder.
        governing: what the user says.
        past: earlier letters (`flow.past_letters.read_letters`); None where there are none.
        as_of: letters after this day are not known yet.

    Raises:
        BadSettings: rules that do not hold.
        BadInput: a file of approvals that is none.
    """
    book = read_rules(governing.rules)
    approvals = read_approvals(governing.approvals or default_approvals())
    by_person = governing.require_approval
    approval = approval_of(template, find_template(name), book, approvals, by_person=by_person)
    if by_person:
        stricter = replace(
            book["I04_template_approved"], severity="block", kinds=frozenset({"all"})
        )
        book = replace(book, rules={**book.rules, stricter.name: stricter})
    if past is None:
        return Compliance(book, approval)
    return Compliance(book, approval, _numbers(past), _last(past, as_of))


def _numbers(past: pl.DataFrame) -> frozenset[str]:
    if "letter_no" not in past.columns:
        return frozenset()
    return frozenset(past["letter_no"].drop_nulls().to_list())


def _last(past: pl.DataFrame, as_of: date) -> dict[str, date]:
    """Case or debtor → day of the last letter; letters that were cancelled do not count."""
    missing = [name for name in ("case_id", "id_no") if name not in past.columns]
    past = past.with_columns(pl.lit(None, pl.String).alias(name) for name in missing)
    if "input_issues" not in past.columns:
        past = past.with_columns(pl.lit([], pl.List(pl.String)).alias("input_issues"))
    posted = past.filter(
        pl.col("posted_on") <= as_of, pl.col("_outcome").ne_missing(Outcome.CANCELLED.value)
    )
    keys = pl.concat(
        [posted.select(key.alias("key"), "posted_on") for key in (case_key(), person())]
    )
    last = keys.drop_nulls().group_by("key").agg(pl.col("posted_on").max()).sort("key")
    return dict(last.iter_rows())
