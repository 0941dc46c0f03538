"""Verifying a batch folder: every hash, page range, check character, barcode and text again.

Each difference is one line that names the file or letter id and what is wrong, never a person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl

from addrfix.carriers.tracking_number import NumberFault, fault_of
from addrfix.dispatch import folder as places
from addrfix.dispatch.ids import CODES_CHECKED, case_id_hash, is_letter_id, sample
from addrfix.dispatch.manifest import read_manifest
from addrfix.dispatch.records import APPROVAL, HANDOVER, binding_faults, record_faults
from addrfix.files import read_table
from addrfix.flow.batch_records import cancellations
from addrfix.flow.progress import letters_bar
from addrfix.letters.amounts import money
from addrfix.letters.readback import ReadPdf, UnreadablePdf, squeezed, unread_code
from addrfix.letters.signature_check import signature_fault
from addrfix.model.errors import AddrfixError, BatchProblem

_CODES = {"barcode": "barcode", "qr_code": "QR code"}


@dataclass(slots=True)
class Verified:
    """What verifying found."""

    batch_id: str
    letters: int
    differences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What was not checked, and why."""


def verify_batch(
    batch: Path, *, progress: bool = True, check_barcodes: int | None = CODES_CHECKED
) -> Verified:
    """Check a batch folder against itself.

    Args:
        batch: the folder.
        progress: whether a bar is drawn on stderr.
        check_barcodes: how many letters' barcode and QR code a reader has to find in the picture of
            the page, the same letters as when the batch was made; None for all. The bars of every
            letter are measured besides.

    Raises:
        BatchProblem: it is no batch folder, or `batch.json` is damaged.
    """
    facts = places.read_facts(batch)
    if facts.get("format") != places.FORMAT:
        raise BatchProblem(
            f"{batch / places.BATCH}: format {facts.get('format')} is not one that this version "
            f"knows ({places.FORMAT}); verify it with the version of addrfix that it names"
        )
    _check_shape(batch, facts)
    can_check = find_spec("asn1crypto") and find_spec("cryptography")
    done = Verified(str(facts.get("batch_id")), 0)
    if facts.get("batch_sha256") != places.facts_sha256(facts):
        done.differences.append(f"{places.BATCH}: its hash is not that of its content")
    if facts.get("signature") and not can_check:
        done.notes.append("signatures were not checked: pip install addrfix[sign]")
        facts = {**facts, "signature": None}
    done.differences += _files(batch, facts)
    hidden = _private(batch, facts, done)
    try:
        manifest = read_manifest(batch / places.MANIFEST)
    except BatchProblem as error:
        done.differences.append(str(error))
        return done
    done.letters = manifest.height
    done.differences += _stray(batch, facts, manifest)
    done.differences += _copies(batch, manifest)
    done.differences += _counts(facts, manifest)
    done.differences += _rows(batch, manifest, hidden)
    done.differences += _records(batch, facts, manifest)
    chosen = sample(manifest["letter_id"], check_barcodes)
    laid = manifest.join(_own_pages(batch), on="letter_id", how="left", maintain_order="left")
    done.differences += _letters(batch, facts, laid, hidden, chosen, progress)
    done.differences += _print_files(batch, laid)
    return done


def _own_pages(batch: Path) -> pl.DataFrame:
    """Pages of letters without the documents behind them, where there are any."""
    schema = {"letter_id": pl.String, "own_pages": pl.Int32}
    try:
        documents = pl.read_parquet(batch / places.DOCUMENTS)
        return documents.select(pl.col(n).cast(kind) for n, kind in schema.items()).unique()
    except (OSError, pl.exceptions.PolarsError):
        # Not there, or changed: then its hash tells so.
        return pl.DataFrame(schema=schema)


def _check_shape(batch: Path, facts: Mapping[str, Any]) -> None:
    """Stop at a `batch.json` that no version of addrfix wrote."""
    files, box = facts.get("files"), facts.get("barcode_mm")
    good = (
        isinstance(files, dict)
        and not any(".." in name or Path(name).is_absolute() for name in files)
        and all(isinstance(facts.get(key), dict) for key in ("counts", "totals"))
        and isinstance(facts.get("signature", {}), dict)
        and isinstance(box, list)
        and len(box) == 4
        and all(isinstance(value, int | float) for value in box)
    )
    if not good:
        raise BatchProblem(f"{batch / places.BATCH} is damaged: it lacks what a batch needs")


def _files(batch: Path, facts: Mapping[str, Any]) -> Iterator[str]:
    for name, wanted in sorted(facts.get("files", {}).items()):
        path = batch / name
        if not path.is_file():
            yield f"{name}: missing"
        elif places.file_sha256(path) != wanted:
            yield f"{name}: changed (its hash differs from {places.BATCH})"


