"""Money and dates as a letter writes them.

Amounts in words follow the rules for bills of 中国人民银行 (《正确填写票据和结算凭证的基本规定》):
零 once for a gap, 整 after 元 or 角, nothing after 分.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_CENT = Decimal("0.01")
# Above this the words would need a unit that no one reads.
LARGEST = Decimal("9999999999999999.99")


def money(amount: Decimal) -> str:
    """An amount with two places and separators: 1234.5 → 1,234.50."""
    return f"{amount:,.2f}"


def money_words(amount: Decimal) -> str:
    """An amount in capital numerals.

    >>> money_words(Decimal("10205.07"))
    '人民币壹万零贰佰零伍元零柒分'

    Raises:
        ValueError: negative, finer than a cent, or above `LARGEST`.
    """
    if amount < 0 or amount > LARGEST or amount != amount.quantize(_CENT):
        raise ValueError("an amount in words is between 0 and 9,999,999,999,999,999.99, in cents")
    cents = int(amount * 100)
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    words = _whole(yuan) + "元" if yuan else ""
    if jiao:
        words += _DIGITS[jiao] + "角"
    if fen:
        words += ("零" if yuan and not jiao else "") + _DIGITS[fen] + "分"
    else:
        words += "整" if words else "零元整"
    return "人民币" + words


def _whole(number: int) -> str:
    """A whole number in capital numerals, by groups of four digits."""
    groups: list[str] = []
    gap = False
    for index in range(len(_GROUPS) - 1, -1, -1):
        group = number // 10 ** (4 * index) % 10_000
        if not group:
            gap = bool(groups)
            continue
        zero = groups and (gap or group < 1000)
        groups.append(("零" if zero else "") + _four(group) + _group_unit(number, index))
        gap = False
    return "".join(groups)


def _group_unit(number: int, index: int) -> str:
    # 万亿 is said once: the 亿 belongs to the group below when that one is not empty.
    if index == 3 and number // 10**8 % 10_000:
        return "万"
    return _GROUPS[index]


def _four(group: int) -> str:
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if not digit:
            gap = bool(words)
            continue
        words += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return words


def words_to_money(words: str) -> Decimal:
    """Reads an amount in capital numerals back; the plain oracle of `money_words`.

    Raises:
        ValueError: a character that is not one of the numerals and units.
    """
    text = words.removeprefix("人民币").removesuffix("整")
    total = section = digit = cents = 0
    units = {"拾": 10, "佰": 100, "仟": 1000}
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS.index(char)
        elif char in units:
            section, digit = section + digit * units[char], 0
        elif char == "万":
            total, section, digit = total + (section + digit) * 10_000, 0, 0
        elif char == "亿":
            total, section, digit = (total + section + digit) * 10**8, 0, 0
        elif char == "元":
            total, section, digit = total + section + digit, 0, 0
        elif char in "角分":
            cents, digit = cents + digit * (10 if char == "角" else 1), 0
        else:
            raise ValueError(f"{char!r} is not part of an amount in words")
    return Decimal(total) + Decimal(cents) / 100


def chinese_date(day: date) -> str:
    """A date as a letter writes it: 2026年1月5日."""
    return f"{day.year}年{day.month}月{day.day}日"
