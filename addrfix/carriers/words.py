"""What codes and words of carriers mean: the tables under `gazetteer/words/`, ready to be asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from addrfix.knowledge import words
from addrfix.model.errors import BadSettings
from addrfix.model.event import EventReading, EventState
from addrfix.model.terms import SignClass
from addrfix.patterns import compiled

_FEW_DIGITS = re.compile(r"\d{1,2}(\.0)?")


@dataclass(frozen=True, slots=True)
class _Phrase:
    pattern: re.Pattern[str]
    reading: EventReading


def _reading(row: Mapping[str, str], table: str) -> EventReading:
    """A row of a table as a reading; a word outside the closed sets stops the program."""
    try:
        return EventReading(
            state=EventState(row["state"]) if row["state"] else None,
            sign_class=SignClass(row["sign_class"]) if row.get("sign_class") else None,
            return_reason=row.get("reason") or None,
            voids=tuple(filter(None, row.get("voids", "").split("|"))),
            voids_state=EventState(row["voids_state"]) if row.get("voids_state") else None,
        )
    except ValueError as error:
        raise BadSettings(f"{table}.tsv: {error}; the first lines of the file list them") from error


def padded(code: str) -> str:
    """A code as printed: a spreadsheet turns 013 into 13 and 704 into 704.0."""
    bare = code.strip().upper()
    return bare[:-2] if re.fullmatch(r"\d+\.0", bare) else bare


@cache
def _operations() -> dict[str, EventReading]:
    found = {
        row["code"]: _reading(row, "carrier_operations") for row in words("carrier_operations")
    }
    for code, reading in list(found.items()):
        if reading.voids:
            back = found.get(reading.voids[0])
            found[code] = EventReading(
                state=reading.state,
                voids=reading.voids,
                voids_state=back.state if back else None,
            )
    return found


def operation(code: str) -> EventReading | None:
    """What an operation code of China Post or EMS means; None for one that nobody knows."""
    known = _operations()
    bare = padded(code)
    if bare in known:
        return known[bare]
    # Spreadsheets drop leading zeros: 13 was 013. Older codes of two digits are found above.
    return known.get(bare.zfill(3)) if _FEW_DIGITS.fullmatch(bare) else None


@cache
def _operation_names() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for row in words("carrier_operations"):
        names[row["name"]] = (*names.get(row["name"], ()), row["code"])
    return names


def codes_named(name: str) -> tuple[str, ...]:
    """The operation codes that bear exactly this name."""
    return _operation_names().get(name, ())


@cache
def _states() -> dict[tuple[str, str], EventReading]:
    return {
        (row["carrier"], key): _reading(row, "carrier_states")
        for row in words("carrier_states")
        for key in (row["name"], row["code"])
    }


def state(carrier: str, code_or_name: str) -> EventReading | None:
    """What a state of a tracking service means, by its code or its exact name."""
    return _states().get((carrier, padded(code_or_name)))


@cache
def _sign_codes() -> dict[str, EventReading]:
    return {
        key: _reading(row, "carrier_sign_codes")
        for row in words("carrier_sign_codes")
        for key in (row["name"], row["code"])
    }


def sign(cell: str) -> EventReading | None:
    """Who signed: a code, its exact name, or words; None where nobody knows."""
    return _sign_codes().get(padded(cell)) or phrase("sign", cell)


@cache
def _reason_codes() -> dict[str, EventReading]:
    return {
        key: _reading(row, "carrier_reason_codes")
        for row in words("carrier_reason_codes")
        for key in (row["name"], row["code"])
    }


@cache
def _reasons() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(row["pattern"]), row["reason"]) for row in words("return_reasons"))


def reason_in(text: str) -> str | None:
    """The return reason that a text states, by the first pattern of `return_reasons.tsv`.

    >>> reason_in("原址查无此人，无法联系")
    'NO_SUCH_PERSON'
    """
    return next((reason for pattern, reason in _reasons() if pattern.search(text)), None)


def reason(cell: str) -> EventReading | None:
    """Why a delivery failed: a code, its exact name, or words; None where nobody knows."""
    coded = _reason_codes().get(padded(cell))
    if coded:
        return coded
    stated = reason_in(cell)
    return EventReading(return_reason=stated) if stated else None


@cache
def _phrases(group: str) -> tuple[_Phrase, ...]:
    return tuple(
        _Phrase(compiled(row["pattern"]), _reading(row, "carrier_phrases"))
        for row in words("carrier_phrases")
        if row["set"] == group
    )


def phrase(group: str, text: str) -> EventReading | None:
    """The reading of the first pattern of a set (`result`, `trace`, `sign`) found in the text."""
    return next((row.reading for row in _phrases(group) if row.pattern.search(text)), None)


def trace(text: str) -> EventReading | None:
    """What one line of a trace says: the exact name of an operation, else the patterns."""
    codes = codes_named(text)
    named = operation(codes[0]) if codes else None
    return named or phrase("trace", text)
