"""Data sets as the likelihood sees them: what each predicts, its derivatives, its scored rows, its noise.

An observation turns rows of model inputs into rows of predictions of one data set. All its rows form one vector,
so that data of any kind add up in one sum of squares.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from assb.fitting.dataset import Dataset
from assb.fitting.noise import CorrelatedNoise, Noise, WhiteNoise
from assb.fitting.priors import LogNormal
from assb.fitting.simulators import PRESSURE, VOLTAGE, Simulator
from assb.fitting.spectrum import Spectrum
from assb.fitting.table import Table

__all__ = ["Channel", "Observation", "SeriesObservation", "SpectrumObservation", "TableObservation"]

#: Step of the finite differences of spectra and tables, in prior standard deviations.
STEP = 1e-3


def default_noise(kind: str) -> Noise:
    """Noise of a kind of data where nothing is said: sizes are sampled."""
    if kind == "voltage":
        return CorrelatedNoise()
    if kind == "pressure":
        sd = LogNormal(median=0.02, factor=3.0, source="assumption: resolution and drift of a load cell")
        return CorrelatedNoise(sd=sd, label="Pressure", units="MPa")
    if kind == "impedance":
        sd = LogNormal(median=0.01, factor=2.5, source="assumption: 1 % of the magnitude")
        return WhiteNoise(sd, label="Impedance", units="-")
    sd = LogNormal(median=1.0, factor=3.0, source="assumption: of the order of the scales stated")
    return WhiteNoise(sd, label="Table", units="-")


class Channel:
    """Rows with one noise model: a stretch of the vector of an observation.

    Parameters
    ----------
    kind : {"voltage", "pressure", "impedance", "table"}
    measured : ndarray, shape (n,)
    scored : ndarray of bool, shape (n,)
    scale : ndarray, shape (n,)
        Residuals are divided by it before the noise model sees them.
    time, block : ndarray, shape (n,)
        Time [s] and step of each row.
    noise : Noise
    """

    def __init__(self, kind, measured, scored, scale, time, block, noise: Noise):
        self.kind, self.noise = kind, noise
        self.measured, self.scored, self.scale = measured, scored, scale
        self.time, self.block = time[scored], block[scored]
        self._log_scale = float(np.sum(np.log(scale[scored])))

    def residuals(self, predicted: np.ndarray) -> np.ndarray:
        """Predicted minus measured over the scale, at the scored rows; shape (..., scored)."""
        return ((predicted - self.measured) / self.scale)[..., self.scored]

    def slopes(self, derivatives: np.ndarray) -> np.ndarray:
        """Derivatives of :meth:`residuals`, shape (scored, k)."""
        return (derivatives / self.scale[:, None])[self.scored]

    def log_likelihood(self, residuals: np.ndarray, sizes: np.ndarray) -> np.ndarray:
        """Log density of the measured rows, shape (...)."""
        white, log_determinant = self.noise.whiten(residuals, self.time, self.block, sizes)
        return self.noise.log_density(white, sizes) - log_determinant - self._log_scale

    def draw(self, rng: np.random.Generator, sizes: np.ndarray) -> np.ndarray:
        """One realisation of the noise of all rows, shape (n,), in the unit of the rows."""
        full = np.zeros(len(self.measured))
        full[self.scored] = self.noise.draw(rng, self.time, self.block, sizes)
        return full * self.scale


class Observation(ABC):
    """One data set, ready for a likelihood.

    Attributes
    ----------
    data : Dataset, Spectrum or Table
    channels : list of Channel
        In the order of the rows.
    """

    data: Any
    channels: list[Channel]

    @property
    def name(self) -> str:
        """Of the data set."""
        return str(self.data.name)

    @property
    def rows(self) -> int:
        """Length of the vector of predictions."""
        return sum(len(channel.measured) for channel in self.channels)

    @abstractmethod
    def predict(self, values: np.ndarray) -> np.ndarray:
        """Predictions, shape (sets, rows), of model inputs, shape (sets, inputs); NaN for a set that fails."""

    @abstractmethod
    def linearise(self, values: np.ndarray, slopes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Predictions, shape (rows,), and derivatives, shape (rows, unknowns), at one set of inputs.

        `slopes`, shape (inputs, unknowns), are the derivatives of the inputs.
        """

    @abstractmethod
    def with_rows(self, rows: np.ndarray, measured: bool = True) -> Observation:
        """The same data set with other values, shape (rows,), which count as measured or not."""

    def split(self, rows: np.ndarray) -> list[np.ndarray]:
        """Parts of `rows`, shape (..., rows), by channel."""
        ends = np.cumsum([len(channel.measured) for channel in self.channels])
        return np.split(rows, ends[:-1], axis=-1)

    def _differences(self, values: np.ndarray, slopes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Central differences along each unknown, all in one batch."""
        moved = [values]
        active = np.flatnonzero(np.abs(slopes).any(axis=0))
        for k in active:
            moved += [values + STEP * slopes[:, k], values - STEP * slopes[:, k]]
        rows = self.predict(np.array(moved))
        derivatives = np.zeros((self.rows, slopes.shape[1]))
        derivatives[:, active] = (rows[1::2] - rows[2::2]).T / (2 * STEP)
        return rows[0], derivatives


class SeriesObservation(Observation):
    """Voltage, and pressure where it was recorded, under the measured current.

    Parameters
    ----------
    data : Dataset
    simulator : Simulator
        With outputs :attr:`output_names`.
    voltage, pressure : Noise
    """

    def __init__(self, data: Dataset, simulator: Simulator, voltage: Noise, pressure: Noise):
        self.data, self.simulator = data, simulator
        self._noises = voltage, pressure
        one = np.ones(len(data.time))
        about = (data.scored, one, data.time, data.block)
        self.channels = [Channel("voltage", data.voltage, *about, voltage)]
        if data.pressure is not None:
            self.channels.append(Channel("pressure", data.pressure, *about, pressure))

    def with_rows(self, rows: np.ndarray, measured: bool = True) -> SeriesObservation:
        """See :class:`Observation`."""
        labels = ("voltage", "pressure")[: len(self.channels)]
        values: dict[str, Any] = dict(zip(labels, self.split(np.asarray(rows)), strict=True))
        data = replace(self.data, **values, measured=measured, sha256="")
        return SeriesObservation(data, self.simulator, *self._noises)

    @staticmethod
    def output_names(data: Sequence[Any]) -> list[str]:
        """Outputs that the model needs for all these data."""
        series = [each for each in data if isinstance(each, Dataset)]
        return [VOLTAGE, PRESSURE] if any(each.pressure is not None for each in series) else [VOLTAGE]

    def predict(self, values: np.ndarray) -> np.ndarray:
        """See :class:`Observation`: voltages [V], then pressures [MPa]."""
        result = self.simulator.outputs(np.atleast_2d(values))[..., : len(self.channels)]
        return np.swapaxes(result, 1, 2).reshape(len(result), -1)

    def linearise(self, values: np.ndarray, slopes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See :class:`Observation`."""
        outputs, derivatives = self.simulator.jacobian(values)
        n = len(self.channels)
        rows = outputs[:, :n].T.ravel()
        return rows, np.moveaxis(derivatives[:, :n], 1, 0).reshape(len(rows), -1) @ slopes


class SpectrumObservation(Observation):
    """Impedance of the rested model; residuals relative to the measured magnitude.

    Rows are the real parts, then the imaginary parts [Ohm].

    Parameters
    ----------
    data : Spectrum
    model : ImpedanceModel
    noise : Noise
        Of real and imaginary part over the magnitude.
    """

    def __init__(self, data: Spectrum, model: Any, noise: Noise):
        self.data, self.model, self._noise = data, model, noise
        measured = np.concatenate([data.impedance.real, data.impedance.imag])
        scale = np.tile(np.abs(data.impedance), 2)
        n = len(measured)
        # Neighbouring frequencies are independent: every row is a step of its own.
        self.channels = [
            Channel("impedance", measured, np.ones(n, bool), scale, np.zeros(n), np.arange(n), noise)
        ]

    def with_rows(self, rows: np.ndarray, measured: bool = True) -> SpectrumObservation:
        """See :class:`Observation`."""
        real, imaginary = np.split(np.asarray(rows), 2)
        data = replace(self.data, impedance=real + 1j * imaginary, measured=measured, sha256="")
        return SpectrumObservation(data, self.model, self._noise)

    def predict(self, values: np.ndarray) -> np.ndarray:
        """See :class:`Observation`."""
        z, _ = self.model.evaluate(self.data.frequency, np.atleast_2d(values))
        return np.concatenate([z.real, z.imag], axis=1)

    def linearise(self, values: np.ndarray, slopes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See :class:`Observation`; by central differences."""
        return self._differences(values, slopes)


class TableObservation(Observation):
    """Rows that a function of the parameters predicts.

    Parameters
    ----------
    data : Table
    inputs : sequence of str
        Names of the columns of the inputs.
    noise : Noise
        Of the residuals over the scales of the table.
    """

    def __init__(self, data: Table, inputs: Sequence[str], noise: Noise):
        self.data, self._inputs, self._noise = data, list(inputs), noise
        n = len(data.values)
        self.channels = [
            Channel("table", data.values, data.scored, data.sd, np.zeros(n), np.arange(n), noise)
        ]

    def with_rows(self, rows: np.ndarray, measured: bool = True) -> TableObservation:
        """See :class:`Observation`."""
        return TableObservation(replace(self.data, values=rows, sha256=""), self._inputs, self._noise)

    def predict(self, values: np.ndarray) -> np.ndarray:
        """See :class:`Observation`."""
        values = np.atleast_2d(values)
        named = {name: values[:, k : k + 1] for k, name in enumerate(self._inputs)}
        rows = np.asarray(self.data.predictor(named), dtype=float)
        if rows.shape != (len(values), self.rows):
            raise ValueError(
                f"{self.name}: the predictor returned shape {rows.shape}; it must be ({len(values)}, {self.rows})"
            )
        return rows

    def linearise(self, values: np.ndarray, slopes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See :class:`Observation`; by central differences."""
        return self._differences(values, slopes)
