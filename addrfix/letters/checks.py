"""The rules on letters: one small function a rule, by its name in `templates/rules/checks.tsv`.

A function looks at one letter and says what is wrong, or None. What it says names rules, fields and
code points, never a person's data: it goes into files that leave the house. Rules that speak of the
sender and the template alone are in `addrfix.letters.sender_checks`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from addrfix.letters.amounts import LARGEST, money, money_words, words_to_money
from addrfix.letters.compose import Composer
from addrfix.letters.draft import Draft
from addrfix.letters.facts import LetterFacts
from addrfix.letters.rules import Rule, forbidden_words, rules, status_words
from addrfix.letters.sender import Sender


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a letter breaks."""

    rule: str
    severity: str
    note: str

    @property
    def reason(self) -> str:
        """The reason code of a held case: the note where it is one, else rule and note."""
        return self.note if ":" in self.note else f"{self.rule}:{self.note}"


@dataclass(frozen=True)
class Letter:
    """A letter as the rules look at it."""

    draft: Draft
    sender: Sender
    composer: Composer

    @property
    def facts(self) -> LetterFacts:
        """The data."""
        return self.draft.facts

    @cached_property
    def text(self) -> str:
        """Every word of the letter but the recipient block."""
        return "\n".join(self.draft.lines())

    @cached_property
    def window(self) -> str:
        """The words of the recipient block."""
        return "\n".join(self.draft.window())

    def fields(self) -> Iterator[tuple[str, str]]:
        """The texts that come from the user's data, by column."""
        facts = self.facts
        yield "recipient", facts.recipient
        yield "standardized", facts.standardized
        yield "postcode", facts.postcode or ""
        yield "name", facts.debtor
        yield "case_id", facts.case_id
        yield "contract_no", facts.contract_no or ""


Check = Callable[[Letter, Rule], str | None]

# Unicode categories of characters that print nothing of their own or need shaping.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_NEEDS_SHAPING = {"Mn", "Mc", "Me"}


def printable(letter: Letter, rule: Rule) -> str | None:
    """Every character of every field can be drawn as it is."""
    for column, text in letter.fields():
        for char in text:
            category = unicodedata.category(char)
            point = f"U+{ord(char):04X}:{column}"
            if category in _UNPRINTABLE:
                return f"character_not_printable:{point}"
            if category in _NEEDS_SHAPING or letter.composer.missing(char):
                return f"character_without_glyph:{point}"
    return None


def field_length(letter: Letter, rule: Rule) -> str | None:
    """No field is so long that the letter would be about nothing else."""
    longest = int(rule.parameter or 200)
    long = (column for column, text in letter.fields() if len(text) > longest)
    return next((f"too_long:{column}" for column in long), None)


def fits_window(letter: Letter, rule: Rule) -> str | None:
    """Name and address fit into the window."""
    too_long = letter.composer.window(letter.draft).too_long
    return f"too_long_for_window:{too_long}" if too_long else None


def recipient_is_debtor(letter: Letter, rule: Rule) -> str | None:
    """The recipient is the debtor or the guarantor named in the file."""
    facts = letter.facts
    allowed = {facts.debtor, facts.guarantor} - {None}
    return None if facts.recipient in allowed else "recipient_not_debtor"


def no_third_party(letter: Letter, rule: Rule) -> str | None:
    """No one is asked to hand the letter on."""
    return _forbidden(letter, ("B02",))


def workplace_address(letter: Letter, rule: Rule) -> str | None:
    """The address is not a place of work, where others open mail."""
    return "workplace_address" if letter.facts.source == "workplace" else None


def case_open(letter: Letter, rule: Rule) -> str | None:
    """The file does not say that the case is closed or that the person must not be written to."""
    facts = letter.facts
    for column, cell in (("case_status", facts.case_status), ("opt_out", facts.opt_out)):
        said = (cell or "").strip().lower()
        words = (w for w in status_words() if said and w.column == column and w.fits(said))
        word = next(words, None)
        if word and word.reason:
            return word.reason
    return None


def words_allowed(letter: Letter, rule: Rule) -> str | None:
    """No forbidden word stands in the text."""
    return _forbidden(letter, ("C01", "C03", "C04", "C05", "C06", "C07", "C08"))


def window_clean(letter: Letter, rule: Rule) -> str | None:
    """The window shows nothing about a debt."""
    return _forbidden(letter, ("E01",))


