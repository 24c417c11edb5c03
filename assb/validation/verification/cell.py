"""A cell whose answers can be written down: every mechanism off, constant properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pybamm

from assb import parameters
from assb.models import NO_MECHANISMS, SPM

TEMPERATURE = 298.15
#: Open-circuit potential of the ideal cell at half filling [V] and its slope [V]; linear in between.
MIDDLE, SLOPE = 3.8, -1.0
CELL = "NCM811_LPSCl_InLi"
P = "Positive electrode "
#: So large that a conductor or a reaction costs nothing (S/m, A/m2).
PERFECT = 1e9


class LinearPotential:
    """Open-circuit potential that is linear in the stoichiometry; `slope` 0 is a flat one."""

    def __init__(self, slope: float = SLOPE):
        self.slope = slope

    def __call__(self, y: Any) -> Any:
        """Potential [V] at stoichiometry `y`."""
        return MIDDLE + self.slope * (y - 0.5)


class Constant:
    """Property that depends on nothing."""

    def __init__(self, value: float):
        self.value = value

    def __call__(self, *arguments: Any) -> Any:
        """Value, as a field where the arguments are one."""
        return pybamm.Scalar(self.value) + 0 * arguments[0]


def ideal_values(
    slope: float = SLOPE, diffusivity: float = 1e-14, exchange: float = PERFECT, **changes: Any
) -> pybamm.ParameterValues:
    """Parameter values with perfect conductors and, unless given, perfect kinetics.

    Parameters
    ----------
    slope : float
        dU/dy [V].
    diffusivity : float
        [m2.s-1].
    exchange : float
        Exchange current density of the positive electrode [A.m-2].
    **changes
        Further values by name.
    """
    values = parameters.get(CELL)
    values.update(
        {
            "Ambient temperature [K]": TEMPERATURE,
            "Reference temperature [K]": TEMPERATURE,
            P + "active fraction": 1.0,
            P + "OCP [V]": LinearPotential(slope),
            "Positive particle diffusivity [m2.s-1]": Constant(diffusivity),
            P + "exchange-current density [A.m-2]": Constant(exchange),
            P + "conductivity [S.m-1]": PERFECT,
            "Solid electrolyte conductivity [S.m-1]": PERFECT,
            "Negative electrode exchange-current density [A.m-2]": PERFECT,
            "Negative electrode interface resistance [Ohm.m2]": 0.0,
            "Initial stoichiometry in positive electrode": 0.5,
            "Lower voltage cut-off [V]": -10.0,
            "Upper voltage cut-off [V]": 20.0,
            **changes,
        }
    )
    return values


def number(values: Mapping[str, Any], name: str) -> float:
    """A value as a float."""
    return float(values[name])


def interface_area(values: Mapping[str, Any]) -> float:
    """Surface of the particles per electrode volume [m-1], all of it in contact."""
    return (
        3
        * number(values, P + "active material volume fraction")
        / number(values, "Positive particle radius [m]")
    )


def conductivities(values: Mapping[str, Any]) -> tuple[float, float]:
    """Effective ionic and electronic conductivity [S.m-1] by Bruggeman's law at the reference temperature."""
    ionic = number(values, "Solid electrolyte conductivity [S.m-1]") * number(
        values, P + "solid electrolyte volume fraction"
    ) ** number(values, P + "Bruggeman coefficient (electrolyte)")
    electronic = number(values, P + "conductivity [S.m-1]") * number(
        values, P + "electronic network volume fraction"
    ) ** number(values, P + "Bruggeman coefficient (electrode)")
    return ionic, electronic


def run(
    values: pybamm.ParameterValues,
    times: np.ndarray,
    *,
    model: type[pybamm.BaseModel] = SPM,
    options: Mapping[str, str] | None = None,
    points: Mapping[str, int] | None = None,
    tolerance: float = 1e-9,
) -> pybamm.Solution:
    """Solution at `times` [s] of a model without mechanisms except those in `options`."""
    simulation = pybamm.Simulation(
        model({**NO_MECHANISMS, **(options or {})}),
        parameter_values=values,
        var_pts={"x_n": 8, "x_p": 8, "r_n": 8, "r_p": 8} | dict(points or {}),
        solver=pybamm.IDAKLUSolver(rtol=tolerance, atol=tolerance),
    )
    return simulation.solve([0, times[-1]], t_interp=times)
