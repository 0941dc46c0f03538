"""Numbers: which element a number is, by the word behind it and by what stands before.

12号 is a door on a road, a building in a compound and a room in a tower; the rows of
`gazetteer/words/number_rules.tsv` say which, this module only applies them. Several numbers that
are one (a range of rooms 501-503, floor and door 13-6) have rules of their own.
"""

from __future__ import annotations

import re
import string

from addrfix.patterns import pattern, word_class
from addrfix.reading.candidate import Candidate
from addrfix.reading.lexicon import NUMERAL, STATE, Lexicon, NumberRule, Shape, When
from addrfix.text.numerals import arabic

# A number without a word behind it; six digits are a postcode or a code.
_BARE = re.compile(
    r"[A-Za-z]{0,2}\d{1,5}[A-Za-z]?(?![A-Za-z0-9])"
    r"|\d{1,2}[A-Za-z](?=\d{3,4}(?!\d))"
    r"|\d{1,2}[A-EG-Za-eg-z]\d{2}(?![A-Za-z0-9])"
    r"|[A-Za-z]\d{0,5}(?![A-Za-z0-9])"
)
_CODE = re.compile(r"\d{6}(?![0-9A-Za-z-])")
_MORE = re.compile(r"[-_#~/ ,.、]*[0-9A-Za-z]")
_BETWEEN = re.compile(r"[^0-9A-Za-z]+")
_NUMERALS = frozenset(NUMERAL)
_DIGIT_NUMERALS = frozenset(word_class("digit_numeral"))
_NOT_BARE_BEFORE = word_class("not_behind_bare_number")
_ROAD_BEHIND = word_class("road_behind_number")
_CROSSING_BEHIND = word_class("crossing_behind_number")
_ROW = word_class("row_of_houses")
_JOINED_NUMBER = pattern("joined_number_behind")
_NUMBERED = pattern("numbered_road")
_REST = pattern("behind_full_room")
_UNIT_BEHIND = pattern("unit_behind")
# What a number of digits alone goes on with, beside ASCII letters.
_GOES_ON = frozenset(string.ascii_letters + "-~/,").union(
    word[0] for word in word_class("number_joint")
)
_TAIL_OPENERS = frozenset(word_class("number_tail_opener"))
_LONGEST_BARE = 5
# Digits from which a number names a room rather than a building, unit or floor.
_LONG_NUMBER = 3
# Written out, 五零二 is a room with three characters; two are part of a name.
_WRITTEN_ROOM = 3
_ONE, _JOINED, _PAIR, _RISING, _LONG, _STRETCH, _ANNEX, _OF_REST, _OF_CODE, _LIST = map(int, Shape)
_MORE_FOLLOW, _TOWER, _ESTATE, _BY_ROAD, _SHORT, _SHORT2, _IN_ROW, _BEFORE_UNIT = (
    int(When.MORE), int(When.TOWER), int(When.ESTATE), int(When.NUMBERED), int(When.SHORT),
    int(When.SHORT2), int(When.ROW), int(When.UNIT),
)  # fmt: skip


def _states(*names: str) -> int:
    """States as bits."""
    return sum(1 << STATE[name] for name in names)


_ALL = _states(*STATE)
_SPLIT = _states("poi", "subpoi", "houseno", "cellno")
_WRITTEN_AFTER = _states("poi", "subpoi", "roadno", "houseno", "cellno", "floorno")


class Number:
    """A number found at a position, before it is known what it follows."""

    def __init__(
        self, end: int, rules: tuple[tuple[NumberRule, ...], ...], loss: float, digits: int,
        after: int, forms: int,
    ) -> None:  # fmt: skip
        self.end = end
        self.rules = rules
        """By the state before: the rules that may apply."""
        self.loss = loss
        self.digits = digits
        self.after = after
        """States behind which it is read so, as bits."""
        self.forms = forms
        """Bits of `Shape`."""


