"""What a division once lay in, where it bears the same name today.

A town keeps its name when its county changes (龙华区 has towns that 宝安区 had), and people go on
writing the county they grew up with. Told by the history: a former division of the same stem that
stood under another parent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from addrfix.places.names import short_name

_COUNTY, _TOWN = 3, 4
_SINCE = 1999
"""Counties that changed their prefecture before are written with the new one by now."""
_IN_FORCE = ("official", "custom")
_MOST = 0.5
"""A town of which less came here was parted, not moved."""


class _Division(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def level(self) -> int: ...
    @property
    def short_name(self) -> str: ...
    @property
    def parent_id(self) -> int | None: ...
    @property
    def kind(self) -> str: ...


class _Past(Protocol):
    @property
    def level(self) -> int: ...
    @property
    def old_name(self) -> str: ...
    @property
    def old_parent_ids(self) -> tuple[int, ...]: ...
    @property
    def until_year(self) -> int: ...
    @property
    def division_id(self) -> int: ...
    @property
    def share(self) -> float: ...


class Lineages:
    """What each division lies in, and what it once lay in."""

    def __init__(self, divisions: Sequence[_Division], history: Iterable[_Past]) -> None:
        """Work out what counties lay in, then what towns lay in.

        Args:
            divisions: levels 1 to 4.
            history: former divisions with a successor.
        """
        self._rows: Mapping[int, _Division] = {row.id: row for row in divisions}
        told: dict[int, set[int]] = defaultdict(set)
        for past in history:
            if self._is_move(past):
                told[past.division_id].update(past.old_parent_ids)
        self._former: dict[int, tuple[int, ...]] = {}
        for level in (_COUNTY, _TOWN):
            for row in divisions:
                if row.level == level and row.kind in _IN_FORCE:
                    self._former[row.id] = self._left(row, told.get(row.id, set()))

    def _is_move(self, past: _Past) -> bool:
        row = self._rows[past.division_id]
        if row.level != past.level or past.share < _MOST or past.level < _COUNTY:
            return False
        if past.level == _COUNTY and past.until_year < _SINCE:
            return False
        return short_name(past.old_name, past.level) == row.short_name

    def _left(self, row: _Division, told: set[int]) -> tuple[int, ...]:
        """What `row` lay in, what that lies or lay in, and what its parent lay in."""
        found = self.with_above(told)
        for above in (row.parent_id, *told):
            found.update(self._former.get(-1 if above is None else above, ()))
        found -= self.with_above({row.id})
        return tuple(sorted(filter(self.is_in_force, found)))

    def with_above(self, divisions: Iterable[int]) -> set[int]:
        """Divisions with all that they lie in today."""
        found: set[int] = set()
        for division in divisions:
            at: int | None = division
            while at is not None:
                found.add(at)
                at = self._rows[at].parent_id
        return found

    def is_in_force(self, division: int) -> bool:
        """Whether it is a division, and no zone or farm that has a place beside them."""
        return self._rows[division].kind in _IN_FORCE

    def former(self, division: int) -> tuple[int, ...]:
        """Divisions in force that one once lay in and does not lie in now, sorted."""
        return self._former.get(division, ())
