"""Words and tokens of addresses in Latin letters, read once from `gazetteer/words/`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from addrfix.knowledge import words

LONGEST_PHRASE = 6
"""Words in the longest name or phrase that is looked up."""
_LETTER = r"A-Za-z\u00c0-\u024f\u1e00-\u1eff"
_TOKEN = re.compile(
    rf"""(?P<number>\d+(?:st|nd|rd|th)(?![{_LETTER}])|\d+(?:[-/~]\d+)*(?:[A-Za-z](?![{_LETTER}]))?
      |[A-Za-z]-?\d+[A-Za-z]?(?:-\d+)*(?![{_LETTER}]))
    |(?P<word>[{_LETTER}]+(?:['’`´][{_LETTER}]+)*)
    |(?P<hash>\#)
    |(?P<open>\()
    |(?P<close>\))
    |(?P<break>[^\s.\-/:&'’`´])""",
    re.VERBOSE,
)
_SYLLABLE = (
    r"(?:[bpmfdtnlgkhjqxzcsryw]|zh|ch|sh)?"
    r"(?:iang|iong|uang|ang|eng|ian|iao|ing|ong|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo"
    r"|ve|a|e|i|o|u|v)"
)
_PINYIN = re.compile(rf"(?:{_SYLLABLE})+")
_MARKS = re.compile(r"[\u0300-\u036f'’`´]")


class Token(NamedTuple):
    """A piece of the text."""

    start: int
    end: int
    kind: str
    """number, word, hash, open, close or break."""
    low: str
    """In lower case, without accents and apostrophes."""
    apart: bool
    """Whether an apostrophe stands in it: Xi'an is no county called Xi."""


@dataclass(frozen=True, slots=True)
class LatinWords:
    """The rows of latin_words.tsv by role; keys are words joined without blanks."""

    ranks: Mapping[str, tuple[str, ...]]
    """Endings of official names."""
    before: Mapping[str, str]
    after: Mapping[str, str]
    names: Mapping[str, str]
    directions: frozenset[str]
    numbers: Mapping[str, str]
    nothing: Mapping[str, str]
    glued_ranks: tuple[str, ...]
    """Those that may be written onto a name, longest first."""
    glued_names: tuple[str, ...]


def joined(text: str) -> str:
    """A phrase as it is compared: lower case, without accents, blanks and apostrophes."""
    plain = _MARKS.sub("", unicodedata.normalize("NFD", text.lower()))
    return re.sub(r"[\s.\-]", "", plain)


@cache
def latin_words() -> LatinWords:
    """The shipped words; built once per process."""
    roles: dict[str, dict[str, str]] = {}
    for row in words("latin_words"):
        roles.setdefault(row["role"], {})[joined(row["word"])] = row["label"]
    glued = {
        role: tuple(
            sorted(
                {joined(r["word"]) for r in words("latin_words")
                 if r["role"] == role and r["pinyin"] == "yes"},
                key=lambda word: (-len(word), word),
            )
        )
        for role in ("rank", "name")
    }  # fmt: skip
    return LatinWords(
        ranks={word: tuple(label.split()) for word, label in roles["rank"].items()},
        before=roles["before"],
        after=roles["after"],
        names=roles["name"],
        directions=frozenset(roles["direction"]),
        numbers=roles["number"],
        nothing=roles["nothing"],
        glued_ranks=glued["rank"],
        glued_names=glued["name"],
    )


def tokens(text: str) -> list[Token]:
    """The text cut into words, numbers and what divides them; blanks and dots divide nothing."""
    out: list[Token] = []
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or "break"
        written = found.group()
        if kind == "break" and written == "," and _in_company(text, found.start(), out):
            continue
        low = joined(written) if kind == "word" else written
        out.append(Token(found.start(), found.end(), kind, low, len(low) < len(written)))
    return out


def _in_company(text: str, comma: int, before: Sequence[Token]) -> bool:
    """Whether a comma stands in `Co., Ltd`."""
    return (
        bool(before) and before[-1].low == "co" and text[comma + 1 :].lstrip()[:3].lower() == "ltd"
    )


def phrase(line: Sequence[Token], start: int, count: int) -> str | None:
    """`count` words from `start` on, joined; None where something else stands among them."""
    pieces = line[start : start + count]
    if len(pieces) < count or any(token.kind != "word" for token in pieces):
        return None
    return "".join(token.low for token in pieces)


def known(line: Sequence[Token], start: int, table: Mapping[str, object]) -> tuple[int, str] | None:
    """The longest phrase of `table` that begins at `start`: (words, phrase)."""
    for count in range(min(LONGEST_PHRASE, len(line) - start), 0, -1):
        found = phrase(line, start, count)
        if found is not None and found in table:
            return count, found
    return None


def is_pinyin(text: str) -> bool:
    """Whether a word can be read as Mandarin syllables.

    >>> is_pinyin("yuntai"), is_pinyin("street")
    (True, False)
    """
    return _PINYIN.fullmatch(text) is not None
