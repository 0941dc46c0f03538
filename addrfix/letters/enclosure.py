"""Documents of courts that go out behind a letter: their pages are taken over as they are.

Nothing is drawn on these pages, nothing scaled: PDFium copies them, and each is compared with its
original as a picture afterwards. A document begins on the front of a sheet.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]  # it ships no types
from pypdfium2 import raw

from addrfix.letters.page import PAGE, POINTS_PER_MM

# US Letter and its like are wider than A4 by so much; larger pages would be cut by the printer.
_SPARE = 6 * POINTS_PER_MM
_COMPARED_DPI = 50
_ID = re.compile(rb"/ID\s?\[<([0-9A-Fa-f]{32})><([0-9A-Fa-f]{32})>\]")


class BadDocument(ValueError):
    """A document that cannot go out; the message is a reason code of `hold_reasons.tsv`."""


@dataclass(frozen=True, slots=True)
class Given:
    """A document as it was found when the batch was planned."""

    path: Path
    sha256: str
    pages: int


@dataclass(frozen=True, slots=True)
class Extent:
    """How many pages a letter with its documents has, and on which (from 1) each begins."""

    pages: int
    starts: tuple[int, ...]


def extent(own: int, documents: Sequence[int]) -> Extent:
    """Where documents of so many pages lie behind a letter of `own` pages."""
    pages, starts = own, []
    for count in documents:
        pages += pages % 2
        starts.append(pages + 1)
        pages += count
    return Extent(pages, tuple(starts))


def page_count(content: bytes) -> int:
    """The number of pages of a document that can go out.

    Raises:
        BadDocument: damaged, without pages, encrypted, or with a page that is larger than A4.
    """
    with _opened(content) as document:
        for page in document:
            short, long = sorted(page.get_size())
            page.close()
            if short > PAGE[0] + _SPARE or long > PAGE[1] + _SPARE:
                raise BadDocument("document_not_a4")
        return len(document)


@contextmanager
def _opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        encrypted = raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD
        raise BadDocument("document_encrypted" if encrypted else "document_damaged") from error
    try:
        # Some documents open without a password and still forbid what is done here.
        if raw.FPDF_GetSecurityHandlerRevision(document) != -1:
            raise BadDocument("document_encrypted")
        if not len(document):
            raise BadDocument("document_damaged")
        yield document
    except pypdfium2.PdfiumError as error:
        raise BadDocument("document_damaged") from error
    finally:
        document.close()


def enclosed(
    content: bytes, behind: Sequence[tuple[int, Sequence[Given]]], *, fill: bool = False
) -> bytes:
    """A PDF with documents put behind some of its pages.

    Args:
        content: the letter or print file.
        behind: how many pages come before, counted in `content`, and the documents; in this order.
        fill: whether a blank page fills up the sheet of the very last document too.

    Returns:
        The same arguments give the same bytes.

    Raises:
        BadDocument: a file is not what it was, or a copied page does not look like its original.
        OSError: a file cannot be read.
    """
    digest = hashlib.md5(content, usedforsecurity=False)
    added = 0
    with _opened(content) as whole:
        for before, documents in behind:
            for given in documents:
                original = given.path.read_bytes()
                if hashlib.sha256(original).hexdigest() != given.sha256:
                    raise BadDocument("document_altered")
                digest.update(given.sha256.encode("ascii"))
                if (before + added) % 2:
                    whole.new_page(*PAGE, before + added)
                    added += 1
                with _opened(original) as document:
                    whole.import_pages(document, index=before + added)
                    _compare(document, whole, before + added)
                    added += len(document)
            if (fill or len(whole) > before + added) and (before + added) % 2:
                whole.new_page(*PAGE, before + added)
                added += 1
        written = io.BytesIO()
        whole.save(written)
    return _with_id(written.getvalue(), digest.hexdigest())


def _compare(document: pypdfium2.PdfDocument, whole: pypdfium2.PdfDocument, first: int) -> None:
    """Stop where a copied page does not look like its original."""
    for number in range(len(document)):
        if _picture(document, number) != _picture(whole, first + number):
            raise BadDocument("document_altered")


def _picture(document: pypdfium2.PdfDocument, number: int) -> bytes:
    page = document[number]
    bitmap = page.render(scale=_COMPARED_DPI / 72)
    try:
        return bytes(bitmap.buffer)
    finally:
        bitmap.close()
        page.close()


def _with_id(content: bytes, name: str) -> bytes:
    """The file with an ID that its content gives; PDFium draws one at random."""
    found = list(_ID.finditer(content))[-1]
    return content[: found.start(2)] + name.upper().encode("ascii") + content[found.end(2) :]
