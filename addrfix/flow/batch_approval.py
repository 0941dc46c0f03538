"""A second person looks at a sample of a batch and lets it go to print house and post."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from addrfix.dispatch.folder import file_sha256, write_json
from addrfix.dispatch.pdf_pages import picked_pages
from addrfix.dispatch.records import APPROVAL, SAMPLE, SAMPLE_LIST, current_numbers, sample_of
from addrfix.files import write_table
from addrfix.flow.batch_folder import write_whole
from addrfix.flow.batch_lock import alone
from addrfix.flow.batch_records import approval_of, manifest_of, sound_facts, sound_file
from addrfix.flow.bind import bound_rows
from addrfix.model.errors import BadUsage

_LISTED = ("letter_id", "tracking_no", "recipient", "standardized", "postcode", "print_file")


@dataclass(frozen=True, slots=True)
class Approval:
    """What a run of `approve` did."""

    sample: int
    letters: int
    folder: Path
    """Where the sample lies."""
    approved_by: str | None
    approved_on: str | None
    is_new: bool
    """Was it recorded in this run."""


def approve(batch: Path, by: str | None, on: date) -> Approval:
    """Write the sample of a batch and, where `by` says who, record that it was approved.

    The sample hangs on the batch hash alone. An approval that is there already stays.

    Raises:
        BadUsage: who approves is who made the batch.
        BatchProblem: the folder is no batch, or was changed since it was sealed.
    """
    facts = sound_facts(batch)
    maker = str(facts.get("made_by") or "")
    if by is not None and _plain(by) == _plain(maker or "\0"):
        raise BadUsage(f"--by {by}: made the batch; a second person has to approve it")
    if by is not None and not _plain(by):
        raise BadUsage("--by: say who approves the batch")
    manifest = manifest_of(batch)
    sample = sample_of(manifest["letter_id"].to_list(), facts["batch_sha256"])
    with alone(batch):
        _write_sample(batch, manifest, sample, facts)
        there = approval_of(batch, facts)
        told = there
        if there is None and by is not None:
            told = _record(facts, sample, by.strip(), on, file_sha256(batch / SAMPLE))
            write_json(batch / APPROVAL, dict(told))
    return Approval(
        sample=len(sample),
        letters=manifest.height,
        folder=(batch / SAMPLE).parent,
        approved_by=None if told is None else told["approved_by"],
        approved_on=None if told is None else told["approved_on"],
        is_new=told is not there,
    )


def _record(
    facts: Mapping[str, Any], sample: list[str], by: str, on: date, digest: str
) -> dict[str, Any]:
    return {
        "batch_id": facts["batch_id"],
        "batch_sha256": facts["batch_sha256"],
        "approved_by": by,
        "approved_on": on.isoformat(),
        "sample_sha256": digest,
        "sample": sample,
    }


def _write_sample(
    batch: Path, manifest: pl.DataFrame, sample: list[str], facts: Mapping[str, Any]
) -> None:
    """The letters of the sample as one PDF, in the order of the batch, and a list to tick off."""
    rows = manifest.filter(pl.col("letter_id").is_in(sample))
    parts: dict[str, list[int]] = {}
    starts, page = [], 1
    for row in rows.iter_rows(named=True):
        parts.setdefault(row["print_file"], []).extend(
            range(row["start_page"], row["end_page"] + 1)
        )
        starts.append(page)
        page += row["pages"]
    (batch / SAMPLE).parent.mkdir(exist_ok=True)
    sound = ((sound_file(batch, name, facts), pages) for name, pages in parts.items())
    content = picked_pages(sound, date.fromisoformat(facts["as_of"]))
    write_whole(content, batch / SAMPLE)
    numbers = current_numbers(manifest, bound_rows(batch))
    listed = (
        rows.select("letter_id", *_LISTED[2:])
        .join(numbers, on="letter_id", how="left", maintain_order="left")
        .select(
            pl.Series("page", starts, dtype=pl.Int32), *_LISTED,
            looked_at=pl.lit(""), remark=pl.lit(""),
        )
    )  # fmt: skip
    write_table(listed, batch / SAMPLE_LIST)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
