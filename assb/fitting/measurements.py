"""Kinds of data: what each predicts, its derivatives, and its noise.

A kind of data turns named values into a vector of rows and whitens such rows by the size of its noise. Whitened
rows of different kinds then add up in a sum of squares, whatever they are.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assb.fitting.noise import CorrelatedNoise
from assb.fitting.priors import Prior
from assb.models.compiled import CompiledModel, Protocol, ReferenceModel
from assb.models.eis import ImpedanceModel

__all__ = ["Measurement", "SpectrumData", "VoltageData"]

Array = NDArray[np.float64]
Values = Mapping[str, float]

VOLTAGE = "Voltage [V]"
#: Step of the finite differences of a spectrum, in standard deviations of the prior.
STEP = 1e-3


class Measurement(ABC):
    """One kind of data, measured under conditions of its own.

    Parameters
    ----------
    names : sequence of str
        Inputs of the model behind it.
    settings, shifts : mapping, optional
        Inputs held at a value, or moved by one: the same unknowns then predict data at another pressure or
        state of charge.
    """

    def __init__(self, names: Sequence[str], settings: Values | None, shifts: Values | None) -> None:
        self.names = tuple(names)
        self._settings, self._shifts = dict(settings or {}), dict(shifts or {})
        for role, given in (("settings", self._settings), ("shifts", self._shifts)):
            for name in given:
                if name not in self.names:
                    raise ValueError(
                        f"{role} names {name!r}, which is no input of the model: use one of {list(self.names)}"
                    )

    def _vector(self, values: Values) -> Array:
        missing = [name for name in self.names if name not in values and name not in self._settings]
        if missing:
            raise ValueError(f"values lack {missing[0]!r}, an input of the model: give it a number")
        return np.array(
            [self._settings.get(n, values.get(n, np.nan)) + self._shifts.get(n, 0.0) for n in self.names]
        )

    def _columns(self, names: Iterable[str]) -> list[tuple[str, int | None]]:
        """Where each unknown is among the inputs; None where the data do not depend on it."""
        seen = {name: k for k, name in enumerate(self.names) if name not in self._settings}
        return [(name, seen.get(name)) for name in names]

    @abstractmethod
    def predict(self, values: Values) -> Array:
        """Noise-free rows, shape (rows,)."""

    @abstractmethod
    def linearise(self, values: Values, priors: Mapping[str, Prior]) -> tuple[Array, Array]:
        """Rows, and their derivatives with respect to the prior-scaled coordinates, shape (rows, priors)."""

    @abstractmethod
    def whiten(self, rows: Array, reference: Array) -> Array:
        """Rows in units of the noise, shape as given; noise may scale with `reference`, shape (rows,)."""

    @abstractmethod
    def draw(self, rng: np.random.Generator, reference: Array) -> Array:
        """One realisation of the noise, shape (rows,)."""


class VoltageData(Measurement):
    """Voltages of a compiled model under one or several protocols, with correlated noise.

    Parameters
    ----------
    model : CompiledModel or ReferenceModel
        With "Voltage [V]" as its first output.
    protocols : sequence of Protocol
        Each starts from the initial state of the model.
    noise : sequence of float
        Standard deviation [V], correlation time [s] and, if wanted, white standard deviation [V], as in
        :meth:`assb.fitting.CorrelatedNoise.whiten`; steps are independent of each other.
    settings, shifts : mapping, optional
        Inputs held at a value, or moved by one, for these data.

    Raises
    ------
    ValueError
        If "Voltage [V]" is not the first output or a name is no input.
    """

    def __init__(
        self,
        model: CompiledModel | ReferenceModel,
        protocols: Sequence[Protocol],
        noise: Sequence[float],
        settings: Values | None = None,
        shifts: Values | None = None,
    ) -> None:
        super().__init__(model.input_names, settings, shifts)
        if model.output_names[0] != VOLTAGE:
            raise ValueError(f"model has the first output {model.output_names[0]!r}: make it {VOLTAGE!r}")
        self._model, self._protocols = model, list(protocols)
        self._noise = np.asarray(noise, dtype=float)
        times, blocks, count = [], [], 0
        for protocol in self._protocols:
            ends = np.cumsum([duration for duration, _ in protocol.steps])
            times.append(protocol.output_times)
            blocks.append(count + np.searchsorted(ends, protocol.output_times - 1e-6))
            count += len(ends)
        self.time, self.block = np.concatenate(times), np.concatenate(blocks)

    def predict(self, values: Values) -> Array:
        """Voltage [V] at the output times of all protocols, shape (rows,)."""
        p = self._vector(values)
        return np.concatenate([self._model.evaluate(protocol, p)[:, 0] for protocol in self._protocols])

    def linearise(self, values: Values, priors: Mapping[str, Prior]) -> tuple[Array, Array]:
        """Voltage [V] and its exact derivatives with respect to the coordinates of the priors."""
        p = self._vector(values)
        pairs = [self._model.jacobian(protocol, p) for protocol in self._protocols]
        rows = np.concatenate([v[:, 0] for v, _ in pairs])
        slopes = np.concatenate([d[:, 0] for _, d in pairs])
        jacobian = np.zeros((len(rows), len(priors)))
        for k, (name, column) in enumerate(self._columns(priors)):
            if column is not None:
                prior = priors[name]
                jacobian[:, k] = slopes[:, column] * prior.slope(prior.to_coordinate(values[name]))
        return rows, jacobian

    def whiten(self, rows: Array, reference: Array) -> Array:
        """Innovations of the correlated noise over their standard deviations."""
        return CorrelatedNoise.whiten(rows, self.time, self.block, self._noise)[0]

    def draw(self, rng: np.random.Generator, reference: Array) -> Array:
        """One realisation of the noise [V]."""
        return CorrelatedNoise.draw(rng, self.time, self.block, self._noise)


class SpectrumData(Measurement):
    """Impedance of a rested cell, with independent noise proportional to its magnitude.

    Parameters
    ----------
    model : ImpedanceModel
    frequencies : array_like, shape (n_frequencies,)
        [Hz].
    relative_sd : float
        Standard deviation of the real and of the imaginary part, as a share of the magnitude.
    settings, shifts : mapping, optional
        Inputs held at a value, or moved by one, for these data: a shift of the initial stoichiometry is the
        charge passed before the spectrum.

    Raises
    ------
    ValueError
        If `relative_sd` is not positive or a name is no input.

    Notes
    -----
    Rows are the real parts, then the imaginary parts [Ohm].
    """

    def __init__(
        self,
        model: ImpedanceModel,
        frequencies: ArrayLike,
        relative_sd: float,
        settings: Values | None = None,
        shifts: Values | None = None,
    ) -> None:
        super().__init__(model.input_names, settings, shifts)
        if not relative_sd > 0:
            raise ValueError(f"relative_sd = {relative_sd!r}: it must be positive, for example 0.01")
        self._model, self.frequencies = model, np.asarray(frequencies, dtype=float)
        self._relative = float(relative_sd)

    def _rows(self, p: Array) -> Array:
        z, _ = self._model.evaluate(self.frequencies, p)
        return np.concatenate([z.real, z.imag], axis=1)

    def predict(self, values: Values) -> Array:
        """Real parts, then imaginary parts [Ohm]."""
        return self._rows(self._vector(values)[None])[0]

    def linearise(self, values: Values, priors: Mapping[str, Prior]) -> tuple[Array, Array]:
        """Spectrum and its central differences with respect to the coordinates of the priors."""
        p = self._vector(values)
        sets = [p]
        active = [(k, name, c) for k, (name, c) in enumerate(self._columns(priors)) if c is not None]
        for _, name, column in active:
            z = float(priors[name].to_coordinate(values[name]))
            for moved in (z + STEP, z - STEP):
                sets.append(p.copy())
                sets[-1][column] += float(priors[name].to_value(moved)) - values[name]
        rows = self._rows(np.array(sets))
        jacobian = np.zeros((rows.shape[1], len(priors)))
        jacobian[:, [k for k, *_ in active]] = (rows[1::2] - rows[2::2]).T / (2 * STEP)
        return rows[0], jacobian

    def _size(self, reference: Array) -> Array:
        real, imaginary = np.split(reference, 2)
        return np.tile(self._relative * np.hypot(real, imaginary), 2)

    def whiten(self, rows: Array, reference: Array) -> Array:
        """Rows over the relative standard deviation times the magnitude of `reference`."""
        return (rows.T / self._size(reference)).T

    def draw(self, rng: np.random.Generator, reference: Array) -> Array:
        """One realisation of the noise [Ohm]."""
        return self._size(reference) * rng.standard_normal(len(reference))
