"""Tracking numbers of the user's store: ranges in, numbers for letters out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from addrfix.carriers.number_range import number_of, range_between, serial_of
from addrfix.carriers.tracking_number import formats, normalised
from addrfix.dispatch.number_store import NumberStore
from addrfix.folders import data_folder
from addrfix.model.errors import BadUsage
from addrfix.text.counting import counted

_PRODUCT = re.compile(r"[a-z0-9_]{1,40}")


@dataclass(frozen=True, slots=True)
class RangeLine:
    """A range of the store, with its numbers as they are printed."""

    product: str
    first: str
    last: str
    numbers: int
    given: int
    void: int
    free: int
    next: str | None
    """The number that the next letter gets; None where the range is used up."""


def number_store(chosen: Path | None = None) -> NumberStore:
    """The store of a file; by default the one in the user's data folder."""
    return NumberStore(chosen or data_folder() / "numbers.journal")


def add_range(
    store: NumberStore, product: str, first: str, last: str, on: date
) -> tuple[int, list[str]]:
    """Add a range of numbers for a product; gives how many they are, and what is doubtful.

    Raises:
        BadUsage: the product is not a word as in sender files.
        BadInput: the two numbers make no range, or it overlaps one of the store.
    """
    if not _PRODUCT.fullmatch(product):
        raise BadUsage(
            f"{product}: write the product as in the sender file: small letters, digits and _"
        )
    found = range_between(first, last)
    notes: list[str] = []
    known = found.format
    if known is None:
        notes.append("the numbers are of a form that no known carrier uses")
    elif product != known.product and product in {row.product for row in formats()}:
        notes.append(f"the numbers look like those of {known.product}, not of {product}")
    if known is not None and known.check != "none" and known.enforce != "reject":
        notes.append(
            f"the check digit of {known.name} numbers is inferred: compare a few numbers with the "
            "carrier's list"
        )
    store.add(product, found.pattern, found.first, found.last, on)
    return found.count, notes


def range_lines(store: NumberStore) -> list[RangeLine]:
    """The ranges of the store, in the order in which they are used up."""
    return [
        RangeLine(
            product=state.product,
            first=number_of(state.pattern, state.first),
            last=number_of(state.pattern, state.last),
            numbers=state.last - state.first + 1,
            given=state.given,
            void=state.void,
            free=state.free,
            next=None if state.next is None else number_of(state.pattern, state.next),
        )
        for state in store.ranges()
    ]


def remarks(store: NumberStore) -> list[str]:
    """Sentences about used-up products, gaps between ranges, and batches that were not finished."""
    states = store.ranges()
    said = [
        f"{product}: used up"
        for product in dict.fromkeys(state.product for state in states)
        if not any(state.free for state in states if state.product == product)
    ]
    ordered = sorted(states, key=lambda state: (state.product, state.pattern, state.first))
    for before, after in pairwise(ordered):
        missing = after.first - before.last - 1
        if missing > 0 and (before.product, before.pattern) == (after.product, after.pattern):
            start = number_of(before.pattern, before.last + 1)
            end = number_of(before.pattern, after.first - 1)
            said.append(
                f"{before.product}: no range holds {start} to {end} ({counted(missing, 'number')})"
            )
    for batch, count in store.ledger().open_batches().items():
        said.append(
            f"batch {batch} has {counted(count, 'number')} and was not finished: make it again to "
            f"use them, or `addrfix numbers void --batch {batch}`"
        )
    return said


def void_numbers(store: NumberStore, first: str, last: str, on: date, reason: str = "") -> int:
    """Make numbers void, given or free; gives how many were not void before.

    Raises:
        BadInput: they are no numbers of the store.
    """
    found = range_between(first, last)
    return store.void(found.pattern, found.first, found.last, on, reason)


@dataclass(frozen=True, slots=True)
class NumberSource:
    """Where a batch takes its numbers from."""

    store: NumberStore
    product: str

    def reserve(self, batch: str, letters: Sequence[str], on: date) -> tuple[str, ...]:
        """A number for each letter, in their order; asked again, the same ones.

        They stay with the batch whatever becomes of this run, so a batch that is made again after a
        fault or a power cut prints what it would have printed.

        Raises:
            BadInput: not enough are free; nothing is taken then.
        """
        return tuple(
            number_of(pattern, serial)
            for pattern, serial in self.store.take(self.product, batch, letters, on)
        )

    def finish(self, batch: str, unused: Sequence[str], on: date) -> None:
        """The batch folder is there; numbers of letters that it does not hold become void."""
        self.store.close(batch, unused, on)


def objections(
    store: NumberStore, numbers: Iterable[str], letters: frozenset[str] = frozenset()
) -> dict[str, str]:
    """Numbers that a letter cannot have beside the store, and why.

    Args:
        store: may not exist; then it objects to nothing.
        numbers: that are to be used.
        letters: who may have numbers that the store gave to them.
    """
    if not store.path.is_file():
        return {}
    ledger = store.ledger()
    patterns = ledger.patterns()
    serials = {
        (pattern, serial): number
        for number in map(normalised, numbers)
        for pattern in patterns
        if (serial := serial_of(pattern, number)) is not None
    }
    found = {
        serials[of]: f"was given to letter {letter}"
        for of, (_, letter) in ledger.holders(serials).items()
        if letter not in letters
    }
    return found | {
        number: f"is a free number of {store.path.name}, where another letter would get it too: "
        f"make it void there first (addrfix numbers void {number})"
        for of, number in serials.items()
        if ledger.is_free(*of)
    }


def source_of(product: str | None, numbers: Path | None, store: Path | None) -> NumberSource | None:
    """What `--numbers-from`, `--numbers` and `--store` ask for together.

    Raises:
        BadUsage: numbers from a file and from the store, or a store without a product.
    """
    if product is None:
        if store is not None:
            raise BadUsage("--store names the store that --numbers-from PRODUCT takes numbers from")
        return None
    if numbers is not None:
        raise BadUsage("--numbers and --numbers-from: give one of the two")
    return NumberSource(number_store(store), product)


def check_product(wanted: str, product: str) -> None:
    """Stop where numbers of one product would go on letters of another.

    Raises:
        BadUsage: the sender file names another product.
    """
    if wanted != product:
        raise BadUsage(
            f"--numbers-from {wanted}: the sender file says product = {product}; "
            "one of the two is wrong"
        )
