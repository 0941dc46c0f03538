"""Villages and communities: which pieces of a text to ask the gazetteer for, and what answers mean.

There are 620,000 of them and many share a name, so they are asked for only below divisions that the
text has already named, and they decide a district or town only where all that fit lie in one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from addrfix.model.nouns import ParsedAddress, Reading, VillageHit
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import common, is_under
from addrfix.patterns import pattern
from addrfix.reading.descent import is_settled
from addrfix.reading.road_evidence import REASON as ROAD_REASON
from addrfix.reading.road_evidence import NamedRoad, decide_by_road, named_road
from addrfix.reading.road_evidence import pieces as road_pieces
from addrfix.text.marks import SEPARATORS

_LONGEST_STEM = 8
# Same-named districts to look below at most (鼓楼区 has four).
_MOST_RIVALS = 5
_OPENS_AFTER = SEPARATORS | frozenset("镇乡道路街号村区里市县旗巷弄场园苑队")
_ROADISH = ("路", "街", "大道", "巷", "弄", "大厦", "花园", "小区", "广场", "公寓", "镇", "乡")


def probes(address: ParsedAddress, index: DivisionIndex) -> list[tuple[int, int, int, str]]:
    """Where to look and what for: (division, start, end, stem); empty for nothing."""
    if not address.readings:
        return []
    pieces = _pieces(address, index)
    if (road := _telling_road(address, index)) is not None:
        pieces = {**road_pieces(road), **pieces}
    return [
        (division, start, end, name)
        for division in _where(address.readings, index)
        for (start, end), name in pieces.items()
    ]


def _telling_road(address: ParsedAddress, index: DivisionIndex) -> NamedRoad | None:
    """The road that may decide a district which nothing else names."""
    settled = is_settled(address.readings, index)
    if not settled or index.levels[address.readings[0].division] != 2:
        return None
    return named_road(address)


def _pieces(address: ParsedAddress, index: DivisionIndex) -> dict[tuple[int, int], str]:
    """Pieces of the text that may name a village: place → stem."""
    best = address.readings[0]
    key = address.key
    first = max((mention.end for mention in best.mentions), default=0)
    while first < len(key) and key[first] in SEPARATORS:
        first += 1
    open_ended = len(address.readings) > 1
    pieces: dict[tuple[int, int], str] = {}
    if index.levels[best.division] >= 2:
        for end in range(first + 2, min(first + _LONGEST_STEM, len(key)) + 1):
            if key[end - 1] in SEPARATORS or key[end - 1].isdigit():
                break
            roadish = key.startswith(_ROADISH, end) or key[end - 1] in "路街道巷弄区"
            # A road's name tells little, but enough to choose between two districts of one name.
            if not roadish or (open_ended and end - first >= 3):
                pieces[(first, end)] = key[first:end]
    for ending in pattern("village_ending").finditer(key, first):
        for start in range(max(first, ending.start() - _LONGEST_STEM), ending.start()):
            piece = key[start : ending.start()]
            # A village begins where something else ends: not in the middle of 明珠新村.
            opens = start == first or key[start - 1] in _OPENS_AFTER or key[start - 1].isdigit()
            if opens and not any(c in SEPARATORS or c.isdigit() for c in piece):
                pieces[(start, ending.end())] = piece
    return pieces


def _where(readings: Sequence[Reading], index: DivisionIndex) -> list[int]:
    """Divisions to look below: that of the best reading, or those of all that are tied."""
    if len(readings) == 1:
        division = readings[0].division
        # A town is often wrong or missing: look in its whole county, and prefer the town later.
        if index.levels[division] == 4 and index.parents[division] >= 0:
            division = index.parents[division]
        return [division]
    shared = common({reading.division for reading in readings}, index)
    if shared is not None:
        return [shared]
    return list(dict.fromkeys(reading.division for reading in readings[:_MOST_RIVALS]))


def choose(
    address: ParsedAddress, found: Sequence[VillageHit], index: DivisionIndex
) -> tuple[tuple[Reading, ...], list[VillageHit]]:
    """Readings and villages after each has informed the other.

    Returns:
        The readings, the first one deepened to the one town or district that every fitting village
        lies in; and the villages that agree with it.
    """
    if not address.readings:
        return (), []
    told_by_road = decide_by_road(address, found, index)
    usual = _pieces(address, index)
    found = [village for village in found if (village.start, village.end) in usual]
    if told_by_road is not None:
        address.issues.append(ROAD_REASON)
        return told_by_road, [v for v in found if _explicit(address.key, v)]
    if not found:
        return address.readings, []
    if len(address.readings) > 1:
        told = _telling_apart(address, found, index)
        if told is not None:
            return told
    best = address.readings[0]
    first = max((mention.end for mention in best.mentions), default=0)
    level = index.levels[best.division]
    inside = [v for v in found if is_under(v.town, best.division, index)]
    if level == 4:
        return address.readings, inside or [v for v in found if _explicit(address.key, v)]
    if not inside:
        return address.readings, []
    # The longest name that touches the divisions speaks loudest; of equal ones all must agree.
    chosen = max(
        {(v.start, v.end) for v in inside},
        key=lambda s: (_explicit_range(address.key, *s), s[0] <= first + 1, s[1] - s[0], -s[0]),
    )
    agreeing = [v for v in inside if (v.start, v.end) == chosen]
    size = chosen[1] - chosen[0]
    telling = _explicit_range(address.key, *chosen) or (size >= 3 and chosen[0] <= first + 1)
    if not telling or (level == 1 and size < 4):
        return address.readings, agreeing if level == 3 else []
    shared = common({v.town for v in agreeing}, index)
    if shared is None or index.levels[shared] <= level:
        return address.readings, agreeing if level == 3 else []
    deeper = replace(best, division=shared)
    # What lay beside it below the same city was no rival before, and is none now.
    rest = [r for r in address.readings[1:] if not is_under(r.division, best.division, index)]
    return (deeper, *rest), agreeing


def _telling_apart(
    address: ParsedAddress, found: Sequence[VillageHit], index: DivisionIndex
) -> tuple[tuple[Reading, ...], list[VillageHit]] | None:
    """The one of several readings that what else is written points at.

    A village named in full decides first; else the longest piece of the text that some village or
    community of one of them is called after (白丽路 and 白丽路社区).
    """
    explicit = [village for village in found if _explicit(address.key, village)]
    longest = max(village.end - village.start for village in found)
    for named in (explicit, [v for v in found if v.end - v.start == longest >= 3]):
        fitting = [
            (reading, inside)
            for reading in address.readings
            if index.levels[reading.division] >= 3
            and (inside := [v for v in named if is_under(v.town, reading.division, index)])
        ]
        if len(fitting) == 1:
            reading, inside = fitting[0]
            return (reading,), [v for v in inside if _explicit(address.key, v)]
    return None


def _explicit(key: str, village: VillageHit) -> bool:
    return _explicit_range(key, village.start, village.end)


def _explicit_range(key: str, start: int, end: int) -> bool:
    """Whether the text itself says that this is a village or community."""
    return pattern("village_ending").search(key, start, end) is not None
