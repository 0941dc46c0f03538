"""What reads as a person's name, by its own characters."""

from __future__ import annotations

import re
from functools import cache

from addrfix.knowledge import words
from addrfix.patterns import word_class

_NAME = re.compile(r"[\u3400-\u9fff·\U00020000-\U0003ffff]{2,4}")


@cache
def surnames() -> frozenset[str]:
    """Surnames of one and two characters."""
    return frozenset(row["surname"] for row in words("surnames"))


@cache
def _given() -> frozenset[str]:
    return frozenset(row["character"] for row in words("given_characters"))


@cache
def _place_endings() -> frozenset[str]:
    return frozenset(word_class("ends_no_name"))


def _are_given(characters: str) -> bool:
    return all(character in _given() for character in characters)


def looks_like_name(piece: str) -> bool:
    """Whether two to four characters read as a person's name: a surname and one or two more.

    >>> looks_like_name("王建国"), looks_like_name("人民路")
    (True, False)
    """
    if not _NAME.fullmatch(piece):
        return False
    # 赵国栋 is a name though 栋 ends buildings.
    if piece[-1] in _place_endings() and not (len(piece) > 2 and _are_given(piece[-2:])):
        return False
    known = surnames()
    if piece[:2] in known:
        return 3 <= len(piece) <= 4
    return piece[0] in known and len(piece) <= 3


def is_plain_name(piece: str) -> bool:
    """Whether a piece reads as a name even where nothing around it says so.

    >>> is_plain_name("王小强"), is_plain_name("金鹰"), is_plain_name("王府井")
    (True, False, False)
    """
    return len(piece) >= 3 and has_given_name(piece)


def has_given_name(piece: str) -> bool:
    """Whether a piece reads as a name and all behind the surname is what given names are made of.

    >>> has_given_name("阮红"), has_given_name("金丰")
    (True, False)
    """
    if not looks_like_name(piece):
        return False
    return _are_given(piece[2:] if piece[:2] in surnames() and len(piece) > 2 else piece[1:])
