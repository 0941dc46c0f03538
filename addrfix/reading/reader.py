"""The reading of addresses, whole: a list of steps over a batch of texts.

    make whole → fold → take out what is no address → mark division names → take out what only they
    tell → readings → repair → villages → structure → account for every character

The gazetteer's villages, and the user's own places, are asked once per batch, between the readings
and the structure. Text in Latin letters goes its own way as far as the readings (`latin.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from addrfix.knowledge import words
from addrfix.model.nouns import Hit, Mention, ParsedAddress, PlaceHit, Reading, VillageHit
from addrfix.model.protocols import DivisionIndex, OwnPlaceLookup, VillageLookup
from addrfix.model.terms import ElementKind
from addrfix.model.tree import lineage
from addrfix.reading.asides.around import take_beside_names
from addrfix.reading.asides.canvas import Canvas
from addrfix.reading.asides.certain import take_certain
from addrfix.reading.asides.digits import glued_postcode
from addrfix.reading.chain import readings
from addrfix.reading.core_district import REASON, assume_core
from addrfix.reading.descent import descend, is_lone_word, later_county, lone_pair, moved_town
from addrfix.reading.latin import LatinReader, is_latin
from addrfix.reading.marking import usable_hits
from addrfix.reading.own_places import decide, windows
from addrfix.reading.partition import account
from addrfix.reading.repair import repair
from addrfix.reading.same_named import beginning, tell_all_apart
from addrfix.reading.structure import segment
from addrfix.reading.villages import choose, probes
from addrfix.text.fold import Folder
from addrfix.text.marks import SEPARATORS, TAKEN_OUT
from addrfix.text.mojibake import Mojibake, Repaired

# Nobody's address is longer; what follows is kept as written but not read.
LONGEST_TEXT = 400
# What may stand behind the last number of a text.
_ENDS = TAKEN_OUT + " ,.;)"
_MOST_REPAIRS = 3
# A word of structure stands in addresses more often than in names, by about this much.
_WEIGHT_OF_WORDS = 20


class Reader:
    """Reads batches of addresses against one gazetteer.

    Args:
        index: divisions of levels 1 to 4.
        villages: look-up of level 5; None reads without it.
        places: look-up of the user's own places; None reads without it.
        fuzzy: whether misspelt names are repaired.
    """

    def __init__(
        self,
        index: DivisionIndex,
        villages: VillageLookup | None,
        places: OwnPlaceLookup | None = None,
        *,
        fuzzy: bool = True,
    ) -> None:
        self._index = index
        self._villages = villages
        self._places = places
        self._fuzzy = fuzzy
        self._folder = Folder.shipped(keep="".join(index.names))
        self._latin = LatinReader(index, self._folder)
        self._mojibake = Mojibake(common_texts(index.names))

    def read(self, texts: Sequence[str | None]) -> list[ParsedAddress]:
        """Parse texts in order; equal texts share one result."""
        distinct: dict[str, ParsedAddress] = {}
        for text in texts:
            raw = text or ""
            if raw not in distinct:
                distinct[raw] = self._divisions(raw)
        parsed = list(distinct.values())
        found: dict[int, list[VillageHit]] = {}
        if self._villages is not None:
            self._tell_apart(parsed, self._villages)
            asked = {
                row: probe
                for row, address in enumerate(parsed)
                if (probe := probes(address, self._index))
            }
            found = self._villages.find(asked) if asked else {}
        own = self._own_places(parsed)
        for row, address in enumerate(parsed):
            latin = bool(address.spans)
            if not latin:
                self._structure(address, found.get(row, []), own.get(row, []))
            account(address, ties=latin)
        return [distinct[text or ""] for text in texts]

    def _tell_apart(self, parsed: Sequence[ParsedAddress], villages: VillageLookup) -> None:
        """Settle which of several districts of one name is meant, where the text tells."""
        asked = {
            row: pieces
            for row, address in enumerate(parsed)
            if len(address.readings) > 1 and (pieces := beginning(address, self._index))
        }
        if asked:
            tell_all_apart(parsed, asked, villages.beginning(asked), self._index)

    def _own_places(self, parsed: Sequence[ParsedAddress]) -> dict[int, list[PlaceHit]]:
        """The user's own places by row; most users have none."""
        if self._places is None or not self._places.any():
            return {}
        asked = {
            row: pieces
            for row, address in enumerate(parsed)
            if (pieces := windows(address, self._index))
        }
        return self._places.find(asked)

    def _divisions(self, raw: str) -> ParsedAddress:
        repaired = self._mojibake.repair(raw)
        text = raw if repaired is None else repaired.text
        read = self._latin.read if is_latin(text) else self._chinese
        address = read(text[:LONGEST_TEXT])
        address.raw = raw
        if repaired is not None:
            point_into(address, repaired)
        if len(text) > LONGEST_TEXT:
            address.issues.append("text_too_long")
        return address

    def _chinese(self, text: str) -> ParsedAddress:
        folded = self._folder.fold(text)
        canvas = Canvas(folded.text, folded.key, folded.gaps)
        take_certain(canvas, text)
        named = take_beside_names(canvas, self._index.hits(canvas.key))
        address = laid_out(text, canvas, folded.offset)
        key = canvas.key
        hits = usable_hits(key, named)
        found = readings(key, hits, self._index)
        if self._fuzzy and found:
            found = self._repaired(key, hits, found)
        if is_lone_word(key, found, self._index):
            found = ()
        elif len(found) != 1 or self._index.levels[found[0].division] <= 2:
            found = self._looked_at_again(key, hits, found)
        address.readings = moved_town(key, found, self._index)
        return address

    def _looked_at_again(
        self, key: str, hits: list[Hit], found: tuple[Reading, ...]
    ) -> tuple[Reading, ...]:
        """Readings that name no county yet, after what only its place can tell was read."""
        paired = lone_pair(key, hits, found, self._index)
        if paired is not None and (again := readings(key, paired, self._index)):
            found = again
        return descend(key, later_county(found, self._index), self._index)

    def _repaired(
        self, key: str, hits: list[Hit], found: tuple[Reading, ...]
    ) -> tuple[Reading, ...]:
        """Readings after misspelt names behind the last certain one were made out."""
        for _ in range(_MOST_REPAIRS):
            best = found[0]
            named = frozenset(hit.start for hit in hits)
            for start, division in self._open_places(key, hits, best):
                slip = repair(key, start, division, self._index, named)
                if slip is None:
                    continue
                clear = [h for h in hits if h.end <= slip.start or h.start >= slip.end]
                after = readings(key, sorted([*clear, slip]), self._index)
                if after and after[0].score > best.score:
                    hits, found = sorted([*clear, slip]), after
                    break
            else:
                break
        return found

    def _open_places(self, key: str, hits: list[Hit], best: Reading) -> Iterator[tuple[int, int]]:
        """Where a misspelt name may stand, and below which division.

        Behind the last name; and where one character stands between two names, since the second
        may be the rest of a longer one (汉中市略洋县 holds 洋县).
        """
        mentions = best.mentions
        for above, below in pairwise(mentions):
            between = below.start - above.end == 1 and key[above.end] not in SEPARATORS
            if between and above.level < below.level <= 3:
                yield above.end, above.division
        if not mentions or self._index.levels[best.division] >= 4:
            return
        start = max(mention.end for mention in mentions)
        while start < len(key) and key[start] in SEPARATORS and key[start] != TAKEN_OUT:
            start += 1
        if not any(hit.start <= start < hit.end for hit in hits if _is_full(hit)):
            yield start, best.division

    def _structure(
        self, address: ParsedAddress, found: list[VillageHit], own: Sequence[PlaceHit] = ()
    ) -> None:
        address.readings, villages = choose(address, found, self._index)
        mentions: tuple[Mention, ...] = ()
        doubtful: list[Mention] = []
        if address.readings:
            best = address.readings[0]
            mentions = best.mentions
            doubtful += _copies(best)
            doubtful += [m for hit in best.contradicted if (m := _outvoted(hit)) is not None]
            _take_glued_postcode(address, self._index)
        address.spans = segment(address.key, mentions, doubtful, villages, own)
        if villages:
            taken = {(s.start, s.end) for s in address.spans if s.label == "community"}
            address.village = next((v for v in villages if (v.start, v.end) in taken), None)
        if own and decide(address, own, self._index):
            address.issues.append("own_place_decided")
        elif assume_core(address, self._index):
            address.issues.append(REASON)


