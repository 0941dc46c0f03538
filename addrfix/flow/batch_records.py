"""Reads what is recorded about a batch: approval, hand-over, cancelled letters; and the letters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from addrfix.dispatch import records
from addrfix.dispatch.folder import (
    BATCH,
    MANIFEST,
    TAKE_A_COPY,
    facts_sha256,
    file_sha256,
    read_facts,
    read_json,
)
from addrfix.dispatch.manifest import read_manifest
from addrfix.flow.batch_folder import read_batch_table
from addrfix.model.errors import BatchProblem


def sound_facts(batch: Path) -> dict[str, Any]:
    """What `batch.json` says, after a look whether it says what it said when it was sealed.

    Raises:
        BatchProblem: it is missing, damaged or was changed.
    """
    facts = read_facts(batch)
    if facts.get("batch_sha256") != facts_sha256(facts):
        raise BatchProblem(
            f"{batch / BATCH}: its hash is not that of its content; run `addrfix verify` on the "
            "batch"
        )
    return facts


def sound_file(batch: Path, name: str, facts: Mapping[str, Any]) -> Path:
    """A file of the batch, after a look whether it is the one that was sealed.

    Raises:
        BatchProblem: it is missing or was changed.
    """
    path = batch / name
    if not path.is_file() or file_sha256(path) != facts["files"].get(name):
        raise BatchProblem(f"{path}: missing or changed; run `addrfix verify` on the batch")
    return path


def manifest_of(batch: Path) -> pl.DataFrame:
    """The manifest of a batch.

    Raises:
        BatchProblem: missing or damaged.
    """
    return read_manifest(batch / MANIFEST)


def cancellations(batch: Path) -> pl.DataFrame:
    """The letters that were taken back, in the order of that; empty where there are none."""
    path = batch / records.CANCELLATIONS
    if not path.is_file():
        return pl.DataFrame(schema=records.CANCELLATION_SCHEMA)
    return read_batch_table(path, *records.CANCELLATION_SCHEMA).select(
        pl.col(name).cast(kind) for name, kind in records.CANCELLATION_SCHEMA.items()
    )


def handover_of(batch: Path) -> Mapping[str, Any] | None:
    """What was recorded when the batch was handed over; None before that."""
    path = batch / records.HANDOVER
    return _record(path, "handed_over_on") if path.is_file() else None


def _record(path: Path, day: str, *others: str) -> dict[str, Any]:
    """A record with a day and other texts in it.

    Raises:
        BatchProblem: it lacks one of them, or the day is none.
    """
    content = read_json(path)
    try:
        date.fromisoformat(str(content[day]))
        whole = all(isinstance(content[key], str) for key in others)
    except (KeyError, ValueError):
        whole = False
    if not whole:
        raise BatchProblem(f"{path} is damaged: it lacks what addrfix wrote; {TAKE_A_COPY}")
    return content


def approval_of(batch: Path, facts: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Who approved the batch and when; None where nobody did.

    Raises:
        BatchProblem: the approval is of a batch with another hash.
    """
    path = batch / records.APPROVAL
    if not path.is_file():
        return None
    approval = _record(path, "approved_on", "approved_by", "batch_sha256")
    if approval.get("batch_sha256") != facts["batch_sha256"]:
        raise BatchProblem(
            f"{path}: the approval is of a batch with another hash; remove the file and have the "
            "batch approved again"
        )
    return approval
