"""A batch folder as tracking and reporting see it: letters, their numbers, whole files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import polars as pl

from addrfix.dispatch.folder import BATCH, MANIFEST, TAKE_A_COPY, read_facts
from addrfix.dispatch.records import current_numbers
from addrfix.model.errors import BatchProblem


def manifest_letters(batch: Path) -> pl.DataFrame:
    """`letter_id` and `tracking_no` of every letter, in manifest order; bound numbers filled in.

    Raises:
        BatchProblem: not a batch folder, a letter or a number stands twice, or a number is bound
            to a letter that the manifest does not have.
    """
    if not (batch / MANIFEST).is_file():
        raise BatchProblem(
            f"{batch}: no {MANIFEST}; this is not a batch folder of `addrfix letters`"
        )
    batch_facts(batch)
    manifest = read_batch_table(batch / MANIFEST, "letter_id", "tracking_no")
    letters = manifest.select(pl.col("letter_id", "tracking_no").cast(pl.String))
    if (batch / "bindings.parquet").is_file():
        bound = read_batch_table(batch / "bindings.parquet", "letter_id", "tracking_no")
        letters = _with_bound(batch, letters, bound.select(pl.exclude("bound_on")))
    for column in ("letter_id", "tracking_no"):
        twice = letters.filter(pl.col(column).is_not_null() & pl.col(column).is_duplicated())
        if not twice.is_empty():
            raise BatchProblem(
                f"{batch}: {column} {twice[column][0]} stands at {twice.height} letters; "
                "a result could not be told from another's"
            )
    return letters


def _with_bound(batch: Path, letters: pl.DataFrame, bound: pl.DataFrame) -> pl.DataFrame:
    stray = bound.join(letters, on="letter_id", how="anti")
    if not stray.is_empty():
        raise BatchProblem(
            f"{batch}/bindings.parquet: {stray['letter_id'][0]} is not a letter of this batch"
        )
    return current_numbers(letters, bound)


_MADE_AGAIN = {
    "events.parquet": "move it away and run `addrfix track` again on the carrier's files",
    "outcomes.parquet": "run `addrfix track` on the batch, which writes it again",
}


def read_batch_table(path: Path, *columns: str) -> pl.DataFrame:
    """A Parquet file of a batch folder.

    Raises:
        BatchProblem: missing, cut off or damaged, or without one of `columns`; says what to do.
    """
    if not path.is_file():
        raise BatchProblem(
            f"{path} is missing; {path.parent} is not a whole batch folder of `addrfix letters`"
        )
    remedy = _MADE_AGAIN.get(path.name, TAKE_A_COPY)
    try:
        frame = pl.read_parquet(path, glob=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise BatchProblem(f"{path} is damaged or cut off; {remedy}") from error
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise BatchProblem(f"{path} has no column {', '.join(missing)}; {remedy}")
    return frame


def batch_facts(batch: Path) -> dict[str, Any]:
    """What `batch.json` says; empty where there is none.

    Raises:
        BatchProblem: it is not what addrfix wrote.
    """
    return read_facts(batch) if (batch / BATCH).is_file() else {}


def write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Write a table whole or not at all; the same rows give the same bytes."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        frame.write_parquet(beside, compression="zstd", statistics=False)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write_whole(content: bytes, path: Path) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
