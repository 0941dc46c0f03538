"""Reading addresses, from a table of rows to a table of columns, in process or in a pool.

One function takes a batch of whole cases and gives its columns; every runner calls that one, so the
answers do not depend on how the work is cut.
"""

from __future__ import annotations

import gc
import json
import math
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from multiprocessing import get_context
from operator import attrgetter

import polars as pl

from addrfix.model.nouns import CaseFacts, ParsedAddress, ResolvedAddress
from addrfix.model.table import CLEAN_COLUMNS
from addrfix.model.terms import Verdict
from addrfix.places.division_index import MemoryDivisionIndex
from addrfix.places.gazetteer import open_gazetteer
from addrfix.places.own_place_lookup import DuckOwnPlaceLookup
from addrfix.places.village_lookup import DuckVillageLookup
from addrfix.reading.reader import Reader
from addrfix.resolve.resolver import resolve

_LISTS = ("inferred", "replaced", "issues")
_SCHEMA: dict[str, pl.DataType] = {
    name: pl.List(pl.String()) if name in _LISTS else pl.String() for name in CLEAN_COLUMNS
}
_SCHEMA["confidence"] = pl.Float64()
_NEEDED = ("case_id", "address", "address_offset", "id_no", "phone")
# Rows in one batch at most: enough that the gazetteer's query is shared, few enough for memory.
_BATCH = 10_000
# Below this a pool costs more to start than it saves.
_POOL_FROM = 6_000
# Bytes of a file that has more rows than that, whatever its format.
_LARGE_FILE = 2_000_000


@dataclass(frozen=True, slots=True)
class ReadingSpec:
    """What a worker needs to read addresses; it opens its own gazetteer from it."""

    context: bool = True
    spans: bool = False


class Engine:
    """A gazetteer, its index and a reader, made once per process."""

    def __init__(self) -> None:
        gazetteer = open_gazetteer()
        self.index = MemoryDivisionIndex(gazetteer)
        self.villages = DuckVillageLookup(gazetteer, self.index)
        self.reader = Reader(self.index, self.villages, DuckOwnPlaceLookup(self.index))

    def read(
        self, texts: Sequence[str | None], facts: Sequence[CaseFacts] | None = None
    ) -> tuple[list[ParsedAddress], list[ResolvedAddress]]:
        """Parse and resolve texts; `facts` are used for what the texts leave open."""
        with _collector_paused():
            parsed = self.reader.read(texts, facts)
            return parsed, resolve(parsed, self.index)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No cycle collection while a batch is read.

    Reading makes millions of small tuples and no cycle; looking for cycles among them, and among
    the index again and again, costs a fifth of the time. What was made counts as old at once, or
    the first object made afterwards would have all of it looked through.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            # Whoever froze objects of their own keeps them frozen.
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()


@cache
def engine() -> Engine:
    """This process's engine."""
    return Engine()


def read_batch(rows: pl.DataFrame, spec: ReadingSpec) -> pl.DataFrame:
    """The clean columns of a batch in which cases are whole; same height and order as `rows`.

    Args:
        rows: canonical columns; `address` is read, `case_id`, `id_no` and `phone` are context.
        spec: how to read.
    """
    # Whatever the columns are made of is gone again before cycles are looked for.
    with _collector_paused():
        return _columns(rows, spec)


def _columns(rows: pl.DataFrame, spec: ReadingSpec) -> pl.DataFrame:
    import pyarrow as pa

    texts: list[str | None] = rows["address"].to_list()
    facts = _facts(rows) if spec.context else None
    places = engine().read(texts, facts)[1]
    columns = {name: list(map(attrgetter(name), places)) for name in CLEAN_COLUMNS}
    # Arrow takes lists of lists ten times as fast as Polars does.
    lists = {name: pa.array(columns[name], pa.list_(pa.large_string())) for name in _LISTS}
    frame = pl.DataFrame({**columns, **lists}, schema=_SCHEMA)
    if spec.spans:
        # Blanks that were trimmed off the cell count: offsets are into what the file holds.
        shifts = (
            rows["address_offset"].fill_null(0).to_list()
            if "address_offset" in rows.columns
            else [0] * rows.height
        )
        written = [
            json.dumps([[a + shift, b + shift, label] for a, b, label in place.spans])
            for place, shift in zip(places, shifts, strict=True)
        ]
        frame = frame.with_columns(pl.Series("spans", written, dtype=pl.String))
    return frame


