"""Which set of mechanisms do the data call for? Evidence of competing problems on the same data."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from scipy.special import erfcx

from assb.fitting.estimate import Estimate
from assb.fitting.problem import Problem

__all__ = [
    "DECISIVE",
    "Evidence",
    "MechanismComparison",
    "compare_mechanisms",
    "evidence",
    "laplace_evidence",
]

#: Difference of log evidences from which a hypothesis is favoured: "strong" on the scale of Kass and Raftery.
DECISIVE = 2.5
#: Distance from a bound, in the coordinates, at which an estimate lies on it; and the step into the inside there.
ON_BOUND = 1e-3
SLOPE_STEP = 1e-2


@dataclass(frozen=True)
class Evidence:
    """Result of :func:`evidence`.

    Attributes
    ----------
    log_evidence_ : float
        Natural logarithm of the probability density of the data.
    error_ : float
        Its estimated standard error; NaN for a Laplace approximation.
    evaluations_ : int
        Calls of the likelihood.
    failures_ : int
        Those of them that could not be simulated and count as impossible.
    samples_ : xarray.Dataset or None
        Equally weighted posterior draws in the units of the parameters, dim `draw`.
    status_ : str
        "done", or what stopped it.
    """

    log_evidence_: float
    error_: float
    evaluations_: int
    failures_: int
    samples_: xr.Dataset | None
    status_: str

    def __repr__(self) -> str:
        return (
            f"Evidence ({self.status_}): ln Z = {self.log_evidence_:.2f} +- {self.error_:.2f},"
            f" {self.evaluations_} evaluations, {self.failures_} failed"
        )


def evidence(
    problem: Problem,
    seed: int = 0,
    live_points: int = 400,
    effective_samples: int = 1000,
    networks: int = 1,
    checkpoint: str | Path | None = None,
    time_limit: float | None = None,
    progress: bool = False,
) -> Evidence:
    """Evidence and posterior by importance nested sampling (optional extra "evidence").

    Parameters
    ----------
    problem : Problem
        Its priors are normalised: a wider prior costs evidence, so that they deserve thought.
    seed : int
    live_points : int
        Of the exploration; more for posteriors with several modes.
    effective_samples : int
        Of the posterior, when sampling ends.
    networks : int
        Neural networks that guide each bound of the sampler; more for curved posteriors, at more time.
    checkpoint : str or Path, optional
        HDF5 file to which the state is saved, and from which it goes on if it is there.
    time_limit : float, optional
        [s]; the evidence found until then is returned, and `status_` says so.
    progress : bool
        Print the progress of the sampler.

    Returns
    -------
    Evidence

    Raises
    ------
    ImportError
        Without the package nautilus-sampler.
    ValueError
        If `live_points` is less than twice the number of unknowns.

    References
    ----------
    J. U. Lange, MNRAS 2023, 525, 3181, doi 10.1093/mnras/stad2441.
    """
    try:
        from nautilus import Sampler
    except ImportError:
        raise ImportError("nautilus-sampler is not installed: pip install 'assb[evidence]'") from None
    dimensions = len(problem.all_names)
    if live_points < 2 * dimensions:
        raise ValueError(f"live_points = {live_points}: use at least {2 * dimensions}, twice the unknowns")
    failures_before, evaluations_before = problem.failures, problem.evaluations

    def log_likelihood(z: np.ndarray) -> np.ndarray:
        value = problem.log_likelihood(z)
        # The sampler needs numbers: impossible is finite, and far below anything possible.
        return np.where(np.isfinite(value), value, -1e100)

    sampler = Sampler(
        problem.knowledge.transform,
        log_likelihood,
        n_dim=dimensions,
        n_live=live_points,
        n_networks=networks,
        vectorized=True,
        pass_dict=False,
        seed=seed,
        filepath=None if checkpoint is None else str(checkpoint),
        resume=checkpoint is not None,
    )
    finished = sampler.run(
        n_eff=effective_samples, verbose=progress, timeout=math.inf if time_limit is None else time_limit
    )
    status = "done" if finished else f"stopped after {time_limit:g} s, before the sampler was done"
    counts = problem.evaluations - evaluations_before, problem.failures - failures_before
    if not finished and not sum(len(shell) for shell in sampler.points):
        return Evidence(math.nan, math.nan, *counts, None, status)
    points, _, _ = sampler.posterior(equal_weight=True)
    values, units = problem.to_values(points), problem.units
    samples = xr.Dataset(
        {
            name: ("draw", values[:, k], {"units": units[name], "long_name": name})
            for k, name in enumerate(problem.all_names)
        }
    )
    error = 1.0 / math.sqrt(max(float(sampler.n_eff), 1.0))
    return Evidence(float(sampler.log_z), error, *counts, samples, status)


def laplace_evidence(problem: Problem, estimate: Estimate) -> Evidence:
    """Evidence if the posterior were normal about its maximum: quick, and good when data are informative.

    Parameters
    ----------
    problem : Problem
    estimate : Estimate
        Of :func:`assb.fitting.calibrate`.

    Returns
    -------
    Evidence

    Notes
    -----
    The curvature in the coordinates of the model is that of Gauss-Newton, that in the sizes of the noise comes
    from second differences: D. J. C. MacKay, Neural Computation 1992, 4, 415, doi 10.1162/neco.1992.4.3.415. Where
    the maximum lies on a bound, the posterior falls from there with the slope g and the curvature s, and the bound
    contributes ``sqrt(pi/(2 s)) erfcx(g/sqrt(2 s))`` for its coordinate instead of ``sqrt(2 pi/s)``. Bounds that are
    near but not reached are not seen.
    """
    n, z = len(problem.names), estimate.z_
    evaluations, failures = problem.evaluations, problem.failures
    noise = problem.noise_values(z[n:])
    _, slopes = problem.whitened(*problem.linearised(z), noise)
    curvature = problem.knowledge.precision.copy()
    curvature[:n, :n] += slopes.T @ slopes
    residuals = [rows[0] for rows in problem.residuals(problem.predict(z[:n]))]
    step = 1e-2
    for k in range(len(problem.noise_names)):
        shift = np.zeros(len(problem.noise_names))
        shift[k] = step
        above, here, below = (
            float(problem.noise_log_likelihood(residuals, problem.noise_values(z[n:] + s * shift)))
            for s in (1, 0, -1)
        )
        curvature[n + k, n + k] += max(-(above - 2 * here + below) / step**2, 0.0)
    value = estimate.log_posterior_ + _log_volume(problem, z, curvature)
    return Evidence(
        value,
        math.nan,
        problem.evaluations - evaluations,
        problem.failures - failures,
        None,
        "Laplace approximation",
    )


def _log_volume(problem: Problem, z: np.ndarray, curvature: np.ndarray) -> float:
    """Logarithm of the integral of the posterior over its maximum, from `curvature`."""
    inward = np.zeros(len(z))
    for k, name in enumerate(problem.names):
        low, high = problem.priors[name].bounds
        inward[k] = float(z[k] - low < ON_BOUND) - float(high - z[k] < ON_BOUND)
    held, free = np.flatnonzero(inward), np.flatnonzero(inward == 0)
    inner = curvature[np.ix_(free, free)]
    total = 0.5 * (len(free) * math.log(2 * math.pi) - float(np.linalg.slogdet(inner)[1]))
    if not len(held):
        return total
    across = curvature[np.ix_(free, held)]
    left = np.diag(curvature[np.ix_(held, held)] - across.T @ np.linalg.solve(inner, across))
    moved = z + SLOPE_STEP * np.eye(len(z))[held] * inward[held, None]
    fall = problem.log_posterior(z) - problem.log_posterior(moved)
    for at, s, drop in zip(held, left, fall, strict=True):
        slope = drop / SLOPE_STEP - 0.5 * curvature[at, at] * SLOPE_STEP
        total += 0.5 * math.log(math.pi / (2 * s)) + math.log(float(erfcx(slope / math.sqrt(2 * s))))
    return total


@dataclass(frozen=True)
class MechanismComparison:
    """Result of :func:`compare_mechanisms`.

    Attributes
    ----------
    evidences_ : dict
        Hypothesis -> Evidence, the best first.
    """

    evidences_: dict[str, Evidence]

    @property
    def best_(self) -> str:
        """Hypothesis of the largest evidence."""
        return next(iter(self.evidences_))

    @property
    def log_bayes_factor_(self) -> float:
        """Of the best over the second."""
        first, second, *_ = self.evidences_.values()
        return first.log_evidence_ - second.log_evidence_

    @property
    def decided_(self) -> bool:
        """Whether the data favour the best by more than :data:`DECISIVE`."""
        return self.log_bayes_factor_ >= DECISIVE

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and text."""
        return {
            "best": self.best_,
            "log_bayes_factor": self.log_bayes_factor_,
            "decided": self.decided_,
            "log_evidence": {name: each.log_evidence_ for name, each in self.evidences_.items()},
        }

    def __repr__(self) -> str:
        second = list(self.evidences_)[1]
        verdict = (
            f"the data favour {self.best_!r} over {second!r}"
            if self.decided_
            else f"the data do not decide between {self.best_!r} and {second!r}"
        )
        lines = [f"MechanismComparison: {verdict} (ln B = {self.log_bayes_factor_:.2f})"]
        lines += [f"  {each.log_evidence_:10.2f}  {name}" for name, each in self.evidences_.items()]
        return "\n".join(lines)


