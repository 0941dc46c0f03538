"""Every character accounted for: what was taken out, the spans, and what lies between them.

The envelope line is made of address elements alone (`resolve/envelope.py`), so whatever nothing
explains must be told apart from what only ties two elements together (1号|至|3号).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from addrfix.model.nouns import Element, ParsedAddress, Span
from addrfix.model.terms import ElementKind, SpanLabel
from addrfix.patterns import word_class
from addrfix.reading.asides.notes import landmarks
from addrfix.text.marks import SEPARATORS, TAKEN_OUT

_DIVISIONS = frozenset((SpanLabel.PROV, SpanLabel.CITY, SpanLabel.DISTRICT, SpanLabel.TOWN))
# A piece between elements that is longer than this ties nothing together.
_LONGEST_TIE = 3
# Copies shorter than this may be meant: 3-3, 东东.
_SHORTEST_COPY = 4
_TYING = frozenset("·-[()")
_UNREAD = "unread_text"
_UNEXPLAINED = frozenset((ElementKind.UNREAD, ElementKind.SENTENCE))


def account(address: ParsedAddress, *, ties: bool = False) -> None:
    """Say of every character between the spans of an address what it is.

    Spans that say again what others said, and landmarks named in brackets beside a door, leave
    `spans` for `copies`: they keep their labels and stand on no line.

    Args:
        address: text, spans and `taken` are set.
        ties: whether every piece between elements ties them together (text in Latin letters).
    """
    if "(" in address.key:
        for start, end in landmarks(address.key):
            inside = [i for i, s in enumerate(address.spans) if start <= s.start and s.end <= end]
            _set_aside(address, inside, [(start, end)], ElementKind.LANDMARK_NOTE)
    if len(address.spans) > 1:
        _mark_copies(address)
    if address.copied or address.taken:
        _label_copies(address)
    beside = _between_spans(address)
    unread = False
    for element in beside:
        if element.kind is ElementKind.UNREAD:
            beside = _tied(address, beside, ties=ties or not address.spans)
            unread = any(element.kind is ElementKind.UNREAD for element in beside)
            break
    if beside:
        address.beside = tuple(beside)
    for element in address.taken:
        unread = unread or element.kind in _UNEXPLAINED
    if unread:
        address.issues.append(_UNREAD)


def _between_spans(address: ParsedAddress) -> list[Element]:
    """What lies between the spans and was not taken out: marks, and pieces not explained yet."""
    found: list[Element] = []
    position = 0
    key = address.key
    for span in address.spans:
        if span.start > position:
            _collect(key, position, span.start, found)
        position = span.end
    if position < len(key):
        _collect(key, position, len(key), found)
    return found


def _collect(key: str, start: int, end: int, found: list[Element]) -> None:
    while start < end:
        if key[start] == TAKEN_OUT:
            start += 1
            continue
        mark = key[start] in SEPARATORS
        stop = start + 1
        while stop < end and (key[stop] in SEPARATORS) is mark and key[stop] != TAKEN_OUT:
            stop += 1
        found.append(Element(start, stop, ElementKind.MARK if mark else ElementKind.UNREAD))
        start = stop


def _tied(address: ParsedAddress, beside: list[Element], *, ties: bool) -> list[Element]:
    """Pieces that belong to an address element beside them become detail."""
    starts = {span.start for span in address.spans}
    ends = {span.end for span in address.spans}
    marks = {e.end: e.start for e in beside if e.kind is ElementKind.MARK}
    out: list[Element] = []
    for element in beside:
        if element.kind is ElementKind.UNREAD:
            start, end, _ = element
            piece = address.key[start:end]
            before = marks.get(start, start)
            # One mark may tie too: 馄饨·汤, A8[幢].
            mark = address.key[before:start]
            hangs = before in ends and (mark in _TYING or mark.strip("*") == "") and bool(mark)
            short = len(piece) <= _LONGEST_TIE and (start in ends or end in starts or hangs)
            numbered = any(character.isalnum() and character.isascii() for character in piece)
            if ties or short or (numbered and len(piece) <= 2 * _LONGEST_TIE):
                element = Element(start, end, ElementKind.DETAIL)
        out.append(element)
    return out


def _set_aside(
    address: ParsedAddress,
    spans: Sequence[int],
    places: Sequence[tuple[int, int]],
    kind: ElementKind,
) -> None:
    """Take spans out of the address; their labels are kept with the copies."""
    gone = frozenset(spans)
    address.copies = (*address.copies, *(address.spans[i] for i in spans))
    address.spans = tuple(span for i, span in enumerate(address.spans) if i not in gone)
    for start, end in places:
        address.taken.append(Element(start, end, kind))
        filler = TAKEN_OUT * (end - start)
        address.text = address.text[:start] + filler + address.text[end:]
        address.key = address.key[:start] + filler + address.key[end:]


def _mark_copies(address: ParsedAddress) -> None:
    """Set aside spans that say again what the ones right before them said."""
    key, spans = address.key, address.spans
    texts = [key[start:end] for start, end, _ in spans]
    if len(set(texts)) == len(texts):
        return
    apart = {
        after.start
        for before, after in pairwise(spans)
        if any(c not in SEPARATORS for c in key[before.end : after.start])
    }
    copies: set[int] = set()
    for size in range(len(texts) // 2, 0, -1):
        for start in range(len(texts) - 2 * size + 1):
            copy = range(start + size, start + 2 * size)
            same = texts[start : start + size] == texts[copy.start : copy.stop]
            if not same or sum(map(len, texts[start : start + size])) < _SHORTEST_COPY:
                continue
            touching = not any(spans[i].start in apart for i in copy)
            if touching and not all(texts[i].isascii() for i in copy):
                copies.update(i for i in copy if spans[i].label not in _DIVISIONS)
    if copies:
        places = [(spans[i].start, spans[i].end) for i in sorted(copies)]
        _set_aside(address, sorted(copies), places, ElementKind.REPEATED)


def _label_copies(address: ParsedAddress) -> None:
    """Labels for what was taken out of the divisions; copied blocks as the originals have them."""
    found = [
        Span(element.start, element.end, SpanLabel.DISTRICT)
        for element in address.taken
        if element.kind is ElementKind.FILLER_LEVEL
        and address.whole_key[element.end - 1] in word_class("region_end")
    ]
    for start, end, shift in address.copied:
        found += [
            Span(span.start - shift, span.end - shift, span.label)
            for span in address.spans
            if start + shift <= span.start and span.end <= end + shift
        ]
    if found:
        address.copies = (*address.copies, *found)
