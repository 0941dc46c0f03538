"""Which column of a user's table is what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table were recognised as."""

    by_role: Mapping[str, str] = field(default_factory=dict)
    """Canonical column (`addrfix.model.table.CANONICAL_COLUMNS`) to header. `address` is the
    general address column, or the first one of a wide file."""
    addresses: tuple[str, ...] = ()
    """Every address column, in the order of the file."""
    address_sources: Mapping[str, str] = field(default_factory=dict)
    """Address header to canonical source, for headers that tell one (`户籍地址`)."""
    headers: tuple[str, ...] = ()
    """All headers of the table."""

    def require(self, *roles: str) -> None:
        """Stop where a role has no column.

        Raises:
            BadInput: lists the headers found and how to map one with `--column`.
        """
        raise NotImplementedError


def recognise(headers: Sequence[str], overrides: Mapping[str, str] | None = None) -> Columns:
    """Tell what each header is; `overrides` maps canonical columns to headers.

    Raises:
        BadUsage: an override names an unknown canonical column or a header that is not there.
    """
    raise NotImplementedError
