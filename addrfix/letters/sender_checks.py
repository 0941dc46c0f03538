"""The rules that speak of the sender and the template: checked once, they hold for every letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from addrfix.letters.checks import Finding
from addrfix.letters.draft import Wording
from addrfix.letters.rules import citable, rules
from addrfix.letters.sender import Sender
from addrfix.letters.template import Template
from addrfix.text.numerals import chinese_number

SenderCheck = Callable[[Sender, Template, date], str | None]

_AUTHORITY = re.compile("法院|检察院|公安|派出所|仲裁委|人民政府|司法局")
_CITATION = re.compile(r"《([^》]+)》|第([零〇一二三四五六七八九十百千]+|\d+)条")


def firm_full_name(sender: Sender, template: Template, day: date) -> str | None:
    """A full name and an 18-character unified credit code."""
    if not re.fullmatch(r".+律师事务所(（.+）)?", sender.firm_name):
        return "firm_name_not_full"
    wrong = not re.fullmatch(r"[0-9A-Z]{18}", sender.firm_licence_no)
    return "firm_licence_form" if wrong else None


def letter_no_form(sender: Sender, template: Template, day: date) -> str | None:
    """The form of a law firm's letter number."""
    number = sender.letter_no(sender.letter_no_start, day.year)
    good = re.fullmatch(r"[（(〔\[]20\d{2}[)）〕\]].{1,20}律?函字?第?\d+号", number)
    return None if good else "letter_no_form"


def lawyer_licensed(sender: Sender, template: Template, day: date) -> str | None:
    """Every signatory is a licensed lawyer."""
    for lawyer in sender.signatories:
        if not re.fullmatch(r"1\d{16}", lawyer.licence_no):
            return "lawyer_licence_form"
        if re.search("实习|助理", lawyer.name):
            return "signatory_not_lawyer"
    return None if sender.signatories else "signatory_missing"


def mandate_covers_date(sender: Sender, template: Template, day: date) -> str | None:
    """The mandate is in force on the letter's date."""
    return None if sender.mandate_from <= day <= sender.mandate_to else "mandate_not_in_force"


def sealed(sender: Sender, template: Template, day: date) -> str | None:
    """There is a seal."""
    return None if sender.seal else "no_seal"


def contacts_in_text(sender: Sender, template: Template, day: date) -> str | None:
    """The text names who is owed, who writes, and where to complain."""
    text = "\n".join(Wording(template, sender, day).template.words())
    needed = (sender.creditor_name, sender.firm_name, sender.firm_phone, sender.complaint_phone)
    return None if all(piece in text for piece in needed) else "contacts_missing"


def title_fits_kind(sender: Sender, template: Template, day: date) -> str | None:
    """律师函 stands over lawyer letters and over nothing else."""
    title = "".join(text.words for text in template.texts["title_block"])
    return None if ("律师函" in title) == (template.kind == "lawyer_letter") else "title_wrong"


def account_of_creditor(sender: Sender, template: Template, day: date) -> str | None:
    """Money goes to the creditor."""
    return None if sender.repay_account_name == sender.creditor_name else "account_not_creditor"


def no_authority(sender: Sender, template: Template, day: date) -> str | None:
    """The sender does not look like an authority."""
    shown = sender.firm_name + sender.firm_address
    return "sender_looks_official" if _AUTHORITY.search(shown) else None


def citations_in_force(sender: Sender, template: Template, day: date) -> str | None:
    """Every article cited is listed as in force; a number belongs to the law named before it."""
    law = ""
    for found in _CITATION.finditer("\n".join(template.words())):
        if found[1]:
            law = found[1]
        else:
            written = found[2]
            number = int(written) if written.isdigit() else chinese_number(written)
            if number not in citable().get(law, ()):
                return f"citation_unknown:{number}"
    return None


SENDER_CHECKS: Mapping[str, SenderCheck] = {
    "A01_firm_full_name": firm_full_name,
    "A02_letter_no_form": letter_no_form,
    "A03_lawyer_licensed": lawyer_licensed,
    "A04_mandate_covers_date": mandate_covers_date,
    "A06_seal": sealed,
    "A07_contacts_in_text": contacts_in_text,
    "A09_title_fits_kind": title_fits_kind,
    "C09_citations_in_force": citations_in_force,
    "D07_account_of_creditor": account_of_creditor,
    "E02_sender_no_authority": no_authority,
}


def check_sender(sender: Sender, template: Template, day: date) -> list[Finding]:
    """Every rule on sender and template that is broken."""
    findings: list[Finding] = []
    for name, check in SENDER_CHECKS.items():
        rule = rules()[name]
        note = check(sender, template, day) if rule.applies(template.kind) else None
        if note is not None:
            findings.append(Finding(name, rule.severity, note))
    return findings
