"""Whether divisions hold two sides together or part them."""

from __future__ import annotations

from collections.abc import Iterator

from addrfix.compare.sides import Line, Side
from addrfix.model.terms import Level


def shared_level(a: Side, b: Side) -> tuple[int, int]:
    """How far down their divisions may agree, and the level at which they must differ.

    The first is the deepest level (1 to 4) that some reading of each has in common, 0 where either
    names no division or both are unsure; the second is 0 where some readings are on one line.
    """
    if not (a.lines and b.lines) or not (a.sure or b.sure):
        return 0, 0
    forks = list(_forks(a, b))
    agreed = [level for level, parted in forks if not parted]
    if agreed:
        return max(agreed), 0
    parted = min(parted for _, parted in forks)
    return 0, parted if a.sure and b.sure and not _reunited(a, b, parted) else 0


def _forks(a: Side, b: Side) -> Iterator[tuple[int, int]]:
    """For each two readings the level that they share, and the one at which they part or 0."""
    return (_fork(one, other) for one in a.lines for other in b.lines)


def _fork(one: Line, other: Line) -> tuple[int, int]:
    level = 0
    for ours, theirs in zip(one, other, strict=False):
        if ours != theirs:
            return level, min(ours[0], theirs[0])
        level = ours[0]
    return level, 0


def _reunited(a: Side, b: Side, parted: int) -> bool:
    """Whether a town or county that both name outweighs that their readings differ.

    It does where one side names nothing else, so that its reading was a guess, and in one city,
    where a clerk mixed up districts. 中关村街道 in Peking and in Shanghai are two places, and so
    are the 城关镇 of two counties that both have one.
    """
    shared = a.localities & b.localities
    if not shared:
        return False
    if a.localities | a.regions <= shared or b.localities | b.regions <= shared:
        return True
    return parted >= Level.DISTRICT and not (_reaches_town(a) and _reaches_town(b))


def _reaches_town(side: Side) -> bool:
    return any(line and line[-1][0] >= Level.TOWN for line in side.lines)
