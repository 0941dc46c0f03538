"""One row of the history table, and the corrections made by hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from addrfix.knowledge import read_tsv


@dataclass(frozen=True, slots=True)
class Past:
    """A former name or code of a division, and one division that took its place."""

    level: int
    old_code: str
    old_name: str
    old_cities: tuple[str, ...]
    """Names of the prefectures it stood under, oldest first; empty directly under a province."""
    old_parents: tuple[str, ...]
    """Codes of the divisions now in force that stand for the provinces and prefectures (level 3)
    or counties (level 4) it stood under."""
    from_year: int
    until_year: int
    """First and last year in which a source lists it at the year's end, or at the snapshot."""
    new_code: str
    """Code now in force; "" where nothing is known."""
    share: float
    """Part of the old division that went to the new one; 1.0 where there is one successor."""
    change: str
    believed: str
    """The source whose statement was taken."""
    why: str
    """Why that one, and what another source says where it says something else."""


Successors = tuple[tuple[str, float], ...]
"""Codes with shares, largest first."""


def corrections(path: Path) -> dict[tuple[str, str], tuple[Successors, str]]:
    """Successors set by hand, by old (code, name), with the ground for them."""
    found: dict[tuple[str, str], list[tuple[str, float]]] = {}
    grounds: dict[tuple[str, str], str] = {}
    for row in read_tsv(path):
        key = row["old_code"], row["old_name"]
        found.setdefault(key, []).append((row["new_code"], float(row["share"])))
        grounds[key] = row["ground"]
    return {
        key: (tuple(sorted(rows, key=lambda row: (-row[1], row[0]))), grounds[key])
        for key, rows in found.items()
    }
