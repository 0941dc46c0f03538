"""Keys of places: what two texts about one door, building or compound have in common.

A part is brought to one form first (3幢, 三号楼 and 3栋 are one building); a key joins parts that
must all be there. A place may have two keys, by its name and by its road and number, so places are
compared key by key.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

import polars as pl

from addrfix.knowledge import words
from addrfix.patterns import pattern, word_class
from addrfix.text.numerals import arabic, number_key

SCOPES = ("division", "village", "group", "compound", "building", "unit", "door")
"""Kinds of places that a key can name, wide to narrow."""

_ASIDE = re.compile(r"[\s·.,，。、;；:：\-_/()（）\[\]【】\"'“”#*]+")
# Readers of addresses take a remark in brackets for a name (`remark_demolished`); each town has
# many places of `many_of_a_town`.
_BY_NAME = ("remark_demolished", "many_of_a_town", "estate_word")


@lru_cache(maxsize=65_536)
def name_key(text: str) -> str | None:
    """A place's or road's name in one form; None where it names no one place.

    >>> name_key("翠湖花园小区"), name_key("建设三路"), name_key("云台苑已拆除"), name_key("网吧")
    ('翠湖花园', '建设3路', '云台苑', None)
    """
    remark, many, estate = map(pattern, _BY_NAME)
    bare = remark.sub("", _ASIDE.sub("", arabic(text)).lower())
    if bare in _kinds() or many.search(bare):
        return None
    return estate.sub("", bare) or None


@cache
def _kinds() -> frozenset[str]:
    """Words that say what kind of place it is: 小区 alone may be any."""
    return frozenset(row["word"] for row in words("place_words"))


def village_key(text: str) -> str | None:
    """A village's name in one form.

    >>> village_key("李家村村民委员会"), village_key("李家村委会"), village_key("和平居委会")
    ('李家村', '李家村', '和平社区')
    """
    whole = _ASIDE.sub("", arabic(text))
    bare = pattern("village_committee").sub("", whole)
    if bare == whole or pattern("village_or_community").search(bare):
        return bare or None
    in_town = pattern("residents").search(whole, len(bare))
    return bare + word_class("community_word" if in_town else "village_word")[0]


def counted_key(text: str) -> str | None:
    """What tells one numbered thing from another, else its name.

    >>> counted_key("三号楼"), counted_key("501室"), counted_key("东楼"), counted_key("职工楼")
    ('3', '501', '东', '职工楼')
    """
    return number_key(text) or name_key(text)


def _section_key(text: str) -> str | None:
    """四区 and 二期 part a compound; a shop in it does not."""
    bare = name_key(text)
    return bare if bare and pattern("compound_section").match(bare) else None


_PARTS: dict[str, tuple[str, Callable[[str], str | None]]] = {
    "_k_poi": ("poi", name_key),
    "_k_section": ("subpoi", _section_key),
    "_k_within": ("subpoi", name_key),
    "_k_road": ("road", name_key),
    "_k_number": ("road_number", counted_key),
    "_k_building": ("building", counted_key),
    "_k_unit": ("unit", counted_key),
    "_k_floor": ("floor", counted_key),
    "_k_room": ("room", counted_key),
    "_k_village": ("village", village_key),
    "_k_group": ("group", counted_key),
    "_k_detail": ("detail", name_key),
}


def with_part_keys(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the parts of their addresses in one form, and the district's code.

    Takes clean columns; one that is missing counts as empty. Adds `_district` (6 digits) and the
    columns of `_PARTS` (String, null where the part is missing).
    """
    made: list[pl.Expr] = []
    for name, (column, how) in _PARTS.items():
        if column not in rows.columns:
            made.append(pl.lit(None, pl.String).alias(name))
            continue
        written = rows[column].drop_nulls().unique().to_list()
        forms = [how(text) for text in written]
        made.append(
            pl.col(column)
            .replace_strict(written, forms, default=None, return_dtype=pl.String)
            .alias(name)
        )
    code = pl.col("division_code")
    placed = pl.col("district").is_not_null() | pl.col("town").is_not_null()
    district = pl.when(placed & (code.str.len_chars() >= 6)).then(code.str.slice(0, 6))
    return rows.with_columns(*made, district.alias("_district"))


