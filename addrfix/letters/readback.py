"""Reads finished PDFs back: their text, and barcode and QR code from the rendered page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # it ships no types
import zxingcpp

from addrfix.letters.amounts import money
from addrfix.letters.code128 import text_of
from addrfix.letters.draft import Draft
from addrfix.letters.envelope import Window
from addrfix.letters.facts import LetterFacts
from addrfix.letters.page import POINTS_PER_MM

_Kind = zxingcpp.BarcodeFormat

# PDFium says a hyphen at the end of a line with one of these.
_HYPHENS = str.maketrans({"\ufffe": "-", "\x02": "-", "\xad": "-"})
_DPI = 300
# What office scanners give; both codes are read from 150 dpi on.
_SCAN_DPI = 200


class UnreadablePdf(ValueError):
    """The file is not a PDF that can be read."""


def squeezed(text: str) -> str:
    """A text without white space, as texts are compared."""
    return re.sub(r"\s+", "", text.translate(_HYPHENS))


class ReadPdf:
    """An open PDF; close it with `with`.

    Raises:
        UnreadablePdf: it cannot be opened.
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            raise UnreadablePdf(str(error)) from error
        # Opening a page takes longer than anything that is asked of it, so the last one stays open.
        self._open: tuple[int, Any, Any] | None = None

    def __enter__(self) -> ReadPdf:
        return self

    def __exit__(self, *_: object) -> None:
        self._close_page()
        self._document.close()

    def _page(self, number: int) -> tuple[Any, Any]:
        """A page (0-based) and its text, both open until another page is asked for."""
        if self._open is None or self._open[0] != number:
            self._close_page()
            page = self._document[number]
            self._open = number, page, page.get_textpage()
        return self._open[1:]

    def _close_page(self) -> None:
        if self._open is not None:
            _, page, text = self._open
            self._open = None
            text.close()
            page.close()

    def __len__(self) -> int:
        return len(self._document)

    def text(self, page: int) -> str:
        """The text of a page (0-based), squeezed."""
        _, text = self._page(page)
        return squeezed(str(text.get_text_range()))

    def text_in(self, page: int, box_mm: Sequence[float]) -> str:
        """The text in a box of a page (0-based), squeezed.

        Args:
            page: 0-based.
            box_mm: left, top, right and bottom, from the page's upper left corner.
        """
        left, top, right, bottom = (mm * POINTS_PER_MM for mm in box_mm)
        shown, text = self._page(page)
        height = shown.get_height()
        return squeezed(text.get_text_bounded(left, height - bottom, right, height - top))

    def barcode(self, page: int, box_mm: Sequence[float]) -> str:
        """The Code 128 barcode in a box of the page, decoded from the rendered pixels.

        Args:
            page: 0-based.
            box_mm: left, top, width and height, from the page's upper left corner.

        Raises:
            ValueError: there is none that can be read.
        """
        left, top, width, height = (mm * POINTS_PER_MM for mm in box_mm)
        shown, _ = self._page(page)
        full_width, full_height = shown.get_size()
        crop = (left, full_height - top - height, full_width - left - width, top)
        bitmap = shown.render(scale=_DPI / 72, grayscale=True, crop=crop)
        middle = bitmap.height // 2
        row = bytes(bitmap.buffer)[middle * bitmap.stride :][: bitmap.width]
        bitmap.close()
        return text_of(_runs(row))

    def codes(self, page: int) -> set[tuple[_Kind, str]]:
        """Kind and text of every Code 128 and QR code on a page (0-based), found in its picture.

        The picture is as a scanner gives it, the reader a program of others that knows nothing of
        where our codes are: what it finds, a post office's reader finds.
        """
        shown, _ = self._page(page)
        bitmap = shown.render(scale=_SCAN_DPI / 72, grayscale=True)
        picture = bitmap.to_numpy()
        found = zxingcpp.read_barcodes(
            picture.reshape(picture.shape[:2]),
            formats=zxingcpp.BarcodeFormats((_Kind.Code128, _Kind.QRCode)),
        )
        bitmap.close()
        return {(code.format, code.text) for code in found}


def unread_code(read: ReadPdf, barcode: str, qr_code: str | None) -> str | None:
    """`barcode` or `qr_code` where a reader does not find it on the first page as it should be.

    Args:
        read: the letter.
        barcode: what the barcode should say.
        qr_code: what the QR code should say; None for letters that have none.
    """
    codes = read.codes(0)
    wanted = {"barcode": (_Kind.Code128, barcode)}
    if qr_code is not None:
        wanted["qr_code"] = (_Kind.QRCode, qr_code)
    return next((name for name, code in wanted.items() if code not in codes), None)


def _runs(row: bytes) -> list[float]:
    """Widths of the dark and light runs of a row of pixels, from the first dark one to the last.

    Grey edge pixels count by their share, so that widths are finer than a pixel.
    """
    runs: list[float] = []
    dark_now = False
    for value in row:
        ink = 1 - value / 255
        dark = ink >= 0.5
        if dark != dark_now:
            if dark_now or runs or dark:
                runs.append(0.0)
            dark_now = dark
        if not runs:
            continue
        runs[-1] += ink if dark else 1 - ink
        if len(runs) > 1:
            runs[-2] += (1 - ink) if dark else ink
    return runs if dark_now else runs[:-1]


def missing_from(
    read: ReadPdf,
    facts: LetterFacts,
    watermark: str | None,
    pages: int,
    *,
    behind: int = 0,
    amounts: bool = True,
) -> str | None:
    """What of a letter its finished PDF does not say; None where all is there.

    Args:
        read: the file.
        facts: what it should say.
        watermark: what every page of the letter itself should say.
        pages: of the letter itself.
        behind: pages of the documents behind it.
        amounts: whether it says what is owed.
    """
    if len(read) != pages + behind:
        return "pages"
    texts = [read.text(page) for page in range(pages)]
    if watermark and not all(squeezed(watermark) in text for text in texts):
        return "watermark"
    whole = "".join(texts)
    wanted = {
        "recipient": facts.recipient,
        "letter_no": facts.letter_no,
        "letter_id": facts.letter_id,
        "standardized": facts.standardized,
    }
    if amounts:
        wanted["total"] = money(facts.total)
    absent = (name for name, text in wanted.items() if squeezed(text) not in whole)
    return next(absent, None)


def shows_only_recipient(
    read: ReadPdf, draft: Draft, window: Window, watermark: str | None
) -> bool:
    """Does the window show the recipient block and nothing else, wherever the sheet has moved.

    All of the block stands in what every position shows, nothing more in what any position shows.
    A specimen's watermark may run through it.
    """
    wanted = squeezed("".join(draft.window()))
    for moved in (-window.tolerance, window.tolerance):
        box = (
            window.left - moved, window.top - moved, window.right + moved, window.bottom + moved,
        )  # fmt: skip
        shown = read.text_in(0, box)
        around = set(shown.removesuffix(wanted))
        if not shown.endswith(wanted) or around - set(watermark or ""):
            return False
    return True
