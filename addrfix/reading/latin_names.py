"""Division names in Latin letters: Xihu District, Xihu Qu, Xihuqu, Xi Hu, Inner Mongolia."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from addrfix.knowledge import words
from addrfix.model.nouns import Form, Hit, traits_of
from addrfix.model.protocols import DivisionIndex
from addrfix.reading.latin_words import (
    LONGEST_PHRASE,
    LatinWords,
    Token,
    joined,
    known,
    latin_words,
    phrase,
)

_SPELLINGS = (("lv", "lu"), ("lv", "lyu"), ("nv", "nu"))
"""Pinyin with ü, and how it is written where there is no such key."""
_ETHNIC_WORDS = 5
"""Words that may stand between a name and `Autonomous`: Miao, Yao and Dai."""


_SHORTEST = 4
"""Letters of a bare name; shorter ones are words of English too."""


@cache
def _latin() -> frozenset[str]:
    return frozenset(joined(row["name"]) for row in words("latin_names"))


class Found(NamedTuple):
    """A division name at tokens `start` to `end`, with all it may mean."""

    start: int
    end: int
    divisions: tuple[int, ...]
    ranked: bool
    """Whether the text says what kind of division it is."""
    weak: bool = False
    """Whether it may as well be part of a place's name."""

    def hit(self, line: Sequence[Token], index: DivisionIndex) -> Hit:
        """The same as a hit of the readings."""
        kind = "alias" if self.ranked else "short"
        forms = tuple(Form(d, index.levels[d], kind, 1.0, ()) for d in self.divisions)
        return Hit(line[self.start].start, line[self.end - 1].end, forms, traits_of(forms))


class LatinNames:
    """Divisions of levels 1 to 3 by pinyin and Latin name; towns below one division when asked."""

    def __init__(self, index: DivisionIndex) -> None:
        """Index the names; some 4,000 of them."""
        self._index = index
        high = [division for division, level in enumerate(index.levels) if level <= 3]
        self._names, self._stems = _by_sound(high, index)
        by_code = {index.codes[division]: division for division in high}
        for row in words("latin_names"):
            if row["code"] in by_code:
                self._names.setdefault(joined(row["name"]), []).insert(0, by_code[row["code"]])

    def find(self, line: Sequence[Token]) -> list[Found]:
        """Names of provinces, cities and counties, by position, not overlapping."""
        found = _scan(line, self._names, self._stems, self._index)
        strong = [name for name in found if not name.weak]
        if not any(self._index.levels[d] <= 2 for name in strong for d in name.divisions):
            strong = [n for n in found if not n.weak or self._index.levels[n.divisions[0]] <= 2]
        return [self._settled(name, strong) for name in strong]

    def _settled(self, name: Found, others: Sequence[Found]) -> Found:
        """A city's bare name is not that of a county elsewhere: Nanjing is not 南靖."""
        index = self._index
        if name.ranked or all(index.levels[d] == 3 for d in name.divisions):
            return name
        named = {d for other in others if other is not name for d in other.divisions}
        kept = [
            d for d in name.divisions if index.levels[d] <= 2 or named & _above(d, index)
        ]  # fmt: skip
        return name._replace(divisions=tuple(kept))

    def towns(self, line: Sequence[Token], division: int, taken: frozenset[int]) -> list[Found]:
        """Towns of `division` at tokens that no other name has taken."""
        below = dict.fromkeys(
            town for _, town, level, _ in self._index.children(division) if level == 4
        )
        names, stems = _by_sound(below, self._index)
        return [
            name
            for name in _scan(line, names, stems, self._index)
            if not taken.intersection(range(name.start, name.end))
            and (name.ranked or _stands_alone(line, name.start, name.end))
        ]


