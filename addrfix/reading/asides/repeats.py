"""Blocks that were typed or exported twice: one copy is taken out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from addrfix.model.nouns import Hit, Span, Trait
from addrfix.model.terms import ElementKind, SpanLabel
from addrfix.reading.asides.canvas import Canvas
from addrfix.text.marks import SEPARATORS, TAKEN_OUT

_SHORTEST = 4
# The beginning of an address that is said again behind the whole of it is at least so long.
_SHORTEST_PREFIX = 6
_LABELS = (SpanLabel.PROV, SpanLabel.CITY, SpanLabel.DISTRICT, SpanLabel.TOWN, SpanLabel.COMMUNITY)


def take_repeats(canvas: Canvas, hits: Sequence[Hit]) -> None:
    """Take out a copy of a block that stands again right behind itself, or at the end."""
    key = canvas.key
    if len(key) - len(set(key)) < _SHORTEST:
        return
    starts = [0] + [hit.end for hit in hits if hit.traits & Trait.FULL]
    for start in starts:
        if key[start : start + 1] in SEPARATORS:
            start = canvas.skip(start)
        block = key[start : start + _SHORTEST]
        if len(block) < _SHORTEST or key.find(block, start + _SHORTEST) < 0:
            continue
        if _repeated(canvas, start, hits):
            return
    if any(hit.start and hit.traits & Trait.FULL and hit.forms[0].level == 1 for hit in hits):
        _abbreviated(canvas, hits)


def _repeated(canvas: Canvas, start: int, hits: Sequence[Hit]) -> bool:
    """Take out the copy of what begins at `start`; whether there was one."""
    key = canvas.key
    block = key[start : start + _SHORTEST]
    if len(block) < _SHORTEST or TAKEN_OUT in block or block.isascii():
        return False
    again = key.find(block, start + _SHORTEST)
    if again < 0:
        return False
    size = 0
    while again + size < len(key) and key[start + size] == key[again + size]:
        size += 1
        if start + size == again:
            break
    first_end = canvas.skip_back(again)
    # One name alone, twice: the readings weigh it.
    if any(hit.start == start and hit.end >= start + size for hit in hits):
        return False
    if start + size >= first_end and canvas.skip(again + size) >= len(key):
        canvas.take(again, again + size, ElementKind.REPEATED)
        canvas.copies.append((again, again + size, start - again))
        return True
    if start + size >= first_end:
        # The first copy is whole: what goes on behind the second one may say more.
        canvas.take(start, again, ElementKind.REPEATED)
        canvas.copies.append((start, start + size, again - start))
        return True
    end = canvas.skip(again + size)
    cut = key[start + size].isdigit() and key[again + size - 1].isdigit()
    whole = any(hit.start == start and hit.traits & Trait.COUNTY for hit in hits)
    if end >= len(key) and not cut and whole and size >= _SHORTEST_PREFIX:
        canvas.take(again, again + size, ElementKind.REPEATED)
        canvas.copies.append((again, again + size, start - again))
        return True
    return False


def _abbreviated(canvas: Canvas, hits: Sequence[Hit]) -> None:
    """A first copy of the divisions alone, in short, before them: 江苏徐州泉山区 江苏省徐州市…."""
    for before, after in pairwise(hits):
        if before.end >= after.start:
            continue
        between = canvas.key[before.end : after.start]
        if any(character not in SEPARATORS for character in between):
            continue
        first, second = _chain(hits, before), _from(hits, after)
        if len(first) < 2 or len(second) < len(first):
            continue
        meant = {form.division for hit in second for form in hit.forms}
        opens = any(form.level == 1 for form in after.forms)
        if opens and all(meant.intersection(form.division for form in hit.forms) for hit in first):
            canvas.take(first[0].start, after.start, ElementKind.REPEATED)
            canvas.said_again.extend(
                Span(hit.start, hit.end, _LABELS[hit.forms[0].level - 1]) for hit in first
            )
            return


def _chain(hits: Sequence[Hit], last: Hit) -> list[Hit]:
    """The hits that touch one another up to `last`; only where they open the text."""
    found = [last]
    for hit in reversed(hits[: hits.index(last)]):
        if hit.end == found[0].start:
            found.insert(0, hit)
    return found


def _from(hits: Sequence[Hit], first: Hit) -> list[Hit]:
    """The hits from `first` on that touch one another."""
    found = [first]
    for hit in hits[hits.index(first) + 1 :]:
        if hit.start == found[-1].end:
            found.append(hit)
    return found
