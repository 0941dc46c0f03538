"""Who writes: the law firm, its lawyers, the creditor, the mandate; read from `sender.toml`.

A file is read completely and all its faults are told in one message. What the law asks of a sender
(a mandate that covers the day, an account in the creditor's name) is not a fault of the file but a
rule checked on every letter (`addrfix.letters.checks`).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from addrfix.letters.envelope import Envelope, read_envelope
from addrfix.letters.settings import Settings, finish, read_toml

_NUMBER_FIELD = re.compile(r"\{(year|number)(?::0(\d))?\}")


@dataclass(frozen=True, slots=True)
class Signatory:
    """A lawyer who signs."""

    name: str
    licence_no: str
    phone: str


@dataclass(frozen=True, slots=True)
class Sender:
    """A sender file."""

    path: Path
    sha256: str
    """Of the file and, where there are any, of the seal image and the larger fonts."""
    specimen: bool
    firm_name: str
    firm_licence_no: str
    firm_address: str
    firm_postcode: str
    firm_phone: str
    letter_no_pattern: str
    letter_no_start: int
    seal: Path | None
    seal_mm: float
    signatories: tuple[Signatory, ...]
    creditor_name: str
    mandate_no: str
    mandate_from: date
    mandate_to: date
    lender_type: str
    repay_account_name: str
    repay_account_no: str
    repay_bank: str
    service_phone: str
    complaint_phone: str
    deadline_days: int
    carrier: str
    product: str
    instalments: int | None = None
    """Most instalments that the creditor offers; None where it offers none."""
    assignor_name: str | None = None
    """The former creditor, where the claims were assigned; so are the next four."""
    assignor_mandate_no: str | None = None
    assignor_phone: str | None = None
    assignment_no: str | None = None
    assignment_date: date | None = None
    envelope: Envelope | None = None
    """The envelope that the sender uses; None for the template's."""
    larger_fonts: tuple[Path, ...] = ()
    """TrueType files for characters that the letters' typeface does not have."""
    warnings: tuple[str, ...] = ()

    def letter_no(self, number: int, year: int) -> str:
        """The number of a letter by the firm's pattern."""
        values = {"year": year, "number": number}
        return _NUMBER_FIELD.sub(
            lambda field: str(values[field[1]]).zfill(int(field[2] or 0)), self.letter_no_pattern
        )


def read_sender(path: Path) -> Sender:
    """Read and validate a sender file.

    Raises:
        BadSettings: every fault of the file, one line each.
    """
    values, digest = read_toml(path, "sender file")
    faults: list[str] = []
    root = Settings(values, "", faults)
    specimen = root.flag("specimen", default=False)
    firm, creditor = root.table("firm"), root.table("creditor")
    letter = root.table("letter")
    warnings: list[str] = []
    seal = _seal(firm, path, specimen, warnings)
    fonts = _larger_fonts(letter, path)
    sender = Sender(
        path=path,
        sha256="+".join((digest, *map(_sha256, (*filter(None, [seal]), *fonts)))),
        specimen=specimen,
        seal=seal,
        signatories=tuple(map(_signatory, root.tables("signatory"))),
        deadline_days=letter.whole("deadline_days", 1, 90),
        carrier=letter.text("carrier", form=_word),
        product=letter.text("product", form=_word),
        envelope=read_envelope(root.table("envelope", required=False)),
        larger_fonts=fonts,
        warnings=tuple(warnings),
        **_firm(firm),
        instalments=letter.whole("instalments", 0, 120, default=0) or None,
        **_creditor(creditor),
        **_assignment(root.table("assignment", required=False)),
    )
    if date.min < sender.mandate_to < sender.mandate_from:
        creditor.fault("mandate_to", "is before mandate_from")
    for settings in (root, firm, creditor, letter):
        settings.done()
    finish(path, faults)
    return sender


def _firm(firm: Settings) -> dict[str, Any]:
    return {
        "firm_name": firm.text("name"),
        "firm_licence_no": firm.text("licence_no"),
        "firm_address": firm.text("address"),
        "firm_postcode": firm.text("postcode", form=_postcode),
        "firm_phone": firm.text("phone", form=_phone),
        "letter_no_pattern": firm.text("letter_no_pattern", form=_pattern),
        "letter_no_start": firm.whole("letter_no_start", 1, 10**9, default=1),
        "seal_mm": firm.number("seal_mm", 20, 60, default=42),
    }


def _creditor(creditor: Settings) -> dict[str, Any]:
    return {
        "creditor_name": creditor.text("name"),
        "mandate_no": creditor.text("mandate_no"),
        "mandate_from": creditor.day("mandate_from"),
        "mandate_to": creditor.day("mandate_to"),
        "lender_type": creditor.text("lender_type", form=_word),
        "repay_account_name": creditor.text("repay_account_name"),
        "repay_account_no": creditor.text("repay_account_no", form=_account),
        "repay_bank": creditor.text("repay_bank"),
        "service_phone": creditor.text("service_phone", form=_phone),
        "complaint_phone": creditor.text("complaint_phone", form=_phone),
    }


def _assignment(assignment: Settings) -> dict[str, Any]:
    """The assignment by which the creditor became one; all None where the file names none."""
    if not assignment.keys:
        return {}
    found = {
        "assignor_name": assignment.text("assignor"),
        "assignor_mandate_no": assignment.text("mandate_no"),
        "assignor_phone": assignment.text("phone", form=_phone),
        "assignment_no": assignment.text("agreement_no"),
        "assignment_date": assignment.day("date"),
    }
    assignment.done()
    return found


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _larger_fonts(letter: Settings, path: Path) -> tuple[Path, ...]:
    """The font files that the sender file names, beside it or by their whole path."""
    fonts = tuple(path.parent / name for name in letter.texts("larger_fonts", required=False))
    for font in fonts:
        if not font.is_file():
            letter.fault("larger_fonts", f"there is no file {font.name} beside {path.name}")
    return tuple(font for font in fonts if font.is_file())


def _signatory(settings: Settings) -> Signatory:
    signatory = Signatory(
        name=settings.text("name"),
        licence_no=settings.text("licence_no"),
        phone=settings.text("phone", form=_phone),
    )
    settings.done()
    return signatory


def _seal(firm: Settings, path: Path, specimen: bool, warnings: list[str]) -> Path | None:
    """The seal image beside the sender file; a specimen may do without."""
    name = firm.text("seal", required=False)
    if not name:
        return None
    seal = path.parent / name
    if seal.is_file():
        return seal
    if specimen:
        warnings.append(f"the seal {name} is not beside {path.name}; specimens carry no seal")
    else:
        firm.fault("seal", f"there is no file {name} beside {path.name}")
    return None


def _matches(pattern: str, message: str, text: str) -> str | None:
    return None if re.fullmatch(pattern, text) else message


def _postcode(text: str) -> str | None:
    return _matches(r"\d{6}", "must be six digits", text)


def _phone(text: str) -> str | None:
    return _matches(r"[+0-9][0-9\-()转 ]{4,24}[0-9]", "must be a phone number", text)


def _account(text: str) -> str | None:
    return _matches(r"[0-9A-Za-z \-]{8,40}", "must be an account number", text)


def _word(text: str) -> str | None:
    return _matches(r"[a-z][a-z0-9_]*", "must be a word of a–z, 0–9 and _", text)


def _pattern(text: str) -> str | None:
    fields = [field[1] for field in _NUMBER_FIELD.finditer(text)]
    if "number" not in fields or re.search(r"[{}]", _NUMBER_FIELD.sub("", text)):
        return "must hold {number}, and may hold {year}; {number:05} is a number of five digits"
    return None
