"""May a letter go there: blocked, undeliverable, ambiguous, missing detail or deliverable."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from addrfix.knowledge import words
from addrfix.model.nouns import ParsedAddress, ResolvedAddress
from addrfix.model.terms import Granularity, Verdict
from addrfix.text.marks import TAKEN_OUT

_PUNCTUATION = re.compile(rf"[\s{TAKEN_OUT}\-_/\\.,;:|()\[\]+*#~!?'\"，。；：]+")
# One asterisk before a room's number divides (3*502, 3*2*502), one that opens a text adorns it.
_MASK = re.compile(r"\*\*|(?<=[^0-9A-Za-z])\*|(?<=.)\*(?!(?:[0-9A-Za-z]{1,2}\*)?\d{3,4}(?!\d))")
_WORDLESS = re.compile(r"[\d\-_/\\.,;:|()+*#~!?]*|[a-z]{1,4}|.")


@cache
def _blocked() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(row["pattern"]), row["reason"]) for row in words("blocked"))


@cache
def _placeholders() -> dict[str, str]:
    return {row["text"]: row["refers_to"] for row in words("placeholders")}


@cache
def _estates() -> tuple[str, ...]:
    return tuple(r["ending"] for r in words("place_endings") if r["kind"] == "estate")


def blocked_reason(key: str) -> str | None:
    """Why no letter may go to an address, as a reason code; None where nothing forbids it.

    >>> blocked_reason("衢州市监狱12监区")
    'prison'
    """
    for pattern, reason in _blocked():
        if pattern.search(key):
            return reason
    return None


def blocked_words(key: str, reasons: Iterable[str]) -> str | None:
    """The row of `blocked.tsv` behind a reason code, and the words that it found.

    Args:
        key: the folded text.
        reasons: codes that reading the text gave.

    >>> blocked_words("衢州市监狱12监区", ["prison"])
    'blocked.tsv:prison 监狱'
    """
    wanted = frozenset(reasons)
    for pattern, reason in _blocked():
        if reason in wanted:
            found = pattern.search(key)
            return f"blocked.tsv:{reason} {found.group() if found else ''}".rstrip()
    return None


def is_masked(text: str) -> bool:
    """Whether asterisks hide part of a text.

    >>> is_masked("云台苑3栋***室"), is_masked("云台苑3*502")
    (True, False)
    """
    return "*" in text and _MASK.search(text) is not None


def placeholder(key: str) -> tuple[bool, str]:
    """Whether a text only stands in for an address, and what it refers to ("" for nothing)."""
    bare = _PUNCTUATION.sub("", key).lower()
    known = _placeholders().get(bare)
    if known is not None:
        return True, known
    return _WORDLESS.fullmatch(bare) is not None, ""


def judge(place: ResolvedAddress, address: ParsedAddress) -> None:
    """Set the verdict and the reasons for it; names, columns and granularity are already set."""
    reason = blocked_reason(address.key)
    stands_in, refers_to = placeholder(address.key)
    if reason is not None:
        place.verdict = Verdict.BLOCKED
        place.issues.append(reason)
    elif stands_in:
        place.verdict = Verdict.UNDELIVERABLE
        place.issues.append(f"refers_to_{refers_to}" if refers_to else "placeholder")
    elif "ambiguous_division" in place.issues:
        place.verdict = Verdict.AMBIGUOUS
    elif place.province is None:
        named = place.granularity != Granularity.NONE
        place.verdict = Verdict.AMBIGUOUS if named else Verdict.UNDELIVERABLE
        place.issues.append("no_division")
    else:
        missing = _missing(place)
        less = missing or "masked_text" in place.issues
        place.verdict = Verdict.MISSING_DETAIL if less else Verdict.DELIVERABLE
        if missing:
            place.issues.append(missing)


def _missing(place: ResolvedAddress) -> str | None:
    """The reason code of what a letter carrier would miss; None where nothing is."""
    if place.city is None or (place.district is None and place.town is None):
        return "missing_street" if place.road is None and place.poi is None else None
    if place.room or place.unit or place.building or place.road_number:
        return None
    if place.poi:
        return "missing_building" if place.poi.endswith(_estates()) and not place.subpoi else None
    if place.road:
        return "missing_road_number"
    if place.village:
        return None if place.group else "missing_group"
    return "missing_street"
