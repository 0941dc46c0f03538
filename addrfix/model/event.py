"""What a carrier says happened to a letter: the nouns between carriers and outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from addrfix.model.terms import SignClass


class EventState(StrEnum):
    """What one line of a carrier's trace says about the letter."""

    CREATED = "created"
    ACCEPTED = "accepted"
    IN_TRANSIT = "in_transit"
    ARRIVED = "arrived"
    OUT_FOR_DELIVERY = "out_for_delivery"
    FAILED = "failed"
    """A delivery was tried and did not succeed."""
    HELD = "held"
    """Waits at a counter."""
    LOCKER = "locker"
    """Waits in a parcel locker or shop; nobody has signed."""
    READDRESSED = "readdressed"
    EXCEPTION = "exception"
    HANDED_OVER = "handed_over"
    """Delivered, to whom is not told: after a return has begun, to the sender."""
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURN_STARTED = "return_started"
    RETURNING = "returning"
    LOST = "lost"
    RETURNED = "returned"
    """The sender has it back."""
    REVERSAL = "reversal"
    """Takes back an earlier line."""


@dataclass(frozen=True, slots=True)
class EventWords:
    """The cells of one line of a result file that say what happened, as written, trimmed."""

    code: str | None = None
    operation: str | None = None
    sign: str | None = None
    reason: str | None = None
    state: str | None = None
    sub_state: str | None = None
    result: str | None = None
    """One word for the whole letter, in files with one row a letter."""
    text: str | None = None


@dataclass(frozen=True, slots=True)
class EventReading:
    """What the words mean; what nobody knows stays None and is named in `unknown`."""

    state: EventState | None = None
    sign_class: SignClass | None = None
    return_reason: str | None = None
    """A reason of `return_reasons.tsv`."""
    voids: tuple[str, ...] = ()
    """Codes of the same carrier that a reversal takes back."""
    voids_state: EventState | None = None
    """The state that a reversal takes back, for events of other carriers and without codes."""
    unknown: tuple[str, ...] = ()
    """Names of the fields of EventWords that could not be read."""


WORD_COLUMNS = ("code", "operation", "sign", "reason", "state", "sub_state", "result", "text")

# `events.parquet`: the raw cells first, then what they were read as.
EVENT_COLUMNS = (
    "letter_id", "tracking_no", "happened_at", "carrier", "office",
    "raw_code", "raw_operation", "raw_sign", "raw_reason", "raw_state", "raw_sub_state",
    "raw_result", "raw_text", "raw_time",
    "state", "sign_class", "return_reason", "voids", "voids_state", "unknown",
)  # fmt: skip
