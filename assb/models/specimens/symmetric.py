"""Two equal foils with solid electrolyte between them."""

from __future__ import annotations

import numpy as np
import pybamm

from assb.models.closures import (
    arrhenius,
    butler_volmer_slope,
    squared_thickness_rate,
)
from assb.models.specimens.base import Specimen

INTERPHASES = ("none", "growing")


class SymmetricCell(Specimen):
    """Foil | solid electrolyte | foil about rest: In-Li or Li on both sides.

    The electrolyte in series with two interfaces, each with charge transfer, a film and a double layer.

    Parameters
    ----------
    parameter_values : pybamm.ParameterValues
        Of a cell with a foil as negative electrode.
    thickness : float, optional
        Of the electrolyte [m]; "Separator thickness [m]" by default.
    pressure : float, optional
        [MPa]; it names the condition only: neither the separator nor a foil without voids follows it.
    interphase : {"none", "growing"}
        Whether lithium has grown an interphase, as the option "negative interphase" of the models.
    age : float
        Time since the initial thickness [s] for a growing interphase, at open circuit.

    Attributes
    ----------
    resistance, area_resistance : float
        Steady resistance for small currents [Ohm], [Ohm.cm2].

    Raises
    ------
    ValueError
        For a composite negative electrode, an unknown interphase, a negative age, a length that is not
        positive, or a missing parameter.

    Examples
    --------
    >>> values = assb.parameters.build(negative="Li")
    >>> SymmetricCell(values, interphase="growing", age=24 * 3600.0).area_resistance  # Ohm.cm2
    """

    def __init__(
        self,
        parameter_values: pybamm.ParameterValues,
        thickness: float | None = None,
        pressure: float | None = None,
        interphase: str = "none",
        age: float = 0.0,
    ):
        if interphase not in INTERPHASES:
            raise ValueError(f"interphase = {interphase!r} is not known: use one of {', '.join(INTERPHASES)}")
        if not age >= 0:
            raise ValueError(f"age = {age!r}: it must not be negative, in s")
        super().__init__(parameter_values, {"Stack pressure [MPa]": pressure})
        if "Negative electrode potential [V]" not in self.parameter_values.keys():
            raise ValueError(
                "the negative electrode of these values is a composite: a symmetric cell needs a foil, for example"
                " assb.parameters.build(negative='Li')"
            )
        thickness = self.value("Separator thickness [m]") if thickness is None else thickness
        self.thickness = self._length("thickness", thickness)
        self.interphase, self.age = interphase, age

    def _negative(self, name: str) -> float:
        return self.value(f"Negative electrode {name}")

    def _activation(self, name: str) -> float:
        temperatures = (self.value("Ambient temperature [K]"), self.value("Reference temperature [K]"))
        return float(arrhenius(self._negative(name), *temperatures))

    @property
    def interphase_thickness(self) -> float:
        """Thickness of the interphase [m]; 0 without one."""
        if self.interphase == "none":
            return 0.0
        reference = self._negative("reference interphase thickness [m]")
        constant = self._negative("interphase parabolic constant [m2.s-1]")
        constant *= self._activation("interphase diffusion activation energy [J.mol-1]")
        rate = squared_thickness_rate(1.0, reference, 0.0, constant, "diffusion-limited")
        squared = (self._negative("initial interphase thickness [m]") / reference) ** 2 + rate * self.age
        return float(reference * np.sqrt(squared))

    @property
    def film_resistance(self) -> float:
        """Film of one interface per area [Ohm.m2]."""
        film = self._negative("interface resistance [Ohm.m2]")
        if self.interphase == "none":
            return film
        return film + self.interphase_thickness / self._negative("interphase conductivity [S.m-1]")

    @property
    def charge_transfer_resistance(self) -> float:
        """Charge transfer of one interface at small current per area [Ohm.m2]."""
        exchange = self._negative("exchange-current density [A.m-2]")
        exchange *= self._activation("exchange-current activation energy [J.mol-1]")
        return float(butler_volmer_slope(0.0, exchange, self.value("Ambient temperature [K]")))

    def _resistance(self):
        interface = self.charge_transfer_resistance + self.film_resistance
        return self.electrolyte_layer(self.thickness) + 2 * interface

    def _impedance(self, omega):
        # As in the foil of the models: the double layer lies across charge transfer, the film in series.
        transfer = self.charge_transfer_resistance
        arc = transfer / (1 + 1j * omega * transfer * self._negative("double-layer capacity [F.m-2]"))
        return self.electrolyte_impedance(self.thickness, omega) + 2 * (arc + self.film_resistance)
