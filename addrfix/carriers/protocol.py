"""The seam at which carriers attach.

A carrier is an object with a name and a `read`. The shipped ones are files of this folder; others
are found through the entry point group `addrfix.carriers`:

    [project.entry-points."addrfix.carriers"]
    swift = "our_package.swift:SwiftPost"

`SwiftPost()` must give the object. A query over the network belongs into such a package: it writes
a result file or hands over rows with the same columns, and nothing here changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Protocol

from addrfix.model.errors import BadSettings, BadUsage
from addrfix.model.event import EventReading, EventWords

GROUP = "addrfix.carriers"
SHIPPED = ("chinapost", "kuaidi100", "kdniao", "plain_text")


class Carrier(Protocol):
    """Reads the words of one carrier."""

    name: str
    """Short and stable: it is stored with every event."""

    headers: dict[str, str]
    """Headers of its result files and their roles, beyond `result_headers.tsv`."""

    def read(self, words: EventWords) -> EventReading:
        """What a line says. Pure; what is not known stays None and is named in `unknown`."""


@cache
def carriers() -> dict[str, Carrier]:
    """Every carrier by name, the shipped ones first.

    Raises:
        BadSettings: a carrier of another package cannot be loaded, or takes a name that is taken.
    """
    found: dict[str, Carrier] = {}
    for module in SHIPPED:
        carrier: Carrier = import_module(f"addrfix.carriers.{module}").create()
        found[carrier.name] = carrier
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            made: Carrier = point.load()()
            name = made.name
        except Exception as error:  # a stranger's code may raise anything; say whose it was
            raise BadSettings(
                f"the carrier {point.name} ({point.value}) cannot be loaded: {error!r}; "
                "repair or uninstall the package that brings it"
            ) from error
        if name in found:
            raise BadSettings(f"two carriers are called {name}; {point.value} is the second")
        found[name] = made
    return found


def carrier_named(name: str) -> Carrier:
    """The carrier of that name.

    Raises:
        BadUsage: there is none.
    """
    known = carriers()
    if name not in known:
        raise BadUsage(f"no carrier is called {name}; there are {', '.join(known)}")
    return known[name]


def best_fit(votes: Iterable[str]) -> str:
    """The carrier that most headers point to; `plain_text` where none does."""
    counts: dict[str, int] = {}
    for vote in votes:
        counts[vote] = counts.get(vote, 0) + 1
    return max(counts, key=lambda name: (counts[name], name), default="plain_text")
