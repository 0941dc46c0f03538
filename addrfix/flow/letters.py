"""Picks and cases to a batch folder: plan, draw, read back, list, seal with hashes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from addrfix.carriers.tracking_number import NumberFault, fault_of
from addrfix.dispatch.ids import CODES_CHECKED, batch_id, sample
from addrfix.dispatch.making import Making, check_free, making
from addrfix.dispatch.numbers import read_numbers
from addrfix.files import canonical_rows, read_table, recognise
from addrfix.flow.compliance import Governing, compliance_of
from addrfix.flow.documents import read_documents, with_documents
from addrfix.flow.letter_drawing import Job, draw_all
from addrfix.flow.letter_facts import (
    AMOUNTS,
    Held,
    Material,
    by_index,
    facts_of,
    gather,
    typed_picks,
)
from addrfix.flow.letter_listing import held_by_reason, write_lists
from addrfix.flow.letter_plan import Batch, Plan, planned
from addrfix.flow.letter_record import findings_by_letter, shared_record
from addrfix.flow.numbers import NumberSource, check_product, number_store, objections
from addrfix.flow.progress import letters_bar
from addrfix.flow.secret import read_secret
from addrfix.letters.sender import read_sender
from addrfix.letters.signing import SigningKey, tried
from addrfix.letters.template import Template
from addrfix.letters.template_files import read_template
from addrfix.model.errors import BadInput, BadUsage
from addrfix.text.counting import counted

LETTERS_PER_FILE = 500
"""Letters in one print file: a thousand sheets' stack, and the share of one worker."""


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """What a batch came to."""

    batch_id: str
    out: Path
    letters: int
    pages: int
    sheets: int
    print_files: int
    held: dict[str, int]
    """Cases held, by their first reason, most frequent first."""
    warnings: tuple[str, ...]
    """Sentences for the person: rules that only warn, numbers that look doubtful."""
    kept: int = 0
    """Letters that an earlier command, stopped before its end, had drawn."""

    @property
    def held_count(self) -> int:
        """Cases held."""
        return sum(self.held.values())

    def lines(self) -> list[str]:
        """The summary in sentences, for a person."""
        told = [
            f"{counted(self.letters, 'letter')}, {counted(self.pages, 'page')}, "
            f"{counted(self.sheets, 'sheet')}, {counted(self.print_files, 'print file')} "
            f"in {self.out} (batch {self.batch_id})"
        ]
        if self.held:
            told.append(f"{counted(self.held_count, 'case')} held (held.csv):")
            told += [f"  {count} {reason}" for reason, count in self.held.items()]
        if self.kept:
            told.append(
                f"{counted(self.kept, 'letter')} had been drawn by a command that was stopped"
            )
        return [*told, *self.warnings]


def read_letter_tables(
    picks: str,
    cases: str,
    *,
    columns: Mapping[str, str],
    encoding: str | None = None,
    sheet: str | None = None,
    template: str = "lawyer_letter",
) -> tuple[pl.DataFrame, pl.DataFrame, tuple[str, ...]]:
    """The picks and the debtor file as `make_batch` takes them, and notes for the person.

    Args:
        picks: a file that `pick` wrote; `-` is CSV on stdin.
        cases: the debtor file.
        columns: canonical column to header, over what is recognised in the debtor file.
        encoding: of the debtor file.
        sheet: of the debtor file.
        template: what the letters are made with; it decides which columns there must be.

    Raises:
        BadInput: a file is no table, or the debtor file has no names or principals.
    """
    needed = columns_needed(template)
    picked = read_table(picks)
    table = read_table(cases, encoding=encoding, sheet=sheet)
    recognised = recognise(table.frame.columns, columns)
    recognised.require(*needed)
    rows = canonical_rows(table, recognised, wide=True)
    return picked.frame, rows, (*picked.notes, *table.notes)


def columns_needed(template: str) -> tuple[str, ...]:
    """The columns of a debtor file without which no letter of a template can be made.

    Raises:
        BadSettings: there is no such template, or it has faults.
    """
    return ("name", "principal") if read_template(template).states_amounts else ("name",)


