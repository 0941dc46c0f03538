"""What names of roads, zones, villages and towns are worth by their own letters and their ends.

Scores are in the unit of `elements.py`; the words that end such names carry theirs in their tables.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from addrfix.knowledge import words
from addrfix.patterns import compiled, pattern, word_class
from addrfix.reading.candidate import Candidate
from addrfix.reading.lexicon import NUMERAL, STATE, Ending

_ROAD_LENGTH = {2: -1.2, 3: 1.0, 4: 0.9, 5: 0.3, 6: -0.6, 7: -1.6, 8: -2.6, 9: -3.5}
_LONGEST_ROAD = 10
_SIDES = frozenset(word_class("direction"))
_DIRECTIONS = _SIDES | frozenset(NUMERAL)
_LONG_ROADS = frozenset(word_class("long_road_word"))
_TURNING = frozenset(word_class("turning_road_word"))
_NOT_ROADS = frozenset(word_class("not_a_road"))
_HIGHWAY = pattern("highway")
_NOT_A_ROAD_BEFORE = word_class("not_road_opener")
_INNER_OTHER = pattern("inside_road")
_INNER_RELATIVE = pattern("relative_inside_road")
_MOUTH = word_class("mouth_of_road")
_SEAT = pattern("seat")
SEAT_OPENER = frozenset(word_class("seat_opener"))
_ROAD, _ZONE, _ADMIN = STATE["road"], STATE["devzone"], STATE["admin"]
_BARE_VILLAGES = frozenset(word_class("village_word_alone"))
_NOT_IN_VILLAGE = frozenset(word_class("not_inside_village"))
_NOT_IN_TOWN = frozenset(word_class("not_inside_town"))
_PLAIN_VILLAGE, _NEW_VILLAGE = word_class("plain_village")[0], word_class("new_village")
_GROUP = STATE["village_group"]
_VILLAGE, _TOWN = STATE["community"], STATE["town"]
# A village without its word, by two, three and more characters: 云台 may be anything.
_STEM = (0.4, 1.0, 1.4)
_VILLAGE_ENDS, _NOT_BEHIND = word_class("village_end"), word_class("not_behind_village")
_NO_VILLAGE = word_class("place_not_village")
_QUARTER_AFTER = pattern("quarter_after")


class Interior(NamedTuple):
    """What a place's name rarely has inside: a row of name_interior.tsv."""

    needs: str
    """One of these characters stands in every find."""
    pattern: re.Pattern[str]
    before: int
    """Characters of the name that stand before it at least."""
    behind: int
    """Characters of the name that stand behind it at least."""
    loss: float


def _interiors() -> tuple[Interior, ...]:
    """The rows of name_interior.tsv, compiled."""
    return tuple(
        Interior(
            row["needs"], compiled(row["pattern"]), int(row["before"]), int(row["behind"]),
            float(row["loss"]),
        )
        for row in words("name_interior")
    )  # fmt: skip


def _losses_behind_road() -> dict[str, tuple[tuple[str, float], ...]]:
    """First character → words behind a road's name and what it loses by them."""
    found: dict[str, tuple[tuple[str, float], ...]] = {}
    for row in words("behind_road"):
        first = row["word"][0]
        found[first] = (*found.get(first, ()), (row["word"], float(row["loss"])))
    return found


_INTERIORS = _interiors()
_BEHIND_ROAD = _losses_behind_road()


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
    if stem < 0 or (ending.unless and key.startswith(ending.unless, end)):
        return None
    if kind == "road":
        return _road(key, start, end, ending, digits, boundary) if stem else None
    if digits:
        return None
    if kind == "zone":
        return _zone(end, length, stem) if stem or ending.weight else None
    if kind == "group":
        return _group(end, stem, ending)
    if not stem:
        return None
    if kind == "village":
        return _village(key, start, end, ending) if length <= 8 else None
    return _town(key, start, end, ending) if length <= 7 else None


def _road(
    key: str, start: int, end: int, ending: Ending, digits: int, boundary: bool
) -> Candidate | None:
    length = end - start
    size = length - 1 if ending.word in _LONG_ROADS else length
    if size < 2 or length > _LONGEST_ROAD or size not in _ROAD_LENGTH:
        return None
    piece = key[start:end]
    if length == 2 and piece in _NOT_ROADS:
        return None
    weight = 2.6 + _ROAD_LENGTH[size] + ending.weight
    if piece[-1] in _TURNING and piece[-2] in _DIRECTIONS:
        weight += 0.4
    if length > 3 and _INNER_OTHER.search(piece[1 : -ending.length] + "|"):
        weight -= 1.4
    if length > 4 and _INNER_RELATIVE.search(piece):
        weight -= 2.0
    if length == 2 and piece[0] in _SIDES:
        weight -= 1.5
    if digits:
        weight += 1.2 if _HIGHWAY.fullmatch(piece) else -3.0
    if boundary and end < len(key):
        weight += 0.8
    return end, "road", weight - _loss_around(key, start, end, piece, digits), _ROAD


