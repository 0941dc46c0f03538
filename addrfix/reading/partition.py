"""Every character accounted for: what was taken out, the spans, and what lies between them.

The envelope line is made of address elements alone (`resolve/envelope.py`), so whatever nothing
explains must be told apart from what only ties two elements together (1号|至|3号).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from addrfix.model.nouns import Element, ParsedAddress, Span
from addrfix.model.terms import ElementKind, SpanLabel
from addrfix.patterns import word_class
from addrfix.reading.asides.notes import take_landmarks
from addrfix.text.marks import SEPARATORS

_KIND = {label: ElementKind(label.value) for label in SpanLabel}
_ADDRESS = frozenset(_KIND.values())
_DIVISIONS = frozenset((SpanLabel.PROV, SpanLabel.CITY, SpanLabel.DISTRICT, SpanLabel.TOWN))
# A piece between elements that is longer than this ties nothing together.
_LONGEST_TIE = 3
# Copies shorter than this may be meant: 3-3, 东东.
_SHORTEST_COPY = 4
_TYING = "·-[("
_UNREAD = "unread_text"


def account(address: ParsedAddress, *, ties: bool = False) -> None:
    """Set the elements of an address from its spans and what was taken out of its text.

    Args:
        address: text, spans and `taken` are set; repeated spans become copies.
        ties: whether every piece between elements ties them together (text in Latin letters).
    """
    landmarks = take_landmarks(address.key)
    if len(address.spans) > 1:
        _mark_copies(address)
    known = [*address.taken, *_span_elements(address.spans, landmarks)]
    known += [Element(copy.start, copy.end, ElementKind.REPEATED) for copy in address.copies]
    _label_copies(address)
    known += [Element(start, end, ElementKind.LANDMARK_NOTE) for start, end in landmarks]
    known.sort()
    found: list[Element] = []
    position = 0
    for element in known:
        if element.start > position:
            found.extend(_between(address.key, position, element.start))
        if element.end > position:
            found.append(element._replace(start=max(position, element.start)))
            position = element.end
    if position < len(address.key):
        found.extend(_between(address.key, position, len(address.key)))
    if any(element.kind is ElementKind.UNREAD for element in found):
        found = _tied(address, found, ties=ties or not address.spans)
    address.elements = tuple(found)
    if any(element.kind in (ElementKind.UNREAD, ElementKind.SENTENCE) for element in found):
        address.issues.append(_UNREAD)


def _span_elements(
    spans: Iterable[Span], landmarks: Sequence[tuple[int, int]]
) -> Iterable[Element]:
    """Elements of the spans, but for those of a landmark that is named in brackets."""
    for span in spans:
        if any(start <= span.start < end for start, end in landmarks):
            continue
        yield Element(span.start, span.end, _KIND[span.label])


def _between(key: str, start: int, end: int) -> Iterable[Element]:
    """What lies between two elements: marks, and pieces that are not explained yet."""
    while start < end:
        mark = key[start] in SEPARATORS
        stop = start + 1
        while stop < end and (key[stop] in SEPARATORS) is mark:
            stop += 1
        yield Element(start, stop, ElementKind.MARK if mark else ElementKind.UNREAD)
        start = stop


def _tied(address: ParsedAddress, found: list[Element], *, ties: bool) -> list[Element]:
    """The elements, unexplained pieces that belong to an address element beside them as detail."""
    out: list[Element] = []
    taken = {(element.start, element.end) for element in address.taken}
    for position, element in enumerate(found):
        if element.kind is ElementKind.UNREAD and (element.start, element.end) not in taken:
            beside = [
                found[i].kind in _ADDRESS
                for i in (position - 1, position + 1)
                if 0 <= i < len(found)
            ]
            piece = address.key[element.start : element.end]
            short = len(piece) <= _LONGEST_TIE and (
                any(beside) or _hangs_on(address, found, position)
            )
            numbered = any(character.isalnum() and character.isascii() for character in piece)
            if ties or short or (numbered and len(piece) <= 2 * _LONGEST_TIE):
                element = element._replace(kind=ElementKind.DETAIL)
        out.append(element)
    return out


def _hangs_on(address: ParsedAddress, found: Sequence[Element], position: int) -> bool:
    """Whether one mark that ties (馄饨·汤, A8[幢]) is all between an address element and a piece."""
    if position < 2 or found[position - 2].kind not in _ADDRESS:
        return False
    mark = found[position - 1]
    return mark.end - mark.start == 1 and address.key[mark.start] in _TYING


def _mark_copies(address: ParsedAddress) -> None:
    """Spans that say again what the ones right before them said are copies."""
    texts = [address.key[span.start : span.end] for span in address.spans]
    if len(set(texts)) == len(texts):
        return
    apart = {
        after.start
        for before, after in pairwise(address.spans)
        if any(c not in SEPARATORS for c in address.key[before.end : after.start])
    }
    copies: set[int] = set()
    for size in range(len(texts) // 2, 0, -1):
        for start in range(len(texts) - 2 * size + 1):
            copy = range(start + size, start + 2 * size)
            same = texts[start : start + size] == texts[copy.start : copy.stop]
            if not same or sum(map(len, texts[start : start + size])) < _SHORTEST_COPY:
                continue
            touching = not any(address.spans[i].start in apart for i in copy)
            if touching and not all(texts[i].isascii() for i in copy):
                copies.update(i for i in copy if address.spans[i].label not in _DIVISIONS)
    address.copies = tuple(address.spans[i] for i in sorted(copies))
    address.spans = tuple(span for i, span in enumerate(address.spans) if i not in copies)


def _label_copies(address: ParsedAddress) -> None:
    """Labels for what was taken out of the divisions: copied blocks as the originals are labelled."""
    found = [
        Span(element.start, element.end, SpanLabel.DISTRICT)
        for element in address.taken
        if element.kind is ElementKind.FILLER_LEVEL
        and address.written[element.end - 1] in word_class("region_end")
    ]
    for start, end, shift in address.copied:
        found += [
            Span(span.start - shift, span.end - shift, span.label)
            for span in address.spans
            if start + shift <= span.start and span.end <= end + shift
        ]
    if found:
        address.copies = (*address.copies, *found)