def make_batch(
    picks: pl.DataFrame,
    cases: pl.DataFrame,
    *,
    template: str,
    sender: Path,
    out: Path,
    as_of: date,
    numbers: Path | None = None,
    numbers_from: NumberSource | None = None,
    made_by: str | None = None,
    documents: Path | None = None,
    governing: Governing | None = None,
    past: pl.DataFrame | None = None,
    sign: SigningKey | None = None,
    progress: bool = True,
    secret: Path | None = None,
    workers: int | None = None,
    check_barcodes: int | None = CODES_CHECKED,
) -> BatchSummary:
    """Make a batch folder of the picks that are to be sent.

    Stopped half-way, whatever stopped it, the same call goes on where it was: what is drawn lies in
    a folder beside `out`, and the result is the same to the byte.

    Args:
        picks: output of `pick`.
        cases: canonical rows of the debtor file (`addrfix.files.canonical_rows`).
        template: name of a shipped template, or path of a template's folder.
        sender: the sender file.
        out: the batch folder; must not exist or be empty.
        as_of: date of the letters, and the only clock.
        numbers: tracking numbers, one a line, for the letters in their order.
        numbers_from: a store that gives them instead; a batch that is made again gets the same.
        made_by: who makes the batch, so that somebody else approves it.
        documents: a table of documents of courts that go out behind the letters, for a template
            that takes them (`flow.documents.read_documents`).
        governing: rules and approvals, where they are not the shipped ones and the user's own.
        past: earlier letters (`flow.past_letters.read_letters`), for the days between two letters.
        sign: the firm's key; every single letter is signed with it.
        progress: whether a bar is drawn on stderr.
        secret: what keys case ids; the user's own by default (`addrfix.flow.secret`).
        workers: processes that draw, by default one a core up to four; a print file is one share
            of work, so a batch of one print file is drawn here.
        check_barcodes: how many letters' barcode and QR code a reader has to find in the picture of
            the page; None for all.

    Raises:
        BadUsage: `out` is not empty, another command is making it, the store's product is not the
            sender file's, or signing is not installed.
        BadInput: picks, cases, numbers or the key are not what they should be.
        BadSettings: template, sender file or rules do not hold.
        LetterProblem: a font cannot be used, or a process that draws was ended from outside.
    """
    check_free(out)
    given, warnings = _numbers(numbers)
    wording = read_template(template)
    compliance = compliance_of(wording, template, governing or Governing(), past=past, as_of=as_of)
    material = _material(picks, cases, wording, documents)
    material.rows = compliance.with_history(material.rows)
    batch = Batch(
        template_name=template,
        template=wording,
        sender=read_sender(sender),
        created_on=as_of,
        numbers=given,
        material=material,
        compliance=compliance,
        numbers_from=numbers_from.product if numbers_from else None,
        made_by=made_by,
        documents=documents.parent if documents else None,
        signing=tried(sign, as_of) if sign else None,
    )
    if numbers_from:
        check_product(numbers_from.product, batch.sender.product)
    user_secret = read_secret(secret)
    plan = planned(batch)
    if numbers is not None and len(given) < len(plan.accepted):
        raise BadInput(
            f"{numbers}: {counted(len(given), 'number')} for "
            f"{counted(len(plan.accepted), 'letter')}; "
            "ask the carrier for more, or leave out --numbers and bind them later"
        )
    shares = _shares(len(plan.accepted))
    with making(out, plan.code) as place:
        if numbers_from:
            batch = _with_numbers(batch, plan, numbers_from)
        jobs = _jobs(batch, plan, shares, place, sender, check_barcodes)
        kept, failed = _draw(batch, plan, jobs, _workers(workers, len(shares)), progress)
        facts = write_lists(batch, plan, shares, place, user_secret)
        if numbers_from:
            # Before the folder appears: a batch that is there is never made again.
            numbers_from.finish(facts["batch_id"], failed, as_of)
    return _summary(batch, plan, facts, out, warnings, kept)


def _material(
    picks: pl.DataFrame, cases: pl.DataFrame, wording: Template, documents: Path | None
) -> Material:
    """What there is to print with a template."""
    if wording.takes_documents != (documents is not None):
        takes = "puts" if wording.takes_documents else "does not put"
        raise BadUsage(
            f"the template {wording.name} {takes} documents behind its letters: "
            f"{'give' if wording.takes_documents else 'leave out'} --documents"
        )
    material = gather(typed_picks(picks), cases)
    if not wording.states_amounts:
        # Nothing is claimed, so no amount can be missing.
        material.unclaimed = frozenset(AMOUNTS)
    if documents:
        material.rows = with_documents(material.rows, read_documents(documents))
    return material


def _shares(count: int) -> list[range]:
    """The places of the letters of each print file."""
    starts = range(0, count, LETTERS_PER_FILE)
    return [range(at, min(at + LETTERS_PER_FILE, count)) for at in starts]


def _workers(asked: int | None, shares: int) -> int:
    return min(asked or min(4, os.cpu_count() or 1), shares)


