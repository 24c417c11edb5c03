"""Data that a model makes: at known values, with the noise that the likelihood assumes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from assb.fitting.estimate import Estimate
from assb.fitting.problem import Problem, ProblemError

__all__ = ["At", "coordinates_at", "synthesise"]

#: Values of unknowns: an estimate, or a mapping of name -> value; the start and the prior's medians are the rest.
At = Estimate | Mapping[str, float] | None


def coordinates_at(problem: Problem, at: At = None) -> np.ndarray:
    """Coordinates of all unknowns, shape (all parameters,).

    Parameters
    ----------
    problem : Problem
    at : Estimate or mapping, optional
        Values; parameters that it does not name are at the start of the problem, sizes of the noise at the
        median of their priors.

    Raises
    ------
    ProblemError
        For a name that is no unknown of the problem.
    """
    given = dict(at.parameters_ if isinstance(at, Estimate) else at or {})
    for name in given:
        if name not in problem.all_names and not isinstance(at, Estimate):
            raise ProblemError(f"at names {name!r}, which is no unknown: use {', '.join(problem.all_names)}")
    z = np.clip(np.zeros(len(problem.all_names)), *problem.bounds)
    z[: len(problem.names)] = problem.to_coordinates(problem.start)
    for k, (name, prior) in enumerate(problem.all_priors.items()):
        if name in given:
            z[k] = float(prior.to_coordinate(given[name]))
    return z


def synthesise(problem: Problem, at: At = None, seed: int | np.random.Generator | None = None) -> Problem:
    """The same problem with simulated measurements.

    Parameters
    ----------
    problem : Problem
        Its data sets say what is measured and under which conditions; planned ones will do.
    at : Estimate or mapping, optional
        True values; parameters that it does not name are at the start of the problem, sizes of the noise at the
        median of their priors.
    seed : int or Generator, optional
        Of the noise; data without noise if it is left out.

    Returns
    -------
    Problem
        Its `datasets` hold the simulated values. Nothing is compiled again.

    Raises
    ------
    ProblemError
        For a name that is no unknown, or a data set that cannot be simulated.
    """
    z = coordinates_at(problem, at)
    rows = [each[0] for each in problem.predict(z)]
    for each, values in zip(problem.observations, rows, strict=True):
        if not np.isfinite(values).all():
            raise ProblemError(f"data set {each.name!r} cannot be simulated at the values given: change one")
    if seed is None:
        return problem.with_rows(rows)
    rng = np.random.default_rng(seed)
    noise = problem.noise_values(z[len(problem.names) :])
    noisy = []
    # The scale of some residuals is the magnitude of the data: predictions serve as such.
    for each, values in zip(problem.with_rows(rows, measured=False).observations, rows, strict=True):
        drawn = [channel.draw(rng, problem.sizes(channel, noise)) for channel in each.channels]
        noisy.append(values + np.concatenate(drawn))
    return problem.with_rows(noisy)
