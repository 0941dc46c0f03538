"""Headers of a user's table as a message may show them: a file without any has data there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

_MOST = 40
"""Headers that a message lists."""

_DATA = re.compile(
    r".{25}"
    # A phone, ID or card number, also in groups; a name may stand before it.
    r"|\d{6}|\d(?:[\s\-]{0,2}\d){6}"
    # 建国路1号, 3栋502室, 一号楼: a figure and what it counts.
    r"|\d.*[号室路街栋省市区县镇村]|[号室路街栋省市区县镇村].*\d"
    r"|[一二三四五六七八九十百]+[号室栋]"
    # 某省某市某区 with something behind it: an address without any figure.
    r"|[一-鿿]{2}[省市州][一-鿿]{2,}[市州区县镇][一-鿿]{2}",
    re.DOTALL,
)


def looks_like_data(header: str) -> bool:
    """Whether a header holds what only a person's row holds: an address, a phone, a long text."""
    return _DATA.search(unicodedata.normalize("NFKC", header)) is not None


def seems_headerless(headers: Sequence[str], known: Callable[[str], bool]) -> bool:
    """Whether the first row of a table seems to be a row of data."""
    return any(looks_like_data(header) and not known(header) for header in headers)


def shown(headers: Sequence[str], known: Callable[[str], bool]) -> str:
    """Headers for a message; where one looks like data, only those that are known are repeated.

    Args:
        headers: in the order of the table.
        known: whether a header is a word of ours.
    """
    doubtful = seems_headerless(headers, known)
    told = [
        header if known(header) or not doubtful else f"(column {number})"
        for number, header in enumerate(headers[:_MOST], start=1)
    ]
    more = f" and {len(headers) - _MOST} more" if len(headers) > _MOST else ""
    return (", ".join(told) or "none") + more
