"""What papers measured, from a solution."""

from __future__ import annotations

from typing import Any

import numpy as np
import pybamm

__all__ = ["areal", "capacities", "mass", "thickness_change", "utilisation"]

#: mA.h.g-1 per A.h.kg-1, and so on, in one place.
_MILLI = 1e3


def mass(values: pybamm.ParameterValues, density: float) -> float:
    """Mass of active material [g]; `density` in g.cm-3."""
    share = values["Positive electrode active material volume fraction"]
    return float(
        share * density * 1e6 * values["Positive electrode thickness [m]"] * values["Electrode area [m2]"]
    )


def _passed(solution: pybamm.Solution) -> list[tuple[float, float]]:
    """Charge of each cycle on charge and on discharge [A.h]."""
    found = []
    for cycle in solution.cycles:
        charge = discharge = 0.0
        for step in cycle.steps:
            passed = step["Discharge capacity [A.h]"].data
            delta = float(passed[-1] - passed[0])
            charge, discharge = charge + max(-delta, 0.0), discharge + max(delta, 0.0)
        found.append((charge, discharge))
    return found


def capacities(density: float) -> Any:
    """Reducer: capacities per mass of active material and efficiency, cycle by cycle.

    Parameters
    ----------
    density : float
        Of the active material [g.cm-3].
    """

    def reduce(solution: pybamm.Solution, values: pybamm.ParameterValues) -> dict[str, Any]:
        grams = mass(values, density)
        charge, discharge = np.array(_passed(solution)).T
        return {
            "Specific charge capacity [mA.h.g-1]": _MILLI * charge / grams,
            "Specific discharge capacity [mA.h.g-1]": _MILLI * discharge / grams,
            "Coulombic efficiency": discharge / np.maximum(charge, 1e-30),
        }

    return reduce


def areal(solution: pybamm.Solution, values: pybamm.ParameterValues) -> dict[str, Any]:
    """Capacities per electrode area, cycle by cycle [mA.h.cm-2]."""
    area = values["Electrode area [m2]"] * 1e4
    charge, discharge = np.array(_passed(solution)).T
    return {
        "Areal charge capacity [mA.h.cm-2]": _MILLI * charge / area,
        "Areal discharge capacity [mA.h.cm-2]": _MILLI * discharge / area,
    }


def utilisation(solution: pybamm.Solution, values: pybamm.ParameterValues) -> dict[str, Any]:
    """Lithium taken out of all active material, over what its cut-off allows at equilibrium."""
    start, end = (
        values[name]
        for name in (
            "Initial stoichiometry in positive electrode",
            "Positive electrode stoichiometry at 100% SOC",
        )
    )
    mean = solution["X-averaged positive electrode stoichiometry"].data
    connected = values["Positive electrode active fraction"]
    return {"Utilised share of active material": connected * (start - mean) / (start - end)}


def thickness_change(solution: pybamm.Solution, values: pybamm.ParameterValues) -> dict[str, Any]:
    """Swing of the stack and of the negative electrode in one charge, per thickness of the cell."""
    layers = ("Positive electrode", "Separator", "Negative electrode")
    length = sum(values[f"{layer} thickness [m]"] for layer in layers)
    change = solution["Thickness change [m]"].data
    negative = solution["Thickness change: negative electrode [m]"].data
    return {
        "Cell volume change [%]": 100 * (change - change[0]) / length,
        "Share of the negative electrode in the volume change": float(
            (negative[-1] - negative[0]) / (change[-1] - change[0])
        ),
    }
