"""Numbers as people write them in addresses, brought to one form for comparison."""

from __future__ import annotations

import re
from functools import lru_cache

_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_DIGIT |= {c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
_UNIT = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_WRITTEN = "零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
# 十 alone is ten; 百 and 千 alone belong to words (百货, 千禧), so they need a digit before them.
_LARGE = "(?:百(?!货)|[千佰仟])"
_CHINESE = re.compile(f"(?:[{_WRITTEN}]+{_LARGE}?|[十拾])(?:[{_WRITTEN}十拾]|{_LARGE})*")
_PIECES = re.compile(r"[A-Za-z]+|\d+|[东西南北中甲乙丙丁]")


def chinese_number(written: str) -> int:
    """The value of a Chinese numeral, by place value (十二) or digit by digit (五〇二).

    >>> chinese_number("十二"), chinese_number("五〇二"), chinese_number("一百零三")
    (12, 502, 103)
    """
    if not any(character in _UNIT for character in written):
        return int("".join(str(_DIGIT[character]) for character in written))
    total = digit = 0
    for character in written:
        if character in _UNIT:
            total += (digit or 1) * _UNIT[character]
            digit = 0
        else:
            digit = _DIGIT[character]
    return total + digit


def arabic(text: str) -> str:
    """The text with its Chinese numerals written in digits.

    >>> arabic("三单元五〇二室"), arabic("第一百货")
    ('3单元502室', '第1百货')
    """
    return _CHINESE.sub(_as_digits, text)


def _as_digits(found: re.Match[str]) -> str:
    return str(chinese_number(found.group()))


@lru_cache(maxsize=65_536)
def number_key(text: str | None) -> str | None:
    """What tells one numbered thing from another: 第3号楼, 三幢 and 3# are all "3".

    None where the text has no number or letter.

    >>> number_key("B座"), number_key("03栋"), number_key("238-2号")
    ('B', '3', '238-2')
    """
    if text is None:
        return None
    pieces = [
        piece.lstrip("0") or "0" if piece.isdigit() else piece.upper()
        for piece in _PIECES.findall(arabic(text))
    ]
    return "-".join(pieces) or None
