"""Which letters a batch prints, under which numbers: each is worded, checked, counted or held."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from addrfix import __version__
from addrfix.dispatch.ids import batch_code, letter_id
from addrfix.flow.compliance import Compliance
from addrfix.flow.letter_facts import Held, Material, facts_of, reasons_to_hold
from addrfix.letters.batch_checks import BATCH_CHECKS, check_batch
from addrfix.letters.checks import CHECKS, check_letter
from addrfix.letters.compose import Composer
from addrfix.letters.findings import Finding, Letter
from addrfix.letters.sender import Sender
from addrfix.letters.sender_checks import SENDER_CHECKS, check_sender
from addrfix.letters.signing import Signing
from addrfix.letters.template import Template


@dataclass(slots=True)
class Plan:
    """Which rows become letters, under which numbers."""

    code: str
    accepted: list[int] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    findings: list[tuple[str, Finding]] = field(default_factory=list)
    """Letter id and a rule that only warns."""

    def letter_ids(self) -> list[str]:
        """The ids of the accepted letters, in their order."""
        return [letter_id(self.code, place + 1) for place in range(len(self.accepted))]


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything that stays the same while a batch is made."""

    template_name: str
    template: Template
    sender: Sender
    created_on: date
    numbers: tuple[str, ...]
    material: Material
    compliance: Compliance
    numbers_from: str | None = None
    """The product whose numbers the letters get from the store, once it is known which they are."""
    made_by: str | None = None
    """Who made the batch, where it was said; somebody else approves it."""
    documents: Path | None = None
    """Where the documents lie that go out behind the letters."""
    signing: Signing | None = None
    """The key that signs every letter."""

    def basis(self) -> str:
        """A hash over what all letters share: who writes, in which words and types."""
        fonts = (hashlib.sha256(path.read_bytes()).hexdigest() for path in self.template.fonts)
        signed = [self.signing.certificate_sha256] if self.signing else []
        parts = (__version__, self.template.sha256, self.sender.sha256, *fonts, *signed)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def ids(self, code: str, place: int) -> dict[str, str | None]:
        """Ids of the letter at a place, from 0."""
        number = self.sender.letter_no_start + place
        # A letter is worded and checked before it gets its number from the store.
        promised = "0" * 13 if self.numbers_from else None
        return {
            "letter_id": letter_id(code, place + 1),
            "letter_no": self.sender.letter_no(number, self.created_on.year),
            "tracking_no": self.numbers[place] if place < len(self.numbers) else promised,
        }


def applied_rules(batch: Batch) -> list[str]:
    """The rules that every letter of a batch is checked by."""
    book, kind = batch.compliance.book, batch.template.kind
    names = (*SENDER_CHECKS, *CHECKS, *BATCH_CHECKS)
    return [name for name in names if book[name].applies(kind)]


def planned(batch: Batch) -> Plan:
    """Word and check every letter; those that pass get their numbers, in order."""
    composer = Composer(batch.template, batch.sender, batch.created_on)
    plan = Plan(code=batch_code(_digest(batch)), held=list(batch.material.held))
    compliance = batch.compliance
    general = check_sender(
        batch.sender, batch.template, batch.created_on,
        book=compliance.book, approval=compliance.approval,
    )  # fmt: skip
    stops = [finding.reason for finding in general if finding.severity == "block"]
    seen: set[str] = set()
    rows = batch.material.rows
    for index, row in enumerate(rows.iter_slices(1000)):
        for inner, values in enumerate(row.iter_rows(named=True)):
            place = len(plan.accepted)
            reasons, findings = _judged(batch, composer, values, batch.ids(plan.code, place), seen)
            reasons += [stop for stop in stops if not reasons]
            if reasons:
                plan.held.append(Held(values["case_id"], values["row"], tuple(reasons)))
                continue
            name = letter_id(plan.code, place + 1)
            plan.findings += [(name, finding) for finding in (*general, *findings)]
            plan.accepted.append(index * 1000 + inner)
    whole = check_batch(compliance.book, batch.template.kind, batch.sender, len(plan.accepted))
    plan.findings += [(name, finding) for name in plan.letter_ids() for finding in whole]
    return plan


def _judged(
    batch: Batch,
    composer: Composer,
    row: Mapping[str, Any],
    ids: Mapping[str, str | None],
    seen: set[str],
) -> tuple[list[str], list[Finding]]:
    """Why a case is held, and the rules that only warn."""
    reasons = reasons_to_hold(row, batch.material.unclaimed)
    if row["case_id"] in seen:
        reasons.append("E10_one_letter_a_case:second_letter")
    seen.add(row["case_id"])
    if reasons:
        return reasons, []
    facts = facts_of(row, batch.created_on, ids)
    if facts.letter_no in batch.compliance.used_numbers:
        facts = replace(facts, letter_no_used=True)
    letter = Letter(composer.draft(facts), batch.sender, composer, batch.compliance.book)
    findings = check_letter(letter, batch.template.kind)
    reasons = [finding.reason for finding in findings if finding.severity == "block"]
    return reasons, [finding for finding in findings if finding.severity != "block"]


def _digest(batch: Batch) -> bytes:
    """A digest over everything that decides what is printed."""
    digest = hashlib.sha256()
    fixed = (
        __version__, batch.template.sha256, batch.sender.sha256, batch.created_on.isoformat(),
        batch.compliance.book.sha256, batch.compliance.approval.by_person,
        batch.signing.certificate_sha256 if batch.signing else "not signed",
        *([f"numbers from {batch.numbers_from}"] if batch.numbers_from else batch.numbers),
    )  # fmt: skip
    for part in fixed:
        digest.update(f"{part}\n".encode())
    printed = ["case_id", "row", "standardized", "postcode", "recipient", "source", "p_signed"]
    facts = [name for name in batch.material.rows.columns if name.startswith("fact_")]
    rows = batch.material.rows.select(*printed, *facts).with_columns(
        pl.col("fact_contradict").list.join("|"),
        # The last digits of a sum of floats differ between platforms; letters must not.
        pl.col("p_signed").round(6),
    )
    for some in rows.iter_slices(10_000):
        digest.update(some.write_csv(include_header=False).encode())
    return digest.digest()
