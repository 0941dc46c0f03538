"""The rules on letters: one small function a rule, by its name in `templates/rules/checks.tsv`.

A function looks at one letter and says what is wrong, or None. What it says names rules, fields and
code points, never a person's data: it goes into files that leave the house. Rules on amounts and
dates are in `money_checks`, those that speak of the sender and the template alone in
`sender_checks`, those on a batch as a whole in `batch_checks`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from addrfix.letters import money_checks
from addrfix.letters.findings import WINDOW, Finding, Letter, Wrong, found_by
from addrfix.letters.rules import AREAS, Rule, RuleBook

Check = Callable[[Letter, Rule], Wrong | None]

# Unicode categories of characters that print nothing of their own or need shaping.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_NEEDS_SHAPING = {"Mn", "Mc", "Me"}
_COURT = re.compile("法院$|法庭$")
# (year), the court's short name, kind of procedure, number (法〔2015〕137号).
_COURT_CASE = re.compile(r"[（(〔]20\d{2}[）)〕]\S{2,20}?\d+号(之[一二三四五六七八九十]+)?")
_SENTENCE_ENDS = "。；\n"
# Products of a carrier that courts alone may post.
_OF_COURTS = frozenset({"court_express", "court_mail"})


def printable(letter: Letter, rule: Rule) -> Wrong | None:
    """Every character of every field can be drawn as it is."""
    for column, text in letter.fields():
        for char in text:
            category = unicodedata.category(char)
            point = f"U+{ord(char):04X}:{column}"
            if category in _UNPRINTABLE:
                return Wrong(f"character_not_printable:{point}")
            if category in _NEEDS_SHAPING or letter.composer.missing(char):
                return Wrong(f"character_without_glyph:{point}")
    return None


def field_length(letter: Letter, rule: Rule) -> Wrong | None:
    """No field is so long that the letter would be about nothing else."""
    longest = int(rule.parameter or 200)
    long = (column for column, text in letter.fields() if len(text) > longest)
    return next((Wrong(f"too_long:{column}") for column in long), None)


def fits_window(letter: Letter, rule: Rule) -> Wrong | None:
    """Name and address fit into the window."""
    too_long = letter.composer.window(letter.draft).too_long
    return Wrong(f"too_long_for_window:{too_long}") if too_long else None


def recipient_is_debtor(letter: Letter, rule: Rule) -> Wrong | None:
    """The recipient is the debtor or the guarantor named in the file."""
    facts = letter.facts
    allowed = {facts.debtor, facts.guarantor} - {None}
    return None if facts.recipient in allowed else Wrong("recipient_not_debtor")


def workplace_address(letter: Letter, rule: Rule) -> Wrong | None:
    """The address is not a place of work, where others open mail."""
    return Wrong("workplace_address", WINDOW) if letter.facts.source == "workplace" else None


def contact_willing(letter: Letter, rule: Rule) -> Wrong | None:
    """A contact person who refused is not written to, though the letter names the debtor."""
    facts = letter.facts
    refused = _status(letter, "opt_out", facts.opt_out, "B08_case_open")
    return Wrong("contact_refused") if facts.source == "contact" and refused else None


def status_allows(letter: Letter, rule: Rule) -> Wrong | None:
    """The file says nothing of the case for which `case_status.tsv` names this rule."""
    facts = letter.facts
    for column, cell in (("case_status", facts.case_status), ("opt_out", facts.opt_out)):
        reason = _status(letter, column, cell, rule.name)
        if reason:
            return Wrong(reason)
    return None


def _status(letter: Letter, column: str, cell: str | None, rule: str) -> str | None:
    """Why a cell holds a case by a rule; the first word that fits decides."""
    said = (cell or "").strip().lower()
    words = (w for w in letter.book.statuses if said and w.column == column and w.fits(said))
    word = next(words, None)
    return word.reason if word and word.rule == rule else None


def days_between_letters(letter: Letter, rule: Rule) -> Wrong | None:
    """The last letter to the debtor that the history knows is old enough."""
    last, day = letter.facts.last_letter_on, letter.facts.created_on
    soon = last is not None and (day - last).days < int(rule.parameter or 30)
    return Wrong("letter_too_soon") if soon else None


def letter_no_new(letter: Letter, rule: Rule) -> Wrong | None:
    """No earlier letter bears the number."""
    return Wrong("letter_no_used", letter.facts.letter_no) if letter.facts.letter_no_used else None


def words_allowed(letter: Letter, rule: Rule) -> Wrong | None:
    """No word that `forbidden_words.tsv` lists under this rule stands where it must not."""
    return _forbidden(letter.book, letter.areas, rule)


def _forbidden(book: RuleBook, areas: Mapping[str, str], rule: Rule) -> Wrong | None:
    group = rule.name.partition("_")[0]
    for word in book.forbidden:
        if word.rule != group:
            continue
        for area in AREAS if word.where == "any" else (word.where,):
            text = areas.get(area, "")
            for said in word.pattern.finditer(text):
                if word.unless and word.unless.search(_sentence(text, *said.span())):
                    continue
                shown = None if re.search(r"\d", said[0]) else said[0]
                return Wrong(
                    f"forbidden_word:{group}:{area}", WINDOW if area == "window" else shown
                )
    return None


def _sentence(text: str, start: int, end: int) -> str:
    """The sentence or line around a place of a text."""
    before = max(text.rfind(mark, 0, start) for mark in _SENTENCE_ENDS)
    after = (place for mark in _SENTENCE_ENDS if (place := text.find(mark, end)) >= 0)
    return text[before + 1 : min(after, default=len(text))]


def no_court_express(letter: Letter, rule: Rule) -> Wrong | None:
    """Neither the product nor a word of the letter is that of a court's own mail."""
    if letter.sender.product in _OF_COURTS:
        return Wrong("court_express")
    return words_allowed(letter, rule)


