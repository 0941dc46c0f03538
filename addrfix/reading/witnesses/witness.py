"""What a witness is: it names the look-ups it needs, then says which divisions it speaks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from addrfix.model.nouns import NO_FACTS, CaseFacts, ParsedAddress, PlaceHit, Testimony, VillageHit
from addrfix.text.marks import SEPARATORS


class Asks(NamedTuple):
    """Look-ups that one text needs; those of all witnesses and texts become one query a batch."""

    villages: Sequence[tuple[int, int, int, str]] = ()
    """(division to look below, start, end, stem of the village's name)."""
    beginnings: Sequence[tuple[int, str]] = ()
    """(county, beginning of a village's name)."""


class Answers(NamedTuple):
    """What the look-ups found for one text."""

    villages: Sequence[VillageHit] = ()
    beginnings: frozenset[int] = frozenset()
    """Counties, of those asked, with a village whose name begins so."""
    places: Sequence[PlaceHit] = ()
    """The user's own places."""


class Case(NamedTuple):
    """What the case knows beside the text."""

    facts: CaseFacts = NO_FACTS
    elsewhere: Sequence[int] = ()
    """Divisions that the case's other addresses name without doubt."""


NOTHING_ASKED = Asks()
NO_ANSWERS = Answers()
NO_CASE = Case()


class Witness(Protocol):
    """One kind of evidence about the division that is meant; one module each.

    A package of yours attaches one through the entry point group `addrfix.witnesses`: a callable
    that takes the `DivisionIndex` and gives an object like this one; its row in
    `words/witnesses.tsv` of the data folder gives weight, family, reason code and sentences.
    """

    name: str
    """Its row in `witnesses.tsv`."""
    rests_on: str
    """`text`: names, look-ups and numbers; `elements`: the structure too; `case`: the case."""

    def asks(self, written: ParsedAddress) -> Asks:
        """The look-ups it needs, each once; readings of the names are there, spans are not."""

    def says(self, written: ParsedAddress, answers: Answers, case: Case) -> Iterable[Testimony]:
        """Its testimonies; none where it has nothing to say."""


def behind_names(written: ParsedAddress) -> int:
    """Where the text goes on behind the last name of the reading that leads."""
    key = written.key
    start = 0
    for mention in written.readings[0].mentions:
        start = max(start, mention.end)
    while start < len(key) and key[start] in SEPARATORS:
        start += 1
    return start
