"""The calibration problem: named parameters, data of several kinds, one posterior."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from assb.fitting.observations import Channel, Observation
from assb.fitting.posed import Posed, ProblemError
from assb.fitting.survival import deadline, predict_each

__all__ = ["Problem", "ProblemError"]


class Problem(Posed):
    """Posterior of named parameters given measured data of one or several kinds.

    Parameters
    ----------
    model : pybamm.BaseModel or None
        For example :class:`assb.models.SPM`; for spectra with the option "surface form" set to "differential".
        None where all data are tables, whose predictors need no cell.
    parameter_values : pybamm.ParameterValues
        Values of everything that is not calibrated; those of the parameters are the start.
    data : sequence of Dataset, Spectrum or Table
        Independent of each other, with names of their own.
    priors : mapping
        Parameter name -> prior, or :class:`PerDataset`, :class:`PerCell`, :class:`Pooled` or :class:`Tied`.
    noise : Noise or mapping, optional
        Noise of the voltages; or by kind ("voltage", "pressure", "impedance", "table") or name of a data set,
        which goes first. Sizes of the same name are shared. Sampled by default.
    backend : {"auto", "compiled", "IDAKLU"}
        See :func:`assb.fitting.simulators.make_simulators`.
    threads : int, optional
        Threads over parameter sets.
    arcs : "all" or iterable of str, optional
        Constant-phase elements of the impedance, as of :func:`assb.models.impedance`.
    var_pts : mapping, optional
        Mesh points, as for `pybamm.Simulation`.
    discrepancy : Discrepancy, optional
        Unknowns for what the model gets wrong, beside those of `priors`.
    time_limit : float, optional
        Longest time [s] of one evaluation of a data set; a set that takes longer has no likelihood and is counted.
    joint : JointPrior, optional
        What an earlier posterior says about several unknowns; it takes the place of their priors, whose bounds
        stay.

    Attributes
    ----------
    names : list of str
        Unknowns of the model, in the order of the vectors.
    all_names : list of str
        Unknowns of the model, then of the noise.
    observations : list of Observation
        One for each data set.
    evaluations, failures : int
        Evaluations of the posterior, and those among them that could not be simulated.
    failure_reasons : collections.Counter
        What failed, by data set and reason.

    Raises
    ------
    ProblemError
        For an unknown parameter, a prior that excludes the start, no data, or names that repeat.
    """

    # Coordinates -----------------------------------------------------------------------------------

    def to_values(self, z: np.ndarray) -> np.ndarray:
        """Parameter values of prior-scaled coordinates, shape (..., parameters)."""
        priors = list(self.all_priors.values())[: z.shape[-1]]
        return np.stack([prior.to_value(z[..., k]) for k, prior in enumerate(priors)], axis=-1)

    def to_coordinates(self, values: np.ndarray) -> np.ndarray:
        """Inverse of :meth:`to_values`."""
        priors = list(self.all_priors.values())[: values.shape[-1]]
        return np.stack([prior.to_coordinate(values[..., k]) for k, prior in enumerate(priors)], axis=-1)

    def noise_values(self, z_noise: np.ndarray) -> np.ndarray:
        """Sizes of the noise, shape (..., noise parameters), of their coordinates."""
        priors = [self.all_priors[name] for name in self.noise_names]
        columns = [prior.to_value(z_noise[..., k]) for k, prior in enumerate(priors)]
        return np.stack(columns, axis=-1) if columns else np.zeros((*z_noise.shape[:-1], 0))

    def sizes(self, channel: Channel, noise: np.ndarray) -> np.ndarray:
        """Sizes that the noise model of a channel needs, shape (..., sizes), from all noise values."""
        columns = [self.noise_names.index(name) for name in channel.noise.priors]
        return channel.noise.complete(noise[..., columns])

    # Likelihood ------------------------------------------------------------------------------------

    def predict(self, z: np.ndarray) -> list[np.ndarray]:
        """Predictions of every data set, shape (sets, rows) each; NaN where a set cannot be simulated."""
        z = np.atleast_2d(z)[:, : len(self.names)]
        found, lost = [], np.zeros(len(z), dtype=bool)
        for k, each in enumerate(self.observations):
            reasons: Counter[str] = Counter()
            rows = predict_each(each.predict, self.layout.values(z, k), each.rows, self.time_limit, reasons)
            self._count(each, reasons)
            found.append(rows)
            lost |= ~np.isfinite(rows).all(axis=1)
        self.evaluations += len(z)
        self.failures += int(lost.sum())
        return found

    def _count(self, observation: Observation, reasons: Counter[str]) -> None:
        for reason, count in reasons.items():
            self.failure_reasons[f"{observation.name}: {reason}"] += count

    def voltages(self, z: np.ndarray) -> np.ndarray:
        """Voltages [V] of the first time series, shape (sets, rows)."""
        index = self.observations.index(self._first())
        return self.predict(z)[index][:, : len(self.data.time)]

    def residuals(self, predictions: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Predicted minus measured over the scale at the scored rows, by channel, shape (..., scored)."""
        self._require_measured()
        parts = []
        for each, rows in zip(self.observations, predictions, strict=True):
            parts += [c.residuals(part) for c, part in zip(each.channels, each.split(rows), strict=True)]
        return parts

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
        """Log prior density in the coordinates, shape (sets,); normalised."""
        return self.knowledge.log_density(np.atleast_2d(z))

    def log_likelihood(self, z: np.ndarray) -> np.ndarray:
        """Log likelihood, shape (sets,); -inf for a set that cannot be simulated."""
        z = np.atleast_2d(z)
        noise = self.noise_values(z[:, len(self.names) :])
        return self.noise_log_likelihood(self.residuals(self.predict(z)), noise)

    def noise_log_likelihood(self, residuals: Sequence[np.ndarray], noise: np.ndarray) -> np.ndarray:
        """Log likelihood of residuals by channel, shape (..., scored), at noise values, shape (..., noise)."""
        value = np.zeros(noise.shape[:-1])
        for (_, channel), rows in zip(self.channels(), residuals, strict=True):
            value = value + channel.log_likelihood(rows, self.sizes(channel, noise))
        return np.where(np.isfinite(value), value, -np.inf)

    def linearised(self, z: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Residuals by channel, shape (scored,), and their derivatives in the coordinates of the model
        parameters, shape (scored, parameters).
        """
        self._require_measured()
        return self._linearised(z)

    def _linearised(self, z: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """The same; residuals of planned data are not numbers."""
        z = z[: len(self.names)]
        residuals, slopes, failed = [], [], False
        for k, each in enumerate(self.observations):
            rows, derivatives = self._linearise(each, self.layout.values(z, k), self.layout.slopes(z, k))
            failed |= not (np.isfinite(rows).all() and np.isfinite(derivatives).all())
            start = 0
            for channel in each.channels:
                part = slice(start, start + len(channel.measured))
                residuals.append(channel.residuals(rows[part]))
                slopes.append(channel.slopes(derivatives[part]))
                start = part.stop
        self.evaluations += 1
        self.failures += int(failed)
        return residuals, slopes

    def _linearise(self, observation, values, slopes) -> tuple[np.ndarray, np.ndarray]:
        """NaN for what raises or stalls."""
        # Derivatives cost at most a few evaluations for each unknown.
        limit = None if self.time_limit is None else self.time_limit * (2 * len(self.names) + 1)
        try:
            with deadline(limit):
                return observation.linearise(values, slopes)
        except Exception as error:
            self._count(observation, Counter({f"{type(error).__name__}: {error}": 1}))
        return np.full(observation.rows, np.nan), np.full((observation.rows, len(self.names)), np.nan)

    def whitened(
        self,
        residuals: Sequence[np.ndarray],
        slopes: Sequence[np.ndarray],
        noise: np.ndarray,
        independent=False,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Residuals of unit size and their derivatives, all data in one vector: a least-squares problem.

        Parameters
        ----------
        residuals, slopes
            By channel, as of :meth:`linearised`.
        noise : ndarray, shape (noise parameters,)
            Values.
        independent : bool
            Leave out the correlation of the noise.
        """
        parts = [
            self.whiten(channel, each, slope, noise, independent)
            for (_, channel), each, slope in zip(self.channels(), residuals, slopes, strict=True)
        ]
        return np.concatenate([rows for rows, _ in parts]), np.concatenate([slope for _, slope in parts])

    def whiten(
        self,
        channel: Channel,
        residuals: np.ndarray,
        slopes: np.ndarray,
        noise: np.ndarray,
        independent=False,
    ) -> tuple[np.ndarray, np.ndarray]:
        """:meth:`whitened` of one channel: residuals, shape (scored,), and slopes, shape (scored, any)."""
        sizes = self.sizes(channel, noise)
        if independent:
            sizes = channel.noise.independent(sizes)
        about = channel.time, channel.block, sizes
        white, white_slope = (
            channel.noise.whiten(residuals, *about)[0],
            channel.noise.whiten(slopes, *about)[0],
        )
        reduced, outer = channel.noise.least_squares(white, sizes)
        return reduced, outer[:, None] * white_slope

    def information(self, z: np.ndarray) -> np.ndarray:
        """Fisher information of each data set, shape (data sets, parameters, parameters).

        Parameters
        ----------
        z : ndarray, shape (all parameters,)
            Coordinates of model and noise parameters; the sizes of the noise count as known.

        Notes
        -----
        Expected, in the coordinates of the model parameters: S. M. Kay, "Fundamentals of Statistical Signal
        Processing: Estimation Theory", Prentice Hall 1993, chapter 3. NaN for a data set that cannot be simulated.
        """
        n = len(self.names)
        noise = self.noise_values(z[n:])
        found = np.zeros((len(self.observations), n, n))
        for (k, channel), slope in zip(self.channels(), self._linearised(z)[1], strict=True):
            sizes = self.sizes(channel, noise)
            white = channel.noise.whiten(slope, channel.time, channel.block, sizes)[0]
            found[k] += channel.noise.information * white.T @ white
        return found

    def __repr__(self) -> str:
        lines = [
            f"Problem: {len(self.names)} parameters, {self.scored_rows} rows of {len(self.datasets)} data set"
            f"{'s' if len(self.datasets) > 1 else ''}, {self.backend}"
        ]
        lines += [f"  {name}: {prior}" for name, prior in self.all_priors.items()]
        return "\n".join(lines)