def _with_numbers(batch: Batch, plan: Plan, source: NumberSource) -> Batch:
    """The batch with a number for every letter of the plan."""
    name = batch_id(plan.code, batch.created_on)
    return replace(batch, numbers=source.reserve(name, plan.letter_ids(), batch.created_on))


def _summary(
    batch: Batch,
    plan: Plan,
    facts: dict[str, Any],
    out: Path,
    warnings: list[str],
    kept: int,
) -> BatchSummary:
    tally = Counter(rule.rule for _, rule in plan.findings if rule.severity == "warn")
    said = [
        f"{counted(count, 'letter')} found by {rule}: {batch.compliance.book[rule].found}"
        for rule, count in sorted(tally.items())
    ]
    if unpicked := batch.material.unpicked:
        verb = "is" if unpicked == 1 else "are"
        said.append(f"{counted(unpicked, 'case')} of the file {verb} not in the picks")
    return BatchSummary(
        batch_id=facts["batch_id"],
        out=out,
        letters=facts["counts"]["letters"],
        pages=facts["totals"]["pages"],
        sheets=facts["totals"]["sheets"],
        print_files=facts["counts"]["print_files"],
        held=held_by_reason(plan),
        warnings=(*batch.sender.warnings, *warnings, *said),
        kept=kept,
    )


def _numbers(path: Path | None) -> tuple[tuple[str, ...], list[str]]:
    """The numbers of a file, and what is doubtful about them."""
    if path is None:
        return (), []
    lines = read_numbers(path)
    faults = {line.line: fault_of(line.number) for line in lines}
    wrong = [line for line, fault in faults.items() if fault is NumberFault.CHECK_DIGIT]
    if wrong:
        shown = ", ".join(map(str, wrong[:10]))
        raise BadInput(
            f"{path}: {counted(len(wrong), 'number')} with a wrong check digit: lines {shown}"
        )
    refused = objections(number_store(), (line.number for line in lines))
    if refused:
        first = next(line for line in lines if line.number in refused)
        raise BadInput(
            f"{path}: {counted(len(refused), 'number')} of the store, first in line {first.line}: "
            f"{first.number} {refused[first.number]}"
        )
    warnings = []
    for fault, what in (
        (NumberFault.UNKNOWN_FORMAT, "of a form that no known carrier uses"),
        (NumberFault.DOUBTFUL_CHECK_DIGIT, "with a check digit that looks wrong"),
    ):
        doubtful = sorted(line for line, found in faults.items() if found is fault)
        if doubtful:
            many = counted(len(doubtful), "number")
            warnings.append(f"{path.name}: {many} {what} (first in line {doubtful[0]})")
    return tuple(line.number for line in lines), warnings


def _draw(
    batch: Batch, plan: Plan, jobs: Iterator[Job], workers: int, progress: bool
) -> tuple[int, list[str]]:
    """Draw every accepted letter; one that does not read back right is held after all.

    Gives how many letters had been drawn before, and the ids of those that are held.
    """
    kept = 0
    failed: list[str] = []
    with letters_bar(len(plan.accepted), shown=progress) as advance:
        for result in draw_all(jobs, workers):
            for name, reason in result.failed.items():
                place = int(name.split("-")[1]) - 1
                row = batch.material.rows.row(plan.accepted[place], named=True)
                plan.held.append(Held(row["case_id"], row["row"], (reason,)))
            failed += result.failed
            kept += result.letters if result.kept else 0
            advance(result.letters)
    return kept, failed


def _jobs(
    batch: Batch,
    plan: Plan,
    shares: Sequence[range],
    place: Making,
    sender: Path,
    decoded: int | None,
) -> Iterator[Job]:
    """The work, a print file at a time."""
    chosen = sample(plan.letter_ids(), decoded)
    basis, shared, found = batch.basis(), shared_record(batch), findings_by_letter(plan)
    for number, share in enumerate(shares, start=1):
        rows = by_index(batch.material.rows, plan.accepted[share.start : share.stop])
        letters = tuple(
            facts_of(row, batch.created_on, batch.ids(plan.code, at))
            for at, row in zip(share, rows, strict=True)
        )
        yield Job(
            number=number,
            letters=letters,
            making=place,
            template=batch.template_name,
            sender=sender,
            created_on=batch.created_on,
            basis=basis,
            record=shared,
            found={name: found[name] for name in (f.letter_id for f in letters) if name in found},
            documents=batch.documents,
            sign=batch.signing.key if batch.signing else None,
            sample=chosen & {facts.letter_id for facts in letters},
        )
