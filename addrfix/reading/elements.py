"""What may begin at each position of a text: candidate elements with a score each.

Scores are judgements in one arbitrary unit (a road's name of ordinary length is worth 3.6); the
words behind them are tables in `gazetteer/words/`. What the names of roads, zones, villages and
towns are worth by their own letters is in `names.py`; this module knows where they may stand.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from functools import cache

from addrfix.model.nouns import SHORT_KINDS, Mention, PlaceHit, VillageHit
from addrfix.patterns import pattern, word_class
from addrfix.reading.candidate import Candidate
from addrfix.reading.lexicon import NUMERAL, STATE, Ending, Lexicon, lexicon
from addrfix.reading.names import SEAT_OPENER, interior, known_village, name, seat
from addrfix.text.marks import SEPARATORS

LONGEST = 20
"""No element is longer than this, in characters."""
_DISTANCE = pattern("distance")
# Weight of a division name that the reading believes in; of one that it repeats or outvotes; of a
# single one in the midst of an address, where firms and offices begin with such names.
_SURE, _DOUBTFUL, _MIDST = 7.0, 4.0, 2.0
# Of a repeated or outvoted one of two characters (东区); of a short one that opens a zone's name;
# of a lone one that opens an office's or firm's.
_DOUBTFUL_TWO, _ZONE_NAME, _OFFICE_NAME = 0.5, 1.0, 0.6
# Of a short name of a town that may be meant where no reading needs it (柳市|云台路).
_POSSIBLE = 0.9
_SHORT_COUNTY, _SHORT_TOWN = 2.6, 1.5
_OFFICE = pattern("lone_office")
# What ends with one of these is itself a division, though misspelt (维坊市|奎文区).
_RANKS = frozenset(word_class("division_rank"))
_CITY, _ZONE_ENDS = frozenset(word_class("city_rank")), frozenset(word_class("devzone_end"))
_LEVELS = ("prov", "city", "district", "town")
# A character that belongs to no element; 中国 in front of a division, which is none of its own.
_SKIPPED, _COUNTRY = -2.2, 0.5
_COUNTRIES = word_class("country_before_division")
_POI, _VILLAGE = STATE["poi"], STATE["community"]
_BESIDE = frozenset(word_class("beside_opener"))
_NOT_FIRST = frozenset(word_class("opens_no_place"))
_NAMED = frozenset(("road", "zone", "village", "group", "town"))
# 浙江大学|紫金港校区 and 银行|城东支行 are one name; 世贸城|听涛苑 are two.
_BRANCH = pattern("branch_follows")
_ESTATES = frozenset(word_class("estate_end"))
_QUARTER = pattern("quarter_of_estate")
_COMPANY = frozenset(word_class("company_form"))
# What a character may be to the scan, as bits; most Chinese characters are none of these.
_SEPARATOR, _LATIN, _DIGIT, _RELATIVE, _DISTANT, _NUMERAL, _TAIL = 1, 2, 4, 8, 16, 32, 64
_SEAT, _COUNTRY_OPENER, _OPENS_NONE = 128, 256, 512
# Weight of a place that the user has imported, by whether its name has three characters.
_OWN_PLACE, _OWN_PLACE_TWO = 4.6, 2.4


@cache
def _traits() -> dict[str, int]:
    """Bits by character; one without any is left out."""
    words = lexicon()
    kinds = (
        (_SEPARATOR, SEPARATORS),
        (_LATIN, string.ascii_letters + string.digits),
        (_DIGIT, string.digits),
        (_RELATIVE, words.relatives),
        (_DISTANT, (*word_class("distance_opener"), *string.digits)),
        (_NUMERAL, (*word_class("ordinal_opener"), *NUMERAL)),
        (_TAIL, words.tails),
        (_SEAT, SEAT_OPENER),
        (_COUNTRY_OPENER, (word[0] for word in _COUNTRIES)),
        (_OPENS_NONE, word_class("opens_no_name")),
    )
    found: dict[str, int] = {}
    for bit, characters in kinds:
        for character in characters:
            found[character] = found.get(character, 0) | bit
    return found


class End:
    """What names that end at a position have in common, whatever they begin with."""

    def __init__(
        self, end: int, endings: tuple[Ending, ...], boundary: bool, strong: int, weak: bool,
        part: int, place: float | None,
    ) -> None:  # fmt: skip
        self.end = end
        self.endings = endings
        """Words of roads, zones, villages and towns that end here."""
        self.boundary = boundary
        self.strong = strong
        """Length of the shortest strong place word that ends here; 0 for none."""
        self.weak = weak
        self.part = part
        """Length of the longest word for a part of a place that ends here; 0 for none."""
        self.named = place is not None
        """Whether a place's name can end here."""
        self.place = place or 0.0
        """Score that a place's name gains or loses by where it ends."""


