"""Elements of an address in English or pinyin: Room 501, 12 Hao, Yuntai Road, 3-2-501.

English puts the word before the number (Building 3), pinyin behind it (3 Dong), both put it behind
a name (Yuntai Road, Yuntai Lu). Roads and places are told by their last word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from addrfix.model.nouns import Span
from addrfix.model.terms import SpanLabel
from addrfix.patterns import word_class
from addrfix.reading.latin_words import LatinWords, Token, is_pinyin, known, latin_words

_FLOOR = re.compile(r"\d{1,3}[Ff]")
_DOORS = {3: ("houseno", "cellno", "roomno"), 2: ("houseno", "roomno")}
_RANK_LABELS = {
    rank: label
    for label, classes in (
        ("prov", ("province_rank",)), ("city", ("city_rank",)),
        ("district", ("county_word", "district_rank")), ("town", ("town_rank",)),
    )
    for name in classes
    for rank in word_class(name)
}  # fmt: skip
# Written alone these are other words too: room, phase, lane, the syllables of a name.
_VAGUE_RANKS = frozenset(("shi", "qi", "meng", "xiang", "zhou", "ar", "city"))
_INSIDE = ("houseno", "cellno", "floorno")
_SHORTEST_ROOM = 3
_JOINED = "joined"
"""Stands for the several elements of 3-2-501."""


class Piece(NamedTuple):
    """Tokens `start` to `end` are one element; None where they are none but belong together."""

    start: int
    end: int
    label: str | None


def elements(text: str, line: Sequence[Token], fixed: Mapping[int, Piece]) -> list[Span]:
    """Labelled elements in order.

    Args:
        text: the address.
        line: its tokens.
        fixed: what is known already, by first token: divisions, and what is no address.
    """
    out: list[Span] = []
    for first, last, label in _Line(line, fixed).pieces():
        start, end = line[first].start, line[last - 1].end
        if label == _JOINED:
            out += _doors(text[start:end], start)
        elif label is not None:
            out.append(Span(start, end, SpanLabel(label)))
    return out


def _doors(text: str, start: int) -> list[Span]:
    """The parts of a joined number such as 3-2-501: building, unit and room."""
    parts = list(re.finditer(r"[0-9A-Za-z]+", text))
    labels = _DOORS.get(len(parts), ())
    return [
        Span(start + part.start(), start + part.end(), SpanLabel(label))
        for part, label in zip(parts, labels, strict=False)
    ]


class _Line:
    def __init__(self, line: Sequence[Token], fixed: Mapping[int, Piece]) -> None:
        self.line = line
        self.fixed = fixed
        self.words: LatinWords = latin_words()
        self.out: list[Piece] = []

    def pieces(self) -> list[Piece]:
        position = 0
        while position < len(self.line):
            piece = self._at(position)
            if piece is None:
                position += 1
            else:
                self.out.append(piece)
                position = piece.end
        return self.out

    def _at(self, start: int) -> Piece | None:
        if start in self.fixed:
            return self.fixed[start]
        kind = self.line[start].kind
        if kind == "word":
            return self._before(start) or self._name(start)
        if kind == "hash" and self._is_number(start + 1):
            return Piece(start, start + 2, self._bare(start + 1) or "roomno")
        return self._numbered(start) if kind == "number" else None

    def _is_number(self, position: int) -> bool:
        """Whether a number, a number in words or a single capital stands here."""
        if position >= len(self.line) or position in self.fixed:
            return False
        token = self.line[position]
        single = token.kind == "word" and token.end - token.start == 1
        return token.kind == "number" or single or token.low in self.words.numbers

    def _before(self, start: int) -> Piece | None:
        """A word and the number it announces: Room 501, Building No. 3, Tower A."""
        found = known(self.line, start, self.words.before)
        if found is None:
            return None
        label = self.words.before[found[1]]
        at = start + found[0]
        while at < len(self.line) and (
            self.line[at].kind == "hash" or self.words.before.get(self.line[at].low) == "roadno"
        ):
            at += 1
        if not self._is_number(at):
            return None
        end = at + 1
        if label == "roadno":
            behind = self._suffix(end)
            if behind is not None and not self._is_number(behind[0]):
                return Piece(start, behind[0], behind[1])
        return Piece(start, end, label)

    def _suffix(self, start: int) -> tuple[int, str] | None:
        """The word behind a number: (token behind it, label)."""
        if start < len(self.line) and self.line[start].kind == "hash":
            behind = self._suffix(start + 1)
            return behind or (start + 1, "houseno")
        if start in self.fixed:
            return None
        found = known(self.line, start, self.words.after)
        if found is None:
            return None
        end = start + found[0]
        if found[1] in self.words.directions and known(self.line, end, self.words.names):
            return None
        return end, self.words.after[found[1]]

    def _numbered(self, start: int) -> Piece | None:
        """A number with the word behind it, or a bare one whose neighbours tell what it is."""
        token = self.line[start]
        behind = self._suffix(start + 1)
        if behind is not None and not self._announces(start + 1, behind[0]):
            return Piece(start, behind[0], behind[1])
        if _FLOOR.fullmatch(token.low):
            return Piece(start, start + 1, "floorno")
        label = self._bare(start)
        return None if label is None else Piece(start, start + 1, label)

    def _announces(self, start: int, end: int) -> bool:
        """Whether the word between two numbers belongs to the second: 12 Building 3 Room 501."""
        if known(self.line, start, self.words.before) is None or not self._is_number(end):
            return False
        while end < len(self.line) and end not in self.fixed:
            if self._is_number(end):
                last = True
            elif self.line[end].kind == "word" and known(self.line, end, self.words.before):
                last = False
            else:
                break
            end += 1
        return last

    def _bare(self, start: int) -> str | None:
        written = self.line[start].low
        before = self.out[-1].label if self.out else None
        if written.count("-") == 2:
            return _JOINED
        name = None
        if start + 1 < len(self.line) and start + 1 not in self.fixed:
            name = self._name(start + 1) if self.line[start + 1].kind == "word" else None
        if (name is not None and name.label == "road") or before == "road":
            return "roadno"
        if written.count("-") == 1 and before in ("poi", "roadno"):
            return _JOINED
        inside = before in _INSIDE or self._opens_house(start)
        return "roomno" if inside and len(written) >= _SHORTEST_ROOM else None

    def _opens_house(self, start: int) -> bool:
        """Whether a building, unit or floor follows: 501, Building 3."""
        at = start + 1
        while at < len(self.line) and self.line[at].kind == "break":
            at += 1
        if at >= len(self.line) or at in self.fixed or self.line[at].kind != "word":
            return False
        piece = self._before(at)
        return piece is not None and piece.label in _INSIDE

    def _name(self, start: int) -> Piece | None:
        """A name from here to the word that tells what it is."""
        end = start
        while end < len(self.line) and end not in self.fixed and self.line[end].kind == "word":
            if end > start:
                told = self._telling(end)
                if told is not None:
                    return self._whole(start, *told)
            label = self._glued(end)
            if label is not None:
                return self._whole(start, end + 1, label)
            end += 1
        return None

    def _telling(self, at: int) -> tuple[int, str] | None:
        found = known(self.line, at, self.words.names)
        if found is not None:
            return at + found[0], self.words.names[found[1]]
        rank = known(self.line, at, self.words.ranks)
        if rank is not None and rank[1] not in _VAGUE_RANKS:
            label = _RANK_LABELS.get(self.words.ranks[rank[1]][0])
            return None if label is None else (at + rank[0], label)
        return None

    def _glued(self, at: int) -> str | None:
        """What a word is that holds its own ending: Yuntailu."""
        low = self.line[at].low
        for ending in self.words.glued_names:
            stem = low[: -len(ending)]
            if low.endswith(ending) and len(stem) >= 4 and is_pinyin(stem):
                return self.words.names[ending]
        return None

    def _whole(self, start: int, end: int, label: str) -> Piece:
        """The name with what still belongs to it: Road West, Road (E), Garden Hotel."""
        while end < len(self.line) and end not in self.fixed:
            token = self.line[end]
            if label == "road":
                if token.low in self.words.directions and not self._is_number(end + 1):
                    end += 1
                    continue
                if (
                    token.kind == "open"
                    and end + 2 < len(self.line)
                    and self.line[end + 1].low in self.words.directions
                    and self.line[end + 2].kind == "close"
                ):
                    end += 3
                    continue
                break
            further = known(self.line, end, self.words.names)
            if further is None or self._is_number(end + further[0]):
                break
            label = self.words.names[further[1]]
            end += further[0]
        return Piece(start, end, label)
