"""Settles what became of a letter from everything its carriers said, in whatever order.

The rules, all of them about time of happening and never about time of arrival:

1. A reversal takes back every earlier or simultaneous line that it names: 743 the deliveries, 744
   the failed attempts, 742 the rounds. By code within one carrier, by state across carriers.
2. What is left is walked through in time; at one and the same moment in the order of EventState, so
   that a file with dates only still tells attempt before delivery before return.
3. A delivery counts until a return begins, a failed attempt follows, or the carrier pays for the
   loss. A delivery whose receiver is not told, once a return has begun, is the sender's.
4. A recall by the sender stands, even when the letter then comes back; only a delivery beats it.
5. Lines without a readable time, and lines that nobody could read, settle nothing.
6. Where two lines of one moment name different signers, the weaker claim stands: a signature that a
   court may see must not be stronger than its weakest record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from addrfix.model.event import EventState
from addrfix.model.terms import Outcome, SignClass

_RANK = {state: rank for rank, state in enumerate(EventState)}
_GOOD = frozenset((EventState.DELIVERED, EventState.HANDED_OVER))
_TRIED = frozenset((*_GOOD, EventState.FAILED, EventState.LOCKER))
_BACK = frozenset((EventState.RETURN_STARTED, EventState.RETURNING))
_ON_ITS_WAY = frozenset((EventState.IN_TRANSIT, EventState.ARRIVED))
_WEAKEST_FIRST = (SignClass.UNATTENDED, SignClass.UNIT, SignClass.HOUSEHOLD, SignClass.SELF)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a trace that could be read and has a time."""

    at: datetime
    state: EventState
    carrier: str = ""
    code: str | None = None
    sign_class: SignClass | None = None
    return_reason: str | None = None
    voids: tuple[str, ...] = ()
    voids_state: EventState | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a letter."""

    outcome: Outcome = Outcome.IN_TRANSIT
    sign_class: SignClass | None = None
    return_reason: str | None = None
    posted_on: date | None = None
    """Of the first acceptance; where none was reported, of the first scan on the way."""
    final_on: date | None = None
    """Of the line that settled it; None while in transit."""
    attempts: int = 0
    """Deliveries tried: rounds or results reported, whichever are more."""


def settle(events: Iterable[Event], *, vague_reasons: frozenset[str] = frozenset()) -> Settled:
    """What became of the letter. Order and repetition of events change nothing.

    `vague_reasons` are those that give way to any other (待领, 其他): see `return_reasons.tsv`.
    """
    left = _without_reversed(sorted(set(events), key=_order))
    outcome, final = Outcome.IN_TRANSIT, None
    going_back = recalled = False
    for event in left:
        state = event.state
        if state in _GOOD:
            back = going_back and state is EventState.HANDED_OVER
            outcome, final = (Outcome.RETURNED if back else Outcome.SIGNED), event
        elif state is EventState.RETURNED:
            outcome, final = Outcome.RETURNED, event
        elif state in _BACK:
            going_back = True
            if outcome is Outcome.SIGNED:
                outcome, final = Outcome.IN_TRANSIT, None
        elif state is EventState.FAILED and outcome is Outcome.SIGNED:
            outcome, final = Outcome.IN_TRANSIT, None
        elif state is EventState.LOST:
            outcome, final = Outcome.LOST, event
        elif state is EventState.CANCELLED and outcome is not Outcome.SIGNED:
            recalled = True
            outcome, final = Outcome.CANCELLED, event
        if recalled and outcome is Outcome.RETURNED:
            outcome = Outcome.CANCELLED
    reason = _reason(left, outcome, vague_reasons)
    if outcome is Outcome.RETURNED and reason == "RECALLED":
        outcome = Outcome.CANCELLED
    return Settled(
        outcome=outcome,
        sign_class=_signer(left, final) if outcome is Outcome.SIGNED else None,
        return_reason=reason,
        posted_on=_posted_on(left),
        final_on=final.at.date() if final else None,
        attempts=_attempts(left),
    )


def _order(event: Event) -> tuple[object, ...]:
    return (
        event.at,
        _RANK[event.state],
        event.carrier,
        event.code or "",
        event.sign_class or "",
        event.return_reason or "",
    )


def _without_reversed(events: Sequence[Event]) -> list[Event]:
    reversals = [event for event in events if event.state is EventState.REVERSAL]
    return [
        event
        for event in events
        if event.state is not EventState.REVERSAL
        and not any(_takes_back(reversal, event) for reversal in reversals)
    ]


def _takes_back(reversal: Event, event: Event) -> bool:
    if event.at > reversal.at:
        return False
    if reversal.voids and event.code and event.carrier == reversal.carrier:
        return event.code in reversal.voids
    if reversal.voids_state in _GOOD:
        return event.state in _GOOD
    return event.state is reversal.voids_state


def _reason(events: Sequence[Event], outcome: Outcome, vague_reasons: frozenset[str]) -> str | None:
    """The latest definite reason given, or the latest vague one; None where nothing came back."""
    if outcome not in (Outcome.RETURNED, Outcome.CANCELLED, Outcome.LOST):
        return None
    given = [event.return_reason for event in events if event.return_reason]
    definite = [reason for reason in given if reason not in vague_reasons]
    told = definite or given
    return told[-1] if told else None


def _signer(events: Sequence[Event], final: Event | None) -> SignClass | None:
    claims = {
        event.sign_class
        for event in events
        if final and event.at == final.at and event.state in _GOOD
    }
    return next((claim for claim in _WEAKEST_FIRST if claim in claims), None)


def _posted_on(events: Sequence[Event]) -> date | None:
    for states in ({EventState.ACCEPTED}, _ON_ITS_WAY):
        for event in events:
            if event.state in states:
                return event.at.date()
    return None


def _attempts(events: Sequence[Event]) -> int:
    rounds = {event.at for event in events if event.state is EventState.OUT_FOR_DELIVERY}
    results = {event.at for event in events if event.state in _TRIED}
    return max(len(rounds), len(results))
