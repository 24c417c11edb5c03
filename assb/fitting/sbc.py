"""Simulation-based calibration: whether posteriors hold what they promise, on data whose truth is known.

Truths drawn from the prior are ranked among draws of the posterior that data simulated from them give. If priors,
likelihood and sampler agree, the rank is uniform for every parameter.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import emcee
import numpy as np
from scipy.linalg import solve_triangular

from assb.fitting.calibration_ranks import CalibrationRanks
from assb.fitting.checkpoint import CheckpointError
from assb.fitting.diagnostics import autocorrelation_time
from assb.fitting.estimate import calibrate
from assb.fitting.moves import ensemble_moves
from assb.fitting.posterior import _meta
from assb.fitting.problem import Problem

#: Steps from which the independent proposals are learnt, and steps between looks at the stopping rule.
FIRST, CHUNK = 300, 250
#: Degrees of freedom of the independent proposals: tails heavier than those of a posterior.
DEGREES = 6
#: Length of the chain that is kept, and of what is dropped before it, in autocorrelation times.
KEPT, DROPPED = 15, 10
#: Truths that cannot be simulated before the prior is given up.
MOST_REDRAWS = 1000
#: Spread of the first walkers in the coordinates of the noise.
NOISE_SPREAD = 0.3


def simulation_based_calibration(
    problem: Problem,
    n: int = 200,
    seed: int = 5,
    draws: int = 99,
    walkers: int = 32,
    max_steps: int = 6000,
    level: float = 0.9,
    simulated_by: Problem | None = None,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    progress: bool = True,
) -> CalibrationRanks:
    """Rank true parameters, noise sizes included, in the posteriors of data simulated from them.

    For each of `n` sets: a truth is drawn from the prior, data are simulated and noise is drawn on top, and the
    posterior is sampled from the neighbourhood of the estimate of a calibration that does not know the truth: 300
    steps with the moves of :func:`sample`, then with these and independent proposals learnt from the first steps.
    Dropped are the first 300 steps and of the rest at least 10 autocorrelation times and two fifths; at least 15 are
    kept. From steps one autocorrelation time apart `draws` are taken, so that they count as independent.

    Parameters
    ----------
    problem : Problem
        Its times, currents, frequencies and conditions are used; its measured values are not.
    n : int
        Number of simulated sets.
    seed : int
        Set k depends on `seed` and k alone.
    draws : int
        Independent draws of each posterior; ranks run from 0 to `draws`.
    walkers : int
        Even, at least twice the number of parameters.
    max_steps : int
        Most steps for one set; a set that is not done by then counts all the same, and is reported.
    level : float
        Of the central intervals whose coverage is counted.
    simulated_by : Problem, optional
        What simulates the data where that differs from what analyses them: a richer model, other noise. It has
        the same unknowns in the same order.
    checkpoint : str or Path, optional
        JSON file, written after each set.
    resume : bool
        Go on from `checkpoint`, if it is there; ends as an uninterrupted run.
    progress : bool
        Show a progress bar.

    Returns
    -------
    CalibrationRanks

    Raises
    ------
    ValueError
        For numbers that make no sense, other unknowns in `simulated_by`, a prior of which 1000 draws in a row
        cannot be simulated, or `resume` without `checkpoint`.
    CheckpointError
        For a checkpoint of another problem, or none.

    References
    ----------
    S. Talts et al., arXiv:1804.06788 (2018).
    """
    _check(problem, n, draws, walkers, level, simulated_by)
    maker = simulated_by or problem
    mark = _fingerprint(problem, maker, seed, draws, walkers, max_steps, level)
    if resume and checkpoint is None:
        raise ValueError("resume needs checkpoint: give the file to go on from")
    found = CalibrationRanks(list(problem.all_names), draws, level, seed, mark)
    if resume and checkpoint is not None and Path(checkpoint).exists():
        found = _resumed(checkpoint, mark)
    with _bar(progress, n, len(found.ranks_)) as advance:
        for k in range(len(found.ranks_), n):
            found.add(_one_set(problem, maker, np.random.default_rng([seed, k]), found, walkers, max_steps))
            if checkpoint is not None:
                found.save(checkpoint)
            advance()
    return found.first(n)


def _check(problem, n, draws, walkers, level, simulated_by) -> None:
    if n < 1:
        raise ValueError(f"n = {n!r}: use at least 1 set")
    if draws < 1:
        raise ValueError(f"draws = {draws!r}: use at least 1")
    if not 0 < level < 1:
        raise ValueError(f"level = {level!r}: use a share between 0 and 1, for example 0.9")
    least = 2 * len(problem.all_names)
    if walkers < least or walkers % 2:
        raise ValueError(f"walkers = {walkers}: use an even number of at least {least}")
    if simulated_by is not None and simulated_by.names != problem.names:
        raise ValueError(
            f"simulated_by has the unknowns {simulated_by.names}: they must be {problem.names}, in this order"
        )


def _fingerprint(problem: Problem, maker: Problem, *settings: Any) -> str:
    parts = [_meta(each, 0, 0, 0)["fingerprint"] for each in (problem, maker)]
    return hashlib.sha256(json.dumps([*parts, *settings]).encode()).hexdigest()


def _resumed(path: str | Path, mark: str) -> CalibrationRanks:
    try:
        found = CalibrationRanks.load(path)
    except (OSError, ValueError, KeyError) as error:
        raise CheckpointError(
            f"{path}: not a checkpoint of this function ({error}): remove it to start again"
        ) from None
    if found.fingerprint != mark:
        raise CheckpointError(
            f"{path}: belongs to another problem, seed or settings: use those it was made with, or start again"
            " without resume"
        )
    return found


def _one_set(problem, maker, rng, found, walkers, max_steps) -> dict[str, Any]:
    """Draw a truth, simulate it, sample its posterior and rank it."""
    truth, rows, redrawn = _simulate(maker, rng)
    again = problem.with_measured(rows)
    chain, done, tau = _sample(again, _first_walkers(again, rng, walkers), rng, max_steps)
    every = max(int(np.ceil(tau.max())), 1) if np.isfinite(tau).all() else 1
    pool = chain[::-every].reshape(-1, chain.shape[-1])
    size = found.draws
    picked = pool[rng.choice(len(pool), size=size, replace=len(pool) < size)]
    # Only what both problems have can be compared: a maker with other noise has no truth for its sizes.
    z = _true_coordinates(problem, maker, truth)
    tail = 0.5 * (1 - found.level)
    low, high = np.quantile(chain.reshape(-1, chain.shape[-1]), [tail, 1 - tail], axis=0)
    known = np.isfinite(z)
    return {
        "truth": problem.to_values(z),
        "rank": np.where(known, (picked < z).sum(axis=0), -1),
        "inside": np.where(known, (low <= z) & (z <= high), False),
        "ess": chain.shape[0] * chain.shape[1] / tau,
        "done": done,
        "redrawn": redrawn,
        "failures": again.failures,
    }


def _true_coordinates(problem: Problem, maker: Problem, truth: np.ndarray) -> np.ndarray:
    values = dict(zip(maker.all_names, maker.to_values(truth), strict=True))
    for _, channel in maker.channels():
        known = {name: size for name, size in channel.noise.sizes.items() if name not in values}
        values.update({name: float(size) for name, size in known.items()})  # type: ignore[arg-type]
    return problem.to_coordinates(np.array([values.get(name, np.nan) for name in problem.all_names]))


def _simulate(maker: Problem, rng: np.random.Generator) -> tuple[np.ndarray, list[np.ndarray], int]:
    """A truth (coordinates), its noisy rows by data set, and how many truths before it failed."""
    for redrawn in range(MOST_REDRAWS):  # noqa: B007 - counted after the loop
        values = np.array([prior.draw(rng, 1)[0] for prior in maker.all_priors.values()])
        truth = maker.to_coordinates(values)
        rows = [each[0].copy() for each in maker.predict(truth)]
        if all(np.isfinite(each).all() for each in rows):
            break
    else:
        raise ValueError(
            f"none of {MOST_REDRAWS} draws of the prior could be simulated: give tighter bounds or a gentler protocol"
        )
    noise = values[len(maker.names) :]
    for observation, full in zip(maker.observations, rows, strict=True):
        for channel, part in zip(observation.channels, observation.split(full), strict=True):
            part += channel.draw(rng, maker.sizes(channel, noise))
    return truth, rows, redrawn


def _first_walkers(problem: Problem, rng: np.random.Generator, walkers: int) -> np.ndarray:
    """Points about the estimate, spread as the Laplace posterior; draws of the prior where there is none."""
    low, high = problem.bounds
    margin = 1e-3 * (high - low)
    try:
        start = calibrate(problem, seed=int(rng.integers(2**31)), starts=1)
        n = len(problem.names)
        spread = np.diag(np.full(len(start.z_), NOISE_SPREAD**2))
        spread[:n, :n] = start.identifiability_.covariance
        points = rng.multivariate_normal(start.z_, spread, size=walkers, method="eigh")
        points = np.clip(points, low + margin, high - margin)
        if np.isfinite(problem.log_posterior(points)).all():
            return points
    except (ValueError, np.linalg.LinAlgError):
        pass
    points = _draws(problem, rng, 8 * walkers)
    best = np.argsort(-problem.log_posterior(points), kind="stable")
    return points[best[:walkers]]


def _draws(problem: Problem, rng: np.random.Generator, size: int) -> np.ndarray:
    columns = [prior.to_coordinate(prior.draw(rng, size)) for prior in problem.all_priors.values()]
    return np.stack(columns, axis=-1)


def _sample(
    problem: Problem, points: np.ndarray, rng: np.random.Generator, max_steps: int
) -> tuple[np.ndarray, bool, np.ndarray]:
    """Chain after burn-in, whether it is long enough, and its autocorrelation times in steps."""
    moves = ensemble_moves()
    first = _sampler(problem, points, moves, rng)
    state = first.run_mcmc(points, FIRST, skip_initial_state_check=True)
    learnt = first.get_chain()[FIRST // 2 :].reshape(-1, points.shape[-1])
    moves = [(move, 0.5 * share) for move, share in moves]
    moves.append((emcee.moves.MHMove(_Independent(learnt).propose), 0.5))
    sampler = _sampler(problem, points, moves, rng)
    while True:
        state = sampler.run_mcmc(state, CHUNK, skip_initial_state_check=True)
        full = sampler.get_chain()
        chain = full[2 * len(full) // 5 :]
        tau = autocorrelation_time(chain)
        longest = tau.max()
        done = len(chain) >= KEPT * longest and len(full) - len(chain) >= DROPPED * longest
        if done or len(full) + FIRST >= max_steps:
            return chain, bool(done), tau


def _sampler(problem, points, moves, rng) -> emcee.EnsembleSampler:
    sampler = emcee.EnsembleSampler(*points.shape, problem.log_posterior, vectorize=True, moves=moves)
    sampler.random_state = np.random.RandomState(int(rng.integers(2**31))).get_state()
    return sampler


class _Independent:
    """Proposals from a multivariate Student distribution about what was sampled before; fixed from then on.

    Half of the moves: they cross a posterior that is nearly normal in one step, where moves along differences
    between walkers take dozens. The other half keeps the chain going where it is not.
    """

    def __init__(self, learnt: np.ndarray):
        self.centre = learnt.mean(axis=0)
        covariance = np.cov(learnt.T).reshape(learnt.shape[1], -1)
        self.scale = np.diag(np.maximum(np.diag(covariance), 1e-12)) * 1e-6 + covariance
        self.root = np.linalg.cholesky(self.scale)

    def propose(self, points: np.ndarray, rng: np.random.RandomState) -> tuple[np.ndarray, np.ndarray]:
        """New points, and the logarithms of the density of the old ones over that of the new ones."""
        normal = rng.standard_normal(points.shape)
        stretch = np.sqrt(DEGREES / rng.chisquare(DEGREES, size=len(points)))
        new = self.centre + stretch[:, None] * (normal @ self.root.T)
        return new, self._log_density(points) - self._log_density(new)

    def _log_density(self, points: np.ndarray) -> np.ndarray:
        white = solve_triangular(self.root, (points - self.centre).T, lower=True)
        return -0.5 * (DEGREES + len(self.centre)) * np.log1p(np.sum(white**2, axis=0) / DEGREES)


@contextlib.contextmanager
def _bar(show: bool, total: int, already: int) -> Iterator[Any]:
    """Progress bar on standard error."""
    if not show:
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("simulated sets"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, completed=already)
        yield lambda: bar.advance(task)
