"""Tells from its first bytes what a file is: the suffix is only a hint, users rename files."""

from __future__ import annotations

import re
import zipfile
from enum import Enum
from pathlib import Path

from addrfix.model.errors import BadInput

HEAD = 1 << 16

_NOT_TABLES = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "an SQLite database"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_PAGE = re.compile(rb"\s*<(?:!doctype|html|head|table|\?xml|meta)", re.IGNORECASE)
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# A few control characters stand in real exports; a tenth of all bytes never does.
_MOST_CONTROLS = 0.05


class Kind(Enum):
    """Formats that are read."""

    TEXT = "delimited text"
    XLSX = "workbook"
    PARQUET = "Parquet"
    JSON_LINES = "JSON Lines"
    JSON_ARRAY = "JSON array"


def kind_of(head: bytes, name: str, path: Path | None = None, *, wide: bool = False) -> Kind:
    """The format of a file that begins with `head` (up to `HEAD` bytes).

    Args:
        head: the first bytes.
        name: for messages.
        path: to look into an archive; None for a stream.
        wide: whether the user says that it is text in UTF-16, which is full of zero bytes.

    Raises:
        BadInput: empty, or not a table.
    """
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise BadInput(f"{name} is empty; a table needs a row of headers")
    if head.startswith(b"PAR1"):
        return Kind.PARQUET
    if head.startswith(b"PK\x03\x04") and path is not None:
        return _zip_kind(path, name)
    _refuse(head, name, wide)
    if wide or looks_utf16(head):
        return Kind.TEXT
    suffix = Path(name).suffix.lower()
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] == b"{" and (suffix in (".jsonl", ".ndjson", ".json") or b'":' in start):
        return Kind.JSON_LINES
    if start[:1] == b"[" and (suffix in (".json", ".jsonl") or re.match(rb"\[\s*[{\]]", start)):
        return Kind.JSON_ARRAY
    if suffix in (".jsonl", ".ndjson"):
        return Kind.JSON_LINES
    return Kind.TEXT


def looks_utf16(head: bytes) -> str | None:
    """The UTF-16 codec of a text that has its mark or, without one, every other byte zero."""
    if head.startswith(_UTF16_MARKS):
        return "utf-16"
    sample = head[: len(head) // 2 * 2][:4096]
    if len(sample) < 16:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half * 0.25 and even < half * 0.02:
        return "utf-16-le"
    if even > half * 0.25 and odd < half * 0.02:
        return "utf-16-be"
    return None


def _zip_kind(path: Path, name: str) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            members = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, NotImplementedError, UnicodeError):
        raise BadInput(
            f"{name} is a broken workbook or archive; open it in Excel and save it again as .xlsx"
        ) from None
    if "xl/workbook.xml" in members:
        return Kind.XLSX
    if "xl/workbook.bin" in members:
        raise BadInput(f"{name} is a binary workbook (.xlsb); save it in Excel as .xlsx")
    if "mimetype" in members and "content.xml" in members:
        raise BadInput(f"{name} is an OpenDocument file; save it as .xlsx")
    if "word/document.xml" in members:
        raise BadInput(f"{name} is a Word document, not a table; copy its table into a workbook")
    raise BadInput(f"{name} is a ZIP archive, not a table; unpack it first")


def _refuse(head: bytes, name: str, wide: bool) -> None:
    for mark, what in _NOT_TABLES:
        if head.startswith(mark):
            raise BadInput(f"{name} is not a table but {what}")
    if head.startswith(b"PK\x03\x04"):
        raise BadInput(f"{name} is a workbook or archive; give it by its file name")
    if head.startswith(_OLD_OFFICE):
        raise BadInput(
            f"{name} is an old .xls workbook or one with a password; "
            "open it in Excel and save it as .xlsx without a password"
        )
    if _PAGE.match(head):
        raise BadInput(
            f"{name} is a web page or XML whatever its suffix says; "
            "open it in Excel and save it as .xlsx"
        )
    if wide or looks_utf16(head):
        return
    controls = sum(head.count(byte) for byte in range(32) if byte not in (9, 10, 13, 26))
    if controls > 8 and controls > _MOST_CONTROLS * len(head):
        raise BadInput(
            f"{name} is not a table that can be read (CSV, TSV, XLSX, Parquet, JSON Lines or JSON)"
        )
