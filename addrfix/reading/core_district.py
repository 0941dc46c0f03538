"""A road and a number of a city with one urban district, and no county written: it is there.

Measured on developer sets with known truth: right 97 times in 100 where the address says nothing
else. With a compound or a firm behind the road it is not, since lists of places often leave out
the county; those stay open.
"""

from __future__ import annotations

import re
from dataclasses import replace

from addrfix.model.nouns import ParsedAddress, Reading
from addrfix.model.protocols import DivisionIndex
from addrfix.model.terms import SpanLabel
from addrfix.reading.descent import is_settled
from addrfix.text.marks import SEPARATORS

REASON = "core_district_assumed"
_DOOR = frozenset(
    {
        SpanLabel.ROAD, SpanLabel.ROADNO, SpanLabel.HOUSENO, SpanLabel.CELLNO, SpanLabel.FLOORNO,
        SpanLabel.ROOMNO, SpanLabel.ASSIST, SpanLabel.DISTANCE, SpanLabel.INTERSECTION,
    }
)  # fmt: skip
"""What may stand behind the road: doors and directions, but no name."""
_URBAN = ("城区", "市区", "主城区")
_STEM = re.compile(
    r"(.{2,}?)[东西南北中上下前后一二三四五六七八九十]{0,2}支?(?:路|街|大道|大街|道|巷|胡同|里|弄)"
)


def assume_core(address: ParsedAddress, index: DivisionIndex) -> bool:
    """Lead the one reading of an address from its city to the core district, where that is safe."""
    if not is_settled(address.readings, index):
        return False
    best = address.readings[0]
    core = index.core(best.division)
    if core is None:
        return False
    if not _seat_named(address.key, best):
        urban = all(address.key[h.start : h.end] in _URBAN for h in best.contradicted)
        if not urban or not _only_a_road(address, best, core, index):
            return False
    address.readings = (replace(best, division=core),)
    return True


def _seat_named(key: str, best: Reading) -> bool:
    """哈密地区哈密市: the city below the prefecture was the county that is the core now."""
    return any(
        former.level == 2
        and key[former.start : former.end].endswith("地区")
        and former.end == city.start
        and key[city.end - 1] == "市"
        for former in best.repeated
        for city in best.mentions[-1:]
    )


def _only_a_road(address: ParsedAddress, best: Reading, core: int, index: DivisionIndex) -> bool:
    last = max(mention.end for mention in best.mentions)
    last = max(last, max((hit.end for hit in best.contradicted), default=0))
    behind = [span for span in address.spans if span.start >= last]
    labels = [span.label for span in behind]
    if labels[:1] != [SpanLabel.ROAD] or not _DOOR.issuperset(labels):
        return False
    if labels.count(SpanLabel.ROAD) > 1 and SpanLabel.INTERSECTION not in labels:
        return False
    if any(c not in SEPARATORS for c in address.key[behind[-1].end :]):
        return False
    road = address.key[behind[0].start : behind[0].end]
    return "县" not in road and not _named_elsewhere(road, best.division, core, index)


def _named_elsewhere(road: str, city: int, core: int, index: DivisionIndex) -> bool:
    """Whether the road is called after another county of the city, or a town of one."""
    found = _STEM.match(road)
    stem = found[1] if found else road
    for form, county, level, _ in index.children(city):
        if level != 3 or county == core:
            continue
        if form[:2] == stem[:2]:
            return True
        if any(town[:-1] == stem or town == stem for town, _, _, _ in index.children(county)):
            return True
    return False
