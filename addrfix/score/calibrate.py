"""How far probabilities can be trusted: on letters that the weights have not seen."""

from __future__ import annotations

import math
from dataclasses import dataclass

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
    z, y = odds.to_list(), signed.cast(pl.Float64).to_list()
    pull = prior_rows / max(1, len(z))
    offset, slope = 0.0, 1.0
    prior: tuple[float, float, float] | None = None
    for _ in range(25):
        chance = [1 / (1 + math.exp(-max(-35.0, min(35.0, offset + slope * x)))) for x in z]
        weight = [p * (1 - p) for p in chance]
        h00, h01 = sum(weight), sum(w * x for w, x in zip(weight, z, strict=True))
        h11 = sum(w * x * x for w, x in zip(weight, z, strict=True))
        prior = prior or (pull * h00 + 1e-9, pull * h01, pull * h11 + 1e-9)
        d0, d1 = offset, slope - 1
        g0 = sum(b - p for b, p in zip(y, chance, strict=True)) - prior[0] * d0 - prior[1] * d1
        g1 = sum((b - p) * x for b, p, x in zip(y, chance, z, strict=True))
        g1 -= prior[1] * d0 + prior[2] * d1
        a, b, c = h00 + prior[0], h01 + prior[1], h11 + prior[2]
        det = a * c - b * b
        if det <= 0:
            break
        step = ((c * g0 - b * g1) / det, (a * g1 - b * g0) / det)
        offset, slope = offset + step[0], slope + step[1]
        if max(abs(step[0]), abs(step[1])) < 1e-9:
            break
    # A slope below this would mean that the weights foretell nothing; never turn them round.
    return Calibration(round(offset, 4), round(max(slope, 0.1), 4))
