"""Weights by factor and level, shipped or learnt, and the file that holds them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from addrfix.model.errors import BadSettings
from addrfix.score.factors import Factor
from addrfix.score.knowledge import settings

FORMAT = "addrfix-scorer"
VERSION = 1
"""Version of the file and of what its levels mean; raised when either changes."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns summed log-odds into log-odds that hold: offset + slope × sum."""

    offset: float = 0.0
    slope: float = 1.0


@dataclass(frozen=True, slots=True)
class Scorer:
    """Everything a probability is made of."""

    name: str
    """`shipped` with its version, or `learned` with its day."""
    base: float
    """Log-odds before any factor."""
    weights: Mapping[str, Mapping[str, float]]
    """Factor → level → log-odds."""
    combinations: Mapping[tuple[str, ...], Mapping[tuple[str, ...], float]] = field(
        default_factory=dict
    )
    """Factors → their levels → log-odds on top of the single weights."""
    calibration: Calibration = field(default_factory=Calibration)


def shipped(factors: Sequence[Factor]) -> Scorer:
    """The weights that come with the package: assumptions, fitted on nothing."""
    return Scorer(
        name=f"shipped v{settings()['version']}",
        base=float(settings()["base"]),
        weights={
            factor.name: {level: note.weight for level, note in factor.about().items()}
            for factor in factors
        },
    )


def read_scorer(path: Path, factors: Sequence[Factor]) -> Scorer:
    """The scorer in a file that `addrfix learn` wrote.

    A level that the file does not know keeps its shipped weight.

    Raises:
        BadSettings: no such file, no scorer, a scorer of another version, or one with factors that
            this installation lacks; the message says what to do.
    """
    held = _content(path)
    again = "run `addrfix learn` again on your history"
    if held.get("version") != VERSION:
        raise BadSettings(
            f"{path.name} is a scorer of version {held.get('version')}, this addrfix reads version "
            f"{VERSION}; {again}, or use the addrfix that wrote it ({held.get('made_with')})"
        )
    base = shipped(factors)
    try:
        learned = {
            factor: {level: _number(entry["weight"]) for level, entry in levels.items()}
            for factor, levels in held["weights"].items()
        }
        combinations = _combinations(held["combinations"])
        calibration = _calibration(held["calibration"])
        scorer_base, as_of = _number(held["base"]), str(held["as_of"])
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise BadSettings(f"{path.name} is a damaged scorer ({wrong!r}); {again}") from wrong
    unknown = sorted(
        {*learned, *(name for names in combinations for name in names)} - set(base.weights)
    )
    if unknown:
        raise BadSettings(
            f"{path.name} uses factors that are not installed: {', '.join(unknown)}; install the "
            f"package that brings them, or {again}"
        )
    weights = {name: {**levels, **learned.get(name, {})} for name, levels in base.weights.items()}
    return Scorer(f"learned {as_of}", scorer_base, weights, combinations, calibration)


def _content(path: Path) -> dict[str, Any]:
    try:
        held = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as wrong:
        raise BadSettings(f"there is no scorer {path}; `addrfix learn` writes one") from wrong
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as wrong:
        raise BadSettings(f"{path.name} cannot be read as a scorer: {wrong}") from wrong
    if not isinstance(held, dict) or held.get("format") != FORMAT:
        raise BadSettings(f"{path.name} is not a scorer; `addrfix learn` writes one")
    return held


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} where a number should be")
    return float(value)


def _calibration(held: Mapping[str, Any]) -> Calibration:
    offset, slope = _number(held["offset"]), _number(held["slope"])
    if slope <= 0:
        raise ValueError(f"slope {slope} would put the worst address first")
    return Calibration(offset, slope)


def _combinations(
    entries: Sequence[Mapping[str, Any]],
) -> dict[tuple[str, ...], dict[tuple[str, ...], float]]:
    found: dict[tuple[str, ...], dict[tuple[str, ...], float]] = {}
    for entry in entries:
        levels: Mapping[str, str] = entry["levels"]
        if len(levels) < 2 or not all(isinstance(level, str) for level in levels.values()):
            raise ValueError(f"{levels!r} where two or more factors with their levels should be")
        found.setdefault(tuple(levels), {})[tuple(levels.values())] = _number(entry["weight"])
    return found
