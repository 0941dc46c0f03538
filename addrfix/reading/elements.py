"""What may begin at each position of a text: candidate elements with a score each.

Scores are judgements in one arbitrary unit (a road's name of ordinary length is worth 3.6); the
words behind them are tables in `gazetteer/words/`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from addrfix.model.nouns import Mention, VillageHit
from addrfix.reading.candidate import Candidate
from addrfix.reading.lexicon import NUMERAL, STATE, Ending, Lexicon
from addrfix.text.marks import SEPARATORS

LONGEST = 16
"""No element is longer than this, in characters."""
_ROAD_LENGTH = {2: -1.2, 3: 1.0, 4: 0.9, 5: 0.3, 6: -0.6, 7: -1.6, 8: -2.6, 9: -3.5}
_HIGHWAY = re.compile(
    r"[GSXY]?\d{2,4}(?:国道|省道|县道)|(?:[^\d]{1,3})?\d{1,2}号?(?:大街|街|路|线)"
)
_DIRECTED = re.compile(rf"[东西南北中{NUMERAL}][路街]$")
_DISTANCE = re.compile(
    r"(?:[往向朝]?[东西南北]{1,2}(?:面|侧|边|方向)?(?:行|走)?)?(?:约|大约)?\d+(?:\.\d+)?(?:多)?"
    r"(?:米|公里|千米|里路|里地)(?:处|左右|远)?"
)
# Weight of a division name that the reading believes in, and of one that it repeats or outvotes.
_SURE, _DOUBTFUL = 7.0, 4.0
_POI = STATE["poi"]
_BESIDE = frozenset("旁对附隔门内")
_NUMBER_OPENERS = frozenset("第负" + NUMERAL)
_position = attrgetter("end")
_DISTANCE_OPENERS = frozenset("往向朝东西南北约大0123456789")
_COMPANY_TAIL = ("有限", "股份", "公司", "集团", "责任")
_NOT_A_ROAD_BEFORE = ("镇", "乡", "与", "和", "区", "旁", "交叉")
_INNER_TOWN = re.compile(r"镇|街道|县|社区")
_INNER_ROAD = re.compile(r"路|大道|大街")
_INNER_OTHER = re.compile(r"(?<=.)(?:[镇乡村区园厦苑店厂市县]|街道|公司)(?=.)")
_INNER_RELATIVE = re.compile(r"(?:旁边|对面|附近|隔壁|交叉口|交汇处)")
_DIGITS = frozenset("0123456789")


class _End(NamedTuple):
    """What a name that ends at a position has in common, whatever it begins with."""

    end: int
    endings: tuple[Ending, ...]
    boundary: bool
    strong: int
    """Length of the shortest strong place word that ends here; 0 for none."""
    weak: bool
    place: float | None
    """Score that a place's name gains or loses by where it ends; None where none can end."""


