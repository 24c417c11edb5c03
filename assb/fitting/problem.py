"""The calibration problem: named parameters, data of several kinds, one posterior."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import Any

import numpy as np
import pybamm

from assb.fitting.dataset import Dataset
from assb.fitting.knowledge import JointPrior, Knowledge
from assb.fitting.layout import Layout, Rule
from assb.fitting.noise import CorrelatedNoise, Noise
from assb.fitting.observations import (
    Channel,
    Observation,
    SeriesObservation,
    SpectrumObservation,
    TableObservation,
    default_noise,
)
from assb.fitting.priors import Prior
from assb.fitting.simulators import Simulator, make_simulators
from assb.fitting.spectrum import Spectrum
from assb.fitting.survival import deadline, predict_each
from assb.fitting.table import Table
from assb.parameters.entry import unit

Data = Dataset | Spectrum | Table
KINDS = ("voltage", "pressure", "impedance", "table")


class ProblemError(ValueError):
    """An inconsistent calibration problem; the message names the field, the value and the remedy."""


class Problem:
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

    def __init__(
        self,
        model: pybamm.BaseModel | None,
        parameter_values: pybamm.ParameterValues,
        data: Sequence[Data],
        priors: Mapping[str, Rule],
        noise: Noise | Mapping[str, Noise] | None = None,
        backend: str = "auto",
        threads: int | None = None,
        arcs: str | Iterable[str] = (),
        var_pts: Mapping[Any, int] | None = None,
        joint: JointPrior | None = None,
        time_limit: float | None = None,
    ):
        self.time_limit = time_limit
        self.datasets = list(data)
        #: What a problem with other data takes over; see :meth:`extended`.
        self._built = {"backend": backend, "threads": threads, "arcs": arcs, "var_pts": var_pts}
        self._built |= {"joint": joint, "time_limit": time_limit}
        self._check_data()
        if not priors:
            raise ProblemError("priors is empty: name at least one parameter to calibrate")
        if model is None and not all(isinstance(each, Table) for each in self.datasets):
            raise ProblemError(
                "model is None, but data hold measurements of a cell: give assb.models.SPM or DFN"
            )
        self.model: Any = model
        self.parameter_values = parameter_values
        self.rules: dict[str, Rule] = dict(priors)
        self._noise = self._noise_by_kind(noise)
        self._check_names()
        try:
            self.layout = Layout(self.rules, self.datasets, self._number)
        except ValueError as error:
            raise ProblemError(str(error)) from None
        self.priors: dict[str, Prior] = self.layout.priors
        self.names = list(self.priors)
        self.start = np.array([self._start(name) for name in self.names])
        self.observations = self._observations(backend, threads, arcs, var_pts)
        sizes: dict[str, Prior] = {}
        for _, channel in self.channels():
            sizes.update(channel.noise.priors)
        self.noise_names = list(sizes)
        self.all_priors: dict[str, Prior] = {**self.priors, **sizes}
        self.all_names = list(self.all_priors)
        try:
            self.knowledge = Knowledge(self.all_priors, joint)
        except ValueError as error:
            raise ProblemError(str(error)) from None
        self.bounds = self.knowledge.bounds
        self.evaluations, self.failures = 0, 0
        self.failure_reasons: Counter[str] = Counter()

    # Checks ----------------------------------------------------------------------------------------

    def _check_data(self) -> None:
        if not self.datasets:
            raise ProblemError("data is empty: give at least one data set")
        for each in self.datasets:
            if not isinstance(each, (Dataset, Spectrum, Table)):
                raise ProblemError(
                    f"data holds {type(each).__name__}: give assb.fitting.Dataset, Spectrum or Table"
                )
        names = [each.name for each in self.datasets]
        repeated = [name for name, count in Counter(names).items() if count > 1]
        if repeated:
            raise ProblemError(
                f"data: the name {repeated[0]!r} repeats: give each data set a name of its own"
            )

    def _noise_by_kind(self, noise: Noise | Mapping[str, Noise] | None) -> dict[str, Noise]:
        if noise is None:
            return {}
        if isinstance(noise, Noise):
            return {"voltage": noise}
        known = [*KINDS, *(each.name for each in self.datasets)]
        for key in noise:
            if key not in known:
                raise ProblemError(f"noise names {key!r}: use a kind of data or a data set of {known}")
        return dict(noise)

    def _check_names(self) -> None:
        given = [name for each in self.datasets for name in (*each.settings, *each.shifts)]
        for name in [*self.rules, *given]:
            if name not in self.parameter_values.keys():
                from difflib import get_close_matches

                close = get_close_matches(name, list(self.parameter_values.keys()), n=3, cutoff=0.4)
                raise ProblemError(
                    f"parameter {name!r} is not in the parameter values: did you mean "
                    + " or ".join(repr(match) for match in close or ["one of their keys"])
                    + "?"
                )

    def _number(self, name: str) -> float:
        value = self.parameter_values[name]
        if not isinstance(value, (int, float)):
            raise ProblemError(f"parameter {name!r} is {value!r}: only numbers can be calibrated")
        return float(value)

    def _start(self, name: str) -> float:
        base, prior = self.layout.base[name], self.priors[name]
        if base is None:
            return float(prior.to_value(0.0))
        value = self._number(base)
        if not prior.lower <= value <= prior.upper:
            raise ProblemError(
                f"parameter {base!r} starts at {value:.6g}, outside its prior's bounds {prior.lower:.6g} to"
                f" {prior.upper:.6g}: change the value in [cell.values] or the bounds"
            )
        return value

    # Construction ----------------------------------------------------------------------------------

    def noise_of(self, data: Data, kind: str) -> Noise:
        """Noise model of one kind of rows of a data set; "voltage" of a time series goes by its name too."""
        by_name = self._noise.get(data.name) if kind != "pressure" else None
        return by_name or self._noise.get(kind) or default_noise(kind)

    def _observations(self, backend, threads, arcs, var_pts) -> list[Observation]:
        series = [each for each in self.datasets if isinstance(each, Dataset)]
        simulators: dict[str, Simulator] = {}
        if series:
            outputs = SeriesObservation.output_names(series)
            made = make_simulators(
                self.model,
                self.parameter_values,
                self.layout.inputs,
                outputs,
                series,
                backend,
                threads,
                var_pts,
            )
            simulators = dict(zip((each.name for each in series), made, strict=True))
        impedance = None
        observations: list[Observation] = []
        for each in self.datasets:
            if isinstance(each, Dataset):
                noises = self.noise_of(each, "voltage"), self.noise_of(each, "pressure")
                observations.append(SeriesObservation(each, simulators[each.name], *noises))
            elif isinstance(each, Spectrum):
                if impedance is None:
                    from assb.models.eis import ImpedanceModel

                    impedance = ImpedanceModel(
                        self.model, self.parameter_values, self.layout.inputs, var_pts, arcs
                    )
                observations.append(SpectrumObservation(each, impedance, self.noise_of(each, "impedance")))
            else:
                noise = self.noise_of(each, "table")
                observations.append(TableObservation(each, self.layout.inputs, noise))
        return observations

    # Views -----------------------------------------------------------------------------------------

    @property
    def data(self) -> Dataset:
        """The first time series."""
        return self._first().data

    @property
    def noise(self) -> CorrelatedNoise:
        """Noise of the first time series."""
        return self._first().channels[0].noise  # type: ignore[return-value]

    @property
    def simulator(self) -> Simulator:
        """Simulator of the first time series."""
        return self._first().simulator

    def _first(self) -> SeriesObservation:
        for each in self.observations:
            if isinstance(each, SeriesObservation):
                return each
        raise ProblemError("data holds no time series: give a Dataset for what needs one")

    @property
    def backend(self) -> str:
        """Name of the back end that simulates time series, "none" without any."""
        series = [each for each in self.observations if isinstance(each, SeriesObservation)]
        return series[0].simulator.name if series else "none"

    @property
    def scored_rows(self) -> int:
        """Number of rows in the likelihood."""
        return sum(int(channel.scored.sum()) for _, channel in self.channels())

    @property
    def units(self) -> dict[str, str]:
        """Unit of each parameter."""
        return {name: unit(name) for name in self.all_names}

    def channels(self) -> list[tuple[int, Channel]]:
        """Stretches of rows with one noise model each, with the index of their observation."""
        return [(k, channel) for k, each in enumerate(self.observations) for channel in each.channels]

    # Other data ------------------------------------------------------------------------------------

    def extended(self, data: Sequence[Data]) -> Problem:
        """The same problem with more data sets, for example planned ones."""
        noise = self._noise or None
        every = [*self.datasets, *data]
        return Problem(self.model, self.parameter_values, every, self.rules, noise, **self._built)  # type: ignore[arg-type]

    def subset(self, names: Iterable[str]) -> Problem:
        """The same unknowns given some of the data sets only; nothing is compiled.

        Raises
        ------
        ProblemError
            For a name that is no data set.
        """
        known, wanted = [each.name for each in self.datasets], list(names)
        for name in wanted:
            if name not in known:
                raise ProblemError(f"names: {name!r} is no data set of the problem: use some of {known}")
        kept = [k for k, name in enumerate(known) if name in wanted]
        made = copy(self)
        made.datasets = [self.datasets[k] for k in kept]
        made.observations = [self.observations[k] for k in kept]
        made.layout = self.layout.subset(kept)
        made.evaluations, made.failures, made.failure_reasons = 0, 0, Counter()
        return made

    def with_rows(self, rows: Sequence[np.ndarray], measured: bool = True) -> Problem:
        """The same problem with other values of its data; nothing is compiled.

        Parameters
        ----------
        rows : sequence of ndarray, shape (rows,)
            For each data set, as of :meth:`predict`.
        measured : bool
            Whether they count as measured; planned data keep predictions as the scale of their noise.
        """
        made, pairs = copy(self), zip(self.observations, rows, strict=True)
        made.observations = [each.with_rows(values, measured) for each, values in pairs]
        made.datasets = [each.data for each in made.observations]
        made.evaluations, made.failures, made.failure_reasons = 0, 0, Counter()
        return made

    def _require_measured(self) -> None:
        for each in self.datasets:
            if not getattr(each, "measured", True):
                raise ProblemError(
                    f"data set {each.name!r} is planned and has no measured values: measure it, simulate it with"
                    " assb.fitting.synthesise, or take it as a candidate of assb.fitting.design"
                )

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
        rows, derivatives = [], []
        for (_, channel), each, slope in zip(self.channels(), residuals, slopes, strict=True):
            sizes = self.sizes(channel, noise)
            if independent:
                sizes = channel.noise.independent(sizes)
            about = channel.time, channel.block, sizes
            white, white_slope = channel.noise.whiten(each, *about)[0], channel.noise.whiten(slope, *about)[0]
            reduced, outer = channel.noise.least_squares(white, sizes)
            rows.append(reduced)
            derivatives.append(outer[:, None] * white_slope)
        return np.concatenate(rows), np.concatenate(derivatives)

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
