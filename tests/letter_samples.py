"""Made-up letters, picks and cases for the tests of letters and batches."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pypdfium2  # type: ignore[import-untyped]  # it ships no types
from PIL import Image

from addrfix.knowledge import folder
from addrfix.letters.compose import Composer
from addrfix.letters.facts import LetterFacts
from addrfix.letters.rows import Document, Loan
from addrfix.letters.sender import Sender, read_sender
from addrfix.letters.template import Template
from addrfix.letters.template_files import read_template

AS_OF = date(2026, 7, 1)
SENDER = folder("templates") / "examples" / "sender.toml"
CASES = Path(__file__).parent / "cases"
GOLDENS = Path(__file__).parent / "goldens" / "letters"
ADDRESS = "湖南省长沙市岳麓区麓谷街道桐梓坡西路229号麓谷小镇3栋2单元1604室"


@cache
def template() -> Template:
    return read_template("lawyer_letter")


@cache
def sender() -> Sender:
    return read_sender(SENDER)


@cache
def composer() -> Composer:
    return Composer(template(), sender(), AS_OF)


def facts(**changes: Any) -> LetterFacts:
    """A letter that breaks no rule, with some of its data changed."""
    plain = LetterFacts(
        letter_id="7K3F9Q2M-000123-7",
        letter_no=sender().letter_no(123, AS_OF.year),
        created_on=AS_OF,
        case_id="C2026000123",
        recipient="陈𬭎䶮",
        standardized=ADDRESS,
        postcode="410205",
        source="residence",
        debtor="陈𬭎䶮",
        guarantor=None,
        principal=Decimal("10200.05"),
        interest=Decimal("812.40"),
        fees=Decimal("120.00"),
        id_no="430104199003074519",
        contract_no="CZ-2025-00031",
        loan_date=date(2025, 7, 9),
        due_date=date(2026, 1, 9),
    )
    return replace(plain, **changes)


def with_paragraphs(wording: Template, *texts: str) -> Template:
    """The lawyer letter with more paragraphs before its signature."""
    with tempfile.TemporaryDirectory() as name:
        own = Path(shutil.copytree(folder("templates") / "lawyer_letter", Path(name) / "own"))
        path = own / "letter.txt"
        lines = path.read_text(encoding="utf-8").replace(
            "\n[落款]", "\n".join(("", *texts, "[落款]"))
        )
        path.write_text(lines, encoding="utf-8")
        more = read_template(str(own))
    return replace(wording, body=more.body, flow=more.flow)


@cache
def composer_of(name: str) -> Composer:
    """Of a shipped template."""
    return Composer(read_template(name), sender(), AS_OF)


def drawn_as(name: str, **changes: Any) -> bytes:
    """The PDF of such a letter, of any shipped template."""
    letter, composer = facts(**changes), composer_of(name)
    return composer.single(composer.pages(composer.draft(letter)), letter.letter_no)


def several() -> dict[str, Any]:
    """The facts of a case of three loans."""
    loans = (
        Loan("CZ-2024-00017", date(2024, 11, 2), date(2025, 11, 2), *amounts("4000.00", "401.33")),
        Loan("CZ-2025-00031", date(2025, 7, 9), date(2026, 1, 9), *amounts("10200.05", "812.40")),
        Loan("CZ-2025-00178", date(2025, 9, 30), None, *amounts("500.00", "12.07")),
    )
    return {
        "several": loans,
        "contract_no": "、".join(loan.contract_no for loan in loans),
        "loan_date": date(2024, 11, 2),
        "due_date": date(2025, 11, 2),
        "principal": Decimal("14700.05"),
        "interest": Decimal("1225.80"),
        "fees": Decimal("60.00"),
    }


def amounts(principal: str, interest: str) -> tuple[Decimal, Decimal, Decimal]:
    """Principal, interest and fees of a loan."""
    return Decimal(principal), Decimal(interest), Decimal("20.00")


def documents() -> tuple[Document, ...]:
    """Two documents of a court, by what a cover page says of them."""
    number = "（2026）湘0104民初0001号"
    return tuple(
        Document(f"{place}.pdf", "0" * 64, place + 1, title, "样张市示例区人民法院", number)
        for place, title in enumerate(("民事裁定书", "传票"))
    )


def drawn(**changes: Any) -> bytes:
    """The PDF of such a letter."""
    letter = facts(**changes)
    return composer().single(composer().pages(composer().draft(letter)), letter.letter_no)


def case(number: int, **changes: Any) -> dict[str, Any]:
    """One canonical row of a debtor file."""
    row: dict[str, Any] = {
        "row": number,
        "case_id": f"C{number:04d}",
        "name": "王小满",
        "id_no": "430104199003074519",
        "phone": "13800000000",
        "principal": Decimal("5000.00"),
        "interest": Decimal("250.00"),
        "fees": Decimal("20.00"),
        "loan_date": date(2025, 7, 9),
        "due_date": None,
        "contract_no": None,
        "guarantor": None,
        "case_status": None,
        "opt_out": None,
        "address": ADDRESS,
        "source": "residence",
        "input_issues": [],
    }
    return row | changes


def cases(*rows: dict[str, Any]) -> pl.DataFrame:
    """Canonical rows as a frame."""
    amount = pl.Decimal(18, 2)
    schema: dict[str, Any] = dict.fromkeys(rows[0], pl.String) | {
        "row": pl.Int64, "principal": amount, "interest": amount, "fees": amount,
        "loan_date": pl.Date, "due_date": pl.Date, "input_issues": pl.List(pl.String),
    }  # fmt: skip
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def picks(frame: pl.DataFrame, **changes: Any) -> pl.DataFrame:
    """A pick to be sent for every row of a debtor file."""
    return frame.select(
        "case_id",
        "row",
        pl.lit(changes.get("decision", "send")).alias("decision"),
        pl.lit(0.42123456789012345).alias("p_signed"),
        pl.lit(["source=residence"]).alias("reasons"),
        pl.lit(changes.get("standardized", ADDRESS)).alias("standardized"),
        pl.lit("410205").alias("postcode"),
        (pl.lit(changes["recipient"]) if "recipient" in changes else pl.col("name")).alias(
            "recipient"
        ),
        "source",
        pl.lit(None, pl.Int64).alias("runner_up_row"),
        pl.lit(None, pl.Float64).alias("runner_up_p"),
    )


@cache
def golden_letters() -> dict[str, bytes]:
    """The letters whose text and pages are compared with `goldens/letters/`."""
    guarantor = {"recipient": "赵担保", "guarantor": "赵担保"}
    letters: dict[str, tuple[str, dict[str, Any]]] = {
        "lawyer_letter": ("lawyer_letter", {"tracking_no": "XA00000000111"}),
        "lawyer_letter_guarantor": (
            "lawyer_letter",
            {**guarantor, "contract_no": None, "due_date": None, "fees": None},
        ),
        "lawyer_letter_several": ("lawyer_letter", several()),
        "demand_notice": ("demand_notice", {}),
        "demand_notice_guarantor": (
            "demand_notice",
            {**guarantor, **several(), "tracking_no": "XA00000000111"},
        ),
        "assignment_notice": ("assignment_notice", {"tracking_no": "XA00000000111"}),
        "assignment_notice_guarantor": ("assignment_notice", {**guarantor, **several()}),
        "service_address_confirmation": ("service_address_confirmation", {}),
        "cover_sheet": ("cover_sheet", {"tracking_no": "XA00000000111"}),
        "court_forwarding": ("court_forwarding", {"documents": documents()}),
    }
    return {name: drawn_as(wording, **changes) for name, (wording, changes) in letters.items()}


def page_texts(content: bytes) -> list[str]:
    """The text of each page as another program copies it."""
    with pypdfium2.PdfDocument(content) as document:
        texts = [str(page.get_textpage().get_text_range()) for page in document]
    return [text.replace("\r\n", "\n") + "\n" for text in texts]


def page_images(content: bytes) -> list[Image.Image]:
    """Each page at 72 dpi, grey."""
    with pypdfium2.PdfDocument(content) as document:
        return [page.render(scale=1, grayscale=True).to_pil().convert("L") for page in document]


def python_string(written: str) -> str:
    """The case's value; escapes as in Python."""
    return re.sub(
        r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(n))",
        lambda m: "\n" if m[4] else chr(int(m[1] or m[2] or m[3], 16)),
        written,
    )
