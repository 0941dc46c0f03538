"""What choosing is worth: letters of chosen addresses against those of the hold-out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from addrfix.outcomes.intervals import Difference, Interval, Stratum, stratified_difference, wilson
from addrfix.outcomes.readings import SMALL

MATURE = 30
"""Days after posting from which a letter counts: younger ones favour what is signed for fast."""
MOST_OPEN = 0.1
"""Share of an arm's letters that may be open; beyond it, results were not tracked to the end."""


class Proof(StrEnum):
    """What the comparison proves."""

    NO_HOLDOUT = "no_holdout"
    NOT_ALIKE = "not_alike"
    TOO_FEW = "too_few"
    TOO_OPEN = "too_open"
    COVERS_ZERO = "covers_zero"
    BETTER = "better"
    WORSE = "worse"

    @property
    def is_proven(self) -> bool:
        """Whether there is an effect that chance does not explain."""
        return self in (Proof.BETTER, Proof.WORSE)


@dataclass(frozen=True, slots=True)
class Arm:
    """The cases of a batch that were treated alike; the first mature letter of each counts."""

    batch: int
    counted: int
    strict: int
    standard: int
    broad: int
    open: int


@dataclass(frozen=True, slots=True)
class Uplift:
    """Chosen addresses against first usable ones, batch by batch.

    Only batches in which both were drawn take part, and only letters posted MATURE days before the
    report. A letter that is open still counts as not signed for.
    """

    pairs: tuple[tuple[Arm, Arm], ...]
    """(chosen, hold-out) of a batch."""
    alike: bool = True
    """False where the letters were filtered by what the choice itself decides, e.g. a province."""

    def total(self, arm: int, count: str) -> int:
        """A count over all batches of the chosen (0) or the held out (1)."""
        return sum(getattr(pair[arm], count) for pair in self.pairs)

    def rate(self, arm: int, reading: str) -> Interval | None:
        """The sign-for rate of an arm, batches taken together."""
        return wilson(self.total(arm, reading), self.total(arm, "counted"))

    def difference(self, reading: str) -> Difference | None:
        """Chosen less hold-out, compared within batches; None without a hold-out."""
        return stratified_difference(
            Stratum(
                getattr(chosen, reading), chosen.counted, getattr(other, reading), other.counted
            )
            for chosen, other in self.pairs
        )

    def proof(self, reading: str) -> Proof:
        """What a reading proves, or why it proves nothing."""
        difference = self.difference(reading)
        if difference is None:
            return Proof.NO_HOLDOUT
        if not self.alike:
            return Proof.NOT_ALIKE
        arms = [(self.total(arm, "counted"), self.total(arm, "open")) for arm in (0, 1)]
        if min(counted for counted, _ in arms) < SMALL:
            return Proof.TOO_FEW
        if any(waiting > MOST_OPEN * counted for counted, waiting in arms):
            return Proof.TOO_OPEN
        if difference.covers_zero:
            return Proof.COVERS_ZERO
        return Proof.BETTER if difference.low > 0 else Proof.WORSE


def uplift(arms: Iterable[tuple[str, Arm]], *, alike: bool = True) -> Uplift:
    """The arms of each batch in pairs; batches with one arm only are left out.

    Args:
        arms: name of the arm (`model` or `trade_rule`) and its counts, one a batch and arm.
        alike: whether the letters were chosen by nothing that differs between the arms.
    """
    found: dict[int, dict[str, Arm]] = {}
    for name, arm in arms:
        found.setdefault(arm.batch, {})[name] = arm
    pairs = [
        (arm["model"], arm["trade_rule"])
        for _, arm in sorted(found.items())
        if {"model", "trade_rule"} <= arm.keys()
    ]
    return Uplift(tuple(pairs), alike)
