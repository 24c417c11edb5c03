"""What several kinds of data say together: the posterior to expect of them, and fits that compare hypotheses."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assb.fitting.problem import Problem
from assb.fitting.synthetic import At, coordinates_at

__all__ = ["MapFit", "ellipse", "ellipse_area", "fit_map", "laplace_covariance"]

Array = NDArray[np.float64]


def _weights(problem: Problem) -> Array:
    return np.array([prior.weight for prior in problem.priors.values()])


def laplace_covariance(problem: Problem, at: At = None) -> Array:
    """Covariance that the posterior would have, linearised about `at`.

    Parameters
    ----------
    problem : Problem
        With data that are measured or planned.
    at : Estimate or mapping, optional
        Values of unknowns; the start of the problem for those that it lacks.

    Returns
    -------
    ndarray, shape (n, n)
        In the units of the unknowns of the model, ordered as `problem.names`. A block of it is marginal over the
        rest.

    Raises
    ------
    ValueError
        If the data and the priors leave a combination of the unknowns undetermined.

    Notes
    -----
    Inverse of the Fisher information plus the precision of the priors, in the coordinates of the priors;
    S. M. Kay, "Fundamentals of Statistical Signal Processing: Estimation Theory", Prentice Hall 1993, chapter 3.
    """
    z = coordinates_at(problem, at)
    expected = problem.with_rows([rows[0] for rows in problem.predict(z)], measured=False)
    n = len(problem.names)
    precision = problem.knowledge.precision[:n, :n] + expected.information(z).sum(axis=0)
    if not np.isfinite(precision).all() or np.linalg.cond(precision) > 1e14:
        raise ValueError(
            "the data and the priors leave a combination of the unknowns undetermined: add data, or give the "
            "unknowns with uniform priors normal ones"
        )
    slopes = np.array([p.slope(z[k]) for k, p in enumerate(problem.priors.values())], dtype=float)
    return np.asarray(np.linalg.inv(precision) * np.outer(slopes, slopes), dtype=float)


@dataclass(frozen=True)
class MapFit:
    """Most probable values of a hypothesis.

    Attributes
    ----------
    values : dict
        All unknowns of the model, those held fixed included.
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
    problem: Problem,
    start: At = None,
    fixed: Iterable[str] = (),
    *,
    max_iterations: int = 50,
    tolerance: float = 1e-3,
) -> MapFit:
    """Most probable unknowns of one hypothesis, by Gauss-Newton steps in the coordinates of the priors.

    :func:`assb.fitting.calibrate` looks for the best of all points, and for the size of the noise; this goes
    downhill from `start` and tells the evidence.

    Parameters
    ----------
    problem : Problem
        With measured data and noise of known sizes.
    start : Estimate or mapping, optional
        Values of unknowns; the start of the problem for those that it lacks.
    fixed : iterable of str
        Unknowns that this hypothesis holds at their start.
    max_iterations : int
    tolerance : float
        Largest last step, in standard deviations of the priors.

    Returns
    -------
    MapFit

    Raises
    ------
    ValueError
        If a prediction is not finite at the start, a fixed name is no unknown, or noise is to be sampled.

    Notes
    -----
    Evidence: D. J. C. MacKay, Neural Computation 1992, 4, 415, doi 10.1162/neco.1992.4.3.415. Bounds limit the
    steps; the evidence does not know of them.
    """
    fixed = list(fixed)
    for name in fixed:
        if name not in problem.names:
            raise ValueError(f"fixed: {name!r} is no unknown: use some of {', '.join(problem.names)}")
    if problem.noise_names:
        raise ValueError(f"noise: {problem.noise_names[0]!r} has a prior: give a number, or use calibrate")
    free = np.array([name not in fixed for name in problem.names])
    weights = np.where(free, _weights(problem), 0.0)
    low, high = problem.bounds
    z, none = coordinates_at(problem, start), np.zeros(0)

    def objective(z: Array) -> float:
        total = float((weights * z**2).sum())
        for (_, channel), rows in zip(problem.channels(), problem.residuals(problem.predict(z)), strict=True):
            sizes = problem.sizes(channel, none)
            white = channel.noise.whiten(rows[0], channel.time, channel.block, sizes)[0]
            total += float((channel.noise.least_squares(white, sizes)[0] ** 2).sum())
        return total if math.isfinite(total) else math.inf

    now, converged = objective(z), False
    if not math.isfinite(now):
        raise ValueError("a prediction is not finite at the start: choose other start values")
    precision = np.diag(weights)
    for _ in range(max_iterations):
        white, slopes = problem.whitened(*problem.linearised(z), none)
        gradient = weights * z + slopes.T @ white
        precision = np.diag(weights) + slopes.T @ slopes
        # An unknown at its bound that would leave stays there; the others take the step without it.
        held = ~free | ((z <= low) & (gradient > 0)) | ((z >= high) & (gradient < 0))
        step = np.zeros_like(z)
        step[~held] = -np.linalg.solve(precision[np.ix_(~held, ~held)], gradient[~held])
        share, moved = 1.0, np.where(free, np.clip(z + step, low, high), z)
        after = objective(moved)
        while share > 1e-3 and after > now + 1e-9:
            share *= 0.5
            moved = np.where(free, np.clip(z + share * step, low, high), z)
            after = objective(moved)
        size = float(np.abs(moved - z).max())
        if after <= now + 1e-9:
            z, now = moved, after
        if size < tolerance or share <= 1e-3:
            converged = size < tolerance
            break
    # A flat prior of width w has the density 1/w; the coordinates are w/sqrt(12) wide.
    flat = 0.5 * math.log(2 * math.pi / 12) * int((free & (_weights(problem) == 0)).sum())
    seen = precision[np.ix_(free, free)]
    evidence = -0.5 * now - 0.5 * float(np.linalg.slogdet(seen)[1]) + flat
    values = dict(zip(problem.names, problem.to_values(z).tolist(), strict=True))
    return MapFit(values, now, evidence, converged)


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
