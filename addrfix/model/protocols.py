"""What reading and scoring need from the gazetteer, so that neither imports it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from addrfix.model.nouns import Form, Hit, PlaceHit, VillageHit


class DivisionIndex(Protocol):
    """Levels 1 to 4 in memory; ids are dense from 0."""

    @property
    def codes(self) -> Sequence[str]:
        """Code by id: 6 digits for levels 1 to 3, 9 for towns."""

    @property
    def names(self) -> Sequence[str]:
        """Official name by id."""

    @property
    def levels(self) -> Sequence[int]:
        """Level by id."""

    @property
    def parents(self) -> Sequence[int]:
        """Parent's id by id; -1 for a province."""

    @property
    def postcodes(self) -> Sequence[str | None]:
        """Postcode by id."""

    @property
    def pinyin(self) -> Sequence[str]:
        """Pinyin of the short name by id: toneless, syllables with blanks between."""

    def hits(self, key: str) -> list[Hit]:
        """Every division name in a folded text, longest first at each start, by start."""

    def children(self, division: int) -> Sequence[tuple[str, int, int, str]]:
        """Readable names under a division: (form, division id, level, kind)."""

    def beginning_like(self, division: int, opening: str) -> Sequence[tuple[str, int, int, str]]:
        """Those of the names under a division that may open so, one character amiss; in order."""

    def sounds(self, character: str) -> frozenset[str]:
        """Toneless syllables of a character, with easily confused initials and finals folded."""

    def looks_like(self, a: str, b: str) -> bool:
        """Whether two characters are mistaken for each other by eye."""

    def by_id_prefix(self, prefix: str) -> Sequence[int]:
        """Divisions that an ID-card prefix of six digits means today."""

    def by_phone(self, prefix: str) -> Sequence[int]:
        """Where a number with these first digits is at home (`text.phones.home_prefix`)."""

    def core(self, city: int) -> int | None:
        """The one urban district of a city; None where it has several or none."""


class VillageLookup(Protocol):
    """Level 5, asked in batches."""

    def find(
        self, probes: Mapping[int, Sequence[tuple[int, int, int, str]]]
    ) -> dict[int, list[VillageHit]]:
        """Villages by row; a probe is (division id to look under, start, end, stem of the name)."""

    def beginning(
        self, asked: Mapping[int, Sequence[tuple[int, str]]]
    ) -> dict[int, frozenset[int]]:
        """By row the counties, of those asked, with a village whose name begins like the piece."""


class OwnPlaceLookup(Protocol):
    """The user's own places, asked in batches."""

    def any(self) -> bool:
        """Whether there are any; asked once a batch, before texts are prepared."""

    def find(
        self, probes: Mapping[int, tuple[Sequence[int], Sequence[tuple[int, str]]]]
    ) -> dict[int, list[PlaceHit]]:
        """Places by row: row → (division ids to look in, [(position, text from there on)])."""


__all__ = [
    "DivisionIndex",
    "Form",
    "Hit",
    "OwnPlaceLookup",
    "PlaceHit",
    "VillageHit",
    "VillageLookup",
]
