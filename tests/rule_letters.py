"""Letters made from the golden lines of `tests/cases/letter_rules.tsv`, and what the rules find."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from letter_samples import (
    AS_OF,
    case,
    cases,
    composer,
    drawn,
    facts,
    picks,
    sender,
    with_paragraphs,
)
from letter_samples import template as plain_template

from addrfix.flow.compliance import Compliance
from addrfix.flow.letter_facts import gather, typed_picks
from addrfix.flow.letter_plan import Batch, planned
from addrfix.letters.approval import Approval
from addrfix.letters.batch_checks import check_batch
from addrfix.letters.checks import check_letter
from addrfix.letters.compose import Composer
from addrfix.letters.facts import LetterFacts
from addrfix.letters.findings import Letter
from addrfix.letters.placeholders import plain
from addrfix.letters.readback import ReadPdf, missing_from, shows_only_recipient
from addrfix.letters.rows import Document
from addrfix.letters.rules import read_rules
from addrfix.letters.sender import Sender
from addrfix.letters.sender_checks import check_sender
from addrfix.letters.template import Paragraph, Template

AMOUNTS = ("principal", "interest", "fees", "total_stated")
FLAGS = ("specimen", "letter_no_used")
DAYS = ("_date", "_on", "mandate_from", "mandate_to")


@dataclass
class Made:
    """The plain letter, changed field by field."""

    template: Template = field(default_factory=plain_template)
    sender: Sender = field(default_factory=sender)
    facts: LetterFacts = field(default_factory=facts)
    approval: Approval = field(default_factory=lambda: Approval("shipped", ""))

    def change(self, name: str, written: str) -> None:
        owner, _, key = name.rpartition(".")
        value = value_of(key, written)
        if owner == "sender":
            self.sender = replace(self.sender, **{key: value})
        elif owner == "signatory":
            lawyer = replace(self.sender.signatories[0], **{key: value})
            self.sender = replace(self.sender, signatories=(lawyer,))
        elif owner == "approval":
            self.approval = Approval(written, "")
        elif name == "template.kind":
            self.template = replace(self.template, kind=written)
        elif name == "template.body":
            body = (Paragraph("body", plain(written)), self.template.body[-1])
            self.template = replace(self.template, body=body, tables={}, flow=plain("0 1 "))
        elif owner == "template":
            texts = {**self.template.texts, key: (plain(value or ""),)}
            self.template = replace(self.template, texts=texts)
        elif name == "text":
            self.template = with_paragraphs(self.template, written)
        elif not owner:
            self.facts = replace(self.facts, **{key: value})
        else:
            raise ValueError(f"{name} is no field of a letter")

    def letter(self) -> Letter:
        same = (self.template, self.sender) == (plain_template(), sender())
        drawer = composer() if same else Composer(self.template, self.sender, AS_OF)
        return Letter(drawer.draft(self.facts), self.sender, drawer)

    def findings(self) -> set[tuple[str, str]]:
        general = check_sender(self.sender, self.template, AS_OF, approval=self.approval)
        found = general + check_letter(self.letter(), self.template.kind)
        return {(finding.rule, finding.note) for finding in found}


def value_of(name: str, written: str) -> Any:
    if name in FLAGS:
        return written == "true"
    if not written:
        return None
    if name == "documents":
        court, number = written.split(",")
        return (Document("1.pdf", "0" * 64, 1, "民事裁定书", court, number),)
    if name in AMOUNTS:
        return Decimal(written)
    return date.fromisoformat(written) if name.endswith(DAYS) else written


def findings(fields: str, values: str) -> tuple[str, set[tuple[str, str]]]:
    """The kind of letter after the changes, and what the rules find, as rule and note."""
    if fields.startswith("batch."):
        return "lawyer_letter", of_batch(fields.removeprefix("batch."), values)
    if fields.startswith("pdf."):
        return "lawyer_letter", of_page(fields.removeprefix("pdf."), values)
    made = Made()
    for name, written in zip(fields.split("|"), values.split("|"), strict=True):
        made.change(name, written)
    return made.template.kind, made.findings()


def of_batch(name: str, written: str) -> set[tuple[str, str]]:
    """What is wrong with a batch of so many letters, or of two rows with these case ids."""
    if name == "letters":
        found = check_batch(read_rules(), "lawyer_letter", sender(), int(written))
        return {(finding.rule, finding.note) for finding in found}
    frame = cases(case(1), case(2, case_id=written))
    chosen = typed_picks(picks(frame))
    batch = Batch(
        template_name="lawyer_letter",
        template=plain_template(),
        sender=sender(),
        created_on=AS_OF,
        numbers=(),
        material=gather(chosen, frame),
        compliance=Compliance(read_rules(), Approval("shipped", "")),
    )
    reasons = [held.reasons[0].split(":") for held in planned(batch).held]
    return {(rule, note) for rule, note in reasons}


def of_page(name: str, written: str) -> set[tuple[str, str]]:
    """What is wrong with the plain letter's finished page, had it been meant otherwise."""
    meant, window = facts(), composer().opening
    if name == "window_top":
        window = replace(window, top=float(written))
    elif written:
        meant = replace(meant, **{name: value_of(name, written)})
    found: set[tuple[str, str]] = set()
    with ReadPdf(drawn()) as read:
        lacks = missing_from(read, meant, composer().watermark, len(read))
        if lacks:
            found.add(("E14_reads_back", lacks))
        if not shows_only_recipient(read, composer().draft(meant), window, composer().watermark):
            found.add(("E03_window_only_recipient", "window"))
    return found
