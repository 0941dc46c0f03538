"""The one place where a command looks at the clock."""

from __future__ import annotations

from datetime import date

from addrfix.model.errors import BadUsage


def as_of_day(written: str | None) -> date:
    """The day that `--as-of` names; today where it is not given.

    Raises:
        BadUsage: not a day written YYYY-MM-DD.
    """
    if written is None:
        return date.today()
    try:
        return date.fromisoformat(written)
    except ValueError as wrong:
        raise BadUsage(f"--as-of {written}: write a day as YYYY-MM-DD") from wrong
