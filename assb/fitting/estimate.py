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

from assb.fitting.identifiable import Identifiability, identifiability
from assb.fitting.problem import Problem

if TYPE_CHECKING:
    import pybamm

#: Residual [V] that stands for a set that cannot be simulated: far worse than any model, yet finite.
FAILED_RESIDUAL = 10.0
NOISE_ROUNDS = 20
#: Correlation time [s] at which rows count as independent.
INDEPENDENT = 1e-3


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
    voltages_ : ndarray, shape (rows,)
        Simulated voltages [V].
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
    voltages_: np.ndarray
    starts_: list[dict[str, Any]]
    status_: str
    seed: int
    seconds: float
    evaluations: int
    failures: int
    units: dict[str, str] = field(default_factory=dict)

    def to_parameter_values(self, problem: Problem) -> pybamm.ParameterValues:
        """The problem's parameter values with the calibrated ones put in."""
        values = problem.parameter_values.copy()
        values.update({name: self.parameters_[name] for name in problem.names})
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
            "voltages": self.voltages_.tolist(),
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
        seen = d["identifiability"]
        n = len(seen["names"])
        sd = np.array([seen["shrinkage"][name] for name in seen["names"]])
        return cls(
            parameters_=d["parameters"],
            sd_=d["sd"],
            covariance_=np.array(d["covariance"]),
            identifiability_=Identifiability(
                seen["names"],
                np.array(seen["singular_values"]),
                np.array(seen["vectors"]).reshape(n, n),
                np.array(seen["correlation"]) * np.outer(sd, sd),
            ),
            z_=np.array(d["z"]),
            log_posterior_=d["log_posterior"],
            voltages_=np.array(d["voltages"]),
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

    Gauss-Newton (trust region, bounded) from several starts: the first is the parameter values, the others
    are drawn from the prior. Each start first fits independent residuals, whose landscape is smoother, and
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
    noise_start = np.zeros(len(problem.noise.priors))
    outcomes: list[dict[str, Any]] = []
    best: tuple[float, np.ndarray, str] | None = None
    for index in range(starts):
        z0 = problem.to_coordinates(problem.start) if index == 0 else _draw(problem, rng)
        z, cost = _gauss_newton(problem, z0, noise_start, correlated=False)
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
        raise ValueError(
            f"none of {starts} starts could be simulated: check the parameter values with 'assb simulate', or"
            " give tighter bounds"
        )
    _, full, status = best
    return _summarise(problem, full, outcomes, status, seed, time.perf_counter() - clock)


def _draw(problem: Problem, rng: np.random.Generator) -> np.ndarray:
    values = np.array([prior.draw(rng, 1)[0] for prior in problem.priors.values()])
    return problem.to_coordinates(values)


def _gauss_newton(
    problem: Problem, z0: np.ndarray, noise: np.ndarray, correlated: bool = True
) -> tuple[np.ndarray, float]:
    """Least squares in the coordinates at fixed noise parameters."""
    n = len(problem.names)
    spread = problem.to_values(np.concatenate([z0, noise]))[n:]
    if not correlated:
        spread[1] = INDEPENDENT
    weights = np.sqrt([prior.weight for prior in problem.priors.values()])
    rows = int(problem.data.scored.sum())
    low, high = problem.bounds[:, :n]
    memory: dict[bytes, tuple[np.ndarray, np.ndarray]] = {}

    def both(z):
        key = z.tobytes()
        if key not in memory:
            memory.clear()
            residuals, slopes = problem.linearised(z)
            if not (np.isfinite(residuals).all() and np.isfinite(slopes).all()):
                residuals, slopes = np.full(rows, FAILED_RESIDUAL), np.zeros((rows, n))
            white, _ = problem.whiten(residuals, spread)
            white_slopes, _ = problem.whiten(slopes, spread)
            memory[key] = white, white_slopes
        return memory[key]

    def residual(z):
        return np.concatenate([both(z)[0], weights * z])

    def slope(z):
        return np.concatenate([both(z)[1], np.diag(weights)])

    margin = 1e-6 * (high - low)
    start = np.clip(z0, low + margin, high - margin)
    found = least_squares(
        residual, start, jac=slope, bounds=(low, high), xtol=1e-10, ftol=1e-10, gtol=1e-8, max_nfev=200
    )
    return found.x, float(found.cost)


def _alternate(problem: Problem, z: np.ndarray, noise: np.ndarray) -> tuple[np.ndarray, np.ndarray, str]:
    """Optimise noise and model parameters in turn until neither moves."""
    n = len(problem.names)
    for _ in range(NOISE_ROUNDS):
        residuals = problem.residuals(problem.voltages(z))[0]
        if not np.isfinite(residuals).all():
            return z, noise, "the model cannot be simulated here"
        previous_z, previous_noise = z, noise
        noise = _best_noise(problem, residuals, noise)
        z, _ = _gauss_newton(problem, z, noise)
        moved = max(np.abs(z - previous_z).max(), np.abs(noise - previous_noise).max())
        if moved < 1e-4:
            return z[:n], noise, "converged"
    return z[:n], noise, f"noise and model parameters still moved after {NOISE_ROUNDS} rounds"


def _best_noise(problem: Problem, residuals: np.ndarray, noise: np.ndarray) -> np.ndarray:
    priors = list(problem.noise.priors.values())
    bounds = [prior.bounds for prior in priors]

    def cost(z):
        spread = np.array([float(prior.to_value(v)) for prior, v in zip(priors, z, strict=True)])
        white, log_determinant = problem.whiten(residuals, spread)
        return 0.5 * np.sum(white**2) + float(log_determinant) + 0.5 * np.sum(np.square(z))

    return minimize(cost, noise, method="L-BFGS-B", bounds=bounds).x


def _summarise(problem, z, outcomes, status, seed, seconds) -> Estimate:
    n = len(problem.names)
    values = problem.to_values(z)
    _, slopes = problem.linearised(z)
    white, _ = problem.whiten(slopes, values[n:])
    weights = np.array([prior.weight for prior in problem.priors.values()])
    seen = identifiability(problem.names, white, weights)
    scale = np.array([prior.slope(z[k]) for k, prior in enumerate(problem.priors.values())])
    covariance = seen.covariance * np.outer(scale, scale)
    return Estimate(
        parameters_=dict(zip(problem.all_names, map(float, values), strict=True)),
        sd_=dict(zip(problem.names, np.sqrt(np.diag(covariance)).tolist(), strict=True)),
        covariance_=covariance,
        identifiability_=seen,
        z_=z,
        log_posterior_=float(problem.log_posterior(z)[0]),
        voltages_=problem.voltages(z)[0],
        starts_=outcomes,
        status_=status,
        seed=seed,
        seconds=seconds,
        evaluations=problem.evaluations,
        failures=problem.failures,
        units=problem.units,
    )
