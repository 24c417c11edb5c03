"""Maximum a posteriori by multistart Gauss-Newton on exact derivatives."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import least_squares, minimize

from assb.fitting.identifiable import Identifiability, identifiability, rows_by_data
from assb.fitting.problem import Problem

if TYPE_CHECKING:
    import pybamm

#: Residual, in noise standard deviations, of a set that cannot be simulated: far worse than any model, yet finite.
FAILED_RESIDUAL = 2e3
NOISE_ROUNDS = 20
#: Draws of the prior of which the one with the highest posterior becomes a start.
SCREENED = 8


@dataclass
class Estimate:
    """Result of :func:`calibrate`.

    Attributes
    ----------
    parameters_ : dict
        Name -> maximum a posteriori value, model and noise parameters.
    sd_ : dict
        Name -> Laplace standard deviation of the model parameters.
    covariance_ : ndarray, shape (n, n)
        Laplace covariance of the model parameters, in their units.
    identifiability_ : Identifiability
        What the data see.
    z_ : ndarray
        Coordinates of the estimate, model and noise parameters.
    log_posterior_ : float
        Log posterior density at the estimate.
    predictions_ : dict
        Data set -> predicted rows: voltages [V], then pressures [MPa], of a time series; real, then imaginary
        parts [Ohm] of a spectrum; rows of a table.
    starts_ : list of dict
        Outcome of every start.
    status_ : str
        "converged", or what went wrong.
    """

    parameters_: dict[str, float]
    sd_: dict[str, float]
    covariance_: np.ndarray
    identifiability_: Identifiability
    z_: np.ndarray
    log_posterior_: float
    predictions_: dict[str, np.ndarray]
    starts_: list[dict[str, Any]]
    status_: str
    seed: int
    seconds: float
    evaluations: int
    failures: int
    units: dict[str, str] = field(default_factory=dict)

    @property
    def voltages_(self) -> np.ndarray:
        """Predicted rows of the first data set, of one time series its voltages [V], shape (rows,)."""
        return next(iter(self.predictions_.values()))

    def to_parameter_values(self, problem: Problem, data: str | None = None) -> pybamm.ParameterValues:
        """The problem's parameter values with the calibrated ones put in.

        Parameters
        ----------
        problem : Problem
        data : str, optional
            Data set whose settings and parameters of its own are put in; the first by default.

        Raises
        ------
        ValueError
            For a data set that the problem does not have.
        """
        names = [each.name for each in problem.datasets]
        if data is not None and data not in names:
            raise ValueError(f"data = {data!r} is no data set of the problem: use one of {names}")
        index = 0 if data is None else names.index(data)
        values = problem.parameter_values.copy()
        inputs = problem.layout.values(self.z_[: len(problem.names)], index)
        values.update(dict(zip(problem.layout.inputs, map(float, inputs), strict=True)))
        return values

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, lists and text."""
        return {
            "parameters": self.parameters_,
            "sd": self.sd_,
            "covariance": self.covariance_.tolist(),
            "identifiability": self.identifiability_.to_dict(),
            "z": self.z_.tolist(),
            "log_posterior": self.log_posterior_,
            "predictions": {name: rows.tolist() for name, rows in self.predictions_.items()},
            "starts": self.starts_,
            "status": self.status_,
            "seed": self.seed,
            "seconds": self.seconds,
            "evaluations": self.evaluations,
            "failures": self.failures,
            "units": self.units,
        }

    def save(self, path: str | Path) -> None:
        """Write as JSON, atomically."""
        from assb.files import write_json

        write_json(path, self.to_dict())

    @classmethod
    def load(cls, path: str | Path) -> Estimate:
        """Read what :meth:`save` wrote."""
        d = json.loads(Path(path).read_text(encoding="utf-8"))
        return cls(
            parameters_=d["parameters"],
            sd_=d["sd"],
            covariance_=np.array(d["covariance"]),
            identifiability_=Identifiability.from_dict(d["identifiability"]),
            z_=np.array(d["z"]),
            log_posterior_=d["log_posterior"],
            predictions_={name: np.array(rows) for name, rows in d["predictions"].items()},
            starts_=d["starts"],
            status_=d["status"],
            seed=d["seed"],
            seconds=d["seconds"],
            evaluations=d["evaluations"],
            failures=d["failures"],
            units=d["units"],
        )

    def __repr__(self) -> str:
        lines = [f"Estimate ({self.status_}; log posterior {self.log_posterior_:.2f}; {self.seconds:.1f} s):"]
        for name, value in self.parameters_.items():
            spread = f" +- {self.sd_[name]:.2g}" if name in self.sd_ else ""
            lines.append(f"  {name} = {value:.4g}{spread}")
        return "\n".join(lines)


