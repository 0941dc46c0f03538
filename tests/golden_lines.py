"""Reads the tables of golden lines under tests/cases/."""

from __future__ import annotations

from pathlib import Path

from addrfix.knowledge import read_tsv

CASES = Path(__file__).parent / "cases"


def lines(name: str) -> list[dict[str, str]]:
    """Rows of `tests/cases/<name>.tsv`."""
    return read_tsv(CASES / f"{name}.tsv")
