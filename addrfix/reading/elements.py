"""What may begin at each position of a text: candidate elements with a score each.

Scores are judgements in one arbitrary unit (a road's name of ordinary length is worth 3.6); the
words behind them are tables in `gazetteer/words/`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from addrfix.model.nouns import Mention, VillageHit
from addrfix.parse.lexicon import NUMERAL, STATE, Ending, Lexicon, NumberRule
from addrfix.text.marks import SEPARATORS

LONGEST = 16
"""No element is longer than this, in characters."""
_ROAD_LENGTH = {2: -1.2, 3: 1.0, 4: 0.9, 5: 0.3, 6: -0.6, 7: -1.6, 8: -2.6, 9: -3.5}
_BARE = re.compile(r"[A-Za-z]{0,2}\d+[A-Za-z]?(?![A-Za-z])|[A-Za-z]\d*(?![A-Za-z])")
_JOINED_BARE = re.compile(r"\d+(?:-\d+)+(?=[\u4e00-\u9fff]|$)")
_MORE = re.compile(r"[-_#~/ ,.、]*[0-9A-Za-z]")
_HIGHWAY = re.compile(
    r"[GSXY]?\d{2,4}(?:国道|省道|县道)|(?:[^\d]{1,3})?\d{1,2}号?(?:大街|街|路|线)"
)
_JOINED_NUMBER = re.compile(r"-\d+号")
_DIRECTED = re.compile(rf"[东西南北中{NUMERAL}][路街]$")
_SECTION = re.compile(rf"[东西南北中]?[{NUMERAL}]?段")
_BRANCH = re.compile(rf"(?:[{NUMERAL}]{{1,3}}|[东西南北])(?:弄|巷|里|路|街)")
_DISTANCE = re.compile(
    r"(?:[往向朝]?[东西南北]{1,2}(?:面|侧|边|方向)?(?:行|走)?)?(?:约|大约)?\d+(?:\.\d+)?(?:多)?"
    r"(?:米|公里|千米|里路|里地)(?:处|左右|远)?"
)
_DISTANCE_OPENERS = frozenset("往向朝东西南北约大0123456789")
_COMPANY_TAIL = ("有限", "股份", "公司", "集团", "责任")
_NOT_A_ROAD_BEFORE = ("镇", "乡", "与", "和", "区", "旁", "交叉")
_INNER_TOWN = re.compile(r".(?:镇|街道|县|社区)(?=.)")
_INNER_ROAD = re.compile(r"(?<=..)(?:路|大道|大街)(?=.)")
_INNER_OTHER = re.compile(r"(?<=.)(?:[镇乡村区园厦苑店厂市县]|街道|公司)(?=.)")
_INNER_RELATIVE = re.compile(r"(?:旁边|对面|附近|隔壁|交叉口|交汇处)")
_DIGITS = frozenset("0123456789")


class Candidate(NamedTuple):
    """An element that may stand at a position."""

    end: int
    label: str | None
    """CCKS label; None for a character or separator that belongs to no element."""
    weight: float
    state: int
    """State after it; -1 leaves the state as it was."""


class Scan:
    """One text, prepared so that asking what may begin at a position is cheap."""

    def __init__(
        self,
        key: str,
        lexicon: Lexicon,
        mentions: Sequence[Mention],
        doubtful: Sequence[Mention],
        villages: Sequence[VillageHit],
    ) -> None:
        self.key = key
        self.lexicon = lexicon
        self.size = len(key)
        self.endings = self._find_endings()
        self.fixed: dict[int, list[Candidate]] = {}
        self.division_starts: set[int] = set()
        for mention in mentions:
            self._fix(mention, _SURE)
        for mention in doubtful:
            self._fix(mention, _DOUBTFUL)
        self.villages: dict[int, list[int]] = {}
        for village in villages:
            self.villages.setdefault(village.start, []).append(village.end)

    def _fix(self, mention: Mention, weight: float) -> None:
        label = ("prov", "city", "district", "town")[mention.level - 1]
        if mention.kind == "zone":
            label = "devzone"
        state = STATE["admin"] if mention.level <= 3 and label != "devzone" else STATE[label]
        self.fixed.setdefault(mention.start, []).append(
            Candidate(mention.end, label, weight, state)
        )
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

    def is_boundary(self, position: int) -> bool:
        """Whether a name is cut off here by the end, a separator, a digit or a letter."""
        if position >= self.size:
            return True
        character = self.key[position]
        return character in SEPARATORS or (character.isascii() and character.isalnum())

    def at(self, start: int) -> list[Candidate]:
        """Elements that may begin at `start`, but for numbers: those depend on what is before."""
        key = self.key
        if key[start] in SEPARATORS:
            return [Candidate(start + 1, None, 0.0, -1)]
        out = list(self.fixed.get(start, ()))
        out.append(Candidate(start + 1, None, -2.2, -1))
        self._relatives(start, out)
        if key[start] != "号":
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

    def _names(self, start: int, out: list[Candidate]) -> None:
        key = self.key
        stop = min(self.size, start + LONGEST)
        for known in self.villages.get(start, ()):
            out.append(Candidate(known, "community", 3.2, STATE["community"]))
        digits = 0
        for end in range(start + 1, stop + 1):
            character = key[end - 1]
            if character in SEPARATORS:
                break
            if character in _DIGITS:
                digits += 1
            if end - start < 2 or (end in self.division_starts and end - start > 8):
                continue
            self._name(start, end, digits, out)

    def _name(self, start: int, end: int, digits: int, out: list[Candidate]) -> None:
        key = self.key
        piece = key[start:end]
        boundary = self.is_boundary(end)
        strong = weak = False
        for ending in self.endings[end]:
            stem = end - start - ending.length
            if ending.kind == "road":
                if stem >= 1 and not (ending.word == "街" and key.startswith("道", end)):
                    self._road(start, end, piece, ending, digits, boundary, out)
            elif ending.kind == "place":
                if ending.weight:
                    strong = strong or stem > 0
                else:
                    weak = weak or end - start >= 3
            elif ending.kind == "zone":
                self._zone(start, end, ending, digits, stem, out)
            elif ending.kind == "village":
                if not digits and stem >= 1 and end - start <= 8:
                    self._village(start, end, piece, ending, out)
            elif ending.kind == "town" and not digits and stem >= 1 and end - start <= 7:
                self._town(start, end, piece, ending, out)
        if strong or weak or boundary or self._may_end(end):
            self._place(start, end, piece, strong, weak, boundary, digits, out)

    def _may_end(self, end: int) -> bool:
        """Whether a name without a telling end may stop here."""
        return (
            (end < self.size and self.key[end] in self.lexicon.relative_first)
            or end in self.division_starts
            or self.key[end] in "第负" + NUMERAL
        )

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

    def _place(
        self, start: int, end: int, piece: str, strong: bool, weak: bool, boundary: bool,
        digits: int, out: list[Candidate],
    ) -> None:  # fmt: skip
        length = end - start
        key = self.key
        weight = -0.9 - 0.10 * length
        if strong:
            weight = 1.3 - 0.06 * length
        elif weak:
            weight = (0.5 if boundary else -0.3) - 0.08 * length
        if boundary:
            weight += 0.9
        if length > 3 and _INNER_ROAD.search(piece):
            weight -= 1.2
        if length > 3 and _INNER_TOWN.search(piece):
            weight -= 0.8
        if digits:
            weight -= (
                0.8 if key[start].isascii() and digits < 4 and length > digits else 1.2 * digits
            )
        after = key[end : end + 2]
        if after in _COMPANY_TAIL:
            weight -= 1.5
        if after[:1] in ("旁", "对", "附", "隔", "门", "内"):
            weight += 0.3
        if not boundary and any(e.kind == "place" and e.weight for e in self._place_after(end)):
            weight -= 0.7
        if length > 2 and _INNER_RELATIVE.search(piece):
            weight -= 2.5
        if key[start] in NUMERAL and length == 2:
            weight -= 1.0
        state = STATE["poi"]
        out.append(Candidate(end, "poi", weight, state))

    def _place_after(self, end: int) -> Sequence[Ending]:
        """Endings that the next two or three characters make: the name goes on (花园|小区)."""
        for stop in (end + 2, end + 3):
            if stop <= self.size:
                for ending in self.endings[stop]:
                    if ending.length == stop - end:
                        return self.endings[stop]
        return ()

    def numbers(self, start: int, state: int, place_end: str) -> list[Candidate]:
        """Numbers that may begin at `start` behind `state`.

        Args:
            start: position.
            state: the last element read.
            place_end: the text of the element before, whose ending tells rooms from buildings.
        """
        key = self.key
        character = key[start]
        if not (character.isascii() and character.isalnum()) and character not in _OPENERS:
            return []
        out: list[Candidate] = []
        found = self.lexicon.numbered.match(key, start)
        if found is not None:
            suffix = found.group(1)
            joined = "-" in key[start : found.start(1)]
            if not joined or (suffix.startswith("号") and state not in _SPLIT_AFTER):
                self._ruled(suffix, found.end(), start, state, place_end, out)
        for pattern in (_BARE, _JOINED_BARE):
            bare = pattern.match(key, start)
            if bare is None or (pattern is _JOINED_BARE and state != STATE["road"]):
                continue
            if key.startswith(("号", "路", "街", "大道", "大街", "村"), bare.end()):
                continue
            if state not in _SPLIT_AFTER and _JOINED_NUMBER.match(key, bare.end()):
                continue
            if start and key[start - 1].isascii() and key[start - 1].isalpha():
                continue
            self._ruled("", bare.end(), start, state, place_end, out)
        return out

    def _ruled(
        self, suffix: str, end: int, start: int, state: int, place_end: str, out: list[Candidate]
    ) -> None:
        name = suffix if suffix in self.lexicon.rules else suffix[:1]
        for rule in self.lexicon.rules.get(name, ()):
            if (not rule.after or state in rule.after) and self._holds(rule, start, end, place_end):
                weight = rule.weight
                if self.key[start] in NUMERAL:
                    weight -= 0.2
                # 12号路 and 3号大街 are roads.
                if self.key.startswith(("路", "街", "大道", "大街", "村"), end):
                    weight -= 1.5
                out.append(Candidate(end, rule.label, weight, STATE.get(rule.label, -1)))
                return

    def _holds(self, rule: NumberRule, start: int, end: int, place_end: str) -> bool:
        when = rule.when
        if when == "any":
            return True
        digits = sum(character in _DIGITS for character in self.key[start:end])
        if when == "more":
            return _MORE.match(self.key, end) is not None
        if when == "short":
            return digits <= 3
        if when == "short2":
            return digits <= 2
        if when == "tower":
            return digits >= 3 and place_end.endswith(self.lexicon.towers)
        if when == "estate":
            return place_end.endswith(self.lexicon.estates)
        numbered = re.search(r"[路街道巷弄]\d+[-\d]*号?", self.key[:start]) is not None
        return numbered and (when == "numbered" or digits >= 3)


# Weight of a division name that the reading believes in, and of one that it repeats or outvotes.
_SURE, _DOUBTFUL = 7.0, 4.0
_OPENERS = frozenset(NUMERAL + "第负自门新老旧附临甲乙丙丁地东西南北中")
_SPLIT_AFTER = frozenset(STATE[name] for name in ("poi", "subpoi", "houseno", "cellno"))
