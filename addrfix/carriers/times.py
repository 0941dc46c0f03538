"""The times carriers write."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from functools import lru_cache

CHINA = timezone(timedelta(hours=8))
"""Carriers write the time of Beijing and seldom say so; China has had no summer time since 1991."""

_PARTS = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]*(\d{1,2})[:：时点](\d{1,2})(?:[:：分](\d{1,2}))?"
    r"(?:\.\d+)?\s*秒?分?\s*(Z|[+-]\d{2}:?\d{2})?)?"
)
_RUN = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_SERIAL = re.compile(r"(\d{5})(\.\d+)?")
_EPOCH = re.compile(r"(1\d{9})(\d{3})?")
_EXCEL_ZERO = datetime(1899, 12, 30)
_EARLIEST, _LATEST = 2000, 2099


@lru_cache(maxsize=65536)
def read_time(text: str) -> datetime | None:
    """A time as Beijing time without a zone, to the second; None where it cannot be read.

    Understands `2026-07-01 10:20:00`, `2026/7/1 10:20`, `2026年7月1日`, `20260701102000`, ISO 8601
    with a zone, days as a spreadsheet counts them (`46204.43`), and Unix seconds or milliseconds.

    >>> read_time("2026/7/1 9:05")
    datetime.datetime(2026, 7, 1, 9, 5)
    """
    bare = text.strip()
    try:
        found = _written(bare) or _counted(bare)
    except (ValueError, OverflowError):
        return None
    return found if found and _EARLIEST <= found.year <= _LATEST else None


def _written(bare: str) -> datetime | None:
    match = _PARTS.fullmatch(bare) or _RUN.fullmatch(bare)
    if match is None:
        return None
    year, month, day, hour, minute, second, *zones = match.groups()
    zone = zones[0] if zones else None
    time = datetime(
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0)
    )
    if not zone:
        return time
    if zone == "Z":
        zone = "+00:00"
    sign = -1 if zone[0] == "-" else 1
    ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:])) * sign
    return time.replace(tzinfo=timezone(ahead)).astimezone(CHINA).replace(tzinfo=None)


def _counted(bare: str) -> datetime | None:
    if serial := _SERIAL.fullmatch(bare):
        return _EXCEL_ZERO + timedelta(seconds=round(float(serial[0]) * 86400))
    if epoch := _EPOCH.fullmatch(bare):
        return datetime.fromtimestamp(int(epoch[1]), CHINA).replace(tzinfo=None)
    return None
