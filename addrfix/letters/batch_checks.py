"""The rules on a batch as a whole, and those that the finished file of a letter has to keep."""

from __future__ import annotations

from addrfix.letters.findings import Finding, Wrong, found_by
from addrfix.letters.rules import RuleBook
from addrfix.letters.sender import Sender

# In the order in which they are told. The first is asked while letters are counted, the two in
# the middle of finished PDFs (`addrfix.letters.readback`).
BATCH_CHECKS = (
    "E10_one_letter_a_case",
    "E03_window_only_recipient",
    "E14_reads_back",
    "B07_many_letters_a_day",
)


def check_batch(book: RuleBook, kind: str, sender: Sender, letters: int) -> list[Finding]:
    """What the number of letters breaks.

    Args:
        book: the rules.
        kind: of the template.
        sender: each of its lawyers signs every letter.
        letters: of the batch, all of one day.
    """
    rule = book["B07_many_letters_a_day"]
    many = bool(sender.signatories) and letters > int(rule.parameter or 500)
    if not (many and rule.applies(kind)):
        return []
    return [found_by(rule, Wrong("many_letters_a_day"))]
