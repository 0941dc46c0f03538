"""Every shipped template: it reads, breaks no rule, and draws whatever people type or holds it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from letter_samples import (
    AS_OF,
    CASES,
    GOLDENS,
    composer_of,
    documents,
    drawn_as,
    facts,
    golden_letters,
    python_string,
    sender,
    several,
)

from addrfix.knowledge import read_tsv, template_names
from addrfix.letters.checks import check_letter
from addrfix.letters.compose import Composer
from addrfix.letters.facts import LetterFacts
from addrfix.letters.findings import Letter
from addrfix.letters.readback import ReadPdf, squeezed
from addrfix.letters.sender_checks import check_sender
from addrfix.letters.template import KINDS, Template
from addrfix.letters.template_files import read_template

NAMES = template_names()
FIELDS = read_tsv(CASES / "letter_fields.tsv")
GUARANTOR = {"recipient": "赵担保", "guarantor": "赵担保"}


@cache
def shipped(name: str) -> Template:
    return read_template(name)


def letter(name: str, **changes: Any) -> LetterFacts:
    """A letter of a template that breaks no rule, changed."""
    documented = {"documents": documents()} if shipped(name).takes_documents else {}
    return facts(**(documented | changes))


def reasons(name: str, data: LetterFacts) -> list[str]:
    """Why such a letter is held."""
    composer = composer_of(name)
    found = check_letter(Letter(composer.draft(data), sender(), composer), shipped(name).kind)
    return [finding.reason for finding in found if finding.severity == "block"]


def text(name: str, data: LetterFacts) -> str:
    return "\n".join(composer_of(name).draft(data).lines())


def test_every_kind_has_a_shipped_template() -> None:
    assert {shipped(name).kind for name in NAMES} == set(KINDS)
    assert all(shipped(name).name == name for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_template_has_golden_pages(name: str) -> None:
    assert name in golden_letters()
    assert (GOLDENS / f"{name}-1.png").is_file()


@pytest.mark.parametrize("change", [{}, GUARANTOR, several(), {"contract_no": None, "fees": None}])
@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_template_breaks_no_rule(name: str, change: dict[str, Any]) -> None:
    data = letter(name, **change)
    composer = composer_of(name)
    assert check_letter(Letter(composer.draft(data), sender(), composer), shipped(name).kind) == []
    assert check_sender(sender(), shipped(name), AS_OF) == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("row", FIELDS, ids=lambda row: ascii(row["value"]))
def test_what_people_type_is_drawn_or_held_by_every_template(
    name: str, row: dict[str, str]
) -> None:
    value = python_string(row["value"])
    changes: list[dict[str, Any]] = [
        {"recipient": value, "debtor": value}, {"standardized": value},
    ]  # fmt: skip
    if shipped(name).states_amounts:
        changes.append({"contract_no": value})
    if shipped(name).takes_documents:
        changes.append({"documents": tuple(replace(d, title=value) for d in documents())})
    for change in changes:
        data = letter(name, **change)
        if row["outcome"] != "drawn":
            assert f"{row['outcome']}:{next(iter(change))}" in reasons(name, data)
            continue
        assert reasons(name, data) == []
        composer = composer_of(name)
        with ReadPdf(composer.single(composer.pages(composer.draft(data)), "1")) as read:
            assert squeezed(value) in read.text(0)


@pytest.mark.parametrize("name", NAMES)
def test_five_thousand_characters_are_held_by_every_template(name: str) -> None:
    data = letter(name, recipient="张" * 5000, debtor="张" * 5000)
    assert reasons(name, data) == ["too_long:recipient"]


@pytest.mark.parametrize("name", [name for name in NAMES if shipped(name).states_amounts])
def test_loans_stand_in_rows_that_add_up(name: str) -> None:
    shown = text(name, letter(name, **several()))
    for loan in several()["several"]:
        assert loan.contract_no in shown
        assert f"{loan.total:,.2f}" in shown
    assert "15,985.85" in shown
    assert "人民币壹万伍仟玖佰捌拾伍元捌角伍分" in shown
    assert "3份借款合同" in shown
    assert "CZ-2025-00178" not in text(name, letter(name))


@pytest.mark.parametrize("name", [name for name in NAMES if not shipped(name).states_amounts])
def test_papers_without_amounts_tell_none(name: str) -> None:
    shown = text(name, letter(name))
    assert "10,200.05" not in shown
    assert "欠款" not in shown


def test_a_cover_sheet_says_nothing_of_a_debt() -> None:
    shown = text("cover_sheet", letter("cover_sheet"))
    for word in ("款", "债", "合同", "律师函", sender().creditor_name, "C2026000123"):
        assert word not in shown


@pytest.mark.parametrize("name", ["lawyer_letter", "demand_notice", "assignment_notice"])
def test_instalments_are_offered_where_the_sender_offers_them(name: str) -> None:
    assert "最长12期" in text(name, letter(name))
    none = Composer(shipped(name), replace(sender(), instalments=None), AS_OF)
    shown = "\n".join(none.draft(letter(name)).lines())
    assert "最长" not in shown
    assert "分期还款" in shown


def test_the_forwarding_page_lists_the_documents_and_is_no_courts_paper() -> None:
    shown = text("court_forwarding", letter("court_forwarding"))
    for document in documents():
        for piece in (document.title, document.court, document.court_case_no):
            assert piece in shown
    assert "不是人民法院的文书" in shown
    draft = composer_of("court_forwarding").draft(letter("court_forwarding"))
    for key in ("letterhead", "title_block", "signature", "footer"):
        assert "法院" not in "".join(draft.fixed[key])


def test_pages_of_one_letter_are_those_of_the_golden_kind() -> None:
    with ReadPdf(drawn_as("service_address_confirmation")) as read:
        assert len(read) == 1
    with ReadPdf(drawn_as("court_forwarding", documents=documents())) as read:
        assert len(read) == 1
