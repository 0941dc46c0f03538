"""Hears the witnesses: what they ask for, what they say, and what follows from it by weighing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from addrfix.model.nouns import CaseFacts, ParsedAddress, Testimony
from addrfix.model.protocols import DivisionIndex
from addrfix.model.tree import is_under
from addrfix.reading.weighing import weigh
from addrfix.reading.witnesses.weights import weights
from addrfix.reading.witnesses.witness import (
    NO_ANSWERS,
    NO_CASE,
    NOTHING_ASKED,
    Answers,
    Asks,
    Case,
    Witness,
)

GUESS = "guess"
"""Family of the witnesses that settle only what nothing else touches."""


class Hearing:
    """All witnesses over one gazetteer.

    Args:
        index: the divisions.
        witnesses: from `witnesses.installed`.
    """

    def __init__(self, index: DivisionIndex, witnesses: Sequence[Witness]) -> None:
        self._index = index
        self._of_text = [w for w in witnesses if w.rests_on == "text"]
        self._of_elements = [w for w in witnesses if w.rests_on == "elements"]
        self._of_case = [w for w in witnesses if w.rests_on == "case"]

    def asks(self, address: ParsedAddress) -> Asks:
        """The look-ups that the witnesses need for one text, each once."""
        if not address.readings:
            return NOTHING_ASKED
        asked = [asks for w in self._of_text if (asks := w.asks(address)) is not NOTHING_ASKED]
        if len(asked) < 2:
            return asked[0] if asked else NOTHING_ASKED
        return Asks(
            list(dict.fromkeys(probe for asks in asked for probe in asks.villages)),
            list(dict.fromkeys(probe for asks in asked for probe in asks.beginnings)),
        )

    def by_text(self, address: ParsedAddress, answers: Answers) -> None:
        """Weigh what names and text say; the structure is found for what leads now."""
        address.names = address.readings
        if address.names:
            address.ledger = self._said(address, self._of_text, answers)
            self._settle(address, address.ledger)

    def by_elements(self, address: ParsedAddress, answers: Answers) -> None:
        """Weigh again where the structure has something to say."""
        if address.names and (said := self._said(address, self._of_elements, answers)):
            address.ledger += said
            self._settle(address, address.ledger)

    def _said(
        self, address: ParsedAddress, witnesses: Iterable[Witness], answers: Answers
    ) -> tuple[Testimony, ...]:
        said: list[Testimony] = []
        for witness in witnesses:
            said.extend(witness.says(address, answers, NO_CASE))
        return tuple(said)

    def _settle(self, address: ParsedAddress, ledger: Sequence[Testimony]) -> None:
        weighed = weigh(address.names, ledger, self._index)
        address.readings = weighed.readings
        address.margin = weighed.margin
        address.deciding = weighed.deciding
        known = weights()
        reasons = [r for name in weighed.deciding if (r := known[name].reason)]
        address.reasons = tuple(dict.fromkeys(reasons)) if reasons else ()

    def in_cases(
        self, rows: Sequence[ParsedAddress], facts: Sequence[CaseFacts]
    ) -> list[ParsedAddress]:
        """The rows, those that their text leaves open weighed with what their case knows.

        Args:
            rows: one address a row, by its text alone; those of equal text may be one object.
            facts: of the same rows.
        """
        if not self._of_case:
            return list(rows)
        elsewhere: dict[str, list[int]] = {}
        for address, fact in zip(rows, facts, strict=True):
            if fact.case_id is not None and address.readings and not self._is_doubtful(address):
                elsewhere.setdefault(fact.case_id, []).append(address.readings[0].division)
        return [
            self._in_case(address, Case(fact, elsewhere.get(fact.case_id or "", ())))
            if address.readings and self._is_open(address)
            else address
            for address, fact in zip(rows, facts, strict=True)
        ]

    def _in_case(self, address: ParsedAddress, case: Case) -> ParsedAddress:
        said = tuple(t for w in self._of_case for t in w.says(address, NO_ANSWERS, case))
        if not said:
            return address
        heard = replace(address, ledger=address.ledger + said)
        self._settle(heard, heard.ledger)
        return heard

    def _is_open(self, address: ParsedAddress) -> bool:
        """Whether the case may say more than the text: a tie, a guess, or no county yet."""
        level = self._index.levels[address.readings[0].division]
        return level < 3 or self._is_doubtful(address)

    def _is_doubtful(self, address: ParsedAddress) -> bool:
        if len(address.readings) == 1 and not address.deciding:
            return False
        best = address.readings[0].division
        tie = any(
            not is_under(r.division, best, self._index)
            and not is_under(best, r.division, self._index)
            for r in address.readings[1:]
        )
        return tie or any(weights()[name].family == GUESS for name in address.deciding)
