"""Addresses of the country: a town, a village in it, a group of the village, a number.

Where there are no roads, an address that goes less deep is the beginning of the other.
"""

from __future__ import annotations

from addrfix.compare.sides import Side


def nests(a: Side, b: Side) -> str | None:
    """How two rural addresses of one town relate of which not both name a village.

    Returns:
        "same_group", "other_group", or "ends_above" where one is the beginning of the other: its
        town, or its town and group. None where this does not decide: either names a street or a
        compound, both name a village, or both name the town alone.
    """
    if not (a.rural and b.rural) or (a.names and b.names):
        return None
    short, long = (a, b) if _depth(a) <= _depth(b) else (b, a)
    if _depth(long) == 0:
        return None
    if _depth(short) == 0 and not short.inner:
        return "ends_above"
    if short.names or long.names:
        # 乐兴镇一组 beside 乐兴镇云台村一组: the group may be any village's.
        return None
    if not short.groups & long.groups:
        return "other_group"
    return "same_group" if short.inner == long.inner else "ends_above"


def _depth(side: Side) -> int:
    """How many steps below the town it goes."""
    return bool(side.names) + bool(side.groups)
