"""The rules that speak of the sender and the template: checked once, they hold for every letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from addrfix.letters.amounts import chinese_date
from addrfix.letters.approval import Approval
from addrfix.letters.draft import Wording
from addrfix.letters.findings import Finding, Wrong, found_by
from addrfix.letters.rules import Rule, RuleBook, read_rules
from addrfix.letters.sender import Sender
from addrfix.letters.template import Template
from addrfix.text.numerals import chinese_number

_AUTHORITY = re.compile("法院|检察院|公安|派出所|仲裁委|人民政府|司法局")
_CITATION = re.compile(r"《([^》]+)》|第([零〇一二三四五六七八九十百千]+|\d+)条")
# Speaks of a lawyer, not of a law firm's name or a lawyer's fee.
_LAWYER = re.compile("律师(?!事务所|费)")


@dataclass(frozen=True)
class General:
    """What is the same on every letter of a batch."""

    sender: Sender
    template: Template
    day: date
    book: RuleBook
    approval: Approval

    @cached_property
    def words(self) -> str:
        """Every word of the template with the sender's data put in, whatever is printed when."""
        return "\n".join(Wording(self.template, self.sender, self.day).template.words())

    @property
    def title(self) -> str:
        """The words of the heading."""
        return "".join(text.words for text in self.template.texts["title_block"])


SenderCheck = Callable[[General, Rule], Wrong | None]


def firm_full_name(general: General, rule: Rule) -> Wrong | None:
    """A full name and an 18-character unified credit code."""
    sender = general.sender
    if not re.fullmatch(r".+律师事务所(（.+）)?", sender.firm_name):
        return Wrong("firm_name_not_full", sender.firm_name)
    form = re.fullmatch(r"[0-9A-Z]{18}", sender.firm_licence_no)
    return None if form else Wrong("firm_licence_form")


def letter_no_form(general: General, rule: Rule) -> Wrong | None:
    """The form of a law firm's letter number."""
    number = general.sender.letter_no(general.sender.letter_no_start, general.day.year)
    good = re.fullmatch(r"[（(〔\[]20\d{2}[)）〕\]].{1,20}律?函字?第?\d+号", number)
    return None if good else Wrong("letter_no_form")


def lawyer_licensed(general: General, rule: Rule) -> Wrong | None:
    """Every signatory is a licensed lawyer."""
    for lawyer in general.sender.signatories:
        if not re.fullmatch(r"1\d{16}", lawyer.licence_no):
            return Wrong("lawyer_licence_form", "执业证号")
        if re.search("实习|助理", lawyer.name):
            return Wrong("signatory_not_lawyer")
    return None if general.sender.signatories else Wrong("signatory_missing")


def lawyer_words_licensed(general: General, rule: Rule) -> Wrong | None:
    """Who speaks of a lawyer is a law firm with one, whatever the kind of letter."""
    said = _LAWYER.search(general.words)
    unlicensed = firm_full_name(general, rule) or lawyer_licensed(general, rule)
    return Wrong("lawyer_words_unlicensed", said[0]) if said and unlicensed else None


def mandate_covers_date(general: General, rule: Rule) -> Wrong | None:
    """The mandate is in force on the letter's date."""
    sender = general.sender
    covered = sender.mandate_from <= general.day <= sender.mandate_to
    return None if covered else Wrong("mandate_not_in_force")


def sealed(general: General, rule: Rule) -> Wrong | None:
    """There is a seal; a specimen, which goes to nobody, may do without."""
    sender = general.sender
    return None if sender.seal or sender.specimen else Wrong("no_seal")


def contacts_in_text(general: General, rule: Rule) -> Wrong | None:
    """The text names who is owed, who writes, and where to complain."""
    sender = general.sender
    needed = (sender.creditor_name, sender.firm_name, sender.firm_phone, sender.complaint_phone)
    return None if all(piece in general.words for piece in needed) else Wrong("contacts_missing")