def calibrate(
    problem: Problem,
    seed: int = 0,
    starts: int = 8,
    progress: Callable[[str], None] | None = None,
) -> Estimate:
    """Maximum a posteriori estimate with Laplace covariance and identifiability.

    Gauss-Newton (trust region, bounded) from several starts: the first is the parameter values, each of the others
    the best of eight draws of the prior, which leaves out corners where the model can hardly be simulated. Each
    start first fits independent residuals, whose landscape is smoother, and
    then alternates between the correlated noise and the model parameters until both stand still; the highest
    posterior wins.

    Parameters
    ----------
    problem : Problem
    seed : int
        Seed of the starts.
    starts : int
        Number of starts.
    progress : callable, optional
        Called with a line of text after each start.

    Returns
    -------
    Estimate
        The best point found, with its status; never raises because of a failed simulation.

    Raises
    ------
    ValueError
        When `starts` is not positive, or not one start can be simulated.

    References
    ----------
    M. A. Branch, T. F. Coleman, Y. Li, SIAM J. Sci. Comput. 1999, 21, 1, doi 10.1137/S1064827595289108.
    """
    if starts < 1:
        raise ValueError(f"starts = {starts!r}: use at least 1")
    clock = time.perf_counter()
    rng = np.random.default_rng(seed)
    noise_start = np.clip(np.zeros(len(problem.noise_names)), *problem.bounds[:, len(problem.names) :])
    outcomes: list[dict[str, Any]] = []
    best: tuple[float, np.ndarray, str] | None = None
    for index in range(starts):
        z0 = problem.to_coordinates(problem.start) if index == 0 else _draw(problem, rng, noise_start)
        z, cost, settled = _gauss_newton(problem, z0, noise_start, correlated=False)
        if settled and _is_white_and_known(problem):
            noise, status = noise_start, "converged"
        else:
            z, noise, status = _alternate(problem, z, noise_start)
        full = np.concatenate([z, noise])
        value = float(problem.log_posterior(full)[0])
        outcomes.append(
            {
                "start": index,
                "cost": cost,
                "log_posterior": value if np.isfinite(value) else None,
                "status": status,
            }
        )
        if np.isfinite(value) and (best is None or value > best[0]):
            best = value, full, status
        if progress:
            progress(f"start {index + 1}/{starts}: log posterior {value:.2f} ({status})")
    if best is None:
        reasons = problem.failure_reasons.most_common(1)
        why = f" ({reasons[0][0]})" if reasons else ""
        raise ValueError(
            f"none of {starts} starts could be simulated{why}: check the parameter values with 'assb simulate', or"
            " give tighter bounds"
        )
    _, full, status = best
    return _summarise(problem, full, outcomes, status, seed, time.perf_counter() - clock)


def _draw(problem: Problem, rng: np.random.Generator, noise: np.ndarray) -> np.ndarray:
    """The best of some draws of the prior, at given coordinates of the noise."""
    points = problem.knowledge.draw(rng, SCREENED)[:, : len(problem.names)]
    full = np.concatenate([points, np.tile(noise, (SCREENED, 1))], axis=1)
    return points[np.argmax(problem.log_posterior(full))]


