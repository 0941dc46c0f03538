"""A user's table in canonical columns and types, with a reason code for every doubtful cell."""

from __future__ import annotations

import polars as pl

from addrfix.files import cells
from addrfix.files.columns import Columns, source_of
from addrfix.files.table import InputTable
from addrfix.model.table import CANONICAL_COLUMNS
from addrfix.model.terms import Source

DATE_COLUMNS = ("loan_date", "due_date", "recorded_on", "posted_on", "result_on")
AMOUNT_COLUMNS = ("principal", "interest", "fees")
# Text whose control characters and length are looked at: what ends up on paper or is parsed.
_WATCHED = ("case_id", "name", "id_no", "phone", "contract_no", "guarantor", "address")
INPUT_ISSUES = (
    "id_no_rounded", "number_became_date", "leading_zero_lost", "date_unreadable",
    "amount_unreadable", "control_characters", "cell_too_long", "merged_cell_filled",
)  # fmt: skip
"""What `input_issues` may hold."""

_FILLED = "\0filled"
_AMOUNT = pl.Decimal(18, 2)


def canonical_rows(table: InputTable, columns: Columns, *, wide: bool = False) -> pl.DataFrame:
    """One row per input row, or, with `wide`, one per address column of each row.

    With `wide` an empty address is dropped unless the case has no other: then the row keeps one.

    Columns: `row` Int64 (0-based input row), all of `CANONICAL_COLUMNS`, `source_raw` String,
    `address_header` String (the column the address came from), `address_offset` Int32 (characters
    trimmed from the left of the raw cell, to be added to spans), `input_issues` List[String] of
    `INPUT_ISSUES`. Text is String (trimmed, control characters made spaces, cut to 2,000
    characters, null where empty), dates are Date, amounts Decimal(18, 2) yuan, `source` is a value
    of `addrfix.model.terms.Source` and never null.
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
        *(
            _written(header, frame.schema[header]).alias(role)
            if role not in DATE_COLUMNS + AMOUNT_COLUMNS or frame.schema[header] == pl.String
            else pl.col(header).alias(role)
            for role, header in by_role.items()
        ),
        _FILLED,
    )
    doubts: dict[str, list[pl.Expr]] = {issue: [] for issue in INPUT_ISSUES}
    doubts["merged_cell_filled"].append(pl.col(_FILLED))
    wanted = [_column(role, raw, doubts) for role in CANONICAL_COLUMNS if role != "source"]
    return raw.select(
        *wanted,
        *_sources(raw, columns, address),
        pl.lit(address, dtype=pl.String).alias("address_header"),
        (cells.left_cut(pl.col("address")) if address else pl.lit(0, dtype=pl.Int32)).alias(
            "address_offset"
        ),
        _issues(doubts).alias("input_issues"),
    )


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


def _column(role: str, raw: pl.DataFrame, doubts: dict[str, list[pl.Expr]]) -> pl.Expr:
    """One canonical column; what there is to doubt about it is added to `doubts`."""
    if role in DATE_COLUMNS:
        return _date(role, raw, doubts).alias(role)
    if role in AMOUNT_COLUMNS:
        return _amount(role, raw, doubts).alias(role)
    if role not in raw.columns:
        return pl.lit(None, dtype=pl.String).alias(role)
    cell = pl.col(role)
    if role in _WATCHED:
        doubts["control_characters"].append(cells.has_controls(cell))
        doubts["cell_too_long"].append(cells.too_long(cell))
    if role == "id_no":
        doubts["id_no_rounded"].append(cells.rounded_id(cell))
    if role == "phone":
        doubts["leading_zero_lost"].append(cells.lost_zero(cell))
    if role == "address":
        doubts["number_became_date"].append(cells.became_date(cell))
    return cells.text(cell).alias(role)


def _date(role: str, raw: pl.DataFrame, doubts: dict[str, list[pl.Expr]]) -> pl.Expr:
    if role not in raw.columns:
        return pl.lit(None, dtype=pl.Date)
    kind = raw.schema[role]
    if kind == pl.Date or isinstance(kind, pl.Datetime):
        return pl.col(role).cast(pl.Date)
    found, unreadable = cells.date(pl.col(role).cast(pl.String))
    doubts["date_unreadable"].append(unreadable)
    return found


def _amount(role: str, raw: pl.DataFrame, doubts: dict[str, list[pl.Expr]]) -> pl.Expr:
    if role not in raw.columns:
        return pl.lit(None, dtype=_AMOUNT)
    kind = raw.schema[role]
    cell = pl.col(role)
    if kind.is_numeric():
        number = pl.when(cell.is_finite()).then(cell) if kind.is_float() else cell
        exact = number.cast(pl.Decimal(28, 8), strict=False)
        found = exact.round(2, mode="half_away_from_zero").cast(_AMOUNT, strict=False)
        doubts["amount_unreadable"].append(cell.is_not_null() & found.is_null())
        return found
    found, unreadable = cells.amount(cell.cast(pl.String))
    doubts["amount_unreadable"].append(unreadable)
    return found


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


def _issues(doubts: dict[str, list[pl.Expr]]) -> pl.Expr:
    """The codes that hold, as a list in the order of `INPUT_ISSUES`."""
    codes = [
        pl.when(pl.any_horizontal(signs)).then(pl.lit(issue))
        for issue, signs in doubts.items()
        if signs
    ]
    return pl.concat_list(codes).list.drop_nulls()
