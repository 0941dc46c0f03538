"""What is recorded about a batch after it was made; the manifest itself is never rewritten.

bindings.parquet       numbers that came back from the carrier
cancellations.parquet  letters that were taken back before the hand-over
approval.json          who looked at the sample and let the batch go
handover.json          that it was handed over: from then on no letter is taken back
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

BINDINGS = "bindings.parquet"
CANCELLATIONS = "cancellations.parquet"
APPROVAL = "approval.json"
HANDOVER = "handover.json"
SAMPLE, SAMPLE_LIST = "sample/sample.pdf", "sample/sample.csv"
RECORDS = (BINDINGS, CANCELLATIONS, APPROVAL, HANDOVER, SAMPLE, SAMPLE_LIST)

BINDING_SCHEMA = pl.Schema({"letter_id": pl.String, "tracking_no": pl.String, "bound_on": pl.Date})
"""In the order of binding; of a letter that is there twice, the last number counts."""
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
