"""A batch folder to its quality report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from addrfix.dispatch import folder as places
from addrfix.dispatch.qc import Example, HeldReason, QcReport, RuleResult
from addrfix.dispatch.qc_page import qc_page, qc_text
from addrfix.files import read_table
from addrfix.flow.batch_folder import manifest_letters, read_batch_table, write_whole
from addrfix.flow.batch_records import (
    approval_of,
    cancellations,
    handover_of,
    manifest_of,
    sound_facts,
    sound_file,
)
from addrfix.knowledge import folder, read_tsv, table_rows
from addrfix.letters.findings import WINDOW
from addrfix.letters.readback import ReadPdf, UnreadablePdf, squeezed
from addrfix.letters.rules import Rule, read_rules

__all__ = ["qc_report", "qc_text", "write_qc"]
_AROUND = 14
"""Characters shown on either side of the words that a finding is about."""


def qc_report(batch: Path, *, examples: int = 3) -> QcReport:
    """The quality report of a batch, from its folder alone.

    Args:
        batch: the folder; tables that were changed since it was made are refused.
        examples: findings shown of each rule; the letters' files are opened for these only.

    Raises:
        BatchProblem: no batch folder, or one that is damaged or was changed.
    """
    facts = sound_facts(batch)
    for name in (places.MANIFEST, places.CHECKS, places.HELD):
        sound_file(batch, name, facts)
    manifest = manifest_of(batch)
    checks = read_batch_table(
        batch / places.CHECKS, "letter_id", "rule", "severity", "passed", "note"
    )
    if "text" not in checks.columns:
        checks = checks.with_columns(pl.lit(None, pl.String).alias("text"))
    rules = _rules(checks)
    asked = checks.group_by("letter_id").len().filter(pl.col("len") == len(rules))
    whole = asked.join(manifest, on="letter_id", how="semi").height
    found = checks.filter(~pl.col("passed"))
    taken_back = cancellations(batch)
    return QcReport(
        facts=tuple(_facts(batch, facts)),
        specimen=bool(facts.get("specimen")),
        letters=manifest.height,
        checked=whole,
        counts=tuple(_counts(facts, manifest, found, taken_back)),
        rules=rules,
        examples=tuple(_examples(batch, manifest, found, examples)),
        held=tuple(_held(batch)),
        numbers=tuple(_numbers(batch, manifest)),
        hashes=tuple(_hashes(facts)),
    )


def write_qc(report: QcReport, output: Path, language: str) -> None:
    """Write the report as a page of HTML, whole or not at all."""
    write_whole(qc_page(report, language).encode("utf-8"), output)


def _facts(batch: Path, facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    template, frozen = facts.get("template", {}), facts.get("approval") or {}
    yield "batch_id", str(facts["batch_id"])
    yield "as_of", str(facts.get("as_of"))
    yield "template", f"{template.get('name')} {template.get('version')} ({template.get('kind')})"
    yield "template_sha256", str(frozen.get("sha256") or template.get("sha256"))
    yield "approval", str(frozen.get("state", "not_approved"))
    if frozen.get("by"):
        yield "approved", f"{frozen['by']}, {frozen['on']}"
    yield "rules_sha256", str(facts.get("rules_sha256"))
    yield "addrfix", f"addrfix {facts.get('addrfix')}"
    if facts.get("made_by"):
        yield "made_by", str(facts["made_by"])
    seen = approval_of(batch, facts)
    yield "second_person", f"{seen['approved_by']}, {seen['approved_on']}" if seen else "no"
    given = handover_of(batch)
    yield "handed_over", str(given["handed_over_on"]) if given else "no"
    signature = facts.get("signature")
    yield "signature", str(signature["certificate_sha256"]) if signature else "no"


def _counts(
    facts: Mapping[str, Any], manifest: pl.DataFrame, found: pl.DataFrame, taken_back: pl.DataFrame
) -> Iterator[tuple[str, str]]:
    yield "letters", f"{manifest.height:,}"
    yield "pages", f"{manifest['pages'].sum():,}"
    yield "sheets", f"{manifest['sheets'].sum():,}"
    yield "print_files", f"{manifest['print_file'].n_unique():,}"
    yield "held_cases", f"{facts['counts']['held']:,}"
    yield "findings", f"{found.height:,}"
    if taken_back.height:
        yield "cancelled", f"{taken_back['letter_id'].n_unique():,}"


def _rules(checks: pl.DataFrame) -> tuple[RuleResult, ...]:
    """The rules in the order of their names, as the batch was checked by them."""
    counted = checks.group_by("rule", "severity").agg(
        pl.len().alias("checked"), (~pl.col("passed")).sum().alias("found")
    )
    known = read_rules().rules
    return tuple(
        RuleResult(name, severity, _what(known.get(name), name), checked, found)
        for name, severity, checked, found in counted.sort("rule").iter_rows()
    )


def _what(rule: Rule | None, name: str) -> dict[str, str]:
    return {"en": rule.what if rule else name, "zh": rule.what_zh if rule else name}


def _held(batch: Path) -> Iterator[HeldReason]:
    """Cases by their first reason, without the column or character that it names."""
    reasons = read_table(str(batch / places.HELD)).frame["reason"].cast(pl.String)
    counted = reasons.str.split(":").list.first().alias("reason").value_counts(sort=True)
    chosen = table_rows("score/holds")
    listed = {row["word"]: {"en": row["en"], "zh": row["zh"]} for row in chosen}
    drawn = read_tsv(folder("templates") / "rules" / "hold_reasons.tsv")
    listed |= {row["reason"]: {"en": row["meaning"], "zh": row["meaning_zh"]} for row in drawn}
    known = read_rules().rules
    for reason, cases in counted.sort("count", "reason", descending=[True, False]).iter_rows():
        meaning = listed.get(reason) or _breach(known.get(reason)) or {"en": "", "zh": ""}
        yield HeldReason(reason, meaning, cases)


def _breach(rule: Rule | None) -> dict[str, str] | None:
    return {"en": rule.found, "zh": f"不符合：{rule.what_zh}"} if rule else None


def _numbers(batch: Path, manifest: pl.DataFrame) -> Iterator[tuple[str, str]]:
    if not manifest.height:
        return
    yield "letter_nos", f"{manifest['letter_no'][0]} – {manifest['letter_no'][-1]}"
    numbers = manifest_letters(batch)["tracking_no"].drop_nulls()
    product = f"{manifest['carrier'][0]} {manifest['product'][0]}"
    yield "tracking_nos", f"{len(numbers):,} ({product})"
    if len(numbers):
        yield "first_tracking", str(numbers[0])
        yield "last_tracking", str(numbers[-1])
    if len(numbers) < manifest.height:
        yield "without_tracking", f"{manifest.height - len(numbers):,}"


def _hashes(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "batch_sha256", str(facts["batch_sha256"])
    yield "letters_sha256", str(facts.get("letters_sha256"))
    files = facts["files"]
    yield "manifest_sha256", str(files.get(places.MANIFEST))
    printed = [files[name] for name in sorted(files) if name.startswith(f"{places.PRINT}/")]
    yield "print_sha256", places.chained(printed)


def _examples(
    batch: Path, manifest: pl.DataFrame, found: pl.DataFrame, wanted: int
) -> Iterator[Example]:
    """The first findings of each rule, with page and words."""
    ordered = found.sort("rule", "letter_id")
    shown = ordered.filter(pl.int_range(pl.len()).over("rule") < wanted)
    names = _names(batch)
    for row in shown.iter_rows(named=True):
        page, excerpt = None, None
        letter = row["letter_id"]
        if row["text"] == WINDOW:
            page, excerpt = 1, WINDOW
        elif row["text"]:
            known = names.get(letter) if names is not None else None
            page, excerpt = _found_in(batch / places.letter_file(letter), row["text"], known)
        yield Example(row["rule"], letter, page, excerpt)


def _names(batch: Path) -> dict[str, tuple[str, ...]] | None:
    """Letter id → whoever is named in it; None where the copy has no private folder."""
    path = batch / places.PICKS
    if not path.is_file():
        return None
    columns = ("letter_id", "recipient", "name", "guarantor", "standardized")
    people = read_batch_table(path, "letter_id")
    known = [name for name in columns if name in people.columns]
    return {
        row[0]: tuple(squeezed(str(text)) for text in row[1:] if text)
        for row in people.select(known).iter_rows()
    }


def _found_in(path: Path, words: str, names: tuple[str, ...] | None) -> tuple[int | None, str]:
    """The page, from 1, on which words stand, and what is around them.

    Digits and names are struck out; where it is not known who is named, only the words are shown.
    """
    sought = squeezed(words)
    try:
        with ReadPdf(path.read_bytes()) as read:
            pages = [read.text(page) for page in range(len(read))]
    except (OSError, UnreadablePdf):
        return None, sought
    for number, text in enumerate(pages, start=1):
        at = text.find(sought)
        if at < 0:
            continue
        if names is None:
            return number, sought
        around = _without(text, names, at, at + len(sought))
        return number, around
    return None, sought


def _without(text: str, names: tuple[str, ...], start: int, end: int) -> str:
    """The words around a place of a text, digits and names struck out."""
    hidden = list(text)
    for name in names:
        for said in re.finditer(re.escape(name), text):
            hidden[said.start() : said.end()] = "□" * len(name)
    shown = "".join("•" if char.isdigit() else char for char in hidden)
    before, after = shown[max(0, start - _AROUND) : start], shown[end : end + _AROUND]
    return f"…{before}{shown[start:end]}{after}…"
