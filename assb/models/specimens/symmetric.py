"""Two equal foils with solid electrolyte between them."""

from __future__ import annotations

import numpy as np
import pybamm
from scipy.integrate import solve_ivp

from assb.models.closures import (
    arrhenius,
    butler_volmer_overpotential,
    butler_volmer_slope,
    creep_current,
    intrusion_rate,
    squared_thickness_rate,
    void_rate,
)
from assb.models.closures.smooth import FARADAY
from assb.models.specimens.base import Specimen
from assb.models.specimens.plating import OUTCOMES, PlatingRun
from assb.models.submodels.voids import LOST, MA_PER_CM2
from assb.models.symbols import MAH_PER_CM2, MPA

INTERPHASES = ("none", "growing")


class SymmetricCell(Specimen):
    """Foil | solid electrolyte | foil about rest: In-Li or Li on both sides.

    The electrolyte in series with two interfaces, each with charge transfer, a film and a double layer.
    :meth:`cycle` strips and plates it, with voids and intrusion under the stack pressure.

    Parameters
    ----------
    parameter_values : pybamm.ParameterValues
        Of a cell with a foil as negative electrode.
    thickness : float, optional
        Of the electrolyte [m]; "Separator thickness [m]" by default.
    pressure : float, optional
        [MPa], constant; "Stack pressure [MPa]" by default. It sets creep and intrusion in :meth:`cycle`; the
        small-signal response does not follow it.
    interphase : {"none", "growing"}
        Whether lithium has grown an interphase, as the option "negative interphase" of the models.
    age : float
        Time since the initial thickness [s] for a growing interphase, at open circuit.
    contact : (float, float)
        Contact fractions of the two foils; charge transfer and films act on what is left.

    Attributes
    ----------
    resistance, area_resistance : float
        Steady resistance for small currents [Ohm], [Ohm.cm2].

    Raises
    ------
    ValueError
        For a composite negative electrode, an unknown interphase, a negative age, a length that is not
        positive, a contact fraction outside (0, 1], or a missing parameter.

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
        contact: tuple[float, float] = (1.0, 1.0),
    ):
        if interphase not in INTERPHASES:
            raise ValueError(f"interphase = {interphase!r} is not known: use one of {', '.join(INTERPHASES)}")
        if not age >= 0:
            raise ValueError(f"age = {age!r}: it must not be negative, in s")
        if len(contact) != 2 or not all(0 < share <= 1 for share in contact):
            raise ValueError(f"contact = {contact!r}: give two fractions above 0 and up to 1")
        super().__init__(parameter_values, {"Stack pressure [MPa]": pressure})
        if "Negative electrode potential [V]" not in self.parameter_values.keys():
            raise ValueError(
                "the negative electrode of these values is a composite: a symmetric cell needs a foil, for example"
                " assb.parameters.build(negative='Li')"
            )
        thickness = self.value("Separator thickness [m]") if thickness is None else thickness
        self.thickness = self._length("thickness", thickness)
        self.interphase, self.age = interphase, age
        self.contact = (float(contact[0]), float(contact[1]))

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
        return float(butler_volmer_slope(0.0, self._exchange, self.value("Ambient temperature [K]")))

    @property
    def _exchange(self) -> float:
        exchange = self._negative("exchange-current density [A.m-2]")
        return exchange * self._activation("exchange-current activation energy [J.mol-1]")

    @property
    def _interfaces(self) -> float:
        """Interfaces of full contact that resist as the two do."""
        return sum(1 / share for share in self.contact)

    def _resistance(self):
        interface = self.charge_transfer_resistance + self.film_resistance
        return self.electrolyte_layer(self.thickness) + self._interfaces * interface

    def _impedance(self, omega):
        # As in the foil of the models: the double layer lies across charge transfer, the film in series.
        transfer = self.charge_transfer_resistance
        arc = transfer / (1 + 1j * omega * transfer * self._negative("double-layer capacity [F.m-2]"))
        # Less contact: more resistance and as much less capacity.
        foils = self._interfaces * (arc + self.film_resistance)
        return self.electrolyte_impedance(self.thickness, omega) + foils

    @property
    def critical_current_density(self) -> float:
        """Largest current density that creep keeps fed at full contact and this pressure [A.m-2]."""
        creep = self._negative("creep current density [mA.cm-2]") * MA_PER_CM2
        return float(
            creep_current(
                self.pressure * MPA,
                creep * self._activation("creep activation energy [J.mol-1]"),
                self._negative("creep reference pressure [MPa]") * MPA,
                self._negative("creep pressure exponent"),
            )
        )

    def cycle(self, current_density: float, charge: float, cycles: int = 1, points: int = 20) -> PlatingRun:
        """Strip and plate at constant current and pressure, from the contact fractions of the cell.

        Parameters
        ----------
        current_density : float
            [A.m-2]; 10 is 1 mA/cm2.
        charge : float
            Of each half of a cycle [C.m-2]; 3.6e4 is 1 mAh/cm2.
        cycles : int
            The first foil is stripped in the first half of each.
        points : int
            Rows of the result for each half.

        Returns
        -------
        PlatingRun
            Ends early where a foil keeps 2 % of its contact, or where plated lithium shorts the cell.

        Raises
        ------
        ValueError
            For a current, charge, or number that is not positive, or more charge than a foil holds.
        """
        for name, value in {
            "current_density": current_density,
            "charge": charge,
            "cycles": cycles,
            "points": points,
        }.items():
            if not value > 0:
                raise ValueError(f"{name} = {value!r}: it must be positive")
        held = self._negative("initial lithium [mol.m-2]") * FARADAY
        if charge > held:
            raise ValueError(
                f"charge = {charge!r} C.m-2 is more than the {held:.6g} C.m-2 of lithium in a foil: strip less, or"
                " raise 'Negative electrode initial lithium [mol.m-2]'"
            )
        state = np.array([*self.contact, 0.0, 0.0])
        rows: list[np.ndarray] = []
        start, outcome = 0.0, OUTCOMES[0]
        for k in range(2 * cycles):
            current = current_density if k % 2 == 0 else -current_density
            times, states, outcome = self._half(state, current, charge / current_density, points)
            rows += [np.r_[start + t, k // 2 + 1, current, y] for t, y in zip(times, states.T, strict=True)]
            state, start = states[:, -1], start + times[-1]
            if outcome != OUTCOMES[0]:
                break
        table = np.array(rows)
        contact, currents = table[:, 3:5], table[:, 2]
        signed = np.column_stack([currents, -currents])
        local = signed / contact
        temperature = self.value("Ambient temperature [K]")
        overpotential = butler_volmer_overpotential(local, self._exchange, temperature)
        overpotential = overpotential + local * self.film_resistance
        return PlatingRun(
            time=table[:, 0],
            cycle=table[:, 1].astype(int),
            current_density=currents,
            contact=contact,
            overpotential=overpotential,
            voltage=overpotential[:, 0]
            - overpotential[:, 1]
            + currents * self.electrolyte_layer(self.thickness),
            intrusion=table[:, 5:],
            outcome=outcome,
        )

    def _half(self, state, current, duration, points):
        """States of the two foils through half a cycle, and how it ended."""
        creep = self.critical_current_density
        depth = self._negative("void depth [m]")
        volume = self._negative("molar volume change [m3.mol-1]")
        short = (
            self.pressure * MPA,
            self._negative("intrusion charge [mA.h.cm-2]") * MAH_PER_CM2,
            self._negative("intrusion reference pressure [MPa]") * MPA,
            self._negative("intrusion pressure exponent"),
        )
        currents = np.array([current, -current])
        intrusion = intrusion_rate(currents, *short)

        def rates(_, y):
            return np.r_[void_rate(y[:2], currents, creep, depth, volume), intrusion]

        def lost(_, y):
            return y[:2].min() - LOST

        def shorted(_, y):
            return 1 - y[2:].max()

        for event in (lost, shorted):
            event.terminal = True  # type: ignore[attr-defined]
        grid = np.linspace(0, duration, points)
        found = solve_ivp(
            rates,
            (0, duration),
            state,
            t_eval=grid,
            events=(lost, shorted),
            rtol=1e-8,
            atol=1e-10,
            max_step=duration / 4,
        )
        times, states = found.t, found.y
        for ends, values, how in zip(found.t_events, found.y_events, OUTCOMES[1:], strict=True):
            if ends.size:
                return np.r_[times, ends[0]], np.column_stack([states, values[0]]), how
        return times, states, OUTCOMES[0]
