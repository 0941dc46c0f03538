"""Every rule has a letter that breaks it, and the shipped template breaks none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from letter_samples import AS_OF, CASES, composer, facts, sender, template, with_paragraphs

from addrfix.knowledge import folder, read_tsv
from addrfix.letters import rules as tables
from addrfix.letters.checks import CHECKS, Finding, Letter, check_letter
from addrfix.letters.compose import Composer
from addrfix.letters.placeholders import plain
from addrfix.letters.rules import rules
from addrfix.letters.sender_checks import SENDER_CHECKS, check_sender
from addrfix.model.errors import BadSettings

ROWS = read_tsv(CASES / "letter_rules.tsv")
# These two need a batch; tests/test_batch_*.py has their cases.
OF_THE_BATCH = {"E10_one_letter_a_case", "E14_reads_back"}


def value_of(field: str, written: str) -> Any:
    if not written:
        return None
    if field in ("principal", "interest", "fees"):
        return Decimal(written)
    if field.endswith(("_date", "mandate_from", "mandate_to")):
        return date.fromisoformat(written)
    return written


def findings(field: str, written: str) -> list[Finding]:
    """What the rules find in the plain letter after one change."""
    owner, _, name = field.rpartition(".")
    value = value_of(field, written)
    wording, writer, data = template(), sender(), facts()
    if owner == "sender":
        writer = replace(writer, **{name: value})
    elif owner == "signatory":
        writer = replace(writer, signatories=(replace(writer.signatories[0], **{name: value}),))
    elif owner == "template":
        texts = {**wording.texts, name: (plain(value or ""),)}
        wording = replace(wording, texts=texts)
    elif name == "text":
        wording = with_paragraphs(wording, value)
    else:
        data = facts(**{name: value})
        data = replace(data, debtor=value) if written.startswith("吉") else data
    drawer = composer() if (wording, writer) == (template(), sender()) else None
    drawer = drawer or Composer(wording, writer, AS_OF)
    letter = Letter(drawer.draft(data), writer, drawer)
    return check_sender(writer, wording, AS_OF) + check_letter(letter, wording.kind)


def test_the_plain_letter_breaks_no_rule() -> None:
    letter = Letter(composer().draft(facts()), sender(), composer())
    assert check_letter(letter, template().kind) == []
    assert check_sender(sender(), template(), AS_OF) == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['rule']}-{row['finding']}")
def test_a_letter_that_breaks_the_rule_is_found(row: dict[str, str]) -> None:
    found = findings(row["field"], row["value"])
    assert (row["rule"], row["finding"]) in {(f.rule, f.note) for f in found}


def test_every_note_of_its_own_is_explained() -> None:
    listed = read_tsv(folder("templates") / "rules" / "hold_reasons.tsv")
    notes = {row["finding"].split(":")[0] for row in ROWS if ":" in row["finding"]}
    assert notes <= {row["reason"] for row in listed}


def test_every_rule_has_a_case_and_a_function() -> None:
    assert set(rules()) == set(CHECKS) | set(SENDER_CHECKS) | OF_THE_BATCH
    assert {row["rule"] for row in ROWS} == set(rules()) - OF_THE_BATCH


def test_a_guarantor_named_in_the_file_may_be_written_to() -> None:
    letter = facts(recipient="赵担保", guarantor="赵担保")
    draft = composer().draft(letter)
    assert check_letter(Letter(draft, sender(), composer()), "lawyer_letter") == []
    text = "\n".join(draft.lines())
    assert "您提供担保的陈𬭎䶮与委托人之间的" in text
    assert "第六百八十一条" in text
    assert "第六百八十一条" not in "\n".join(composer().draft(facts()).lines())


@pytest.mark.parametrize("status", ["未结清", "逾期", "无异议", "未起诉", "", None])
def test_an_open_case_is_open(status: str | None) -> None:
    letter = Letter(composer().draft(facts(case_status=status)), sender(), composer())
    assert check_letter(letter, "lawyer_letter") == []


def test_a_claim_with_its_number_is_allowed() -> None:
    sentence = "委托人已向人民法院提起诉讼（（2026）湘0104民初123号一案）。"
    assert not [f for f in findings("text", sentence) if f.rule == "C_forbidden_words"]


def test_the_senders_own_numbers_may_stand_in_the_text() -> None:
    assert len(sender().signatories[0].licence_no) == 17
    assert not [f for f in findings("recipient", "陈𬭎䶮") if f.rule == "E08_no_full_numbers"]


def test_no_finding_repeats_what_a_field_says() -> None:
    personal = ("recipient", "standardized", "case_id", "contract_no")
    for row in ROWS:
        if row["field"] in personal:
            found = findings(row["field"], row["value"])
            assert found
            assert not any(row["value"] in finding.reason for finding in found)


@pytest.mark.parametrize(
    ("severity", "told"), [("maybe", "severity maybe"), ("warn", "stay block")]
)
def test_a_rule_cannot_be_switched_to_nonsense(
    monkeypatch: pytest.MonkeyPatch, severity: str, told: str
) -> None:
    table = [
        {"rule": "E12_text_is_printable", "severity": severity, "kinds": "all",
         "parameter": "", "what": ""}
    ]  # fmt: skip
    monkeypatch.setattr(tables, "_table", lambda name: table)
    rules.cache_clear()
    try:
        with pytest.raises(BadSettings, match=told):
            rules()
    finally:
        rules.cache_clear()
