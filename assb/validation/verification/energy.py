"""Heat against enthalpy and work; self-discharge of a linear potential."""

from __future__ import annotations

import numpy as np
import pybamm

from assb.models import DFN, SPM
from assb.models.closures.smooth import FARADAY
from assb.validation.verification.cell import MIDDLE, SLOPE, TEMPERATURE, P, ideal_values, number, run
from assb.validation.verification.registry import Measured, check, relative

N = "Negative electrode "
ENTROPIC = "OCP entropic change [V.K-1]"
#: Entropic changes of both electrodes [V.K-1].
CHANGES = (-2e-4, 1e-4)
SOURCE = "Bernardi, Pawlikowski, Newman 1985"


def _charge(values: pybamm.ParameterValues) -> float:
    """Charge of the positive electrode from empty to full [C]."""
    return (
        FARADAY
        * number(values, "Maximum concentration in positive electrode [mol.m-3]")
        * number(values, P + "active material volume fraction")
        * number(values, P + "thickness [m]")
        * number(values, "Electrode area [m2]")
    )


def _adiabatic(model: type) -> Measured:
    """A pulse of discharge at 1C and a rest after it: ``F n int(U - T dU/dT)`` less ``int I V`` over C."""
    values = ideal_values(exchange=1.0)
    values.update(
        {
            P + "conductivity [S.m-1]": 0.05,
            "Solid electrolyte conductivity [S.m-1]": 0.2,
            N + "interface resistance [Ohm.m2]": 1e-3,
            P + ENTROPIC: CHANGES[0],
            N + ENTROPIC: CHANGES[1],
            "Total heat transfer coefficient [W.m-2.K-1]": 0.0,
        }
    )
    current = number(values, "Nominal cell capacity [A.h]")
    values["Current function [A]"] = lambda t: (
        current * (pybamm.tanh((t - 100) / 20) - pybamm.tanh((t - 900) / 20)) / 2
    )
    options = {"thermal": "lumped", "calculate discharge energy": "true"}
    solution = run(values, np.linspace(0, 10000, 21), model=model, options=options, tolerance=1e-8)
    passed = solution["Discharge capacity [A.h]"].data[-1] * 3600
    y = 0.5 + passed / _charge(values)
    plateau = number(values, N + "potential [V]")
    potential = MIDDLE + 0.5 * SLOPE * (y - 0.5) - plateau - TEMPERATURE * (CHANGES[0] - CHANGES[1])
    work = solution["Discharge energy [W.h]"].data[-1] * 3600
    rise = (potential * passed - work) / number(values, "Cell heat capacity [J.K-1]")
    return relative(rise, np.diff(solution["Cell temperature [K]"].data[[0, -1]]))


@check("adiabatic rise, SPM", "rise of temperature by a pulse at 1C [K]", 1e-3, SOURCE)
def adiabatic_averaged() -> Measured:
    """SPM."""
    return _adiabatic(SPM)


@check("adiabatic rise, DFN", "rise of temperature by a pulse at 1C [K]", 1e-3, SOURCE)
def adiabatic_resolved() -> Measured:
    """DFN."""
    return _adiabatic(DFN)


@check("self-discharge", "voltage of a leaking cell of a linear potential, to 1/e [V]", 1e-4, "Ohm's law")
def self_discharge() -> Measured:
    """``V = V_0 exp(-t/tau)`` with ``tau = Q L_s/(sigma A |dU/dy|)``."""
    conductivity = 1e-5
    values = ideal_values(**{"Solid electrolyte electronic conductivity [S.m-1]": conductivity})
    values.update({"Current function [A]": 0.0, P + "OCP [V]": _Falling()})
    leak = conductivity * number(values, "Electrode area [m2]") / number(values, "Separator thickness [m]")
    tau = _charge(values) / leak / 2.0
    times = np.linspace(0, tau, 11)
    solution = run(values, times, options={"electronic leakage": "separator"})
    start = _Falling.start - number(values, N + "potential [V]")
    return relative(start * np.exp(-times / tau), solution["Voltage [V]"].data)


class _Falling:
    """Open-circuit potential that falls by 2 V from empty to full."""

    start = 2.0

    def __call__(self, y):
        """Potential [V] at stoichiometry `y`; the cell starts at one half."""
        return self.start - 2.0 * (y - 0.5)
