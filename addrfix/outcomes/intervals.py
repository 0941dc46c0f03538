"""Intervals for shares and for the difference of two shares."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from typing import NamedTuple

Z_95 = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""


class Interval(NamedTuple):
    """A share and the interval around it, 0 to 1."""

    share: float
    low: float
    high: float


class Difference(NamedTuple):
    """The difference of two shares and the interval around it, -1 to 1."""

    value: float
    low: float
    high: float

    @property
    def covers_zero(self) -> bool:
        """Whether there may be no difference at all."""
        return self.low <= 0 <= self.high


class Stratum(NamedTuple):
    """Hits and trials of two groups that were drawn at random from the same cases."""

    hits: int
    trials: int
    other_hits: int
    other_trials: int


def wilson(hits: int, trials: int, z: float = Z_95) -> Interval | None:
    """Wilson's score interval, without continuity correction; None where there are no trials.

    E. B. Wilson, JASA 22 (1927) 209-212; recommended for small samples and shares near 0 or 1 by
    Brown, Cai and DasGupta, Statistical Science 16 (2001) 101-133.

    >>> [round(part, 3) for part in wilson(81, 263)]
    [0.308, 0.255, 0.366]

    Raises:
        ValueError: hits below 0 or above trials.
    """
    if not 0 <= hits <= trials:
        raise ValueError(f"{hits} of {trials}")
    if trials == 0:
        return None
    share = hits / trials
    spread = z * z / trials
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / trials + spread / (4 * trials))
    low = 0.0 if hits == 0 else middle - half
    high = 1.0 if hits == trials else middle + half
    return Interval(share, low, high)


def stratified_difference(strata: Iterable[Stratum], z: float = Z_95) -> Difference | None:
    """The Mantel-Haenszel difference of two shares over strata, with Klingenberg's interval.

    Every stratum is compared within itself, so groups may be of different size in each without
    bending the whole. The variance is Sato's (Biometrics 45 (1989) 1323-1324), which holds for few
    large strata and for many small ones; it is linear in the difference, and solving it for the
    difference gives a score interval (B. Klingenberg, Statistics in Medicine 33 (2014) 2968-2983).

    >>> [round(part, 3) for part in stratified_difference([Stratum(90, 200, 60, 200)])]
    [0.15, 0.055, 0.242]

    Returns:
        None where no stratum has both groups.
    """
    weight = weighted = slope = level = 0.0
    for hits, trials, other_hits, other_trials in strata:
        both = trials + other_trials
        if not trials or not other_trials:
            continue
        weight += trials * other_trials / both
        weighted += (hits * other_trials - other_hits * trials) / both
        slope += (
            trials**2 * other_hits
            - other_trials**2 * hits
            + trials * other_trials * (other_trials - trials) / 2
        ) / both**2
        level += (hits * (other_trials - other_hits) + other_hits * (trials - hits)) / (2 * both)
    if not weight:
        return None
    value = weighted / weight
    middle = value + z * z * slope / (2 * weight**2)
    half = sqrt(max(0.0, middle**2 - value**2 + z * z * level / weight**2))
    low, high = min(value, middle - half), max(value, middle + half)
    return Difference(value, max(-1.0, low), min(1.0, high))
