"""The knowledge of the score: `gazetteer/score/`, read and checked once per process."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from addrfix.knowledge import folder, table_rows
from addrfix.model.errors import BadSettings
from addrfix.patterns import compiled


@dataclass(frozen=True, slots=True)
class LevelNote:
    """What the shipped table says about one level of a factor."""

    weight: float
    """Log-odds."""
    chain: int | None
    """Place among levels whose neighbours are alike; None for a level that stands alone."""
    en: str
    zh: str


@cache
def settings() -> Mapping[str, Any]:
    """The parsed `settings.toml`: version, base, and the tables `learn` and `history`."""
    path = folder("gazetteer") / "score" / "settings.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as wrong:
        raise BadSettings(f"{path.name}: {wrong}") from wrong


@cache
def shipped_levels() -> Mapping[str, Mapping[str, LevelNote]]:
    """Factor → level → note, in the order of `levels.tsv`.

    Raises:
        BadSettings: a weight that is no number, or a level named twice.
    """
    found: dict[str, dict[str, LevelNote]] = {}
    for row in table_rows("score/levels"):
        levels = found.setdefault(row["factor"], {})
        name = f"levels.tsv: {row['factor']}, {row['level']}"
        if row["level"] in levels:
            raise BadSettings(f"{name}: named twice")
        try:
            chain = int(row["chain"]) if row["chain"] else None
            levels[row["level"]] = LevelNote(float(row["weight"]), chain, row["en"], row["zh"])
        except ValueError as wrong:
            raise BadSettings(f"{name}: {wrong}") from wrong
    return found


@cache
def source_families() -> Mapping[str, tuple[str, bool]]:
    """Source → (family, whether it stands in a register)."""
    rows = table_rows("score/sources")
    return {row["source"]: (row["family"], row["registered"] == "yes") for row in rows}


@cache
def hold_words() -> Mapping[tuple[str, str], tuple[str, str]]:
    """(case or address, reason) → its sentence in English and in Chinese."""
    rows = table_rows("score/holds")
    return {(row["what"], row["word"]): (row["en"], row["zh"]) for row in rows}


@cache
def phone_homes() -> pl.DataFrame:
    """Where phone numbers are at home: `first`, `last` (seven digits, or an area code), `codes`.

    Sorted by `first`; codes are those of cities or, where no more is known, of provinces.
    """
    table = pl.read_parquet(folder("gazetteer") / "phone_prefixes.parquet")
    return table.select("first", "last", "codes").sort("first")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression and the word it stands for."""

    word: str
    pattern: str
    where: str = ""
    issue: str = ""
    """Reason code that says the same of an address that was read."""


@cache
def patterns(table: str, word: str) -> tuple[Pattern, ...]:
    """Ordered patterns of `gazetteer/score/<table>.tsv`; `word` is the column they stand for.

    {class} in a pattern is any word of that class, as in `gazetteer/words/patterns.tsv`.

    Raises:
        BadSettings: a pattern that is no regular expression.
    """
    found = []
    for row in table_rows(f"score/{table}"):
        try:
            written = compiled(row["pattern"]).pattern
        except BadSettings as wrong:
            raise BadSettings(f"{table}.tsv: {row[word]}: {wrong}") from wrong
        found.append(Pattern(row[word], written, row.get("where", ""), row.get("issue", "")))
    return tuple(found)
