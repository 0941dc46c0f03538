"""The best consistent chain of divisions among the names found in a text.

Every division that any name may mean is a target. What speaks for a target are the names of the
divisions on its way up to the province, each counted once; what speaks against it are names it
cannot explain. Order and repetition do not matter, so 河北省河北石家庄 and a wrong level between
two right ones read the same way. The method is plain on purpose: a sum that can be shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from addrfix.knowledge import words
from addrfix.model.nouns import (
    CLEAR,
    HISTORIC_KINDS,
    SHORT_KINDS,
    Form,
    Hit,
    Mention,
    Reading,
    Trait,
)
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import one_branch
from addrfix.reading.settling import settled
from addrfix.text.marks import SEPARATORS

# More meanings than this are looked at only where another name narrows them down (城关镇 has 300).
_MANY = 12
# What a reading loses where nothing above its one town is written, by whether the town's name is
# found once or more often in the country.
_LONE_TOWN = (0.6, 1.5)
# What it costs at least to leave unexplained the short name of a county that opens the text.
_OPENING = 1.6
# What the short name of a county loses that stands alone and not at the beginning.
_LONE_COUNTY = 0.8
# What a place in Taiwan, Hong Kong, Macau or Sansha loses where that is not written: their
# districts have the names of other counties and towns.
_OFFSHORE = 1.5
OFFSHORE_CODES = ("71", "81", "82")
"""How the codes of Taiwan, Hong Kong and Macau begin."""
_STAYS = ("81", "82")
_SANSHA = "4603"
# What a former division loses for the part of it that went elsewhere.
_SHARE_LOST = 1.2
# What a name gains that stands right behind the name of what it lies in.
_ADJACENT = 0.3
# What the name of a former parent is worth, as a part of what it is worth in force: enough that
# a town that moved, in full, outweighs the county that it left. Before a town in short it counts
# whole.
_FORMER_PARENT = 0.7
# What a former name, or one that several cities have, loses where another city is written.
_DOUBTFUL_ELSEWHERE = 1.5
_NEVER = 99.0
_NOT_NAMED = (0.0, -1)
# A reading that scores less than this is none.
_LEAST = 0.4
# Readings closer together than this (in score) are a tie that the text does not decide.
TIE = 0.6


@dataclass(frozen=True, slots=True)
class Weights:
    """Weight of a name by (kind, level): touching another, standing apart, left unexplained."""

    touching: dict[tuple[str, int], float]
    apart: dict[tuple[str, int], float]
    unexplained: dict[tuple[str, int], float]

    @staticmethod
    @cache
    def shipped() -> Weights:
        """The table `gazetteer/words/mention_weights.tsv`."""
        rows = [((row["kind"], int(row["level"])), row) for row in words("mention_weights")]
        return Weights(
            {key: float(row["touching"]) for key, row in rows},
            {key: float(row["apart"]) for key, row in rows},
            {key: float(row["unexplained"]) for key, row in rows},
        )


def _touching(key: str, hits: Sequence[Hit]) -> list[bool]:
    """Whether each hit begins the text, follows a separator or touches another hit."""
    starts = {hit.start for hit in hits}
    ends = {hit.end for hit in hits}
    return [
        start == 0
        or start in ends
        or key[start - 1] in SEPARATORS
        or (end in starts and end - start >= 3)
        for start, end, _, _ in hits
    ]


class _Walk(NamedTuple):
    """The names on the way from a division up to its province, and what they explain."""

    mentions: list[Mention]
    """Province first."""
    used: set[int]
    """Numbers of the hits that they are."""
    old: set[int]
    """Divisions that one of the divisions once lay in."""
    path: set[int]
    """Every division on the way, named or not."""
    score: float


class _Rest(NamedTuple):
    """The names that are not on the way."""

    contradicted: list[Hit]
    repeated: list[Mention]
    former: list[Mention]
    score: float


def _meant_in(hit: Hit, divisions: set[int]) -> Form | None:
    """The first meaning of a name that is one of these divisions."""
    for form in hit.forms:
        if form.division in divisions:
            return form
    return None


class _Scene:
    """The names of one text, weighed; answers what speaks for and against a division."""

    def __init__(self, key: str, hits: Sequence[Hit], index: DivisionIndex) -> None:
        self.index = index
        self.hits = hits
        weights = Weights.shipped()
        touching = _touching(key, hits)
        # Best name of a division: (weight, number of the hit, form).
        self.best: dict[int, tuple[float, int, str, int, tuple[int, ...]]] = {}
        self.against: list[float] = []
        for number, (hit, near) in enumerate(zip(hits, touching, strict=True)):
            table = weights.touching if near else weights.apart
            loss = 0.0
            start, end, forms, _ = hit
            for division, level, kind, share, old_parents in forms:
                slot = (kind, level)
                weight = table.get(slot, 0.0)
                if end - start == 2 and kind in ("official", "historic"):
                    weight *= 0.75
                if share < 1.0:
                    weight -= _SHARE_LOST * (1.0 - share)
                cost = weights.unexplained.get(slot, 0.0) * (1.0 if near else 0.4)
                if start == 0 and kind == "short" and level <= 3:
                    cost = max(cost, _OPENING)
                loss = max(loss, cost)
                known = self.best.get(division)
                # Of two equal names the later one is the county: 河北承德承德 ends in 承德县.
                later = known is not None and weight == known[0] and level == 3
                if weight > 0.0 and (known is None or weight > known[0] or later):
                    self.best[division] = (weight, number, kind, level, old_parents)
            self.against.append(loss)
        if hits[0].start == 0 and len(hits) > 1 and hits[1].start == hits[0].end:
            self._stay_offshore()

    def _stay_offshore(self) -> None:
        """Where 香港 or 澳门 opens the names, nothing behind it leads elsewhere (香港西区)."""
        codes = self.index.codes
        if any(f.level == 1 and codes[f.division][:2] in _STAYS for f in self.hits[0].forms):
            self.against = [_NEVER, *(min(loss, TIE / 2) for loss in self.against[1:])]

    def targets(self) -> list[int]:
        """Divisions worth weighing: all that names mean, few of many where nothing narrows."""
        narrow: set[int] = set()
        for hit in self.hits:
            if len(hit.forms) <= _MANY:
                narrow.update(form.division for form in hit.forms if form.level <= 3)
        out: dict[int, None] = {}
        parents = self.index.parents
        for hit in self.hits:
            many = len(hit.forms) > _MANY
            for form in hit.forms:
                if many and narrow:
                    above = parents[form.division]
                    while above >= 0 and above not in narrow:
                        above = parents[above]
                    if above < 0 and not narrow.intersection(form.old_parents):
                        continue
                if form.division in self.best:
                    out[form.division] = None
        return list(out)

    def bound(self, target: int) -> float:
        """What a reading of `target` scores at most: all that speaks for it, nothing against."""
        score = -_ADJACENT
        parents, best = self.index.parents, self.best
        while target >= 0:
            known = best.get(target)
            if known is not None:
                score += known[0] + _ADJACENT
                for former in known[4]:
                    if former in best:
                        score += best[former][0] + _ADJACENT
            target = parents[target]
        return score

    def read(self, target: int) -> Reading:
        """The reading that arrives at `target`."""
        walk = self._walk(target)
        rest = self._rest(walk)
        mentions = walk.mentions
        score = walk.score + rest.score - self._unsupported(target, mentions, rest.former)
        if rest.contradicted and self._is_doubtful_elsewhere(mentions[-1], rest.contradicted):
            score -= _DOUBTFUL_ELSEWHERE
        chain = sorted([*mentions, *rest.former]) if rest.former else mentions
        if len(chain) > 1:
            score += _ADJACENT * sum([a.end == b.start for a, b in pairwise(chain)])
        return Reading(
            target,
            score,
            tuple(mentions),
            contradicted=tuple(rest.contradicted),
            repeated=tuple(rest.repeated),
            former=tuple(rest.former),
        )

    def _is_doubtful_elsewhere(self, last: Mention, contradicted: Sequence[Hit]) -> bool:
        """Whether a name may mean another place, and another city is written."""
        doubtful = last.kind in HISTORIC_KINDS or not self.is_only_county(last)
        return doubtful and any(hit.traits & Trait.OFFICIAL_CITY for hit in contradicted)

    def _walk(self, target: int) -> _Walk:
        """The names on the way from a division up to its province."""
        parents = self.index.parents
        mentions: list[Mention] = []
        used: set[int] = set()
        old: set[int] = set()
        path: set[int] = set()
        score = 0.0
        division = target
        while division >= 0:
            path.add(division)
            known = self.best.get(division)
            if known is not None and known[1] not in used:
                weight, number, kind, level, old_parents = known
                hit = self.hits[number]
                used.add(number)
                old.update(old_parents)
                score += weight
                mentions.append(Mention(hit.start, hit.end, division, level, kind))
            division = parents[division]
        mentions.reverse()
        return _Walk(mentions, used, old, path, score)

    def _rest(self, walk: _Walk) -> _Rest:
        """The names that are not on the way: copies, former parents, and what is unexplained."""
        mentions, used, old, path, _ = walk
        contradicted: list[Hit] = []
        repeated: list[Mention] = []
        former: list[Mention] = []
        score = 0.0
        for number, hit in enumerate(self.hits):
            if number in used:
                continue
            again = _meant_in(hit, path)
            if again is not None:
                repeated.append(Mention(hit.start, hit.end, *again[:3]))
                continue
            left = _meant_in(hit, old) if old else None
            if left is not None:
                former.append(Mention(hit.start, hit.end, *left[:3]))
                if self.best.get(left.division, _NOT_NAMED)[1] == number:
                    short = mentions[-1].kind in SHORT_KINDS
                    score += (1.0 if short else _FORMER_PARENT) * self.best[left.division][0]
                continue
            if any(self._above(form.division, path) for form in hit.forms if form.level == 4):
                continue
            score -= self.against[number]
            if self.against[number] >= 0.5:
                contradicted.append(hit)
        return _Rest(contradicted, repeated, former, score)

    def _unsupported(
        self, target: int, mentions: Sequence[Mention], former: Sequence[Mention]
    ) -> float:
        """What a reading loses for names that need another beside them and have none."""
        last = mentions[-1]
        loss = 0.0
        if last.level == 4:
            loss = self._lone_town(target, last, (*mentions, *former))
            if loss == _NEVER:
                return loss
        if last.kind in SHORT_KINDS and last.start > 0 and len(mentions) == 1 and last.level == 3:
            loss += _LONE_COUNTY
        code = self.index.codes[target]
        highest = 2 if code.startswith(_SANSHA) else 1
        if code[:2] in OFFSHORE_CODES or highest == 2:
            loss += _OFFSHORE if all(m.level > highest for m in mentions) else 0.0
        return loss

    def _lone_town(self, target: int, last: Mention, named: Sequence[Mention]) -> float:
        """What a town loses where nothing above it is written; in short it needs its county."""
        above = [mention for mention in named if mention.level < last.level]
        if last.kind in SHORT_KINDS:
            parents = {self.index.parents[target]}
            parents.update(m.division for m in above if m.kind == "official" and m.level == 3)
            apart = all(mention.end != last.start for mention in above)
            if apart or parents.isdisjoint(mention.division for mention in above):
                return _NEVER
        if above:
            return 0.0
        hit = next(hit for hit in self.hits if hit.start == last.start)
        return _LONE_TOWN[len(hit.forms) > 1]

    def is_far(self, reading: Reading, best: float) -> bool:
        """Whether a reading stays behind only for lying in Taiwan, Hong Kong, Macau or Sansha."""
        if len(reading.mentions) > 1 or reading.score + _OFFSHORE <= best - TIE:
            return False
        return self.index.codes[reading.division].startswith((*OFFSHORE_CODES, _SANSHA))

    def written_city(self, reading: Reading) -> Reading | None:
        """The city in full that a reading leaves unexplained, read by itself; None for none."""
        named = {
            form.division
            for hit in reading.contradicted
            for form in hit.forms
            if form.level <= 2 and form.kind == "official" and form.division in self.best
        }
        cities = [self.read(division) for division in sorted(named)]
        return cities[0] if cities and cities[0].score > _LEAST else None

    def is_only_county(self, mention: Mention) -> bool:
        """Whether a mention is a county in full whose name no other county has."""
        hit = next(hit for hit in self.hits if hit.start == mention.start)
        return mention.level == 3 and mention.kind == "official" and len(hit.forms) == 1

    def is_certain(self, mention: Mention) -> bool:
        """Whether a mention is a city in full, or a county in full that is alone in the country."""
        return mention.kind == "official" and (mention.level <= 2 or self.is_only_county(mention))

    def is_doubtful_county(self, mention: Mention) -> bool:
        """Whether a mention is a county in full whose name other counties have or had."""
        return (
            mention.level == 3
            and mention.kind in ("official", "historic", "zone")
            and not self.is_only_county(mention)
        )

    def _above(self, division: int, path: set[int]) -> bool:
        """Whether some other division below the target is meant: a second town, not a clash."""
        parent = self.index.parents[division]
        return parent in path and self.index.levels[parent] == 3


def is_tie(best: float, score: float) -> bool:
    """Whether a score is no clear step behind the best, in whatever order it was added up."""
    return round(best - score, 6) < TIE


def _lead(found: Sequence[Reading], index: DivisionIndex) -> float:
    """By how much the first reading leads the next one on another branch."""
    best = found[0]
    for other in found[1:]:
        if not one_branch(other.division, best.division, index):
            return min(CLEAR, best.score - other.score)
    return CLEAR


def readings(key: str, hits: Sequence[Hit], index: DivisionIndex) -> tuple[Reading, ...]:
    """Consistent explanations of the names in a text, best first; those far behind are left out.

    Args:
        key: the folded text, simplified.
        hits: from `usable_hits`.
        index: the divisions.
    """
    if not hits:
        return ()
    scene = _Scene(key, hits, index)
    bounds = sorted(((scene.bound(target), target) for target in scene.targets()), reverse=True)
    found: list[Reading] = []
    best = _LEAST
    for bound, target in bounds:
        if bound <= best - TIE - _OFFSHORE:
            break
        reading = scene.read(target)
        if reading.score > _LEAST:
            found.append(reading)
            best = max(best, reading.score)
    if not found:
        return ()
    if len(found) == 1:
        return tuple(found)
    # A tie goes to the shallower division: 吉林 alone is the province.
    found.sort(key=lambda r: (-round(r.score, 6), index.levels[r.division], r.division))
    leading = [reading for reading in found if is_tie(best, reading.score)]
    overseas = [r for r in found if not is_tie(best, r.score) and scene.is_far(r, best)]
    if (lead := _lead(found, index)) < CLEAR:
        leading[0] = replace(leading[0], lead=lead)
    return (*settled(scene, leading, index)[:20], *overseas)