class Scan:
    """One text, prepared so that asking what may begin at a position is cheap.

    What depends on one position alone is worked out once; only what depends on both ends of a
    name is left for the pairs.
    """

    def __init__(
        self,
        key: str,
        words: Lexicon,
        mentions: Sequence[Mention],
        doubtful: Sequence[Mention],
        villages: Sequence[VillageHit],
        places: Sequence[PlaceHit] = (),
    ) -> None:
        """Prepare `key`; arguments as in `structure.segment`."""
        self._key = key
        self._lexicon = words
        traits = _traits()
        self._traits = [traits.get(character, 0) for character in key]
        self._fixed: dict[int, list[Candidate]] = {}
        self.sure: dict[int, int] = {}
        """Divisions beyond doubt: where each begins and ends."""
        self._fix(mentions, doubtful)
        self._villages: dict[int, list[int]] = {}
        for village in villages:
            self._villages.setdefault(village.start, []).append(village.end)
        for place in places:
            weight = _OWN_PLACE if place.end - place.start >= 3 else _OWN_PLACE_TWO
            own = (place.end, place.label, weight, STATE[place.label])
            self._fixed.setdefault(place.start, []).append(own)
        self._stops = self._find_stops()
        self._inner = interior(key, words.relative_inside if self._has_relative() else None)
        self._digits = self._count_digits()
        self._goes_on: set[int] = set()
        """Where a word begins that goes on with the name before it: 云台|花园."""
        self._ends, self._first = self._find_ends()

    def _has_relative(self) -> bool:
        """Whether a character stands in the text that words like 对面 begin with."""
        for trait in self._traits:  # noqa: SIM110
            if trait & _RELATIVE:
                return True
        return False

    def _fix(self, mentions: Sequence[Mention], doubtful: Sequence[Mention]) -> None:
        """Division names: those that open the address stand, later ones compete."""
        key = self._key
        reached = 0
        known = sorted([(m, True) for m in mentions] + [(m, False) for m in doubtful])
        starts = {mention.start for mention, _ in known}
        for mention, believed in known:
            start, end = mention.start, mention.end
            alone = (start != reached or not reached) and end not in starts
            weight = self._division(mention, believed)
            if alone:
                if _OFFICE.match(key, end):
                    weight = min(weight, _OFFICE_NAME)
                elif self._in_midst(mention, reached):
                    weight = min(weight, _MIDST)
            if weight == _SURE:
                self.sure[start] = end
            label = _LEVELS[mention.level - 1]
            if mention.kind == "zone":
                label = "devzone" if key[end - 1] in _ZONE_ENDS else "town"
            elif mention.level == 1 and key[end - 1] in _CITY:
                label = "city"
            state = STATE["admin"] if mention.level <= 3 and label != "devzone" else STATE[label]
            self._fixed.setdefault(start, []).append((end, label, weight, state))
            reached = max(reached, end)

    def _in_midst(self, mention: Mention, reached: int) -> bool:
        """Whether other text stands between the divisions so far and a lone one."""
        before = self._key[reached : mention.start]
        if before[-1:] in _RANKS:
            return False
        return sum(character not in SEPARATORS for character in before) >= 3

    def _division(self, mention: Mention, believed: bool) -> float:
        """What a division name is worth; only names in full that open the address are sure."""
        short = mention.kind in SHORT_KINDS
        if short and self._lexicon.zone_after.match(self._key, mention.end):
            return _ZONE_NAME
        if not believed and short and mention.level == 4:
            return _POSSIBLE
        if not believed and mention.end - mention.start == 2:
            return _DOUBTFUL_TWO
        if short and mention.level >= 3:
            return _SHORT_COUNTY if mention.level == 3 else _SHORT_TOWN
        return _SURE if believed else _DOUBTFUL

    def _find_stops(self) -> list[int]:
        """For each position, where names that begin there end at the latest."""
        traits, size = self._traits, len(self._key)
        stops = [size] * size
        wall = size
        for position in range(size - 1, -1, -1):
            stops[position] = min(wall, position + LONGEST)
            if traits[position] & _SEPARATOR or position in self.sure:
                wall = position
        return stops

    def _count_digits(self) -> list[int] | None:
        """Number of digits before each position; None where the text has none."""
        counts = [0]
        count = 0
        for trait in self._traits:
            if trait & _DIGIT:
                count += 1
            counts.append(count)
        return counts if count else None

    def _find_ends(self) -> tuple[list[End], list[int]]:
        """Where names may end, in order, and for each start the first of them."""
        key, size = self._key, len(self._key)
        tails, endings = self._lexicon.tails, self._lexicon.endings
        goes_on, traits = self._goes_on, self._traits
        found: dict[int, tuple[Ending, ...]] = {}
        covered = 0
        for end in range(1, size + 1):
            if end - 1 in self.sure:
                covered = self.sure[end - 1]
            if end <= covered:
                continue
            words: tuple[Ending, ...] = ()
            if traits[end - 1] & _TAIL:
                for length in tails[key[end - 1]]:
                    if length <= end and (entry := endings.get(key[end - length : end])):
                        words += entry
                        if 2 <= length <= 3 and entry[0].kind == "strong":
                            goes_on.add(end - length)
            found[end] = words
        ends: list[End] = []
        first = [0] * (size + 2)
        for end in range(1, size + 1):
            if end in found and (known := self._end(end, found[end], end in goes_on)):
                ends.append(known)
            first[end] = len(ends)
        first[size + 1] = len(ends)
        return ends, first

    def _end(self, end: int, endings: tuple[Ending, ...], goes_on: bool) -> End | None:
        """What is known of names that end here; None where no name does."""
        boundary = self._is_boundary(end)
        strong = part = 0
        weak = False
        for ending in endings:
            kind = ending.kind
            if kind == "strong" or (kind == "end" and boundary):
                strong = ending.length
            elif kind in ("weak", "end"):
                weak = True
            elif kind == "part":
                part = part or ending.length
        named = tuple([e for e in endings if e.kind in _NAMED]) if endings else ()
        if not (strong or weak or part or boundary or self._may_end(end)):
            return End(end, named, boundary, strong, weak, part, None) if named else None
        place = self._cut(end, boundary)
        if not boundary:
            place += self._going_on(end, strong > 0, weak, goes_on)
        place -= self._lexicon.ends_relative(self._key, end)
        return End(end, named, boundary, strong, weak, part, place)

    def _cut(self, end: int, boundary: bool) -> float:
        """What a place's name gains or loses by what stands behind it."""
        after = self._key[end : end + 2]
        weight = 0.9 if boundary else 0.0
        if after in _COMPANY:
            weight -= 1.5
        if after[:1] in _BESIDE:
            weight += 0.3
        return weight

    def _going_on(self, end: int, strong: bool, weak: bool, goes_on: bool) -> float:
        """What a place's name gains or loses where the text goes on without a break."""
        key = self._key
        if goes_on:
            return -0.7
        if strong:
            return -1.5 if _BRANCH.match(key, end) else 0.4
        if weak and key[end - 1] in _ESTATES and _QUARTER.match(key, end):
            return 2.0
        return 0.0

    def _may_end(self, end: int) -> bool:
        """Whether a name without a telling end may stop here."""
        return end in self._fixed or (
            end < len(self._key) and self._traits[end] & (_RELATIVE | _NUMERAL) != 0
        )

    def _is_boundary(self, position: int) -> bool:
        """Whether a name is cut off here by the end, a separator, a digit or a letter."""
        if position >= len(self._key):
            return True
        return self._traits[position] & (_SEPARATOR | _LATIN) != 0

    def at(self, start: int) -> list[Candidate]:
        """Elements that may begin at `start`, but for numbers: those depend on what is before."""
        key = self._key
        trait = self._traits[start]
        if trait & _SEPARATOR:
            return [(start + 1, None, 0.0, -1)]
        if start in self.sure:
            return self._fixed[start]
        out = list(self._fixed.get(start, ()))
        out.append((start + 1, None, _SKIPPED, -1))
        if trait & _COUNTRY_OPENER:
            self._country(start, out)
        if trait & _SEAT and (filler := seat(key, start)) is not None:
            out.append(filler)
        if trait & (_RELATIVE | _DISTANT):
            self._relatives(start, out)
        # A number or a Latin word is not cut by a name that begins inside it.
        inside = trait & _LATIN and start > 0 and self._traits[start - 1] & _LATIN
        if not trait & _OPENS_NONE and not inside:
            self._names(start, out)
        return out

    def _country(self, start: int, out: list[Candidate]) -> None:
        """The country in front of a division."""
        for word in _COUNTRIES:
            end = start + len(word)
            if end in self._fixed and self._key.startswith(word, start):
                out.append((end, None, _COUNTRY, -1))

    def _relatives(self, start: int, out: list[Candidate]) -> None:
        key = self._key
        trait = self._traits[start]
        if trait & _DISTANT and (away := _DISTANCE.match(key, start)):
            weight = 3.0 if trait & _DIGIT else 3.9
            out.append((away.end(), "distance", weight, STATE["assist"]))
        for word, label, weight in self._lexicon.relatives.get(key[start], ()):
            if key.startswith(word, start):
                end = start + len(word)
                if len(word) == 1 and end == len(key):
                    weight += 0.6
                out.append((end, label, weight, STATE["assist"]))
                return

    def _names(self, start: int, out: list[Candidate]) -> None:
        key, digits, stop = self._key, self._digits, self._stops[start]
        for known in self._villages.get(start, ()):
            village = known_village(key, start, known, self._is_boundary(known))
            if village is not None:
                loss = 1.4 if known in self._goes_on else 0.0
                out.append((known, "community", village - loss, _VILLAGE))
        inner = [entry for entry in self._inner if entry[0] >= start] if self._inner else []
        ends = self._ends
        for position in range(self._first[start + 1], len(ends)):
            last = ends[position]
            end = last.end
            if end > stop:
                break
            counted = digits[end] - digits[start] if digits else 0
            for ending in last.endings:
                named = name(key, start, end, ending, counted, last.boundary)
                if named is not None:
                    out.append(named)
            if last.named and counted != end - start:
                weight = self._place(start, last, counted, inner) + last.place
                out.append((end, "poi", weight, _POI))

    def _place(
        self, start: int, last: End, counted: int, inner: list[tuple[int, int, float]]
    ) -> float:
        """What a place's name from `start` is worth by its own letters; `counted` are digits."""
        end, key = last.end, self._key
        length = end - start
        if last.part and last.part <= length:
            weight = 1.4 if last.part == length else -0.4 - 0.08 * length
        elif 0 < last.strong < length:
            weight = 1.3 - 0.06 * length
        elif last.weak and length >= 3:
            weight = (0.5 if last.boundary else -0.3) - 0.08 * length
        else:
            weight = -0.9 - 0.10 * length
        if inner:
            weight -= sum(loss for a, b, loss in inner if start <= a and b <= end)
        if counted:
            leading = counted < 4 and length > counted and key[start].isascii()
            weight -= 0.8 if leading else 1.2 * counted
        elif length == 2 and key[start] in NUMERAL:
            weight -= 1.0
        if length > 2 and key[start] in _NOT_FIRST:
            weight -= 0.8
        return weight
