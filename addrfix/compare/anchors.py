"""The finest pair of names that two sides share, and how alike names of places are."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz

from addrfix.compare.endings import Kind, bare, endings_part
from addrfix.compare.names import Name
from addrfix.compare.rarity import bits
from addrfix.compare.roads import same_road, turns
from addrfix.compare.sides import Side

EQUAL = 0.95
LIKE = 0.9
_SOUNDS_LIKE = 0.93
_PART_OF = 0.75
_POSSIBLE = 0.7
# Bits that a stretch shared by two different names must carry to count.
_TELLING = 30.0
_SHORTEST = 3
_PLAIN = frozenset((Kind.SITE, Kind.OTHER, Kind.VILLAGE))
# What is told apart by what it does: 云台小学 and 云台中学, 云台超市 and 云台饭店.
_BY_TRADE = frozenset((Kind.INSTITUTION, Kind.TENANT))
_DOWNTOWN = frozenset((Kind.TENANT, Kind.FIRM, Kind.OTHER, Kind.BRANCH))


@dataclass(slots=True)
class Anchor:
    """The finest pair of names that mean one place."""

    one: Name
    other: Name
    score: float
    """0 to 1, how alike the names are."""
    stretch: str
    """What the names share."""
    pairs: int
    """How many names are matched."""
    at: tuple[int, int]
    finer: tuple[bool, bool]
    """Whether names stand after it that the other side does not have."""

    @property
    def beside(self) -> bool:
        """Whether one side only lies near it."""
        return self.one.beside or self.other.beside

    @property
    def kinds(self) -> set[Kind]:
        """What the two are names of."""
        return {self.one.kind, self.other.kind}

    @property
    def kindred(self) -> bool:
        """Whether both are names of the same kind of place: 云台小区, but not 云台小学."""
        return len(self.kinds) == 1 or self.kinds <= _PLAIN or self.kinds <= _DOWNTOWN


def alike(x: Name, y: Name) -> float:
    """0 to 1: how alike two names of places are."""
    if x.text == y.text:
        return 1.0
    if Kind.LANE in (x.kind, y.kind):
        return EQUAL if x.kind is y.kind and same_road(x.text, y.text) else 0.0
    if x.core == y.core:
        return _alike_endings(x, y)
    if _with_locality(x, y) or _with_locality(y, x):
        return EQUAL
    if (len(x.core), x.core) > (len(y.core), y.core):
        x, y = y, x
    return _alike_cores(x, y) if len(x.core) >= 2 else 0.0


def _alike_endings(x: Name, y: Name) -> float:
    """Names that differ in the words for their kind alone."""
    if x.kind is not y.kind:
        return EQUAL
    if x.kind is Kind.FIRM and _other_trade(x.ending, y.ending):
        return LIKE
    return 0.0 if x.kind in _BY_TRADE and endings_part(x.ending, y.ending) else EQUAL


def _alike_cores(x: Name, y: Name) -> float:
    """Names with two cores, that of `x` the shorter."""
    short, long = x.core, y.core
    if x.stem == y.stem == short and not {x.kind, y.kind} <= _PLAIN:
        # 香樟 and 香樟光电
        return EQUAL
    if short in long:
        if len(short) >= _SHORTEST:
            return EQUAL if long.endswith(short) else LIKE
        return LIKE if len(short) * 2 >= len(long) else _PART_OF
    if x.sound == y.sound or (len(short) >= _SHORTEST and y.sound.endswith(f" {x.sound}")):
        return _SOUNDS_LIKE
    ratio: float = fuzz.ratio(short, long) / 100
    if ratio < _POSSIBLE or not turns().isdisjoint(set(short) ^ set(long)):
        return 0.0
    return ratio if len(short) > _SHORTEST else ratio * 0.9


def _other_trade(one: str, other: str) -> bool:
    """鹿鸣科技有限公司 and 鹿鸣贸易有限公司 are two firms; without a trade it is either."""
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return bool(one and other) and set(one).isdisjoint(other)


def _with_locality(x: Name, y: Name) -> bool:
    """Whether `y` is `x` with the place before it that it lies in: 白塔村香樟花园."""
    return len(x.text) > _SHORTEST and len(x.core) >= 2 and y.text.endswith(x.text)


def anchor(a: Side, b: Side) -> Anchor | None:
    """The finest name that both sides have; None where they share none."""
    hits = [
        (score, i, j)
        for i, x in enumerate(a.names)
        for j, y in enumerate(b.names)
        if (score := alike(x, y)) >= _POSSIBLE
    ]
    hits = hits or _overlap(a, b)
    if not hits:
        return None
    at_place = [hit for hit in hits if not (a.names[hit[1]].beside or b.names[hit[2]].beside)]
    score, i, j = max(at_place or hits, key=lambda hit: _fineness(a, b, hit))
    ours, theirs = {hit[1] for hit in hits}, {hit[2] for hit in hits}
    return Anchor(
        one=a.names[i],
        other=b.names[j],
        score=score,
        stretch=_stretch(a.names[i], b.names[j]),
        pairs=min(len(ours), len(theirs)),
        at=(i, j),
        finer=(_finer(a, i, ours, b), _finer(b, j, theirs, a)),
    )


def _fineness(a: Side, b: Side, hit: tuple[float, int, int]) -> tuple[object, ...]:
    """The last sure pair is the finest; ties are broken alike in both orders."""
    score, i, j = hit
    names = sorted((name.text, name.kind) for name in (a.names[i], b.names[j]))
    return score >= LIKE, i + j, score, -abs(i - j), names


def _stretch(x: Name, y: Name) -> str:
    """What two names share that tells something."""
    if x.kind is y.kind is Kind.FIRM and x.text == y.text:
        # What a firm deals in is part of its registered name.
        return x.text
    core = min(x.core, y.core, key=lambda core: (len(core), core))
    if core in x.text and core in y.text:
        return core
    return common(x.text, y.text) or core


def _finer(side: Side, at: int, matched: set[int], other: Side) -> bool:
    return any(
        index > at
        and index not in matched
        and not name.beside
        and name.kind is not Kind.BRANCH
        and name.core not in other.text
        for index, name in enumerate(side.names)
    )


def _overlap(a: Side, b: Side) -> list[tuple[float, int, int]]:
    """The two names that share the most telling stretch: the last resort."""
    best: tuple[float, str, int, int] | None = None
    for i, x in enumerate(a.names):
        for j, y in enumerate(b.names):
            if Kind.LANE in (x.kind, y.kind):
                continue
            shared = common(x.text, y.text)
            if len(shared) < _SHORTEST or len(shared := bare(shared)) < _SHORTEST:
                continue
            weight = bits(shared)
            if weight >= _TELLING and (best is None or (weight, shared) > best[:2]):
                best = weight, shared, i, j
    return [] if best is None else [(LIKE, best[2], best[3])]


def common(one: str, other: str) -> str:
    """The longest stretch of three or more characters that stands in both; the first of equals."""
    if (len(one), one) > (len(other), other):
        one, other = other, one
    best = ""
    start = 0
    while start + max(len(best), 2) < len(one):
        end = start + max(len(best) + 1, 3)
        if one[start:end] in other:
            while end < len(one) and one[start : end + 1] in other:
                end += 1
            best = one[start:end]
        start += 1
    return best
