"""A user's table in canonical columns and types, with a reason code for every doubtful cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl

from addrfix.files import cells
from addrfix.files.columns import Columns, source_of
from addrfix.files.table import InputTable
from addrfix.model.table import CANONICAL_COLUMNS
from addrfix.model.terms import Source

DATE_COLUMNS = ("loan_date", "due_date", "recorded_on", "posted_on", "result_on")
AMOUNT_COLUMNS = ("principal", "interest", "fees", "total")
TYPED_COLUMNS = DATE_COLUMNS + AMOUNT_COLUMNS
# Text whose control characters and length are looked at: what ends up on paper or is parsed.
_WATCHED = ("case_id", "name", "id_no", "phone", "contract_no", "guarantor", "address")
_NAMES = ("name", "guarantor")
INPUT_ISSUES = (
    "id_no_rounded", "number_became_date", "leading_zero_lost", "date_unreadable",
    "amount_unreadable", "control_characters", "cell_too_long", "merged_cell_filled",
)  # fmt: skip
"""What `input_issues` may hold."""

_FILLED = "\0filled"
_RAW = "\0raw "


def canonical_rows(table: InputTable, columns: Columns, *, wide: bool = False) -> pl.DataFrame:
    """One row per input row, or, with `wide`, one per address column of each row.

    With `wide` an empty address is dropped unless the case has no other: then the row keeps one.

    Columns: `row` Int64 (0-based input row), all of `CANONICAL_COLUMNS`, `source_raw` String,
    `address_header` String (the column the address came from), `address_offset` Int32 (characters
    trimmed from the left of the raw cell, to be added to spans), `input_issues` List[String] of
    `INPUT_ISSUES`. Text is String (trimmed, cut to 2,000 characters, control characters made spaces
    except in names, null where empty), dates are Date, amounts Decimal(18, 2) yuan, `source` is a
    value of `addrfix.model.terms.Source` and never null.
    """
    frame = _filled(table)
    headers: tuple[str | None, ...] = columns.addresses if wide else ()
    if not headers:
        headers = (columns.by_role.get("address"),)
    parts = [
        _part(frame, columns, header).with_columns(
            (pl.int_range(pl.len(), dtype=pl.Int64) + table.first_row).alias("row"),
            pl.lit(number, dtype=pl.Int32).alias("_part"),
        )
        for number, header in enumerate(headers)
    ]
    if len(parts) == 1:
        rows = parts[0]
    else:
        rows = _candidates(pl.concat(parts).sort("row", "_part", maintain_order=True))
    return rows.select(
        "row", *CANONICAL_COLUMNS, "source_raw", "address_header", "address_offset", "input_issues"
    )


def _candidates(rows: pl.DataFrame) -> pl.DataFrame:
    """Without empty addresses of cases that have others."""
    case = pl.coalesce("case_id", pl.format("\0{}", "row"))
    alone = ~pl.col("address").is_not_null().any().over(case)
    return rows.filter(pl.col("address").is_not_null() | (alone & (pl.col("_part") == 0)))


def _filled(table: InputTable) -> pl.DataFrame:
    """The frame with the values of merged cells, and a column that tells which rows got one."""
    frame = table.frame
    if not table.merged:
        return frame.with_columns(pl.lit(False).alias(_FILLED))
    touched: set[int] = set()
    for span in table.merged:
        blank = frame[span.header].slice(span.first, span.last - span.first + 1).is_null()
        at = [span.first + int(index) for index in blank.arg_true()]
        if span.value is None or not at:
            continue
        frame = frame.with_columns(frame[span.header].scatter(at, span.value))
        touched.update(at)
    rows = pl.Series(_FILLED, [False]).new_from_index(0, frame.height)
    return frame.with_columns(rows.scatter(sorted(touched), True).alias(_FILLED))


def _part(frame: pl.DataFrame, columns: Columns, address: str | None) -> pl.DataFrame:
    """All rows with the address of one column."""
    by_role = {role: header for role, header in columns.by_role.items() if role != "address"}
    if address is not None:
        by_role["address"] = address
    raw = frame.select(
        _FILLED,
        *(
            pl.col(header).alias(role)
            if role in TYPED_COLUMNS and not _is_text(frame.schema[header])
            else _written(header, frame.schema[header]).alias(role)
            for role, header in by_role.items()
        ),
    )
    read = raw.select(
        _FILLED,
        *(_column(role, raw.schema).alias(role) for role in CANONICAL_COLUMNS if role != "source"),
        *_sources(raw, columns, address),
        pl.lit(address, dtype=pl.String).alias("address_header"),
        (cells.left_cut(pl.col("address")) if address else pl.lit(0, dtype=pl.Int32)).alias(
            "address_offset"
        ),
    )
    beside = raw.drop(_FILLED).rename(lambda role: _RAW + role)
    beside = pl.concat([beside, read.select(_FILLED, *TYPED_COLUMNS)], how="horizontal")
    return read.with_columns(beside.select(_issues(raw.schema).alias("input_issues")))


def _written(header: str, kind: pl.DataType) -> pl.Expr:
    """A column as text, as a person would write its values."""
    column = pl.col(header)
    if kind == pl.String:
        return column
    if kind.is_float():
        whole = (column == column.round()) & (column.abs() < 1e18)
        return (
            pl.when(whole)
            .then(pl.when(whole).then(column).cast(pl.Int64).cast(pl.String))
            .otherwise(column.cast(pl.String))
        )
    if isinstance(kind, pl.List | pl.Array | pl.Struct | pl.Object | pl.Binary):
        return pl.lit(None, dtype=pl.String)
    return column.cast(pl.String)


def _is_text(kind: pl.DataType) -> bool:
    return not (kind.is_numeric() or kind.is_temporal())


def _column(role: str, schema: pl.Schema) -> pl.Expr:
    """One canonical column of a frame whose columns bear canonical names."""
    cell, kind = pl.col(role), schema.get(role)
    if role in DATE_COLUMNS:
        if kind is None:
            return pl.lit(None, dtype=pl.Date)
        if kind == pl.Date or isinstance(kind, pl.Datetime):
            return cell.cast(pl.Date)
        return cells.date(cell.cast(pl.String))
    if role in AMOUNT_COLUMNS:
        if kind is None:
            return pl.lit(None, dtype=cells.AMOUNT)
        return cells.number(cell, kind) if kind.is_numeric() else cells.amount(cell.cast(pl.String))
    if kind is None:
        return pl.lit(None, dtype=pl.String)
    return cells.name(cell) if role in _NAMES else cells.text(cell)


def _issues(schema: pl.Schema) -> pl.Expr:
    """The codes that hold, in the order of `INPUT_ISSUES`; raw cells stand beside the read ones."""

    def over(roles: Iterable[str], doubt: Callable[[pl.Expr], pl.Expr]) -> list[pl.Expr]:
        return [doubt(pl.col(_RAW + role)) for role in roles if role in schema]

    def unread(roles: Iterable[str]) -> list[pl.Expr]:
        return [
            cells.says_something(pl.col(_RAW + role).cast(pl.String)) & pl.col(role).is_null()
            for role in roles
            if role in schema
        ]

    doubts = {
        "id_no_rounded": over(["id_no"], cells.rounded_id),
        "number_became_date": over(["address"], cells.became_date),
        "leading_zero_lost": over(["phone"], cells.lost_zero),
        "date_unreadable": unread(DATE_COLUMNS),
        "amount_unreadable": unread(AMOUNT_COLUMNS),
        "control_characters": over(_WATCHED, cells.has_controls),
        "cell_too_long": over(_WATCHED, cells.too_long),
        "merged_cell_filled": [pl.col(_FILLED)],
    }
    codes = [
        pl.when(pl.any_horizontal(doubts[issue])).then(pl.lit(issue))
        for issue in INPUT_ISSUES
        if doubts[issue]
    ]
    return pl.concat_list(codes).list.drop_nulls()


def _sources(raw: pl.DataFrame, columns: Columns, address: str | None) -> list[pl.Expr]:
    """Canonical `source` and `source_raw`: a header that tells the source goes before a column."""
    told = columns.address_sources.get(address) if address else None
    if told is not None and ("source" not in raw.columns or len(columns.addresses) > 1):
        return [pl.lit(told).alias("source"), pl.lit(address).alias("source_raw")]
    if "source" not in raw.columns:
        return [
            pl.lit(Source.OTHER.value).alias("source"),
            pl.lit(None, dtype=pl.String).alias("source_raw"),
        ]
    written = raw["source"].unique().drop_nulls().to_list()
    meaning = {word: source_of(word) for word in written}
    source = pl.col("source").replace_strict(
        list(meaning), list(meaning.values()), default=Source.OTHER.value, return_dtype=pl.String
    )
    return [source.alias("source"), cells.text(pl.col("source")).alias("source_raw")]