def documents_recorded(letter: Letter, rule: Rule) -> Wrong | None:
    """Each document that goes out behind the letter names a court and a case number of its form."""
    for document in letter.facts.documents:
        if not _COURT.search(document.court) or not document.title:
            return Wrong("document_without_court", document.title or None)
        if not _COURT_CASE.fullmatch(document.court_case_no):
            return Wrong("court_case_no_form", document.title)
    return None


def no_full_numbers(letter: Letter, rule: Rule) -> Wrong | None:
    """No full ID or card number of the debtor; the sender's own numbers may stand."""
    text = letter.text
    own = [letter.sender.repay_account_no, letter.facts.letter_no, letter.facts.barcode]
    own += [lawyer.licence_no for lawyer in letter.sender.signatories]
    for number in own:
        text = text.replace(number, " ")
    text += "\n" + letter.areas["window"]
    if re.search(r"(?<!\d)(\d{17}[\dXx]|\d{16,19})(?!\d)", text):
        return Wrong("full_number_in_text")
    id_no = letter.facts.id_no
    return Wrong("full_number_in_text") if id_no and id_no.upper() in text.upper() else None


def no_formula(letter: Letter, rule: Rule) -> Wrong | None:
    """No cell of the manifest is taken for a formula by a spreadsheet."""
    for column, text in letter.fields():
        if text[:1] in ("=", "+", "-", "@", "\t", "\r"):
            return Wrong(f"formula_character:{column}")
    return None


# In the order in which they are told; the first that blocks is a held case's first reason.
CHECKS: Mapping[str, Check] = {
    "E12_text_is_printable": printable,
    "E11_field_length": field_length,
    "B01_recipient_is_debtor": recipient_is_debtor,
    "B02_no_third_party": words_allowed,
    "B04_contact_willing": contact_willing,
    "B05_debtor_able": status_allows,
    "B08_case_open": status_allows,
    "D01_sums_add_up": money_checks.sums_add_up,
    "D02_dates_in_order": money_checks.dates_in_order,
    "D08_overdue_days": money_checks.overdue_days,
    "D04_private_lending_rate": money_checks.private_lending_rate,
    "D10_yearly_cost_limit": money_checks.yearly_cost_limit,
    "E13_fits_window": fits_window,
    "E01_window_clean": words_allowed,
    "E08_no_full_numbers": no_full_numbers,
    "E09_no_formula": no_formula,
    "A10_letter_no_new": letter_no_new,
    "C01_no_authority_words": words_allowed,
    "C02_no_official_sender": words_allowed,
    "C03_no_insult_or_threat": words_allowed,
    "C04_no_criminal_charge": words_allowed,
    "C05_no_unproven_proceeding": words_allowed,
    "C06_no_publicity": words_allowed,
    "C07_no_credit_repair": words_allowed,
    "C08_no_pressure_by_report": words_allowed,
    "G01_no_court_paper": words_allowed,
    "G02_no_court_express": no_court_express,
    "G04_documents_recorded": documents_recorded,
    "B03_workplace_address": workplace_address,
    "B06_days_between_letters": days_between_letters,
    "D03_yearly_cost": money_checks.yearly_cost,
    "D05_fees_have_basis": words_allowed,
    "D06_limitation_period": money_checks.limitation_period,
    "D09_due_date_past": money_checks.due_date_past,
}

# Without these the others cannot be asked: the text would not be one.
_FIRST = ("E12_text_is_printable", "E11_field_length")


def check_letter(letter: Letter, kind: str) -> list[Finding]:
    """Every rule on letters of this kind that the letter breaks."""
    findings: list[Finding] = []
    for name, check in CHECKS.items():
        rule = letter.book[name]
        if not rule.applies(kind):
            continue
        wrong = check(letter, rule)
        if wrong is not None:
            findings.append(found_by(rule, wrong))
            if name in _FIRST and rule.severity == "block":
                break
    return findings


def check_words(book: RuleBook, kind: str, areas: Mapping[str, str]) -> list[Finding]:
    """The forbidden words of a text, before there is any letter.

    Args:
        book: the rules.
        kind: of the template.
        areas: words by `addrfix.letters.rules.AREAS`.
    """
    findings: list[Finding] = []
    for name, check in CHECKS.items():
        if check is words_allowed and book[name].applies(kind):
            wrong = _forbidden(book, areas, book[name])
            findings += [found_by(book[name], wrong)] if wrong else []
    return findings
