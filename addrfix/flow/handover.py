"""A batch to the files that a print house and the post's counter take."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from addrfix.dispatch.folder import file_sha256, write_json
from addrfix.dispatch.pdf_pages import picked_pages
from addrfix.dispatch.records import HANDOVER, current_numbers
from addrfix.files import write_table
from addrfix.flow.batch_lock import alone
from addrfix.flow.batch_records import (
    approval_of,
    cancellations,
    handover_of,
    manifest_of,
    sound_facts,
    sound_file,
)
from addrfix.flow.bind import bound_rows
from addrfix.flow.handover_settings import HandoverSettings, handover_settings, label_sheet
from addrfix.flow.handover_sheet import PrintFileLine, sheet_pdf
from addrfix.flow.label_drawing import labels_pdf
from addrfix.model.errors import BadUsage, BatchProblem
from addrfix.text.counting import counted

SUMS = "SHA256SUMS"
SHEET, LABELS = "handover.pdf", "labels.pdf"
GB18030, UTF8, WORKBOOK = "manifest_gb18030.csv", "manifest_utf8.csv", "manifest.xlsx"


@dataclass(slots=True)
class HandedOver:
    """What a run of `handover` did."""

    letters: int
    pages: int
    sheets: int
    cancelled: int
    print_files: int
    handed_over_on: str
    is_new: bool
    """Was the hand-over recorded in this run."""
    notes: list[str] = field(default_factory=list)


def hand_over(batch: Path, out: Path, on: date, labels: str | None = None) -> HandedOver:
    """Write the files of the hand-over into a new folder and record that it took place.

    The record is written before the folder appears: letters that may have left the house can no
    longer be cancelled. Written again, the same files come out, with the day of the first time.

    Raises:
        BadUsage: `out` is not empty, or there is no such sheet of labels.
        BatchProblem: nobody approved the batch, or a file of it was changed.
    """
    say, sheet = handover_settings(), label_sheet(labels)
    facts = sound_facts(batch)
    approval = approval_of(batch, facts)
    if approval is None:
        raise BatchProblem(
            f"{batch}: nobody has approved it; a second person looks at the sample first: "
            f"`addrfix approve {batch} --by WHO`"
        )
    _check_empty(out)
    with alone(batch):
        before = handover_of(batch)
        day = date.fromisoformat(before["handed_over_on"]) if before else on
        letters = _letters(batch, say)
        inside = _part(out)
        try:
            files = _print_files(batch, letters, facts, inside, day)
            listed = _with_places(letters, files)
            _write_lists(listed, say, inside)
            rows = listed.to_dicts()
            (inside / LABELS).write_bytes(labels_pdf(rows, sheet, facts["batch_id"], day))
            sums = _write_sums(inside)
            done = _summary(listed, files, letters, day, before is None, facts)
            told = _facts(say, facts, approval, done, listed, sums)
            (inside / SHEET).write_bytes(
                sheet_pdf(say, told, files, specimen=bool(facts.get("specimen")), as_of=day)
            )
            if before is None:
                write_json(batch / HANDOVER, _record(facts, approval, done, files, sums))
            _appear(inside, out)
        finally:
            shutil.rmtree(inside, ignore_errors=True)
    return done


def _check_empty(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadUsage(f"{out} exists and is not empty; name a new folder for the hand-over")


def _part(out: Path) -> Path:
    inside = out.absolute().parent / f".{out.name}.{os.getpid()}.part"
    try:
        shutil.rmtree(inside, ignore_errors=True)
        (inside / "print").mkdir(parents=True)
    except OSError as error:
        raise BadUsage(f"{out} cannot be written: {error.strerror}") from error
    return inside


def _appear(inside: Path, out: Path) -> None:
    if out.is_dir():
        out.rmdir()
    inside.replace(out)


def _letters(batch: Path, say: HandoverSettings) -> pl.DataFrame:
    """The manifest with numbers, places and weights; `cancelled` says what is left out."""
    manifest = manifest_of(batch)
    gone = cancellations(batch)["letter_id"]
    numbers = current_numbers(manifest, bound_rows(batch))
    weight = pl.col("sheets") * say.sheet_g + say.envelope_g
    return (
        manifest.drop("tracking_no")
        .join(numbers, on="letter_id", how="left", maintain_order="left")
        .with_columns(
            # The place in the batch stays, so that a list that comes back can be read.
            position=pl.int_range(1, pl.len() + 1),
            cancelled=pl.col("letter_id").is_in(gone.implode()),
            weight_g=weight.round(1),
        )
    )


def _print_files(
    batch: Path, letters: pl.DataFrame, facts: Mapping[str, Any], inside: Path, day: date
) -> list[PrintFileLine]:
    """Copy the print files; one with cancelled letters is written again without their pages.

    A print house prints whole files and inserts by machine: a list of pages to pull out would be a
    letter sent by mistake. The file without them has an `r` behind its number.
    """
    lines: list[PrintFileLine] = []
    for (name,), rows in letters.group_by("print_file", maintain_order=True):
        source = sound_file(batch, str(name), facts)
        kept = rows.filter(~pl.col("cancelled"))
        if kept.is_empty():
            continue
        target = inside / str(name)
        if kept.height == rows.height:
            shutil.copyfile(source, target)
        else:
            target = target.with_name(f"{target.stem}r.pdf")
            target.write_bytes(picked_pages([(source, _pages(kept))], day))
        pages = sum(pages + pages % 2 for pages in kept["pages"])
        place = target.relative_to(inside).as_posix()
        lines.append(PrintFileLine(place, kept.height, pages, file_sha256(target)))
    return lines


def _pages(kept: pl.DataFrame) -> list[int]:
    """The pages of letters, with the empty back of an odd last one."""
    return [
        page
        for start, count in kept.select("start_page", "pages").iter_rows()
        for page in range(start, start + count + count % 2)
    ]


def _with_places(letters: pl.DataFrame, files: list[PrintFileLine]) -> pl.DataFrame:
    """The letters that go out, with the pages where they lie in the files that go out."""
    names = {file.name.replace("r.pdf", ".pdf"): file.name for file in files}
    kept = letters.filter(~pl.col("cancelled"))
    filled = pl.col("pages") + pl.col("pages") % 2
    return kept.with_columns(
        start_page=(filled.cum_sum() - filled + 1).over("print_file").cast(pl.Int32)
    ).with_columns(
        end_page=pl.col("start_page") + pl.col("pages") - 1,
        print_file=pl.col("print_file").replace(names),
    )


def _write_lists(listed: pl.DataFrame, say: HandoverSettings, inside: Path) -> None:
    """The list of letters for the print house (GB18030), for other programs, and for Excel."""
    named = listed.with_columns(pl.col("product").replace(say.words))
    table = named.select(pl.col(name).alias(header) for name, header in say.columns.items())
    write_table(table, inside / UTF8)
    write_table(table, inside / WORKBOOK)
    text = (inside / UTF8).read_bytes().decode("utf-8-sig")
    (inside / GB18030).write_bytes(text.encode("gb18030"))


def _write_sums(inside: Path) -> str:
    """Write the list of hashes that `sha256sum -c` reads; gives its own hash."""
    names = sorted(
        path.relative_to(inside).as_posix() for path in inside.rglob("*") if path.is_file()
    )
    text = "".join(f"{file_sha256(inside / name)}  {name}\n" for name in names)
    (inside / SUMS).write_bytes(text.encode("ascii"))
    return file_sha256(inside / SUMS)


def _summary(
    listed: pl.DataFrame,
    files: list[PrintFileLine],
    letters: pl.DataFrame,
    day: date,
    is_new: bool,
    facts: Mapping[str, Any],
) -> HandedOver:
    without = listed["tracking_no"].null_count()
    notes = []
    if facts.get("specimen"):
        notes.append("the batch is a specimen: its letters are not to be sent")
    if without:
        notes.append(f"{counted(without, 'letter')} without a tracking number")
    return HandedOver(
        letters=listed.height,
        pages=int(listed["pages"].sum()),
        sheets=int(listed["sheets"].sum()),
        cancelled=letters.height - listed.height,
        print_files=len(files),
        handed_over_on=day.isoformat(),
        is_new=is_new,
        notes=notes,
    )


def _facts(
    say: HandoverSettings,
    facts: Mapping[str, Any],
    approval: Mapping[str, Any],
    done: HandedOver,
    listed: pl.DataFrame,
    sums: str,
) -> dict[str, str]:
    """What the sheet says, by the keys of its wording."""
    products = listed.select("carrier", "product").unique(maintain_order=True).iter_rows()
    return {
        "batch_id": facts["batch_id"],
        "handed_over_on": done.handed_over_on,
        "product": "、".join(
            " ".join(say.words.get(word, word) for word in pair if word) for pair in products
        ),
        "letters": f"{done.letters:,}",
        "cancelled": f"{done.cancelled:,}",
        "numbered": f"{listed.height - listed['tracking_no'].null_count():,}",
        "pages": f"{done.pages:,}",
        "sheets": f"{done.sheets:,}",
        "weight_kg": f"{float(listed['weight_g'].sum() or 0) / 1000:,.1f}",
        "made_by": str(facts.get("made_by") or "—"),
        "approved_by": str(approval["approved_by"]),
        "approved_on": str(approval["approved_on"]),
        "sample": f"{len(approval.get('sample', ())):,}",
        "batch_sha256": facts["batch_sha256"],
        "sums_sha256": sums,
    }


def _record(
    facts: Mapping[str, Any],
    approval: Mapping[str, Any],
    done: HandedOver,
    files: list[PrintFileLine],
    sums: str,
) -> dict[str, Any]:
    return {
        "batch_id": facts["batch_id"],
        "batch_sha256": facts["batch_sha256"],
        "handed_over_on": done.handed_over_on,
        "approved_by": approval["approved_by"],
        "letters": done.letters,
        "cancelled": done.cancelled,
        "pages": done.pages,
        "sheets": done.sheets,
        "print_files": {file.name: file.sha256 for file in files},
        "sums_sha256": sums,
    }
