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
from addrfix.reading.lexicon import STATE, lexicon
from addrfix.reading.numbering import Numbers
from addrfix.text.marks import SEPARATORS

_ELEMENT_COST = -1.0
# No transition and no number rule makes up for more than this, so a state further behind is lost.
_BEAM = 5.0
_POI, _SUBPOI = STATE["poi"], STATE["subpoi"]
_PLACES = frozenset((_POI, _SUBPOI))
_POI_TO_SUBPOI = frozenset(
    (_POI, _SUBPOI, *(STATE[label] for label in ("houseno", "cellno", "floorno", "roomno")))
)
# Characters that may stand between elements without belonging to one.
_IDLE = SEPARATORS | frozenset("的老新原市区县镇乡路了")
_LABELS = {label.value: label for label in SpanLabel}
# Of a text that no element explains, a place is named by what stood up to this far before it.
_LOOK_BACK = 6
_Back = tuple[float, int, int, str | None]


def segment(
    key: str,
    mentions: Sequence[Mention] = (),
    doubtful: Sequence[Mention] = (),
    villages: Sequence[VillageHit] = (),
    places: Sequence[PlaceHit] = (),
) -> tuple[Span, ...]:
    """Labelled elements of a folded, noise-free text, in order, not overlapping.

    Args:
        key: folded text in simplified script, noise filled.
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
    best: list[dict[int, _Back]] = [{} for _ in range(len(key) + 1)]
    best[0][STATE["start"] * 2] = (0.0, -1, -1, None)
    blocked = furthest = 0
    # A character is left out of all elements only where nothing else reaches over it.
    landed = {0}
    for start, here in enumerate(best):
        if not here or start == len(key) or start < blocked:
            continue
        if start not in landed and start < furthest:
            continue
        blocked = scan.sure.get(start, blocked)
        names = scan.at(start)
        counted = numbers.at(start)
        if key[start] in _IDLE:
            landed.add(start + 1)
        furthest = max(furthest, names[-1][0])
        least = max(back[0] for back in here.values()) - _BEAM if len(here) > 1 else -1e9
        for packed, (reached, before, _, last) in here.items():
            if reached < least:
                continue
            state, seen = packed >> 1, packed & 1
            row = transitions[state]
            found = names
            if counted:
                since = before if last is not None else max(0, start - _LOOK_BACK)
                found = names.copy()
                for number in counted:
                    read = numbers.behind(number, state, since, start)
                    if read is not None:
                        found.append(read)
            inner = (seen and state in _POI_TO_SUBPOI) or state in _PLACES
            for end, label, weight, after in found:
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
                    target = after * 2 + (1 if after in _PLACES else seen)
                there = best[end]
                known = there.get(target)
                if known is None or score > known[0]:
                    there[target] = (score, start, packed, label)
    return _trace(best)


def _trace(best: list[dict[int, _Back]]) -> tuple[Span, ...]:
    end = len(best) - 1
    if not best[end]:
        return ()
    packed = max(best[end], key=lambda state: (best[end][state][0], -state))
    spans: list[Span] = []
    while end > 0:
        _, start, previous, label = best[end][packed]
        if label is not None:
            spans.append(Span(start, end, _LABELS[label]))
        end, packed = start, previous
    spans.reverse()
    return tuple(spans)
