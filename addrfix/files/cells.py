"""Cells of users' tables to dates, amounts and text, as column expressions.

All expressions take a String column. A cell that says "nothing" (`-`, `无`, `NULL` …) is null in
dates and amounts without a reason code.
"""

from __future__ import annotations

import polars as pl

LONGEST_CELL = 2_000
"""Characters of a cell that are looked at; the longest real address is a tenth of that."""

_NOTHING = (
    "",
    "-",
    "--",
    "—",
    "——",
    "/",
    "\\",
    "无",
    "空",
    "未知",
    "不详",
    "null",
    "none",
    "nan",
    "n/a",
    "na",
    "#n/a",
)
_WIDE = "０１２３４５６７８９．，－／：（）　"
_NARROW = "0123456789.,-/:() "
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_BREAK = r"[\t-\r\u{2028}\u{2029}]"
_ANY_BREAK = r"[\x00-\x1f\x7f\u{2028}\u{2029}]"
# Excel counts days from here and holds 1900 to be a leap year, so this is right after 1900-03-01.
_EXCEL_EPOCH = pl.date(1899, 12, 30)
_SERIAL = r"^[2-7]\d{4}(?:\.\d+)?$"
_NUMBER = r"^[-+]?\d{1,16}(?:\.\d*)?$"
_MOST = 10**16 - 1
_EXACT = pl.Decimal(28, 8)
AMOUNT = pl.Decimal(18, 2)
"""Yuan."""


def text(cell: pl.Expr) -> pl.Expr:
    """The cell trimmed and cut to `LONGEST_CELL`; null where nothing is left.

    Every control character becomes one space, so that positions stay true.
    """
    return _short(cell, _ANY_BREAK)


def name(cell: pl.Expr) -> pl.Expr:
    """A person's name like `text`, but with its control characters, except tabs and line ends.

    Nobody knows what such a name should be: no letter is printed to a guess at it.
    """
    return _short(cell, _BREAK)


def _short(cell: pl.Expr, breaks: str) -> pl.Expr:
    # Replacing is dear and needed for one cell in thousands: ask first.
    calm = (
        pl.when(cell.str.contains(breaks)).then(cell.str.replace_all(breaks, " ")).otherwise(cell)
    )
    trimmed = calm.str.strip_chars()
    short = (
        pl.when(trimmed.str.len_bytes() > LONGEST_CELL)
        .then(trimmed.str.slice(0, LONGEST_CELL))
        .otherwise(trimmed)
    )
    return pl.when(short != "").then(short)


def left_cut(cell: pl.Expr) -> pl.Expr:
    """How many characters `text` takes from the left of the cell, Int32."""
    spaced = (
        pl.when(cell.str.contains(r"^[\s\x00-\x1f\x7f]"))
        .then(cell.str.replace_all(_ANY_BREAK, " "))
        .otherwise(cell)
    )
    cut = spaced.str.len_chars() - spaced.str.strip_chars_start().str.len_chars()
    return cut.cast(pl.Int32).fill_null(0)


def has_controls(cell: pl.Expr) -> pl.Expr:
    """Whether control characters stand in the cell (tabs and line ends are none)."""
    return cell.str.contains(_CONTROL).fill_null(False)


def too_long(cell: pl.Expr) -> pl.Expr:
    """Whether the cell has more than `LONGEST_CELL` characters."""
    return (cell.str.len_chars() > LONGEST_CELL).fill_null(False)


def _plain(cell: pl.Expr) -> pl.Expr:
    """The cell in half width, without surrounding spaces; null where it says "nothing"."""
    narrow = cell.str.replace_many(list(_WIDE), list(_NARROW)).str.strip_chars()
    return pl.when(~narrow.str.to_lowercase().is_in(_NOTHING)).then(narrow)


def says_something(cell: pl.Expr) -> pl.Expr:
    """Whether a date or amount cell is meant to hold a value: not blank, `-`, `无` or the like."""
    return _plain(cell).is_not_null()


