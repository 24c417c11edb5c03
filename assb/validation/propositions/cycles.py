"""Cycles, discharges, pulses and storage of the cells that tests of propositions share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pybamm

from assb.models import DFN, SPM
from assb.validation.propositions.runs import (
    COARSE,
    FULL,
    WINDOW,
    Array,
    _options,
    changed,
    plateau,
    run,
    sites,
    surfaces,
)


class Cycles:
    """Galvanostatic cycles of a cell and what they gave.

    Parameters
    ----------
    values : pybamm.ParameterValues
    options : mapping, optional
    number : int
        Of cycles, each a charge and a discharge.
    rate : float
        C-rate of charge and discharge.
    window : (float, float)
        Cut-offs [V vs Li].
    model : {"SPM", "DFN"}
    """

    def __init__(
        self,
        values: pybamm.ParameterValues,
        options: Mapping[str, str] | None = None,
        number: int = 1,
        rate: float = 0.2,
        window: tuple[float, float] = WINDOW,
        model: str = "SPM",
        **solve: Any,
    ):
        self.values = values
        low, high = (level - plateau(values) for level in window)
        steps: list[Any] = [f"Charge at {rate:.8g}C until {high:.6f} V"]
        ends: list[Any] = [f"{low:.6f} V"]
        ends.extend(pybamm.step.CustomTermination(f"{k} full", Room(k)) for k in surfaces(values))
        steps.append(pybamm.step.c_rate(rate, termination=ends, duration="100 hours"))
        self.solution = run(values, [tuple(steps)] * number, options, model, **solve)

    @cached_property
    def _turns(self) -> Array:
        """Net discharge [A.h] at the start, the end of charge and the end of each cycle, shape (cycles, 3)."""
        found = []
        for cycle in self.solution.cycles:
            first, last = (cycle.steps[k]["Discharge capacity [A.h]"].entries for k in (0, -1))
            found.append((first[0], last[0], last[-1]))
        return np.array(found)

    @property
    def charged(self) -> Array:
        """Charge capacity of each cycle [A.h]."""
        return self._turns[:, 0] - self._turns[:, 1]

    @property
    def discharged(self) -> Array:
        """Discharge capacity of each cycle [A.h]."""
        return self._turns[:, 2] - self._turns[:, 1]

    @property
    def utilisation(self) -> Array:
        """Discharge capacity of each cycle over the lithium sites of all active material."""
        return self.discharged / sites(self.values)

    @property
    def efficiency(self) -> float:
        """First discharge over first charge."""
        return float(self.discharged[0] / self.charged[0])

    @property
    def retention(self) -> float:
        """Last discharge capacity over the first."""
        return float(self.discharged[-1] / self.discharged[0])

    def series(self, name: str, cycle: int = 0, step: int = 0) -> Array:
        """Scalar variable over time in one step of one cycle."""
        return np.asarray(self.solution.cycles[cycle].steps[step][name].entries, dtype=float)

    def after_charge(self, name: str) -> Array:
        """Scalar variable at the end of the charge of each cycle."""
        return np.array([cycle.steps[-2][name].entries[-1] for cycle in self.solution.cycles])

    def after_discharge(self, name: str) -> Array:
        """Scalar variable at the end of each cycle."""
        return np.array([cycle.steps[-1][name].entries[-1] for cycle in self.solution.cycles])

    @property
    def energy(self) -> Array:
        """Energy of the discharge of each cycle [W.h]."""
        found = []
        for cycle in self.solution.cycles:
            last = cycle.steps[-1]
            found.append(np.trapezoid(last["Voltage [V]"].entries, last["Discharge capacity [A.h]"].entries))
        return np.array(found)


class Room:
    """What a surface can take up until it is full."""

    def __init__(self, name: str):
        self.name = name

    def __call__(self, variables: Mapping[str, Any]) -> Any:
        """Stoichiometry left."""
        return FULL - variables[self.name]


def discharges(
    values: pybamm.ParameterValues,
    sets: Sequence[Mapping[str, float]],
    options: Mapping[str, str] | None = None,
    rate: float = 0.1,
    low: float = WINDOW[0],
    model: str = "DFN",
) -> Array:
    """Share of the lithium sites that one discharge fills, for many parameter sets with one model.

    Parameters
    ----------
    values : pybamm.ParameterValues
        Start in the charged state.
    sets : sequence of mapping
        Values of the same parameters in each; none may be a function.
    options : mapping, optional
    rate : float
        Current of each set over its practical capacity: the sites of half the active material in one hour.
    low : float
        Cut-off [V vs Li]; a discharge that is beyond it from the start fills nothing.
    model : {"SPM", "DFN"}

    Returns
    -------
    ndarray, shape (n_sets,)
    """
    names = sorted(sets[0])
    # No upper one: else a start above it would pass for a discharge that ends at once.
    limits = {"Lower voltage cut-off [V]": low - plateau(values), "Upper voltage cut-off [V]": 6.0}
    values = changed(values, limits)
    free = changed(values, {**dict.fromkeys(names, "[input]"), "Current function [A]": "[input]"})
    built = {"SPM": SPM, "DFN": DFN}[model](_options(values, options))
    points = {name: count for name, count in COARSE.items() if name in built.default_var_pts}
    simulation = pybamm.Simulation(built, parameter_values=free, var_pts=points)
    found = []
    for each in sets:
        total = sites(changed(values, each))
        inputs = {**each, "Current function [A]": 0.5 * rate * total}
        try:
            solution = simulation.solve([0, 2.5 * 3600 / rate], inputs=inputs)
        except pybamm.SolverError as error:
            if "non-positive at initial" not in str(error):
                raise
            found.append(0.0)
            continue
        found.append(float(solution["Discharge capacity [A.h]"].entries[-1]) / total)
    return np.array(found)


def pulse_resistance(solution: pybamm.Solution, values: pybamm.ParameterValues) -> float:
    """Area resistance [Ohm.cm2] at the end of a solution: voltage less equilibrium over the current."""
    drop = solution["Open-circuit voltage [V]"].entries[-1] - solution["Voltage [V]"].entries[-1]
    density = solution["Current [A]"].entries[-1] / values["Electrode area [m2]"]
    return float(1e4 * drop / density)


def storage(
    values: pybamm.ParameterValues,
    hours: float,
    options: Mapping[str, str] | None = None,
    points: int = 25,
    **arguments: Any,
) -> pybamm.Solution:
    """Rest at open circuit for a time, reported at even times."""
    period = f"{3600 * hours / (points - 1):.6f} seconds"
    rest = pybamm.step.rest(duration=3600 * hours, period=period)
    return run(values, [rest], options, **arguments)
