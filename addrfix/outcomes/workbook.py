"""The tables of the report as a workbook: a sheet a table, shares with their interval."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from addrfix.outcomes.figures import Figures
from addrfix.outcomes.intervals import Difference, Interval
from addrfix.outcomes.tables import Cell, Table, every_table
from addrfix.outcomes.wording import Words, text

_NOTES = (
    "counted_note", "interval_note", "strict_note", "standard_note", "broad_note", "note_locker",
    "note_return", "uplift_note", "cost_note", "bad_places_note", "note_cause", "note_private",
)  # fmt: skip
_SETTINGS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def xlsx_workbook(figures: Figures) -> bytes:
    """The workbook. Same figures, same bytes: its only date is the day of the report."""
    import xlsxwriter

    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, _SETTINGS)
    made = datetime(figures.as_of.year, figures.as_of.month, figures.as_of.day)
    book.set_properties({"created": made, "title": _said(text("title"))})
    forms = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "bold": book.add_format({"bold": True}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "share": book.add_format({"num_format": "0.0%"}),
        "small_share": book.add_format({"num_format": "0.0%", "font_color": "#8a8a8a"}),
        "small": book.add_format({"font_color": "#8a8a8a"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "yuan": book.add_format({"num_format": "#,##0.00"}),
    }
    _first_sheet(book.add_worksheet("report"), figures, forms)
    for data in every_table(figures):
        _sheet(book.add_worksheet(data.key), data, forms)
    book.close()
    return held.getvalue()


def _said(words: Words) -> str:
    return words.en if words.en == words.zh else f"{words.en} {words.zh}"


def _first_sheet(sheet: Any, figures: Figures, forms: dict[str, Any]) -> None:  # noqa: ANN401
    """Title, day, batches, and how to read the figures."""
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, _said(text("title")), forms["bold"])
    row = 1
    if figures.specimen:
        sheet.write_string(row, 0, _said(text("made_up")), forms["bold"])
        sheet.write_string(row, 1, _said(text("made_up_note")), forms["wrap"])
        row += 1
    sheet.write_string(row, 0, _said(text("as_of")))
    sheet.write_string(row, 1, figures.as_of.isoformat())
    if figures.where is not None:
        row += 1
        sheet.write_string(row, 0, _said(text("where_filter")))
        sheet.write_string(row, 1, figures.where)
    for batch in figures.batches:
        row += 1
        sheet.write_string(row, 0, _said(text("batch")))
        sheet.write_string(row, 1, batch.batch)
    for key in _NOTES:
        row += 1
        name = key.removesuffix("_note")
        named = _said(text(name)) if name in ("strict", "standard", "broad") else ""
        sheet.write_string(row, 0, named)
        sheet.write_string(row, 1, _said(text(key)), forms["wrap"])


def _sheet(sheet: Any, data: Table, forms: dict[str, Any]) -> None:  # noqa: ANN401
    """Head in both languages, then the rows; a share takes three columns, with its interval."""
    wide = _interval_columns(data)
    place = 0
    for index, column in enumerate(data.columns):
        for part in ("", " low 下限", " high 上限") if index in wide else ("",):
            sheet.write_string(0, place, _said(column) + part, forms["head"])
            place += 1
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, place, 13)
    sheet.freeze_panes(1, 1)
    for number, row in enumerate(data.rows, start=1):
        place = 0
        for index, cell in enumerate(row.cells):
            for part in _parts(cell, index in wide):
                _write(sheet, number, place, part, forms, row.small)
                place += 1


def _interval_columns(data: Table) -> set[int]:
    return {
        index
        for row in data.rows
        for index, cell in enumerate(row.cells)
        if isinstance(cell, Interval | Difference)
    }


def _parts(cell: Cell, is_wide: bool) -> tuple[Any, ...]:
    if isinstance(cell, Interval | Difference):
        return tuple(cell)
    return (None, None, None) if is_wide else (cell,)


def _write(
    sheet: Any,  # noqa: ANN401
    row: int,
    column: int,
    part: Words | Decimal | float | int | date | None,
    forms: dict[str, Any],
    small: bool,
) -> None:
    if part is None:
        return
    plain = forms["small"] if small else None
    if isinstance(part, Words):
        sheet.write_string(row, column, _said(part), plain)
    elif isinstance(part, date):
        sheet.write_datetime(row, column, datetime(part.year, part.month, part.day), forms["date"])
    elif isinstance(part, Decimal):
        sheet.write_number(row, column, float(part), forms["yuan"])
    elif isinstance(part, float):
        sheet.write_number(row, column, part, forms["small_share" if small else "share"])
    else:
        sheet.write_number(row, column, part, plain)
