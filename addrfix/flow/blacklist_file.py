"""A user's blacklist file: which columns say what, and the entries that its lines make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from addrfix.files import InputTable, cells, read_table, shown
from addrfix.files.columns import normalised
from addrfix.knowledge import words
from addrfix.model.errors import BadInput
from addrfix.score.blacklist import ENTRY_COLUMNS
from addrfix.score.place_keys import deepest, key_table, of_scopes, with_part_keys
from addrfix.text.counting import counted

_PLACES = ("division", "village", "compound", "address", "building")
"""Columns that name an entry's place, in the order in which they are read as one text."""
_NOT_USED = {
    "blank": "nothing is named",
    "nowhere": "no division was found; write city and district too",
    "vague": "a road without a number, or a place without what it stands in",
    "lacking": "the address does not name what the column of scopes says",
}


@dataclass(frozen=True, slots=True)
class ListFile:
    """What a blacklist file came to."""

    entries: pl.DataFrame
    """In `addrfix.score.blacklist.ENTRY_COLUMNS`, and `line`."""
    lines: int
    not_used: Mapping[str, Sequence[int]]
    """Why lines make no entry, and which."""
    notes: tuple[str, ...]


def read_list(path: Path) -> ListFile:
    """The entries of a file; its words are those of `gazetteer/words/blacklist_words.tsv`.

    An entry blocks as much as it names: a text down to the room blocks that door, a compound all
    of the compound, a division everything below it. A column of scopes widens that.

    Raises:
        BadInput: no table, or no column names places.
    """
    table = read_table(path)
    named = _columns(table)
    if not any(name in named for name in _PLACES):
        raise BadInput(
            f"{table.name} is no blacklist: it needs a column 地址 (address), 楼栋 (building), "
            f"小区 (compound), 村 (village) or 区划 (division); the headers found are "
            f"{shown(table.frame.columns)}"
        )
    said = _said(table, named, path)
    judged = _scoped(said, _read(said))
    entries = judged.filter(pl.col("fault").is_null())
    faults = judged.filter(pl.col("fault").is_not_null()).select("fault", "line").unique()
    not_used = {
        _NOT_USED[fault]: faults.filter(pl.col("fault") == fault)["line"].sort().to_list()
        for fault in _NOT_USED
        if (faults["fault"] == fault).any()
    }
    told = [*table.notes, *table.unread, *_unknown_scopes(said)]
    notes = tuple(f"{path.name}: {sentence}" for sentence in told)
    return ListFile(entries.select(*ENTRY_COLUMNS, "line"), said.height, not_used, notes)


def _unknown_scopes(said: pl.DataFrame) -> list[str]:
    known = _words("scope")
    told = said["scope"].fill_null("").map_elements(lambda w: normalised(w)[0], pl.String)
    unknown = said.filter(~told.is_in(["", *known]))
    if unknown.is_empty():
        return []
    return [f"scope not known, blocked as written: {counted(unknown.height, 'entry', 'entries')}"]


@cache
def _words(kind: str) -> Mapping[str, str]:
    rows = words("blacklist_words")
    return {normalised(r["word"])[0]: r["meaning"] for r in rows if r["kind"] == kind}


def _columns(table: InputTable) -> dict[str, str]:
    """Meaning to header; the first header of a meaning counts."""
    found: dict[str, str] = {}
    for header in table.frame.columns:
        forms = normalised(header)
        meaning = next((_words("column")[form] for form in forms if form in _words("column")), None)
        if meaning is not None:
            found.setdefault(meaning, header)
    return found


def _said(table: InputTable, named: Mapping[str, str], path: Path) -> pl.DataFrame:
    """What each line says: `line`, the columns of places, scope, entry, reason and days."""
    frame = table.frame

    def text(name: str) -> pl.Expr:
        if name not in named:
            return pl.lit(None, pl.String).alias(name)
        return cells.text(pl.col(named[name]).cast(pl.String)).alias(name)

    def day(name: str) -> pl.Expr:
        if name not in named:
            return pl.lit(None, pl.Date).alias(name)
        cell = pl.col(named[name])
        dated = frame.schema[named[name]].is_temporal()
        return (cell.cast(pl.Date) if dated else cells.date(cell.cast(pl.String))).alias(name)

    said = frame.select(
        *map(text, (*_PLACES, "scope", "reason", "entry", "source")), day("from_on"), day("to_on")
    ).with_row_index("line", table.first_row + 2)
    name = pl.coalesce("entry", pl.col("line").cast(pl.String))
    source = pl.format("({})", pl.col("source"))
    why = pl.concat_str("reason", source, separator=" ", ignore_nulls=True).replace("", None)
    # Lists are joined by | in CSV files, so nothing that goes into one may hold it.
    return said.with_columns(
        pl.concat_str(pl.lit(f"{path.name}:"), name).str.replace_all("|", "/", literal=True)
        .alias("entry"),
        why.str.replace_all("|", "/", literal=True).alias("reason"),
    )  # fmt: skip


