"""What the rules look at, and what they find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from addrfix.letters.compose import Composer
from addrfix.letters.draft import Draft
from addrfix.letters.facts import LetterFacts
from addrfix.letters.rules import Rule, RuleBook, read_rules
from addrfix.letters.sender import Sender

# Blocks that say who writes.
_SENDER_BLOCKS = ("letterhead", "signature", "next_head", "footer")


WINDOW = "[window]"
"""Stands for the words of the recipient block, which are a person's address."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What a rule says of a letter that breaks it: no person's data, for it goes into lists."""

    note: str
    """Rules, fields and code points by name."""
    text: str | None = None
    """Words of the letter that it is about, as they are printed; `WINDOW` for the recipient block;
    None: the letter as a whole."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a letter breaks."""

    rule: str
    severity: str
    note: str
    text: str | None = None
    """As in `Wrong`."""

    @property
    def reason(self) -> str:
        """The reason code of a held case: the note where it is one, else rule and note."""
        return self.note if ":" in self.note else f"{self.rule}:{self.note}"


def found_by(rule: Rule, wrong: Wrong) -> Finding:
    """What a rule found, with its severity."""
    return Finding(rule.name, rule.severity, wrong.note, wrong.text)


@dataclass(frozen=True)
class Letter:
    """A letter as the rules look at it."""

    draft: Draft
    sender: Sender
    composer: Composer
    book: RuleBook = field(default_factory=read_rules)

    @property
    def facts(self) -> LetterFacts:
        """The data."""
        return self.draft.facts

    @cached_property
    def text(self) -> str:
        """Every word of the letter but the recipient block."""
        return "\n".join(self.draft.lines())

    @cached_property
    def areas(self) -> dict[str, str]:
        """The words of each of `addrfix.letters.rules.AREAS`."""
        fixed = self.draft.fixed
        return {
            "text": self.text,
            "window": "\n".join(self.draft.window()),
            "title": "\n".join(fixed.get("title_block", ())),
            "sender": "\n".join(line for key in _SENDER_BLOCKS for line in fixed.get(key, ())),
        }

    def fields(self) -> Iterator[tuple[str, str]]:
        """The texts that come from the user's data, by column."""
        facts = self.facts
        yield "recipient", facts.recipient
        yield "standardized", facts.standardized
        yield "postcode", facts.postcode or ""
        yield "name", facts.debtor
        yield "case_id", facts.case_id
        yield "contract_no", facts.contract_no or ""
        for loan in facts.several:
            yield "contract_no", loan.contract_no
        for document in facts.documents:
            for text in (document.title, document.court, document.court_case_no):
                yield "documents", text
