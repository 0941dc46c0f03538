"""What is recorded about a batch after it was made; the manifest itself is never rewritten.

bindings.parquet       numbers that came back from the carrier
cancellations.parquet  letters that were taken back before the hand-over
approval.json          who looked at the sample and let the batch go
handover.json          that it was handed over: from then on no letter is taken back
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

BINDINGS = "bindings.parquet"
CANCELLATIONS = "cancellations.parquet"
APPROVAL = "approval.json"
HANDOVER = "handover.json"
SAMPLE, SAMPLE_LIST = "sample/sample.pdf", "sample/sample.csv"
RECORDS = (BINDINGS, CANCELLATIONS, APPROVAL, HANDOVER, SAMPLE, SAMPLE_LIST)

BINDING_SCHEMA = pl.Schema({"letter_id": pl.String, "tracking_no": pl.String, "bound_on": pl.Date})
"""In the order of binding; of a letter that is there twice, the last number counts."""
SMALLEST_SAMPLE = 30
"""Letters that are looked at before a batch goes out, however small it is."""
CANCELLATION_SCHEMA = pl.Schema(
    {"letter_id": pl.String, "cancelled_on": pl.Date, "reason": pl.String}
)


def current_numbers(manifest: pl.DataFrame, bound: pl.DataFrame) -> pl.DataFrame:
    """`letter_id` and `tracking_no` of every letter, in manifest order, bound numbers filled in."""
    last = bound.select(pl.col("letter_id", "tracking_no").cast(pl.String)).unique(
        "letter_id", keep="last", maintain_order=True
    )
    return (
        manifest.select(pl.col("letter_id", "tracking_no").cast(pl.String))
        .join(last, on="letter_id", how="left", suffix="_bound", maintain_order="left")
        .with_columns(tracking_no=pl.coalesce("tracking_no_bound", "tracking_no"))
        .select("letter_id", "tracking_no")
    )


def binding_faults(
    letters: Mapping[str, str | None], rows: Sequence[tuple[str, str]]
) -> Iterator[str]:
    """What cannot be right about bindings: a strange letter, a number that two letters have.

    Args:
        letters: letter to its number in the manifest.
        rows: letter and number, in the order of binding.
    """
    owners = {number: letter for letter, number in letters.items() if number}
    for letter, number in rows:
        if letter not in letters:
            yield f"{letter}: bound to a number, but no letter of this batch"
        elif owners.setdefault(number, letter) != letter:
            yield f"{letter}: bound to {number}, which {owners[number]} has"


def sample_of(letters: Sequence[str], batch_sha256: str) -> list[str]:
    """The letters that a second person looks at: 1 %, at least 30, in the order of `letters`.

    Which they are hangs on the batch hash alone, so nobody chooses and everybody can draw them
    again: those whose SHA-256 over batch hash and letter id is smallest.
    """
    wanted = max(SMALLEST_SAMPLE, -(-len(letters) // 100))

    def lot(letter: str) -> str:
        return hashlib.sha256(f"{batch_sha256}\n{letter}".encode()).hexdigest()

    drawn = set(sorted(letters, key=lot)[:wanted])
    return [letter for letter in letters if letter in drawn]


def record_faults(
    letters: Collection[str],
    batch_sha256: object,
    cancelled: Iterable[str],
    recorded: Mapping[str, Mapping[str, Any]],
) -> Iterator[str]:
    """What of the records cannot belong to this batch.

    Args:
        letters: the letters of the batch.
        batch_sha256: its hash.
        cancelled: letters that were taken back.
        recorded: name to content of the JSON records that are there.
    """
    for letter in cancelled:
        if letter not in letters:
            yield f"{CANCELLATIONS}: {letter} is no letter of this batch"
    for name, content in recorded.items():
        if content.get("batch_sha256") != batch_sha256:
            yield f"{name}: of a batch with another hash"
