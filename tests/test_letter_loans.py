"""Cases of several loans: rows of different contracts are added, anything else contradicts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from letter_samples import AS_OF, SENDER, case, cases, composer_of, picks, sender

from addrfix.flow.letter_facts import Material, facts_of, gather, reasons_to_hold, typed_picks
from addrfix.flow.letters import make_batch
from addrfix.flow.verify import verify_batch
from addrfix.letters.checks import check_letter
from addrfix.letters.facts import LetterFacts
from addrfix.letters.findings import Letter
from addrfix.letters.readback import ReadPdf

FIRST: dict[str, Any] = {"contract_no": "CZ-1", "loan_date": date(2025, 7, 9)}
SECOND: dict[str, Any] = {
    "contract_no": "CZ-2",
    "principal": Decimal("300.10"),
    "interest": Decimal("1.05"),
    "fees": Decimal("0.00"),
    "loan_date": date(2025, 2, 1),
    "due_date": date(2026, 2, 1),
}


def gathered(*rows: dict[str, Any]) -> Material:
    frame = cases(*(row | {"row": number} for number, row in enumerate(rows)))
    frame = frame.with_columns(pl.col("due_date").cast(pl.Date))
    return gather(typed_picks(picks(frame)[[0]]), frame)


def letter(material: Material) -> LetterFacts:
    row = material.rows.row(0, named=True)
    ids = {"letter_id": "x", "letter_no": "1", "tracking_no": None}
    assert reasons_to_hold(row, material.unclaimed) == []
    return facts_of(row, AS_OF, ids)


def held(*rows: dict[str, Any]) -> list[str]:
    material = gathered(*rows)
    return reasons_to_hold(material.rows.row(0, named=True), material.unclaimed)


def test_contracts_are_loans_and_their_amounts_are_added() -> None:
    # The rows of a contract repeat it for each address.
    facts = letter(gathered(case(1, **FIRST), case(1, **SECOND), case(1, **FIRST)))
    assert [loan.contract_no for loan in facts.several] == ["CZ-1", "CZ-2"]
    assert facts.contract_no == "CZ-1、CZ-2"
    assert (facts.principal, facts.interest, facts.fees) == (
        Decimal("5300.10"), Decimal("251.05"), Decimal("20.00"),
    )  # fmt: skip
    assert facts.total == sum(loan.total for loan in facts.several)
    assert (facts.loan_date, facts.due_date) == (date(2025, 2, 1), date(2026, 2, 1))
    assert facts.several[0].due_date is None


def test_many_loans_fill_pages_and_are_checked_one_by_one() -> None:
    loans = [
        {**SECOND, "contract_no": f"CZ-2025-{n:05}", "principal": Decimal(n)} for n in range(1, 61)
    ]
    facts = letter(gathered(*(case(1, **loan) for loan in loans)))
    assert facts.contract_no == "CZ-2025-00001等60份"
    drawer = composer_of("lawyer_letter")
    pages = drawer.pages(drawer.draft(facts))
    assert len(pages) == 4
    with ReadPdf(drawer.single(pages, "1")) as read:
        text = "".join(read.text(page) for page in range(4))
    assert all(loan["contract_no"] in text for loan in loans)
    odd = replace(facts.several[3], contract_no="CZ\u202e4")
    changed = replace(facts, several=(*facts.several[:3], odd, *facts.several[4:]))
    found = check_letter(Letter(drawer.draft(changed), sender(), drawer), "lawyer_letter")
    assert found[0].reason == "character_not_printable:U+202E:contract_no"


def test_a_long_table_begins_on_the_page_of_its_text() -> None:
    loans = [
        {**SECOND, "contract_no": f"CZ-2025-{n:05}", "principal": Decimal(n)} for n in range(1, 21)
    ]
    drawer = composer_of("lawyer_letter")
    draft = drawer.draft(letter(gathered(*(case(1, **loan) for loan in loans))))
    with ReadPdf(drawer.single(drawer.pages(draft), "1")) as read:
        first, second = read.text(0), read.text(1)
    assert "CZ-2025-00009" in first
    assert "CZ-2025-00020" in second
    # The sums are not alone on their page.
    assert second.index("CZ-2025-00020") < second.index("合计大写")


def test_an_amount_is_never_cut_in_its_cell() -> None:
    loans = [FIRST | {"principal": Decimal("87654321.09")}, SECOND]
    material = gathered(*(case(0, case_id="K1") | each for each in loans))
    facts, composer = letter(material), composer_of("lawyer_letter")
    with ReadPdf(composer.single(composer.pages(composer.draft(facts)), "t")) as read:
        lines = str(read._page(0)[1].get_text_range()).split("\r\n")
    assert any(" 87,654,321.09 " in line for line in lines)


def test_one_contract_is_no_list() -> None:
    facts = letter(gathered(case(1, **FIRST), case(1, **FIRST)))
    assert facts.several == ()
    assert [loan.total for loan in facts.loans] == [facts.total]


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        # One loan under two numbers would be asked for twice.
        ({**FIRST, "contract_no": "CZ-9"}, "facts_contradict:contract_no"),
        # The same number, typed otherwise.
        ({**SECOND, "contract_no": "cz 1"}, "facts_contradict:contract_no"),
        ({**SECOND, "contract_no": None}, "facts_contradict:principal"),
        ({**SECOND, "principal": None}, "facts_contradict:contract_no"),
        ({**SECOND, "interest": None}, "missing:interest"),
        ({**SECOND, "name": "王大满"}, "facts_contradict:name"),
    ],
)
def test_what_tells_no_loans_apart_is_held(second: dict[str, Any], reason: str) -> None:
    assert reason in held(case(1, **FIRST), case(1, **second))


def test_rows_of_one_contract_must_agree() -> None:
    other = {**SECOND, "principal": Decimal("300.11")}
    reasons = held(case(1, **FIRST), case(1, **SECOND), case(1, **other))
    assert "facts_contradict:principal" in reasons


@pytest.mark.parametrize("template", ["lawyer_letter", "demand_notice", "assignment_notice"])
def test_a_batch_of_several_loans_verifies(tmp_path: Path, template: str) -> None:
    secret = tmp_path / "team.key"
    secret.write_bytes(b"a secret of the tests only")
    rows = [case(1, **FIRST), case(1, **SECOND) | {"row": 2}, case(2) | {"row": 3}]
    frame = cases(*rows).with_columns(pl.col("due_date").cast(pl.Date))
    summary = make_batch(
        picks(frame)[[0, 2]], frame, template=template, sender=SENDER, out=tmp_path / "batch",
        as_of=AS_OF, progress=False, secret=secret,
    )  # fmt: skip
    assert (summary.letters, summary.held) == (2, {})
    assert verify_batch(tmp_path / "batch", progress=False).differences == []
    names = pl.read_parquet(tmp_path / "batch" / "manifest.parquet")["letter_id"]
    with ReadPdf((tmp_path / "batch" / "letters" / f"{names[0]}.pdf").read_bytes()) as read:
        text = "".join(read.text(page) for page in range(len(read)))
    assert "CZ-1" in text
    assert "CZ-2" in text
    assert "5,571.15" in text
