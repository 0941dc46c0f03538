"""May a letter go there: blocked, undeliverable, ambiguous, missing detail or deliverable."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from addrfix.knowledge import words
from addrfix.model.nouns import ParsedAddress, ResolvedAddress, Span
from addrfix.model.protocols import DivisionIndex
from addrfix.model.terms import Granularity, Level, Verdict
from addrfix.patterns import compiled
from addrfix.resolve.collection_point import REASON, collection_point
from addrfix.resolve.destination import missing, said_for_an_address, stand_in_reason
from addrfix.resolve.stand_in import stands_in

# One asterisk before a room's number divides (3*502, 3*2*502), one that opens a text adorns it.
_MASK = re.compile(r"\*\*|(?<=[^0-9A-Za-z])\*|(?<=.)\*(?!(?:[0-9A-Za-z]{1,2}\*)?\d{3,4}(?!\d))")


@cache
def _blocked() -> tuple[tuple[re.Pattern[str], frozenset[str], str], ...]:
    """Patterns in order, characters one of which stands in what each finds, and its reason.

    No characters: the pattern is tried on every text.
    """
    return tuple(
        (compiled(row["pattern"]), frozenset(row["needs"]), row["reason"])
        for row in words("blocked")
    )


@cache
def _blocked_signs() -> re.Pattern[str]:
    """Finds something in every text that one of the patterns may find something in."""
    if not all(needs for _, needs, _ in _blocked()):
        return re.compile("")
    signs = sorted({sign for _, needs, _ in _blocked() for sign in needs})
    return re.compile("[" + "".join(map(re.escape, signs)) + "]")


@cache
def _endings(kind: str) -> tuple[str, ...]:
    return tuple(r["ending"] for r in words("place_endings") if r["kind"] == kind)


def blocked_reason(key: str, spans: Sequence[Span] = ()) -> str | None:
    """Why no letter may go to an address, as a reason code; None where nothing forbids it.

    Args:
        key: the folded text.
        spans: its elements, which tell whether it ends at a collection point.

    >>> blocked_reason("衢州市监狱12监区")
    'prison'
    """
    if _blocked_signs().search(key):
        for pattern, needs, reason in _blocked():
            if not (needs and needs.isdisjoint(key)) and pattern.search(key):
                return reason
    return REASON if collection_point(key, spans) else None


def blocked_words(key: str, reasons: Iterable[str]) -> str | None:
    """The row behind a reason code of `blocked_reason`, and the words that it found.

    Args:
        key: the folded text.
        reasons: codes that reading the text gave.

    >>> blocked_words("衢州市监狱12监区", ["prison"])
    'blocked.tsv:prison 监狱'
    """
    wanted = frozenset(reasons)
    for pattern, _, reason in _blocked():
        if reason in wanted and (found := pattern.search(key)):
            return f"blocked.tsv:{reason} {found.group()}"
    if REASON in wanted:
        point = collection_point(key)
        return f"collection_points.tsv:{REASON} {point.group() if point else ''}".rstrip()
    return None


def is_masked(text: str) -> bool:
    """Whether asterisks hide part of a text.

    >>> is_masked("云台苑3栋***室"), is_masked("云台苑3*502")
    (True, False)
    """
    return "*" in text and _MASK.search(text) is not None


def judge(
    place: ResolvedAddress, address: ParsedAddress, division: int, index: DivisionIndex
) -> None:
    """Set the verdict and the reasons for it; names, columns and granularity are already set.

    Args:
        place: what becomes of the address.
        address: its text and elements.
        division: id of the deepest division known, negative for none.
        index: the tree above and below it.
    """
    place.verdict, reasons = _judged(place, address)
    if _district_open(place, division, index):
        place.issues.append("district_unknown")
    place.issues.extend(reason for reason in reasons if reason not in place.issues)


def _judged(place: ResolvedAddress, address: ParsedAddress) -> tuple[Verdict, tuple[str, ...]]:
    reason = blocked_reason(address.key, address.spans)
    if reason is not None:
        return Verdict.BLOCKED, (reason,)
    if place.province is None and (refers_to := _refers_to(address)) is not None:
        return Verdict.UNDELIVERABLE, (stand_in_reason(refers_to),)
    if "ambiguous_division" in place.issues:
        return Verdict.AMBIGUOUS, ()
    if place.province is None:
        named = place.granularity != Granularity.NONE
        return (Verdict.AMBIGUOUS if named else Verdict.UNDELIVERABLE), ("no_division",)
    lacks = missing(place, address)
    if lacks is None and place.city is not None and "masked_text" not in place.issues:
        return Verdict.DELIVERABLE, ("missing_building",) if _is_bare_estate(place) else ()
    open_city = ("missing_city",) if place.city is None else ()
    return Verdict.MISSING_DETAIL, open_city if lacks is None else (*open_city, lacks)


def _refers_to(address: ParsedAddress) -> str | None:
    """What a text that names no division and is no address points at; None: it may be one."""
    said = said_for_an_address(address)
    refers_to = stands_in(said) if said else None
    return stands_in(address.key) if refers_to is None else refers_to


def _district_open(place: ResolvedAddress, division: int, index: DivisionIndex) -> bool:
    """Whether the city is known and which of its districts is meant is not.

    东莞, 中山, 儋州 and 嘉峪关 have none, so there nothing is open.
    """
    if place.city is None or place.district is not None or place.town is not None:
        return False
    return any(level == Level.DISTRICT for _, _, level, _ in index.children(division))


def _is_bare_estate(place: ResolvedAddress) -> bool:
    """Whether a compound is named and nothing in it."""
    if place.room or place.building or place.road_number or place.unit or place.subpoi:
        return False
    poi = place.poi
    if poi is None or not poi.endswith(_endings("estate")):
        return False
    return not poi.endswith(_endings("office"))
