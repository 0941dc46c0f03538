"""Ranges of tracking numbers: first and last number to a pattern that counts.

A pattern is a number with a `#` for each digit that counts and a `=` where a check digit is
computed: `XA###########`, `RR########=CN`. Which of the two a number has is told by its format
(`gazetteer/words/tracking_numbers.tsv`); a number of no known format counts by its last digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from addrfix.carriers.tracking_number import (
    NumberFormat,
    format_of,
    normalised,
    s10_check_digit,
)
from addrfix.model.errors import BadInput

LARGEST = 10_000_000
"""Numbers in one range; more is a slip of the pen."""
_WITHOUT_CHECK_DIGIT = re.compile(r"([A-Z]{2}\d{8})([A-Z]{2})")
_COUNTING = re.compile(r"([0-9A-Z]*?)(\d{1,18})([A-Z]*)")


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Numbers of one pattern, both ends included."""

    pattern: str
    first: int
    last: int
    format: NumberFormat | None
    """None where no known carrier uses such numbers."""

    @property
    def count(self) -> int:
        """How many numbers it holds."""
        return self.last - self.first + 1


def number_of(pattern: str, serial: int) -> str:
    """The number of a pattern at a serial.

    >>> number_of("RR########=CN", 47312482)
    'RR473124829CN'
    """
    width = pattern.count("#")
    digits = f"{serial:0{width}d}"
    whole = pattern.replace("#" * width, digits)
    return whole.replace("=", str(s10_check_digit(digits))) if "=" in whole else whole


def serial_of(pattern: str, number: str) -> int | None:
    """The serial of a normalised number in a pattern; None where it does not belong there.

    >>> serial_of("RR########=CN", "RR473124829CN")
    47312482
    """
    start, end = pattern.index("#"), pattern.rindex("#") + 1
    digits = number[start:end]
    if len(number) != len(pattern) or not re.fullmatch(r"[0-9]+", digits):
        return None
    return int(digits) if number_of(pattern, int(digits)) == number else None


def range_between(first: str, last: str) -> NumberRange:
    """The range from one number to another, as the carrier wrote them.

    International numbers may be given without their check digit (`RR47312482CN`).

    Raises:
        BadInput: the two are not of one pattern, are in the wrong order, have a wrong check digit,
            or are too far apart; says which.
    """
    start, known = _place(first)
    end, _ = _place(last)
    if start[0] != end[0]:
        raise BadInput(
            f"{first} to {last}: the two are not of one series (their fixed parts differ); "
            "give each series as a range of its own"
        )
    if end[1] < start[1]:
        raise BadInput(f"{first} to {last}: the last number comes before the first")
    found = NumberRange(start[0], start[1], end[1], known)
    if found.count > LARGEST:
        raise BadInput(
            f"{first} to {last} would be {found.count:,} numbers; a range holds {LARGEST:,} at most"
        )
    return found


def _place(written: str) -> tuple[tuple[str, int], NumberFormat | None]:
    """Pattern and serial of a number, and its format."""
    number = normalised(written)
    if bare := _WITHOUT_CHECK_DIGIT.fullmatch(number):
        number = bare[1] + str(s10_check_digit(bare[1][2:])) + bare[2]
    known = format_of(number)
    if known is not None and known.check == "s10" and known.check_at is not None:
        return _checked_place(number, known, known.check_at - 1), known
    match = _COUNTING.fullmatch(number)
    if match is None or not 8 <= len(number) <= 30:
        raise BadInput(f"{written} is not a tracking number")
    prefix, digits, suffix = match.groups()
    return (f"{prefix}{'#' * len(digits)}{suffix}", int(digits)), known


def _checked_place(number: str, known: NumberFormat, at: int) -> tuple[str, int]:
    serial = number[at - 8 : at]
    right = str(s10_check_digit(serial))
    if number[at] != right:
        if known.enforce == "reject":
            raise BadInput(f"{number}: the check digit is wrong, it would be {right}")
        raise BadInput(
            f"{number} does not follow the check digit that {known.name} numbers seem to have, so "
            "the numbers between cannot be computed; give the carrier's list with --numbers FILE"
        )
    return f"{number[: at - 8]}{'#' * 8}={number[at + 1 :]}", int(serial)