def _forbidden(letter: Letter, wanted: tuple[str, ...]) -> str | None:
    for word in forbidden_words():
        if word.rule not in wanted:
            continue
        places = [] if word.where == "window" else [("text", letter.text)]
        places += [] if word.where == "text" else [("window", letter.window)]
        for name, text in places:
            if word.pattern.search(text) and not (word.unless and word.unless.search(text)):
                return f"forbidden_word:{word.rule}:{name}"
    return None


def sums_add_up(letter: Letter, rule: Rule) -> str | None:
    """Amounts are possible, their sum is the total, figures and words say the same."""
    facts = letter.facts
    parts = [facts.principal, facts.interest or Decimal(0), facts.fees or Decimal(0)]
    if facts.principal <= 0 or min(parts) < 0 or sum(parts) > LARGEST:
        return "amount_impossible"
    if any(part != part.quantize(Decimal("0.01")) for part in parts):
        return "amount_finer_than_a_cent"
    total = sum(parts, Decimal(0))
    same = words_to_money(money_words(total)) == total
    shown = money(total) in letter.text and money_words(total) in letter.text
    return None if same and shown and facts.total == total else "total_wrong"


def dates_in_order(letter: Letter, rule: Rule) -> str | None:
    """Loan, due date and letter follow each other."""
    facts = letter.facts
    if facts.loan_date and facts.loan_date > facts.created_on:
        return "loan_date_after_letter"
    if facts.loan_date and facts.due_date and facts.due_date < facts.loan_date:
        return "due_date_before_loan"
    return None


def yearly_cost(letter: Letter, rule: Rule) -> str | None:
    """Interest and fees by the year stay under the figure; not judged in the first 30 days."""
    facts = letter.facts
    if facts.loan_date is None or facts.principal <= 0:
        return None
    days = (facts.created_on - facts.loan_date).days
    extra = (facts.interest or Decimal(0)) + (facts.fees or Decimal(0))
    limit = Decimal(str(rule.parameter or 24)) / 100
    if days >= 30 and extra * 365 / days > limit * facts.principal:
        return "yearly_cost_high"
    return None


def no_full_numbers(letter: Letter, rule: Rule) -> str | None:
    """No full ID or card number of the debtor; the sender's own numbers may stand."""
    text = letter.text
    own = [letter.sender.repay_account_no, letter.facts.letter_no, letter.facts.barcode]
    own += [lawyer.licence_no for lawyer in letter.sender.signatories]
    for number in own:
        text = text.replace(number, " ")
    text += "\n" + letter.window
    if re.search(r"(?<!\d)(\d{17}[\dXx]|\d{16,19})(?!\d)", text):
        return "full_number_in_text"
    id_no = letter.facts.id_no
    return "full_number_in_text" if id_no and id_no.upper() in text.upper() else None


def no_formula(letter: Letter, rule: Rule) -> str | None:
    """No cell of the manifest is taken for a formula by a spreadsheet."""
    for column, text in letter.fields():
        if text[:1] in ("=", "+", "-", "@", "\t", "\r"):
            return f"formula_character:{column}"
    return None


# In the order in which they are told; the first that blocks is a held case's first reason.
CHECKS: Mapping[str, Check] = {
    "E12_text_is_printable": printable,
    "E11_field_length": field_length,
    "B01_recipient_is_debtor": recipient_is_debtor,
    "B02_no_third_party": no_third_party,
    "B08_case_open": case_open,
    "D01_sums_add_up": sums_add_up,
    "D02_dates_in_order": dates_in_order,
    "E13_fits_window": fits_window,
    "E01_window_clean": window_clean,
    "E08_no_full_numbers": no_full_numbers,
    "E09_no_formula": no_formula,
    "C_forbidden_words": words_allowed,
    "B03_workplace_address": workplace_address,
    "D03_yearly_cost": yearly_cost,
}

# Without these the others cannot be asked: the text would not be one.
_FIRST = ("E12_text_is_printable", "E11_field_length")


def check_letter(letter: Letter, kind: str) -> list[Finding]:
    """Every rule on letters of this kind that the letter breaks."""
    findings: list[Finding] = []
    for name, check in CHECKS.items():
        rule = rules()[name]
        if not rule.applies(kind):
            continue
        note = check(letter, rule)
        if note is not None:
            findings.append(Finding(name, rule.severity, note))
            if name in _FIRST and rule.severity == "block":
                break
    return findings