class Scan:
    """One text, prepared so that asking what may begin at a position is cheap.

    What depends on one position alone is worked out once; only what depends on both ends of a
    name is left for the pairs.
    """

    def __init__(
        self,
        key: str,
        lexicon: Lexicon,
        mentions: Sequence[Mention],
        doubtful: Sequence[Mention],
        villages: Sequence[VillageHit],
    ) -> None:
        """Prepare `key`; arguments as in `structure.segment`."""
        self.key = key
        self.lexicon = lexicon
        self.size = len(key)
        self.fixed: dict[int, list[Candidate]] = {}
        self.division_starts: set[int] = set()
        self.sure = {mention.start: mention.end for mention in mentions}
        for mention in mentions:
            self._fix(mention, _SURE)
        for mention in doubtful:
            self._fix(mention, _DOUBTFUL)
        self.villages: dict[int, list[int]] = {}
        for village in villages:
            self.villages.setdefault(village.start, []).append(village.end)
        self.endings = self._find_endings()
        self.ends = [found for end in range(2, self.size + 1) if (found := self._end(end))]
        self.inner_roads = [found.span() for found in _INNER_ROAD.finditer(key)]
        self.inner_towns = [found.span() for found in _INNER_TOWN.finditer(key)]
        self.inner_relatives = [found.span() for found in _INNER_RELATIVE.finditer(key)]

    def _fix(self, mention: Mention, weight: float) -> None:
        label = ("prov", "city", "district", "town")[mention.level - 1]
        if mention.kind == "zone":
            label = "devzone"
        state = STATE["admin"] if mention.level <= 3 and label != "devzone" else STATE[label]
        division = Candidate(mention.end, label, weight, state)
        self.fixed.setdefault(mention.start, []).append(division)
        self.division_starts.add(mention.start)

    def _find_endings(self) -> list[tuple[Ending, ...]]:
        """For each end position, the words that end there, longest first."""
        key, lexicon = self.key, self.lexicon
        out: list[tuple[Ending, ...]] = [()] * (self.size + 1)
        for end in range(1, self.size + 1):
            if key[end - 1] not in lexicon.last:
                continue
            found: list[Ending] = []
            for length in range(min(lexicon.longest, end), 0, -1):
                entry = lexicon.endings.get(key[end - length : end])
                if entry is not None:
                    found.extend(entry)
            out[end] = tuple(found)
        return out

    def _end(self, end: int) -> _End | None:
        """What is known of names that end here; None where no name does."""
        endings = self.endings[end]
        boundary = self.is_boundary(end)
        strong = min((e.length for e in endings if e.kind == "place" and e.weight), default=0)
        weak = any(e.kind == "place" and not e.weight for e in endings)
        place: float | None = None
        if strong or weak or boundary or self._may_end(end):
            after = self.key[end : end + 2]
            place = 0.9 if boundary else 0.0
            if after in _COMPANY_TAIL:
                place -= 1.5
            if after[:1] in _BESIDE:
                place += 0.3
            if not boundary and any(e.kind == "place" and e.weight for e in self._place_after(end)):
                place -= 0.7
        if not endings and place is None:
            return None
        return _End(end, endings, boundary, strong, weak, place)

    def _may_end(self, end: int) -> bool:
        """Whether a name without a telling end may stop here."""
        return (
            (end < self.size and self.key[end] in self.lexicon.relative_first)
            or end in self.division_starts
            or (end < self.size and self.key[end] in _NUMBER_OPENERS)
        )

    def is_boundary(self, position: int) -> bool:
        """Whether a name is cut off here by the end, a separator, a digit or a letter."""
        if position >= self.size:
            return True
        character = self.key[position]
        return character in SEPARATORS or (character.isascii() and character.isalnum())

    def at(self, start: int) -> list[Candidate]:
        """Elements that may begin at `start`, but for numbers: those depend on what is before."""
        if self.key[start] in SEPARATORS:
            return [Candidate(start + 1, None, 0.0, -1)]
        if start in self.sure:
            return self.fixed[start]
        out = list(self.fixed.get(start, ()))
        out.append(Candidate(start + 1, None, -2.2, -1))
        self._relatives(start, out)
        if self.key[start] != "号":
            self._names(start, out)
        return out

    def _relatives(self, start: int, out: list[Candidate]) -> None:
        if self.key[start] in _DISTANCE_OPENERS and (away := _DISTANCE.match(self.key, start)):
            out.append(Candidate(away.end(), "distance", 3.0, STATE["assist"]))
        if self.key[start] not in self.lexicon.relative_first:
            return
        for word, kind, weight in self.lexicon.relatives:
            if self.key.startswith(word, start):
                end = start + len(word)
                if len(word) == 1 and end == self.size:
                    weight += 0.6
                label = "intersection" if kind == "crossing" else "assist"
                out.append(Candidate(end, label, weight + 1.0, STATE["assist"]))
                return

    def _reach(self, start: int) -> int:
        """Where names that begin at `start` must have ended: a separator or a sure division."""
        key = self.key
        stop = min(self.size, start + LONGEST)
        for position in range(start + 1, stop):
            if key[position] in SEPARATORS or position in self.sure:
                return position
        return stop

    def _names(self, start: int, out: list[Candidate]) -> None:
        for known in self.villages.get(start, ()):
            out.append(Candidate(known, "community", 3.2, STATE["community"]))
        stop = self._reach(start)
        digits = counted = 0
        piece = self.key[start:stop]
        has_digits = any(character in _DIGITS for character in piece)
        first = bisect_left(self.ends, start + 2, key=_position)
        for found in self.ends[first:]:
            end = found.end
            if end > stop:
                break
            if has_digits:
                digits += sum(c in _DIGITS for c in piece[counted : end - start])
                counted = end - start
            if found.endings:
                self._ending_names(start, found, digits, out)
            if found.place is not None:
                self._place(start, found, digits, out)

    def _ending_names(self, start: int, found: _End, digits: int, out: list[Candidate]) -> None:
        end = found.end
        piece = self.key[start:end]
        for ending in found.endings:
            stem = end - start - ending.length
            if ending.kind == "road":
                if stem >= 1 and not (ending.word == "街" and self.key.startswith("道", end)):
                    self._road(start, end, piece, ending, digits, found.boundary, out)
            elif ending.kind == "zone":
                self._zone(start, end, ending, digits, stem, out)
            elif ending.kind == "village":
                if not digits and stem >= 1 and end - start <= 8:
                    self._village(start, end, piece, ending, out)
            elif ending.kind == "town" and not digits and stem >= 1 and end - start <= 7:
                self._town(start, end, piece, ending, out)

    def _road(
        self, start: int, end: int, piece: str, ending: Ending, digits: int, boundary: bool,
        out: list[Candidate],
    ) -> None:  # fmt: skip
        length = end - start
        size = (
            length - 1 if ending.length == 2 and ending.word in ("大道", "大街", "胡同") else length
        )
        if size < 2 or size not in _ROAD_LENGTH:
            return
        weight = 2.6 + _ROAD_LENGTH[size] + ending.weight
        if _DIRECTED.search(piece):
            weight += 0.4
        stem = piece[: -ending.length]
        if _INNER_OTHER.search(stem[1:] + "|"):
            weight -= 1.4
        if boundary and end < self.size:
            weight += 0.8
        if digits:
            weight += 1.2 if _HIGHWAY.fullmatch(piece) else -3.0
        after = self.key[end : end + 2]
        if after in ("商场", "商城"):
            weight -= 0.7
        if after[:1] in ("桥", "灯"):
            weight -= 1.0
        if piece.startswith(_NOT_A_ROAD_BEFORE):
            weight -= 1.5
        if _INNER_RELATIVE.search(piece):
            weight -= 2.0
        if length == 2 and piece[0] in "东西南北中":
            weight -= 1.5
        if end in self.division_starts and after:
            weight -= 0.2
        out.append(Candidate(end, "road", weight, STATE["road"]))

    def _zone(
        self, start: int, end: int, ending: Ending, digits: int, stem: int, out: list[Candidate]
    ) -> None:
        if digits or (stem == 0 and not ending.weight) or end - start < 3:
            return
        if self.key[end : end + 1] in ("区", "园"):
            return
        weight = 2.0 - 0.12 * (end - start) - (0.3 if stem == 0 else 0.0)
        out.append(Candidate(end, "devzone", weight, STATE["devzone"]))

    def _village(
        self, start: int, end: int, piece: str, ending: Ending, out: list[Candidate]
    ) -> None:
        if ending.word == "社区" and self.key.startswith(("卫生", "服务"), end):
            return
        if ending.word == "村" and self.key.startswith(("委", "民委"), end):
            return
        weight = 2.0 + ending.weight - 0.3 * max(0, end - start - 4)
        stem = piece[: -ending.length]
        if piece.endswith("新村"):
            weight -= 1.0
        if any(character in "路镇街" for character in stem[1:]):
            weight -= 1.0
        if end - start == 2 and ending.word != "村":
            weight -= 1.0
        out.append(Candidate(end, "community", weight, STATE["community"]))

    def _town(self, start: int, end: int, piece: str, ending: Ending, out: list[Candidate]) -> None:
        if self.key.startswith(("路", "大道", "政府"), end):
            return
        stem = piece[: -ending.length]
        if any(character in "路村区市园县镇街" for character in stem[1:]):
            return
        weight = 2.2 + ending.weight - 0.25 * max(0, end - start - 4)
        out.append(Candidate(end, "town", weight, STATE["town"]))

    def _place(self, start: int, found: _End, digits: int, out: list[Candidate]) -> None:
        length = found.end - start
        if 0 < found.strong < length:
            weight = 1.3 - 0.06 * length
        elif found.weak and length >= 3:
            weight = (0.5 if found.boundary else -0.3) - 0.08 * length
        else:
            weight = -0.9 - 0.10 * length
        weight += found.place or 0.0
        if length > 3 and self.inner_roads and self._inside(self.inner_roads, start + 2, found.end):
            weight -= 1.2
        if length > 3 and self.inner_towns and self._inside(self.inner_towns, start + 1, found.end):
            weight -= 0.8
        if self.inner_relatives and any(
            start <= a and b <= found.end for a, b in self.inner_relatives
        ):
            weight -= 2.5
        if digits:
            leading = self.key[start].isascii() and digits < 4 and length > digits
            weight -= 0.8 if leading else 1.2 * digits
        if length == 2 and self.key[start] in NUMERAL:
            weight -= 1.0
        out.append(Candidate(found.end, "poi", weight, _POI))

    @staticmethod
    def _inside(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
        return any(start <= a and b < end for a, b in spans)

    def _place_after(self, end: int) -> Sequence[Ending]:
        """Endings that the next two or three characters make: the name goes on (花园|小区)."""
        for stop in (end + 2, end + 3):
            if stop <= self.size:
                for ending in self.endings[stop]:
                    if ending.length == stop - end:
                        return self.endings[stop]
        return ()
