"""Carriers' result files into a batch folder: events, and one outcome a letter."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from addrfix.carriers.events import SCHEMA, merged, read_events
from addrfix.carriers.nested import rows_of
from addrfix.carriers.protocol import carrier_named
from addrfix.carriers.result_files import ResultColumns, recognise_results, result_lines
from addrfix.files import file_text, read_table
from addrfix.flow.batch_folder import (
    manifest_letters,
    read_batch_table,
    write_parquet,
    write_whole,
)
from addrfix.flow.batch_lock import alone
from addrfix.flow.batch_records import cancellations
from addrfix.model.errors import BadInput
from addrfix.model.event import EventState
from addrfix.outcomes.table import settle_batch
from addrfix.text.counting import counted

_JSON = (".json", ".jsonl", ".ndjson")
_UNKNOWN = {
    "carrier": pl.String, "column": pl.String, "value": pl.String, "letter_id": pl.String,
    "events": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrackOptions:
    """How result files are to be read."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Role to header, over the recognised headers."""
    carrier: str | None = None
    """Name of the carrier, over what the headers point to."""
    encoding: str | None = None
    sheet: str | None = None
    unmatched_to: Path | None = None
    """Where to write every line that belongs to no letter of this batch."""
    unknown_to: Path | None = None
    """Where to write every value that nobody knows."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value of a result file that nobody knows."""

    carrier: str
    column: str
    value: str
    """As written: where it is words, a person may be named in it."""
    letter_id: str
    """Of the first letter that has it."""
    events: int
    """Of the batch that have it."""


@dataclass(slots=True)
class Tracked:
    """What a run of `track` did."""

    lines: int = 0
    """Lines read that say something about a letter, in this run."""
    new: int = 0
    """Of them, those that the batch did not have."""
    total: int = 0
    """Events that the batch has now."""
    outcomes: dict[str, int] = field(default_factory=dict)
    """Letters by outcome."""
    unmatched: dict[str, int] = field(default_factory=dict)
    """Numbers that are not in the batch, and how many lines each had."""
    unknown: list[Unknown] = field(default_factory=list)
    """By carrier, column and value."""
    without_time: int = 0
    """Events of the batch whose time cannot be read."""
    unread: int = 0
    """Lines of this run that could not be read as a whole, name no letter, or have no time."""
    notes: list[str] = field(default_factory=list)
    """Remarks of the file readers, with the file's name."""


def track(batch: Path, results: Sequence[Path], options: TrackOptions | None = None) -> Tracked:
    """Take in result files; without any, read and settle again what the batch already has.

    The order of files and lines does not matter, and a line that is there already is not added
    again. Both tables are written only when everything could be read.

    Raises:
        BadInput: a result file is no table, or lacks the number, the time or what happened.
        BatchProblem: the folder is no batch, or another run is at work on it.
    """
    options = options or TrackOptions()
    letters = manifest_letters(batch)
    done = Tracked()
    lines = [_lines_of(path, options, done) for path in results]
    with alone(batch):
        old = _old_events(batch)
        matched = _matched(pl.concat(lines), letters, options, done) if lines else old.clear()
        events = read_events(merged([old, matched]))
        events = _with_numbers(events, letters)
        outcomes = settle_batch(letters, pl.concat([events, _taken_back(batch)]))
        write_parquet(events, batch / "events.parquet")
        write_parquet(outcomes, batch / "outcomes.parquet")
    done.total, done.new = events.height, events.height - old.height
    _count(events, outcomes, done)
    if options.unknown_to is not None:
        write_whole(_as_csv(pl.DataFrame(done.unknown, schema=_UNKNOWN)), options.unknown_to)
    return done


def _lines_of(path: Path, options: TrackOptions, done: Tracked) -> pl.DataFrame:
    if path.suffix.lower() in _JSON:
        frame, notes = _json_frame(path, options.encoding)
        done.notes.extend(notes)
    else:
        table = read_table(path, encoding=options.encoding, sheet=options.sheet)
        frame = table.frame
        done.notes.extend((*table.notes, *table.unread))
        done.unread += len(table.unread)
    try:
        columns = recognise_results(frame.columns, chosen=options.columns)
    except BadInput as error:
        raise BadInput(f"{path.name}: {error}") from error
    if options.carrier:
        columns = ResultColumns(columns.by_role, carrier_named(options.carrier).name)
    lines = result_lines(frame, columns)
    for count, what in (
        (lines.without_number, "naming no letter"),
        (lines.without_words, "not saying what happened"),
    ):
        if count:
            done.notes.append(f"{path.name}: {counted(count, 'line')} {what} left out")
    done.lines += lines.frame.height
    done.unread += lines.without_number + lines.frame["happened_at"].null_count()
    return lines.frame


