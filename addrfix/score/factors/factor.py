"""What a factor is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from addrfix.model.errors import BadSettings
from addrfix.score.knowledge import LevelNote, shipped_levels


@dataclass(frozen=True, slots=True)
class Factor:
    """Named levels over whole columns; the first that holds wins.

    A factor from outside the package (entry point group `addrfix.factors`, a callable without
    arguments that gives a Factor) brings its own `notes`.
    """

    name: str
    levels: tuple[tuple[str, pl.Expr], ...]
    """Level and its Boolean condition, tried in this order; null counts as not holding."""
    otherwise: str
    """Level of a row where no condition holds."""
    notes: Mapping[str, LevelNote] = field(default_factory=dict)
    """Weights and sentences, where the shipped table has none for this factor."""

    def about(self) -> Mapping[str, LevelNote]:
        """Level → shipped weight and sentence.

        Raises:
            BadSettings: a level has no row, or a row has no level.
        """
        notes = self.notes or shipped_levels().get(self.name, {})
        names = {name for name, _ in self.levels} | {self.otherwise}
        if names != set(notes):
            raise BadSettings(
                f"levels.tsv: factor {self.name}: levels and rows differ in "
                + ", ".join(sorted(names ^ set(notes)))
            )
        return notes

    def expression(self) -> pl.Expr:
        """The level of each row, String, never null; the column bears the factor's name."""
        held = pl.lit(self.otherwise)
        for level, condition in reversed(self.levels):
            held = pl.when(condition).then(pl.lit(level)).otherwise(held)
        return held.alias(self.name)