def _loss_around(key: str, start: int, end: int, piece: str, digits: int) -> float:
    """What a road loses by what it begins with and by what follows it."""
    loss = 0.0
    if piece.startswith(_NOT_A_ROAD_BEFORE):
        loss += 1.5
    if piece[0] in SEAT_OPENER and _SEAT.match(key, start):
        loss += 2.5
    if digits and key.startswith(_MOUTH, end):
        loss += 3.0
    for word, one in _BEHIND_ROAD.get(key[end : end + 1], ()):
        if key.startswith(word, end):
            loss += one
    return loss


def _zone(end: int, length: int, stem: int) -> Candidate | None:
    if length < 3:
        return None
    return end, "devzone", 2.0 - 0.12 * length - (0.0 if stem else 0.3), _ZONE


def _group(end: int, stem: int, ending: Ending) -> Candidate | None:
    if not 1 <= stem <= 4:
        return None
    return end, "village_group", 1.8 + ending.weight - 0.2 * stem, _GROUP


def _village(key: str, start: int, end: int, ending: Ending) -> Candidate | None:
    if key[start:end] in _BARE_VILLAGES:
        return None
    length = end - start
    weight = 2.0 + ending.weight - 0.3 * max(0, length - 4)
    if key.endswith(_NEW_VILLAGE, start, end):
        weight -= 1.0
    if key.find(_PLAIN_VILLAGE, start + 1, end - ending.length) >= 0:
        weight -= 1.2
    if any(character in _NOT_IN_VILLAGE for character in key[start + 1 : end - ending.length]):
        weight -= 1.0
    if length == 2 and ending.word != _PLAIN_VILLAGE:
        weight -= 1.0
    return end, "community", weight, _VILLAGE


def known_village(key: str, start: int, end: int, boundary: bool) -> float | None:
    """What a village of the gazetteer is worth: much where the text says that it is one.

    Args:
        key: the text.
        start: where its name begins.
        end: where it ends.
        boundary: whether a name is cut off at `end` by the end of the text, a separator or a digit.
    """
    if key.startswith(_NOT_BEHIND, end):
        return None
    if key.endswith(_VILLAGE_ENDS, start, end):
        return 3.2
    weight = _STEM[min(end - start, 4) - 2]
    if boundary:
        weight += 0.8
    elif _QUARTER_AFTER.match(key, end):
        weight -= 1.2
    if key.endswith(_NO_VILLAGE, start, end):
        weight -= 1.2
    return weight


def _town(key: str, start: int, end: int, ending: Ending) -> Candidate | None:
    stem = end - ending.length
    # Names of two characters end with any of them (杜村镇, 桃园镇); longer ones hold another name.
    if any(character in _NOT_IN_TOWN for character in key[start + 1 : stem - (stem - start == 2)]):
        return None
    weight = 2.2 + ending.weight - 0.25 * max(0, end - start - 4)
    return end, "town", weight, _TOWN


def _has_one(key: str, characters: str) -> bool:
    # Compiled, a loop costs a third of what `any` does.
    for character in characters:  # noqa: SIM110
        if character in key:
            return True
    return False


def interior(key: str, relative: re.Pattern[str] | None) -> list[tuple[int, int, float]]:
    """What names of places rarely contain: (latest start, earliest end, loss) of one around it.

    Args:
        key: the text.
        relative: relative words that such a name rarely contains; None where the text has none.
    """
    out = [
        (found.start() - before, found.end() + behind, loss)
        for needs, pattern_inside, before, behind, loss in _INTERIORS
        if _has_one(key, needs)
        for found in pattern_inside.finditer(key)
    ]
    if relative is not None:
        out += [(found.start(), found.end(), 2.5) for found in relative.finditer(key)]
    return out


def seat(key: str, start: int) -> Candidate | None:
    """The word for a county's seat behind its name, which belongs to no road: 平邑县|城|云台路."""
    found = _SEAT.match(key, start)
    return (found.end(), "redundant", 1.4, _ADMIN) if found is not None else None
