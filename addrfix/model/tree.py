"""The tree of divisions, climbed; the one place that knows how."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from addrfix.model.nouns import Reading
from addrfix.model.protocols import DivisionIndex

MUNICIPALITIES = ("11", "12", "31", "50")
"""How the codes of 北京, 天津, 上海 and 重庆 begin: province and city in one."""


def lineage(division: int, index: DivisionIndex) -> list[int]:
    """The division and what is above it, province first."""
    line: list[int] = []
    while division >= 0:
        line.append(division)
        division = index.parents[division]
    line.reverse()
    return line


def is_under(division: int, ancestor: int, index: DivisionIndex) -> bool:
    """Whether a division is `ancestor` or lies in it."""
    while division >= 0:
        if division == ancestor:
            return True
        division = index.parents[division]
    return False


def tied(readings: Sequence[Reading], index: DivisionIndex) -> tuple[Reading, ...]:
    """The readings that the text cannot tell apart: the best and its rivals on other branches."""
    if len(readings) < 2:
        return tuple(readings)
    best = readings[0]
    rivals = [
        reading
        for reading in readings[1:]
        if not is_under(best.division, reading.division, index)
        and not is_under(reading.division, best.division, index)
    ]
    return (best, *rivals)


def common(divisions: Iterable[int], index: DivisionIndex) -> int | None:
    """The deepest division that contains all of them; None where there is none."""
    shared: int | None = None
    for step in zip(*(lineage(division, index) for division in divisions), strict=False):
        if len(set(step)) > 1:
            break
        shared = step[0]
    return shared


def one_branch(a: int, b: int, index: DivisionIndex) -> bool:
    """Whether one of two divisions is or lies in the other."""
    return is_under(a, b, index) or is_under(b, a, index)


def is_settled(readings: Sequence[Reading], index: DivisionIndex) -> bool:
    """Whether readings name one branch: the others only stop higher or go deeper on it."""
    if len(readings) < 2:
        return bool(readings)
    return all(one_branch(other.division, readings[0].division, index) for other in readings[1:])


def full_name(division: int, index: DivisionIndex) -> str:
    """Names from the province down, without repeating one."""
    return "".join(dict.fromkeys(index.names[step] for step in lineage(division, index)))
