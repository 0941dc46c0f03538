"""A batch folder as tracking and reporting see it: letters, their numbers, whole files."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import polars as pl

from addrfix.model.errors import BatchProblem


def manifest_letters(batch: Path) -> pl.DataFrame:
    """`letter_id` and `tracking_no` of every letter, in manifest order; bound numbers filled in.

    Raises:
        BatchProblem: not a batch folder, a letter or a number stands twice, or a number is bound
            to a letter that the manifest does not have.
    """
    manifest = _table(batch, "manifest.parquet", ("letter_id", "tracking_no"))
    if manifest is None:
        raise BatchProblem(
            f"{batch}: no manifest.parquet; this is not a batch folder of `addrfix letters`"
        )
    letters = manifest.select(pl.col("letter_id", "tracking_no").cast(pl.String))
    bound = _table(batch, "bindings.parquet", ("letter_id", "tracking_no"))
    if bound is not None:
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
    # The last binding of a letter counts: a label may be spoiled and replaced.
    last = bound.select(pl.col("letter_id", "tracking_no").cast(pl.String)).unique(
        "letter_id", keep="last", maintain_order=True
    )
    return (
        letters.join(last, on="letter_id", how="left", suffix="_bound", maintain_order="left")
        .with_columns(tracking_no=pl.coalesce("tracking_no_bound", "tracking_no"))
        .select("letter_id", "tracking_no")
    )


def _table(batch: Path, name: str, columns: tuple[str, ...]) -> pl.DataFrame | None:
    path = batch / name
    if not path.is_file():
        return None
    try:
        frame = pl.read_parquet(path, glob=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise BatchProblem(f"{path} cannot be read as Parquet: it is damaged or cut off") from error
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise BatchProblem(f"{path} has no column {', '.join(missing)}")
    return frame


def batch_facts(batch: Path) -> dict[str, Any]:
    """What `batch.json` says; empty where there is none.

    Raises:
        BatchProblem: it is not a JSON object.
    """
    path = batch / "batch.json"
    if not path.is_file():
        return {}
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BatchProblem(f"{path} is not readable JSON") from error
    if not isinstance(facts, dict):
        raise BatchProblem(f"{path} is not a JSON object")
    return facts


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
