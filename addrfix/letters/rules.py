"""The tables of `templates/rules/`: which rules apply, forbidden words, case states, citations.

A compliance officer keeps a folder of their own with the tables to change: a row of `checks.tsv`
there replaces the shipped row of the same rule, any other table replaces the shipped one whole.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from addrfix.knowledge import folder, read_tsv
from addrfix.model.errors import BadSettings

SEVERITIES = ("block", "warn", "info", "off")
AREAS = ("text", "window", "title", "sender")
"""Where a forbidden word is looked for; `any` is all of them."""
# What is not drawn right must not be printed, whatever the table says.
_ALWAYS_BLOCK = frozenset(
    {
        "E03_window_only_recipient",
        "E11_field_length",
        "E12_text_is_printable",
        "E13_fits_window",
        "E14_reads_back",
    }
)
_CHECKS = "checks.tsv"
_TABLES = (
    _CHECKS, "case_status.tsv", "citations.tsv", "elements.tsv", "forbidden_words.tsv",
    "hold_reasons.tsv", "lenders.tsv", "lending_rates.tsv", "not_by_machine.tsv",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of `checks.tsv`."""

    name: str
    severity: str
    kinds: frozenset[str]
    parameter: float | None
    what: str
    """What a letter must be."""
    what_zh: str
    found: str
    """What is the matter with a letter that is not: in the words of the summary."""
    source: str

    def applies(self, kind: str) -> bool:
        """Is the rule checked on templates of this kind."""
        named = "all" in self.kinds or kind in self.kinds
        return self.severity != "off" and named and f"!{kind}" not in self.kinds


@dataclass(frozen=True, slots=True)
class ForbiddenWord:
    """A row of `forbidden_words.tsv`."""

    rule: str
    pattern: re.Pattern[str]
    where: str
    unless: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class StatusWord:
    """A row of `case_status.tsv`."""

    rule: str
    column: str
    whole: bool
    word: str
    reason: str | None
    """Why the case is held; None where it is open."""

    def fits(self, cell: str) -> bool:
        """Does a cell, trimmed and in small letters, say this."""
        return cell == self.word if self.whole else self.word in cell


@dataclass(frozen=True, slots=True)
class Element:
    """A row of `elements.tsv`: what a kind of letter has to say."""

    rule: str
    kinds: frozenset[str]
    name: str
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class RuleBook:
    """The rules that a batch is checked by."""

    sha256: str
    """Over all tables, in the order of their names."""
    rules: Mapping[str, Rule]
    forbidden: tuple[ForbiddenWord, ...]
    statuses: tuple[StatusWord, ...]
    elements: tuple[Element, ...]
    citable: Mapping[str, tuple[date, frozenset[int]]]
    """Day since which a law is in force and its articles, by the name of the law."""
    lenders: Mapping[str, bool]
    """Type of lender → whether its interest is bounded as private lending is."""
    lending_rates: tuple[tuple[date, Decimal], ...]
    """Day from which it holds, one-year loan prime rate in per cent; by day."""

    def __getitem__(self, name: str) -> Rule:
        return self.rules[name]

    def in_force(self, law: str, article: int, day: date) -> bool:
        """Is the article of that law listed, and its law in force on the day."""
        since, articles = self.citable.get(law, (date.max, frozenset()))
        return since <= day and article in articles


def read_rules(place: Path | None = None) -> RuleBook:
    """The shipped rules, or those with the tables of a folder of the user's put over them.

    Raises:
        BadSettings: no such folder, a table that is none of these, or a row that does not hold;
            names table and row.
    """
    return _shipped() if place is None else _read(place)


@cache
def _shipped() -> RuleBook:
    return _read(None)


def _read(own: Path | None) -> RuleBook:
    shipped = folder("templates") / "rules"
    paths = {name: shipped / name for name in _TABLES}
    rows = {name: read_tsv(path) for name, path in paths.items()}
    if own is not None:
        found = _own_tables(own)
        paths |= found
        for name, path in found.items():
            changed = read_tsv(path)
            rows[name] = _over(rows[name], changed) if name == _CHECKS else changed
    digest = hashlib.sha256()
    for name in _TABLES:
        digest.update(f"{hashlib.sha256(paths[name].read_bytes()).hexdigest()}\n".encode())
    try:
        return RuleBook(
            sha256=digest.hexdigest(),
            rules=_rules(rows[_CHECKS]),
            forbidden=tuple(map(_forbidden, rows["forbidden_words.tsv"])),
            statuses=tuple(map(_status, rows["case_status.tsv"])),
            elements=tuple(map(_element, rows["elements.tsv"])),
            citable=dict(map(_law, rows["citations.tsv"])),
            lenders={row["lender_type"]: row["bounded"] == "yes" for row in rows["lenders.tsv"]},
            lending_rates=tuple(sorted(map(_rate, rows["lending_rates.tsv"]))),
        )
    except KeyError as error:
        where = own or shipped
        raise BadSettings(f"a table in {where} has no column {error.args[0]}") from error