def _json_frame(path: Path, encoding: str | None) -> tuple[pl.DataFrame, tuple[str, ...]]:
    text, notes = file_text(path, encoding=encoding)
    try:
        rows = rows_of(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"{path.name} is neither JSON nor JSON Lines with at least one object; export it again"
        ) from error
    names = list(dict.fromkeys(name for row in rows for name in row))
    frame = pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in names},
        schema=dict.fromkeys(names, pl.String),
    )
    return frame, notes


def _old_events(batch: Path) -> pl.DataFrame:
    path = batch / "events.parquet"
    if not path.is_file():
        return pl.DataFrame(schema=SCHEMA)
    return read_batch_table(path, *SCHEMA).select(list(SCHEMA))


def _matched(
    lines: pl.DataFrame, letters: pl.DataFrame, options: TrackOptions, done: Tracked
) -> pl.DataFrame:
    """The lines of this batch's letters with their letter_id; the others are counted and kept."""
    keys = pl.concat(
        [
            letters.select("letter_id", number="tracking_no"),
            letters.select("letter_id", number="letter_id"),
        ]
    )
    keys = keys.with_columns(
        number=pl.col("number").str.replace_all(r"[\s\-]", "").str.to_uppercase()
    ).drop_nulls()
    # A number of one letter that is the id of another one means the number.
    keys = keys.unique("number", keep="first", maintain_order=True)
    stray = lines.join(keys, on="number", how="anti", maintain_order="left")
    for number, count in stray.group_by("written", maintain_order=True).len().iter_rows():
        done.unmatched[number] = count
    if options.unmatched_to is not None:
        write_whole(_as_csv(stray), options.unmatched_to)
    found = lines.join(keys, on="number", how="inner", maintain_order="left")
    return found.with_columns(tracking_no=pl.lit(None, dtype=pl.String)).select(
        pl.col(name).cast(SCHEMA[name])
        if name in found.columns
        else pl.lit(None, dtype=SCHEMA[name]).alias(name)
        for name in SCHEMA
    )


def _as_csv(lines: pl.DataFrame) -> bytes:
    """With a byte-order mark, so that a spreadsheet reads Chinese."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(lines.columns)
    writer.writerows(lines.iter_rows())
    return text.getvalue().encode("utf-8-sig")


def _with_numbers(events: pl.DataFrame, letters: pl.DataFrame) -> pl.DataFrame:
    """The letter's tracking number on each of its events, as it is known today."""
    return (
        events.drop("tracking_no")
        .join(letters, on="letter_id", how="left", maintain_order="left")
        .select(list(SCHEMA))
    )


def _taken_back(batch: Path) -> pl.DataFrame:
    """Cancelled letters as events, for settling only: the carrier never said so."""
    gone = cancellations(batch).select(
        "letter_id",
        happened_at=pl.col("cancelled_on").cast(pl.Datetime("us")),
        carrier=pl.lit("sender"),
        state=pl.lit(EventState.CANCELLED.value),
        return_reason=pl.lit("RECALLED"),
    )
    return gone.select(
        (pl.col(name) if name in gone.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in SCHEMA.items()
    )


def _count(events: pl.DataFrame, outcomes: pl.DataFrame, done: Tracked) -> None:
    for outcome, count in outcomes.group_by("outcome").len().sort("outcome").iter_rows():
        done.outcomes[outcome] = count
    done.without_time = events["happened_at"].null_count()
    letters: dict[tuple[str, str, str], list[str]] = {}
    for row in events.filter(pl.col("unknown").list.len() > 0).iter_rows(named=True):
        for column in row["unknown"]:
            value = row["carrier"] if column == "carrier" else row[f"raw_{column}"] or ""
            letters.setdefault((row["carrier"], column, value), []).append(row["letter_id"])
    done.unknown = [Unknown(*key, min(ids), len(ids)) for key, ids in sorted(letters.items())]
