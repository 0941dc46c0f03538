"""Lines of result files read as events, each distinct line once."""

from __future__ import annotations

import polars as pl

from addrfix.carriers.protocol import carriers
from addrfix.model.event import EVENT_COLUMNS, WORD_COLUMNS, EventReading, EventWords

_RAW = tuple(f"raw_{word}" for word in WORD_COLUMNS)
_READ = ("state", "sign_class", "return_reason", "voids", "voids_state", "unknown")
_LISTS = ("voids", "unknown")
IDENTITY = ("letter_id", "happened_at", "carrier", *_RAW, "raw_time")

SCHEMA = pl.Schema(
    {
        name: pl.List(pl.String())
        if name in _LISTS
        else pl.Datetime("us")
        if name == "happened_at"
        else pl.String()
        for name in EVENT_COLUMNS
    }
)


def merged(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """The union of event lines, every line once, in an order that does not depend on theirs.

    Two lines are one where letter, carrier, time and words agree; the office may be missing in one
    of the two files. `raw_time` counts only where no time could be read from it, so the same moment
    written in two ways is one line.
    """
    plain = [name for name in EVENT_COLUMNS if name not in _READ]
    every = pl.concat([frame.select(plain) for frame in frames], how="vertical")
    every = every.with_columns(
        raw_time=pl.when(pl.col("happened_at").is_null()).then(pl.col("raw_time"))
    )
    once = every.group_by(IDENTITY).agg(pl.col("office").max(), pl.col("tracking_no").max())
    return once.select(plain).sort(IDENTITY, nulls_last=True)


def read_events(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with what they were read as; the words are asked once, however often they occur."""
    distinct = lines.select("carrier", *_RAW).unique()
    read = [_as_cells(_reading(row["carrier"], row)) for row in distinct.iter_rows(named=True)]
    known = pl.DataFrame(read, schema={name: SCHEMA[name] for name in _READ}, orient="row")
    return lines.join(
        distinct.hstack(known),
        on=["carrier", *_RAW],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    ).select(pl.col(name).cast(SCHEMA[name]) for name in EVENT_COLUMNS)


def _reading(carrier: str, row: dict[str, str | None]) -> EventReading:
    reader = carriers().get(carrier)
    if reader is None:
        # An attached carrier that is not installed any more: its lines are kept, not read.
        return EventReading(unknown=("carrier",))
    return reader.read(EventWords(**{word: row[f"raw_{word}"] for word in WORD_COLUMNS}))


def _as_cells(reading: EventReading) -> tuple[object, ...]:
    return (
        reading.state,
        reading.sign_class,
        reading.return_reason,
        list(reading.voids),
        reading.voids_state,
        list(reading.unknown),
    )