def _read(said: pl.DataFrame) -> pl.DataFrame:
    """The places of the lines, read as addresses are: clean columns, and `text`."""
    from addrfix.flow.clean import clean_rows

    texts = [_joined(places) for places in said.select(_PLACES).iter_rows()]
    blank = {name: pl.Series([None] * said.height, dtype=pl.String) for name in _CASE}
    rows = pl.DataFrame({"address": pl.Series(texts, dtype=pl.String), **blank})
    read = clean_rows(rows, context=False, progress=False)
    # A division may be given by its code alone.
    code = said.select(
        pl.when(rows["address"].is_null()).then(
            pl.col("division").str.extract(r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$")
        )
    ).to_series()
    return read.with_columns(pl.coalesce(code, "division_code").alias("division_code"))


_CASE = ("case_id", "id_no", "phone")


def _joined(places: Sequence[str | None]) -> str | None:
    """The places of a line as one text, wide to narrow, what is said twice once."""
    text = ""
    for place in places:
        if place and not place.isdigit() and place not in text:
            text = place if text and place.startswith(text) else text + place
    return text or None


def _scoped(said: pl.DataFrame, read: pl.DataFrame) -> pl.DataFrame:
    """One row for each key of each line, or `fault` (of _NOT_USED) for a line that has none."""
    keyed = with_part_keys(read)
    keys = key_table(keyed)
    scopes = pl.Series("_asked", map(_scope, said["scope"]), dtype=pl.String)
    made = keyed.select("division_code", _vague().alias("_vague"), scopes)
    lines = pl.concat([said, made], how="horizontal")
    lines = lines.with_row_index("at").join(
        deepest(keys).rename({"scope": "_deepest"}), on="at", how="left", maintain_order="left"
    )
    asked = pl.col("_asked")
    only = pl.col("address").is_null() & pl.col("building").is_null()
    by_column = (
        pl.when(only & pl.col("compound").is_not_null())
        .then(pl.lit("compound"))
        .when(only & pl.col("village").is_not_null())
        .then(pl.lit("village"))
        .when(only)
        .then(pl.lit("division"))
    )
    wide = pl.col("_deepest").is_in(["division", "village", "group"])
    lines = lines.with_columns(
        pl.coalesce(asked, by_column, "_deepest").alias("scope"),
        pl.when(pl.all_horizontal(pl.col(name).is_null() for name in _PLACES))
        .then(pl.lit("blank"))
        .when(pl.col("division_code").is_null())
        .then(pl.lit("nowhere"))
        .when(asked.is_null() & wide & pl.col("_vague"))
        .then(pl.lit("vague"))
        .alias("fault"),
    )
    return _with_keys(lines, keys)


def _with_keys(lines: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    code = pl.col("division_code").str.replace(r"^(\d{2})0000$", "$1")
    divisions = lines.filter((pl.col("scope") == "division") & pl.col("fault").is_null()).select(
        "at",
        "scope",
        code.str.replace(r"^(\d{4})00$", "$1").alias("key"),
        pl.lit(None, pl.String).alias("town"),
        pl.lit(None, pl.String).alias("poi"),
    )
    below = lines.filter(pl.col("scope") != "division", pl.col("fault").is_null())
    found = pl.concat([divisions, of_scopes(keys, below.select("at", "scope"))])
    lines = lines.join(found.drop("scope"), on="at", how="left", maintain_order="left")
    lacking = pl.when(pl.col("key").is_null()).then(pl.lit("lacking"))
    return lines.with_columns(pl.coalesce("fault", lacking).alias("fault"))


def _vague() -> pl.Expr:
    """Whether something below the village is named that no key could be made of."""
    named = [pl.col(n).is_not_null() for n in ("_k_road", "_k_building", "_k_unit", "_k_room")]
    return pl.any_horizontal(*named, pl.col("_k_poi").is_not_null())


def _scope(word: str | None) -> str | None:
    """The scope that a word means; None for as much as the text names."""
    scope = _words("scope").get(normalised(word or "")[0])
    return None if scope == "as_written" else scope