def clean_rows(
    rows: pl.DataFrame,
    *,
    context: bool = True,
    spans: bool = False,
    workers: int | None = None,
    progress: bool = True,
    pool: ProcessPoolExecutor | None = None,
) -> pl.DataFrame:
    """Complete and correct the addresses of a canonical frame.

    Args:
        rows: canonical columns, one row an address (`files.canonical_rows`).
        context: whether the case may decide what a text leaves open.
        spans: whether to add the column `spans` (JSON).
        workers: processes; by default one per core for large inputs, else none.
        progress: whether a bar may be drawn on stderr.
        pool: from `early_workers`; it is used once, and ended.

    Returns:
        `model.table.CLEAN_COLUMNS`, same height and order as `rows`.
    """
    spec = ReadingSpec(context, spans)
    if workers is None:
        workers = (os.cpu_count() or 1) if rows.height >= _POOL_FROM else 1
    order, batches = _batches(rows, workers)
    done = [] if rows.height == 0 else list(_run(batches, spec, workers, progress, pool))
    if not done:
        return read_batch(rows, spec)
    cleaned = pl.concat(done)
    if order is not None:
        cleaned = cleaned.with_columns(order).sort("_at").drop("_at")
    issues = rows["input_issues"] if "input_issues" in rows.columns else None
    return cleaned if issues is None else _with_input_issues(cleaned, issues)


def _with_input_issues(cleaned: pl.DataFrame, issues: pl.Series) -> pl.DataFrame:
    """Add what reading the file noticed; a door that became a date is a door that is missing."""
    cleaned = cleaned.with_columns(pl.col("issues").list.concat(issues.fill_null([])))
    lost = pl.col("issues").list.contains("number_became_date")
    sendable = pl.col("verdict") == Verdict.DELIVERABLE.value
    verdict = pl.when(lost & sendable).then(pl.lit(Verdict.MISSING_DETAIL.value))
    return cleaned.with_columns(verdict.otherwise("verdict").alias("verdict"))


@contextmanager
def early_workers(size: int) -> Iterator[ProcessPoolExecutor | None]:
    """Processes that open the gazetteer while the caller still reads its file.

    Args:
        size: of that file, in bytes; a small one needs no processes, and gives None.
    """
    workers = os.cpu_count() or 1
    if size < _LARGE_FILE or workers == 1:
        yield None
        return
    with _pool(workers) as pool:
        for _ in range(workers):
            pool.submit(_make_ready)
        yield pool


def _make_ready() -> None:
    engine()


def _pool(workers: int) -> ProcessPoolExecutor:
    """Spawned everywhere: the same on Windows, and no lock of DuckDB or Polars is inherited."""
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


def _run(
    batches: Sequence[pl.DataFrame],
    spec: ReadingSpec,
    workers: int,
    progress: bool,
    pool: ProcessPoolExecutor | None,
) -> Iterator[pl.DataFrame]:
    if workers <= 1 or len(batches) == 1:
        for batch in batches:
            yield read_batch(batch, spec)
        return
    open_gazetteer(progress=progress)
    # Given ones end here too: what they hold is needed for putting the columns together.
    with pool if pool is not None else _pool(workers) as running:
        yield from running.map(read_batch, batches, [spec] * len(batches))


def _batches(rows: pl.DataFrame, workers: int) -> tuple[pl.Series | None, list[pl.DataFrame]]:
    """Batches that keep a case's rows together, and where each of their rows came from.

    As many for each worker, of equal size: none waits for another's last one.
    """
    shares = workers * math.ceil(rows.height / (workers * _BATCH))
    if shares <= 1:
        return None, [rows]
    size = math.ceil(rows.height / shares)
    keyed = rows.with_row_index("_at")
    if rows["case_id"].null_count() < rows.height:
        first = pl.col("_at").min().over(pl.coalesce("case_id", pl.format("\0{}", pl.col("_at"))))
        keyed = keyed.with_columns(_first=first).sort("_first", "_at").drop("_first")
    cases = keyed["case_id"].to_list()
    cuts = [0]
    while cuts[-1] < keyed.height:
        cut = min(cuts[-1] + size, keyed.height)
        while 0 < cut < keyed.height and cases[cut] is not None and cases[cut] == cases[cut - 1]:
            cut += 1
        cuts.append(cut)
    parts = [keyed[start:end] for start, end in pairwise(cuts)]
    needed = [name for name in _NEEDED if name in rows.columns]
    return keyed["_at"], [part.select(needed) for part in parts]


def _facts(rows: pl.DataFrame) -> list[CaseFacts]:
    columns = [
        rows[name].to_list() if name in rows.columns else [None] * rows.height
        for name in ("case_id", "id_no", "phone")
    ]
    return [CaseFacts(*values) for values in zip(*columns, strict=True)]
