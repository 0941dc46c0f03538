"""Districts of one name told apart by what stands behind the name.

普陀区真光路: one of the two has communities whose names begin with 真光. Between districts of one
name the first two characters behind it may tell; where both have such a town or community, or
neither, this witness is silent.
"""

from __future__ import annotations

from collections.abc import Iterable

from addrfix.model.nouns import HISTORIC_KINDS, ParsedAddress, Testimony
from addrfix.model.protocols import DivisionIndex
from addrfix.patterns import word_class
from addrfix.reading.witnesses.weights import weight_of
from addrfix.reading.witnesses.witness import NOTHING_ASKED, Answers, Asks, Case, behind_names

_ENOUGH = 2


class Beginning:
    """Compares the first characters behind a name with towns and villages of its bearers."""

    name = "beginning"
    rests_on = "text"

    def __init__(self, index: DivisionIndex) -> None:
        self._index = index
        self._weight = weight_of(self.name)

    def asks(self, written: ParsedAddress) -> Asks:
        """Which of the rivals have a village that begins so."""
        rivals, piece = self._rivals(written)
        return Asks(beginnings=[(rival, piece) for rival in rivals]) if rivals else NOTHING_ASKED

    def says(self, written: ParsedAddress, answers: Answers, case: Case) -> Iterable[Testimony]:
        """The rivals with a town of that beginning, else those with such a village."""
        rivals, piece = self._rivals(written)
        children = self._index.children
        fitting = [
            rival
            for rival in rivals
            if any(level == 4 and form.startswith(piece) for form, _, level, _ in children(rival))
        ] or [rival for rival in rivals if rival in answers.beginnings]
        if 0 < len(fitting) < len(rivals):
            start = behind_names(written)
            for rival in fitting:
                yield Testimony(self.name, rival, self._weight, start, start + _ENOUGH)

    def _rivals(self, written: ParsedAddress) -> tuple[tuple[int, ...], str]:
        """Districts of one name that a text leaves open, and what stands behind the name."""
        if len(written.readings) < 2:
            return (), ""
        index = self._index
        meant = [r for r in written.readings if r.mentions[-1].kind not in HISTORIC_KINDS]
        found = tuple(dict.fromkeys(reading.division for reading in meant))
        if len(found) < 2 or len({index.names[division] for division in found}) > 1:
            return (), ""
        if any(index.levels[division] != 3 for division in found):
            return (), ""
        start = behind_names(written)
        piece = written.key[start : start + _ENOUGH]
        told = len(piece) == _ENOUGH and piece.isalpha() and not piece.isascii()
        # Every city has a 人民路: that a village begins so tells nothing.
        if piece in word_class("everyday_road") or index.names[found[0]].startswith(piece):
            return (), ""
        if not told:
            return (), ""
        return found, piece


def create(index: DivisionIndex) -> Beginning:
    """The witness over one gazetteer."""
    return Beginning(index)
