"""The best path through the candidate elements of a text: which characters are what.

A semi-Markov search: from each position that some element can end at, every element that may begin
there is tried; an element scores for itself and for what it follows. The state is the last element
and whether a place has been named; states far behind the best one at their position are dropped.
"""

from __future__ import annotations

from collections.abc import Sequence

from addrfix.model.nouns import Mention, PlaceHit, Span, VillageHit
from addrfix.model.terms import SpanLabel
from addrfix.reading.elements import Scan
from addrfix.reading.lexicon import STATE, STATES, lexicon
from addrfix.reading.numbering import Numbers
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
_IDLE = SEPARATORS | frozenset("的老新原市区县镇乡路了")
_LABELS = {label.value: label for label in SpanLabel}
# Of a text that no element explains, a place is named by what stood up to this far before it.
_LOOK_BACK = 6
# States at one position: the last element, and whether a place has been named.
_WIDTH = 2 * len(STATES)
_NEVER = -1e9


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
    transitions = words.transitions
    scan = Scan(key, words, mentions, doubtful, villages, places)
    numbers = Numbers(key, words)
    size = len(key)
    # By position and state, flat: the best score, the element that led here and where it began.
    scores = [_NEVER] * (_WIDTH * (size + 1))
    labels: list[str | None] = [None] * (_WIDTH * (size + 1))
    befores = [-1] * (_WIDTH * (size + 1))
    alive: list[list[int]] = [[] for _ in range(size + 1)]
    alive[0].append(_START)
    scores[_START] = 0.0
    blocked = furthest = 0
    # A character is left out of all elements only where nothing else reaches over it.
    landed = {0}
    for start in range(size):
        here = alive[start]
        if not here or start < blocked:
            continue
        if start not in landed and start < furthest:
            continue
        blocked = scan.sure.get(start, blocked)
        names = scan.at(start)
        counted = numbers.at(start)
        if key[start] in _IDLE:
            landed.add(start + 1)
        furthest = max(furthest, names[-1][0])
        base = start * _WIDTH
        least = _NEVER
        for packed in here:
            least = max(least, scores[base + packed])
        least -= _BEAM
        for packed in here:
            origin = base + packed
            reached = scores[origin]
            if reached < least:
                continue
            state, seen = packed >> 1, packed & 1
            row = transitions[state]
            found = names
            if counted:
                if labels[origin] is not None:
                    since = befores[origin] // _WIDTH
                else:
                    since = max(0, start - _LOOK_BACK)
                found = names + numbers.behind(counted, state, since, start)
            inner = _PLACED[packed]
            for candidate in found:
                end, label, weight, after = candidate
                if label is None:
                    score = reached + weight
                    if end - start > 1:
                        landed.add(end)
                    target = packed if after < 0 else after * 2 + seen
                else:
                    landed.add(end)
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
    slot = -1
    for packed in sorted(alive[size]):
        if slot < 0 or scores[size * _WIDTH + packed] > scores[slot]:
            slot = size * _WIDTH + packed
    return _trace(slot, labels, befores) if slot >= 0 else ()


def _trace(slot: int, labels: list[str | None], befores: list[int]) -> tuple[Span, ...]:
    spans: list[Span] = []
    while (origin := befores[slot]) >= 0:
        label = labels[slot]
        if label is not None:
            spans.append(Span(origin // _WIDTH, slot // _WIDTH, _LABELS[label]))
        slot = origin
    spans.reverse()
    return tuple(spans)
