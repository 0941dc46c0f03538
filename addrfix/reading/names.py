"""What names of roads, zones, villages and towns are worth by their own letters and their ends.

Scores are in the unit of `elements.py`; the words that end such names carry theirs in their tables.
"""

from __future__ import annotations

import re

from addrfix.reading.candidate import Candidate
from addrfix.reading.lexicon import NUMERAL, STATE, Ending

_ROAD_LENGTH = {2: -1.2, 3: 1.0, 4: 0.9, 5: 0.3, 6: -0.6, 7: -1.6, 8: -2.6, 9: -3.5}
_DIRECTIONS = frozenset("东西南北中" + NUMERAL)
_HIGHWAY = re.compile(
    r"[GSXY]?\d{2,4}(?:国道|省道|县道)|(?:[^\d]{1,3})?\d{1,2}号?(?:大街|街|路|线)"
)
_NOT_A_ROAD_BEFORE = ("镇", "乡", "与", "和", "区", "旁", "交叉")
_INNER_OTHER = re.compile(r"(?<=.)(?:[镇乡村区园厦苑店厂院市县]|街道|公司)(?=.)")
_INNER_RELATIVE = re.compile(r"旁边|对面|附近|隔壁|交叉口|交汇处")
_ROAD, _ZONE = STATE["road"], STATE["devzone"]
_BARE_VILLAGES = ("行政村", "自然村", "村委会", "居委会")
_GROUP = STATE["village_group"]
_VILLAGE, _TOWN = STATE["community"], STATE["town"]
# What a name of a place rarely has inside: characters one of which it has, pattern, how many must
# stand before it, whether something must follow, and what it loses.
_INNER = (
    ("路大", re.compile(r"路|大道|大街"), 2, 1, 1.2),
    ("镇街县社", re.compile(r"镇|街道|县|社区"), 1, 1, 0.8),
    ("楼层幢栋元室", re.compile(rf"[{NUMERAL}](?:楼(?!宇)|层|幢|栋|单元|号楼|室)"), 1, 0, 2.2),
    ("座", re.compile(r"[A-Za-z]座"), 1, 0, 1.0),
    ("区期", re.compile(rf"[东西南北中{NUMERAL}](?:区(?!域)|期)"), 1, 0, 1.4),
    ("发业", re.compile(r"开发区|工业区|工业园区?"), 0, 1, 1.0),
)


def name(
    key: str, start: int, end: int, ending: Ending, digits: int, boundary: bool
) -> Candidate | None:
    """The element that the piece from `start` to `end` is by its ending; None for none.

    Args:
        key: the text.
        start: where the name begins.
        end: where it ends.
        ending: the word it ends with.
        digits: how many digits it has.
        boundary: whether a name is cut off at `end` by the end of the text, a separator or a digit.
    """
    length = end - start
    stem = length - ending.length
    kind = ending.kind
    if stem < 0:
        return None
    if kind == "road":
        if stem >= 1 and length <= 10 and not (ending.word == "街" and key.startswith("道", end)):
            return _road(key, start, end, ending, digits, boundary)
    elif kind == "zone":
        if not digits and (stem or ending.weight):
            return _zone(key, start, end, stem)
    elif kind == "village":
        if not digits and stem and length <= 8:
            return _village(key, start, end, ending)
    elif kind == "group":
        if not digits and 1 <= stem <= 4 and not key.startswith(("团", "织", "伍"), end):
            return end, "village_group", 1.8 + ending.weight - 0.2 * stem, _GROUP
    elif not digits and stem and length <= 7:
        return _town(key, start, end, ending)
    return None


def _road(
    key: str, start: int, end: int, ending: Ending, digits: int, boundary: bool
) -> Candidate | None:
    length = end - start
    size = length - 1 if ending.word in ("大道", "大街", "胡同") else length
    if size < 2 or size not in _ROAD_LENGTH:
        return None
    weight = 2.6 + _ROAD_LENGTH[size] + ending.weight
    piece = key[start:end]
    if piece[-1] in "路街" and piece[-2] in _DIRECTIONS:
        weight += 0.4
    if length > 3 and _INNER_OTHER.search(piece[1 : -ending.length] + "|"):
        weight -= 1.4
    if boundary and end < len(key):
        weight += 0.8
    if digits:
        weight += 1.2 if _HIGHWAY.fullmatch(piece) else -3.0
    after = key[end : end + 2]
    if after in ("商场", "商城"):
        weight -= 0.7
    if after[:1] in ("桥", "灯"):
        weight -= 1.0
    if piece.startswith(_NOT_A_ROAD_BEFORE):
        weight -= 1.5
    if digits and after[:1] == "口":
        weight -= 3.0
    if length > 4 and _INNER_RELATIVE.search(piece):
        weight -= 2.0
    if length == 2 and piece[0] in "东西南北中":
        weight -= 1.5
    return end, "road", weight, _ROAD


def _zone(key: str, start: int, end: int, stem: int) -> Candidate | None:
    if end - start < 3 or key.startswith(("区", "园"), end):
        return None
    return end, "devzone", 2.0 - 0.12 * (end - start) - (0.0 if stem else 0.3), _ZONE


def _village(key: str, start: int, end: int, ending: Ending) -> Candidate | None:
    if ending.word == "社区" and key.startswith(("卫生", "服务"), end):
        return None
    if ending.word == "村" and key.startswith(("委", "民委"), end):
        return None
    if key[start:end] in _BARE_VILLAGES:
        return None
    length = end - start
    weight = 2.0 + ending.weight - 0.3 * max(0, length - 4)
    if key.endswith("新村", start, end):
        weight -= 1.0
    if key.find("村", start + 1, end - ending.length) >= 0:
        weight -= 1.2
    if any(character in "路镇街" for character in key[start + 1 : end - ending.length]):
        weight -= 1.0
    if length == 2 and ending.word != "村":
        weight -= 1.0
    return end, "community", weight, _VILLAGE


def _town(key: str, start: int, end: int, ending: Ending) -> Candidate | None:
    if key.startswith(("路", "大道", "政府"), end):
        return None
    if any(character in "路村区市园县镇街" for character in key[start + 1 : end - ending.length]):
        return None
    weight = 2.2 + ending.weight - 0.25 * max(0, end - start - 4)
    return end, "town", weight, _TOWN


def interior(key: str, relative: re.Pattern[str] | None) -> list[tuple[int, int, float]]:
    """What names of places rarely contain: (latest start, earliest end, loss) of one around it.

    Args:
        key: the text.
        relative: relative words that such a name rarely contains; None where the text has none.
    """
    out = [
        (found.start() - before, found.end() + behind, loss)
        for characters, pattern, before, behind, loss in _INNER
        if any(character in key for character in characters)
        for found in pattern.finditer(key)
    ]
    if relative is not None:
        out += [(found.start(), found.end(), 2.5) for found in relative.finditer(key)]
    return out