def _private(batch: Path, facts: Mapping[str, Any], done: Verified) -> pl.DataFrame | None:
    """Check `private/`; its table, where it is there and whole."""
    if not (batch / places.PRIVATE).is_dir():
        done.notes.append("private/ is not in this copy: case ids and amounts were not checked")
        return None
    path = batch / places.PRIVATE_HASHES
    if not path.is_file():
        done.differences.append(f"{places.PRIVATE_HASHES}: missing")
        return None
    if places.file_sha256(path) != facts.get("private_sha256"):
        done.differences.append(f"{places.PRIVATE_HASHES}: changed")
        return None
    wrong = list(_files(batch, {"files": places.read_json(path)}))
    done.differences += wrong
    return None if wrong else pl.read_parquet(batch / places.PICKS)


def _stray(batch: Path, facts: Mapping[str, Any], manifest: pl.DataFrame) -> Iterator[str]:
    """Files that belong to no batch."""
    letters = {places.letter_file(name) for name in manifest["letter_id"]}
    known = letters | set(facts.get("files", {})) | {places.BATCH, places.PRIVATE_HASHES}
    known |= set(places.PRIVATE_FILES) | places.LATER_FILES
    stray = []
    for path in batch.rglob("*"):
        name = path.relative_to(batch).as_posix()
        passing = path.name.startswith(".") and path.suffix in (".lock", ".part")
        if name not in known and path.is_file() and not passing:
            stray.append(name)
    for name in sorted(stray):
        yield f"{name}: extra, not part of this batch"


def _copies(batch: Path, manifest: pl.DataFrame) -> Iterator[str]:
    """The manifest in its other formats says the same."""
    wanted = manifest.with_columns(pl.all().cast(pl.String).fill_null(""))
    for name in places.MANIFEST_COPIES:
        try:
            copy = read_table(batch / name).frame
        except AddrfixError:
            yield f"{name}: cannot be read"
            continue
        texts = copy.with_columns(pl.all().cast(pl.String).fill_null(""))
        numbers = ("p_signed", "pages", "sheets", "start_page", "end_page")
        if texts.columns != wanted.columns or texts.height != wanted.height:
            yield f"{name}: has other rows or columns than {places.MANIFEST}"
            continue
        same = all(
            texts[column].cast(pl.Float64, strict=False).equals(manifest[column].cast(pl.Float64))
            if column in numbers
            else texts[column].equals(wanted[column])
            for column in wanted.columns
        )
        if not same:
            yield f"{name}: does not say the same as {places.MANIFEST}"


def _counts(facts: Mapping[str, Any], manifest: pl.DataFrame) -> Iterator[str]:
    found = {
        "counts.letters": manifest.height,
        "counts.print_files": manifest["print_file"].n_unique(),
        "totals.pages": int(manifest["pages"].sum()),
        "totals.sheets": int(manifest["sheets"].sum()),
    }
    for key, count in found.items():
        group, name = key.split(".")
        stated = facts.get(group, {}).get(name)
        if stated != count:
            yield f"{places.BATCH}: {key} is {stated}, the manifest has {count}"
    if facts.get("letters_sha256") != places.chained(manifest["sha256"]):
        yield f"{places.MANIFEST}: the hashes of its letters are not those of {places.BATCH}"


def _rows(batch: Path, manifest: pl.DataFrame, hidden: pl.DataFrame | None) -> Iterator[str]:
    """Check characters, check digits, doubles, page ranges, hashes of case ids."""
    for column in ("letter_id", "letter_no", "tracking_no"):
        values = manifest[column].drop_nulls()
        for value in values.filter(values.is_duplicated()).unique(maintain_order=True):
            yield f"{places.MANIFEST}: {column} {value} stands more than once"
    for name in manifest["letter_id"]:
        if not is_letter_id(name):
            yield f"{name}: the check character of the letter id is wrong"
    numbers = manifest.select("letter_id", "tracking_no")
    bindings = batch / "bindings.parquet"
    if bindings.is_file():
        try:
            bound = pl.read_parquet(bindings).select("letter_id", "tracking_no").cast(pl.String)
            yield from binding_faults(dict(numbers.iter_rows()), bound.drop_nulls().rows())
            numbers = pl.concat([numbers, bound])
        except pl.exceptions.PolarsError:
            yield "bindings.parquet: cannot be read"
    for name, number in numbers.drop_nulls().iter_rows():
        if fault_of(number) is NumberFault.CHECK_DIGIT:
            yield f"{name}: the check digit of its tracking number is wrong"
    if hidden is not None:
        secret = bytes.fromhex((batch / places.SECRET).read_text(encoding="ascii").strip())
        cases = dict(hidden.select("letter_id", "case_id").iter_rows())
        for name, stated in manifest.select("letter_id", "case_id_hash").iter_rows():
            if name not in cases or case_id_hash(secret, cases[name]) != stated:
                yield f"{name}: case_id_hash is not that of its case"


def _records(batch: Path, facts: Mapping[str, Any], manifest: pl.DataFrame) -> Iterator[str]:
    """What was recorded later belongs to this batch."""
    try:
        yield from record_faults(
            set(manifest["letter_id"]),
            facts.get("batch_sha256"),
            cancellations(batch)["letter_id"],
            {
                name: places.read_json(batch / name)
                for name in (APPROVAL, HANDOVER)
                if (batch / name).is_file()
            },
        )
    except BatchProblem as error:
        yield str(error)