def _gauss_newton(
    problem: Problem, z0: np.ndarray, noise: np.ndarray, correlated: bool = True
) -> tuple[np.ndarray, float, bool]:
    """Least squares in the coordinates at fixed noise parameters: where it ends, its cost, and whether it settled."""
    n = len(problem.names)
    spread = problem.noise_values(noise)
    # The sizes of the noise stay, but a joint prior ties them to the unknowns of the model.
    root = problem.knowledge.root
    rest = root[:, n:] @ (noise - problem.knowledge.mean[n:]) - root[:, :n] @ problem.knowledge.mean[:n]
    rows = problem.scored_rows
    low, high = problem.bounds[:, :n]
    memory: dict[bytes, tuple[np.ndarray, np.ndarray]] = {}

    def both(z):
        key = z.tobytes()
        if key not in memory:
            memory.clear()
            white, slopes = problem.whitened(*problem.linearised(z), spread, independent=not correlated)
            if not (np.isfinite(white).all() and np.isfinite(slopes).all()):
                white, slopes = np.full(rows, FAILED_RESIDUAL), np.zeros((rows, n))
            memory[key] = white, slopes
        return memory[key]

    def residual(z):
        return np.concatenate([both(z)[0], root[:, :n] @ z + rest])

    def slope(z):
        return np.concatenate([both(z)[1], root[:, :n]])

    margin = 1e-6 * (high - low)
    start = np.clip(z0, low + margin, high - margin)
    found = least_squares(
        residual, start, jac=slope, bounds=(low, high), xtol=1e-10, ftol=1e-10, gtol=1e-8, max_nfev=200
    )
    settled = found.status > 0 and float(np.abs(found.fun).max()) < FAILED_RESIDUAL
    return found.x, float(found.cost), settled


def _is_white_and_known(problem: Problem) -> bool:
    """Whether the first fit, without correlation of the noise, is the last one too."""
    if problem.noise_names:
        return False
    sizes = [(channel, problem.sizes(channel, np.zeros(0))) for _, channel in problem.channels()]
    return all(np.array_equal(channel.noise.independent(known), known) for channel, known in sizes)


def _alternate(problem: Problem, z: np.ndarray, noise: np.ndarray) -> tuple[np.ndarray, np.ndarray, str]:
    """Optimise noise and model parameters in turn until neither moves."""
    n = len(problem.names)
    for _ in range(NOISE_ROUNDS):
        residuals = [rows[0] for rows in problem.residuals(problem.predict(z))]
        if not all(np.isfinite(rows).all() for rows in residuals):
            return z, noise, "the model cannot be simulated here"
        previous_z, previous_noise = z, noise
        noise = _best_noise(problem, residuals, z, noise)
        z, *_ = _gauss_newton(problem, z, noise)
        moved = np.abs(np.concatenate([z - previous_z, noise - previous_noise])).max()
        if moved < 1e-4:
            return z[:n], noise, "converged"
    return z[:n], noise, f"noise and model parameters still moved after {NOISE_ROUNDS} rounds"


def _best_noise(
    problem: Problem, residuals: list[np.ndarray], model: np.ndarray, noise: np.ndarray
) -> np.ndarray:
    """Coordinates of the noise of the highest posterior at given residuals by channel and unknowns of the model."""
    priors = [problem.all_priors[name] for name in problem.noise_names]
    if not priors:
        return noise
    bounds = [prior.bounds for prior in priors]
    knowledge = problem.knowledge

    def cost(z):
        prior = knowledge.root @ (np.concatenate([model, z]) - knowledge.mean)
        return 0.5 * float(prior @ prior) - float(
            problem.noise_log_likelihood(residuals, problem.noise_values(z))
        )

    return minimize(cost, noise, method="L-BFGS-B", bounds=bounds).x


def _summarise(problem, z, outcomes, status, seed, seconds) -> Estimate:
    n = len(problem.names)
    values = problem.to_values(z)
    _, white = problem.whitened(*problem.linearised(z), values[n:])
    known = problem.knowledge.precision[:n, :n]
    seen = identifiability(problem.names, white, known, rows_by_data(problem))
    scale = np.array([prior.slope(z[k]) for k, prior in enumerate(problem.priors.values())])
    covariance = seen.covariance * np.outer(scale, scale)
    return Estimate(
        parameters_=dict(zip(problem.all_names, map(float, values), strict=True)),
        sd_=dict(zip(problem.names, np.sqrt(np.diag(covariance)).tolist(), strict=True)),
        covariance_=covariance,
        identifiability_=seen,
        z_=z,
        log_posterior_=float(problem.log_posterior(z)[0]),
        predictions_={
            each.name: rows[0] for each, rows in zip(problem.observations, problem.predict(z), strict=True)
        },
        starts_=outcomes,
        status_=status,
        seed=seed,
        seconds=seconds,
        evaluations=problem.evaluations,
        failures=problem.failures,
        units=problem.units,
    )