def laid_out(raw: str, canvas: Canvas, offset: tuple[int, ...] | None) -> ParsedAddress:
    """An address of which is known what was taken out of its text, and nothing more."""
    return ParsedAddress(
        raw,
        canvas.text,
        canvas.key,
        offset,
        recipient=canvas.recipient,
        phone=canvas.phone,
        postcode=canvas.postcode,
        notes=tuple(
            canvas.written[element.start : element.end]
            for element in canvas.taken
            if element.kind is ElementKind.COURIER_NOTE
        ),
        issues=canvas.issues,
        written=canvas.written,
        taken=canvas.taken,
        copied=canvas.copies,
        copies=tuple(canvas.said_again),
        id_no=canvas.id_no,
    )


def _take_glued_postcode(address: ParsedAddress, index: DivisionIndex) -> None:
    """A number glued to the end that is the postcode of the division is no room."""
    if address.postcode is not None or not address.key.rstrip(_ENDS)[-1:].isdigit():
        return
    known = [index.postcodes[step] for step in lineage(address.readings[0].division, index)]
    place = glued_postcode(address.key, next((code for code in reversed(known) if code), ""))
    if place is not None:
        canvas = Canvas(address.text, address.key)
        canvas.take(*place, ElementKind.POSTCODE)
        address.postcode = address.key[slice(*place)]
        address.text, address.key = canvas.text, canvas.key
        address.taken.extend(canvas.taken)


