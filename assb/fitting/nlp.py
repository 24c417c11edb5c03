"""Maximum a posteriori as a nonlinear programme by multiple shooting, solved by IPOPT."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from assb.fitting.estimate import NOISE_ROUNDS, Estimate, _best_noise, _draw, _summarise
from assb.fitting.observations import SeriesObservation
from assb.fitting.pieces import thinned
from assb.fitting.problem import Problem
from assb.fitting.programme import Programme
from assb.fitting.simulators import CompiledSimulator
from assb.fitting.transcription import MultipleShooting

#: Draws from the prior that are tried where the start cannot be simulated.
DRAWS = 32
#: Change of the coordinates, in prior standard deviations, below which noise and parameters stand still.
STILL = 1e-3
#: A programme is solved when the next step of the parameters would be this many posterior standard deviations.
TOLERANCE = 0.01
#: The same for the first programme, whose solution is only a start.
FIRST_TOLERANCE = 0.3
#: Share of the time left that the first programme may take.
FIRST_SHARE = 0.5
#: Rows of a time series, about, in the first programme.
THINNED = 1000


def calibrate_nlp(
    problem: Problem,
    seed: int = 0,
    start: Estimate | Mapping[str, float] | None = None,
    pieces: int = 8,
    time_limit: float = 60.0,
    progress: Callable[[str], None] | None = None,
) -> Estimate:
    """Maximum a posteriori estimate by multiple shooting with IPOPT.

    Every time series is cut into pieces that are integrated on their own; the states at the joints are unknowns
    and meeting there is a constraint. The start is a simulation, so that all pieces meet. The estimate is that of
    the same posterior and of the same discrete model as :func:`calibrate` finds, mostly in less time; what is
    added is the time limit. The page Calibration compares the two.

    Parameters
    ----------
    problem : Problem
        With the compiled back end and at least one time series; data of other kinds take part as they are.
    seed : int
        Seed of the draws from the prior that replace a start that cannot be simulated.
    start : Estimate or mapping, optional
        Where to begin: values of parameters by name, others from the parameter values of the problem.
    pieces : int
        Pieces of each time series. One is single shooting.
    time_limit : float
        Wall time [s] after which the best point so far is returned; looked at between iterations.
    progress : callable, optional
        Called with a line of text after each nonlinear programme.

    Returns
    -------
    Estimate
        The best point found, with its status; never raises because IPOPT fails. Entries of `starts_` are the
        nonlinear programmes solved: one at known noise, otherwise in turn with the sizes of the noise.

    Raises
    ------
    ValueError
        For another back end, no time series, an unknown parameter or a value outside its bounds in `start`, a
        number that is not positive, if neither the start nor a draw from the prior can be simulated, or if no
        point that was visited has a posterior density.

    References
    ----------
    H. G. Bock, K. J. Plitt, IFAC Proc. Vol. 1984, 17, 2, 1603, doi 10.1016/S1474-6670(17)61205-9.
    A. Waechter, L. T. Biegler, Math. Program. 2006, 106, 25, doi 10.1007/s10107-004-0559-y.
    """
    clock = time.perf_counter()
    _check(problem, pieces, time_limit)
    run = _Run(problem, clock + time_limit, progress)
    z, noise = _begin(problem, start)
    shooting = MultipleShooting(problem, pieces)
    w, z = _warm_start(problem, shooting, z, np.random.default_rng(seed))
    run.offer(z[None], noise)
    fewer, correlated = thinned(problem, THINNED), _any_correlation(problem, noise)
    if fewer or correlated:
        first = MultipleShooting(problem, pieces, fewer) if fewer else shooting
        begin = first.unknowns(z) if fewer else w
        if begin is not None:
            run.solve(first, begin, noise, correlated, FIRST_TOLERANCE, FIRST_SHARE)
            found = shooting.unknowns(z if run.z is None else run.z[: len(z)])
            w = w if found is None else found
    run.alternate(shooting, w, noise)
    if run.z is None:
        raise ValueError(
            "no point that was looked at has a posterior density: give a start nearer to the data, or tighter bounds"
        )
    return _summarise(problem, run.z, run.outcomes, run.status, seed, time.perf_counter() - clock)


def _check(problem: Problem, pieces: int, time_limit: float) -> None:
    if int(pieces) != pieces or pieces < 1:
        raise ValueError(f"pieces = {pieces!r}: use a whole number of at least 1")
    if not time_limit > 0:
        raise ValueError(f"time_limit = {time_limit!r}: give a positive number of seconds")
    series = [each for each in problem.observations if isinstance(each, SeriesObservation)]
    if not series:
        raise ValueError("data holds no time series: use assb.fitting.calibrate for spectra and tables")
    if not all(isinstance(each.simulator, CompiledSimulator) for each in series):
        raise ValueError(
            f"backend = {problem.backend!r}: pieces are integrated by the compiled back end; install a C compiler"
            " (pip install ziglang), or use assb.fitting.calibrate"
        )


def _begin(problem: Problem, start: Estimate | Mapping[str, float] | None) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates of the model and of the noise parameters to begin with."""
    given = start.parameters_ if isinstance(start, Estimate) else dict(start or {})
    n = len(problem.names)
    noise = np.clip(np.zeros(len(problem.noise_names)), *problem.bounds[:, n:])
    z = np.concatenate([problem.to_coordinates(problem.start), noise])
    for name, value in given.items():
        if name not in problem.all_priors:
            raise ValueError(f"start names {name!r}: it is not calibrated; use some of {problem.all_names}")
        prior = problem.all_priors[name]
        if not prior.lower <= value <= prior.upper:
            raise ValueError(
                f"start: {name} = {value:.6g} lies outside its bounds {prior.lower:.6g} to {prior.upper:.6g}"
            )
        z[problem.all_names.index(name)] = float(prior.to_coordinate(value))
    return z[:n], z[n:]


