"""What only the division names beside it tell: the country, filler levels, persons, sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from addrfix.model.nouns import Hit, Trait
from addrfix.model.terms import ElementKind
from addrfix.patterns import pattern, word_class
from addrfix.reading.asides.canvas import Canvas
from addrfix.reading.asides.certain import country_end
from addrfix.reading.asides.names import has_given_name, is_plain_name
from addrfix.reading.asides.persons import take_persons
from addrfix.reading.asides.repeats import take_repeats
from addrfix.text.marks import SEPARATORS, TAKEN_OUT

_SENTENCES = re.compile(r"[^,;。；!?" + TAKEN_OUT + "]+")
_CHAT_MARKS = "~.。!" + TAKEN_OUT
_SHORTEST_SENTENCE = 4
_FEW_DIGITS = re.compile(r"\(?\d{1,2}\)?")


@cache
def _filler_openers() -> frozenset[str]:
    words = (
        *word_class("filler_sure"), *word_class("filler_other"), *word_class("filler_ring"),
        *word_class("filler_rank"),
    )  # fmt: skip
    return frozenset("(" + "".join(word[0] for word in words))


def take_beside_names(canvas: Canvas, hits: list[Hit]) -> list[Hit]:
    """Take out what the names of divisions give away.

    Args:
        canvas: the text, rid of what is certain.
        hits: every name of a division found in it.

    Returns:
        The names that no element which was taken out touches.
    """
    before = len(canvas.taken)
    take_persons(canvas, hits)
    if len(canvas.taken) > before:
        hits = _untouched(canvas, hits)
    if hits:
        before = len(canvas.taken)
        first = next((h for h in hits if h.traits & Trait.COUNTY), hits[0])
        if canvas.skip(0) < first.start:
            _before_names(canvas, first, hits)
        _fillers(canvas, hits)
        if len(canvas.taken) > before:
            hits = _untouched(canvas, hits)
        before = len(canvas.taken)
        take_repeats(canvas, hits)
        _sentences_behind(canvas, hits)
        if (ended := _chat_end(canvas.key)) is not None:
            canvas.take(*ended, ElementKind.SENTENCE)
        if len(canvas.taken) > before:
            hits = _untouched(canvas, hits)
    return hits


def _untouched(canvas: Canvas, hits: list[Hit]) -> list[Hit]:
    key = canvas.key
    return [hit for hit in hits if TAKEN_OUT not in key[hit.start : hit.end]]


def _before_names(canvas: Canvas, first: Hit, hits: Sequence[Hit]) -> None:
    """What stands before the first division: the country, 寄到, a number, a person, a sentence."""
    start = canvas.skip(0)
    key = canvas.key
    if (end := country_end(canvas, start)) is not None:
        behind = canvas.skip(end)
        zone = key[behind - 1] == "(" and pattern("free_trade_zone").match(key, start) is not None
        if not zone and any(h.start == behind and h.traits & Trait.COUNTY for h in hits):
            canvas.take(start, end, ElementKind.COUNTRY)
            return
    prefix = key[start : first.start]
    if _FEW_DIGITS.fullmatch(prefix):
        canvas.take(start, first.start, ElementKind.LIST_NUMBER)
        return
    if _is_intro(prefix, first):
        canvas.take(start, first.start, ElementKind.LABEL)
        return
    if any(character.isdigit() for character in prefix):
        return
    for found in _SENTENCES.finditer(prefix):
        _piece_before(canvas, start + found.start(), start + found.end(), first, hits)


def _piece_before(canvas: Canvas, begin: int, end: int, first: Hit, hits: Sequence[Hit]) -> None:
    """One clause before the first division."""
    piece = canvas.key[begin:end]
    in_full = first.traits & Trait.OFFICIAL_COUNTY
    if piece.strip(":,. ") and _is_intro(piece, first):
        canvas.take(begin, end, ElementKind.LABEL)
    elif (
        (len(piece) >= _SHORTEST_SENTENCE or end < first.start)
        and pattern("sentence").search(piece)
        and not pattern("ends_place").search(piece)
    ):
        canvas.take(begin, end, ElementKind.SENTENCE)
    elif in_full and _is_name_before(piece) and not any(hit.start == begin for hit in hits):
        canvas.take(begin, end, ElementKind.PERSON)
        canvas.recipient = canvas.recipient or piece.strip(":")
    elif (
        end == first.start
        and any(form.level == 1 and form.kind == "official" for form in first.forms)
        and len(piece) <= 6
        and not pattern("ends_place").search(piece)
        and end not in canvas.gaps
    ):
        # Nobody writes a place right before a province in full.
        canvas.take(begin, end, ElementKind.UNREAD)


def _is_name_before(piece: str) -> bool:
    """Whether a piece names a person; a colon behind it says so too."""
    name = piece.strip(":")
    return is_plain_name(name) or (name != piece and has_given_name(name))


def _is_intro(prefix: str, first: Hit) -> bool:
    """Whether a piece leads up to the address (寄到); one character needs a full name behind."""
    bare = prefix.strip("".join(SEPARATORS))
    if len(bare) == 1 and not first.traits & Trait.OFFICIAL_COUNTY:
        return False
    return bool(bare) and pattern("intro").match(bare) is not None


def _fillers(canvas: Canvas, hits: Sequence[Hit]) -> None:
    """Levels that are none: 市辖区, 其他区, 县 between 重庆市 and 忠县."""
    key, openers = canvas.key, _filler_openers()
    size = len(key)
    for hit in hits:
        end, traits = hit.end, hit.traits
        if end >= size or not traits & Trait.COUNTY:
            continue
        behind = key[end]
        if behind in SEPARATORS and behind != "(":
            end = canvas.skip(end)
            behind = key[end : end + 1]
        # 徐州 is followed by its own 市.
        if behind in openers and behind and (traits & Trait.FULL or behind not in _ranks()):
            _filler_behind(canvas, hit, end, hits)
            key = canvas.key


@cache
def _ranks() -> frozenset[str]:
    return frozenset(word_class("region_end"))


def _is_county(hit: Hit) -> bool:
    """Whether a name in full is that of a county."""
    return bool(hit.traits & Trait.FULL) and any(form.level == 3 for form in hit.forms)


def _filler_behind(canvas: Canvas, hit: Hit, end: int, hits: Sequence[Hit]) -> None:
    """Take the level out that begins at `end`, behind a division, and is none."""
    # Of names that begin at one place the longest comes first.
    starts = {other.start: other for other in reversed(hits)}
    county = _is_county(hit)
    if not county and end in starts and starts[end].traits & Trait.OFFICIAL_COUNTY:
        return
    stop = _level_end(canvas, end, county)
    if stop is None:
        other = _other_end(canvas, end)
        if other is not None:
            urban = canvas.key[hit.end - 1] in word_class("urban_end")
            stop = other.end if county and urban and other.sure else None
        elif end == hit.end and hit.traits & Trait.OFFICIAL_CITY:
            stop = _rank_end(canvas, end, starts)
    if stop is not None:
        canvas.take(end, stop, ElementKind.FILLER_LEVEL)


def _level_end(canvas: Canvas, start: int, county: bool) -> int | None:
    """Where a level ends that is none anywhere, 市辖区 or (市辖区); rings behind a county."""
    key = canvas.key
    if (found := pattern("filler_level").match(key, start)) is not None:
        return found.end()
    if key[start] == "(":
        found = pattern("filler_level").match(key, start + 1)
        if found is not None and key.startswith(")", found.end()):
            return found.end() + 1
    ring = pattern("filler_ring").match(key, start) if county else None
    return None if ring is None else ring.end()


class _Other(NamedTuple):
    """A word for some other level: 其他, 城区, 无."""

    end: int
    sure: bool
    """Whether it is long enough, or stands alone, to be nothing else."""


def _other_end(canvas: Canvas, start: int) -> _Other | None:
    key = canvas.key
    for word in word_class("filler_other"):
        if key.startswith(word, start):
            end = start + len(word)
            behind = canvas.skip(end)
            wholly = behind >= len(key) or key[behind - 1] in SEPARATORS
            return _Other(end, len(word) > 1 or wholly)
    return None


def _rank_end(canvas: Canvas, start: int, starts: Mapping[int, Hit]) -> int | None:
    """The end of a rank without a name between a city and its county: 重庆市|县|忠县."""
    if canvas.key[start] not in word_class("filler_rank"):
        return None
    more = starts.get(start + 1)
    return start + 1 if more is not None and more.traits & Trait.OFFICIAL_COUNTY else None


@cache
def _chat_ends() -> frozenset[str]:
    return frozenset(word[-1] for word in word_class("chat_end"))


def _chat_end(key: str) -> tuple[int, int] | None:
    """Where the word stands that ends a sentence round an address: 在云台路8号|这里."""
    if key[-1:] not in _chat_ends() and key.rstrip(_CHAT_MARKS)[-1:] not in _chat_ends():
        return None
    found = pattern("chat_end").search(key)
    return None if found is None else found.span()


def _sentences_behind(canvas: Canvas, hits: Sequence[Hit]) -> None:
    """Clauses behind the address that are sentences: 。后面的文字用来看断句."""
    key = canvas.key
    if "。" not in key and "," not in key:
        return
    last = max(hit.end for hit in hits)
    begun = key.find("。", last)
    comma = key.find(",", last)
    if begun < 0 and comma < 0:
        return
    begun = min(position for position in (begun, comma) if position >= 0)
    for found in _SENTENCES.finditer(key, begun):
        piece = found.group()
        said = pattern("sentence").search(piece)
        if (
            said
            and not pattern("door_before").search(piece)
            and not pattern("address_in").search(piece)
        ):
            canvas.take(*found.span(), ElementKind.SENTENCE)
