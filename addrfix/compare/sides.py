"""One side of a comparison: what an address says of its place, in a form that can be matched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from addrfix.compare.endings import Kind
from addrfix.compare.names import Name, fold_name
from addrfix.model.nouns import Mention, ParsedAddress
from addrfix.model.protocols import DivisionIndex
from addrfix.model.terms import Level
from addrfix.model.tree import lineage, tied
from addrfix.patterns import pattern
from addrfix.text.marks import SEPARATORS

Line = tuple[tuple[int, int], ...]


class Door(NamedTuple):
    """A number on a road."""

    road: str
    number: str
    near: bool
    """The address only lies near it."""


@dataclass(slots=True)
class Side:
    """What one address says."""

    text: str
    """All of it, folded."""
    lines: tuple[Line, ...] = ()
    """Where it may lie, one line a reading: (level, division id) from the top down."""
    full: bool = False
    """Whether more than one level of divisions is written."""
    sure: bool = False
    """Whether the divisions were written so that they cannot be part of another name."""
    names: list[Name] = field(default_factory=list)
    """In the order in which they stand."""
    roads: list[str] = field(default_factory=list)
    doors: list[Door] = field(default_factory=list)
    inner: list[tuple[int, str]] = field(default_factory=list)
    """Buildings and other numbers that do not count along a road, with how many names stand before
    each."""
    units: set[str] = field(default_factory=set)
    floors: set[str] = field(default_factory=set)
    rooms: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)
    gates: set[str] = field(default_factory=set)
    regions: set[str] = field(default_factory=set)
    """Provinces and cities as they are written, without their rank."""
    counties: set[str] = field(default_factory=set)
    towns: set[str] = field(default_factory=set)
    """As they are written, without their rank, for where it is open which ones they are."""
    crossing: bool = False

    @property
    def localities(self) -> set[str]:
        """Counties and towns as they are written: 朝阳 may be either."""
        return self.counties | self.towns

    @property
    def rural(self) -> bool:
        """Whether it names a town, perhaps a village and a group in it, and nothing of a street."""
        return not (
            self.roads or self.units or self.floors or self.rooms or self.parts or self.gates
        ) and all(name.kind is Kind.VILLAGE and not name.beside for name in self.names)

    @property
    def tells_a_place(self) -> bool:
        """Whether it says more than divisions and a road."""
        placed = self.lines or self.roads
        numbered = self.inner or self.units or self.floors or self.rooms
        if self.doors or self.groups or (placed and numbered):
            return True
        return any(placed or not name.text.isascii() for name in self.names)


def start_of(parsed: ParsedAddress, index: DivisionIndex) -> Side:
    """A side with its divisions and nothing below them."""
    return Side(fold_name(parsed.key), _lines(parsed, index), _full(parsed), _sure(parsed))


def _lines(parsed: ParsedAddress, index: DivisionIndex) -> tuple[Line, ...]:
    return tuple(
        tuple((index.levels[division], division) for division in lineage(reading.division, index))
        for reading in tied(parsed.readings, index)
    )


def _full(parsed: ParsedAddress) -> bool:
    if not parsed.readings:
        return False
    levels = {
        mention.level for mention in parsed.readings[0].mentions if mention.level <= Level.DISTRICT
    }
    return len(levels) >= 2 or any(
        mention.level < Level.DISTRICT and mention.start == 0
        for mention in parsed.readings[0].mentions
    )


def _sure(parsed: ParsedAddress) -> bool:
    """凤凰 alone may be a county, a road or a garden; 凤凰县 or 湘西凤凰 is the county."""
    if not parsed.readings:
        return False
    mentions = parsed.readings[0].mentions
    if sum(mention.level <= Level.DISTRICT for mention in mentions) >= 2:
        return True
    if any(mention.level <= Level.CITY and mention.start == 0 for mention in mentions):
        return True
    return any(_stands_alone(mention, parsed.key, len(mentions)) for mention in mentions)


def _stands_alone(mention: Mention, key: str, mentions: int) -> bool:
    # 香樟新城西区 names no 城西区.
    apart = mention.start == 0 or key[mention.start - 1] in SEPARATORS or mentions > 1
    return (
        mention.end - mention.start >= 3
        and mention.kind != "zone"
        and apart
        and pattern("compare_division_end").search(key[mention.start : mention.end]) is not None
    )