def _warm_start(
    problem: Problem, shooting: MultipleShooting, z: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Unknowns of a simulation, and its coordinates: those given, or of a draw from the prior."""
    for _ in range(DRAWS):
        w = shooting.unknowns(z)
        if w is not None:
            return w, z
        z = _draw(problem, rng, np.zeros(len(problem.noise_names)))
    raise ValueError(
        f"neither the start nor {DRAWS - 1} draws from the prior could be simulated: check the parameter values"
        " with 'assb simulate', or give tighter bounds"
    )


def _any_correlation(problem: Problem, noise: np.ndarray) -> bool:
    values = problem.noise_values(noise)
    for _, channel in problem.channels():
        sizes = problem.sizes(channel, values)
        if not np.array_equal(channel.noise.independent(sizes), sizes):
            return True
    return False


@dataclass
class _Run:
    """Programmes solved one after the other, and the point of highest posterior density that they visit."""

    problem: Problem
    deadline: float
    progress: Callable[[str], None] | None
    status: str = ""
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    z: np.ndarray | None = None
    value: float = -np.inf

    def offer(self, points: np.ndarray, noise: np.ndarray) -> None:
        """Compare coordinates of the model parameters, shape (points, parameters), with the best so far."""
        if not len(points):
            return
        full = np.concatenate([points, np.tile(noise, (len(points), 1))], axis=1)
        # IPOPT may leave bounds by a rounding error.
        full = np.clip(full, *self.problem.bounds)
        values = self.problem.log_posterior(full)
        k = int(np.argmax(values))
        if values[k] > self.value:
            self.z, self.value = full[k], float(values[k])

    def solve(
        self,
        shooting: MultipleShooting,
        w: np.ndarray,
        noise: np.ndarray,
        independent: bool,
        tolerance: float,
        share: float = 1.0,
    ) -> np.ndarray:
        """Solve one programme at fixed noise, in a share of the time left; the unknowns where it stopped."""
        shooting.use_noise(noise, independent)
        programme = Programme(shooting, tolerance)
        w, self.status = programme.solve(w, share * (self.deadline - time.perf_counter()))
        last = w[None, : len(self.problem.names)]
        self.offer(last if self.status == "converged" else np.concatenate([programme.visited(), last]), noise)
        self.outcomes.append(
            {
                "start": len(self.outcomes),
                "status": self.status,
                "rows": shooting.rows,
                "iterations": programme.iterations,
                "unknowns": shooting.n_unknowns,
                "log_posterior": self.value if np.isfinite(self.value) else None,
                "seconds": programme.seconds,
            }
        )
        if self.progress:
            self.progress(f"programme {len(self.outcomes)}: {programme.iterations} iterations, {self.status}")
        return w

    def alternate(self, shooting: MultipleShooting, w: np.ndarray, noise: np.ndarray) -> None:
        """Noise at fixed parameters and parameters at fixed noise in turn, until neither moves."""
        n, problem = len(self.problem.names), self.problem
        for _ in range(NOISE_ROUNDS):
            residuals = [rows[0] for rows in problem.residuals(problem.predict(w[:n]))]
            if not all(np.isfinite(rows).all() for rows in residuals):
                self.status = "the model cannot be simulated here"
                return
            before = np.concatenate([w[:n], noise])
            noise = _best_noise(problem, residuals, w[:n], noise)
            w = self.solve(shooting, w, noise, independent=False, tolerance=TOLERANCE)
            moved = np.abs(np.concatenate([w[:n], noise]) - before).max()
            if self.status != "converged" or not problem.noise_names or moved < STILL:
                return
        self.status = f"noise and model parameters still moved after {NOISE_ROUNDS} rounds"
