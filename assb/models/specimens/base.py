"""What specimens share: values at the initial state of a model, resistances, units."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np
import pybamm
from numpy.typing import ArrayLike, NDArray

from assb.models.closures.smooth import EPSILON_0

__all__ = ["Specimen", "angular", "initial_values"]


def angular(frequencies: ArrayLike) -> NDArray[np.float64]:
    """Angular frequencies [rad.s-1] of frequencies [Hz].

    Raises
    ------
    ValueError
        Unless they are positive and finite.
    """
    values = np.atleast_1d(np.asarray(frequencies, dtype=float))
    if not values.size or not (np.isfinite(values).all() and (values > 0).all()):
        raise ValueError(f"frequencies = {frequencies!r}: give positive, finite numbers in Hz")
    return 2 * np.pi * values


def initial_values(
    model: pybamm.BaseModel, parameter_values: pybamm.ParameterValues, names: tuple[str, ...]
) -> dict[str, float]:
    """Scalar variables of a model at its initial state.

    Parameters
    ----------
    model : pybamm.BaseModel
        With scalar variables `names`, such as those of :class:`assb.models.SPM`.
    parameter_values : pybamm.ParameterValues
    names : tuple of str

    Returns
    -------
    dict
        Name -> value.
    """
    # Only the initial state is wanted: its states without their equations, which take long to process.
    at_rest = pybamm.BaseModel()
    at_rest.rhs = {state: 0 * state for state in model.initial_conditions}
    at_rest.initial_conditions = dict(model.initial_conditions)
    geometry = model.default_geometry
    parameter_values.process_geometry(geometry)
    mesh = pybamm.Mesh(geometry, model.default_submesh_types, dict.fromkeys(model.default_var_pts, 3))
    discretisation = pybamm.Discretisation(mesh, model.default_spatial_methods)
    processed = parameter_values.process_model(at_rest, inplace=False)
    discretisation.process_model(processed, inplace=True)
    state = processed.concatenated_initial_conditions.evaluate()
    found = {}
    for name in names:
        symbol = parameter_values.process_symbol(model.variables[name])
        value = discretisation.process_symbol(symbol).evaluate(t=0, y=state)
        found[name] = float(np.asarray(value).item())
    return found


class Specimen(ABC):
    """Common part of the specimens.

    Parameters
    ----------
    parameter_values : pybamm.ParameterValues
        Of a cell; see :func:`assb.parameters.build`. It is copied.
    overrides : mapping
        Parameters that the specimen sets itself; None is skipped.

    Raises
    ------
    ValueError
        For a pressure below zero.
    """

    def __init__(self, parameter_values: pybamm.ParameterValues, overrides: Mapping[str, float | None]):
        self.parameter_values = parameter_values.copy()
        self.parameter_values.update({k: v for k, v in overrides.items() if v is not None})
        pressure = self.value("Stack pressure [MPa]")
        if not pressure >= 0:
            raise ValueError(f"pressure = {pressure!r}: it must not be negative, in MPa")

    def value(self, name: str) -> float:
        """Number of a parameter.

        Raises
        ------
        ValueError
            For a parameter that is missing, or that is an input and has no number.
        """
        if name not in self.parameter_values.keys():
            raise ValueError(f"parameter {name!r} is missing: this specimen needs it, add it to the values")
        value = self.parameter_values[name]
        try:
            return float(value)
        except (TypeError, ValueError):
            raise ValueError(f"parameter {name!r} = {value!r} has no number: give it one") from None

    @property
    def area(self) -> float:
        """Electrode area [m2]."""
        return self.value("Electrode area [m2]")

    @property
    def pressure(self) -> float:
        """Stack pressure [MPa]."""
        return self.value("Stack pressure [MPa]")

    @property
    def electrolyte_conductivity(self) -> float:
        """Conductivity of the dense solid electrolyte at cell temperature [S.m-1]."""
        from assb.models.symbols import Symbols

        return float(self.parameter_values.evaluate(Symbols().kappa_se))

    def electrolyte_layer(self, thickness: float) -> float:
        """Area resistance [Ohm.m2] of a pressed layer of solid electrolyte of a thickness [m]."""
        from assb.models.symbols import Symbols

        name = "Separator relative conductivity"
        if name in self.parameter_values.keys() and callable(self.parameter_values[name]):  # layers in series
            relative = float(self.parameter_values.evaluate(Symbols().separator_relative))
        else:
            relative = self.value(name)
        return thickness / (self.electrolyte_conductivity * relative)

    def electrolyte_admittance(self, thickness: float, omega: Any) -> Any:
        """Dielectric admittance [S.m-2] of that layer."""
        permittivity = self.value("Solid electrolyte relative permittivity") * EPSILON_0
        return 1j * omega * permittivity / thickness

    def electrolyte_impedance(self, thickness: float, omega: Any) -> Any:
        """Impedance [Ohm.m2] of that layer: its resistance beside its geometric capacity."""
        resistance = self.electrolyte_layer(thickness)
        return resistance / (1 + resistance * self.electrolyte_admittance(thickness, omega))

    @property
    def area_resistance(self) -> float:
        """Steady (DC) area resistance [Ohm.cm2]."""
        return self._resistance() * 1e4

    @property
    def resistance(self) -> float:
        """Steady (DC) resistance [Ohm]."""
        return self._resistance() / self.area

    @abstractmethod
    def _resistance(self) -> float:
        """Steady area resistance [Ohm.m2]."""

    @abstractmethod
    def _impedance(self, omega: Any) -> Any:
        """Area impedance [Ohm.m2] at angular frequencies."""

    def impedance(self, frequencies: ArrayLike) -> NDArray[np.complex128]:
        """Impedance.

        Parameters
        ----------
        frequencies : array_like, shape (n_frequencies,)
            [Hz].

        Returns
        -------
        ndarray of complex, shape (n_frequencies,)
            [Ohm]; times the area for Ohm.m2.

        Raises
        ------
        ValueError
            For frequencies that are not positive and finite.
        """
        return np.asarray(self._impedance(angular(frequencies)) / self.area)

    def _length(self, name: str, value: float) -> float:
        if not value > 0:
            raise ValueError(f"{name} = {value!r}: it must be positive, in m")
        return value

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({self.pressure:g} MPa, {self.area * 1e4:.4g} cm2): "
            f"{self.resistance:.4g} Ohm, {self.area_resistance:.4g} Ohm.cm2"
        )
