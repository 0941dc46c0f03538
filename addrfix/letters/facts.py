"""What one letter says, and the names under which a template asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from addrfix.letters.amounts import chinese_date, money, money_words
from addrfix.letters.placeholders import Value as Shown
from addrfix.letters.placeholders import Written
from addrfix.letters.rows import Document, Loan, Rows, written_rows
from addrfix.letters.sender import Sender

Value = str | Decimal | date | int | bool | Rows | None


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """The data of one letter; small and picklable, so that a worker process can draw it."""

    letter_id: str
    letter_no: str
    created_on: date
    case_id: str
    recipient: str
    standardized: str
    postcode: str | None
    source: str
    debtor: str
    guarantor: str | None
    principal: Decimal
    interest: Decimal | None
    """None where the file has no such amounts at all."""
    fees: Decimal | None
    id_no: str | None = None
    contract_no: str | None = None
    loan_date: date | None = None
    due_date: date | None = None
    case_status: str | None = None
    opt_out: str | None = None
    tracking_no: str | None = None
    total_stated: Decimal | None = None
    """A total that came with the data; None where it is ours."""
    several: tuple[Loan, ...] = ()
    """The loans of the case, where it has more than one; the amounts above are their sums."""
    documents: tuple[Document, ...] = ()
    """Documents of courts that go out behind the letter."""
    last_letter_on: date | None = None
    """Day of the last letter to this debtor, where a history was given."""
    letter_no_used: bool = False
    """An earlier letter bears the number."""

    @property
    def loans(self) -> tuple[Loan, ...]:
        """The loans of the case, one or more."""
        return self.several or (
            Loan(
                contract_no=self.contract_no or "",
                loan_date=self.loan_date,
                due_date=self.due_date,
                principal=self.principal,
                interest=self.interest,
                fees=self.fees,
            ),
        )

    @property
    def total(self) -> Decimal:
        """Principal, interest and fees."""
        zero = Decimal(0)
        return self.principal + (self.interest or zero) + (self.fees or zero)

    @property
    def to_guarantor(self) -> bool:
        """Does the letter go to the guarantor."""
        return self.recipient != self.debtor and self.recipient == self.guarantor

    @property
    def overdue_days(self) -> int | None:
        """Days since the due date; None where it is unknown or not yet past."""
        if self.due_date is None or self.due_date >= self.created_on:
            return None
        return (self.created_on - self.due_date).days

    @property
    def barcode(self) -> str:
        """What the barcode says: the tracking number, or the letter id where there is none."""
        return self.tracking_no or self.letter_id


# Source name → kind of value. These are the sources that a template's fields may name.
SOURCES: Mapping[str, str] = {
    "letter.no": "text",
    "letter.id": "text",
    "letter.tracking_no": "text",
    "letter.date": "date",
    "pick.recipient": "text",
    "pick.address": "text",
    "pick.postcode": "text",
    "case.id": "text",
    "case.debtor": "text",
    "case.contract_no": "text",
    "case.to_guarantor": "flag",
    "case.principal": "money",
    "case.interest": "money",
    "case.fees": "money",
    "case.total": "money",
    "case.loan_date": "date",
    "case.due_date": "date",
    "case.overdue_days": "number",
    "case.loans": "rows",
    "case.several_loans": "flag",
    "case.documents": "rows",
    "sender.firm_name": "text",
    "sender.firm_licence_no": "text",
    "sender.firm_address": "text",
    "sender.firm_postcode": "text",
    "sender.firm_phone": "text",
    "sender.signatory_name": "text",
    "sender.signatory_licence_no": "text",
    "sender.signatory_phone": "text",
    "sender.creditor_name": "text",
    "sender.mandate_no": "text",
    "sender.mandate_from": "date",
    "sender.mandate_to": "date",
    "sender.repay_account_name": "text",
    "sender.repay_account_no": "text",
    "sender.repay_bank": "text",
    "sender.service_phone": "text",
    "sender.complaint_phone": "text",
    "sender.deadline_days": "number",
    "sender.instalments": "number",
    "sender.assignor_name": "text",
    "sender.assignor_mandate_no": "text",
    "sender.assignor_phone": "text",
    "sender.assignment_no": "text",
    "sender.assignment_date": "date",
}
AMOUNTS = ("case.principal", "case.interest", "case.fees", "case.total", "case.loans")
"""Sources that state what is owed."""

# How a kind of value may be written.
TYPES: Mapping[str, tuple[str, ...]] = {
    "text": ("text",),
    "flag": ("flag",),
    "money": ("money", "money_words"),
    "date": ("date",),
    "number": ("number",),
    "rows": ("rows",),
}


def sender_values(sender: Sender, created_on: date) -> dict[str, Value]:
    """The values that are the same on every letter of a batch."""
    lawyers = sender.signatories
    values: dict[str, Value] = {
        name: getattr(sender, name.removeprefix("sender."))
        for name in SOURCES
        if name.startswith("sender.") and "signatory" not in name
    }
    values["sender.signatory_name"] = "、".join(lawyer.name for lawyer in lawyers)
    values["sender.signatory_licence_no"] = "、".join(lawyer.licence_no for lawyer in lawyers)
    values["sender.signatory_phone"] = lawyers[0].phone if lawyers else None
    values["letter.date"] = created_on
    return values


def letter_values(facts: LetterFacts) -> dict[str, Value]:
    """The values of one letter that are not the same on every letter."""
    return {
        "letter.no": facts.letter_no,
        "letter.id": facts.letter_id,
        "letter.tracking_no": facts.tracking_no,
        "pick.recipient": facts.recipient,
        "pick.address": facts.standardized,
        "pick.postcode": facts.postcode,
        "case.id": facts.case_id,
        "case.debtor": facts.debtor,
        "case.contract_no": facts.contract_no,
        "case.to_guarantor": facts.to_guarantor,
        "case.principal": facts.principal,
        "case.interest": facts.interest,
        "case.fees": facts.fees,
        "case.total": facts.total,
        "case.loan_date": facts.loan_date,
        "case.due_date": facts.due_date,
        "case.overdue_days": facts.overdue_days,
        "case.loans": facts.loans,
        "case.several_loans": bool(facts.several),
        "case.documents": facts.documents,
    }


def _as_words(value: Decimal) -> str:
    try:
        return money_words(value)
    except ValueError:
        # An amount that cannot be said; the rule D01 holds the letter.
        return ""


_WRITERS: Mapping[str, Callable[[Any], Shown]] = {
    "text": str,
    "number": lambda value: Written(str(value), value),
    "money": lambda value: Written(money(value), value),
    "money_words": _as_words,
    "date": chinese_date,
    "flag": lambda value: "1" if value else "",
    "rows": written_rows,
}
_NO_NUMBER = Written("", None)


def written(value: Value, kind: str) -> Shown:
    """A value as a letter writes it; "" where there is none, a flag is "1" or ""."""
    if value is None:
        return _NO_NUMBER if kind in ("number", "money") else ""
    return _WRITERS[kind](value)
