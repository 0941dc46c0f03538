"""Identity numbers (GB 11643): the county they begin with, and their check digit."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[1-9]\d{5}(?:18|19|20)\d{9}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_PREFIX = 6


def has_check_digit(number: str) -> bool:
    """Whether 18 characters end in the check digit of ISO 7064, MOD 11-2.

    >>> has_check_digit("11010519491231002X"), has_check_digit("110105194912310021")
    (True, False)
    """
    written = number.upper()
    if _NUMBER.fullmatch(written) is None:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(written, _WEIGHTS, strict=False))
    return _CHECKS[total % 11] == written[-1]


def county_prefix(number: str | None) -> str | None:
    """The code of the county that a number begins with; None where it tells none.

    A number of eighteen characters whose check digit is wrong tells nothing: any of its digits may
    be the wrong one. Masked behind the prefix (320302********1234), a number still tells.

    >>> county_prefix("11010519491231002X"), county_prefix("110105194912310021")
    ('110105', None)
    """
    written = (number or "").strip().upper()
    if _NUMBER.fullmatch(written) and not has_check_digit(written):
        return None
    prefix = written[:_PREFIX]
    return prefix if len(prefix) == _PREFIX and prefix.isascii() and prefix.isdigit() else None
