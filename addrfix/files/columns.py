"""Which column of a user's table is what, by the words of `gazetteer/words/headers.tsv`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from addrfix.knowledge import words
from addrfix.model.errors import BadInput, BadUsage
from addrfix.model.table import CANONICAL_COLUMNS
from addrfix.model.terms import Source
from addrfix.text import headers as messages

_BRACKETED = re.compile(r"[(\[【{〔<].*?[)\]】}〕>]")
_NOISE = re.compile(r"[\s_\-./:：*#'\"“”()\[\]【】{}〔〕<>]")
_TRAILING_NUMBER = re.compile(r"(?:\d{1,2}|[一二三四五六七八九十])$")


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
        missing = [role for role in roles if role not in self.by_role]
        if not missing:
            return
        if messages.seems_headerless(self.headers, _is_known):
            hint = " The first row seems to hold data: the file needs a row of headers."
        else:
            hint = ""
        raise BadInput(
            f"no column was recognised as {' or '.join(missing)}; the headers found are "
            f"{shown(self.headers)}.{hint} Name the column with "
            + " ".join(f"--column {role}=HEADER" for role in missing)
        )


@dataclass(frozen=True, slots=True)
class _Word:
    role: str
    rank: int
    source: str


def shown(headers: Sequence[str]) -> str:
    """Headers for a message; where they look like data (a headerless file) none is repeated."""
    return messages.shown(headers, _is_known)


def shown_of(some: Sequence[str], headers: Sequence[str]) -> str:
    """Some of a table's headers for a message, each once, as `shown` would repeat them."""
    doubtful = messages.seems_headerless(headers, _is_known)
    told = dict.fromkeys(
        header
        if _is_known(header) or not doubtful
        else f"the content of column {headers.index(header) + 1}"
        for header in some
    )
    return ", ".join(told)


def normalised(header: str) -> tuple[str, str]:
    """The header without width, case and separators: once whole, once without bracketed remarks.

    `本金（元）` gives `本金元` and `本金`.
    """
    folded = unicodedata.normalize("NFKC", header).lower()
    return _NOISE.sub("", folded), _NOISE.sub("", _BRACKETED.sub("", folded))


@cache
def _dictionary() -> dict[str, tuple[_Word, ...]]:
    found: dict[str, tuple[_Word, ...]] = {}
    for rank, row in enumerate(words("headers")):
        key = normalised(row["header"])[0]
        found[key] = (*found.get(key, ()), _Word(row["column"], rank, row["source"]))
    return found


def _meanings(header: str) -> tuple[_Word, ...]:
    """What a header may be, best first; an address header may be numbered (`地址2`)."""
    known = _dictionary()
    for form in normalised(header):
        if form in known:
            return known[form]
    bare = _TRAILING_NUMBER.sub("", normalised(header)[1])
    return tuple(word for word in known.get(bare, ()) if word.role == "address")


def _is_known(header: str) -> bool:
    """Whether a header is a word of ours, numbered or not (`手机号1`); data never is."""
    bare = _TRAILING_NUMBER.sub("", normalised(header)[1])
    return bool(_meanings(header)) or bare in _dictionary()


def recognised_count(cells: Sequence[str | None]) -> int:
    """How many cells of a row are headers we know; tells a header row from titles and data."""
    return sum(1 for cell in cells if cell and _meanings(cell))


def has_address(cells: Sequence[str | None]) -> bool:
    """Whether a row of headers names an address column."""
    return any(word.role == "address" for cell in cells if cell for word in _meanings(cell))


@cache
def _source_words() -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    exact: dict[str, str] = {source.value: source.value for source in Source}
    part: list[tuple[str, str]] = []
    for row in words("sources"):
        key = normalised(row["word"])[0]
        if row["match"] == "exact":
            exact[key] = row["source"]
        else:
            part.append((key, row["source"]))
    return exact, tuple(part)


def source_of(word: str | None) -> str:
    """The canonical source a user's word means; `other` for none or an unknown one."""
    return (known_source(word) if word else None) or Source.OTHER.value


def known_source(word: str) -> str | None:
    """The canonical source a user's word means; None for an unknown one."""
    exact, part = _source_words()
    whole = normalised(word)[0]
    for form in (whole, _TRAILING_NUMBER.sub("", whole)):
        if form in exact:
            return exact[form]
    return next((source for piece, source in part if piece in whole), None)


def _header_source(header: str) -> str | None:
    """The source an address header tells, also in brackets: `地址（户籍）`; None for `地址`."""
    told = next((word.source for word in _meanings(header) if word.role == "address"), "")
    if told:
        return told
    source = source_of(header)
    return None if source == Source.OTHER.value else source


def recognise(headers: Sequence[str], overrides: Mapping[str, str] | None = None) -> Columns:
    """Tell what each header is; `overrides` maps canonical columns to headers.

    Raises:
        BadUsage: an override names an unknown canonical column or a header that is not there.
    """
    chosen = dict(overrides or {})
    _check(chosen, headers)
    best: dict[str, tuple[int, str]] = {}
    addresses: list[str] = []
    taken = {header for role, header in chosen.items() if role != "address"}
    for header in headers:
        if header in taken:
            continue
        for word in _meanings(header):
            if word.role == "address":
                addresses.append(header)
            if word.role not in best or word.rank < best[word.role][0]:
                best[word.role] = (word.rank, header)
    if "address" in chosen and chosen["address"] not in addresses:
        addresses.append(chosen["address"])
    by_role = {role: header for role, (_, header) in best.items()} | chosen
    if "address" not in chosen and addresses:
        general = [header for header in addresses if _header_source(header) is None]
        by_role["address"] = (general or addresses)[0]
    order = {header: number for number, header in enumerate(headers)}
    addresses.sort(key=order.__getitem__)
    told = {header: source for header in addresses if (source := _header_source(header))}
    return Columns(
        by_role={role: by_role[role] for role in CANONICAL_COLUMNS if role in by_role},
        addresses=tuple(addresses),
        address_sources=told,
        headers=tuple(headers),
    )


def _check(overrides: Mapping[str, str], headers: Sequence[str]) -> None:
    for role, header in overrides.items():
        if role not in CANONICAL_COLUMNS:
            raise BadUsage(
                f"--column {role}=…: there is no column {role}{_nearest(role, CANONICAL_COLUMNS)}; "
                f"the columns are {', '.join(CANONICAL_COLUMNS)}"
            )
        if header not in headers:
            raise BadUsage(
                f"--column {role}={header}: the table has no header {header}"
                f"{_nearest(header, headers)}; its headers are {shown(headers)}"
            )


def _nearest(word: str, choices: Sequence[str]) -> str:
    from rapidfuzz import process

    doubtful = messages.seems_headerless(choices, _is_known)
    safe = [choice for choice in choices if not doubtful or _is_known(choice)]
    found = process.extractOne(word, safe, score_cutoff=40)
    return f" (did you mean {found[0]}?)" if found else ""
