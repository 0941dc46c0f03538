"""Phone numbers as people write them, down to the digits that tell where a number is at home."""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"[/,;、，；|]|或")
_ASIDE = re.compile(r"[\s\-()（）+.]")
# Masked behind the seventh digit (1380057****), a number still tells its home.
_MOBILE = re.compile(r"^(?:00)?(?:86)?(1[3-9]\d{5})[\d*xX]{4}$")
_LANDLINE = re.compile(r"^(?:00)?(?:86)?0?(10|2\d|[3-9]\d{2})\d{7,8}$")


def home_prefix(written: str) -> str | None:
    """The digits that decide a number's home: seven of a mobile, the area code of a landline.

    Of several numbers the first that has any counts. None where there is no such number.

    >>> home_prefix("+86 138-0057-1234"), home_prefix("(0571) 8888 8888"), home_prefix("12345")
    ('1380057', '0571', None)
    """
    for piece in _BETWEEN.split(written):
        digits = _ASIDE.sub("", piece)
        if mobile := _MOBILE.match(digits):
            return mobile.group(1)
        if digits.startswith(("0", "86")) and (landline := _LANDLINE.match(digits)):
            return f"0{landline.group(1)}"
    return None
