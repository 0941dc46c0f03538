"""Headers of carriers' files to roles: one way for result files and for files that bind numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from addrfix.model.errors import BadUsage
from addrfix.text.headers import shown

_SEPARATORS = re.compile(r"[\s_\-./:：()（）]")


def folded(header: str) -> str:
    """A header as it is compared: without case, width, spaces and punctuation."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", header)).casefold()


def roles_of(
    headers: Sequence[str],
    known: Iterable[tuple[str, str]],
    roles: Sequence[str],
    chosen: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Role to header of a table.

    Args:
        headers: of the table.
        known: headers that are understood and their roles, the stronger claim first.
        roles: all there are.
        chosen: role to header, over what is known.

    Raises:
        BadUsage: `chosen` names an unknown role or a header that is not there.
    """
    known = list(known)
    here = {folded(header): header for header in reversed(headers)}
    by_role: dict[str, str] = {}
    for header, role in known:
        if folded(header) in here:
            by_role.setdefault(role, here[folded(header)])
    for role, header in (chosen or {}).items():
        if role not in roles:
            raise BadUsage(f"--column {role}=…: no such role; there are {', '.join(roles)}")
        if header not in headers:
            told = shown_headers(headers, (header for header, _ in known))
            raise BadUsage(f"--column {role}={header}: the headers are {told}")
        by_role[role] = header
    return by_role


def shown_headers(headers: Sequence[str], known: Iterable[str]) -> str:
    """Headers for a message; a file without headers has a person's row there."""
    words = {folded(header) for header in known}
    return shown(headers, lambda header: folded(header) in words)