def compare_mechanisms(
    problems: Mapping[str, Problem],
    seed: int = 0,
    method: Callable[[Problem, int], Evidence] | None = None,
) -> MechanismComparison:
    """Evidence of several sets of mechanisms on the same data; contact loss or interphase, say.

    Parameters
    ----------
    problems : mapping
        Hypothesis -> problem; the data must be the same in all.
    seed : int
    method : callable, optional
        Takes a problem and a seed and returns its evidence; :func:`evidence` by default.

    Returns
    -------
    MechanismComparison

    Raises
    ------
    ValueError
        For fewer than two problems, or problems with different data.

    References
    ----------
    R. E. Kass, A. E. Raftery, J. Am. Stat. Assoc. 1995, 90, 773, doi 10.1080/01621459.1995.10476572.
    """
    if len(problems) < 2:
        raise ValueError(f"problems holds {len(problems)}: give at least two hypotheses")
    prints = {name: [each.sha256 for each in problem.datasets] for name, problem in problems.items()}
    first = next(iter(prints))
    for name, seen in prints.items():
        if seen != prints[first]:
            raise ValueError(
                f"problems {first!r} and {name!r} have different data: evidences compare on the same"
            )
    run = method or (lambda problem, seed: evidence(problem, seed))
    found = {name: run(problem, seed) for name, problem in problems.items()}
    order = sorted(found, key=lambda name: -found[name].log_evidence_)
    return MechanismComparison({name: found[name] for name in order})
