"""clean → pick → letters in one go: the whole job from a debtor file to a batch folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from addrfix.dispatch.ids import CODES_CHECKED
from addrfix.flow.blacklist import read_blacklists
from addrfix.flow.candidates import BLOCKED_BY, Rows, TableOptions, read_rows
from addrfix.flow.compliance import Governing
from addrfix.flow.letters import BatchSummary, columns_needed, make_batch
from addrfix.flow.numbers import NumberSource
from addrfix.flow.past_letters import past_letters
from addrfix.flow.pick import PickResult, pick_cases
from addrfix.letters.signing import SigningKey
from addrfix.model.table import CLEAN_COLUMNS


@dataclass(frozen=True, slots=True)
class RunResult:
    """What the whole job gave."""

    rows: Rows
    notes: tuple[str, ...]
    """What the blacklists came to."""
    picked: PickResult
    batch: BatchSummary


def run_job(
    source: str,
    options: TableOptions,
    *,
    template: str,
    sender: Path,
    out: Path,
    as_of: date,
    scorer: Path | None = None,
    history: Sequence[Path] = (),
    threshold: float = 0.05,
    budget: int | None = None,
    allowed: tuple[str, ...] = (),
    min_days: int = 30,
    holdout: float = 0.0,
    seed: int = 0,
    blacklists: Sequence[Path] = (),
    numbers: Path | None = None,
    numbers_from: NumberSource | None = None,
    made_by: str | None = None,
    documents: Path | None = None,
    governing: Governing | None = None,
    sign: SigningKey | None = None,
    secret: Path | None = None,
    workers: int | None = None,
    check_barcodes: int | None = CODES_CHECKED,
) -> RunResult:
    """Read a debtor file, choose an address for each case and make the batch folder.

    Args:
        source: the debtor file, or `-` for CSV on stdin.
        options: how to read it.
        template: name of a shipped template, or path of a template's folder.
        sender: the sender file.
        out: the batch folder; must not exist or be empty.
        as_of: the only clock.
        scorer: weights that `learn` wrote; None for the shipped ones.
        history: earlier letters, files or batch folders.
        threshold: probability, 0 to 1, below which a case is held.
        budget: number of letters; None for no limit.
        allowed: sources that are kept back otherwise; only `contact` is.
        min_days: days that must lie between two letters to one debtor; 0 for no such rule.
        holdout: share of cases, 0 to 1, that go to the first usable address as listed.
        seed: for the assignment to the hold-out, together with the case id.
        blacklists: files of the user's own blacklist.
        numbers: tracking numbers, one a line.
        numbers_from: a store that gives them instead.
        made_by: who makes the batch.
        documents: documents of courts that go out behind the letters, as for `make_batch`.
        governing: rules and approvals, where they are not the shipped ones and the user's own.
        sign: the firm's key, where letters are signed.
        secret: what keys case ids in the manifest.
        workers: processes that draw, by default one a core up to four.
        check_barcodes: letters whose codes are decoded from the picture of the page; None for all.

    Raises:
        AddrfixError: as `read_rows`, `pick_cases` and `make_batch` say.
    """
    own = read_blacklists(blacklists, as_of)
    rows = read_rows(source, options, "case_id", *columns_needed(template), "address")
    past = past_letters(history)
    picked = pick_cases(
        rows.frame,
        as_of=as_of,
        scorer=scorer,
        past=past,
        threshold=threshold,
        budget=budget,
        allowed=allowed,
        min_days=min_days,
        holdout=holdout,
        seed=seed,
        blacklist=own,
    )
    batch = make_batch(
        picked.picks,
        rows.frame.select(pl.exclude(*CLEAN_COLUMNS, BLOCKED_BY)),
        template=template,
        sender=sender,
        out=out,
        as_of=as_of,
        numbers=numbers,
        numbers_from=numbers_from,
        made_by=made_by,
        documents=documents,
        governing=governing,
        past=past,
        sign=sign,
        secret=secret,
        workers=workers,
        check_barcodes=check_barcodes,
        progress=options.progress,
    )
    return RunResult(rows, own.notes, picked, batch)
