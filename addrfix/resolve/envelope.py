"""The one line for the envelope: divisions in force, each once, then the rest as written."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from addrfix.model.nouns import ParsedAddress, ResolvedAddress
from addrfix.model.terms import ElementKind, SpanLabel
from addrfix.text.marks import TAKEN_OUT

_LEVEL = {"prov": "province", "city": "city", "district": "district", "town": "town"}
_ADDRESS = frozenset(label.value for label in SpanLabel)
_OPENERS = {")": "(", "]": "[", "}": "{", ">": "<", "\u201d": "\u201c"}
_EDGES = " ,.;:，。；：、_|·-"
# Blanks behind a separator are left over from text in Latin letters only, where one stays.
_REPEATED = re.compile(r"([,;:，；：、_|·-])[ ,;:，；：、_|·]*?( ?)(?![ ,;:，；：、_|·])")
_EMPTY_BRACKETS = re.compile(r"\([ ,.;:，。；：、_|-]*\)")
# A piece among the divisions that resembles one of them this much (0–100) is a misspelt copy of it.
_COPY = 50.0


def tidy(text: str) -> str:
    """Text without fillers, empty or unmatched brackets, and doubled separators.

    >>> tidy("云台路3号,,3楼(")
    '云台路3号,3楼'
    """
    text = text.replace(TAKEN_OUT, "")
    if "(" in text or ")" in text:
        text = _matched(_EMPTY_BRACKETS.sub("", text))
    return _REPEATED.sub(r"\1\2", text).strip(_EDGES)


def _matched(text: str) -> str:
    """Text without brackets that nothing opens or closes."""
    opened: list[int] = []
    drop: set[int] = set()
    for position, character in enumerate(text):
        if character == "(":
            opened.append(position)
        elif character == ")":
            if opened:
                opened.pop()
            else:
                drop.add(position)
    drop.update(opened)
    return "".join([c for position, c in enumerate(text) if position not in drop])


def standardized(place: ResolvedAddress, address: ParsedAddress) -> str | None:
    """The line for the envelope; None where nothing is left to print.

    A division that could not be resolved stays as it was written (an unknown town still helps the
    carrier); one that was outvoted or repaired does not appear a second time.
    """
    names = [name for name in (place.province, place.city, place.district, place.town) if name]
    line = "".join(dict.fromkeys(names))
    return line + _rest(place, address, names) or None


def _rest(place: ResolvedAddress, address: ParsedAddress, names: list[str]) -> str:
    """Address elements below the divisions as written, and the marks between them."""
    written = address.written
    last = max((span.end for span in address.spans if span.label in _LEVEL), default=0)
    pieces: list[tuple[int, int, str]] = [*address.spans]
    if address.beside:
        pieces = sorted((*address.spans, *address.beside))
    kept: list[str] = []
    marks = ""
    for start, end, kind in pieces:
        piece = written[start:end]
        if kind == ElementKind.MARK:
            marks += piece
            continue
        level = _LEVEL.get(kind)
        if level is not None:
            keep = getattr(place, level) is None
        else:
            keep = kind in _ADDRESS and (end >= last or not _misspelt_copy(piece, names))
        if keep:
            if marks:
                # A bracket may open what is kept first; other marks stand between two pieces.
                kept.append(marks if kept else marks[marks.find("(") :] if "(" in marks else "")
                marks = ""
            kept.append(piece)
        elif level is not None and not kept:
            marks = ""
    line = "".join(kept)
    return tidy(line + _closing(line, marks) if marks else line)


def _closing(line: str, marks: str) -> str:
    """Of the marks behind the last piece those that close what is open, and what hides a part."""
    closing = marks[: len(marks) - len(marks.lstrip("*"))]
    for mark in marks:
        opener = _OPENERS.get(mark)
        if opener is not None and line.count(opener) > (line + closing).count(mark):
            closing += mark
    return closing


def _misspelt_copy(piece: str, names: list[str]) -> bool:
    """Whether a piece that stands before a division is that division's parent, misspelt."""
    return any(len(piece) <= len(name) + 2 and fuzz.ratio(piece, name) >= _COPY for name in names)
