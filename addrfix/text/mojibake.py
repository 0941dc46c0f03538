"""Text broken by a wrong encoding, made whole again where that is beyond doubt.

Three accidents are undone: UTF-8 read as GBK or GB18030 (娴欐睙), UTF-8 read as Latin-1 or CP1252
(æµ™æ±Ÿ), and GBK read as Latin-1 (Õã½­). Text is turned back into the bytes it came from; it was
broken only if these read as whole Chinese characters, one after the other. Real Chinese does not:
its GBK bytes are no UTF-8. A byte that was lost on the way (at the end of an odd run, or shown as ?
or U+FFFD) leaves a few characters possible; `gazetteer/words/lost_characters.tsv` chooses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from itertools import pairwise
from math import log1p
from operator import itemgetter
from typing import NamedTuple

from addrfix.knowledge import words

_LOST = -1
_LEADS = frozenset((*range(0xE2, 0xEA), 0xEF))
"""First bytes of Chinese characters and punctuation in UTF-8."""
_TRAILS = range(0x80, 0xC0)
_UNDEFINED = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
"""Bytes that CP1252 does not know, so that they come out as U+FFFD."""
_ENOUGH = 2
"""Whole characters that a run must give before it counts as broken beyond doubt."""
_CP1252 = {bytes([b]).decode("cp1252"): b for b in range(0x80, 0xA0) if b not in _UNDEFINED}
_HIGH = "".join(_CP1252) + "\u0080-\u00ff"


def _openings() -> str:
    """What the first two bytes of a Chinese character in UTF-8 look like when read as GB18030."""
    pairs = (bytes((a, b)) for a in range(0xE4, 0xEA) for b in _TRAILS)
    return "".join(sorted({pair.decode("gb18030") for pair in pairs}))


# One class of characters, so that ordinary text is done with in about a microsecond.
_SUSPECT = re.compile(f"[{_openings()}\u00b8-\u00f7]")
_WIDE_RUN = re.compile(r"[^\x00-\x7f](?:[^\x00-\x7f]|\?(?=[^\x00-\x7f])|\?$|\?(?=[0-9A-Za-z-]))*")
_NARROW_RUN = re.compile(f"[\u00c2-\u00ef][{_HIGH}\ufffd]+(?:[ ?]?[{_HIGH}\ufffd]+)*[ ?]?")
_GBK_RUN = re.compile(r"[\u00a1-\u00fe]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff\u3000-\u3015\u2010-\u2026\uff01-\uff5e①-⑳]")


class Repaired(NamedTuple):
    """Text made whole, and where each of its characters stood in the broken one."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    """Exclusive; never beyond the start of the next character."""


class _Byte(NamedTuple):
    value: int
    at: int
    """Position of the broken character that it comes from."""
    options: Sequence[int] = _TRAILS
    """What a lost byte may have been."""


class _Character(NamedTuple):
    options: tuple[str, ...]
    """What it may be: one where no byte was lost."""
    start: int
    end: int
    whole: bool


class Mojibake:
    """Finds and repairs broken text.

    Args:
        common: texts in which frequent characters are frequent, for guessing a lost byte.
    """

    def __init__(self, common: Iterable[str] = ()) -> None:
        self._common = common

    def repair(self, raw: str) -> Repaired | None:
        """The text made whole; None where nothing is broken beyond doubt."""
        if raw.isascii() or _SUSPECT.search(raw) is None:
            return None
        for pattern, characters in (
            (_WIDE_RUN, self._wide),
            (_NARROW_RUN, self._narrow),
            (_GBK_RUN, _from_gbk),
        ):
            found = [(run.span(), characters(raw, *run.span())) for run in pattern.finditer(raw)]
            known = [(span, run) for span, run in found if run]
            if pattern is _WIDE_RUN:
                known += [
                    tail
                    for span, run in found
                    if not run and (tail := self._tail(raw, *span)) is not None
                ]
                known.sort(key=itemgetter(0))
            # Real Chinese may stand beside broken text, but what is Latin is all of one kind.
            if pattern is _WIDE_RUN:
                sure = any(_beyond_doubt(run) for _, run in known)
            else:
                sure = len(known) == len(found) and _beyond_doubt([c for _, r in known for c in r])
            if sure:
                return self._assemble(raw, known)
        return None

    def _tail(
        self, raw: str, start: int, end: int
    ) -> tuple[tuple[int, int], list[_Character]] | None:
        """The broken end of a run that begins in real Chinese, as where columns were joined."""
        for opening in _SUSPECT.finditer(raw, start + 1, end):
            run = self._wide(raw, opening.start(), end)
            if run and sum(c.whole for c in run) > _ENOUGH and _beyond_doubt(run):
                return (opening.start(), end), run
        return None

    def _wide(self, raw: str, start: int, end: int) -> list[_Character] | None:
        data: list[_Byte] = []
        for at in range(start, end):
            character = raw[at]
            if character in "?\ufffd":
                data.append(_Byte(_LOST, at))
            elif character == "€":
                data.append(_Byte(0x80, at))
            else:
                try:
                    pair = character.encode("gb18030")
                except UnicodeEncodeError:
                    return None
                if len(pair) != 2:
                    return None
                data += (_Byte(pair[0], at), _Byte(pair[1], at))
        return self._characters(raw, data, _TRAILS)

    def _narrow(self, raw: str, start: int, end: int) -> list[_Character] | None:
        data = []
        for at in range(start, end):
            character = raw[at]
            if character == " ":
                data.append(_Byte(_LOST, at, (0xA0,)))
            elif character in "?\ufffd":
                data.append(_Byte(_LOST, at, _UNDEFINED))
            else:
                data.append(_Byte(_CP1252.get(character, ord(character)), at))
        return self._characters(raw, data, _UNDEFINED)

    def _characters(
        self, raw: str, data: Sequence[_Byte], missing: Sequence[int]
    ) -> list[_Character] | None:
        """The bytes read as UTF-8; None where they are no Chinese in UTF-8.

        `missing` is what a byte that left no mark may have been.
        """
        out: list[_Character] = []
        position = 0
        while position < len(data):
            lead = data[position]
            if lead.value == _LOST:
                out.append(_Character((raw[lead.at],), lead.at, lead.at + 1, False))
                position += 1
                continue
            if lead.value not in _LEADS:
                return None
            position += 1
            trails: list[_Byte] = []
            for _ in range(2):
                if position < len(data) and data[position].value in (_LOST, *_TRAILS):
                    trails.append(data[position])
                    position += 1
                else:
                    trails.append(_Byte(_LOST, -1, missing))
            last = max(lead.at, *(byte.at for byte in trails))
            options = _options(lead.value, trails)
            if not options:
                return None
            whole = all(byte.value != _LOST for byte in trails)
            out.append(_Character(options, lead.at, last + 1, whole))
        return out

    def _settled(self, raw: str, run: Sequence[_Character]) -> list[str]:
        """One character each: where a byte was lost, the likeliest between its neighbours."""
        out: list[str] = []
        for number, slot in enumerate(run):
            if len(slot.options) == 1:
                out.append(slot.options[0])
                continue
            before = out[-1] if out else raw[max(0, slot.start - 1) : slot.start]
            follower = run[number + 1 : number + 2]
            after = follower[0].options if follower else (raw[slot.end : slot.end + 1],)
            ranks = _ranks("digit" if before.isdigit() else "any")
            alone, pairs = self._counts
            out.append(
                max(
                    slot.options,
                    key=lambda c: (
                        log1p(alone[c]) + 2.0 * log1p(pairs[before + c]) + ranks.get(c, 0.0)
                        + 2.0 * log1p(max(pairs[c + behind] for behind in after)),
                        c in _plain(),
                    ),
                )
            )  # fmt: skip
        return out

    def _assemble(
        self, raw: str, runs: Sequence[tuple[tuple[int, int], Sequence[_Character]]]
    ) -> Repaired:
        pieces: list[tuple[str, int, int]] = []
        position = 0
        for (start, end), run in runs:
            pieces += ((raw[i], i, i + 1) for i in range(position, start))
            settled = self._settled(raw, run)
            pieces += ((c, slot.start, slot.end) for c, slot in zip(settled, run, strict=True))
            position = end
        pieces += ((raw[i], i, i + 1) for i in range(position, len(raw)))
        texts, starts, ends = zip(*pieces, strict=True)
        # Two characters share a broken one where bytes were paired: it counts for the second.
        ends = tuple(map(min, ends, (*starts[1:], len(raw))))
        return Repaired("".join(texts), starts, ends)

    @cached_property
    def _counts(self) -> tuple[Counter[str], Counter[str]]:
        """How often a character, and a pair of them, stands in the common texts."""
        alone: Counter[str] = Counter()
        pairs: Counter[str] = Counter()
        for text in self._common:
            alone.update(text)
            pairs.update(map("".join, pairwise(text)))
        return alone, pairs


def _options(lead: int, trails: Sequence[_Byte]) -> tuple[str, ...]:
    """Chinese characters that begin with `lead`; none where both other bytes were lost."""
    if all(byte.value == _LOST for byte in trails):
        # Too many to weigh: only the characters that are likely anywhere.
        return tuple(c for c in _ranks("any") if c.encode()[0] == lead)
    first, second = (byte.options if byte.value == _LOST else (byte.value,) for byte in trails)
    pairs = [(a, b) for a in first for b in second]
    if trails[1].at < 0 and trails[1].options is _UNDEFINED:
        # Either of the two may be the one that left no mark.
        pairs += [(b, a) for a, b in pairs]
    return tuple(
        character
        for a, b in pairs
        if (character := _decoded(bytes((lead, a, b)))) and _CHINESE.match(character)
    )


@cache
def _ranks(after: str) -> dict[str, float]:
    """Characters that are likely behind a digit or anywhere, with what that is worth."""
    return {
        character: float(row["worth"])
        for row in words("lost_characters")
        if row["after"] == after
        for character in row["characters"]
    }


@cache
def _plain() -> frozenset[str]:
    """Level 1 of GB 2312, the commonest 3,755 characters, and their traditional shapes."""
    pairs = (bytes((a, b)) for a in range(0xB0, 0xD8) for b in range(0xA1, 0xFF))
    level_1 = {pair.decode("gb2312", "ignore") for pair in pairs} - {""}
    variants = {row["from"] for row in words("script_variants") if row["to"] in level_1}
    return frozenset(level_1 | variants)


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "ignore")


def _from_gbk(raw: str, start: int, end: int) -> list[_Character] | None:
    """A run of Latin letters with accents read as the two-byte characters of GB 2312."""
    if (end - start) % 2:
        return None
    try:
        text = raw[start:end].encode("latin-1").decode("gb2312")
    except UnicodeDecodeError:
        return None
    if not all(character in _plain() or _CHINESE.match(character) for character in text):
        return None
    if len(set(text)) <= _ENOUGH < len(text):
        return None
    return [
        _Character((character,), start + 2 * i, start + 2 * i + 2, True)
        for i, character in enumerate(text)
    ]


def _beyond_doubt(run: Sequence[_Character]) -> bool:
    """Whether a run gives whole ordinary characters, and more of them than were guessed."""
    whole = [character.options[0] for character in run if character.whole]
    ordinary = sum(character in _plain() or character >= "\uff00" for character in whole)
    return len(whole) >= max(_ENOUGH, len(run) - len(whole)) and ordinary * 4 >= len(whole) * 3
