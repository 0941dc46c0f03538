"""Regularised logistic regression by Newton's method.

Maximises  Σ log-likelihood − ½ dᵀ Q d  over the distances d of the weights from the shipped ones.
The penalty is a normal prior with precision Q, so with few letters d stays near 0. How wide that
prior is, is itself decided by the letters: by the marginal likelihood in Laplace's approximation
(D. MacKay, "Bayesian Interpolation", Neural Computation 4, 1992).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from addrfix.score.design import Floats, Letters

_CHUNK = 20_000
_STEPS = 50


def fitted(letters: Letters, pull: Floats, start: Floats | None = None) -> tuple[Floats, float]:
    """The distances that maximise the penalised likelihood, and the log evidence for `pull`."""
    size = pull.shape[0]
    weights = np.zeros(size) if start is None else start.copy()
    value = _objective(letters, pull, weights)
    for _ in range(_STEPS):
        gradient, curvature = _slopes(letters, weights, size)
        step = np.linalg.solve(curvature + pull, gradient - pull @ weights)
        length = 1.0
        while (
            tried := _objective(letters, pull, weights + length * step)
        ) < value and length > 1e-6:
            length /= 2
        weights = weights + length * step
        done = float(np.abs(step).max()) < 1e-8
        value = tried
        if done:
            break
    _, curvature = _slopes(letters, weights, size)
    spread = np.linalg.slogdet(pull)[1] - np.linalg.slogdet(curvature + pull)[1]
    return weights, value + 0.5 * float(spread)


def best_stretch(
    letters: Letters, pull: Floats, stretches: Sequence[float], usual: float, spread: float
) -> tuple[float, Floats]:
    """The stretch of the prior's width that is most probable, and its distances.

    Args:
        letters: the letters.
        pull: precision at stretch 1.
        stretches: the choices.
        usual: centre of the log-normal belief in a stretch before letters are seen.
        spread: its standard deviation in natural logarithms.
    """
    best: tuple[float, float, Floats] | None = None
    start: Floats | None = None
    for stretch in stretches:
        start, evidence = fitted(letters, pull / stretch**2, start)
        evidence -= (math.log(stretch / usual) / spread) ** 2 / 2
        if best is None or evidence > best[0]:
            best = (evidence, stretch, start)
    assert best is not None
    return best[1], best[2]


def predicted(letters: Letters, weights: Floats) -> Floats:
    """Log-odds of each row of letters."""
    odds: Floats = letters.offset + np.append(weights, 0.0)[letters.active].sum(axis=1)
    return odds


def _objective(letters: Letters, pull: Floats, weights: Floats) -> float:
    odds = predicted(letters, weights)
    likelihood = letters.signed * odds - letters.count * np.logaddexp(0.0, odds)
    return float(likelihood.sum() - 0.5 * weights @ pull @ weights)


def _slopes(letters: Letters, weights: Floats, size: int) -> tuple[Floats, Floats]:
    """Gradient and negative Hessian of the log-likelihood; dense in pieces, to keep memory flat."""
    odds = predicted(letters, weights)
    share = 1.0 / (1.0 + np.exp(-odds))
    surprise = letters.signed - letters.count * share
    weight = letters.count * share * (1.0 - share)
    wide = letters.active.shape[1]
    gradient: Floats = np.bincount(
        letters.active.ravel(), weights=np.repeat(surprise, wide), minlength=size + 1
    ).astype(np.float64)[:size]
    curvature = np.zeros((size + 1, size + 1))
    for first in range(0, len(odds), _CHUNK):
        piece = letters.active[first : first + _CHUNK]
        ones = np.zeros((len(piece), size + 1))
        np.put_along_axis(ones, piece, 1.0, axis=1)
        curvature += ones.T @ (ones * weight[first : first + _CHUNK, None])
    return gradient, curvature[:size, :size]
