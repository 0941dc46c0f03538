"""Witnesses that rest on the case, not on the text: a division that it names, its city, province.

What lies in that very county is believed most, what lies in its city or province a little less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from addrfix.model.nouns import ParsedAddress, Testimony
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import lineage
from addrfix.reading.witnesses.weights import weight_of
from addrfix.reading.witnesses.witness import NOTHING_ASKED, Answers, Asks, Case

# Of a witness's weight, by the level at which what it names agrees with what is written: what lies
# in that very county leads what only lies in its city, and that what only lies in its province.
_STRENGTH = {1: 0.35, 2: 0.675, 3: 1.0}


class FromCase:
    """Speaks for the divisions that a case names and for what they lie in."""

    rests_on = "case"

    def __init__(
        self, name: str, index: DivisionIndex, divisions: Callable[[Case], Sequence[int]]
    ) -> None:
        self.name = name
        self._index = index
        self._divisions = divisions
        self._weight = weight_of(name)

    def asks(self, written: ParsedAddress) -> Asks:
        """Nothing: what numbers begin with is in memory."""
        return NOTHING_ASKED

    def says(self, written: ParsedAddress, answers: Answers, case: Case) -> Iterable[Testimony]:
        """The divisions that the case names, with their cities and provinces."""
        said: dict[int, float] = {}
        for division in self._divisions(case):
            for step in lineage(division, self._index):
                strength = _STRENGTH[min(3, self._index.levels[step])]
                said[step] = max(said.get(step, 0.0), self._weight * strength)
        return [Testimony(self.name, division, weight) for division, weight in said.items()]
