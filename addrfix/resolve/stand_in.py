"""Texts that stand in for an address or for a name in it: 不详, asdfgh, 某小区, XX路."""

from __future__ import annotations

import string
from functools import cache

from addrfix.knowledge import words
from addrfix.patterns import pattern, word_class
from addrfix.text.marks import SEPARATORS

# A text that is longer says something.
_LONGEST = 24
_SHORTEST_RUN = 3
_TO_BARE = str.maketrans("", "", "".join(SEPARATORS))


def bare(text: str) -> str:
    """A text without blanks and separators, in lower case.

    >>> bare("N/A "), bare("(云台路) 3-2")
    ('na', '云台路32')
    """
    return _joined(text).lower()


def _joined(text: str) -> str:
    return "".join(text.split()).translate(_TO_BARE)


@cache
def _stand_ins() -> dict[str, str]:
    return {bare(row["text"]): row["refers_to"] for row in words("placeholders")}


@cache
def _openers() -> frozenset[str]:
    """What a stand-in may begin with, unless it repeats one character; few names do."""
    chinese = {text[0] for text in _stand_ins()} | set(word_class("form_word"))
    return frozenset(chinese | SEPARATORS | set(string.printable))


def stands_in(text: str) -> str | None:
    """What a text that only stands in for an address refers to, "" for nothing; None: it does not.

    Args:
        text: folded, in simplified script.

    >>> stands_in("不 详"), stands_in("老家"), stands_in("测试12"), stands_in("云台路3号")
    ('', 'hometown', '', None)
    """
    if len(text) > _LONGEST or (text[1:] and text[0] not in _openers() and text[0] != text[1]):
        return None
    written = _joined(text)
    found = written.lower()
    known = _stand_ins().get(found)
    if known is not None:
        return known
    if pattern("addressless").match(written) or _is_keyboard_run(found):
        return ""
    return _stand_ins().get(found.rstrip("0123456789"))


def says_nothing(text: str) -> bool:
    """Whether a text is digits, a letter or words of structure, and none that is known to stand in.

    >>> says_nothing("街道"), says_nothing("1"), says_nothing("无")
    (True, True, False)
    """
    written = _joined(text)
    return written.lower() not in _stand_ins() and bool(pattern("addressless").match(written))


def _is_keyboard_run(text: str) -> bool:
    """Whether somebody ran a finger over the keys, or held one: asdfgh, aaaa."""
    if len(text) < _SHORTEST_RUN:
        return False
    return len(set(text)) == 1 or any(text in row for row in word_class("keyboard_row"))


def may_be_unnamed(key: str) -> bool:
    """Whether a text has a character that stands for a name; few have."""
    return pattern("unnamed_sign").search(key) is not None


def is_unnamed(text: str) -> bool:
    """Whether a piece of an address has such a character where a name or number should be.

    >>> is_unnamed("某小区"), is_unnamed("XX路"), is_unnamed("XL公寓")
    (True, True, False)
    """
    return pattern("unnamed").search(text) is not None


def is_somebody(text: str) -> bool:
    """Whether such a character stands for the name of a person: 刘某某, 刘XX."""
    return pattern("somebody").search(text) is not None
