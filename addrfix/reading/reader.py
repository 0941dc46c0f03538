"""The reading of addresses, whole: a list of steps over a batch of texts.

    make whole → fold → take out what is no address → names → witnesses → structure → account for
    every character → case

The gazetteer's villages, and the user's own places, are asked once per batch, between the names and
the structure. Text in Latin letters goes its own way as far as the names (`latin.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from addrfix.knowledge import words
from addrfix.model.nouns import (
    CaseFacts,
    Hit,
    Mention,
    ParsedAddress,
    PlaceHit,
    Reading,
    VillageHit,
)
from addrfix.model.protocols import DivisionIndex, OwnPlaceLookup, VillageLookup
from addrfix.model.terms import ElementKind
from addrfix.model.tree import lineage
from addrfix.patterns import pattern
from addrfix.reading.asides.around import take_beside_names
from addrfix.reading.asides.canvas import Canvas
from addrfix.reading.asides.certain import take_certain
from addrfix.reading.asides.digits import glued_postcode
from addrfix.reading.division_names import read_names
from addrfix.reading.hearing import Hearing
from addrfix.reading.latin import LatinReader, is_latin
from addrfix.reading.own_places import windows
from addrfix.reading.partition import account
from addrfix.reading.structure import segment
from addrfix.reading.witnesses import installed
from addrfix.reading.witnesses.village import standing
from addrfix.reading.witnesses.witness import Answers
from addrfix.text.fold import Folder
from addrfix.text.marks import TAKEN_OUT
from addrfix.text.mojibake import Mojibake, Repaired

# Nobody's address is longer; what follows is kept as written but not read.
LONGEST_TEXT = 400
# What may stand behind the last number of a text.
_ENDS = TAKEN_OUT + " ,.;)"
# A word of structure stands in addresses more often than in names, by about this much.
_WEIGHT_OF_WORDS = 20


class Reader:
    """Reads batches of addresses against one gazetteer.

    Args:
        index: divisions of levels 1 to 4.
        villages: look-up of level 5; None reads without it.
        places: look-up of the user's own places; None reads without it.
        fuzzy: whether misspelt names are repaired.
        without: names of witnesses that are not heard.
    """

    def __init__(
        self,
        index: DivisionIndex,
        villages: VillageLookup | None,
        places: OwnPlaceLookup | None = None,
        *,
        fuzzy: bool = True,
        without: frozenset[str] = frozenset(),
    ) -> None:
        self._index = index
        self._villages = villages
        self._places = places
        self._fuzzy = fuzzy
        self._hearing = Hearing(index, installed(index, without))
        self._folder = Folder.shipped(keep="".join(index.names))
        self._latin = LatinReader(index, self._folder)
        self._mojibake = Mojibake(common_texts(index.names))

    def read(
        self, texts: Sequence[str | None], facts: Sequence[CaseFacts] | None = None
    ) -> list[ParsedAddress]:
        """Parse texts in order; equal texts share one result where their cases add nothing.

        Args:
            texts: addresses as written.
            facts: what the case of each knows; None reads every text for itself.
        """
        distinct = {raw: self._laid_out(raw) for raw in dict.fromkeys(t or "" for t in texts)}
        parsed = [address for address, _ in distinct.values()]
        for address, named in distinct.values():
            if named is not None:
                self._names(address, named)
        answers = self._answers(parsed)
        # One step over all texts after the other: what a step needs stays close to the processor.
        for address, found in zip(parsed, answers, strict=True):
            self._hearing.by_text(address, found)
        latin = [bool(address.spans) for address in parsed]
        for address, found, as_is in zip(parsed, answers, latin, strict=True):
            if not as_is:
                self._structure(address, found)
        for address, found, as_is in zip(parsed, answers, latin, strict=True):
            account(address, ties=as_is)
            self._hearing.by_elements(address, found)
        rows = [distinct[text or ""][0] for text in texts]
        return rows if facts is None else self._hearing.in_cases(rows, facts)

    def _answers(self, parsed: Sequence[ParsedAddress]) -> list[Answers]:
        """What the look-ups of a batch find, by text."""
        asked = [self._hearing.asks(address) for address in parsed]
        villages = {row: asks.villages for row, asks in enumerate(asked) if asks.villages}
        beginnings = {row: asks.beginnings for row, asks in enumerate(asked) if asks.beginnings}
        lookup = self._villages
        found = lookup.find(villages) if lookup and villages else {}
        begun = lookup.beginning(beginnings) if lookup and beginnings else {}
        own = self._own_places(parsed)
        return [
            Answers(found.get(row, ()), begun.get(row, frozenset()), own.get(row, ()))
            for row in range(len(parsed))
        ]

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

    def _laid_out(self, raw: str) -> tuple[ParsedAddress, Sequence[Hit] | None]:
        """A text rid of what is no address, and the names of divisions in it.

        None where text in Latin letters is read already.
        """
        repaired = self._mojibake.repair(raw)
        text = raw if repaired is None else repaired.text
        named: Sequence[Hit] | None = None
        if is_latin(text):
            address = self._latin.read(text[:LONGEST_TEXT])
        else:
            address, named = self._chinese(text[:LONGEST_TEXT])
        address.raw = raw
        if repaired is not None:
            point_into(address, repaired)
        if len(text) > LONGEST_TEXT:
            address.issues.append("text_too_long")
        return address, named

    def _chinese(self, text: str) -> tuple[ParsedAddress, Sequence[Hit]]:
        folded = self._folder.fold(text)
        canvas = Canvas(folded.text, folded.key, folded.gaps)
        take_certain(canvas, text)
        named = take_beside_names(canvas, self._index.hits(canvas.key))
        return laid_out(text, canvas, folded.offset), named

    def _names(self, address: ParsedAddress, named: Sequence[Hit]) -> None:
        address.readings = read_names(address.key, named, self._index, fuzzy=self._fuzzy)
        _take_glued_postcode(address, self._index)

    def _structure(self, address: ParsedAddress, answers: Answers) -> None:
        mentions: tuple[Mention, ...] = ()
        doubtful: list[Mention] = []
        villages: Sequence[VillageHit] = ()
        if address.readings:
            best = address.readings[0]
            mentions = best.mentions
            doubtful += [*_copies(best), *best.former]
            doubtful += [m for hit in best.contradicted if (m := _outvoted(hit)) is not None]
            # 安达市|安达畜牧场南街 and 未央区|未央宫南街 are streets, no names written twice.
            rest = pattern("rest_of_street")
            doubtful = [m for m in doubtful if not rest.match(address.key, m.end)]
            villages = standing(address, answers.villages, best.division, self._index)
        address.spans = segment(address.key, mentions, doubtful, villages, answers.places)
        if villages:
            taken = {(s.start, s.end) for s in address.spans if s.label == "community"}
            address.village = next((v for v in villages if (v.start, v.end) in taken), None)


def _notes(canvas: Canvas) -> tuple[str, ...]:
    return tuple(
        canvas.written[start:end]
        for start, end, kind in canvas.taken
        if kind is ElementKind.COURIER_NOTE
    )


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
        notes=_notes(canvas) if canvas.taken else (),
        issues=canvas.issues,
        written=canvas.written,
        whole_key=canvas.whole_key,
        taken=canvas.taken,
        copied=canvas.copies,
        copies=tuple(canvas.said_again) if canvas.said_again else (),
        id_no=canvas.id_no,
    )


def _take_glued_postcode(address: ParsedAddress, index: DivisionIndex) -> None:
    """A number glued to the end that is the postcode of the division is no room."""
    if address.postcode is not None or not address.key.rstrip(_ENDS)[-1:].isdigit():
        return
    for reading in address.readings:
        known = [index.postcodes[step] for step in lineage(reading.division, index)]
        place = glued_postcode(address.key, next((code for code in reversed(known) if code), ""))
        if place is not None:
            break
    else:
        return
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
