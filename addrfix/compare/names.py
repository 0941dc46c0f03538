"""Names of places, brought to what tells one from another.

A name is folded (numerals, marks), the town it opens with and the words for its kind are set aside,
and what is left (its core) is compared: 杭州香樟花园小区 and 香樟花园 both leave 香樟.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from addrfix.compare.endings import (
    Kind,
    bare,
    generic,
    kind_alone,
    kind_at_end,
    opens_with_kind,
    word_at_end,
)
from addrfix.knowledge import words
from addrfix.model.protocols import DivisionIndex
from addrfix.model.terms import Level
from addrfix.patterns import pattern, word_class
from addrfix.text.numerals import arabic

_ASIDE = re.compile(r"[\s()\[\]·,.。\-_|/&;:!+'\"]+")
# Map services write a name twice.
_TWICE = re.compile(r"(.{3,}?)\1+")
_WHOLE = 4
"""Characters of a kind of institution that can stand for its name: 人民医院, but not 医院."""


class Name(NamedTuple):
    """A name in an address."""

    text: str
    """Folded, in lower case, with numerals as digits."""
    core: str
    """Without town, parts and words for its kind; two characters or more, or empty for a part."""
    stem: str
    """The core without what a firm deals in."""
    sound: str
    """The core's syllables without tones."""
    kind: Kind
    parts: frozenset[str] = frozenset()
    """Phases, quarters and blocks that the name carries: 2期, 西区."""
    gate: str | None = None
    """The way in that its end tells: 东门 of 云台花园东门, which stands for 云台花园."""
    beside: bool = False
    """The address only lies near it."""

    @property
    def ending(self) -> str:
        """The words for its kind."""
        return self.text.rpartition(self.core)[2] if self.core else ""


def fold_name(written: str) -> str:
    """A name without marks and width noise, numerals as digits."""
    return _ASIDE.sub("", arabic(written)).lower()


@cache
def _no_names() -> frozenset[str]:
    """Texts that stand where an address should be."""
    return frozenset(fold_name(row["text"]) for row in words("placeholders"))


def stands_in(text: str) -> bool:
    """Whether a whole text only stands where an address should be."""
    return fold_name(text) in _no_names()


class Namer:
    """Makes names, knowing the towns that names open with and how characters sound."""

    def __init__(self, index: DivisionIndex) -> None:
        """Take provinces and cities by short and full name, counties by full name."""
        towns: set[str] = set()
        level_word = pattern("compare_city_end")
        for name, level in zip(index.names, index.levels, strict=True):
            if level <= Level.DISTRICT:
                towns.add(name)
            if level <= Level.CITY and len(short := level_word.sub("", name)) >= 2:
                towns.add(short)
        self._towns = frozenset(towns)
        self._longest = max(map(len, towns), default=0)
        self._sounds = index.sounds
        self.name = lru_cache(maxsize=65_536)(self._name)

    def _name(self, written: str, village: bool = False) -> Name | None:
        text = pattern("compare_hung_on").sub("", _TWICE.sub(r"\1", fold_name(written)))
        text = pattern("compare_standing").sub("", text)
        if _says_nothing(text):
            return None
        if pattern("compare_gate").search(text) or kind_alone(text) is Kind.GATE:
            return Name(text, text, text, "", Kind.GATE)
        parts, core = _without_parts(text)
        if not core or generic(core):
            return self._part(text, core, parts)
        return self._whole(text, core, parts, village)

    def _part(self, text: str, core: str, parts: frozenset[str]) -> Name | None:
        """Part of a place, or only its kind: 西区, 二期, 小区."""
        if core and kind_alone(core) is Kind.INSTITUTION and len(core) >= _WHOLE:
            # 怀远县人民医院: the only one of its county, whose name stands before it.
            return Name(text, core, core, self._sound(core), Kind.INSTITUTION, parts)
        return Name(text, "", "", "", Kind.PART, parts) if parts else None

    def _whole(self, text: str, core: str, parts: frozenset[str], village: bool) -> Name | None:
        kind = _kind_of(core, village)
        if kind is not Kind.INSTITUTION:
            # 福建师范大学 without its province would be any 师范大学.
            core = self._without_town(core)
        if generic(core):
            # 杭州花园 is a name, 杭州分公司 is none.
            if kind is not Kind.SITE:
                return None
            return Name(text, text, text, self._sound(text), kind, parts)
        gate = word_at_end(core) if kind_at_end(core) is Kind.GATE else None
        core = bare(pattern("compare_village_end").sub("", core))
        return Name(text, core, bare(core, trades=True), self._sound(core), kind, parts, gate)

    def lane(self, written: str) -> Name:
        """A lane whose number is a compound: 崇文路499弄."""
        text = fold_name(written)
        return Name(text, text, text, "", Kind.LANE)

    def _sound(self, core: str) -> str:
        return " ".join(min(self._sounds(character), default=character) for character in core)

    def _without_town(self, text: str) -> str:
        shortened = True
        while shortened:
            shortened = False
            for length in range(min(self._longest, len(text) - 2), 1, -1):
                if text[:length] in self._towns and not opens_with_kind(text[length:]):
                    text, shortened = text[length:], True
                    break
        return text


def _says_nothing(text: str) -> bool:
    return (
        len(text) < 2
        or text.isdigit()
        or not any(map(str.isalnum, text))
        or text in _no_names()
        or pattern("compare_direction").search(text) is not None
        or pattern("compare_state").search(text) is not None
    )


def _without_parts(text: str) -> tuple[frozenset[str], str]:
    """The phases, quarters and blocks of a folded name, and the name without them."""
    part, quarter = pattern("compare_part"), pattern("compare_quarter")
    found = [*("".join(piece) for piece in part.findall(text)), *quarter.findall(text)]
    core = quarter.sub("", part.sub("", text)) if found else text
    return frozenset(found), core


def _kind_of(core: str, village: bool) -> Kind:
    # 香樟三村 is an estate in a town, 香樟村 a village.
    village = village and pattern("compare_numbered_estate").search(core) is None
    kind = Kind.VILLAGE if village else kind_at_end(core) or Kind.OTHER
    if kind is Kind.TENANT and core.endswith(word_class("firm_end")):
        return Kind.FIRM
    # 幸福里物业 and 幸福里东门 stand for 幸福里.
    return Kind.SITE if kind is Kind.GATE else kind
