"""Persons named in a text, told apart from places by what stands around them.

王小强 beside a phone, behind 收件人, before 收 or 先生, or apart from a whole address is a person;
马云花园小区, 金华市 and 邱云拔体育馆 are places. A contact person is never the recipient.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from addrfix.model.nouns import Hit, Trait
from addrfix.model.terms import ElementKind
from addrfix.patterns import pattern, word_class
from addrfix.reading.asides.canvas import Canvas
from addrfix.reading.asides.names import has_given_name, is_plain_name, looks_like_name, surnames
from addrfix.text.marks import SEPARATORS, TAKEN_OUT

_HAN = re.compile(r"[\u3400-\u9fff·*\U00020000-\U0003ffff]+")
_SAID = re.compile(r"[\u3400-\u9fff·*A-Za-z\U00020000-\U0003ffff]{1,12}")
_LONGEST_NAME = 4
# A name with 先生 and 收 behind it.
_LONGEST_SAID = 8
# Marks that a person may stand between; - and # stand between numbers.
_APART = frozenset(" ,;:/|()[]*_。")
_PHONE = (ElementKind.PHONE, ElementKind.ID_NO)


class _Said(NamedTuple):
    """A piece read as a person: the name, and how much the piece itself says so."""

    name: str
    telling: bool
    """Whether something but the name says that it is one: 收, 先生, asterisks."""


@cache
def _person_signs() -> frozenset[str]:
    """Last characters of what says that a person stands before it."""
    said = (*word_class("received"), *word_class("honorific"), *word_class("hidden_name"))
    return frozenset(word[-1] for word in said)


@cache
def _units() -> frozenset[str]:
    return frozenset(word_class("unit_word"))


def _without(piece: str, class_name: str) -> tuple[str, bool]:
    """The piece without the longest word of a class that ends it."""
    for word in word_class(class_name):
        if piece.endswith(word) and len(piece) > len(word):
            return piece[: -len(word)], True
    return piece, False


def _read(piece: str) -> _Said | None:
    """The piece as a person; None where it does not read as one."""
    bare, received = _without(piece, "received")
    if received and looks_like_name(bare):
        return _Said(bare, True)
    said = _addressed_as(bare) or _hidden(bare)
    if said is not None:
        return said
    if "*" in bare and 2 <= len(bare) <= _LONGEST_NAME and _HAN.fullmatch(bare):
        first = bare.lstrip("*")
        if bare[0] == "*" or (bare[0] in surnames() and bare.rstrip("*") not in _units()):
            return _Said(bare, True) if first else None
    nicknamed = len(bare) == 2 and bare[0] in word_class("name_before") and bare[1] in surnames()
    return _Said(bare, received) if nicknamed or looks_like_name(bare) else None


def _addressed_as(bare: str) -> _Said | None:
    """王小强先生, 王先生."""
    name, addressed = _without(bare, "honorific")
    if not addressed:
        return None
    if looks_like_name(name):
        return _Said(name, True)
    return _Said(bare, True) if name in surnames() else None


def _hidden(bare: str) -> _Said | None:
    """王某, 王小X: a name kept back in part."""
    stem, hidden = _without(bare, "hidden_name")
    if not hidden or stem in _units():
        return None
    return _Said(bare, True) if stem in surnames() or looks_like_name(stem) else None


def _may_name(canvas: Canvas) -> bool:
    """Whether a person may stand in the text at all: something stands apart, or says so."""
    if canvas.taken or canvas.key[-1:] in _person_signs():
        return True
    return not canvas.whole and (bool(canvas.gaps) or not _APART.isdisjoint(canvas.key))


def take_persons(canvas: Canvas, hits: Sequence[Hit]) -> None:
    """Take persons out, and say whom the text names as the one the address is of."""
    if not _may_name(canvas):
        return
    starts = {hit.start for hit in hits if hit.traits & Trait.COUNTY}
    for end in canvas.asks_recipient:
        _behind_label(canvas, end, starts, recipient=True)
    for end in canvas.asks_contact:
        _behind_label(canvas, end, starts, recipient=False)
    _beside_numbers(canvas, hits, starts)
    if not _person_signs().isdisjoint(canvas.key):
        _addressed(canvas)
    _apart(canvas, hits)


def _take(canvas: Canvas, start: int, end: int, name: str, *, recipient: bool = True) -> None:
    """Take a person out, with the brackets that hold nothing else."""
    key = canvas.key
    if start and key[start - 1] == "(" and key[end : end + 1] == ")":
        start, end = start - 1, end + 1
    canvas.take(start, end, ElementKind.PERSON)
    if recipient and canvas.recipient is None:
        canvas.recipient = name


def _piece_end(canvas: Canvas, start: int) -> int:
    """The end of the piece that begins at `start`; an asterisk may stand in a name."""
    key, end = canvas.key, start
    while end < len(key) and (key[end] not in SEPARATORS or key[end] in "*·"):
        end += 1
        if end in canvas.gaps:
            break
    return end


def _piece_start(canvas: Canvas, end: int) -> int:
    key, start = canvas.key, end
    while start and (key[start - 1] not in SEPARATORS or key[start - 1] in "*·"):
        start -= 1
        if start in canvas.gaps:
            break
    return start


def _behind_label(canvas: Canvas, end: int, starts: set[int], *, recipient: bool) -> None:
    """The name that a label announces; up to the next division where nothing else ends it."""
    start = canvas.skip(end)
    stop = _piece_end(canvas, start)
    for position in range(start + 2, min(stop, start + 6)):
        if position in starts:
            stop = position
            break
    piece = canvas.key[start:stop]
    if _SAID.fullmatch(piece) is None or (len(piece) > 6 and "·" not in piece):
        stop = _name_at(canvas.key, start)
        piece = canvas.key[start:stop]
    if not piece:
        return
    said = _read(piece)
    _take(canvas, start, stop, said.name if said else canvas.text[start:stop], recipient=recipient)
    after = canvas.skip(stop)
    # A contact's relation stands behind the name in brackets.
    closed = canvas.key.find(")", stop) if canvas.key[stop : stop + 1] == "(" else -1
    if closed > 0 and canvas.key[after:closed] in word_class("label_contact"):
        canvas.take(stop, closed + 1, ElementKind.PERSON)


def _name_at(key: str, start: int) -> int:
    """Where a name ends that begins here in longer text; `start` where none does."""
    for length in (3, 2, 4):
        if is_plain_name(key[start : start + length]):
            return start + length
    return start + 2 if looks_like_name(key[start : start + 2]) else start


def _beside_numbers(canvas: Canvas, hits: Sequence[Hit], starts: set[int]) -> None:
    """The piece before or behind a phone or an identity number, where it reads as a name."""
    for element in [e for e in canvas.taken if e.kind in _PHONE]:
        if canvas.has(ElementKind.PERSON):
            return
        stop = canvas.skip_back(element.start)
        start = _piece_start(canvas, stop)
        found = _as_person(canvas, start, stop, hits) or _at_the_end(canvas, start, stop)
        if found is None:
            start = canvas.skip(element.end)
            stop = _piece_end(canvas, start)
            for position in range(start + 2, min(stop, start + 5)):
                if position in starts:
                    stop = position
                    break
            found = _as_person(canvas, start, stop, hits)
        if found is not None:
            _take(canvas, *found)


def _as_person(
    canvas: Canvas, start: int, stop: int, hits: Sequence[Hit]
) -> tuple[int, int, str] | None:
    """A piece beside a phone as a person; also one that a place is called like (南平, 安康)."""
    piece = canvas.key[start:stop]
    if not 2 <= len(piece) <= _LONGEST_SAID:
        return None
    said = _read(piece)
    if said is not None and _is_no_place(canvas, start, stop, hits):
        return start, stop, said.name
    opens = canvas.skip(0) >= start or canvas.skip(stop) >= len(canvas.key)
    named_so = any(hit.start == start and hit.end == stop for hit in hits)
    if opens and named_so and piece[-1] not in word_class("ends_no_name"):
        elsewhere = any(
            hit.traits & Trait.OFFICIAL_CITY and not start <= hit.start < stop for hit in hits
        )
        if elsewhere:
            return start, stop, piece
    return None


def _is_no_place(canvas: Canvas, start: int, stop: int, hits: Sequence[Hit]) -> bool:
    """Whether a piece may be a person though a division is called so: something else is named."""
    inside = [hit for hit in hits if hit.start == start and hit.end == stop]
    return not inside or any(not start <= hit.start < stop for hit in hits)


def _at_the_end(canvas: Canvas, start: int, stop: int) -> tuple[int, int, str] | None:
    """A name glued to the end of an address: …502王小强, …云台小区王小强."""
    key = canvas.key
    for length in (3, 4, 2):
        begin = stop - length
        if begin <= start:
            continue
        said = _read(key[begin:stop])
        if said is None:
            continue
        if pattern("door_before").search(key, start, begin):
            return begin, stop, said.name
        if length >= 3 and is_plain_name(said.name) and pattern("ends_place").search(key, 0, begin):
            return begin, stop, said.name
    return None


def _addressed(canvas: Canvas) -> None:
    """Persons whom 收, 先生, asterisks and the like give away, apart or behind a door."""
    for start, end in _words(canvas):
        piece = canvas.key[start:end]
        if piece[-1] not in _person_signs():
            continue
        said = _read(piece) if len(piece) <= _LONGEST_SAID else None
        if said is not None and said.telling:
            _take(canvas, start, end, said.name)
        else:
            _behind_door(canvas, start, end)
    _received_alone(canvas)


def _behind_door(canvas: Canvas, start: int, end: int) -> None:
    """A person whom the end of a piece gives away, glued to the door before: …502王小强收."""
    for length in (3, 4, 5, 6, 7, 2):
        begin = end - length
        if begin <= start:
            continue
        said = _read(canvas.key[begin:end])
        if said is None or not said.telling:
            continue
        if pattern("door_before").search(canvas.key, start, begin) is None:
            continue
        # 金丰收 is a shop.
        short = len(said.name) == 2 and canvas.key[end - 1] in word_class("received")
        if not short or has_given_name(said.name):
            _take(canvas, begin, end, said.name)
            return


def _received_alone(canvas: Canvas) -> None:
    """收 that stands apart behind a name: 王小强 收."""
    if not any(word in canvas.key for word in word_class("received")):
        return
    pieces = _words(canvas)
    for (start, end), (after, stop) in pairwise(pieces):
        if canvas.key[after:stop] not in word_class("received"):
            continue
        piece = canvas.key[start:end]
        said = _read(piece)
        if said is not None:
            _take(canvas, start, stop, said.name)
        elif (found := _at_the_end(canvas, start, end)) is not None:
            _take(canvas, found[0], stop, found[2])
    for start, end in pieces:
        if canvas.key[start:end] in word_class("received"):
            canvas.take(start, end, ElementKind.COURIER_NOTE)


def _words(canvas: Canvas) -> list[tuple[int, int]]:
    """The pieces of the text, asterisks within them."""
    found: list[tuple[int, int]] = []
    start = canvas.skip(0)
    while start < len(canvas.key):
        end = _piece_end(canvas, start)
        if end == start:
            start += 1
            continue
        found.append((start, end))
        start = end if end in canvas.gaps else canvas.skip(end)
    return found


def _apart(canvas: Canvas, hits: Sequence[Hit]) -> None:
    """A name that stands apart before the divisions, behind a door, or in brackets."""
    pieces = canvas.pieces()
    if len(pieces) < 2 and TAKEN_OUT not in canvas.key:
        return
    first = min((hit.start for hit in hits if hit.traits & Trait.COUNTY), default=len(canvas.key))
    for start, end in pieces:
        if not 2 <= end - start <= _LONGEST_NAME or canvas.key[start] == TAKEN_OUT:
            continue
        if any(hit.start == start and hit.end >= end for hit in hits):
            continue
        name = _sure_name(canvas, start, end)
        if name is not None and _stands_outside(canvas, start, end, first):
            _take(canvas, start, end, name)


def _sure_name(canvas: Canvas, start: int, end: int) -> str | None:
    """The name that a piece without anything beside it is; beside a phone less is asked of it."""
    piece = canvas.key[start:end]
    said = _read(piece)
    if said is None or not (canvas.opens(start) and canvas.closes(end)):
        return None
    nick = len(piece) == 2 and piece[0] in word_class("name_before")
    helped = canvas.phone is not None and (nick or said.telling)
    return said.name if helped or is_plain_name(said.name) else None


def _stands_outside(canvas: Canvas, start: int, end: int, first: int) -> bool:
    """Whether a piece stands before the divisions, or behind a door at the end or in brackets."""
    key = canvas.key
    if end <= first < len(key) and canvas.skip(0) == start:
        return True
    bracketed = start > 0 and key[start - 1] == "(" and key[end : end + 1] == ")"
    if not bracketed and canvas.skip(end) < len(key):
        return False
    return pattern("door_before").search(key[: canvas.skip_back(start)]) is not None
