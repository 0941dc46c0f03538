"""Parts of a form that nobody filled in: 栋 单元 室, 3栋室(号), 号楼 单元 号, （ ）室."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from addrfix.model.terms import ElementKind
from addrfix.patterns import pattern, word_class
from addrfix.reading.asides.canvas import Canvas
from addrfix.text.marks import TAKEN_OUT

# A number behind the word of a building is a room, and needs no word of its own.
_ROOM = re.compile(r"[^\W\d]\d{1,2}-\d+-\d+$|\d-\d{3,}$")


@cache
def _units() -> frozenset[str]:
    return frozenset(word_class("unit_word"))


@cache
def _unit_ends() -> frozenset[str]:
    return frozenset(word[-1] for word in word_class("unit_word"))


@cache
def _unit_openers() -> frozenset[str]:
    return frozenset(word[0] for word in word_class("unit_word"))


def take_empty_parts(canvas: Canvas) -> None:
    """Take out words of doors that have no number."""
    key = canvas.key
    gaps = canvas.gaps
    ends = _unit_ends()
    bare = key.rstrip(TAKEN_OUT + " ,.;()")
    last = bare[-1:] in ends
    twice = last and len(bare) > 1 and (bare[-2] in ends or bare[-2] in "() ,_/")
    apart = last and ("(" in key or len(bare) in gaps or len(bare) - 1 in gaps)
    inside = any(gap < len(key) and key[gap] in _unit_openers() for gap in gaps)
    if twice or apart or inside or "()" in key:
        _runs(canvas)


def _runs(canvas: Canvas) -> None:
    """Every run of such words: the first one may belong to the number before it."""
    for run in pattern("empty_parts").finditer(canvas.key):
        start, end = run.span()
        first = start
        while first < end and canvas.key[first] in " ,/_":
            first += 1
        if first == end:
            continue
        begin = _own_word(canvas, first, end)
        if begin is None or begin >= end:
            continue
        canvas.take(begin, end, ElementKind.EMPTY_PART)


class _Run(NamedTuple):
    """A run of such words, with what stands around it."""

    start: int
    end: int
    own: int
    """Where its first word ends."""
    words: int
    apart: bool
    """Whether it does not touch what stands before it."""
    last: bool
    """Whether a clause ends with it."""


def _own_word(canvas: Canvas, start: int, end: int) -> int | None:
    """Where the words without a number begin in a run; None where each has its meaning."""
    key = canvas.key
    before = key[start - 1 : start]
    if before == ")" and not key.startswith("()", start - 2):
        return None
    apart = start in canvas.gaps or before in ("", " ", ",", "/", "_", TAKEN_OUT)
    last = end == len(key) or key[end] in ",;" + TAKEN_OUT
    own, words = _after_one(canvas, start, end), _count(canvas, start, end)
    run = _Run(start, end, own, words, apart, last)
    if before.isalnum() and (before.isascii() or before in word_class("numeral")):
        return _behind_number(canvas, run)
    if apart:
        return start if last or (words > 1 and not key[end].isdigit()) else None
    inside = any(start < gap < end for gap in canvas.gaps)
    return start if _is_form(run, inside or not key[start:end].isalpha()) else None


def _behind_number(canvas: Canvas, run: _Run) -> int | None:
    """The same of a run behind a number, which may be a room's and need no word."""
    key, own = canvas.key, run.own
    first, before = key[run.start : own], key[: run.start]
    may_be_room = run.apart or first not in word_class("room_word")
    if may_be_room and (_ROOM.search(before) or pattern("room_before").search(before)):
        # 2304 房 is one number, typed with a blank; 2304 栋 单元 室 is a form behind a room.
        spaced = run.words == 1 and first in word_class("door_word")
        return run.start if run.last and not spaced else None
    # 3栋|室(号): the first word is that of the number.
    inside = any(own <= gap < run.end for gap in canvas.gaps)
    return own if _is_form(run, inside or not key[own : run.end].isalpha()) else None


def _is_form(run: _Run, loose: bool) -> bool:
    """Whether a run that touches a word or a number is a form all the same.

    Args:
        run: the run.
        loose: whether a blank, a mark or a bracket stands inside it.
    """
    return run.last and (run.words > 2 or (run.words > 1 and loose))


def _after_one(canvas: Canvas, start: int, end: int) -> int:
    """The end of the longest word that begins at `start`."""
    for length in range(min(4, end - start), 0, -1):
        split = any(start + cut in canvas.gaps for cut in range(1, length))
        if not split and canvas.key[start : start + length] in _units():
            return start + length
    return start + 1


def _count(canvas: Canvas, start: int, end: int) -> int:
    """How many words a run has, brackets counted as one."""
    count = 0
    key = canvas.key
    while start < end:
        if key[start] in "() ,/_":
            count += key[start] == "("
            start += 1
            continue
        start = _after_one(canvas, start, end)
        count += 1
    return count
