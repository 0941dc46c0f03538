"""The best path through the candidate elements of a text: which characters are what.

A semi-Markov search: from each position that some element can end at, every element that may begin
there is tried; an element scores for itself and for what it follows. The state is the last element
and whether a place has been named; states far behind the best one at their position are dropped.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from addrfix.model.nouns import Mention, PlaceHit, Span, VillageHit
from addrfix.model.terms import SpanLabel
from addrfix.patterns import word_class
from addrfix.reading.candidate import Candidate
from addrfix.reading.elements import Scan
from addrfix.reading.lexicon import STATE, STATES, Lexicon, lexicon
from addrfix.reading.numbering import Number, Numbers
from addrfix.text.marks import SEPARATORS

_ELEMENT_COST = -1.0
# No transition and no number rule makes up for more than this, so a state further behind is lost.
_BEAM = 5.0
_POI, _SUBPOI = STATE["poi"], STATE["subpoi"]
_START = STATE["start"] * 2
_IS_PLACE = [state in (_POI, _SUBPOI) for state in range(len(STATES))]
# By packed state: whether a place named now is a part of the one before it.
_WITHIN = ("houseno", "cellno", "floorno", "roomno")
_PLACED = [
    _IS_PLACE[packed >> 1] or (packed & 1 == 1 and STATES[packed >> 1] in _WITHIN)
    for packed in range(2 * len(STATES))
]
# Characters that may stand between elements without belonging to one.
_IDLE = SEPARATORS.union(word_class("between_elements"))
_LABELS = {label.value: label for label in SpanLabel}
# Of a text that no element explains, a place is named by what stood up to this far before it.
_LOOK_BACK = 6
# States at one position: the last element, and whether a place has been named.
_WIDTH = 2 * len(STATES)
_NEVER = -1e9
# Of one position; numbers as such, since thousands of objects a text would be made and dropped.
_NO_SCORES = array("d", [_NEVER] * _WIDTH)
_NO_ORIGINS = array("q", [-1] * _WIDTH)


def segment(
    key: str,
    mentions: Sequence[Mention] = (),
    doubtful: Sequence[Mention] = (),
    villages: Sequence[VillageHit] = (),
    places: Sequence[PlaceHit] = (),
) -> tuple[Span, ...]:
    """Labelled elements of a folded text, in order, not overlapping.

    Args:
        key: folded text in simplified script; what is no address is filled.
        mentions: division names that the chosen reading believes in.
        doubtful: further names of divisions, repeated or outvoted.
        villages: villages of the gazetteer that may stand in the text.
        places: places of the user's own that may stand in the text.
    """
    if not key:
        return ()
    words = lexicon()
    scan = Scan(key, words, mentions, doubtful, villages, places)
    numbers = Numbers(key, words)
    lattice = _Lattice(len(key), words, numbers)
    blocked = furthest = 0
    for start in range(len(key)):
        if start < blocked or not lattice.reached(start, start < furthest):
            continue
        blocked = scan.sure.get(start, blocked)
        if key[start] in _IDLE:
            lattice.landed[start + 1] = 1
        names = scan.at(start)
        furthest = max(furthest, names[-1][0])
        lattice.extend(start, names, numbers.at(start))
    return lattice.path()


class _Lattice:
    """The best ways so far to every position and state of one text.

    The arrays are flat, by position and state: the best score, the element that led here and the
    slot where it began.
    """

    def __init__(self, size: int, words: Lexicon, numbers: Numbers) -> None:
        self.transitions = words.transitions
        self.numbers = numbers
        self.size = size
        self.scores = _NO_SCORES * (size + 1)
        self.labels: list[str | None] = [None] * (_WIDTH * (size + 1))
        self.befores = _NO_ORIGINS * (size + 1)
        self.alive: list[list[int]] = [[] for _ in range(size + 1)]
        """By position: the states that some way leads to."""
        self.landed = bytearray(size + 1)
        """By position: whether elements end there."""
        self.landed[0] = 1
        self.alive[0].append(_START)
        self.scores[_START] = 0.0

    def reached(self, start: int, inside: bool) -> bool:
        """Whether elements may begin here.

        A character is left out of all elements only where nothing else reaches over it.
        """
        return bool(self.alive[start]) and (not inside or self.landed[start] != 0)

    def extend(self, start: int, names: list[Candidate], counted: list[Number]) -> None:
        """Let the elements that may begin at `start` follow every way that leads there."""
        scores, labels, befores = self.scores, self.labels, self.befores
        alive, landed = self.alive, self.landed
        base = start * _WIDTH
        least = self._least(start)
        for packed in alive[start]:
            origin = base + packed
            reached = scores[origin]
            if reached < least:
                continue
            state, seen, inner = packed >> 1, packed & 1, _PLACED[packed]
            row = self.transitions[state]
            found = names
            if counted:
                found = names + self.numbers.behind(counted, state, self._since(origin), start)
            for candidate in found:
                end, label, weight, after = candidate
                if label is None:
                    score = reached + weight
                    if end - start > 1:
                        landed[end] = 1
                    target = packed if after < 0 else after * 2 + seen
                else:
                    landed[end] = 1
                    if after == _POI and inner:
                        label, after = "subpoi", _SUBPOI
                    score = reached + weight + _ELEMENT_COST + row[after]
                    target = after * 2 + (1 if _IS_PLACE[after] else seen)
                slot = end * _WIDTH + target
                known = scores[slot]
                if score > known:
                    if known == _NEVER:
                        alive[end].append(target)
                    scores[slot] = score
                    labels[slot] = label
                    befores[slot] = origin

    def _least(self, start: int) -> float:
        """What a way to `start` must be worth to be followed."""
        scores, base = self.scores, start * _WIDTH
        best = _NEVER
        for packed in self.alive[start]:
            best = max(best, scores[base + packed])
        return best - _BEAM

    def _since(self, origin: int) -> int:
        """Where what stands before a number begins."""
        if self.labels[origin] is not None:
            return self.befores[origin] // _WIDTH
        return max(0, origin // _WIDTH - _LOOK_BACK)

    def path(self) -> tuple[Span, ...]:
        """The labelled elements of the best way through the whole text."""
        base, slot = self.size * _WIDTH, -1
        for packed in sorted(self.alive[self.size]):
            if slot < 0 or self.scores[base + packed] > self.scores[slot]:
                slot = base + packed
        spans: list[Span] = []
        while slot >= 0 and (origin := self.befores[slot]) >= 0:
            label = self.labels[slot]
            if label is not None:
                spans.append(Span(origin // _WIDTH, slot // _WIDTH, _LABELS[label]))
            slot = origin
        spans.reverse()
        return tuple(spans)
