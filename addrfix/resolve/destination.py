"""What of an address a letter can go to, and what a courier would miss where there is nothing.

A walk over the elements below the divisions, left to right: a door or a named place is something
to go to; a word of `gazetteer/words/no_destination.tsv` behind it takes it back (云台小区|对面).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from addrfix.knowledge import words
from addrfix.model.nouns import ParsedAddress, ResolvedAddress, Span
from addrfix.model.terms import ElementKind, SpanLabel
from addrfix.patterns import pattern, word_class
from addrfix.resolve.stand_in import (
    bare,
    is_somebody,
    is_unnamed,
    may_be_unnamed,
    says_nothing,
    stands_in,
)
from addrfix.text.marks import SEPARATORS

# Tuples, because the hash of an enum's member is slow.
_DIVISIONS = (
    SpanLabel.PROV, SpanLabel.CITY, SpanLabel.DISTRICT, SpanLabel.TOWN, SpanLabel.REDUNDANT,
)  # fmt: skip
_NUMBERED = (
    SpanLabel.ROOMNO, SpanLabel.ROADNO, SpanLabel.HOUSENO, SpanLabel.CELLNO,
    SpanLabel.VILLAGE_GROUP,
)  # fmt: skip
_PLACES = (SpanLabel.POI, SpanLabel.SUBPOI)
# What was taken out and may be all that somebody wrote in the place of an address.
_MAY_STAND_IN = (
    ElementKind.FILLER_LEVEL, ElementKind.LABEL, ElementKind.SENTENCE, ElementKind.UNREAD,
)  # fmt: skip
# Kinds of no_destination.tsv that mean more than that there is no place.
_BESIDE, _SIDE, _UNKNOWN, _GENERIC, _MOUTH = "beside", "side", "unknown", "generic", "mouth"
# Kinds that say where on a road without a number.
_ALONG = frozenset(("crossing", "end", _SIDE))
# Letters that make a name.
_TWO_CHINESE = re.compile("[\u3400-\U0003ffff].*?[\u3400-\U0003ffff]")
_LATIN_NAME = 4
# 测试|123: a text that only stands in is read as this many elements at most.
_PIECES_OF_STAND_IN = 3
_DIGIT = re.compile(r"\d")


@cache
def _endings() -> dict[str, tuple[tuple[str, str], ...]]:
    """Last character → (word, kind), the longest word first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in words("no_destination"):
        if row["kind"] != _GENERIC:
            found.setdefault(row["word"][-1], []).append((row["word"], row["kind"]))
    return {last: tuple(sorted(said, key=lambda s: -len(s[0]))) for last, said in found.items()}


@cache
def _whole() -> dict[str, str]:
    """Words that are no name where nothing else stands in a piece → their kind."""
    kinds = (_GENERIC, _UNKNOWN)
    return {row["word"]: row["kind"] for row in words("no_destination") if row["kind"] in kinds}


def missing(place: ResolvedAddress, address: ParsedAddress) -> str | None:
    """The reason code of what a courier would miss; None where a letter can go there."""
    spans, key = address.spans, address.key
    if mostly_unread(place, address):
        return _whole_stand_in(address, _pieces(key, spans)) or "unread_text"
    doubtful = may_be_unnamed(key)
    if spans and not doubtful and _ends_at_a_door(place, spans[-1], key):
        return None
    pieces = _pieces(key, spans)
    if len(pieces) <= _PIECES_OF_STAND_IN and (reason := _whole_stand_in(address, pieces)):
        return reason
    walk = _Walk(key, doubtful)
    for piece in pieces:
        walk.take(*piece)
    return walk.missing()


def _whole_stand_in(
    address: ParsedAddress, pieces: Sequence[tuple[int, int, str, int]]
) -> str | None:
    """The reason code of a text that stands in for all that is below the divisions."""
    said = said_for_an_address(address)
    left = "".join([address.key[start:end] for start, end, _, _ in pieces])
    for rest in filter(None, (said, left)):
        refers_to = stands_in(rest)
        if refers_to is not None:
            # 柳新镇街道 says no more than the town; 柳新镇不详 says that the rest is not known.
            return "missing_street" if says_nothing(rest) else stand_in_reason(refers_to)
    return None


