"""Whether an address ends at a place where parcels wait: a locker, a shop, a carrier's counter.

What such places are called is `gazetteer/words/collection_points.tsv`. One that a note to the
courier names, that only tells where something else is, or that is named beside a whole door, is
not where the letter goes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from addrfix.model.nouns import Span
from addrfix.patterns import pattern, word_class

REASON = "parcel_locker"
_CLASSES = (
    "parcel_locker",
    "parcel_shop",
    "parcel_counter",
    "parcel_keeper",
    "parcel_sentence",
    # A carrier's name asks for one of these behind it.
    "parcel_trade",
    "outlet",
    "outlet_end",
)
# A door of its own behind the point is where the letter goes; a number alone is a cabinet's.
_DOOR_BEHIND = frozenset(("houseno", "cellno", "village_group"))
_ROOMS = frozenset(("roomno", "cellno"))
# What closes an address and opens a remark.
_REMARK_OPENERS = "(,;[ "


@cache
def _triggers() -> re.Pattern[str]:
    """Few characters, one of which stands in every name of a point; texts without are not searched.

    Chosen greedily: again and again the character that most of the words left over have.
    """
    left = {word.lower() for name in _CLASSES for word in word_class(name)}
    chosen: set[str] = set()
    while left:
        counted: dict[str, int] = {}
        for word in left:
            for character in set(word):
                counted[character] = counted.get(character, 0) + 1
        best = max(counted, key=lambda character: (counted[character], character))
        chosen |= {best, best.upper()}
        left = {word for word in left if best not in word}
    return re.compile("[" + "".join(map(re.escape, sorted(chosen))) + "]")


def collection_point(key: str, spans: Sequence[Span] = ()) -> re.Match[str] | None:
    """The collection point that a text ends at; None where it names none or goes on elsewhere.

    Args:
        key: the folded text, notes taken out as far as they were recognised.
        spans: its elements; without them a door behind the point is not seen.

    >>> bool(collection_point("云台路中通快递云台网点")), bool(collection_point("菜鸟驿站对面3号"))
    (True, False)
    """
    if _triggers().search(key) is None:
        return None
    before, after = pattern("collection_note_before"), pattern("collection_note_after")
    for found in pattern("collection_point").finditer(key):
        noted = before.search(key, 0, found.start()) or after.match(key[found.end() :])
        if not noted and not _goes_on(found, spans) and not _is_remark(key, found, spans):
            return found
    return None


def _goes_on(found: re.Match[str], spans: Sequence[Span]) -> bool:
    return any(span.start >= found.end() and span.label in _DOOR_BEHIND for span in spans)


def _is_remark(key: str, found: re.Match[str], spans: Sequence[Span]) -> bool:
    """Whether the point stands in brackets or behind a comma beside a room.

    Somebody who takes parcels in needs neither: 3栋502室门卫代收.
    """
    rooms = [span.end for span in spans if span.end <= found.start() and span.label in _ROOMS]
    if not rooms:
        return False
    keeper = found.group() in word_class("parcel_keeper")
    return keeper or any(key[at] in _REMARK_OPENERS for at in range(rooms[-1], found.start()))
