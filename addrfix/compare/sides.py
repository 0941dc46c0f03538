"""One side of a comparison: what an address says of its place, in a form that can be matched."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from addrfix.compare.names import Kind, Name, Namer, fold_name, generic
from addrfix.model.nouns import ParsedAddress
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import lineage, tied
from addrfix.text.marks import SEPARATORS, TAKEN_OUT
from addrfix.text.numerals import arabic, number_key

_DIVISIONS = frozenset(("prov", "city", "district", "town", "redundant"))
_NAMES = frozenset(("poi", "subpoi", "devzone", "community"))
_INSIDE_NAME = frozenset(("poi", "subpoi", "gap"))
_INTO = {"cellno": "units", "floorno": "floors", "roomno": "rooms"}
_SUFFIXED = re.compile(r"(?:省|市|区|县|旗|镇|乡|街道|办事处)$")
_ROADLIKE = ("路", "街", "巷", "弄", "大道", "胡同")
_LANE = re.compile(r"\d+弄$")
_YARD = re.compile(r"[\d一二三四五六七八九十]+号大?院")
_NEAR = re.compile(
    r"附近|对面|对过|隔壁|旁|后面|前面|背后|靠近|邻近|临近|紧邻|[东西南北](?:侧|边|面)|角$"
)
_NEXT_TO = re.compile(r"(?:附近|对面|对过|隔壁|旁边?|[东西南北]{1,2}侧?边?)$")
# A storey or the end of one firm's name between two names: 云台大厦二楼香樟餐厅.
_INSIDE = re.compile(
    r"(?<=..)[\d一二三四五六七八九十]{1,2}[楼层](?=..)|(?<=有限公司)(?=.{4,}(?<!分公司)(?<!部)$)"
)
_BRACKETS = re.compile(r"([()])")
_TALL = re.compile(r"[7-9]\d$|\d{3,}$|[甲乙丙丁]")
_JOINTS = frozenset("·.-")
_MARKS = f" ,.;:，。；：、_|-·/{TAKEN_OUT}"
_DISTRICT = 3


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
    towns: set[str] = field(default_factory=set)
    """Towns and counties as they are written, for where it is open which ones they are."""
    crossing: bool = False


def side_of(parsed: ParsedAddress, namer: Namer, index: DivisionIndex) -> Side:
    """One side of a comparison, from an address as read."""
    side = Side(fold_name(parsed.key), _lines(parsed, index), _full(parsed), _sure(parsed))
    walk = _Walk(side, namer)
    position = 0
    for span in parsed.spans:
        if span.start > position:
            walk.gap(parsed.key[position : span.start])
        if span.end > position:
            walk.piece(parsed.key[span.start : span.end], span.label.value)
            position = span.end
    if position < len(parsed.key):
        walk.gap(parsed.key[position:])
    walk.close()
    return side


def _lines(parsed: ParsedAddress, index: DivisionIndex) -> tuple[Line, ...]:
    return tuple(
        tuple((index.levels[division], division) for division in lineage(reading.division, index))
        for reading in tied(parsed.readings, index)
    )


def _full(parsed: ParsedAddress) -> bool:
    if not parsed.readings:
        return False
    levels = {
        mention.level for mention in parsed.readings[0].mentions if mention.level <= _DISTRICT
    }
    return len(levels) >= 2 or any(
        mention.level < _DISTRICT and mention.start == 0 for mention in parsed.readings[0].mentions
    )


def _sure(parsed: ParsedAddress) -> bool:
    """凤凰 alone may be a county, a road or a garden; 凤凰县 or 湘西凤凰 is the county."""
    if not parsed.readings:
        return False
    mentions = parsed.readings[0].mentions
    if sum(mention.level <= _DISTRICT for mention in mentions) >= 2:
        return True
    return any(
        mention.end - mention.start >= 3
        and mention.kind != "zone"
        # 香樟新城西区 names no 城西区.
        and (mention.start == 0 or parsed.key[mention.start - 1] in SEPARATORS or len(mentions) > 1)
        and _SUFFIXED.search(parsed.key, mention.start, mention.end)
        for mention in mentions
    )


class _Walk:
    """Collects a side from left to right."""

    def __init__(self, side: Side, namer: Namer) -> None:
        self._side = side
        self._namer = namer
        self._run: list[str] = []
        self._road: str | None = None
        self._inside = False
        self._last = ""
        self._counting = False
        """Whether a number would still count along the last road."""
        self._fresh = 0

    def gap(self, text: str) -> None:
        """Text that no span covers."""
        pieces = _BRACKETS.split(text)
        for index, piece in enumerate(pieces):
            if piece in ("(", ")"):
                self.close()
                self._inside = piece == "("
            elif piece in _JOINTS and self._last in _NAMES:
                # 香樟·半岛 is one name.
                self._last = "gap"
            elif piece := piece.strip(_MARKS):
                self._leftover(piece, last=pieces[index + 1 : index + 2] == [")"])

    def _leftover(self, piece: str, *, last: bool) -> None:
        if self._inside and last and _NEXT_TO.search(piece):
            self._near()
        elif self._run or not piece.isdigit():
            self._run.append(piece)
            self._last = "gap"

    def piece(self, text: str, label: str) -> None:
        """A labelled piece."""
        if label in _NAMES:
            self._named(text, label)
        elif label in _DIVISIONS:
            self._division(text, label)
        else:
            self.close()
            self._structural(text, label)
        self._last = label

    def _structural(self, text: str, label: str) -> None:
        side = self._side
        if label == "road":
            self._on_road(text)
        elif label == "roadno":
            self._numbered(text)
        elif label == "houseno":
            if key := number_key(text):
                side.inner.append((len(side.names), key))
                self._settle()
        elif label in _INTO:
            if key := number_key(text):
                if label == "floorno" and _TALL.match(key) and text.endswith("楼"):
                    # 407楼 and 甲4楼 are buildings.
                    side.inner.append((len(side.names), key))
                else:
                    getattr(side, _INTO[label]).add(key)
        elif label == "village_group":
            side.groups.add(number_key(text) or text)
        elif label == "intersection":
            side.crossing = True
            self._near()
        elif label == "distance" or _NEAR.search(text):
            self._near()

    def _settle(self) -> None:
        """What has buildings is a compound, whatever its name ends in."""
        names = self._side.names
        if names and names[-1].kind is Kind.OTHER and self._last in _INSIDE_NAME:
            names[-1] = names[-1]._replace(kind=Kind.SITE)

    def _division(self, text: str, label: str) -> None:
        """Divisions stand in their own place; what only looks like one is part of a name."""
        small = label in ("district", "town")
        if small:
            self._side.towns.add(_SUFFIXED.sub("", text) if len(text) > 2 else text)
        doubtful = not self._side.sure or (small and self._last in _INSIDE_NAME)
        inside = doubtful and small and self._run and self._last in _INSIDE_NAME
        if text.endswith(_ROADLIKE):
            self.close()
            self._on_road(text)
        elif (_SUFFIXED.search(text) and not inside) or not doubtful or not small:
            self.close()
        else:
            self._run.append(text)

    def _on_road(self, text: str) -> None:
        road = arabic(text).strip(_MARKS)
        side = self._side
        if road[:1].isdigit() and self._last in ("road", "roadno") and side.roads:
            road = side.roads[-1] + road
        self._road = road
        self._counting = not _LANE.search(road)
        side.roads.append(road)
        if _LANE.search(road):
            side.names.append(self._namer.lane(road))

    def _named(self, text: str, label: str) -> None:
        if self._last in ("road", "roadno") and (yard := _YARD.match(text)):
            self._numbered(yard.group())
            text = text[yard.end() :]
        elif (
            self._run
            and self._last in _NAMES
            and not (generic(text) or (self._last == "devzone" and generic(self._run[-1])))
        ):
            # 新城 + 佳园 is one name.
            self._add(village=self._last == "community")
        if text:
            self._run.append(text)

    def _numbered(self, text: str) -> None:
        key = number_key(text)
        if key is None:
            return
        side = self._side
        if self._last == "roadno" and side.doors and side.doors[-1].road == self._road:
            # 12号 附2号
            side.doors[-1] = side.doors[-1]._replace(number=f"{side.doors[-1].number}-{key}")
        elif self._road is None or not self._counting:
            side.inner.append((len(side.names), key))
        else:
            side.doors.append(Door(self._road, key, near=False))

    def _near(self) -> None:
        """What stands before only tells where the place is."""
        self.close()
        side = self._side
        for index in range(self._fresh, len(side.names)):
            side.names[index] = side.names[index]._replace(beside=True)
        self._fresh = len(side.names)
        side.inner.clear()
        side.parts.clear()
        if side.doors:
            side.doors[-1] = side.doors[-1]._replace(near=True)

    def _add(self, *, village: bool) -> None:
        if not self._run:
            return
        written = "".join(self._run)
        self._run = []
        self._counting = False
        for piece in _INSIDE.split(written):
            self._name(piece, village=village)

    def _name(self, written: str, *, village: bool) -> None:
        branch = self._inside and len(written) > 2 and written.endswith("店")
        name = self._namer.name(written[:-1] if branch else written, village)
        if name is None:
            return
        side = self._side
        side.parts |= name.parts
        if name.kind is Kind.GATE:
            side.gates.add(name.text)
        elif branch:
            side.names.append(name._replace(kind=Kind.BRANCH))
        elif name.kind is not Kind.PART:
            side.names.append(name)

    def close(self) -> None:
        """End the run of names."""
        self._add(village=self._last == "community")
