"""Addresses written in English or pinyin, by the common forms.

    Room 501, Building 3, No. 12 Yuntai Road, Xihu District, Hangzhou, Zhejiang 310000, P.R. China
    Zhejiang Hangzhou Xihu Qu Yuntai Lu 12 Hao

Division names become ordinary names of the same chain of readings as Chinese ones, so order does
not matter and what is open stays open; the rest is told by the words of `latin_words.tsv`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from addrfix.model.nouns import Element, Hit, Mention, ParsedAddress, Reading
from addrfix.model.protocols import DivisionIndex
from addrfix.model.terms import ElementKind
from addrfix.reading.asides.canvas import Canvas
from addrfix.reading.asides.digits import take_numbers
from addrfix.reading.chain import readings
from addrfix.reading.latin_elements import Piece, elements
from addrfix.reading.latin_names import Found, LatinNames
from addrfix.reading.latin_words import Token, known, latin_words, tokens
from addrfix.text.fold import Folder
from addrfix.text.marks import TAKEN_OUT

_TWO_WORDS = re.compile(r"[A-Za-z]{2,}[^A-Za-z]+[A-Za-z]{2,}|[A-Za-z]{5,}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTER = re.compile(r"[A-Za-z\u00c0-\u024f]")
_MOSTLY = 8
"""So many Latin letters to a Chinese character make a text one in Latin letters."""
_LEVELS = ("prov", "city", "district", "town")
_ADDRESSED = frozenset(("attn", "attention"))
"""Behind these stands a person's name."""
_POSTCODE = re.compile(r"[1-8]\d{5}|0[1-7]\d{4}")


def is_latin(text: str) -> bool:
    """Whether a text is to be read as English or pinyin; cheap where it begins in Chinese.

    >>> is_latin("Yuntai Road 12, Hangzhou"), is_latin("A座501"), is_latin("3-2-501")
    (True, False, False)
    """
    if text.isascii():
        return _TWO_WORDS.search(text) is not None
    if text[0] >= "\u2e80":
        return False
    letters = len(_LETTER.findall(text))
    return letters > _MOSTLY and letters >= _MOSTLY * len(_HAN.findall(text))


class LatinReader:
    """Reads one text at a time: such addresses are rare."""

    def __init__(self, index: DivisionIndex, folder: Folder) -> None:
        """Nothing is indexed before the first text comes."""
        self._index = index
        self._folder = folder

    @cached_property
    def _names(self) -> LatinNames:
        return LatinNames(self._index)

    def read(self, raw: str) -> ParsedAddress:
        """The text with its readings and spans."""
        folded = self._folder.fold(raw, blanks=True)
        canvas = Canvas(folded.text, folded.text)
        take_numbers(canvas)
        address = ParsedAddress(
            raw, canvas.text, canvas.text, folded.offset,
            phone=canvas.phone, postcode=canvas.postcode, issues=canvas.issues,
            written=canvas.written, whole_key=canvas.whole_key, taken=canvas.taken,
            id_no=canvas.id_no,
        )  # fmt: skip
        line = tokens(canvas.text)
        names = self._names.find(line)
        address.readings = self._readings(address.key, line, names)
        names += self._towns(address.readings, line, names)
        names.sort()
        address.readings = self._readings(address.key, line, names)
        fixed = {name.start: self._division(line, name, address.readings) for name in names}
        self._leave_out(address, line, fixed)
        address.spans = tuple(elements(address.text, line, fixed))
        return address

    def _readings(
        self, key: str, line: Sequence[Token], names: Sequence[Found]
    ) -> tuple[Reading, ...]:
        hits: list[Hit] = [name.hit(line, self._index) for name in names]
        return readings(key, hits, self._index)

    def _towns(
        self, found: Sequence[Reading], line: Sequence[Token], names: Sequence[Found]
    ) -> list[Found]:
        """Towns, looked for only below a county that is certain."""
        if len(found) != 1 or self._index.levels[found[0].division] < 2:
            return []
        taken = frozenset(i for name in names for i in range(name.start, name.end))
        return self._names.towns(line, found[0].division, taken)

    def _division(self, line: Sequence[Token], name: Found, found: Sequence[Reading]) -> Piece:
        """The label of a name: by the reading that believes in it, else by its first meaning."""
        level = self._index.levels[name.divisions[0]]
        start = line[name.start].start
        for mention in _mentions(found):
            if mention.start == start:
                level = mention.level
        return Piece(name.start, name.end, _LEVELS[level - 1])

    def _leave_out(
        self, address: ParsedAddress, line: Sequence[Token], fixed: dict[int, Piece]
    ) -> None:
        """Fill what is no part of the address: China, Tel., a postcode."""
        words = latin_words()
        taken = {i for piece in fixed.values() for i in range(piece.start, piece.end)}
        for start, token in enumerate(line):
            if start in taken:
                continue
            nothing = known(line, start, words.nothing)
            end = start + nothing[0] if nothing else start
            kind = ElementKind.LABEL
            announced = start > 0 and line[start - 1].low in words.before
            if token.kind == "number" and _POSTCODE.fullmatch(token.low) and not announced:
                address.postcode = address.postcode or token.low
                end = start + 1
                kind = ElementKind.POSTCODE
            if token.low in _ADDRESSED:
                while end < len(line) and line[end].kind == "word" and end not in taken:
                    end += 1
                address.recipient = address.text[token.end : line[end - 1].end].strip(" :.") or None
                kind = ElementKind.PERSON
            if end > start:
                fixed[start] = Piece(start, end, None)
                taken.update(range(start, end))
                _fill(address, token.start, line[end - 1].end, kind)


def _mentions(found: Sequence[Reading]) -> tuple[Mention, ...]:
    return (*found[0].mentions, *found[0].repeated) if found else ()


def _fill(address: ParsedAddress, start: int, end: int, kind: ElementKind) -> None:
    address.text = address.text[:start] + TAKEN_OUT * (end - start) + address.text[end:]
    address.key = address.key[:start] + TAKEN_OUT * (end - start) + address.key[end:]
    address.taken.append(Element(start, end, kind))