def key_table(rows: pl.DataFrame) -> pl.DataFrame:
    """Every key of every row: `at` (position), `scope` (of SCOPES), `key`, `town`, `poi`.

    Takes what `with_part_keys` gives, with `division_code` and `town`. `town` and `poi` are for
    `compatible`: one road and number may stand in two towns of a county.
    """
    rows = rows.with_row_index("at").with_columns(_country().alias("_country"))
    found = [_long(rows, "division", pl.col("division_code").str.slice(0, n), n) for n in _DIGITS]
    village = _key("_district", "_k_village")
    found.append(_long(rows, "village", village))
    alone = pl.col("_k_village").is_null()
    group = pl.when(alone).then(_key("_district", "town", "_k_group"))
    found.append(_long(rows, "group", group.otherwise(_key("_district", "_k_village", "_k_group"))))
    for base, house in _BASES:
        found += [_long(rows, scope, key) for scope, key in _below(base, house).items()]
    found += [_long(rows, "compound", base) for base, _ in _BASES[:2]]
    return pl.concat(found).unique(maintain_order=True)


_DIGITS = (2, 4, 6, 9, 12)


def _long(rows: pl.DataFrame, scope: str, key: pl.Expr, digits: int | None = None) -> pl.DataFrame:
    """Rows that have this key."""
    table = rows.select(
        "at",
        pl.lit(scope).alias("scope"),
        key.alias("key"),
        "town",
        pl.concat_str("_k_poi", pl.col("_k_section").fill_null("")).alias("poi"),
    ).filter(pl.col("key").is_not_null())
    return table if digits is None else table.filter(pl.col("key").str.len_chars() == digits)


def _key(*parts: str | pl.Expr) -> pl.Expr:
    return pl.concat_str(parts, separator="|")


def _country() -> pl.Expr:
    """A village or group as what a house number counts in; null where a road or name is nearer."""
    named = pl.col("_k_poi").is_null() & pl.col("_k_road").is_null()
    somewhere = pl.col("_k_village").is_not_null() | (
        pl.col("_k_group").is_not_null() & pl.col("town").is_not_null()
    )
    within = pl.coalesce("_k_village", "town")
    return pl.when(named & somewhere).then(
        _key("_district", within, pl.col("_k_group").fill_null(""))
    )


_NAMED = pl.concat_str(
    "_district", pl.concat_str("_k_poi", pl.col("_k_section").fill_null("")), separator="|"
)
_NUMBERED = pl.concat_str("_district", "_k_road", "_k_number", separator="|")
_BASES: tuple[tuple[pl.Expr, pl.Expr], ...] = (
    (pl.concat_str(pl.lit("name:"), _NAMED), pl.col("_k_building")),
    (pl.concat_str(pl.lit("road:"), _NUMBERED), pl.col("_k_building")),
    (
        pl.concat_str(pl.lit("village:"), pl.col("_country")),
        pl.coalesce("_k_building", "_k_number"),
    ),
)
"""What a building stands in, and where the building's number is found. The first two are compounds;
a village has a scope of its own."""


def _below(base: pl.Expr, house: pl.Expr) -> dict[str, pl.Expr]:
    """Keys of what is in a compound or village, by scope."""
    within = pl.when(pl.col("_k_section").is_null()).then(pl.col("_k_within"))
    # The rest of a text tells a door only where nothing above it does.
    rest = pl.when(house.is_null() & pl.col("_k_unit").is_null()).then(pl.col("_k_detail"))
    last = pl.coalesce("_k_room", "_k_floor", within, rest)
    return {
        "building": _key(base, house),
        "unit": _key(base, house, "_k_unit"),
        "door": _key(base, house.fill_null(""), pl.col("_k_unit").fill_null(""), last),
    }


def deepest(keys: pl.DataFrame) -> pl.DataFrame:
    """The narrowest scope that each row has a key for: `at`, `scope`.

    Takes what `key_table` gives.
    """
    order = pl.col("scope").replace_strict(SCOPES, range(len(SCOPES)), return_dtype=pl.Int8)
    return keys.group_by("at").agg(pl.col("scope").sort_by(order).last()).sort("at")


def of_scopes(keys: pl.DataFrame, scopes: pl.DataFrame) -> pl.DataFrame:
    """The keys that stand for each row as a place of its own, of the scope that it has there.

    A firm or compound with a name is not all that stands at its road and number, so for a compound
    the name goes before the number.

    Args:
        keys: what `key_table` gives.
        scopes: `at`, `scope`.
    """
    kept = keys.join(scopes, on=["at", "scope"], how="semi")
    by_number = (pl.col("scope") == "compound") & pl.col("key").str.starts_with("road:")
    return kept.filter(~(by_number & pl.col("poi").is_not_null()))


def compatible() -> pl.Expr:
    """Whether two rows of `key_table` with one key do not contradict each other.

    The second's columns bear the suffix `_of`. Where one is silent about town or name, there is no
    contradiction.
    """
    return pl.all_horizontal(
        (pl.col(name) == pl.col(f"{name}_of")).fill_null(True) for name in ("town", "poi")
    )
