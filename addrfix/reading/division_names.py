"""The division names of a text, read: found, weighed against each other, misspelt ones made out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from addrfix.model.nouns import Hit, Reading
from addrfix.model.protocols import DivisionIndex
from addrfix.reading.chain import TIE, readings
from addrfix.reading.lone_names import later_county, lone_pair, moved_town, telling
from addrfix.reading.marking import tilings
from addrfix.reading.repair import repair
from addrfix.text.marks import SEPARATORS, TAKEN_OUT

_MOST_REPAIRS = 3


def read_names(
    key: str, named: Sequence[Hit], index: DivisionIndex, *, fuzzy: bool
) -> tuple[Reading, ...]:
    """Readings of the division names in a text, best first.

    Args:
        key: folded text in simplified script, what is no address filled.
        named: every division name found in `key`.
        index: the divisions.
        fuzzy: whether misspelt names are made out.
    """
    hits, found = _best_cut(key, named, index)
    if fuzzy and found:
        found = _repaired(key, hits, found, index)
    told = telling(key, found, index)
    if len(told) != 1 or index.levels[told[0].division] <= 2:
        paired = lone_pair(key, named, hits, found, index)
        if paired is not None and (again := readings(key, paired, index)):
            told = telling(key, again, index)
        told = later_county(told, index)
    return moved_town(key, told, index)


def _best_cut(
    key: str, named: Sequence[Hit], index: DivisionIndex
) -> tuple[list[Hit], tuple[Reading, ...]]:
    """The usable hits and their readings, of the cut that reads best."""
    cuts = tilings(key, named)
    hits = next(cuts)
    found = readings(key, hits, index)
    for other in cuts:
        again = readings(key, other, index)
        if again and again[0].score > (found[0].score if found else 0.0) + TIE:
            hits, found = other, again
    return hits, found


def _repaired(
    key: str, hits: list[Hit], found: tuple[Reading, ...], index: DivisionIndex
) -> tuple[Reading, ...]:
    """Readings after misspelt names behind the last certain one were made out."""
    for _ in range(_MOST_REPAIRS):
        best = found[0]
        named = frozenset(hit.start for hit in hits)
        for start, division in _open_places(key, hits, best, index):
            slip = repair(key, start, division, index, named)
            if slip is None:
                continue
            clear = [h for h in hits if h.end <= slip.start or h.start >= slip.end]
            after = readings(key, sorted([*clear, slip]), index)
            if after and after[0].score > best.score:
                hits, found = sorted([*clear, slip]), after
                break
        else:
            break
    return found


def _open_places(
    key: str, hits: list[Hit], best: Reading, index: DivisionIndex
) -> Iterator[tuple[int, int]]:
    """Where a misspelt name may stand, and below which division.

    Behind the last name; and where one character stands between two names, since the second may be
    the rest of a longer one (汉中市略洋县 holds 洋县).
    """
    mentions = best.mentions
    for above, below in pairwise(mentions):
        between = below.start - above.end == 1 and key[above.end] not in SEPARATORS
        if between and above.level < below.level <= 3:
            yield above.end, above.division
    if not mentions or index.levels[best.division] >= 4:
        return
    start = max(mention.end for mention in mentions)
    while start < len(key) and key[start] in SEPARATORS and key[start] != TAKEN_OUT:
        start += 1
    # A full name there is read, unless the reading cannot explain it: 上海市清浦区 is 青浦区.
    read = [hit for hit in hits if _is_full(hit) and hit not in best.contradicted]
    if not any(hit.start <= start < hit.end for hit in read):
        yield start, best.division


def _is_full(hit: Hit) -> bool:
    return any(form.kind in ("official", "historic", "alias") for form in hit.forms)
