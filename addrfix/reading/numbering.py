"""Numbers: which element a number is, by the word behind it and by what stands before.

12号 is a door on a road, a building in a compound and a room in a tower; the rows of
`gazetteer/words/number_rules.tsv` say which, this module only applies them.
"""

from __future__ import annotations

import re

from addrfix.reading.candidate import Candidate
from addrfix.reading.lexicon import NUMERAL, STATE, Lexicon, NumberRule, When

_BARE = re.compile(
    r"[A-Za-z]{0,2}\d{1,6}[A-Za-z]?(?![A-Za-z0-9])"
    r"|\d{1,2}[A-Za-z](?=\d{3,4}(?!\d))|[A-Za-z]\d*(?![A-Za-z])"
)
_JOINED_BARE = re.compile(r"\d+(?:-\d+)+(?=[\u4e00-\u9fff]|$)")
_NOT_BARE_BEFORE = ("号", "路", "街", "大道", "大街", "村")
_ROAD_BEHIND = ("路", "街", "大道", "大街", "村")
_MORE = re.compile(r"[-_#~/ ,.、]*[0-9A-Za-z]")
_JOINED_NUMBER = re.compile(r"-\d+号")
_NUMBERED = re.compile(r"[路街道巷弄]\d+[-\d]*号?")
_OPENERS = frozenset(NUMERAL + "第负自门新老旧附临甲乙丙丁地东西南北中")
_ROAD = frozenset((STATE["road"],))
_SPLIT = frozenset(STATE[name] for name in ("poi", "subpoi", "houseno", "cellno"))
_UNSPLIT = frozenset(STATE.values()) - _SPLIT
_ALL = frozenset(STATE.values())


class Number:
    """A number found at a position, before it is known what it follows."""

    def __init__(
        self, end: int, rules: tuple[tuple[NumberRule, ...], ...], loss: float, digits: int,
        after: frozenset[int],
    ) -> None:  # fmt: skip
        self.end = end
        self.rules = rules
        """By the state before: the rules that may apply."""
        self.loss = loss
        self.digits = digits
        self.after = after
        """States behind which it is read so."""


class Numbers:
    """The numbers of one text."""

    def __init__(self, key: str, lexicon: Lexicon) -> None:
        """Prepare `key`; nothing is looked for yet."""
        self._key = key
        self._lexicon = lexicon
        self._numbered = -1

    def at(self, start: int) -> list[Number]:
        """Numbers that may begin at `start`."""
        key = self._key
        character = key[start]
        plain = character.isascii() and character.isalnum()
        if not plain and character not in _OPENERS:
            return []
        before = key[start - 1] if start else " "
        if (
            plain
            and before.isascii()
            and before.isalnum()
            and character.isalpha() == before.isalpha()
        ):
            return []
        out: list[Number] = []
        lexicon = self._lexicon
        found = lexicon.numbered.match(key, start)
        if found is not None:
            suffix = found.group(1)
            after = _ALL
            if "-" in key[start : found.start(1)]:
                after = _UNSPLIT if suffix[0] == "号" else frozenset()
            if after:
                out.append(self._number(start, found.end(), suffix, after))
        glued = before.isascii() and before.isalpha() and not key[start - 2 : start - 1].isdigit()
        if plain and not glued:
            self._bare(start, out)
        return out

    def _bare(self, start: int, out: list[Number]) -> None:
        key = self._key
        bare = _BARE.match(key, start)
        if bare is not None and not key.startswith(_NOT_BARE_BEFORE, bare.end()):
            after = _SPLIT if _JOINED_NUMBER.match(key, bare.end()) else _ALL
            out.append(self._number(start, bare.end(), "", after))
        joined = _JOINED_BARE.match(key, start)
        if joined is not None and not key.startswith(_NOT_BARE_BEFORE, joined.end()):
            out.append(self._number(start, joined.end(), "", _ROAD))

    def _number(self, start: int, end: int, suffix: str, after: frozenset[int]) -> Number:
        key, rules = self._key, self._lexicon.rules
        loss = 0.2 if key[start] in NUMERAL else 0.0
        # 12号路 and 3号大街 are roads.
        if key.startswith(_ROAD_BEHIND, end) and not key.startswith("路口", end):
            loss += 1.5
        digits = 0
        for position in range(start, end):
            digits += key[position].isdigit()
        return Number(end, rules[suffix if suffix in rules else suffix[0]], loss, digits, after)

    def behind(self, numbers: list[Number], state: int, before: int, start: int) -> list[Candidate]:
        """The elements that numbers at `start` are behind `state`.

        Args:
            numbers: from `at(start)`.
            state: the last element read.
            before: where that element began; its ending tells rooms from buildings.
            start: position of the numbers.
        """
        out: list[Candidate] = []
        for number in numbers:
            if state not in number.after:
                continue
            for rule in number.rules[state]:
                if not rule.when or self._holds(rule.when, number, before, start):
                    out.append((number.end, rule.label, rule.weight - number.loss, rule.state))
                    break
        return out

    def _holds(self, when: When, number: Number, before: int, start: int) -> bool:
        if when == When.MORE:
            return _MORE.match(self._key, number.end) is not None
        if when == When.SHORT:
            return number.digits <= 3
        if when == When.SHORT2:
            return number.digits <= 2
        if when == When.TOWER:
            return number.digits >= 3 and self._key.endswith(self._lexicon.towers, before, start)
        if when == When.ESTATE:
            return self._key.endswith(self._lexicon.estates, before, start)
        if self._numbered < 0:
            found = _NUMBERED.search(self._key)
            self._numbered = found.end() if found else len(self._key) + 1
        return self._numbered <= start and (when == When.NUMBERED or number.digits >= 3)
