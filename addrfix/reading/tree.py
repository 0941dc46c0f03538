"""The tree of divisions, climbed."""

from __future__ import annotations

from collections.abc import Iterable

from addrfix.model.protocols import DivisionIndex


def lineage(division: int, index: DivisionIndex) -> list[int]:
    """The division and what is above it, province last."""
    line: list[int] = []
    while division >= 0:
        line.append(division)
        division = index.parents[division]
    return line


def is_under(division: int, ancestor: int, index: DivisionIndex) -> bool:
    """Whether a division is `ancestor` or lies in it."""
    return ancestor in lineage(division, index)


def common(divisions: Iterable[int], index: DivisionIndex) -> int | None:
    """The deepest division that contains all of them; None where there is none."""
    first, *others = (lineage(division, index) for division in divisions)
    shared = set(first).intersection(*others)
    return next((division for division in first if division in shared), None)