def assignment_told(general: General, rule: Rule) -> Wrong | None:
    """The text names both sides of the assignment and its day."""
    sender = general.sender
    if not (sender.assignor_name and sender.assignment_date):
        needed_here = general.template.kind == "assignment_notice"
        return Wrong("assignment_missing") if needed_here else None
    needed = (sender.assignor_name, sender.creditor_name, chinese_date(sender.assignment_date))
    if not all(piece in general.words for piece in needed):
        return Wrong("assignment_not_told")
    return elements_present(general, rule)


def title_fits_kind(general: General, rule: Rule) -> Wrong | None:
    """律师函 stands over lawyer letters and over nothing else."""
    lawyers = general.template.kind == "lawyer_letter"
    return None if ("律师函" in general.title) == lawyers else Wrong("title_wrong", general.title)


def elements_present(general: General, rule: Rule) -> Wrong | None:
    """Everything that `elements.tsv` asks of this kind under the rule is said."""
    group, kind = rule.name.partition("_")[0], general.template.kind
    for element in general.book.elements:
        asked = element.rule == group and kind in element.kinds
        if asked and not element.pattern.search(general.words):
            return Wrong(f"element_missing:{element.name}")
    return None


def account_of_creditor(general: General, rule: Rule) -> Wrong | None:
    """Money goes to the creditor."""
    sender = general.sender
    same = sender.repay_account_name == sender.creditor_name
    return None if same else Wrong("account_not_creditor")


def no_authority(general: General, rule: Rule) -> Wrong | None:
    """The sender does not look like an authority."""
    said = _AUTHORITY.search(general.sender.firm_name + general.sender.firm_address)
    return Wrong("sender_looks_official", said[0]) if said else None


def citations_in_force(general: General, rule: Rule) -> Wrong | None:
    """Every article cited is listed as in force; a number belongs to the law named before it."""
    law = ""
    for found in _CITATION.finditer(general.words):
        if found[1]:
            law = found[1]
        else:
            written = found[2]
            number = int(written) if written.isdigit() else chinese_number(written)
            if not general.book.in_force(law, number, general.day):
                return Wrong(f"citation_unknown:{number}", found[0])
    return None


def template_approved(general: General, rule: Rule) -> Wrong | None:
    """The template is as shipped or as someone approved it."""
    approval = general.approval
    # As shipped is not enough where a person has to approve.
    state = "not_approved" if approval.state == "shipped" else approval.state
    return None if approval.good else Wrong(f"template_{state}")


SENDER_CHECKS: Mapping[str, SenderCheck] = {
    "A01_firm_full_name": firm_full_name,
    "A02_letter_no_form": letter_no_form,
    "A03_lawyer_licensed": lawyer_licensed,
    "A04_mandate_covers_date": mandate_covers_date,
    "A05_lawyer_words_licensed": lawyer_words_licensed,
    "A06_seal": sealed,
    "A07_contacts_in_text": contacts_in_text,
    "A08_assignment_told": assignment_told,
    "A09_title_fits_kind": title_fits_kind,
    "C09_citations_in_force": citations_in_force,
    "C10_elements_present": elements_present,
    "D07_account_of_creditor": account_of_creditor,
    "E02_sender_no_authority": no_authority,
    "G03_address_form_complete": elements_present,
    "I04_template_approved": template_approved,
}


def check_sender(
    sender: Sender,
    template: Template,
    day: date,
    *,
    book: RuleBook | None = None,
    approval: Approval | None = None,
) -> list[Finding]:
    """Every rule on sender and template that is broken.

    Args:
        sender: the sender file.
        template: the template.
        day: date of the letters.
        book: the rules; the shipped ones by default.
        approval: what is known of the template's approval; nothing is asked of it by default.
    """
    general = General(
        sender, template, day, book or read_rules(), approval or Approval("shipped", "")
    )
    findings: list[Finding] = []
    for name, check in SENDER_CHECKS.items():
        rule = general.book[name]
        wrong = check(general, rule) if rule.applies(template.kind) else None
        if wrong is not None:
            findings.append(found_by(rule, wrong))
    return findings
