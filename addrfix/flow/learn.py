"""Learning from letters of the past: which rows count, their levels, and the scorer file."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from addrfix import __version__
from addrfix.flow.factors import installed_factors
from addrfix.model.errors import BadInput
from addrfix.score.evidence import prepare
from addrfix.score.factors import Factor
from addrfix.score.learn import Learned, as_document, learn
from addrfix.score.past import with_past
from addrfix.score.results import signed
from addrfix.score.weigh import levels_of

# Share of letters whose batch must tell how far they agreed with the case's other addresses, for
# agreement to be learnt.
_TOLD = 0.2


@dataclass(frozen=True, slots=True)
class LearnResult:
    """What learning from users' letters gives."""

    learned: Learned
    left_out: dict[str, int]
    """Letters that were not used, by reason."""


def learn_scorer(letters: pl.DataFrame, output: Path, *, as_of: date) -> LearnResult:
    """Fit the weights to letters of the past and write the scorer file, whole or not at all.

    Args:
        letters: `flow.past_letters.read_letters(..., for_learning=True)`.
        output: the scorer file.
        as_of: what is dated later is left out; written into the file.

    Raises:
        BadInput: too few letters with a final outcome, only one kind of outcome, or a file that
            cannot be written.
    """
    factors = installed_factors()
    usable, left_out = _usable(letters, as_of)
    rows = prepare(usable, pl.col("posted_on"))
    rows = with_past(rows, rows, same_day=False)
    rows = rows.with_columns(signed().alias("_signed"))
    levels = _levels(rows, factors)
    final = rows["_signed"].is_not_null()
    left_out |= _unsettled(rows.filter(~final))
    learned = learn(
        levels.filter(final),
        rows["_signed"].filter(final),
        rows["posted_on"].filter(final),
        factors,
        as_of,
        left_out,
    )
    document = as_document(learned, as_of, left_out, f"addrfix {__version__}")
    _write(json.dumps(document, ensure_ascii=False, indent=1) + "\n", output)
    return LearnResult(learned, left_out)


def _usable(letters: pl.DataFrame, as_of: date) -> tuple[pl.DataFrame, dict[str, int]]:
    """Letters whose dates hold, once each."""
    posted, result = pl.col("posted_on"), pl.col("result_on")
    texts = [name for name in ("address", "standardized") if name in letters.columns]
    wrong = {
        # A scorer made of empty addresses would hold them for good.
        "no_address": pl.coalesce(texts).str.strip_chars().fill_null("") == "",
        "no_posting_date": posted.is_null(),
        "posted_after_as_of": posted > as_of,
        "result_after_as_of": result > as_of,
        "result_before_posting": result < posted,
    }
    left_out: dict[str, int] = {}
    for reason, condition in wrong.items():
        kept = letters.filter(~condition.fill_null(False))
        left_out[reason] = letters.height - kept.height
        letters = kept
    one = [
        n
        for n in ("case_id", "name", "id_no", "letter_id", "source", "address", "posted_on")
        if n in letters.columns
    ]
    # Of two lines about one letter the later result counts; only a batch has ids for letters.
    kept = letters.sort("result_on", nulls_last=False, maintain_order=True).unique(
        one, keep="last", maintain_order=True
    )
    left_out["duplicate"] = letters.height - kept.height
    return kept, left_out


def _unsettled(rows: pl.DataFrame) -> dict[str, int]:
    """Letters without a final outcome that says something, by what they have instead."""
    counts = {name: 0 for name in ("no_result", "unknown_result", "not_final", "says_nothing")}
    for outcome, result in rows.select("_outcome", "result").iter_rows():
        if outcome is None:
            counts["no_result" if result is None else "unknown_result"] += 1
        else:
            counts["not_final" if outcome == "open" else "says_nothing"] += 1
    return counts


def _levels(rows: pl.DataFrame, factors: tuple[Factor, ...]) -> pl.DataFrame:
    """Levels of each letter; what a batch knew of the case's other addresses is taken from it.

    A history does not know it: it lists the addresses that were written to, and a second one mostly
    because the first letter came back. To compare the two would tell the first its own outcome.
    """
    levels = levels_of(rows, factors).with_columns(agreement=pl.lit("alone"))
    if "factors" in rows.columns:
        kind = rows.schema["factors"]
        joined = pl.col("factors") if kind == pl.String() else pl.col("factors").list.join("|")
        told = rows.select(joined.str.extract(r"(?:^|\|)agreement=([a-z]+)").alias("told"))["told"]
        if told.count() >= _TOLD * told.len():
            levels = levels.with_columns(agreement=pl.coalesce(told, pl.col("agreement")))
    return levels


def _write(text: str, output: Path) -> None:
    beside = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(output)
    except OSError as wrong:
        raise BadInput(f"{output} cannot be written: {wrong.strerror}") from wrong
    finally:
        beside.unlink(missing_ok=True)
