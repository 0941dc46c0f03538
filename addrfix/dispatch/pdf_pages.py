"""Pages of finished PDFs put into another one, as they are.

Pages are imported into a new document, never deleted from an old one: what is left out is not in
the file at all, not even as an object that no page shows.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]  # it ships no types

from addrfix.model.errors import BatchProblem

# PDFium puts the clock and a random number into every file that it writes.
_DATE = re.compile(rb"/CreationDate\(D:\d{14}[^)]*\)")
_ID = re.compile(rb"/ID\[<([0-9A-F]{32})><([0-9A-F]{32})>\]")


def picked_pages(parts: Iterable[tuple[Path, Sequence[int]]], as_of: date) -> bytes:
    """A PDF of some pages (counted from 1) of some files; the same pages give the same bytes.

    Raises:
        BatchProblem: a file is no PDF, or has not so many pages.
    """
    new = pypdfium2.PdfDocument.new()
    try:
        for path, pages in parts:
            try:
                with pypdfium2.PdfDocument(path) as source:
                    # One call a file: what its pages share stays shared.
                    new.import_pages(source, [page - 1 for page in pages])
            except (pypdfium2.PdfiumError, OSError) as error:
                raise BatchProblem(
                    f"{path}: its pages cannot be read; run `addrfix verify` on the batch"
                ) from error
        written = io.BytesIO()
        new.save(written)
    finally:
        new.close()
    return _without_clock(written.getvalue(), as_of)


def _without_clock(content: bytes, as_of: date) -> bytes:
    """Every byte keeps its place, so the table of offsets stays true."""

    def stamp(found: re.Match[bytes]) -> bytes:
        day = f"/CreationDate(D:{as_of:%Y%m%d}000000".encode("ascii")
        return day + found[0][len(day) :]

    content = _ID.sub(b"/ID[<" + b"0" * 32 + b"><" + b"0" * 32 + b">]", _DATE.sub(stamp, content))
    name = hashlib.md5(content, usedforsecurity=False).hexdigest().upper().encode("ascii")
    return content.replace(b"<" + b"0" * 32 + b">", b"<" + name + b">")