class Numbers:
    """The numbers of one text."""

    def __init__(self, key: str, lexicon: Lexicon) -> None:
        """Prepare `key`; nothing is looked for yet."""
        self._key = key
        self._lexicon = lexicon
        self._openers = lexicon.openers
        self._suffixes = lexicon.suffixes
        self._rules = lexicon.rules
        self._numbered = -1

    def at(self, start: int) -> list[Number]:
        """Numbers that may begin at `start`."""
        key = self._key
        character = key[start]
        plain = character.isascii() and character.isalnum()
        if not plain and character not in self._openers:
            return []
        before = key[start - 1] if start else " "
        latin = before.isascii() and before.isalnum()
        if plain and latin and character.isalpha() == before.isalpha():
            return []
        out: list[Number] = []
        stop = self._digits_alone(start)
        if stop >= 0:
            self._numbered_or_joined(start, stop, False, before, out)
        elif not (latin and character == "-"):
            found = self._lexicon.number.match(key, start)
            if found is not None:
                joined = found.lastindex is not None
                self._numbered_or_joined(start, found.end(), joined, before, out)
        if plain:
            if not (latin and before.isalpha() and not key[start - 2 : start - 1].isdigit()):
                self._bare(start, stop if stop - start <= _LONGEST_BARE else -1, out)
        elif character in _NUMERALS:
            self._written_room(start, out)
        elif character == "-":
            self._rest(start, out)
        return out

    def _digits_alone(self, start: int) -> int:
        """Where digits end that begin at `start`; -1 for none, or where they go on otherwise.

        Most numbers are digits and a word; only the others are searched by pattern.
        """
        key, size = self._key, len(self._key)
        stop = start
        while stop < size and "0" <= key[stop] <= "9":
            stop += 1
        return stop if stop > start and (stop == size or key[stop] not in _GOES_ON) else -1

    def _numbered_or_joined(
        self, start: int, stop: int, joined: bool, before: str, out: list[Number]
    ) -> None:
        """A number with the word behind it; several that are one, with or without."""
        key = self._key
        forms = _shapes(key[start:stop]) if joined else _ONE
        if joined and before == "-":
            # The rest of a chain (48-4-7) is no pair of its own.
            forms &= _STRETCH
            if not forms:
                return
        suffix = self._suffix(stop)
        if not suffix and stop - start >= 2 and key[stop - 1].isalpha():
            # The F of 3F is the word of a floor.
            suffix = self._suffix(stop - 1) if key[stop - 2].isdigit() else ""
            stop -= 1 if suffix else 0
        if suffix:
            end = self._with_tail(suffix, stop + len(suffix))
            out.append(self._number(start, end, suffix, _ALL, forms))
        elif joined and not key.startswith(_NOT_BARE_BEFORE, stop) and self._is_over(stop):
            out.append(self._number(start, stop, "", _ALL, forms))

    def _suffix(self, position: int) -> str:
        """The word behind a number that ends at `position`; empty for none."""
        key = self._key
        lengths = self._suffixes.get(key[position]) if position < len(key) else None
        if lengths is None:
            return ""
        for length in lengths:
            suffix = key[position : position + length]
            if suffix in self._rules:
                unless = self._lexicon.unless.get(suffix)
                if unless is None or unless.match(key, position + length) is None:
                    return suffix
        return ""

    def _with_tail(self, suffix: str, end: int) -> int:
        """Where a number ends whose word ends at `end`: 12号|附3号."""
        key = self._key
        if end == len(key) or key[end] not in _TAIL_OPENERS:
            return end
        tail = self._lexicon.number_tails.get(suffix)
        more = None if tail is None else tail.match(key, end)
        return end if more is None else more.end()

    def _is_over(self, position: int) -> bool:
        """Whether no letter, digit or dash goes on there."""
        after = self._key[position : position + 1]
        return not after or not (after.isascii() and (after.isalnum() or after in "-#"))

    def _bare(self, start: int, stop: int, out: list[Number]) -> None:
        """A number without a word; `stop` is its end where it is nothing but digits, or -1."""
        key = self._key
        if stop < 0:
            bare = _BARE.match(key, start)
            if bare is not None:
                stop = bare.end()
            elif _CODE.match(key, start):
                out.append(self._number(start, start + 6, "", _ALL, _OF_CODE))
        if stop >= 0 and not key.startswith(_NOT_BARE_BEFORE, stop):
            joined = key.startswith("-", stop) and _JOINED_NUMBER.match(key, stop)
            end = self._with_tail("", stop)
            out.append(self._number(start, end, "", _SPLIT if joined else _ALL, _ONE))

    def _written_room(self, start: int, out: list[Number]) -> None:
        """A room written out digit by digit: 三栋|五零二."""
        key, size = self._key, len(self._key)
        end = start
        while end < size and key[end] in _DIGIT_NUMERALS:
            end += 1
        if end - start < _WRITTEN_ROOM or (start and key[start - 1] in _NUMERALS):
            return
        if end == size or not key[end].isalnum():
            out.append(self._number(start, end, "", _WRITTEN_AFTER, _ONE))

    def _rest(self, start: int, out: list[Number]) -> None:
        """What a registrar put behind a full room: 508室|-662."""
        found = _REST.match(self._key, start)
        if found is not None:
            out.append(self._number(start, found.end(), "", _ALL, _OF_REST))

    def _number(self, start: int, end: int, suffix: str, after: int, forms: int) -> Number:
        key = self._key
        loss = 0.2 if key[start] in _NUMERALS else 0.0
        # 12号路 and 3号大街 are roads.
        if key.startswith(_ROAD_BEHIND, end) and not key.startswith(_CROSSING_BEHIND, end):
            loss += 1.5
        digits = 0
        for position in range(start, end):
            digits += key[position].isdigit()
        if not suffix and not digits and loss:
            digits = end - start
        rules = self._rules if forms == _ONE else self._lexicon.joined_rules
        return Number(end, rules[suffix], loss, digits, after, forms)

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
            if not number.after >> state & 1:
                continue
            for form, when, label, weight, then in number.rules[state]:
                if form & number.forms and (not when or self._holds(when, number, before, start)):
                    out.append((number.end, label, weight - number.loss, then))
                    break
        return out

    def _holds(self, when: int, number: Number, before: int, start: int) -> bool:
        if when == _MORE_FOLLOW:
            return _MORE.match(self._key, number.end) is not None
        if when == _SHORT:
            return number.digits <= 3
        if when == _SHORT2:
            return number.digits <= 2
        if when == _TOWER:
            return number.digits >= 3 and self._key.endswith(self._lexicon.towers, before, start)
        if when == _ESTATE:
            return self._key.endswith(self._lexicon.estates, before, start)
        if when == _BEFORE_UNIT:
            return _UNIT_BEHIND.match(self._key, number.end) is not None
        if when == _IN_ROW:
            return self._key.endswith(_ROW, before, start)
        if self._numbered < 0:
            found = _NUMBERED.search(self._key)
            self._numbered = found.end() if found else len(self._key) + 1
        return self._numbered <= start and (when == _BY_ROAD or number.digits >= 3)


