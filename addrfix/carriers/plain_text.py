"""Any carrier whose files hold Chinese words instead of codes: `运单号,时间,轨迹` and the like."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from addrfix.carriers import words as say
from addrfix.model.event import EventReading, EventState, EventWords
from addrfix.model.terms import SignClass

_GOOD = (EventState.DELIVERED, EventState.HANDED_OVER)
_DENIALS = (EventState.RETURNED, EventState.LOST, EventState.FAILED)
_REASONED = (EventState.FAILED, EventState.RETURN_STARTED, EventState.RETURNED, EventState.HELD)


@dataclass(frozen=True, slots=True)
class PlainText:
    """Reads words by the ordered patterns of `carrier_phrases.tsv`."""

    name: str = "plain_text"
    headers: dict[str, str] = field(default_factory=dict)

    def read(self, words: EventWords) -> EventReading:
        """The most telling cell decides: the result, then the trace, then the state's name."""
        told = _told(words)
        if told is None:
            written = [name for name in ("result", "text", "operation") if getattr(words, name)]
            return EventReading(unknown=tuple(written[:1]))
        return completed(told, words)


def _told(words: EventWords) -> EventReading | None:
    if words.result:
        return say.phrase("result", words.result) or say.trace(words.result)
    for cell in (words.text, words.operation):
        if cell and (told := say.trace(cell)):
            return told
    return None


def completed(told: EventReading, words: EventWords) -> EventReading:
    """The reading with who signed and why it failed, from the cells that say so.

    Where cells disagree about a signature the weaker claim stands, and a cell that denies the
    delivery (`退回妥投`, `理赔签收`) overrules the one that reports it; none ever makes one.
    """
    unknown = list(told.unknown)
    if told.state in _GOOD:
        told = _with_signer(told, words, unknown)
    if told.state in _REASONED and not told.return_reason:
        told = _with_reason(told, words, unknown)
    return replace(told, unknown=tuple(unknown))


def _with_signer(told: EventReading, words: EventWords, unknown: list[str]) -> EventReading:
    others = [say.trace(cell) for cell in (words.text, words.operation) if cell]
    if words.sign:
        signed = say.sign(words.sign)
        if signed is None:
            unknown.append("sign")
        others.insert(0, signed)
    claim = told.sign_class
    for other in others:
        if other is None:
            continue
        if other.state in _DENIALS:
            return replace(other, return_reason=other.return_reason or told.return_reason)
        claim = weaker(claim, other.sign_class)
    return replace(told, sign_class=claim)


def _with_reason(told: EventReading, words: EventWords, unknown: list[str]) -> EventReading:
    if words.reason:
        stated = say.reason(words.reason)
        if stated is None:
            unknown.append("reason")
            return told
        # Only a failed attempt may turn out to be more: lost, or put into a parcel station.
        state = stated.state if stated.state and told.state is EventState.FAILED else told.state
        return replace(told, state=state, return_reason=stated.return_reason)
    for cell in (words.text, words.result, words.operation):
        if cell and (found := say.reason_in(cell)) and found != "OTHER":
            return replace(told, return_reason=found)
    return told


def weaker(first: SignClass | None, second: SignClass | None) -> SignClass | None:
    """Of two claims about one signature the weaker one; a claim beats none."""
    order = (SignClass.UNATTENDED, SignClass.UNIT, SignClass.HOUSEHOLD, SignClass.SELF)
    return next((claim for claim in order if claim in (first, second)), None)


def create() -> PlainText:
    """The carrier."""
    return PlainText()