def _own_tables(own: Path) -> dict[str, Path]:
    if not own.is_dir():
        raise BadSettings(f"there is no folder of rules {own}")
    found = {path.name: path for path in sorted(own.glob("*.tsv"))}
    unknown = sorted(found.keys() - set(_TABLES))
    if unknown or not found:
        raise BadSettings(
            f"{own}: {unknown[0] + ' is no table' if unknown else 'there is no table'} of rules; "
            f"the tables are {', '.join(_TABLES)}"
        )
    return found


def _over(shipped: list[dict[str, str]], own: list[dict[str, str]]) -> list[dict[str, str]]:
    """The shipped rows, those that `own` has too taken from there."""
    mine = {row.get("rule", ""): row for row in own}
    unknown = sorted(mine.keys() - {row["rule"] for row in shipped})
    if unknown:
        raise BadSettings(f"{_CHECKS}: there is no rule {unknown[0]}; rows change shipped rules")
    return [mine.get(row["rule"], row) for row in shipped]


def _rules(rows: list[dict[str, str]]) -> dict[str, Rule]:
    found: dict[str, Rule] = {}
    for row in rows:
        name = row["rule"]
        if row["severity"] not in SEVERITIES:
            raise BadSettings(
                f"{_CHECKS}: {name} has the severity {row['severity']}; "
                f"it is one of {', '.join(SEVERITIES)}"
            )
        if name in _ALWAYS_BLOCK and row["severity"] != "block":
            raise BadSettings(f"{_CHECKS}: {name} must stay block")
        try:
            parameter = float(row["parameter"]) if row["parameter"] else None
        except ValueError as error:
            raise BadSettings(
                f"{_CHECKS}: {name} has the parameter {row['parameter']}, which is no number"
            ) from error
        found[name] = Rule(
            name=name,
            severity=row["severity"],
            kinds=frozenset(row["kinds"].split("|")),
            parameter=parameter,
            what=row["what"],
            what_zh=row["what_zh"],
            found=row["found"].replace("{parameter}", row["parameter"] or "…"),
            source=row["source"],
        )
    return found


def _expression(table: str, text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise BadSettings(f"{table}: {text} is not a regular expression") from error


def _forbidden(row: dict[str, str]) -> ForbiddenWord:
    table, text = "forbidden_words.tsv", row["expression"]
    if row["where"] not in (*AREAS, "any"):
        raise BadSettings(f"{table}: {text} is looked for in {row['where']}, which is no place")
    if not text:
        raise BadSettings(f"{table}: a row of {row['rule']} has no expression")
    return ForbiddenWord(
        rule=row["rule"],
        pattern=_expression(table, text if row["kind"] == "regex" else re.escape(text)),
        where=row["where"],
        unless=_expression(table, row["unless"]) if row["unless"] else None,
    )


def _status(row: dict[str, str]) -> StatusWord:
    return StatusWord(
        rule=row["rule"],
        column=row["column"],
        whole=row["match"] == "whole",
        word=row["word"],
        reason=row["reason"] if row["holds"] == "yes" else None,
    )


def _element(row: dict[str, str]) -> Element:
    pattern = _expression("elements.tsv", row["expression"])
    return Element(row["rule"], frozenset(row["kinds"].split("|")), row["element"], pattern)


def _law(row: dict[str, str]) -> tuple[str, tuple[date, frozenset[int]]]:
    try:
        since = date.fromisoformat(row["in_force_since"])
        return row["law"], (since, frozenset(map(int, row["articles"].split())))
    except ValueError as error:
        raise BadSettings(f"citations.tsv: {row['law']}: {error}") from error


def _rate(row: dict[str, str]) -> tuple[date, Decimal]:
    try:
        return date.fromisoformat(row["from"]), Decimal(row["per_cent"])
    except (ValueError, InvalidOperation) as error:
        raise BadSettings(f"lending_rates.tsv: {row['from']} is no day or has no rate") from error
