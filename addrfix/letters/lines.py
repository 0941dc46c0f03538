"""Breaks Chinese text into lines and says how far each is to be stretched.

The rules are those of Chinese typesetting (GB/T 15834-2011, 5.1: marks at the ends of lines): a
closing mark does not begin a line, an opening mark does not end one, a run of digits or letters
stays whole, and the last line of a paragraph is not stretched. Widths are in em (multiples of the
font size) throughout.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

CLOSING = frozenset("，。、；：？！）》〉」』】〕］｝”’％‰℃…—·～!),.:;?]}%°′″々")
OPENING = frozenset("（《〈「『【〔［｛“‘￥$¥£€([{#@№")
# Marks whose right half is blank: at the end of a line they may hang half out of it.
_HALF_BLANK = frozenset("，。、；：？！）》〉」』】〕］｝”’")
# A number with its separators, a word, one space-free mark; everything else is one character.
_RUN = r"[0-9A-Za-z][0-9A-Za-z.,:/\-+_*@%]*[0-9A-Za-z%*]|[0-9A-Za-z*]"
_TOKEN = re.compile(rf"{_RUN}|\s+|.", re.S)
# In an address a name stays with the word that says of what it is one, and a number with its own.
_HAN = r"[\u4e00-\u9fff]"
_NAMED = rf"{_HAN}{{1,7}}?(?:街道|小区|社区|自治[区州县]|[省市州县区旗镇乡村路街巷])"
_ADDRESS_TOKEN = re.compile(rf"(?:{_RUN})(?:单元|号楼|{_HAN})?|{_NAMED}|\s+|.", re.S)
WITHIN = re.compile(r"([!-~]+)(?=[!-~])")
"""A run of letters, digits and marks but for its last character: nothing is stretched there."""

# More than this between two characters looks worse than a short line.
_WIDEST_GAP = 0.25


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its text, its width in em, and the space to add between its characters."""

    text: str
    width: float
    gap: float
    """In em, after each character but the last and those `WITHIN` a number or a word."""


def units(text: str, tokens: re.Pattern[str] = _TOKEN) -> list[str]:
    """Pieces that stay on one line: a word, a number, or a character with the marks beside it.

    >>> units("欠款（本金）1,000.00元。")
    ['欠', '款', '（本', '金）', '1,000.00', '元。']
    """
    pieces: list[str] = []
    opened = ""
    for token in tokens.findall(text):
        if token in OPENING:
            opened += token
        elif token in CLOSING and pieces and not opened and not pieces[-1].isspace():
            pieces[-1] += token
        else:
            pieces.append(opened + token)
            opened = ""
    if opened:
        pieces.append(opened)
    return pieces


def break_lines(
    text: str,
    widths: Mapping[str, float],
    measure: float,
    *,
    indent: float = 0.0,
    tokens: re.Pattern[str] = _TOKEN,
) -> list[Line]:
    """Lines of at most `measure` em, the first one shorter by `indent` em.

    A piece wider than a line is cut where the line ends. Unknown characters count as 1 em.
    """
    lines: list[Line] = []
    current, width, room = "", 0.0, measure - indent
    for piece in units(text, tokens):
        piece_width = sum(widths.get(c, 1.0) for c in piece)
        if current and width + _visible(piece, piece_width) > room + 1e-6:
            lines.append(_line(current, widths, room))
            current, width, room = "", 0.0, measure
            if piece.isspace():
                continue
        if _visible(piece, piece_width) <= room + 1e-6:
            current, width = current + piece, width + piece_width
            continue
        for char in piece:
            step = widths.get(char, 1.0)
            if current and width + step > room + 1e-6:
                lines.append(_line(current, widths, room))
                current, width, room = "", 0.0, measure
            current, width = current + char, width + step
    if current.strip() or not lines:
        lines.append(_line(current, widths, room, last=True))
    else:
        final = lines[-1]
        lines[-1] = Line(final.text, final.width, 0.0)
    return lines


def address_lines(text: str, widths: Mapping[str, float], measure: float) -> list[str]:
    """Lines of an address: as few as `measure` em allows, and about as long as each other.

    No line holds a lone 号 that the one before had no room for: a number keeps its word, and a
    name too where that takes no line more.
    """
    plain = break_lines(text, widths, measure)
    if len(plain) > 1:
        even = sum(line.width for line in plain) / len(plain)
        while even < measure + 1:
            width = min(even, measure)
            lines = break_lines(text, widths, width, tokens=_ADDRESS_TOKEN)
            if len(lines) == len(plain):
                return [line.text for line in lines]
            even += 1
    return [line.text for line in plain]


def _visible(piece: str, width: float) -> float:
    return width - 0.5 if piece[-1] in _HALF_BLANK else width


def _line(text: str, widths: Mapping[str, float], room: float, *, last: bool = False) -> Line:
    text = text.rstrip()
    width = sum(widths.get(c, 1.0) for c in text)
    if last or len(text) < 2:
        return Line(text, width, 0.0)
    places = len(text) - 1 - sum(map(len, WITHIN.findall(text)))
    gap = (room - _visible(text, width)) / places if places else 0.0
    return Line(text, width, gap if gap <= _WIDEST_GAP else 0.0)
