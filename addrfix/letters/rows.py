"""What a letter lists: the loans of a case, and the documents that go with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from addrfix.letters.amounts import chinese_date, money
from addrfix.letters.placeholders import Written


@dataclass(frozen=True, slots=True)
class Loan:
    """One of several loans of a case; amounts in yuan, None where the file has no such amounts."""

    contract_no: str
    loan_date: date | None
    due_date: date | None
    principal: Decimal
    interest: Decimal | None
    fees: Decimal | None

    @property
    def total(self) -> Decimal:
        """Principal, interest and fees."""
        return self.principal + (self.interest or Decimal(0)) + (self.fees or Decimal(0))


@dataclass(frozen=True, slots=True)
class Document:
    """A court's document that goes out behind the letter, as it is."""

    file: str
    """Its name in the folder of the documents."""
    sha256: str
    pages: int
    title: str
    court: str
    court_case_no: str


# Source → its columns and the kinds of their values, as a template names them.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "case.loans": {
        "序号": "number",
        "合同编号": "text",
        "借款日期": "date",
        "到期日": "date",
        "本金": "money",
        "利息": "money",
        "费用": "money",
        "合计": "money",
    },
    "case.documents": {
        "序号": "number",
        "文书名称": "text",
        "法院": "text",
        "案号": "text",
        "页数": "number",
    },
}

Rows = tuple[Loan | Document, ...]


def written_rows(rows: Rows) -> tuple[Mapping[str, str], ...]:
    """Rows as a letter writes them, by column; "" where there is no value."""
    return tuple(
        {"序号": _number(place)} | (_loan(row) if isinstance(row, Loan) else _document(row))
        for place, row in enumerate(rows, start=1)
    )


def _loan(loan: Loan) -> dict[str, str]:
    amounts = {"本金": loan.principal, "利息": loan.interest, "费用": loan.fees, "合计": loan.total}
    days = {"借款日期": loan.loan_date, "到期日": loan.due_date}
    return (
        {"合同编号": loan.contract_no}
        | {name: chinese_date(day) if day else "" for name, day in days.items()}
        | {
            name: Written("" if amount is None else money(amount), amount)
            for name, amount in amounts.items()
        }
    )


def _document(document: Document) -> dict[str, str]:
    return {
        "文书名称": document.title,
        "法院": document.court,
        "案号": document.court_case_no,
        "页数": _number(document.pages),
    }


def _number(number: int) -> str:
    return Written(str(number), number)
