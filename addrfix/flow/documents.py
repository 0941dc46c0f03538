"""The documents of courts that go out behind letters: a table that names them, case by case."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from addrfix.files import read_table
from addrfix.letters.enclosure import BadDocument, extent, page_count
from addrfix.letters.rows import Document
from addrfix.model.errors import BadInput

# Column → headers by which it is known.
HEADERS = {
    "case_id": ("case_id", "案件编号", "案件号"),
    "file": ("file", "文件", "文件名", "文书文件"),
    "title": ("title", "文书名称", "文书"),
    "court": ("court", "法院", "制作法院", "受理法院", "执行法院"),
    "court_case_no": ("court_case_no", "案号"),
}
DOCUMENTS, FAULT = "fact_documents", "fact_document_fault"
SCHEMA: dict[str, Any] = {
    "letter_id": pl.String,
    "own_pages": pl.Int32,
    "number": pl.Int32,
    "start_page": pl.Int32,
    "pages": pl.Int32,
    "sha256": pl.String,
}
"""Columns of `documents.parquet`."""


def read_documents(path: Path) -> pl.DataFrame:
    """The documents by case.

    Args:
        path: a table with the columns of `HEADERS`, a row a document; its files lie in its folder
            or below.

    Returns:
        One row a case: `case_id`, `fact_documents` (JSON, in the order of the table; null where one
        of them cannot go out) and `fact_document_fault` (the reason code, or null).

    Raises:
        BadInput: no table, or a column is missing.
    """
    rows = _rows(path)
    names = _files(path.parent)
    inspected = cache(_inspected)
    cases: dict[str, tuple[list[dict[str, Any]], list[str]]] = {}
    for row in rows.iter_rows(named=True):
        documents, faults = cases.setdefault(row["case_id"], ([], []))
        try:
            documents.append(asdict(_document(row, path.parent, names, inspected)))
        except BadDocument as error:
            faults.append(str(error))
    schema = {"case_id": pl.String, DOCUMENTS: pl.String, FAULT: pl.String}
    return pl.DataFrame(
        [
            (case, None if faults else _json(documents), faults[0] if faults else None)
            for case, (documents, faults) in cases.items()
        ],
        schema=schema,
        orient="row",
    )


def _rows(path: Path) -> pl.DataFrame:
    """The table with the columns of `HEADERS`, trimmed; null where a cell is empty."""
    frame = read_table(str(path)).frame
    found = {
        name: next((header for header in frame.columns if header.strip() in known), None)
        for name, known in HEADERS.items()
    }
    missing = [f"{name} ({HEADERS[name][1]})" for name, header in found.items() if header is None]
    if missing:
        raise BadInput(f"{path}: no column {', '.join(missing)}; see docs/templates.md")
    return frame.select(
        pl.col(str(header)).cast(pl.String).str.strip_chars().replace("", None).alias(name)
        for name, header in found.items()
    ).drop_nulls("case_id")


def with_documents(rows: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Rows of letters with the documents of their cases; a case without any is at fault."""
    joined = rows.join(documents, on="case_id", how="left", maintain_order="left")
    none = joined[DOCUMENTS].is_null() & joined[FAULT].is_null()
    fault = pl.when(none).then(pl.lit("document_none")).otherwise(FAULT).alias(FAULT)
    return joined.with_columns(fault)


def documents_of(written: str | None) -> tuple[Document, ...]:
    """The documents of a cell of `fact_documents`."""
    return tuple(Document(**told) for told in (json.loads(written) if written else ()))


def _files(folder: Path) -> dict[str, Path]:
    """The files in and below a folder by their name in it, with `/`."""
    return {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()
    }


def _document(
    row: dict[str, Any],
    root: Path,
    names: dict[str, Path],
    inspected: Callable[[Path], tuple[str, int | str]],
) -> Document:
    details = [row["title"], row["court"], row["court_case_no"]]
    if row["file"] is None or None in details:
        raise BadDocument("document_details_missing")
    # Only what lies there is taken: a name like ../x leads nowhere.
    path = names.get(row["file"].replace("\\", "/").removeprefix("./"))
    if path is None:
        raise BadDocument("document_missing")
    sha256, pages = inspected(path)
    if isinstance(pages, str):
        raise BadDocument(pages)
    return Document(path.relative_to(root).as_posix(), sha256, pages, *details)


def _inspected(path: Path) -> tuple[str, int | str]:
    """SHA-256 and number of pages of a file, or why it cannot go out."""
    try:
        content = path.read_bytes()
    except OSError:
        return "", "document_missing"
    try:
        return hashlib.sha256(content).hexdigest(), page_count(content)
    except BadDocument as error:
        return "", str(error)


def _json(documents: list[dict[str, Any]]) -> str:
    return json.dumps(documents, ensure_ascii=False, separators=(",", ":"))


def document_rows(letters: pl.DataFrame) -> pl.DataFrame:
    """What a batch says of the documents behind its letters: no name, court or case number.

    Args:
        letters: `letter_id`, `own_pages` and `fact_documents`, a row a letter.

    Returns:
        A row a document: `letter_id`, `own_pages` (pages of the letter itself), `number` (from 1),
        `start_page` (from 1, in the letter's file), `pages`, `sha256` of the file as it was given.
    """
    rows: list[tuple[str, int, int, int, int, str]] = []
    for name, own, told in letters.select("letter_id", "own_pages", DOCUMENTS).iter_rows():
        documents = documents_of(told)
        starts = extent(own, [document.pages for document in documents]).starts
        for number, (start, document) in enumerate(zip(starts, documents, strict=True), start=1):
            rows.append((name, own, number, start, document.pages, document.sha256))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")
