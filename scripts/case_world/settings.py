"""Parameters and words of the made-up lender."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from addrfix.knowledge import read_tsv
from addrfix.model.errors import BadUsage

FOLDER = Path(__file__).parent


class Settings:
    """`settings("people", "urban")`; worlds and `--set` change what world.toml says."""

    def __init__(self, world: str | None, changes: Mapping[str, str]) -> None:
        tables = tomllib.loads((FOLDER / "world.toml").read_text(encoding="utf-8"))
        worlds: dict[str, dict[str, dict[str, Any]]] = tables.pop("world")
        if world is not None and world not in worlds:
            raise BadUsage(f"--world {world}: the worlds are {', '.join(worlds)}")
        self._tables: dict[str, dict[str, Any]] = tables
        for table, values in worlds.get(world or "", {}).items():
            self._tables[table].update(values)
        for key, value in changes.items():
            table, _, name = key.partition(".")
            if name not in self._tables.get(table, {}):
                raise BadUsage(f"--set {key}: world.toml has no such parameter")
            try:
                self._tables[table][name] = float(value)
            except ValueError:
                raise BadUsage(f"--set {key}={value}: the value must be a number") from None

    def __call__(self, table: str, name: str) -> float:
        """One parameter."""
        return float(self._tables[table][name])

    def span(self, table: str, name: str) -> tuple[float, float]:
        """A parameter that is a range."""
        low, high = self._tables[table][name]
        return float(low), float(high)

    def shares(self, table: str) -> dict[str, float]:
        """A whole table of chances."""
        return {name: float(value) for name, value in self._tables[table].items()}


class Words:
    """The word list, drawn from by kind."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._words = {
            row["kind"]: row["words"].split(" ") for row in read_tsv(FOLDER / "words.tsv")
        }

    def one(self, kind: str) -> str:
        """Any word of a kind."""
        return self._dice.choice(self._words[kind])


def slips() -> dict[str, list[str]]:
    """Character to what is typed or read for it by mistake."""
    found: dict[str, list[str]] = {}
    for row in read_tsv(FOLDER / "confusions.tsv"):
        found.setdefault(row["char"], []).append(row["slip"])
    return found
