"""The tables of `templates/rules/`: which checks apply, forbidden words, case states, citations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from addrfix.knowledge import folder, read_tsv
from addrfix.model.errors import BadSettings

SEVERITIES = ("block", "warn", "off")
# What is not drawn right must not be printed, whatever the table says.
_ALWAYS_BLOCK = frozenset(
    {"E11_field_length", "E12_text_is_printable", "E13_fits_window", "E14_reads_back"}
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of `checks.tsv`."""

    name: str
    severity: str
    kinds: frozenset[str]
    parameter: float | None
    what: str
    """What a letter must be."""
    found: str
    """What is the matter with a letter that is not: in the words of the summary."""

    def applies(self, kind: str) -> bool:
        """Is the rule checked on templates of this kind."""
        return self.severity != "off" and ("all" in self.kinds or kind in self.kinds)


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

    column: str
    whole: bool
    word: str
    reason: str | None
    """Why the case is held; None where it is open."""

    def fits(self, cell: str) -> bool:
        """Does a cell, trimmed and in small letters, say this."""
        return cell == self.word if self.whole else self.word in cell


def _table(name: str) -> list[dict[str, str]]:
    return read_tsv(folder("templates") / "rules" / name)


@cache
def rules() -> dict[str, Rule]:
    """The rules by name.

    Raises:
        BadSettings: an unknown severity, or one that a rule cannot have.
    """
    found: dict[str, Rule] = {}
    for row in _table("checks.tsv"):
        if row["severity"] not in SEVERITIES:
            raise BadSettings(
                f"checks.tsv: {row['rule']} has the severity {row['severity']}; "
                f"it is one of {', '.join(SEVERITIES)}"
            )
        if row["rule"] in _ALWAYS_BLOCK and row["severity"] != "block":
            raise BadSettings(f"checks.tsv: {row['rule']} must stay block")
        found[row["rule"]] = Rule(
            name=row["rule"],
            severity=row["severity"],
            kinds=frozenset(row["kinds"].split("|")),
            parameter=float(row["parameter"]) if row["parameter"] else None,
            what=row["what"],
            found=row["found"].replace("{parameter}", row["parameter"] or "…"),
        )
    return found


@cache
def forbidden_words() -> tuple[ForbiddenWord, ...]:
    """The forbidden words.

    Raises:
        BadSettings: an expression that is none.
    """
    found: list[ForbiddenWord] = []
    for row in _table("forbidden_words.tsv"):
        expression = row["expression"]
        try:
            pattern = re.compile(expression if row["kind"] == "regex" else re.escape(expression))
            unless = re.compile(row["unless"]) if row["unless"] else None
        except re.error as error:
            raise BadSettings(
                f"forbidden_words.tsv: {expression} is not a regular expression"
            ) from error
        found.append(ForbiddenWord(row["rule"], pattern, row["where"], unless))
    return tuple(found)


@cache
def status_words() -> tuple[StatusWord, ...]:
    """What states of a case mean for sending."""
    return tuple(
        StatusWord(
            column=row["column"],
            whole=row["match"] == "whole",
            word=row["word"],
            reason=row["reason"] if row["holds"] == "yes" else None,
        )
        for row in _table("case_status.tsv")
    )


@cache
def citable() -> dict[str, frozenset[int]]:
    """Articles in force, by the name of the law."""
    return {
        row["law"]: frozenset(map(int, row["articles"].split())) for row in _table("citations.tsv")
    }