def stand_in_reason(refers_to: str) -> str:
    """The reason code of a text that stands in for an address and points there."""
    return f"refers_to_{refers_to}" if refers_to else "placeholder"


def said_for_an_address(address: ParsedAddress) -> str:
    """What stands behind the divisions with labels, filler levels and the like; "" without any.

    They are taken out of an address, and may be all that is written: 徐州市不详, 户籍地址.
    """
    if not any(element.kind in _MAY_STAND_IN for element in address.taken):
        return ""
    floor = max((end for _, end, label in address.spans if label in _DIVISIONS), default=0)
    hidden = {
        position
        for element in address.taken
        if element.kind not in _MAY_STAND_IN
        for position in range(element.start, element.end)
    }
    return "".join(
        character
        for position, character in enumerate(address.whole_key)
        if position >= floor and position not in hidden
    )


def _ends_at_a_door(place: ResolvedAddress, last: Span, key: str) -> bool:
    """Whether an address is what most are: a number at the end, below a road, village or name."""
    if last.end != len(key) or last.label not in _NUMBERED:
        return False
    named = place.poi is not None and not _nameless(place.poi)
    return place.road is not None or named or place.village is not None


def mostly_unread(place: ResolvedAddress, address: ParsedAddress) -> bool:
    """Whether more than half of what stands below the divisions was not understood.

    A sentence behind an address is no part of it, and takes nothing from its door.
    """
    if not place.unread:
        return False
    unread = len(bare(place.unread)) - sum(
        len(bare(address.written[start:end]))
        for start, end, kind in address.taken
        if kind is ElementKind.SENTENCE
    )
    below = "".join(
        [address.key[start:end] for start, end, _, _ in _pieces(address.key, address.spans)]
    )
    return 2 * unread > len(bare(below))


def _pieces(key: str, spans: Sequence[Span]) -> list[tuple[int, int, str, int]]:
    """What stands below the divisions: start, end, label ("" for none), and how far back it goes.

    The last is the end of the division before it: no word reaches back over that.
    """
    out: list[tuple[int, int, str, int]] = []
    at = floor = 0
    for start, end, label in spans:
        if start > at and bare(key[at:start]):
            out.append((at, start, "", floor))
        # 本镇 ends as a town does, and names none.
        if label in _DIVISIONS and (label != "town" or stands_in(key[start:end]) is None):
            floor = end
        else:
            out.append((start, end, label, floor))
        at = end
    if at < len(key) and bare(key[at:]):
        out.append((at, len(key), "", floor))
    return out


def _nameless(text: str) -> str:
    """How a piece that is no name is called: generic, unknown, stand_in, short; "" for a name."""
    kind = _whole().get(text)
    if kind is not None:
        return kind
    if stands_in(text) is not None:
        return "stand_in"
    return "" if _is_name(text) else "short"


def _is_name(text: str) -> bool:
    """Whether there are letters enough for a name: two Chinese ones, or a Latin word.

    >>> _is_name("云台"), _is_name("得34343"), _is_name("SOHO"), _is_name("Yuntai Garden")
    (True, False, True, True)
    >>> _is_name("qwer1234"), _is_name("FGDSA")
    (False, False)
    """
    if _TWO_CHINESE.search(text):
        return True
    if text.isupper():
        return any(word in text for word in word_class("latin_place"))
    latin = sum(character.isascii() and character.isalpha() for character in text)
    return latin >= _LATIN_NAME and text != text.lower()


