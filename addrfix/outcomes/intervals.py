"""Intervals for shares."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

Z_95 = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""


class Interval(NamedTuple):
    """A share and the interval around it, 0 to 1."""

    share: float
    low: float
    high: float


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
