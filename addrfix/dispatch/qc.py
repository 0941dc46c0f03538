"""The quality report of a batch: what was checked, found, held and used, as a few tables.

It names letters by their ids and nobody by name, so that it can be filed and handed on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from addrfix.knowledge import folder, read_tsv

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class RuleResult:
    """A rule over the letters of a batch."""

    rule: str
    severity: str
    what: Mapping[str, str]
    """By language."""
    checked: int
    found: int


@dataclass(frozen=True, slots=True)
class Example:
    """A finding and where it stands."""

    rule: str
    letter_id: str
    page: int | None
    """From 1; None where it is about the letter as a whole, or about the recipient block."""
    excerpt: str | None
    """Words around it, digits and names struck out."""


@dataclass(frozen=True, slots=True)
class HeldReason:
    """Cases that were not printed for one reason."""

    reason: str
    meaning: Mapping[str, str]
    cases: int


@dataclass(frozen=True, slots=True)
class QcReport:
    """Everything that the page says."""

    facts: tuple[tuple[str, str], ...]
    """Key of `templates/qc/text.tsv`, and what it is: the batch, its template, who approved."""
    specimen: bool
    letters: int
    checked: int
    """Letters that every rule was asked of."""
    counts: tuple[tuple[str, str], ...]
    """Key and figure: letters, pages, held cases and the like."""
    rules: tuple[RuleResult, ...]
    examples: tuple[Example, ...]
    held: tuple[HeldReason, ...]
    numbers: tuple[tuple[str, str], ...]
    hashes: tuple[tuple[str, str], ...]

    @property
    def share(self) -> str:
        """Of the letters that were checked, in per cent; never rounded up to 100."""
        if not self.letters:
            return "–"
        return f"{self.checked * 1000 // self.letters / 10:g} %"


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the report in one language."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@cache
def texts() -> dict[str, dict[str, str]]:
    """The words of the report: key → language → text."""
    rows = read_tsv(folder("templates") / "qc" / "text.tsv")
    return {row["key"]: {language: row[language] for language in LANGUAGES} for row in rows}


def say(key: str, language: str) -> str:
    """A text of the report; a key that has none stands for itself."""
    return texts().get(key, {}).get(language, key)


def sections(report: QcReport, language: str) -> Iterator[Section]:
    """The tables of the report, in their order.

    Args:
        report: the report.
        language: one of LANGUAGES.
    """

    def section(key: str, columns: str, rows: list[tuple[str, ...]]) -> Section:
        heads = tuple(say(f"column_{name}", language) for name in columns.split())
        return Section(key, say(key, language), heads, tuple(rows))

    def pairs(told: tuple[tuple[str, str], ...]) -> list[tuple[str, ...]]:
        return [(say(key, language), say(value, language)) for key, value in told]

    yield section("batch", "", pairs(report.facts))
    yield section("counts", "", pairs(report.counts))
    yield section(
        "rules",
        "rule severity what checked found",
        [
            (r.rule, say(r.severity, language), r.what[language], f"{r.checked:,}", f"{r.found:,}")
            for r in report.rules
        ],
    )
    yield section(
        "examples",
        "rule letter page excerpt",
        [
            (e.rule, e.letter_id, str(e.page or "–"), say(e.excerpt or "–", language))
            for e in report.examples
        ],
    )
    yield section(
        "held",
        "reason meaning cases",
        [(held.reason, held.meaning[language], f"{held.cases:,}") for held in report.held],
    )
    yield section("numbers", "", pairs(report.numbers))
    yield section("hashes", "", pairs(report.hashes))
