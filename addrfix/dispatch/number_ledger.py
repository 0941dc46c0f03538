"""What the records of a number store come to: which numbers are free, given and void."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from addrfix.model.errors import BadInput
from addrfix.text.counting import counted

Serial = tuple[str, int]
"""A pattern and a serial in it."""
Span = tuple[str, int, int]
"""A pattern, the first serial, and how many follow each other."""


@dataclass(slots=True)
class _Range:
    product: str
    pattern: str
    first: int
    last: int
    next: int
    """The first serial that was not asked for yet; all before it are given or void."""


@dataclass(frozen=True, slots=True)
class RangeState:
    """A range as a person sees it."""

    product: str
    pattern: str
    first: int
    last: int
    given: int
    """Numbers that letters have."""
    void: int
    free: int
    next: int | None
    """The next serial that will be given; None where the range is used up."""


@dataclass(slots=True)
class _Taken:
    letters: str
    spans: list[Span]


@dataclass(slots=True)
class Ledger:
    """The state after some records."""

    closed: set[str] = field(default_factory=set)
    """Batches whose folder was finished."""
    _ranges: list[_Range] = field(default_factory=list)
    _taken: dict[str, list[_Taken]] = field(default_factory=dict)
    _void: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """Serials of each pattern, as sorted spans (first, last) that do not touch."""

    def play(self, record: Mapping[str, Any]) -> None:
        """Take in one record."""
        match record["op"]:
            case "add":
                first, last = record["first"], record["last"]
                self._ranges.append(
                    _Range(record["product"], record["pattern"], first, last, first)
                )
            case "take":
                spans = [(pattern, first, count) for pattern, first, count in record["spans"]]
                taken = _Taken(record["letters"], spans)
                self._taken.setdefault(record["batch"], []).append(taken)
                for pattern, first, count in spans:
                    self._range_of(pattern, first).next = first + count
            case "close":
                numbers = self.numbers_of(record["batch"]) if record["unused"] else {}
                for letter in record["unused"].split():
                    if letter in numbers:
                        pattern, serial = numbers[letter]
                        self._make_void(pattern, serial, serial)
                self.closed.add(record["batch"])
            case "void":
                self._make_void(record["pattern"], record["first"], record["last"])
            case "void_batch":
                for pattern, first, last in _spans(self.numbers_of(record["batch"]).values()):
                    self._make_void(pattern, first, last)
            case unknown:
                raise BadInput(
                    f"the store has a record {unknown!r}, which only a newer addrfix knows"
                )

    def check_new(self, pattern: str, first: int, last: int) -> None:
        """Stop where a range overlaps one that is there.

        Raises:
            BadInput: it does.
        """
        for there in self._ranges:
            if there.pattern == pattern and first <= there.last and there.first <= last:
                same = (there.first, there.last) == (first, last)
                raise BadInput(
                    "the store has this range already"
                    if same
                    else "the range overlaps one that is in the store; "
                    "`addrfix numbers list` shows them"
                )

    def check_held(self, pattern: str, first: int, last: int) -> None:
        """Stop where a number is in no range.

        Raises:
            BadInput: one is in none.
        """
        at = first
        for there in sorted(self._ranges, key=lambda there: there.first):
            if there.pattern == pattern and there.first <= at <= there.last:
                at = there.last + 1
        if at <= last:
            raise BadInput("not all of these numbers are in a range of the store")

    def numbers_of(self, batch: str) -> dict[str, Serial]:
        """Letter to number of a batch; void numbers left out."""
        found: dict[str, Serial] = {}
        for taken in self._taken.get(batch, ()):
            serials = chain.from_iterable(
                ((pattern, first + step) for step in range(count))
                for pattern, first, count in taken.spans
            )
            for letter, serial in zip(taken.letters.split(), serials, strict=True):
                if not self._is_void(*serial):
                    found[letter] = serial
        return found

    def free_spans(self, product: str, wanted: int) -> list[Span]:
        """The next free numbers of a product.

        Raises:
            BadInput: there are not so many; says how many are missing.
        """
        spans: list[Span] = []
        missing = wanted
        for there in self._ranges:
            if there.product != product or not missing:
                continue
            for first, last in self._free(there):
                count = min(missing, last - first + 1)
                if count:
                    spans.append((there.pattern, first, count))
                    missing -= count
        if missing:
            products = ", ".join(dict.fromkeys(there.product for there in self._ranges))
            raise BadInput(
                f"{counted(missing, 'number')} of {product} {'is' if missing == 1 else 'are'} "
                f"missing: {wanted:,} are needed and "
                f"{wanted - missing:,} are free (the store has {products or 'nothing'}); "
                f"add a range with `addrfix numbers add {product} FIRST LAST`"
            )
        return spans

    def not_void(self, pattern: str, first: int, last: int) -> int:
        """How many numbers of a span are not void yet."""
        return last - first + 1 - self._void_between(pattern, first, last)

    def range_states(self) -> list[RangeState]:
        """The ranges in the order of their coming."""
        states = []
        for there in self._ranges:
            free = list(self._free(there))
            count = sum(last - first + 1 for first, last in free)
            void = self._void_between(there.pattern, there.first, there.last)
            states.append(
                RangeState(
                    there.product,
                    there.pattern,
                    there.first,
                    there.last,
                    given=there.last - there.first + 1 - count - void,
                    void=void,
                    free=count,
                    next=free[0][0] if free else None,
                )
            )
        return states

    def open_batches(self) -> dict[str, int]:
        """Batches that were not finished, and how many numbers they have."""
        waiting = {batch: len(self.numbers_of(batch)) for batch in self._taken.keys() - self.closed}
        return {batch: count for batch, count in sorted(waiting.items()) if count}

    def patterns(self) -> list[str]:
        """The patterns of all ranges, each once."""
        return list(dict.fromkeys(there.pattern for there in self._ranges))

    def holders(self, wanted: Iterable[Serial]) -> dict[Serial, tuple[str, str]]:
        """Batch and letter of those numbers that were given to one, void since or not."""
        asked: dict[str, list[int]] = {}
        for pattern, serial in sorted(set(wanted)):
            asked.setdefault(pattern, []).append(serial)
        found: dict[Serial, tuple[str, str]] = {}
        for batch, takes in self._taken.items():
            for taken in takes:
                letters: list[str] | None = None
                before = 0
                for pattern, first, count in taken.spans:
                    serials = asked.get(pattern, [])
                    start, end = bisect_left(serials, first), bisect_left(serials, first + count)
                    if start < end:
                        letters = letters or taken.letters.split()
                        for serial in serials[start:end]:
                            letter = letters[before + serial - first]
                            found[pattern, serial] = (batch, letter)
                    before += count
        return found

    def is_free(self, pattern: str, serial: int) -> bool:
        """Will the number be given to a letter one day."""
        return not self._is_void(pattern, serial) and any(
            there.pattern == pattern and there.next <= serial <= there.last
            for there in self._ranges
        )

    def _free(self, there: _Range) -> Iterator[tuple[int, int]]:
        """Spans of a range that are neither given nor void."""
        at = there.next
        for first, last in self._void.get(there.pattern, ()):
            if last < at:
                continue
            if first > there.last:
                break
            if first > at:
                yield at, first - 1
            at = last + 1
        if at <= there.last:
            yield at, there.last

    def _range_of(self, pattern: str, serial: int) -> _Range:
        return next(
            there
            for there in self._ranges
            if there.pattern == pattern and there.first <= serial <= there.last
        )

    def _is_void(self, pattern: str, serial: int) -> bool:
        spans = self._void.get(pattern, [])
        at = bisect_right(spans, serial, key=lambda span: span[0]) - 1
        return at >= 0 and spans[at][0] <= serial <= spans[at][1]

    def _void_between(self, pattern: str, first: int, last: int) -> int:
        return sum(
            max(0, min(last, end) - max(first, start) + 1)
            for start, end in self._void.get(pattern, ())
        )

    def _make_void(self, pattern: str, first: int, last: int) -> None:
        merged: list[tuple[int, int]] = []
        for start, end in sorted([*self._void.get(pattern, ()), (first, last)]):
            if merged and start <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        self._void[pattern] = merged


def _spans(serials: Iterable[Serial]) -> list[tuple[str, int, int]]:
    """Serials as spans (pattern, first, last)."""
    spans: list[tuple[str, int, int]] = []
    for pattern, serial in sorted(serials):
        if spans and spans[-1][0] == pattern and spans[-1][2] == serial - 1:
            spans[-1] = (pattern, spans[-1][1], serial)
        else:
            spans.append((pattern, serial, serial))
    return spans
