"""Width, script and noise folding that remembers where every character stood.

Two texts of equal length come out: `text` is what was written, in ordinary width and without
control characters or blanks between Chinese characters; `key` is the same in simplified script, for
look-ups only. `raw[offset[i]]` is the character that became `text[i]`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from addrfix.knowledge import words

# Full-width ASCII, then marks that typists and OCR use for one another.
_WIDTH: dict[int, str] = {0xFF01 + i: chr(0x21 + i) for i in range(94)}
_WIDTH.update(
    {
        ord(mark): plain
        for plain, marks in {
            " ": "　\xa0\t\r\n\v\f\u2028\u2029",
            "-": "—–―‐‑‒−﹣ー━─",
            ",": "、﹐",
            "~": "～〜∼",
            "(": "〔【［｟「『〈《",
            ")": "〕】］｠」』〉》",
            "·": "•・●",
            "#": "＃♯",
        }.items()
        for mark in marks
    }
)
_WIDTH.pop(ord("~"), None)
# Circled and parenthesised numbers and roman digits that stand for one digit.
_WIDTH.update({0x2460 + i: chr(0x31 + i) for i in range(9)})
_WIDTH.update({0x2160 + i: chr(0x31 + i) for i in range(9)})

# Text out of a PDF file has radicals (U+2F00 to 2FD5) where the characters of that shape stood.
_WIDTH.update({code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)})
_WIDTH.update({ord(row["from"]): row["to"] for row in words("radicals")})

_INVISIBLE = (
    "\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
# A blank between two Latin letters or digits keeps them apart; any other blank is noise.
_NOISE = re.compile(f"[{_INVISIBLE}\ud800-\udfff]+| +(?![0-9A-Za-z])|(?<![0-9A-Za-z]) +|(?<= ) +")

# Where words are told by blanks, one stays between two of them.
_NOISE_BETWEEN_WORDS = re.compile(f"[{_INVISIBLE}\ud800-\udfff]+|^ +| +$|(?<= ) +")


@dataclass(frozen=True, slots=True)
class Folded:
    """One text after folding; `offset` is None where every character stayed in place."""

    text: str
    key: str
    offset: tuple[int, ...] | None
    gaps: frozenset[int]
    """Positions in `text` before which a blank was taken out."""

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The code-point range of the raw text that became `text[start:end]`; start < end."""
        if self.offset is None:
            return start, end
        return self.offset[start], self.offset[end - 1] + 1


_NO_GAPS: frozenset[int] = frozenset()


class Folder:
    """Folds texts; the script table leaves alone what official names are written with.

    Args:
        script: traditional to simplified characters, one to one.
        keep: characters that stay although the table has them (乾县 is not 干县).
    """

    def __init__(self, script: Mapping[str, str], keep: Iterable[str] = ()) -> None:
        kept = set(keep)
        self._script = {ord(a): b for a, b in script.items() if a not in kept and len(b) == 1}

    @classmethod
    def shipped(cls, keep: Iterable[str] = ()) -> Folder:
        """The folder with the shipped script table."""
        return cls({row["from"]: row["to"] for row in words("script_variants")}, keep)

    def simplify(self, text: str) -> str:
        """The text in simplified script, character by character."""
        return text.translate(self._script)

    def fold(self, raw: str, *, blanks: bool = False) -> Folded:
        """Fold one text; the result is never longer than `raw`.

        `blanks` keeps one blank between words, for text in Latin letters.
        """
        text = raw.translate(_WIDTH)
        pattern = _NOISE_BETWEEN_WORDS if blanks else _NOISE
        if pattern.search(text) is None:
            return Folded(text, text.translate(self._script), None, _NO_GAPS)
        kept: list[int] = []
        gaps: set[int] = set()
        position = 0
        for noise in pattern.finditer(text):
            kept.extend(range(position, noise.start()))
            position = noise.end()
            if " " in noise.group():
                gaps.add(len(kept))
        kept.extend(range(position, len(text)))
        short = "".join([text[i] for i in kept])
        return Folded(short, short.translate(self._script), tuple(kept), frozenset(gaps))
