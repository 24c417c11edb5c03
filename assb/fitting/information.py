"""What several kinds of data say together: the posterior to expect of them, and fits that compare hypotheses.

Whitened Jacobians of different measurements, in the coordinates of the priors, add up to one Fisher information.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assb.fitting.measurements import Measurement
from assb.fitting.priors import Prior

__all__ = ["MapFit", "ellipse", "ellipse_area", "fit_map", "laplace_covariance"]

Array = NDArray[np.float64]
Values = Mapping[str, float]


def _weights(priors: Mapping[str, Prior]) -> Array:
    return np.array([prior.weight for prior in priors.values()])


def laplace_covariance(data: Sequence[Measurement], values: Values, priors: Mapping[str, Prior]) -> Array:
    """Covariance that the posterior would have, linearised about `values`.

    Parameters
    ----------
    data : sequence of Measurement
        :class:`VoltageData`, :class:`SpectrumData`
        All kinds of data measured; they are independent of each other.
    values : mapping
        Value of every input of the models.
    priors : mapping
        Unknowns and what was known of them before.

    Returns
    -------
    ndarray, shape (n, n)
        In the units of the unknowns, ordered as `priors`. A block of it is marginal over the rest.

    Raises
    ------
    ValueError
        If the data and the priors leave a combination of the unknowns undetermined.

    Notes
    -----
    Inverse of the Fisher information plus the precision of the priors, in the coordinates of the priors;
    S. M. Kay, "Fundamentals of Statistical Signal Processing: Estimation Theory", Prentice Hall 1993, chapter 3.
    """
    precision = np.diag(_weights(priors))
    for item in data:
        rows, jacobian = item.linearise(values, priors)
        white = item.whiten(jacobian, rows)
        precision = precision + white.T @ white
    if np.linalg.cond(precision) > 1e14:
        raise ValueError(
            "the data and the priors leave a combination of the unknowns undetermined: add data, or give the "
            "unknowns with uniform priors normal ones"
        )
    slopes = np.array([p.slope(p.to_coordinate(values[n])) for n, p in priors.items()], dtype=float)
    return np.asarray(np.linalg.inv(precision) * np.outer(slopes, slopes), dtype=float)


@dataclass(frozen=True)
class MapFit:
    """Most probable values of a hypothesis.

    Attributes
    ----------
    values : dict
        All inputs, fitted ones included.
    chi2 : float
        Sum of squares of the white residuals, plus that of the coordinates with a normal prior.
    log_evidence : float
        Laplace approximation of the logarithm of the evidence, up to a constant that depends on the data only.
    converged : bool
    """

    values: dict[str, float]
    chi2: float
    log_evidence: float
    converged: bool


def fit_map(
    data: Sequence[Measurement],
    measured: Sequence[Array],
    priors: Mapping[str, Prior],
    start: Values,
    *,
    max_iterations: int = 50,
    tolerance: float = 1e-3,
) -> MapFit:
    """Most probable unknowns given data, by Gauss-Newton steps in the coordinates of the priors.

    Parameters
    ----------
    data : sequence of Measurement
        :class:`VoltageData`, :class:`SpectrumData`
    measured : sequence of ndarray
        Rows of each.
    priors : mapping
        Unknowns of this hypothesis; what it holds fixed keeps its value in `start`.
    start : mapping
        Value of every input of the models.
    max_iterations : int
    tolerance : float
        Largest last step, in standard deviations of the priors.

    Returns
    -------
    MapFit

    Raises
    ------
    ValueError
        If a prediction is not finite at the start.

    Notes
    -----
    Evidence: D. J. C. MacKay, Neural Computation 1992, 4, 415, doi 10.1162/neco.1992.4.3.415. Bounds limit the
    steps; the evidence does not know of them.
    """
    names, weights = list(priors), _weights(priors)
    low, high = np.array([prior.bounds for prior in priors.values()]).T
    z = np.array([float(prior.to_coordinate(start[name])) for name, prior in priors.items()])

    def at(z: Array) -> dict[str, float]:
        return {**start, **{n: float(priors[n].to_value(x)) for n, x in zip(names, z, strict=True)}}

    def objective(z: Array) -> float:
        values = at(z)
        white = [d.whiten(d.predict(values) - m, m) for d, m in zip(data, measured, strict=True)]
        total = float(sum((w**2).sum() for w in white) + (weights * z**2).sum())
        return total if math.isfinite(total) else math.inf

    now, converged = objective(z), False
    if not math.isfinite(now):
        raise ValueError("a prediction is not finite at the start: choose other start values")
    precision = np.diag(weights)
    for _ in range(max_iterations):
        values, gradient, precision = at(z), weights * z, np.diag(weights)
        for item, rows in zip(data, measured, strict=True):
            predicted, jacobian = item.linearise(values, priors)
            white = item.whiten(np.column_stack([predicted - rows, jacobian]), rows)
            gradient = gradient + white[:, 1:].T @ white[:, 0]
            precision = precision + white[:, 1:].T @ white[:, 1:]
        # An unknown at its bound that would leave stays there; the others take the step without it.
        held = ((z <= low) & (gradient > 0)) | ((z >= high) & (gradient < 0))
        step = np.zeros_like(z)
        step[~held] = -np.linalg.solve(precision[np.ix_(~held, ~held)], gradient[~held])
        share = 1.0
        while share > 1e-3 and objective(np.clip(z + share * step, low, high)) > now + 1e-9:
            share *= 0.5
        moved = np.clip(z + share * step, low, high)
        size, after = float(np.abs(moved - z).max()), objective(moved)
        if after <= now + 1e-9:
            z, now = moved, after
        if size < tolerance or share <= 1e-3:
            converged = size < tolerance
            break
    # A flat prior of width w has the density 1/w; the coordinates are w/sqrt(12) wide.
    flat = 0.5 * math.log(2 * math.pi / 12) * int((weights == 0).sum())
    evidence = -0.5 * now - 0.5 * float(np.linalg.slogdet(precision)[1]) + flat
    return MapFit(at(z), now, evidence, converged)


def _quantile(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"level = {level!r}: it must lie between 0 and 1, for example 0.95")
    return -2.0 * math.log(1.0 - level)


def ellipse_area(covariance: ArrayLike, level: float = 0.95) -> float:
    """Area that holds a share `level` of a normal distribution of two unknowns.

    Parameters
    ----------
    covariance : array_like, shape (2, 2)
    level : float

    Returns
    -------
    float
        In the product of the units of the unknowns: ``pi q sqrt(det)``, q the quantile of chi-square with two
        degrees of freedom, ``-2 ln(1 - level)``.

    Raises
    ------
    ValueError
        If `covariance` is no positive definite 2 x 2 matrix or `level` no share.
    """
    return math.pi * _quantile(level) * math.sqrt(float(np.linalg.det(_positive(covariance))))


def ellipse(covariance: ArrayLike, centre: Sequence[float], level: float = 0.95, points: int = 181) -> Array:
    """Outline of the region of :func:`ellipse_area`, shape (points, 2), closed."""
    angle = np.linspace(0, 2 * np.pi, points)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    return (
        np.asarray(centre)
        + math.sqrt(_quantile(level)) * circle @ np.linalg.cholesky(_positive(covariance)).T
    )


def _positive(covariance: ArrayLike) -> Array:
    matrix = np.asarray(covariance, dtype=float)
    if matrix.shape != (2, 2) or not (matrix[0, 0] > 0 and np.linalg.det(matrix) > 0):
        raise ValueError(f"covariance = {matrix.tolist()}: it must be a positive definite 2 x 2 matrix")
    return matrix
