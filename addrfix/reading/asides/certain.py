"""What is certain from its form: taken out before division names are looked for."""

from __future__ import annotations

from functools import cache

from addrfix.model.terms import ElementKind
from addrfix.patterns import pattern, word_class
from addrfix.reading.asides.canvas import Canvas
from addrfix.reading.asides.digits import take_codes_as_written, take_numbers, take_said_phones
from addrfix.reading.asides.empty_parts import take_empty_parts
from addrfix.reading.asides.labels import take_intro, take_labels
from addrfix.reading.asides.notes import take_notes
from addrfix.text.marks import SEPARATORS


@cache
def _list_openers() -> frozenset[str]:
    """First characters of what may number an entry of a list."""
    words = (*word_class("list_order"), *word_class("numeral"), *word_class("circled"))
    return frozenset("0123456789(Nn").union(*words)


@cache
def _country_openers() -> frozenset[str]:
    return frozenset("PC" + "".join(word[0] for word in word_class("country")))


def take_certain(canvas: Canvas, raw: str) -> None:
    """Take out what its form alone gives away.

    Args:
        canvas: the text.
        raw: the text before folding, whose circled numbers tell where a list is.
    """
    if "\u3010" in raw or "\uff3b" in raw:
        take_codes_as_written(canvas, raw)
    take_numbers(canvas)
    _at_the_beginning(canvas, raw)
    phones = take_labels(canvas)
    if phones:
        take_said_phones(canvas, phones)
    if canvas.taken:
        _at_the_beginning(canvas, "")
    take_notes(canvas)
    take_empty_parts(canvas)
    if "n" in canvas.key or "N" in canvas.key:
        for found in pattern("empty_cell").finditer(canvas.key):
            canvas.take(*found.span(), ElementKind.FILLER_LEVEL)


def _at_the_beginning(canvas: Canvas, raw: str) -> None:
    """Numbers of lists, the country where it stands apart, and 现住 and the like."""
    start = canvas.skip(0)
    key = canvas.key
    if start == len(key):
        return
    if key[start] in "0123456789" and raw.lstrip()[:1] in word_class("circled_first"):
        canvas.take(start, start + 1, ElementKind.LIST_NUMBER)
    opener = start - 1 if start and key[start - 1] == "(" else start
    if key[opener] in _list_openers():
        found = pattern("list_start").match(key, opener)
        if found is not None and found.end() < len(key):
            canvas.take(opener, found.end(), ElementKind.LIST_NUMBER)
    _country_apart(canvas, canvas.skip(0))
    if canvas.skip(0) < len(key):
        take_intro(canvas)


def _country_apart(canvas: Canvas, start: int) -> None:
    """The country where a mark or a blank stands behind it; 中国(云台)自由贸易试验区 is a zone."""
    key = canvas.key
    end = country_end(canvas, start) if start < len(key) else None
    if end is None or end == len(key) or key[end] == "(":
        return
    if key[end] in SEPARATORS or end in canvas.gaps:
        canvas.take(start, end, ElementKind.COUNTRY)


def country_end(canvas: Canvas, start: int) -> int | None:
    """Where the country ends that begins at `start`; None where it does not."""
    if canvas.key[start] not in _country_openers():
        return None
    found = pattern("country").match(canvas.key, start)
    return None if found is None else found.end()