def date(cell: pl.Expr) -> pl.Expr:
    """A cell as Date; null where it could not be read.

    Read are 2023-5-1, 2023/05/01, 2023.5.1, 2023年5月1日, 20230501, each with a time of day behind
    it or not, and Excel's day numbers (36526 or 45047.5, from 1954 to 2118).
    """
    # Most cells are ISO dates; the patterns are for the rest.
    usual = (
        pl.when(cell.str.contains(r"^(?:19|20)\d{2}-\d{2}-\d{2}$"))
        .then(cell)
        .str.to_date("%Y-%m-%d", strict=False)
    )
    plain = _plain(pl.when(usual.is_null()).then(cell))
    parts = plain.str.extract_groups(
        r"^(?<y>(?:19|20)\d{2})(?:\s*[-/.年]\s*(?<m>\d{1,2})\s*[-/.月]\s*(?<d>\d{1,2})\s*[日号]?"
        r"|(?<mm>\d{2})(?<dd>\d{2}))(?:[T\s]+\d{1,2}[:时].*|\d{6})?$"
    ).struct
    month = pl.coalesce(parts.field("m"), parts.field("mm"))
    day = pl.coalesce(parts.field("d"), parts.field("dd"))
    written = pl.concat_str(
        parts.field("y"), month.str.zfill(2), day.str.zfill(2), ignore_nulls=False
    ).str.to_date("%Y%m%d", strict=False)
    days = pl.when(plain.str.contains(_SERIAL)).then(plain).cast(pl.Float64, strict=False)
    counted = _EXCEL_EPOCH + pl.duration(days=days.floor().cast(pl.Int64))
    return pl.coalesce(usual, written, counted.cast(pl.Date))


def amount(cell: pl.Expr) -> pl.Expr:
    """A cell as yuan in Decimal(18, 2), rounded half up; null where it could not be read.

    Read are 4125.9, 4,125.90, ￥4125.9, 4125.90元, 1.2万 and 4.1E+3, in half or full width.
    """
    # Most cells are bare numbers; the patterns are for the rest.
    usual = pl.when(cell.str.contains(_NUMBER)).then(cell).cast(_EXACT, strict=False)
    plain = _plain(pl.when(usual.is_null()).then(cell))
    bare = plain.str.replace_all(r"[,\s￥¥]|人民币|(?i)rmb|(?i)cny|[元圆]整?$", "")
    tens = bare.str.ends_with("万")
    digits = bare.str.strip_suffix("万")
    simple = pl.when(digits.str.contains(_NUMBER)).then(digits).cast(_EXACT, strict=False)
    loose = (
        pl.when(digits.str.contains(r"^[-+]?\d+(?:\.\d+)?[eE][-+]?\d{1,2}$"))
        .then(digits)
        .cast(pl.Float64, strict=False)
    )
    loose = pl.when(loose.abs() < _MOST).then(loose).cast(_EXACT, strict=False)
    value = pl.coalesce(simple, loose)
    value = pl.coalesce(usual, pl.when(tens).then(value * 10_000).otherwise(value))
    return value.round(2, mode="half_away_from_zero").cast(AMOUNT, strict=False)


def number(cell: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """A numeric column as yuan in Decimal(18, 2), rounded half up."""
    finite = pl.when(cell.is_finite()).then(cell) if kind.is_float() else cell
    exact = finite.cast(_EXACT, strict=False)
    return exact.round(2, mode="half_away_from_zero").cast(AMOUNT, strict=False)


def rounded_id(cell: pl.Expr) -> pl.Expr:
    """Whether an ID number went through a spreadsheet as a number: `110101199003070000`, `1.1E+17`.

    A spreadsheet keeps 15 digits of a number. One true number in some 1,200 ends in 000 as well
    (serial X00 and check digit 0), so this is a doubt to be looked at, not a proof.
    """
    plain = cell.str.strip_chars()
    return (
        plain.str.contains(r"^[1-9]\d{14}000(?:\.0+)?$")
        | plain.str.contains(r"^\d(?:\.\d+)?[eE]\+?1[0-9]$")
    ).fill_null(False)


def lost_zero(cell: pl.Expr) -> pl.Expr:
    """Whether a phone number lacks the zero of its area code: 1012345678, 21…, 7551234567."""
    return (
        cell.str.strip_chars()
        .str.contains(r"^(?:10\d{8}|2[0-9]\d{8}|[3-9]\d{2}\d{7,8})(?:\.0)?$")
        .fill_null(False)
    )


def became_date(cell: pl.Expr) -> pl.Expr:
    """Whether a door number such as 3-2 was turned into a date: `3月2日`, `2023-03-02 00:00:00`."""
    return (
        cell.str.contains(r"(?:^|[^\d年])(?:1[0-2]|[1-9])月(?:[12]\d|3[01]|[1-9])日\s*$")
        | cell.str.contains(r"^\s*(?:19|20)\d{2}[-/]\d{1,2}[-/]\d{1,2}(?:[ T][\d:.]+)?\s*$")
        | cell.str.contains(r"(?:^|[ \u{4e00}-\u{9fff}])(?:19|20)\d{2}-\d{2}-\d{2} 00:00:00\s*$")
        | cell.str.contains(
            r"(?i)^\s*(?:\d{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
            r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-\d{1,2})\s*$"
        )
    ).fill_null(False)
