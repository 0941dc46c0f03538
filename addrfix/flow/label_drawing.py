"""Address labels: a PDF of A4 sheets, one label a letter, in the order of the list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from addrfix.flow.handover_settings import LabelSheet
from addrfix.knowledge import folder
from addrfix.letters.code128 import bars
from addrfix.letters.face import Face, face
from addrfix.letters.lines import address_lines
from addrfix.letters.marks import Bars, Mark, Placed, Words, centred, flush_right
from addrfix.letters.page import PAGE, POINTS_PER_MM
from addrfix.letters.pdf import About, PdfWriter

_CORE = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-号收省市区县镇乡街道路村组栋幢单元室楼"
_LEADING = 1.25
_BARCODE_MM, _CAPTION_PT = 6.5, 7.0
_MODULES_MM = (0.33, 0.25)
"""Widths of a barcode's narrowest bar: the widest that fits, down to what scanners still read."""


def label_faces() -> tuple[Face, Face]:
    """The regular and the bold face."""
    fonts = folder("templates") / "fonts"
    return (
        face("L", fonts / "NotoSerifSC_400Regular.ttf", _CORE),
        face("M", fonts / "NotoSerifSC_700Bold.ttf", _CORE),
    )


def labels_pdf(
    rows: Sequence[Mapping[str, Any]], sheet: LabelSheet, title: str, as_of: date
) -> bytes:
    """The labels of letters.

    Args:
        rows: position, recipient, standardized, postcode (or None), letter_id, tracking_no (or
            None).
        sheet: where labels lie.
        title: of the file.
        as_of: its date.
    """
    regular, bold = label_faces()
    writer = PdfWriter(regular, About("addrfix", title, as_of))
    per_page = sheet.columns * sheet.rows
    for start in range(0, len(rows), per_page):
        placed = tuple(
            _placed(_marks(row, sheet, regular, bold), place, sheet)
            for place, row in enumerate(rows[start : start + per_page])
        )
        writer.add([placed])
    return writer.write(title)


def _placed(marks: tuple[Mark, ...], place: int, sheet: LabelSheet) -> Placed:
    """A label with its upper left corner where it lies on the sheet, row by row."""
    row, column = divmod(place, sheet.columns)
    x = sheet.left + column * (sheet.width + sheet.gap_x)
    y = sheet.top + row * (sheet.height + sheet.gap_y)
    return Placed(marks, x * POINTS_PER_MM, PAGE[1] - y * POINTS_PER_MM)


def _marks(
    row: Mapping[str, Any], sheet: LabelSheet, regular: Face, bold: Face
) -> tuple[Mark, ...]:
    """Postcode, address, recipient from the top; the barcode at the foot."""
    inset = sheet.inset * POINTS_PER_MM
    width = sheet.width * POINTS_PER_MM - 2 * inset
    foot = -sheet.height * POINTS_PER_MM + inset
    room = -inset - (foot + _CAPTION_PT + _BARCODE_MM * POINTS_PER_MM + 2)
    code = row["tracking_no"] or row["letter_id"]
    return (
        *_address(row, regular, bold, sheet.text_pt, (inset, width, room)),
        *_barcode(code, regular, inset, width, foot),
        flush_right(regular, 5.5, inset + width, foot + 0.5, str(row["position"])),
    )


def _address(
    row: Mapping[str, Any], regular: Face, bold: Face, size: float, box: tuple[float, float, float]
) -> Iterator[Mark]:
    """As large as fits; a very long address gets smaller type, down to 6 points, never cut."""
    inset, width, room = box
    while True:
        lines = address_lines(row["standardized"], regular.widths, width / size)
        if size <= 6 or (len(lines) + 1) * size * _LEADING <= room:
            break
        size -= 0.25
    y = -inset - size
    # The postcode and the recipient share the first line, as the counter sorts by the one and
    # looks for the other.
    yield Words(bold, size, inset, y, f"{row['recipient']} 收")
    if row["postcode"]:
        yield flush_right(regular, size, inset + width, y, row["postcode"])
    for line in lines:
        y -= size * _LEADING
        yield Words(regular, size, inset, y, line)


def _barcode(code: str, regular: Face, inset: float, width: float, foot: float) -> Iterator[Mark]:
    widths = bars(code)
    widest, narrowest = (mm * POINTS_PER_MM for mm in _MODULES_MM)
    # Ten modules of blank on either side (ISO/IEC 15417).
    module = min(widest, width / (sum(widths) + 20))
    if module >= narrowest:
        x = inset + (width - sum(widths) * module) / 2
        yield Bars(widths, module, x, foot + _CAPTION_PT + 1, _BARCODE_MM * POINTS_PER_MM)
    yield centred(regular, _CAPTION_PT, inset + width / 2, foot + 0.5, code)
