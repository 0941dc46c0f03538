"""How far probabilities can be trusted: on letters that the weights have not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from addrfix.score.scorer import Calibration

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Letters whose probability lies in one tenth."""

    low: float
    high: float
    rows: int
    predicted: float
    """Mean probability, 0 to 1."""
    observed: float
    """Share that was signed for, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How well probabilities foretold outcomes; all but `rows` are better when smaller."""

    rows: int
    log_loss: float
    """Mean, in nats."""
    brier: float
    ece: float
    """Expected calibration error over ten bins of equal width."""
    table: tuple[Bin, ...]


def quality(p: pl.Series, signed: pl.Series) -> Quality:
    """Probabilities against outcomes (0 or 1); at least one row."""
    frame = pl.DataFrame({"p": p.clip(1e-9, 1 - 1e-9), "y": signed.cast(pl.Float64)})
    y, chance = pl.col("y"), pl.col("p")
    figures = frame.select(
        (-(y * chance.log() + (1 - y) * (1 - chance).log())).mean().alias("loss"),
        ((y - chance) ** 2).mean().alias("brier"),
    ).row(0)
    tenth = (chance * BINS).floor().clip(0, BINS - 1).cast(pl.Int64)
    bins = (
        frame.group_by(tenth.alias("bin")).agg(pl.len(), chance.mean(), y.mean()).sort("bin").rows()
    )
    table = tuple(Bin(b / BINS, (b + 1) / BINS, n, mean, share) for b, n, mean, share in bins)
    error = sum(b.rows * abs(b.predicted - b.observed) for b in table) / frame.height
    return Quality(frame.height, figures[0], figures[1], error, table)


def calibrated(odds: pl.Series, signed: pl.Series, prior_rows: float) -> Calibration:
    """Offset and slope that make the log-odds hold on these letters (J. Platt, 1999).

    Newton's method, drawn towards offset 0 and slope 1 as by `prior_rows` letters of the same kind,
    so that a handful of letters changes nothing.
    """
    y = signed.cast(pl.Float64).to_numpy()
    columns = np.stack([np.ones(len(y)), odds.to_numpy()], axis=1)
    unchanged = np.array([0.0, 1.0])
    found, prior = unchanged, np.zeros((2, 2))
    for turn in range(25):
        chance = 1 / (1 + np.exp(-np.clip(columns @ found, -35, 35)))
        curvature = columns.T @ (columns * (chance * (1 - chance))[:, None])
        if turn == 0:
            prior = curvature * prior_rows / max(1, len(y)) + 1e-9 * np.eye(2)
        gradient = columns.T @ (y - chance) - prior @ (found - unchanged)
        step = np.linalg.solve(curvature + prior, gradient)
        found = found + step
        if float(np.abs(step).max()) < 1e-9:
            break
    offset, slope = found.tolist()
    # A slope below this would mean that the weights foretell nothing; never turn them round.
    return Calibration(round(offset, 4), round(max(slope, 0.1), 4))
