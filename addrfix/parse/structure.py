"""The best path through the candidate elements of a text: which characters are what.

A semi-Markov search: from each position that some element can end at, every element that may begin
there is tried; an element scores for itself and for what it follows. About 25 characters, some 300
edges; the state is the last element and whether a place has been named.
"""

from __future__ import annotations

from collections.abc import Sequence

from addrfix.model.nouns import Mention, Span, VillageHit
from addrfix.model.terms import SpanLabel
from addrfix.parse.elements import Candidate, Scan
from addrfix.parse.lexicon import STATE, lexicon

_ELEMENT_COST = -1.0
_POI, _SUBPOI = STATE["poi"], STATE["subpoi"]
_NUMBER_LABELS = frozenset(("houseno", "cellno", "floorno", "roomno"))
_POI_TO_SUBPOI = frozenset((_POI, _SUBPOI, *(STATE[label] for label in _NUMBER_LABELS)))
_Back = tuple[float, int, int, str | None]


def segment(
    key: str, mentions: Sequence[Mention] = (), villages: Sequence[VillageHit] = ()
) -> tuple[Span, ...]:
    """Labelled elements of a folded, noise-free text, in order, not overlapping.

    Args:
        key: folded text in simplified script, noise filled.
        mentions: division names that the chosen reading believes in.
        villages: villages of the gazetteer that may stand in the text.
    """
    if not key:
        return ()
    scan = Scan(key, lexicon(), mentions, villages)
    best: list[dict[int, _Back]] = [{} for _ in range(len(key) + 1)]
    best[0][STATE["start"] * 2] = (0.0, -1, -1, None)
    for start in range(len(key)):
        here = best[start]
        if not here:
            continue
        names = scan.at(start)
        for packed, (score, before, _, label) in list(here.items()):
            place = key[before:start] if label is not None and before >= 0 else key[:start][-6:]
            steps = names + scan.numbers(start, packed >> 1, place)
            for step in steps:
                _advance(best, start, packed, score, step)
    return _trace(best)


def _advance(
    best: list[dict[int, _Back]], start: int, packed: int, score: float, step: Candidate
) -> None:
    state, seen = packed >> 1, packed & 1
    label, after = step.label, step.state
    score += step.weight
    if label is not None:
        score += _ELEMENT_COST
        if label == "poi" and (state in (_POI, _SUBPOI) or (seen and state in _POI_TO_SUBPOI)):
            label, after = "subpoi", _SUBPOI
        if after >= 0:
            score += lexicon().transitions[state][after]
            seen = seen or int(after in (_POI, _SUBPOI))
    target = (state if after < 0 else after) * 2 + seen
    known = best[step.end].get(target)
    if known is None or score > known[0]:
        best[step.end][target] = (score, start, packed, label)


def _trace(best: list[dict[int, _Back]]) -> tuple[Span, ...]:
    end = len(best) - 1
    if not best[end]:
        return ()
    packed = max(best[end], key=lambda state: (best[end][state][0], -state))
    spans: list[Span] = []
    while end > 0:
        _, start, previous, label = best[end][packed]
        if label is not None:
            spans.append(Span(start, end, SpanLabel(label)))
        end, packed = start, previous
    spans.reverse()
    return tuple(spans)