def _shapes(written: str) -> int:
    """What several numbers in one are, as bits of `Shape`; only for such.

    >>> _shapes("13-6") == Shape.JOINED | Shape.PAIR
    True
    """
    parts = _parts(written)
    if not parts:
        return _JOINED
    sizes = [len(part) for part in parts]
    shortest, longest = min(sizes), max(sizes)
    rising = int(parts[-1]) >= int(parts[0])
    stretch = shortest == longest >= _LONG_NUMBER and len({part[:-2] for part in parts}) == 1
    if "," in written:
        alike = shortest >= _LONG_NUMBER or longest < _LONG_NUMBER
        return (_LIST if alike else 0) | (_STRETCH if stretch else 0)
    forms = _JOINED
    if shortest >= _LONG_NUMBER:
        forms |= _LONG | (_STRETCH if stretch and rising else 0)
    elif len(parts) == 2 and sizes[1] < _LONG_NUMBER:
        forms |= _ANNEX if sizes[0] >= _LONG_NUMBER else _PAIR | (_RISING if rising else 0)
    return forms


def _parts(written: str) -> list[str]:
    """The digits of each of several numbers; none where one of them has no digits.

    >>> _parts("1205A-1205B"), _parts("1205-A")
    (['1205', '1205'], ['1205', '1'])
    """
    parts = [part for part in _BETWEEN.split(arabic(written)) if part]
    # A letter alone is a number of one digit.
    digits = [
        "1" if len(part) == 1 and part.isalpha() else part.strip(string.ascii_letters)
        for part in parts
    ]
    return digits if len(digits) > 1 and all(part.isdigit() for part in digits) else []
