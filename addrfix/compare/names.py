"""Names of places, brought to what tells one from another.

A name is folded (numerals, marks), the town it opens with and the words for its kind are set aside,
and what is left (its core) is compared: 杭州香樟花园小区 and 香樟花园 both leave 香樟.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from addrfix.knowledge import words
from addrfix.model.protocols import DivisionIndex
from addrfix.model.terms import Level
from addrfix.text.numerals import arabic

_LEVEL_WORD = re.compile(r"(?:省|市|自治区|地区|盟)$")
_ASIDE = re.compile(r"[\s()\[\]·,.。\-_|/&;:!+'\"]+")
# Parts of a place that its name carries: 二期, 西区, B座, 四小区; 小区 and 开发区 are none.
_PART = re.compile(
    r"(?:第?\d{1,3}|(?<![a-z])[a-z]|[东西南北中上下]{1,2}|[甲乙丙丁])"
    r"(?:期|小?区|院|座|组团|号院|号门|地块|块|馆|厅|分店|分厂|厂区)"
)
_QUARTER = re.compile(r"(?<=[园区城村府庭院里])[东西南北]苑$")
_GATE = re.compile(r"(?:[东西南北]{1,2}|\d{1,2}号?|[a-d])\d{0,2}(?:小|大|侧|正)?(?:门|口)")
_VILLAGE = re.compile(
    r"(?<=..)(?:(?:自然|行政)?村|社区)?(?:村民委员会|居民委员会|村?委会|居委会)?$"
)
# 香樟公寓香樟公寓: map services write a name twice.
_TWICE = re.compile(r"(.{3,}?)\1+")
_NUMBERED = re.compile(r"\d村$")
_FIRM = ("公司", "集团", "厂")
_TRADING = (*_FIRM, "中心", "商行", "经营部")
_SHOPS = "厂店"
# What map services and clerks hang on a name: where it stands to a road, that it is being built.
_BEFORE = re.compile(
    r"(?:交[汇叉](?:路?口|处)?|[路交]口|[东西南北中\d]?段|斜?对面|旁边?|附近|直走|路[东西南北])(?=..)"
)
_AFTER = re.compile(r"(?<=..)(?:前台|门口|楼[上下]|旁边?|附近|斜|分店)$")
_STATE = re.compile(
    r"(?:在?建设中|暂停营业|停业|装修中?|筹|已?搬迁|建设|规划中?|首层|底层|负[一二三1-3]层?"
    r"|地下室?|(?:地下)?(?:停?车库|车位|停车场)(?:负\d层?)?(?:车位)?|楼下|自提点|存包处)$"
)
# What no name of a place begins with, so that what stands before belongs to it.
_WHOLE = 4
"""Characters of a kind of institution that can stand for its name: 人民医院, but not 医院."""
_OF_A_NAME = "园村苑里路街镇乡庄"
_DIRECTION = re.compile(r"[东西南北中侧边面]+$")


class Kind(StrEnum):
    """What a name is the name of."""

    SITE = "site"
    TENANT = "tenant"
    FIRM = "firm"
    INSTITUTION = "institution"
    VILLAGE = "village"
    LANE = "lane"
    BRANCH = "branch"
    OTHER = "other"
    PART = "part"
    GATE = "gate"


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
    beside: bool = False
    """The address only lies near it."""


class _Endings(NamedTuple):
    kinds: dict[str, Kind]
    empty: frozenset[str]
    """Endings that say only what kind of place it is."""
    trades: frozenset[str]
    """Words before 公司 and the like that tell no two firms apart."""
    longest: int


@cache
def _endings() -> _Endings:
    kinds: dict[str, Kind] = {}
    trades: set[str] = set()
    for row in words("compare_kinds"):
        if row["kind"] == "trade":
            trades.add(row["word"])
        else:
            kinds[row["word"]] = Kind(row["kind"])
    longest = max(map(len, kinds))
    return _Endings(kinds, frozenset(kinds), frozenset(trades), longest)


def _kind(text: str) -> Kind | None:
    kinds = _endings().kinds
    for length in range(min(_endings().longest, len(text)), 0, -1):
        if (kind := kinds.get(text[-length:])) is not None:
            return kind
    return None


def bare(text: str, *, trades: bool = False) -> str:
    """Without the words for its kind at the end, as long as two characters stay.

    Args:
        text: a folded name.
        trades: whether what a firm deals in is set aside too, although nothing says it is a firm.
    """
    endings = _endings()
    trading = trades or text.endswith(_TRADING)
    empty = endings.empty | endings.trades if trades else endings.empty
    shortened = True
    while shortened:
        shortened = False
        for length in range(min(endings.longest, len(text) - 2), 0, -1):
            if text[-length:] in empty and (length > 1 or text[-1] in _SHOPS):
                text, shortened = text[:-length], True
                break
        if shortened and trading:
            empty = endings.empty | endings.trades
    return text


def _kind_first(rest: str) -> bool:
    """Whether a text opens with a word for its kind: 园小区 of 山西园小区 is no name of its own."""
    return rest[0] in _OF_A_NAME or any(
        rest[:length] in _endings().empty for length in range(2, len(rest))
    )


def generic(text: str) -> bool:
    """Whether a text only says what kind of place it is."""
    return text in _endings().empty


def fold_name(written: str) -> str:
    """A name without marks and width noise, numerals as digits."""
    return _ASIDE.sub("", arabic(written)).lower()


class Namer:
    """Makes names, knowing the towns that names open with and how characters sound."""

    def __init__(self, index: DivisionIndex) -> None:
        """Take provinces and cities by short and full name, counties by full name."""
        towns: set[str] = set()
        for name, level in zip(index.names, index.levels, strict=True):
            if level <= Level.DISTRICT:
                towns.add(name)
            if level <= Level.CITY and len(short := _LEVEL_WORD.sub("", name)) >= 2:
                towns.add(short)
        self._towns = frozenset(towns)
        self._longest = max(map(len, towns), default=0)
        self._sounds = index.sounds
        self.name = lru_cache(maxsize=65_536)(self._name)

    def _name(self, written: str, village: bool = False) -> Name | None:
        text = _AFTER.sub("", _TWICE.sub(r"\1", fold_name(written)))
        if opening := _BEFORE.match(text):
            text = text[opening.end() :]
        if len(text) < 2 or text.isdigit() or _DIRECTION.match(text) or _STATE.match(text):
            return None
        if _GATE.fullmatch(text) or _endings().kinds.get(text) is Kind.GATE:
            return Name(text, text, text, "", Kind.GATE)
        found = [*_PART.findall(text), *_QUARTER.findall(text)]
        parts = frozenset(part.removeprefix("第").replace("小区", "区") for part in found)
        core = _QUARTER.sub("", _PART.sub("", text)) if parts else text
        if not core or core in _endings().empty:
            if _endings().kinds.get(core) is Kind.INSTITUTION and len(core) >= _WHOLE:
                # 怀远县人民医院: the only one of its county, whose name stands before it.
                return Name(text, core, core, self._sound(core), Kind.INSTITUTION, parts)
            # 西区, 二期, 小区: part of a place, or only its kind.
            return Name(text, "", "", "", Kind.PART, parts) if parts else None
        kind = self._kind_of(core, village)
        if kind is not Kind.INSTITUTION:
            # 福建师范大学 without its province would be any 师范大学.
            core = self._without_town(core)
        if core in _endings().empty:
            # 杭州花园 is a name, 杭州分公司 is none.
            if kind is not Kind.SITE:
                return None
            return Name(text, text, text, self._sound(text), kind, parts)
        core = bare(_VILLAGE.sub("", core))
        return Name(text, core, bare(core, trades=True), self._sound(core), kind, parts)

    def lane(self, written: str) -> Name:
        """A lane whose number is a compound: 崇文路499弄."""
        text = fold_name(written)
        return Name(text, text, text, "", Kind.LANE)

    @staticmethod
    def _kind_of(core: str, village: bool) -> Kind:
        # 香樟三村 is an estate in a town, 香樟村 a village.
        village = village and _NUMBERED.search(core) is None
        kind = Kind.VILLAGE if village else _kind(core) or Kind.OTHER
        if kind is Kind.TENANT and core.endswith(_FIRM):
            return Kind.FIRM
        # 幸福里物业 and 幸福里东门 stand for 幸福里.
        return Kind.SITE if kind is Kind.GATE else kind

    def _sound(self, core: str) -> str:
        return " ".join(min(self._sounds(character), default=character) for character in core)

    def _without_town(self, text: str) -> str:
        shortened = True
        while shortened:
            shortened = False
            for length in range(min(self._longest, len(text) - 2), 1, -1):
                if text[:length] in self._towns and not _kind_first(text[length:]):
                    text, shortened = text[length:], True
                    break
        return text
