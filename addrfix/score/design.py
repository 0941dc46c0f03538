"""Levels of past letters as a sparse table of ones, and how far each weight may move.

One column per level, one per combination of levels that enough letters have, one for the base. What
is estimated is the distance of each weight from its shipped value, so a column without letters
stays where it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from addrfix.score.factors import Factor
from addrfix.score.knowledge import LevelNote

Floats = NDArray[np.float64]
Term = tuple[tuple[str, ...], tuple[str, ...]]
"""Factors and their levels; both empty for the base."""
BASE: Term = ((), ())


@dataclass(frozen=True, slots=True)
class Design:
    """What there is to estimate."""

    terms: tuple[Term, ...]
    fitted: tuple[str, ...]
    """Factors of which the letters show more than one level; the others keep shipped weights."""
    pull: Floats
    """Precision of the distances from the shipped weights, terms × terms."""


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters with the same levels, counted together."""

    active: NDArray[np.int64]
    """Rows × terms of a row: positions in `Design.terms`; one past the end where there is none."""
    offset: Floats
    """Log-odds by the shipped weights."""
    count: Floats
    signed: Floats


def design(levels: pl.DataFrame, factors: Sequence[Factor], learn: Mapping[str, Any]) -> Design:
    """Terms and their pull, for letters with these levels (the columns of `levels_of`)."""
    fitted = tuple(f.name for f in factors if levels[f.name].n_unique() > 1)
    notes = {factor.name: factor.about() for factor in factors}
    terms: list[Term] = [BASE]
    for name in fitted:
        seen = set(levels[name].unique())
        terms += [
            ((name,), (level,))
            for level, note in notes[name].items()
            if level in seen or note.chain
        ]
    kinds = [(tuple(pair), "pair") for pair in learn["pairs"]]
    kinds += [(tuple(triple), "triple") for triple in learn["triples"]]
    for names, kind in kinds:
        if set(names) <= set(fitted):
            counts = levels.group_by(names).len().filter(pl.col("len") >= learn[f"{kind}_rows"])
            terms += [(names, row[:-1]) for row in counts.sort(names).iter_rows()]
    return Design(tuple(terms), fitted, _pull(terms, notes, learn))


def _pull(
    terms: Sequence[Term], notes: Mapping[str, Mapping[str, LevelNote]], learn: Mapping[str, Any]
) -> Floats:
    """Each weight towards its shipped value, and neighbours of a chain towards each other."""
    spread = {0: "spread_base", 1: "spread_level", 2: "spread_pair", 3: "spread_triple"}
    pull = np.diag([1.0 / float(learn[spread[len(names)]]) ** 2 for names, _ in terms])
    at = {term: position for position, term in enumerate(terms)}
    tie = 1.0 / float(learn["spread_neighbour"]) ** 2
    for (names, levels), here in at.items():
        for place, (name, level) in enumerate(zip(names, levels, strict=True)):
            after = _next(notes[name], level)
            there = (
                at.get((names, (*levels[:place], after, *levels[place + 1 :]))) if after else None
            )
            if there is not None:
                pull[here, here] += tie
                pull[there, there] += tie
                pull[here, there] -= tie
                pull[there, here] -= tie
    return pull


def _next(notes: Mapping[str, LevelNote], level: str) -> str | None:
    chain = notes[level].chain
    if chain is None:
        return None
    return next((name for name, note in notes.items() if note.chain == chain + 1), None)


def counted(levels: pl.DataFrame, signed: pl.Series, plan: Design, offset: pl.Series) -> Letters:
    """The letters as rows of ones; `signed` holds 0 and 1, `offset` the shipped log-odds."""
    names = list(levels.columns)
    table = levels.with_columns(signed.cast(pl.Float64).alias("#signed"), offset.alias("#offset"))
    table = (
        table.group_by(names)
        .agg(pl.len().alias("#count"), pl.col("#signed").sum(), pl.col("#offset").first())
        .sort(names)
    )
    positions: dict[tuple[str, ...], dict[str, int]] = {}
    for position, (of, cell) in enumerate(plan.terms):
        positions.setdefault(of, {})["|".join(cell)] = position
    columns = [np.zeros(table.height, dtype=np.int64)]
    for of, cells in positions.items():
        if of:
            joined = pl.concat_str([pl.col(name) for name in of], separator="|")
            found = joined.replace_strict(
                list(cells), list(cells.values()), default=len(plan.terms), return_dtype=pl.Int64
            )
            columns.append(table.select(found).to_series().to_numpy())
    return Letters(
        active=np.stack(columns, axis=1),
        offset=table["#offset"].to_numpy(),
        count=table["#count"].cast(pl.Float64).to_numpy(),
        signed=table["#signed"].to_numpy(),
    )