class _Walk:
    """What the elements so far leave to go to."""

    __slots__ = ("_doors", "_doubtful", "_key", "_last", "_places", "_seen", "_village")

    def __init__(self, key: str, doubtful: bool) -> None:
        self._key = key
        self._doubtful = doubtful
        self._doors: list[tuple[int, int]] = []
        self._places: list[tuple[int, int]] = []
        self._village: tuple[int, int] | None = None
        # Kind of the last word that ends at no place.
        self._last = ""
        self._seen: set[str] = set()

    def take(self, start: int, end: int, label: str, floor: int) -> None:
        """Go over one element."""
        text = self._key[start:end]
        if self._doubtful and is_unnamed(text):
            self._seen.add("unnamed")
        elif self._doubtful and label not in _NUMBERED and is_somebody(text):
            self._seen.add("stand_in")
        elif label in _NUMBERED:
            self._doors.append((start, end))
        elif label == "road":
            self._seen.add(_nameless(text) or label)
        elif label == "community":
            self._in_village(text, start, end)
        elif label == "floorno":
            # 云台超市楼上2楼: a floor tells more than that it is above something.
            self._places += [(start, end)] if self._last and "named" in self._seen else []
        elif label == "distance":
            self._landmark(_SIDE, start)
        elif (ending := self._ending(start, end, floor)) is not None:
            self._landmark(*ending)
        elif label in _PLACES:
            self._in_place(text, start, end)

    def _in_village(self, text: str, start: int, end: int) -> None:
        nameless = _nameless(text)
        if nameless:
            self._seen.add(nameless)
        else:
            self._village = start, end

    def _in_place(self, text: str, start: int, end: int) -> None:
        nameless = _nameless(text)
        if nameless == "short" and self._is_behind_name(start):
            nameless = ""
        if nameless:
            self._seen.add(nameless)
        elif _DIGIT.search(text):
            self._doors.append((start, end))
        else:
            self._places.append((start, end))
            self._seen.add("named")

    def _is_behind_name(self, start: int) -> bool:
        """Whether a name ends where a piece begins: 云台新村|B区."""
        return any(name and name[1] == start for name in (self._village, *self._places))

    def _ending(self, start: int, end: int, floor: int) -> tuple[str, int] | None:
        """The kind of the word that ends here at no place, and where it begins."""
        key = self._key
        for word, kind in _endings().get(key[end - 1], ()):
            at = end - len(word)
            if at < floor or (len(word) == 1 and kind == _SIDE and not self._apart(start, end)):
                continue
            if key[at:end].lower() == word:
                return kind, at
        if not key.endswith(word_class("station_word"), floor, end):
            return None
        line = pattern("station_of_a_line").search(key, floor, end)
        return None if line is None else ("station", line.start())

    def _apart(self, start: int, end: int) -> bool:
        """Whether an element of one character closes the text or a part of it."""
        return end - start == 1 and (end == len(self._key) or self._key[end] in SEPARATORS)

    def _landmark(self, kind: str, at: int) -> None:
        """Take back what such a word stands right behind, or is a part of."""
        if kind == _UNKNOWN:
            self._seen.add(kind)
            return
        self._last = kind
        if kind == _BESIDE and self._doors and at == self._doors[-1][1]:
            self._doors.clear()
            self._places.clear()
        # 3号口 is no number 3; 3栋门口 is still a door.
        while self._doors and (
            at <= self._doors[-1][0] or (at < self._doors[-1][1] and kind != _SIDE)
        ):
            self._doors.pop()
        while self._places and at <= self._places[-1][1]:
            self._places.pop()
        if self._village and at <= self._village[1] and kind != _SIDE:
            self._village = None
            self._seen.add("beside_village")

    def missing(self) -> str | None:
        """What is missing, as a reason code, after all elements."""
        seen = self._seen
        if "unnamed" in seen:
            return "placeholder"
        if self._doors:
            return None
        if _UNKNOWN in seen:
            return "placeholder"
        return None if self._places else self._nothing()

    def _nothing(self) -> str:
        """Why there is nothing to go to."""
        seen, last = self._seen, self._last
        if "road" in seen and (not last or last in _ALONG):
            return "missing_road_number"
        if self._village and "road" not in seen:
            return "missing_group"
        if (last and last != _MOUTH) or not seen.isdisjoint(("beside_village", _GENERIC)):
            return "landmark"
        return "placeholder" if "stand_in" in seen else "missing_street"