def _by_sound(
    divisions: Iterable[int], index: DivisionIndex
) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Divisions by joined pinyin; and those whose name holds its rank, by the pinyin before it."""
    names: dict[str, list[int]] = {}
    stems: dict[str, list[int]] = {}
    for division in divisions:
        syllables = index.pinyin[division].split()
        for written in _spellings("".join(syllables)):
            names.setdefault(written, []).append(division)
        if len(syllables) == len(index.names[division]) and len(syllables) > 1:
            stems.setdefault("".join(syllables[:-1]), []).append(division)
    return names, stems


def _spellings(sound: str) -> dict[str, None]:
    return dict.fromkeys((sound, *(sound.replace(a, b) for a, b in _SPELLINGS)))


def _above(division: int, index: DivisionIndex) -> set[int]:
    out: set[int] = set()
    division = index.parents[division]
    while division >= 0:
        out.add(division)
        division = index.parents[division]
    return out


def _scan(
    line: Sequence[Token],
    names: Mapping[str, list[int]],
    stems: Mapping[str, list[int]],
    index: DivisionIndex,
) -> list[Found]:
    out: list[Found] = []
    position = 0
    while position < len(line):
        name = _at(line, position, names, stems, index)
        if name is not None and not name.ranked:
            behind = bool(out) and out[-1].end == position
            name = _guarded(line, name, index, behind)
        if name is None:
            position += 1
        else:
            out.append(name)
            position = name.end
    return out


def _at(
    line: Sequence[Token],
    start: int,
    names: Mapping[str, list[int]],
    stems: Mapping[str, list[int]],
    index: DivisionIndex,
) -> Found | None:
    table = latin_words()
    for count in range(min(LONGEST_PHRASE, len(line) - start), 0, -1):
        written = phrase(line, start, count)
        if written is None:
            continue
        end = start + count
        meant = names.get(written, [])
        rank = _rank_behind(line, end, table)
        if rank is not None:
            fitting = _of_rank([*meant, *stems.get(written, [])], rank[1], index)
            if fitting:
                return Found(start, rank[0], fitting, True)
        if not meant:
            glued = _glued(written, names, stems, table, index)
            if glued:
                return Found(start, end, glued, True)
        elif len(written) >= _SHORTEST or line[start].apart or written in _latin():
            # 嵩县 is Songxian: the name alone holds its rank.
            whole = tuple(d for d in meant if d in stems.get(_stem(d, index), ()))
            # Jian Shi is 集安市 as well as 建始: the rest of the text will tell.
            apart = count > 1 and line[end - 1].low in table.glued_ranks
            more = _glued(written, names, stems, table, index) if apart else ()
            every = tuple(dict.fromkeys((*(whole or meant), *more)))
            return Found(start, end, every, bool(whole or more))
    return None


def _stem(division: int, index: DivisionIndex) -> str:
    return "".join(index.pinyin[division].split()[:-1])


def _rank_behind(
    line: Sequence[Token], end: int, table: LatinWords
) -> tuple[int, tuple[str, ...]] | None:
    """The rank behind a name: (token behind it, endings of official names)."""
    found = known(line, end, table.ranks)
    if found is not None:
        return end + found[0], table.ranks[found[1]]
    for ahead in range(end + 1, min(end + _ETHNIC_WORDS + 1, len(line))):
        if line[ahead - 1].kind != "word" and line[ahead - 1].low != ",":
            break
        if line[ahead].low == "autonomous":
            rank = known(line, ahead, table.ranks)
            return None if rank is None else (ahead + rank[0], table.ranks[rank[1]])
    return None


def _of_rank(
    divisions: Iterable[int], endings: Sequence[str], index: DivisionIndex
) -> tuple[int, ...]:
    fitting = (d for d in divisions if index.names[d].endswith(tuple(endings)))
    return tuple(dict.fromkeys(fitting))


def _glued(
    written: str,
    names: Mapping[str, list[int]],
    stems: Mapping[str, list[int]],
    table: LatinWords,
    index: DivisionIndex,
) -> tuple[int, ...]:
    for rank in table.glued_ranks:
        if written.endswith(rank):
            stem = written[: -len(rank)]
            meant = _of_rank([*names.get(stem, []), *stems.get(stem, [])], table.ranks[rank], index)
            if meant:
                return meant
    return ()


def _guarded(
    line: Sequence[Token], name: Found, index: DivisionIndex, behind: bool
) -> Found | None:
    """A bare name, unless a road or place is called after it: Nanjing West Road, Hangzhou Hotel."""
    table = latin_words()
    after = name.end
    while after < len(line) and line[after].low in table.directions:
        after += 1
    called = known(line, after, table.names)
    if called is not None and (table.names[called[1]] == "road" or after == name.end):
        return None
    ahead = name.end
    while ahead < len(line) and line[ahead].kind == "word":
        called = known(line, ahead, table.names)
        if called is not None:
            break
        ahead += 1
    in_place = (
        ahead < len(line) and line[ahead].kind == "word"
        and called is not None and table.names[called[1]] not in ("road", "community")
    )  # fmt: skip
    county = all(index.levels[d] == 3 for d in name.divisions)
    alone = behind or _stands_alone(line, name.start, name.end)
    return name._replace(weak=in_place or (county and not alone))


def _stands_alone(line: Sequence[Token], start: int, end: int) -> bool:
    """Whether commas or the ends of the text enclose the tokens; numbers count behind them."""
    before = start == 0 or line[start - 1].kind in ("break", "open", "close")
    return before and (end == len(line) or line[end].kind != "word")
