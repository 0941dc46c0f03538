"""From an address as read to one side of a comparison: a walk over its pieces, left to right."""

from __future__ import annotations

import re

from addrfix.compare.endings import Kind, generic
from addrfix.compare.names import Namer
from addrfix.compare.sides import Door, Side, start_of
from addrfix.model.nouns import ParsedAddress
from addrfix.model.protocols import DivisionIndex
from addrfix.patterns import pattern
from addrfix.text.marks import TAKEN_OUT
from addrfix.text.numerals import arabic, number_key

_WRITTEN = {"prov": "regions", "city": "regions", "district": "counties", "town": "towns"}
_DIVISIONS = frozenset((*_WRITTEN, "redundant"))
_SMALL = frozenset(("district", "town"))
_NAMES = frozenset(("poi", "subpoi", "devzone", "community"))
_INSIDE_NAME = frozenset(("poi", "subpoi", "gap"))
_INSIDE_HOUSE = frozenset(("houseno", "cellno", "floorno"))
_INTO = {"cellno": "units", "roomno": "rooms"}
_BRACKETS = re.compile(r"([()])")
_JOINTS = frozenset("·.-")
_MARKS = f" ,.;:，。；：、_|-·/!{TAKEN_OUT}"
_NUMBERS = (("house", "houseno"), ("unit", "cellno"), ("floor", "floorno"), ("room", "roomno"))
"""Groups of the pattern `compare_numbers_alone`, and the labels that they stand for."""


def side_of(parsed: ParsedAddress, namer: Namer, index: DivisionIndex) -> Side:
    """One side of a comparison, from an address as read."""
    side = start_of(parsed, index)
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


class _Walk:
    """Collects a side from left to right."""

    def __init__(self, side: Side, namer: Namer) -> None:
        self._side = side
        self._namer = namer
        self._run: list[str] = []
        self._road: str | None = None
        self._inside = False
        """Whether a bracket is open."""
        self._opened = 0
        """How many names stood before it."""
        self._last = ""
        self._counting = False
        """Whether a number would still count along the last road."""
        self._fresh = 0
        """The first name that a word like 附近 would put beside the place."""

    def gap(self, text: str) -> None:
        """Text that no span covers."""
        pieces = _BRACKETS.split(text)
        for index, piece in enumerate(pieces):
            if piece in ("(", ")"):
                self.close()
                self._inside = piece == "("
                self._opened = len(self._side.names)
            elif piece in _JOINTS and self._last in _NAMES:
                # 香樟·半岛 is one name.
                self._last = "gap"
            elif piece := piece.strip(_MARKS):
                self._leftover(piece, last=pieces[index + 1 : index + 2] == [")"])

    def _leftover(self, piece: str, *, last: bool) -> None:
        if self._inside and last and pattern("compare_next_to").search(piece):
            self._near()
        elif self._run or not piece.isdigit():
            self._run.append(piece)
            self._last = "gap"

    def piece(self, text: str, label: str) -> None:
        """A labelled piece."""
        if label in _NAMES:
            label = self._named(text, label)
        elif label in _DIVISIONS:
            self._division(text, label)
        else:
            self.close()
            self._structural(text, label)
        self._last = label

    def _structural(self, text: str, label: str) -> None:
        if label == "road":
            self._on_road(text)
        elif label == "roadno":
            self._numbered(text)
        elif label == "village_group":
            self._side.groups.add(number_key(text) or text)
        elif label == "intersection":
            self._side.crossing = True
            self._near()
        elif label in ("houseno", "floorno") or label in _INTO:
            self._in_house(text, label)
        elif label == "distance" or pattern("compare_near").search(text):
            self._near()

    def _in_house(self, text: str, label: str) -> None:
        key = number_key(text)
        if not key:
            return
        side = self._side
        if label == "houseno":
            side.inner.append((len(side.names), key))
            self._settle()
        elif label in _INTO:
            getattr(side, _INTO[label]).add(key)
        elif pattern("compare_house_by_storey").search(arabic(text)):
            # 407楼 and 甲4楼 are buildings.
            side.inner.append((len(side.names), key))
        else:
            side.floors.add(_floor(text, key))

    def _settle(self) -> None:
        """What has buildings is a compound, whatever its name ends in."""
        names = self._side.names
        if names and names[-1].kind is Kind.OTHER and self._last in _INSIDE_NAME:
            names[-1] = names[-1]._replace(kind=Kind.SITE)

    def _division(self, text: str, label: str) -> None:
        """Divisions stand in their own place; what only looks like one is part of a name."""
        end = pattern("compare_division_end")
        small = label in _SMALL
        if label in _WRITTEN:
            short = end.sub("", text) if len(text) > 2 else text
            getattr(self._side, _WRITTEN[label]).add(short)
        doubtful = not self._side.sure or (small and self._last in _INSIDE_NAME)
        inside = doubtful and small and self._run and self._last in _INSIDE_NAME
        if pattern("compare_road_end").search(text):
            self.close()
            self._on_road(text)
        elif (end.search(text) and not inside) or not doubtful or not small:
            self.close()
        else:
            self._run.append(text)

    def _on_road(self, text: str) -> None:
        road = arabic(text).strip(_MARKS)
        side = self._side
        if road[:1].isdigit() and self._last in ("road", "roadno") and side.roads:
            road = side.roads[-1] + road
        self._road = road
        lane = pattern("compare_lane").search(road) is not None
        self._counting = not lane
        side.roads.append(road)
        if lane:
            side.names.append(self._namer.lane(road))

    def _named(self, text: str, label: str) -> str:
        """Take a name in; the label that it turns out to bear."""
        if (behind := self._number_written_out(text)) is not None:
            return behind
        if self._last in ("road", "roadno") and (yard := pattern("compare_yard").match(text)):
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
        return label

    def _number_written_out(self, text: str) -> str | None:
        """Numbers that were read as a name: 五零二, 叁栋伍零贰; the label of the last, or None."""
        digits = arabic(text)
        if digits == text or not (found := pattern("compare_numbers_alone").search(digits)):
            return None
        if found["house"] is None and self._last not in _INSIDE_HOUSE:
            return None
        self.close()
        for group, label in _NUMBERS:
            if found[group]:
                self._in_house(found[group], label)
                self._last = label
        return self._last

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
        aside = self._inside and len(side.names) > self._opened
        # (云台小学对面) behind a place tells of the school alone.
        for index in range(self._opened if aside else self._fresh, len(side.names)):
            side.names[index] = side.names[index]._replace(beside=True)
        self._fresh = len(side.names)
        if aside:
            return
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
        for piece in pattern("compare_between_names").split(written):
            self._name(piece, village=village)

    def _name(self, written: str, *, village: bool) -> None:
        branch = self._inside and pattern("compare_branch").search(written) is not None
        name = self._namer.name(written[:-1] if branch else written, village)
        if name is None:
            return
        side = self._side
        side.parts |= name.parts
        if name.gate:
            side.gates.add(name.gate)
        if name.kind is Kind.GATE:
            side.gates.add(name.text)
        elif branch:
            side.names.append(name._replace(kind=Kind.BRANCH))
        elif name.kind is not Kind.PART:
            side.names.append(name)

    def close(self) -> None:
        """End the run of names."""
        self._add(village=self._last == "community")


def _floor(text: str, key: str) -> str:
    """A storey: F4层 and 四楼 are "4", B1层 and 负一楼 "-1"."""
    below = pattern("compare_below_ground").search(arabic(text))
    return f"-{below[1]}" if below else key.replace("F", "").strip("-")
