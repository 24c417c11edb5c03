"""Contact of a lithium foil that is stripped faster than it creeps."""

from __future__ import annotations

import numpy as np

from assb.models.closures.smooth import FARADAY
from assb.validation.verification.cell import P, ideal_values, number, run
from assb.validation.verification.registry import Measured, check, relative

N = "Negative electrode "


def _foil(current: float, contact: float) -> tuple[np.ndarray, np.ndarray, float]:
    """Times, contact fractions and V/(F L) [m2.C-1] of a foil at a current density [A.m-2] and 3 MPa."""
    values = ideal_values(
        **{"Stack pressure [MPa]": 3.0, N + "initial contact fraction": contact, N + "potential [V]": 0.0}
    )
    values[P + "thickness [m]"] = 1e-3  # that holds the charge
    values["Current function [A]"] = current * number(values, "Electrode area [m2]")
    per_charge = number(values, N + "molar volume change [m3.mol-1]") / FARADAY
    per_charge /= number(values, N + "void depth [m]")
    times = np.linspace(0, 0.5 / per_charge / abs(current), 11)
    solution = run(values, times, options={"negative voids": "creep refill"})
    return times, solution[N + "contact fraction"].data, per_charge


@check("voids on stripping", "contact of a foil stripped at ten times its creep current", 1e-4, "a balance")
def stripped() -> Measured:
    """``theta = i/c - (i/c - 1) exp(a c t)`` with the creep current c and a = V/(F L)."""
    current, creep = 20.0, 2.0  # 0.2 mA/cm2 at 3 MPa
    times, found, per_charge = _foil(current, 1.0)
    excess = current / creep
    return relative(excess - (excess - 1) * np.exp(per_charge * creep * times), found)


@check("voids on plating", "contact of a plated foil, from 0.3", 1e-4, "a balance")
def plated() -> Measured:
    """``1 - theta = 0.7 exp(-a q)``."""
    times, found, per_charge = _foil(-20.0, 0.3)
    return relative(1 - 0.7 * np.exp(-per_charge * 20.0 * times), found)
