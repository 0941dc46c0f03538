"""The rules on amounts and dates (group D of `templates/rules/checks.tsv`)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from addrfix.letters.amounts import LARGEST, money, money_words, words_to_money
from addrfix.letters.findings import Letter, Wrong
from addrfix.letters.rules import Rule

_CENT = Decimal("0.01")
# Over fewer days a fee at the start would look like a yearly rate of hundreds.
_FEWEST_DAYS = 30
_OVERDUE = re.compile(r"逾期\s*(\d+)\s*[天日]")


def sums_add_up(letter: Letter, rule: Rule) -> Wrong | None:
    """Amounts are possible, their sum is the total, figures and words say the same."""
    facts = letter.facts
    parts = [facts.principal, facts.interest or Decimal(0), facts.fees or Decimal(0)]
    if facts.principal <= 0 or min(parts) < 0 or sum(parts) > LARGEST:
        return Wrong("amount_impossible")
    if any(part != part.quantize(_CENT) for part in parts):
        return Wrong("amount_finer_than_a_cent")
    total = sum(parts, Decimal(0))
    if facts.total_stated is not None and facts.total_stated != total:
        return Wrong("total_differs_from_file")
    words = money_words(total)
    same = words_to_money(words) == total == facts.total
    # A paper without amounts shows neither; one that shows the total says it in words as well.
    shown = (words in letter.text) <= (money(total) in letter.text)
    wanted = "合计" not in letter.text or words in letter.text
    return None if same and shown and wanted else Wrong("total_wrong")


def dates_in_order(letter: Letter, rule: Rule) -> Wrong | None:
    """Loan, due date and letter follow each other."""
    facts = letter.facts
    if facts.loan_date and facts.loan_date > facts.created_on:
        return Wrong("loan_date_after_letter")
    if facts.loan_date and facts.due_date and facts.due_date < facts.loan_date:
        return Wrong("due_date_before_loan")
    return None


def overdue_days(letter: Letter, rule: Rule) -> Wrong | None:
    """Days overdue, counted anew, are those that the text tells."""
    due, day = letter.facts.due_date, letter.facts.created_on
    for told in _OVERDUE.finditer(letter.text):
        if due is None or due + timedelta(days=int(told[1])) != day:
            return Wrong("overdue_days_wrong", told[0])
    return None


def due_date_past(letter: Letter, rule: Rule) -> Wrong | None:
    """A debt whose day is still to come is not overdue."""
    due = letter.facts.due_date
    return Wrong("not_due_yet") if due and due >= letter.facts.created_on else None


def yearly_cost(letter: Letter, rule: Rule) -> Wrong | None:
    """Interest and fees by the year stay under the figure; not judged in the first 30 days."""
    return _cost_above(letter, Decimal(str(rule.parameter or 24)), "yearly_cost_high")


def yearly_cost_limit(letter: Letter, rule: Rule) -> Wrong | None:
    """The same with the figure beyond which nothing is owed."""
    return _cost_above(letter, Decimal(str(rule.parameter or 36)), "yearly_cost_over_limit")


def private_lending_rate(letter: Letter, rule: Rule) -> Wrong | None:
    """A lender without a licence stays under a multiple of the rate that held on the loan's day."""
    lent, book = letter.facts.loan_date, letter.book
    if lent is None or not book.lenders.get(letter.sender.lender_type, False):
        return None
    rates = [rate for since, rate in book.lending_rates if since <= lent]
    times = Decimal(str(rule.parameter or 4))
    return _cost_above(letter, rates[-1] * times, "private_rate_over_limit") if rates else None


def _cost_above(letter: Letter, per_cent: Decimal, note: str) -> Wrong | None:
    """Whether (interest + fees) / principal x 365 / days exceeds a figure, exactly."""
    facts = letter.facts
    if facts.loan_date is None or facts.principal <= 0:
        return None
    days = (facts.created_on - facts.loan_date).days
    extra = (facts.interest or Decimal(0)) + (facts.fees or Decimal(0))
    if days >= _FEWEST_DAYS and extra * 365 * 100 > per_cent * days * facts.principal:
        return Wrong(note, "利息")
    return None


def limitation_period(letter: Letter, rule: Rule) -> Wrong | None:
    """The period has not run out since the due date, or since a letter that interrupted it."""
    facts = letter.facts
    if facts.due_date is None:
        return None
    since = max(facts.due_date, facts.last_letter_on or facts.due_date)
    ended = _years_later(since, int(rule.parameter or 3)) < facts.created_on
    return Wrong("limitation_period") if ended else None


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        # 29 February of a leap year.
        return day.replace(year=day.year + years, day=28)