def _letters(
    batch: Path,
    facts: Mapping[str, Any],
    manifest: pl.DataFrame,
    hidden: pl.DataFrame | None,
    chosen: frozenset[str],
    progress: bool,
) -> Iterator[str]:
    """Every letter's file: hash, pages, text, codes."""
    totals: dict[str, str] = {}
    if hidden is not None and facts.get("template", {}).get("amounts", True):
        parts = [pl.col(name).fill_null(0) for name in ("principal", "interest", "fees")]
        summed = hidden.select("letter_id", sum(parts[1:], parts[0]).alias("total"))
        totals = {name: money(Decimal(total)) for name, total in summed.iter_rows()}
    with letters_bar(manifest.height, shown=progress) as advance:
        for row in manifest.iter_rows(named=True):
            advance(1)
            path = batch / places.letter_file(row["letter_id"])
            if not path.is_file():
                yield f"{places.letter_file(row['letter_id'])}: missing"
                continue
            content = path.read_bytes()
            if hashlib.sha256(content).hexdigest() != row["sha256"]:
                yield f"{places.letter_file(row['letter_id'])}: changed (its hash differs)"
            decoded = row["letter_id"] in chosen
            yield from _letter(content, row, facts, totals.get(row["letter_id"]), decoded)


def _letter(
    content: bytes,
    row: Mapping[str, Any],
    facts: Mapping[str, Any],
    total: str | None,
    decoded: bool,
) -> Iterator[str]:
    name = row["letter_id"]
    signed = facts.get("signature")
    fault = signature_fault(content, str(signed.get("certificate_sha256"))) if signed else None
    if fault:
        yield f"{name}: {fault}"
    try:
        with ReadPdf(content) as read:
            if len(read) != row["pages"]:
                yield f"{name}: {len(read)} pages where the manifest has {row['pages']}"
            yield from _codes(read, row, facts, decoded)
            texts = [read.text(page) for page in range(len(read))]
            yield from _text(texts, row, facts, total)
    except UnreadablePdf:
        yield f"{name}: its file is not a PDF that can be read"


def _codes(
    read: ReadPdf, row: Mapping[str, Any], facts: Mapping[str, Any], decoded: bool
) -> Iterator[str]:
    """The barcode by its bars; where `decoded`, both codes by a reader of others' making."""
    name = row["letter_id"]
    wanted = row["tracking_no"] or name
    try:
        barcode = read.barcode(0, facts["barcode_mm"])
    except (ValueError, KeyError, IndexError) as error:
        yield f"{name}: the barcode cannot be read ({error})"
        return
    if barcode != wanted:
        yield f"{name}: the barcode says something else than the manifest"
    elif decoded:
        # Batches made before there were QR codes do not name a place for them.
        lacks = unread_code(read, wanted, name if "qr_mm" in facts else None)
        if lacks:
            yield f"{name}: a reader does not find the {_CODES[lacks]} on the page"


def _text(
    texts: list[str], row: Mapping[str, Any], facts: Mapping[str, Any], total: str | None
) -> Iterator[str]:
    whole = "".join(texts)
    wanted = {key: row[key] for key in ("recipient", "standardized", "postcode", "letter_no")}
    wanted["letter_id"] = row["letter_id"]
    wanted["amount"] = total
    for key, text in wanted.items():
        if text and squeezed(text) not in whole:
            yield f"{row['letter_id']}: its text does not say the {key} of the manifest"
    mark = facts.get("watermark")
    if mark and not all(mark in text for text in texts[: row["own_pages"]]):
        yield f"{row['letter_id']}: a page without {mark}"


def _print_files(batch: Path, manifest: pl.DataFrame) -> Iterator[str]:
    """Page ranges, and that each range holds the pages of its letter."""
    for (name,), rows in manifest.group_by("print_file", maintain_order=True):
        path = batch / str(name)
        if not path.is_file():
            continue
        try:
            with ReadPdf(path.read_bytes()) as read:
                yield from _ranges(str(name), read, rows)
        except UnreadablePdf:
            yield f"{name}: not a PDF that can be read"


def _ranges(name: str, read: ReadPdf, rows: pl.DataFrame) -> Iterator[str]:
    after = 1
    for row in rows.iter_rows(named=True):
        start, end, letter = row["start_page"], row["end_page"], row["letter_id"]
        if start != after or not start % 2 or end - start + 1 != row["pages"]:
            yield f"{letter}: pages {start} to {end} of {name} are not its place"
        if end <= len(read):
            for page in range(start, start + (row["own_pages"] or row["pages"])):
                if squeezed(letter) not in read.text(page - 1):
                    yield f"{letter}: page {page} of {name} is not a page of this letter"
        # A letter with an odd number of pages is followed by an empty one.
        after = end + 1 + end % 2
    if len(read) != after - 1:
        yield f"{name}: {len(read)} pages where the manifest has {after - 1}"