def point_into(address: ParsedAddress, repaired: Repaired) -> None:
    """Lead the offsets of a text that was made whole back into the broken one."""
    places = range(len(address.text)) if address.offset is None else address.offset
    address.offset = tuple(repaired.starts[place] for place in places)
    address.ends = tuple(repaired.ends[place] for place in places)
    address.issues.append("mojibake_repaired")


def common_texts(names: Sequence[str]) -> list[str]:
    """Texts that tell which characters are frequent in addresses: names, and words of structure."""
    frequent = [
        row[column]
        for table, column in (
            ("road_words", "word"), ("place_words", "word"), ("zone_words", "word"),
            ("village_words", "word"), ("town_words", "word"), ("relative_words", "word"),
            ("number_rules", "suffix"),
        )
        for row in words(table)
    ]  # fmt: skip
    return [*names, *(frequent * _WEIGHT_OF_WORDS)]


def _outvoted(hit: Hit) -> Mention | None:
    """A name in full that the reading cannot explain is still written as a division."""
    for form in hit.forms:
        if form.kind in ("official", "historic"):
            return Mention(hit.start, hit.end, form.division, form.level, form.kind)
    return None


def _copies(reading: Reading) -> list[Mention]:
    """Repeated names that stand among others; 浙江 in a firm's name is no copy of the province."""
    starts = {mention.start for mention in (*reading.mentions, *reading.repeated)}
    ends = {mention.end for mention in (*reading.mentions, *reading.repeated)}
    return [
        copy
        for copy in reading.repeated
        if copy.kind in ("official", "historic", "alias")
        or (copy.level <= 3 and (copy.end in starts or (copy.start in ends and copy.level == 3)))
    ]


def _is_full(hit: Hit) -> bool:
    return any(form.kind in ("official", "historic", "alias") for form in hit.forms)
