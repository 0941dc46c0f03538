"""A postcode in the text: the writer's own word on the county.

Its first four digits are a county's office in most cases, three a sorting centre, two a province;
as many as single something out speak.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from addrfix.model.nouns import ParsedAddress, Testimony
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import MUNICIPALITIES, is_settled, lineage
from addrfix.reading.witnesses.weights import weight_of
from addrfix.reading.witnesses.witness import NOTHING_ASKED, Answers, Asks, Case

# Of its weight, by how many digits single a division out.
_STRENGTH = {6: 1.0, 4: 1.0, 3: 0.6, 2: 0.5}
# So many digits of the postcode are compared, below one division and between several.
_OF_ONE: Sequence[int] = (6, 4)
_OF_MANY: Sequence[int] = (6, 4, 3, 2)


class Postcode:
    """Compares the postcode with those of the divisions that may be meant."""

    name = "postcode"
    rests_on = "text"

    def __init__(self, index: DivisionIndex) -> None:
        self._index = index
        self._weight = weight_of(self.name)

    def asks(self, written: ParsedAddress) -> Asks:
        """Nothing: postcodes are in memory."""
        return NOTHING_ASKED

    def says(self, written: ParsedAddress, answers: Answers, case: Case) -> Iterable[Testimony]:
        """The division whose postcode begins like the one written, where it is the only one."""
        code = written.postcode
        if code is None or not written.readings:
            return
        settled = is_settled(written.readings, self._index)
        if settled and code == self._index.postcodes[written.readings[0].division]:
            # The city's general code, which is written for any of its counties.
            return
        divisions = (
            self._counties(written.readings[0].division)
            if settled
            else [reading.division for reading in written.readings]
        )
        for digits in _OF_ONE if settled else _OF_MANY:
            fitting = [d for d in divisions if (self._code(d) or "").startswith(code[:digits])]
            if len(fitting) == 1:
                weight = self._weight * _STRENGTH[digits]
                yield Testimony(self.name, fitting[0], weight)
            if fitting:
                return

    def _counties(self, division: int) -> Sequence[int]:
        """Counties of a city, or of a municipality; none below a county or another province."""
        index = self._index
        city = index.levels[division] == 2 or index.codes[division][:2] in MUNICIPALITIES
        if not city or index.levels[division] > 2:
            return ()
        return sorted({child for _, child, level, _ in index.children(division) if level == 3})

    def _code(self, division: int) -> str | None:
        """Of the division itself, or of the next one above that has one."""
        for step in reversed(lineage(division, self._index)):
            if code := self._index.postcodes[step]:
                return code
        return None


def create(index: DivisionIndex) -> Postcode:
    """The witness over one gazetteer."""
    return Postcode(index)
