"""The factors in use: the package's own, and those that other packages attach."""

from __future__ import annotations

from importlib.metadata import entry_points

from addrfix.model.errors import BadSettings
from addrfix.score.factors import FACTORS, Factor

GROUP = "addrfix.factors"


def installed_factors() -> tuple[Factor, ...]:
    """Own factors first, then those of the entry point group `addrfix.factors`, by name.

    An entry point is a callable without arguments that gives an `addrfix.score.factors.Factor`
    with notes.

    Raises:
        BadSettings: an entry point gives no factor, or one whose name is taken.
    """
    found = list(FACTORS)
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            factor = point.load()()
        except Exception as wrong:
            raise BadSettings(
                f"factor {point.name} ({point.value}) does not load: {wrong}"
            ) from wrong
        if not isinstance(factor, Factor):
            raise BadSettings(f"factor {point.name} ({point.value}) gives no Factor")
        if factor.name in {known.name for known in found}:
            raise BadSettings(f"factor {point.name}: the name {factor.name} is taken")
        found.append(factor)
    return tuple(found)
