"""What the factors look at, as columns: case, source family, age, and keys of places.

A key names a place by parts that must all be there; two rows with the same key are at the same
place. Keys never say "and nothing more", so an address that loses a part only loses keys.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from addrfix.model.table import CLEAN_COLUMNS, LIST_COLUMNS
from addrfix.score.knowledge import phone_homes, source_families
from addrfix.score.place_keys import with_part_keys
from addrfix.text.phones import home_prefix

_COUNTRY_DOORS = ("_door_country_building", "_door_country_number", "_door_country_room")

# Place keys by width, narrow to wide; a place may be keyed by its name and by its road and number.
KEYS: dict[str, tuple[str, ...]] = {
    "door": ("_door_named", "_door_numbered", *_COUNTRY_DOORS),
    "building": ("_building_named", "_building_numbered"),
    "compound": ("_compound_named", "_compound_numbered"),
    "village": ("_village_key",),
    "town": ("_town_key",),
    "district": ("_district",),
}
DOOR_KEYS = KEYS["door"]

_TYPES: dict[str, pl.DataType] = {
    "case_id": pl.String(), "name": pl.String(), "id_no": pl.String(), "phone": pl.String(),
    "source": pl.String(), "recorded_on": pl.Date(), "guarantor": pl.String(),
    "case_status": pl.String(), "opt_out": pl.String(), "address": pl.String(),
    "input_issues": pl.List(pl.String), "loan_date": pl.Date(), "due_date": pl.Date(),
    "contract_no": pl.String(), "blocked_by": pl.String(), "principal": pl.Decimal(18, 2),
    "interest": pl.Decimal(18, 2), "fees": pl.Decimal(18, 2),
}  # fmt: skip


def complete(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with every canonical and clean column that the score reads; missing ones are null.

    `row` is made from the position where it is missing; lists that a CSV joined by `|` are split.
    """
    wanted = dict(_TYPES)
    for name in CLEAN_COLUMNS:
        wanted[name] = pl.List(pl.String) if name in LIST_COLUMNS else pl.String()
    wanted["confidence"] = pl.Float64()
    if "row" not in rows.columns:
        rows = rows.with_row_index("row")
    made = [pl.col("row").cast(pl.Int64)]
    for name, kind in wanted.items():
        held = rows.schema.get(name)
        if held is None:
            made.append(pl.lit(None, kind).alias(name))
        elif name in LIST_COLUMNS and held == pl.String():
            made.append(pl.col(name).str.split("|"))
        elif kind == pl.Date and held == pl.String:
            made.append(pl.col(name).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False))
        elif held != kind:
            made.append(pl.col(name).cast(kind, strict=False))
    return rows.with_columns(made)


def prepare(rows: pl.DataFrame, asked_on: date | pl.Expr) -> pl.DataFrame:
    """The candidates with the columns that factors look at, all of which begin with `_`.

    Args:
        rows: canonical and clean columns, one candidate a row.
        asked_on: the day for which ages count: the as-of day, or each letter's day of posting.
    """
    day = pl.lit(asked_on) if isinstance(asked_on, date) else asked_on
    families = source_families()
    source = pl.col("source").fill_null("other")
    digits = pl.col("id_no").str.extract(r"^(\d{6})")
    done = complete(rows).with_columns(
        source.alias("source"),
        day.cast(pl.Date).alias("_asked_on"),
        case_key().alias("_case"),
        person().alias("_person"),
        source.replace_strict(
            list(families), [family for family, _ in families.values()], default="other"
        ).alias("_family"),
        source.is_in([name for name, (_, registered) in families.items() if registered]).alias(
            "_registered"
        ),
        digits.alias("_id_prefix"),
        pl.concat_str("poi", "subpoi", "detail", separator=" ", ignore_nulls=True).alias(
            "_place_words"
        ),
        pl.concat_str("village", "group", separator=" ", ignore_nulls=True).alias("_village_words"),
    )
    done = done.with_columns(
        (pl.col("_asked_on") - pl.col("recorded_on")).dt.total_days().alias("_age_days")
    )
    return _with_keys(_with_phone_homes(done))


def _with_phone_homes(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds `_phone_homes`: codes of the cities where the row's phone is at home; null: unknown."""
    written = rows["phone"].drop_nulls().unique()
    asked = pl.DataFrame({"phone": written, "_prefix": map(home_prefix, written)}, _PHONES)
    asked = asked.drop_nulls().sort("_prefix")
    found = asked.join_asof(
        phone_homes(), left_on="_prefix", right_on="first", check_sortedness=False
    ).filter(
        # Mobile prefixes and area codes differ in length, so none lies in a range of the other's.
        pl.col("_prefix") <= pl.col("last"),
        pl.col("_prefix").str.len_chars() == pl.col("first").str.len_chars(),
    )
    homes = found.select("phone", pl.col("codes").alias("_phone_homes"))
    return rows.join(homes, on="phone", how="left", maintain_order="left")


_PHONES = {"phone": pl.String(), "_prefix": pl.String()}


def case_key() -> pl.Expr:
    """The case of a row: its case id, else its ID number, else the row alone."""
    return pl.coalesce(
        pl.col("case_id"),
        person(),
        pl.concat_str(pl.lit("row-"), pl.col("row").cast(pl.String)),
    )


def person() -> pl.Expr:
    """The ID number where it tells one person from all others: whole, not masked, not rounded."""
    rounded = pl.col("input_issues").list.contains("id_no_rounded").fill_null(False)
    whole = pl.col("id_no").str.to_uppercase().str.extract(r"^(\d{17}[\dX]|\d{15})$")
    return pl.when(~rounded).then(whole)


def _with_keys(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds the columns of KEYS and `_text_key`, null where a part is missing."""

    def key(*parts: str) -> pl.Expr:
        return pl.concat_str([pl.col(part) for part in parts], separator="|")

    rows = with_part_keys(rows)
    rows = rows.with_columns(
        pl.when(pl.col("town").is_not_null()).then(key("_district", "town")).alias("_town_key"),
        key("_district", "town", "_k_village").alias("_village_key"),
        key("_district", "_k_poi").alias("_compound_named"),
        key("_district", "_k_road", "_k_number").alias("_compound_numbered"),
        pl.coalesce("standardized", "address").alias("_text_key"),
    )
    return rows.with_columns(
        key("_compound_named", "_k_building").alias("_building_named"),
        key("_compound_numbered", "_k_building").alias("_building_numbered"),
        key("_compound_named", "_k_building", "_k_room").alias("_door_named"),
        key("_compound_numbered", "_k_building", "_k_room").alias("_door_numbered"),
        key("_village_key", "_k_group").alias("_group_key"),
        *(
            key("_village_key", "_k_group", part).alias(name)
            for name, part in zip(
                _COUNTRY_DOORS, ("_k_building", "_k_number", "_k_room"), strict=True
            )
        ),
    )
