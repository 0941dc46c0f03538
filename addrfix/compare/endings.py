"""Words at the end of a name: what kind of place it is, and what is left without them."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import NamedTuple

from addrfix.knowledge import words
from addrfix.patterns import word_class


class Kind(StrEnum):
    """What a name is the name of."""

    SITE = "site"
    TENANT = "tenant"
    FIRM = "firm"
    INSTITUTION = "institution"
    VILLAGE = "village"
    LANE = "lane"
    BRANCH = "branch"
    OTHER = "other"
    PART = "part"
    GATE = "gate"


class _Endings(NamedTuple):
    kinds: dict[str, Kind]
    """Endings that say only what kind of place it is."""
    plain: frozenset[str]
    """Those of them that tell no two places apart."""
    trades: frozenset[str]
    """Words before 公司 and the like that tell no two firms apart."""
    longest: int


@cache
def _endings() -> _Endings:
    kinds: dict[str, Kind] = {}
    plain: set[str] = set()
    trades: set[str] = set()
    for row in words("compare_kinds"):
        if row["kind"] == "trade":
            trades.add(row["word"])
            continue
        kinds[row["word"]] = Kind.SITE if row["kind"] == "plain" else Kind(row["kind"])
        if row["kind"] == "plain":
            plain.add(row["word"])
    return _Endings(kinds, frozenset(plain), frozenset(trades), max(map(len, kinds)))


def word_at_end(text: str) -> str | None:
    """The longest known word for a kind of place at the end of a name; None where none is known.

    >>> word_at_end("云台花园东门")
    '东门'
    """
    kinds = _endings().kinds
    for length in range(min(_endings().longest, len(text)), 0, -1):
        if text[-length:] in kinds:
            return text[-length:]
    return None


def kind_at_end(text: str) -> Kind | None:
    """The kind that the word at the end of a name tells; None where none is known.

    >>> kind_at_end("云台小学")
    <Kind.INSTITUTION: 'institution'>
    """
    word = word_at_end(text)
    return None if word is None else _endings().kinds[word]


def kind_alone(text: str) -> Kind | None:
    """The kind that a text tells which is no name, only a word for its kind; None for a name."""
    return _endings().kinds.get(text)


def generic(text: str) -> bool:
    """Whether a text only says what kind of place it is."""
    return text in _endings().kinds


def plain(ending: str) -> bool:
    """Whether an ending tells no two places apart: 小区, but not 花园."""
    return not ending or ending in _endings().plain


def endings_part(one: str, other: str) -> bool:
    """Whether two words for a kind tell places apart: 小学 and 中学, not 医院 and 人民医院."""
    return not (plain(one) or plain(other) or one.endswith(other) or other.endswith(one))


def opens_with_kind(rest: str) -> bool:
    """Whether a text opens with a word for its kind: 园小区 of 山西园小区 is no name of its own."""
    return rest[0] in word_class("not_opening_name") or any(
        rest[:length] in _endings().kinds for length in range(2, len(rest))
    )


def bare(text: str, *, trades: bool = False) -> str:
    """Without the words for its kind at the end, as long as two characters stay.

    Args:
        text: a folded name.
        trades: whether what a firm deals in is set aside too, although nothing says it is a firm.
    """
    endings = _endings()
    trading = trades or text.endswith(word_class("trading_end"))
    short = word_class("one_character_kind")
    shortened = True
    while shortened:
        shortened = False
        for length in range(min(endings.longest, len(text) - 2), 0, -1):
            end = text[-length:]
            known = end in endings.kinds or (trades and end in endings.trades)
            if known and (length > 1 or end in short):
                text, shortened = text[:-length], True
                break
        trades = trades or (shortened and trading)
    return text
