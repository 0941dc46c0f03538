"""What a tracking number looks like and whether its check digit is right.

The formats are data, `gazetteer/words/tracking_numbers.tsv`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from addrfix.knowledge import words

_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


class NumberFault(StrEnum):
    """What is wrong with a number."""

    UNKNOWN_FORMAT = "unknown_format"
    CHECK_DIGIT = "check_digit"
    DOUBTFUL_CHECK_DIGIT = "doubtful_check_digit"
    """The rule is inferred from samples: worth telling, no reason to refuse."""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """One row of the table."""

    name: str
    carrier: str
    product: str
    pattern: re.Pattern[str]
    check: str
    check_at: int | None
    """1-based place of the check digit."""
    enforce: str
    evidence: str
    """How much is known: proven, inferred or shape."""
    example: str


def s10_check_digit(serial: str) -> int:
    """The check digit of eight digits (UPU standard S10).

    >>> s10_check_digit("47312482")
    9

    Raises:
        ValueError: not eight ASCII digits.
    """
    if not re.fullmatch(r"[0-9]{8}", serial):
        raise ValueError("an S10 serial number has eight digits")
    total = sum(weight * int(digit) for weight, digit in zip(_S10_WEIGHTS, serial, strict=True))
    return {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)


@cache
def formats() -> tuple[NumberFormat, ...]:
    """The known formats, in the order in which they are tried."""
    return tuple(
        NumberFormat(
            name=row["format"],
            carrier=row["carrier"],
            product=row["product"],
            pattern=re.compile(row["pattern"], re.ASCII),
            check=row["check"],
            check_at=int(row["check_at"]) if row["check_at"] else None,
            enforce=row["enforce"],
            evidence=row["evidence"],
            example=row["example"],
        )
        for row in words("tracking_numbers")
    )


def normalised(number: str) -> str:
    """A number as it is compared: without spaces and hyphens, in capitals."""
    return re.sub(r"[\s\-]", "", number).upper()


def format_of(number: str) -> NumberFormat | None:
    """The format of a normalised number; None where it has none that is known."""
    return next((known for known in formats() if known.pattern.fullmatch(number)), None)


def fault_of(number: str) -> NumberFault | None:
    """What is wrong with a normalised number; None where nothing is."""
    known = format_of(number)
    if known is None:
        return NumberFault.UNKNOWN_FORMAT
    if known.check != "s10" or known.check_at is None:
        return None
    at = known.check_at - 1
    if s10_check_digit(number[at - 8 : at]) == int(number[at]):
        return None
    doubtful = known.enforce != "reject"
    return NumberFault.DOUBTFUL_CHECK_DIGIT if doubtful else NumberFault.CHECK_DIGIT
