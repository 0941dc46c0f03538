"""Notes to the courier: taken out whole, never half of one, and nothing of an address with them."""

from __future__ import annotations

import re
from functools import cache

from addrfix.model.terms import ElementKind
from addrfix.patterns import pattern, word_class
from addrfix.reading.asides.canvas import Canvas
from addrfix.text.marks import TAKEN_OUT

_BRACKETS = re.compile(r"\([^()]*\)")
_CUTS = ",;。；()[]{}|!?/_" + TAKEN_OUT
_DOOR = re.compile(r"\d+(?:-\d+)+|\d{3,}")


@cache
def _signs() -> frozenset[str]:
    """One of these stands in every note; few addresses have any."""
    return frozenset(word_class("note_sign"))


def take_notes(canvas: Canvas) -> None:
    """Take out remarks that are meant for the courier."""
    if "(" in canvas.key:
        for found in pattern("note_in_brackets").finditer(canvas.key):
            canvas.take(*found.span(), ElementKind.COURIER_NOTE)
    if _signs().isdisjoint(canvas.key):
        return
    received = pattern("received_by").search(canvas.key)
    if received is not None:
        canvas.take(*received.span(1), ElementKind.COURIER_NOTE)
    # Of the texts that have such a character few hold a note: one search tells.
    any_note = pattern("note_core").search(canvas.key) is not None
    for bracket in _BRACKETS.finditer(canvas.key):
        inner = bracket.group()[1:-1]
        note = pattern("note_core").search(inner) if any_note else None
        if note is not None and _has_door(inner[: note.start()]):
            # An address stands in the brackets too; its clauses tell which part is the note.
            continue
        if note or pattern("note_soft").match(inner):
            canvas.take(*bracket.span(), ElementKind.COURIER_NOTE)
    follows = False
    for start, end in _clauses(canvas):
        follows = _in_clause(canvas, start, end, follows, any_note)


def _has_door(before: str) -> bool:
    """Whether clauses before a note name a door: 云台小区3栋502室,|放门口."""
    clauses = before.rpartition(",")[0]
    return pattern("address_in").search(clauses) is not None and any(map(str.isdigit, clauses))


def _clauses(canvas: Canvas) -> list[tuple[int, int]]:
    """Pieces between the marks that end a clause, and blanks."""
    found: list[tuple[int, int]] = []
    start = 0
    key = canvas.key
    for position in range(len(key) + 1):
        cut = position == len(key) or key[position] in _CUTS
        if cut or position in canvas.gaps:
            if position > start:
                found.append((start, position))
            start = position + 1 if cut else position
    return found


def _in_clause(canvas: Canvas, start: int, end: int, follows: bool, any_note: bool) -> bool:
    """Take the note of one clause; whether the clause was, or ended with, one.

    Args:
        canvas: the text.
        start: where the clause begins.
        end: where it ends.
        follows: whether the clause before it was a note.
        any_note: whether the text holds what only a note says.
    """
    clause = canvas.key[start:end]
    if (
        follows
        and pattern("note_goes_on").match(clause)
        and not pattern("address_in").search(clause)
    ):
        canvas.take(start, end, ElementKind.COURIER_NOTE)
        return True
    found = pattern("note_core").search(canvas.key, start, end) if any_note else None
    if found is None:
        soft = pattern("note_soft").match(clause) and not pattern("address_in").search(clause)
        if soft:
            canvas.take(start, end, ElementKind.COURIER_NOTE)
        return bool(soft)
    if start < found.start() and found.end() < end and _is_part(canvas, found.start(), start):
        return False
    stop = end
    rest = canvas.key[found.end() : end]
    if pattern("address_in").search(rest) or _DOOR.search(rest):
        stop = found.end()
    begin = found.start()
    before = canvas.key[start:begin]
    if before and pattern("door_before").search(before) is None:
        # 安能快递|电联: what a note may begin with may end a name too.
        begin = found.end(1)
    lead = before and start and canvas.opens(start) and not pattern("address_in").search(before)
    if lead and not any(character.isdigit() for character in before):
        # What leads up to a note in a clause of its own belongs to it: 我家|周末在家.
        begin = start
    canvas.take(begin, stop, ElementKind.COURIER_NOTE)
    return stop == end


def _is_part(canvas: Canvas, position: int, start: int) -> bool:
    """Whether what reads as a note goes on with a name: 云台|打包店."""
    before = canvas.key[start:position]
    return (
        pattern("door_before").search(before) is None
        and pattern("address_in").search(before) is not None
        and pattern("ends_place").search(before) is None
    )


def landmarks(key: str) -> list[tuple[int, int]]:
    """Brackets that name a landmark near a door that is written: (云台小学附近)."""
    return [
        found.span()
        for found in pattern("landmark_note").finditer(key)
        if any(character.isdigit() for character in key[: found.start()])
    ]
