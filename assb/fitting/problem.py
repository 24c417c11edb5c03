"""The calibration problem: named parameters, data, likelihood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pybamm

from assb.fitting.dataset import Dataset
from assb.fitting.noise import CorrelatedNoise
from assb.fitting.priors import Prior
from assb.fitting.simulators import Simulator, make_simulator
from assb.parameters.entry import unit


class ProblemError(ValueError):
    """An inconsistent calibration problem; the message names the field, the value and the remedy."""


class Problem:
    """Posterior of named parameters given measured voltages.

    Parameters
    ----------
    model : pybamm.BaseModel
        For example :class:`assb.models.SPM`.
    parameter_values : pybamm.ParameterValues
        Values of everything that is not calibrated; those of the parameters are the start.
    data : sequence of Dataset
        One measured time series (several arrive with the calibration engine).
    priors : mapping
        Parameter name -> prior.
    noise : CorrelatedNoise, optional
        Noise model; its parameters are sampled.
    backend : {"auto", "compiled", "IDAKLU"}
        See :func:`assb.fitting.simulators.make_simulator`.
    threads : int, optional
        Threads over parameter sets.

    Attributes
    ----------
    names : list of str
        Model parameters, in the order of the vectors.
    all_names : list of str
        Model parameters, then noise parameters.

    Raises
    ------
    ProblemError
        For an unknown parameter, a prior that excludes the start, or no data.
    """

    def __init__(
        self,
        model: pybamm.BaseModel,
        parameter_values: pybamm.ParameterValues,
        data: Sequence[Dataset],
        priors: Mapping[str, Prior],
        noise: CorrelatedNoise | None = None,
        backend: str = "auto",
        threads: int | None = None,
    ):
        if len(data) != 1:
            raise ProblemError(f"data has {len(data)} sets: give exactly one time series")
        if not priors:
            raise ProblemError("priors is empty: name at least one parameter to calibrate")
        self.model, self.parameter_values, self.data = model, parameter_values, data[0]
        self.noise = noise or CorrelatedNoise()
        self.priors: dict[str, Prior] = dict(priors)
        self.names = list(self.priors)
        self.all_priors: dict[str, Prior] = {**self.priors, **self.noise.priors}
        self.all_names = list(self.all_priors)
        self._check_names()
        self.start = np.array([self._start(name) for name in self.names])
        self.simulator: Simulator = make_simulator(
            model, parameter_values, self.names, self.data, backend, threads
        )
        self.bounds = np.array([prior.bounds for prior in self.all_priors.values()]).T
        #: Evaluations and those among them that could not be simulated.
        self.evaluations, self.failures = 0, 0

    def _check_names(self) -> None:
        for name in self.names:
            if name not in self.parameter_values.keys():
                from difflib import get_close_matches

                close = get_close_matches(name, list(self.parameter_values.keys()), n=3, cutoff=0.4)
                raise ProblemError(
                    f"parameter {name!r} is not in the parameter values: did you mean "
                    + " or ".join(repr(match) for match in close or ["one of their keys"])
                    + "?"
                )

    def _start(self, name: str) -> float:
        value, prior = self.parameter_values[name], self.priors[name]
        if not isinstance(value, (int, float)):
            raise ProblemError(f"parameter {name!r} is {value!r}: only numbers can be calibrated")
        if not prior.lower <= value <= prior.upper:
            raise ProblemError(
                f"parameter {name!r} starts at {value:.6g}, outside its prior's bounds {prior.lower:.6g} to"
                f" {prior.upper:.6g}: change the value in [cell.values] or the bounds"
            )
        return float(value)

    @property
    def units(self) -> dict[str, str]:
        """Unit of each parameter."""
        return {name: unit(name) for name in self.all_names}

    # Coordinates -----------------------------------------------------------------------------------

    def to_values(self, z: np.ndarray) -> np.ndarray:
        """Parameter values of prior-scaled coordinates, shape (..., parameters)."""
        priors = list(self.all_priors.values())[: z.shape[-1]]
        return np.stack([prior.to_value(z[..., k]) for k, prior in enumerate(priors)], axis=-1)

    def to_coordinates(self, values: np.ndarray) -> np.ndarray:
        """Inverse of :meth:`to_values`."""
        priors = list(self.all_priors.values())[: values.shape[-1]]
        return np.stack([prior.to_coordinate(values[..., k]) for k, prior in enumerate(priors)], axis=-1)

    # Likelihood ------------------------------------------------------------------------------------

    def voltages(self, z: np.ndarray) -> np.ndarray:
        """Simulated voltages [V], shape (sets, rows); NaN where a set cannot be simulated."""
        result = self.simulator.voltages(self.to_values(np.atleast_2d(z)[:, : len(self.names)]))
        self.evaluations += len(result)
        self.failures += int(np.isnan(result).any(axis=1).sum())
        return result

    def residuals(self, voltages: np.ndarray) -> np.ndarray:
        """Simulated minus measured voltage [V] at the scored rows, shape (sets, scored rows)."""
        scored = self.data.scored
        return (voltages - self.data.voltage)[..., scored]

    def whiten(self, residuals: np.ndarray, noise: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`assb.fitting.CorrelatedNoise.whiten`, at the scored rows."""
        scored = self.data.scored
        return self.noise.whiten(residuals, self.data.time[scored], self.data.block[scored], noise)

    def log_posterior(self, z: np.ndarray) -> np.ndarray:
        """Log posterior density in the coordinates, shape (sets,); -inf where there is none.

        Parameters
        ----------
        z : ndarray, shape (sets, all parameters)
            Prior-scaled coordinates of model and noise parameters.
        """
        z = np.atleast_2d(z)
        total = self.log_prior(z)
        inside = np.isfinite(total)
        if inside.any():
            total[inside] += self.log_likelihood(z[inside])
        return total

    def log_prior(self, z: np.ndarray) -> np.ndarray:
        """Log prior density up to a constant, shape (sets,)."""
        z = np.atleast_2d(z)
        return sum(
            (prior.log_density(z[:, k]) for k, prior in enumerate(self.all_priors.values())),
            start=np.zeros(len(z)),
        )

    def log_likelihood(self, z: np.ndarray) -> np.ndarray:
        """Log likelihood, shape (sets,); -inf for a set that cannot be simulated."""
        z = np.atleast_2d(z)
        noise = self.to_values(z)[:, len(self.names) :]
        white, log_determinant = self.whiten(self.residuals(self.voltages(z)), noise)
        n = white.shape[-1]
        value = -0.5 * np.sum(white**2, axis=-1) - log_determinant - 0.5 * n * np.log(2 * np.pi)
        return np.where(np.isfinite(value), value, -np.inf)

    def linearised(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Residuals [V], shape (scored rows,), and their derivatives in the coordinates of the model
        parameters, shape (scored rows, parameters).
        """
        model_z = z[: len(self.names)]
        voltages, slopes = self.simulator.jacobian(self.to_values(model_z))
        self.evaluations += 1
        self.failures += int(np.isnan(voltages).any())
        scale = np.array([prior.slope(model_z[k]) for k, prior in enumerate(self.priors.values())])
        return self.residuals(voltages), (slopes * scale)[self.data.scored]

    def __repr__(self) -> str:
        lines = [
            f"Problem: {len(self.names)} parameters, {int(self.data.scored.sum())} rows, {self.simulator.name}"
        ]
        lines += [f"  {name}: {prior}" for name, prior in self.all_priors.items()]
        return "\n".join(lines)
