"""Letters of the past, from history files and from batch folders, in one form."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from addrfix.flow.batch_folder import batch_facts, read_batch_table
from addrfix.flow.candidates import Rows, TableOptions, read_rows
from addrfix.model.errors import BadInput
from addrfix.score.results import judged
from addrfix.text.counting import counted

UNATTENDED = "unattended"


def read_letters(
    sources: Sequence[Path], options: TableOptions, *, for_learning: bool = False
) -> Rows:
    """Letters that were posted, one a row, with what became of them.

    Canonical and clean columns as far as the source has them, `posted_on`, `result_on`, the
    columns of `addrfix.score.results.judged`, `_letter_name` (what leads back to a letter), and
    `factors` (List[String]) where a batch tells the levels that a candidate had when it was chosen.

    Args:
        sources: history files and batch folders.
        options: how files are to be read.
        for_learning: whether the result must be there; without it, a history may say only when
            letters were posted.

    Raises:
        BadInput: a file is no table or lacks the day of posting.
        BatchProblem: a folder is no batch or is damaged.
    """
    needed = ("posted_on", "result") if for_learning else ("posted_on",)
    frames: list[pl.DataFrame] = []
    notes: list[str] = []
    unread: list[str] = []
    for source in sources:
        if source.is_dir():
            frames.append(_named(_batch_letters(source), source, pl.col("letter_id")))
            continue
        found = read_rows(source, options, "address", *needed)
        frames.append(_named(found.frame, source, pl.col("row") + 2))
        notes.extend(f"{source.name}: {sentence}" for sentence in found.notes)
        unread.extend(f"{source.name}: {sentence}" for sentence in found.unread)
    if not frames:
        raise BadInput("no history was given; name a history file or a batch folder")
    # A row without a day of posting is an address that was not written to.
    letters = judged(pl.concat(frames, how="diagonal_relaxed"))
    said = pl.col("result").is_not_null() & pl.col("_outcome").is_null()
    if not for_learning and (strange := letters.filter(said).height):
        notes.append(f"{counted(strange, 'letter')}: the result is not known, it shows nothing")
    return Rows(letters, tuple(notes), tuple(unread))


def _named(letters: pl.DataFrame, source: Path, place: pl.Expr) -> pl.DataFrame:
    """The letters with a name that leads back to them: file and line, or batch and letter id."""
    name = pl.concat_str(pl.lit(f"{source.name}:"), place.cast(pl.String))
    return letters.with_columns(name.str.replace_all("|", "/", literal=True).alias("_letter_name"))


def past_letters(sources: Sequence[Path]) -> pl.DataFrame | None:
    """Letters of the past with nothing said about how to read them; None where there are none.

    Raises:
        AddrfixError: as `read_letters` says.
    """
    return read_letters(sources, TableOptions()).frame if sources else None


def _batch_letters(folder: Path) -> pl.DataFrame:
    batch_facts(folder)
    manifest = read_batch_table(folder / "manifest.parquet", "letter_id")
    picks = read_batch_table(
        folder / "private" / "picks.parquet", "letter_id", "case_id", "source", "standardized"
    )
    letters = manifest.select(
        pl.col("letter_id").cast(pl.String),
        (pl.col("created_on") if "created_on" in manifest.columns else pl.lit(None))
        .cast(pl.String)
        .str.slice(0, 10)
        .str.to_date(strict=False)
        .alias("created_on"),
    )
    picks = picks.drop("created_on", strict=False).with_columns(pl.col("letter_id").cast(pl.String))
    letters = letters.join(picks, on="letter_id", how="inner")
    letters = letters.join(_outcomes(folder), on="letter_id", how="left")
    # The carrier's own day counts; until it says one, the day the batch was made.
    return letters.with_columns(
        pl.coalesce("posted_on", "created_on").alias("posted_on"),
        pl.col("row").cast(pl.Int64)
        if "row" in letters.columns
        else pl.lit(None, pl.Int64).alias("row"),
    )


def _outcomes(folder: Path) -> pl.DataFrame:
    """What `track` found, in the columns of a history; no rows where it has not run."""
    path = folder / "outcomes.parquet"
    if not path.is_file():
        days = {"posted_on": pl.Date, "result_on": pl.Date}
        texts = dict.fromkeys(("letter_id", "result", "return_reason"), pl.String)
        return pl.DataFrame(schema={**texts, **days})
    columns = ("letter_id", "outcome", "sign_class", "return_reason", "posted_on", "final_on")
    return read_batch_table(path, *columns).select(
        pl.col("letter_id").cast(pl.String),
        pl.when(pl.col("sign_class") == UNATTENDED)
        .then(pl.lit(UNATTENDED))
        .otherwise(pl.col("outcome"))
        .alias("result"),
        pl.col("return_reason").cast(pl.String),
        pl.col("posted_on").cast(pl.Date),
        pl.col("final_on").cast(pl.Date).alias("result_on"),
    )
