"""The words of the report, in English and Chinese; data that has no translation stays as it is."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from addrfix.knowledge import folder, read_tsv, words
from addrfix.model.errors import BadSettings


class Words(NamedTuple):
    """One text in both languages."""

    en: str
    zh: str


def same(text: str) -> Words:
    """A text that is no word of ours: an id, a name of a province, a product code."""
    return Words(text, text)


@cache
def _texts() -> dict[str, Words]:
    rows = read_tsv(folder("templates") / "report" / "text.tsv")
    return {row["key"]: Words(row["en"], row["zh"]) for row in rows}


def text(key: str) -> Words:
    """A text of `templates/report/text.tsv`.

    Raises:
        BadSettings: the table lacks it.
    """
    if key not in _texts():
        raise BadSettings(f"templates/report/text.tsv has no row {key}")
    return _texts()[key]


@cache
def _reasons() -> dict[str, Words]:
    return {row["reason"]: Words(row["en"], row["zh"]) for row in words("return_reasons")}


class Tile(NamedTuple):
    """A province in the grid; column and row count from 1."""

    province: str
    column: int
    row: int
    name: Words
    letters: str


@cache
def tiles() -> tuple[Tile, ...]:
    """The provinces in reading order of the grid."""
    rows = read_tsv(folder("templates") / "report" / "province_tiles.tsv")
    return tuple(
        Tile(
            row["province"],
            int(row["column"]),
            int(row["row"]),
            Words(row["en"], row["zh"]),
            row["letters"],
        )
        for row in rows
    )


@cache
def _provinces() -> dict[str, Words]:
    return {tile.province: Words(tile.name.en, tile.province) for tile in tiles()}


@cache
def _letter_holds() -> dict[str, Words]:
    """Reasons of held.csv by their words before the first colon, rules that block among them."""
    rules = folder("templates") / "rules"
    said = {
        row["reason"]: Words(row["meaning"], row["meaning_zh"])
        for row in read_tsv(rules / "hold_reasons.tsv")
    }
    for row in read_tsv(rules / "checks.tsv"):
        found, what = (
            row[name].replace("{parameter}", row["parameter"]) for name in ("found", "what_zh")
        )
        said[row["rule"]] = Words(f"{row['rule']}: {found}", f"{row['rule']}：不符合“{what}”")
    return said


def _hold(reason: str) -> Words:
    first = reason.split(":")[0]
    return _texts().get(f"hold.{first}") or _letter_holds().get(first) or same(reason)


def label(kind: str, value: str | None) -> Words:
    """A value of a dimension for people: `label("source", "id_card")`; None is "not known"."""
    if value is None:
        return text("untold" if kind == "sign_class" else "unknown")
    if kind == "reason":
        return _reasons().get(value, same(value))
    if kind == "hold":
        return _hold(value)
    if kind == "province":
        return _provinces().get(value, same(value))
    if kind == "sign_class":
        return text(value)
    return _texts().get(f"{kind}.{value}", same(value))
