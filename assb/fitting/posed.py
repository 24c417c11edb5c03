"""What a calibration problem states: parameters, data, priors and noise, checked and made ready."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import Any, Self

import numpy as np
import pybamm

from assb.fitting.dataset import Dataset
from assb.fitting.discrepancy import Discrepancy
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
from assb.fitting.table import Table
from assb.parameters.entry import unit

Data = Dataset | Spectrum | Table
KINDS = ("voltage", "pressure", "impedance", "table")


class ProblemError(ValueError):
    """An inconsistent calibration problem; the message names the field, the value and the remedy."""


class Posed:
    """What :class:`assb.fitting.Problem` computes with; arguments, attributes and errors are its own."""

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
        discrepancy: Discrepancy | None = None,
        joint: JointPrior | None = None,
        time_limit: float | None = None,
    ):
        self.time_limit = time_limit
        self.datasets = list(data)
        #: What a problem with other data takes over; see :meth:`extended`.
        self._built: dict[str, Any] = {
            "backend": backend,
            "threads": threads,
            "arcs": arcs,
            "var_pts": var_pts,
        }
        self._built |= {"joint": joint, "time_limit": time_limit}
        self._check_data()
        if not priors and not (discrepancy and discrepancy.names):
            raise ProblemError("priors is empty: name at least one parameter to calibrate")
        if model is None and not all(isinstance(each, Table) for each in self.datasets):
            raise ProblemError(
                "model is None, but data hold measurements of a cell: give assb.models.SPM or DFN"
            )
        self.model: Any = model
        self.parameter_values = parameter_values
        self.rules: dict[str, Rule] = dict(priors)
        if discrepancy is not None:
            try:
                self.rules |= discrepancy.rules(self.rules, list(parameter_values.keys()))
            except ValueError as error:
                raise ProblemError(f"discrepancy: {error}") from None
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

    def with_measured(self, rows: Sequence[np.ndarray]) -> Self:
        """The same problem about other measured values; shares the compiled model.

        Parameters
        ----------
        rows : sequence of ndarray
            One vector for each data set, as :meth:`predict` gives them: voltages [V], then pressures [MPa], of a
            time series; real, then imaginary parts [Ohm] of a spectrum; rows of a table. The scale of the
            residuals of a spectrum stays that of the measured one.

        Raises
        ------
        ProblemError
            For rows of another number or length, or that are not finite.
        """
        if len(rows) != len(self.observations):
            raise ProblemError(
                f"rows: {len(rows)} vectors for {len(self.observations)} data sets: give one each"
            )
        again = copy(self)
        again.observations = []
        for each, values in zip(self.observations, rows, strict=True):
            values = np.asarray(values, dtype=float)
            if values.shape != (each.rows,) or not np.isfinite(values).all():
                raise ProblemError(
                    f"rows of {each.name!r} have shape {values.shape} or hold NaN: give ({each.rows},) finite numbers"
                )
            again.observations.append(each.with_measured(values))
        again.datasets = [each.data for each in again.observations]
        again.evaluations, again.failures, again.failure_reasons = 0, 0, Counter()
        return again

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

    def extended(self, data: Sequence[Data]) -> Self:
        """The same problem with more data sets, for example planned ones."""
        noise = self._noise or None
        every = [*self.datasets, *data]
        return type(self)(self.model, self.parameter_values, every, self.rules, noise, **self._built)  # type: ignore[arg-type]

    def subset(self, names: Iterable[str]) -> Self:
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

    def with_rows(self, rows: Sequence[np.ndarray], measured: bool = True) -> Self:
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
