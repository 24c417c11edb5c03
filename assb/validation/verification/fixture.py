"""Limits of the fixture: ``K = K_fix/(1 + K_fix sum L_i/E_i)`` and ``P = P_0 + K dL``."""

from __future__ import annotations

import numpy as np

from assb.models.closures.smooth import FARADAY
from assb.validation.verification.cell import P, ideal_values, number, run
from assb.validation.verification.registry import Measured, check, relative

SOURCE = "layers and fixture as springs in series"
STIFFNESS, PRESSURE = "Fixture stiffness [MPa.um-1]", "Stack pressure [MPa]"
TIMES = np.linspace(0, 1800, 7)


def _charged(fixture: float, law: str = "spring"):
    """Values and solution of half an hour of charge at C/2 in an elastic stack."""
    values = ideal_values(**{STIFFNESS: fixture, "Relaxing share of stack stiffness": 0.0})
    values["Current function [A]"] = -0.5 * number(values, "Nominal cell capacity [A.h]")
    return values, run(values, TIMES, options={"stack pressure": law})


def compliance(values) -> float:
    """``sum L_i/E_i`` of the three layers [m.Pa-1]."""
    return sum(
        number(values, f"{layer} thickness [m]") / (1e9 * number(values, f"{layer} confined modulus [GPa]"))
        for layer in ("Positive electrode", "Separator", "Negative electrode")
    )


def thickness_change(values) -> np.ndarray:
    """Growth of the stack at `TIMES` [m]: lithium in the foil, strain of the positive electrode."""
    charge = -number(values, "Current function [A]") * TIMES / number(values, "Electrode area [m2]")
    foil = charge / FARADAY * number(values, "Negative electrode molar volume change [m3.mol-1]")
    fraction, length = (
        number(values, P + name) for name in ("active material volume fraction", "thickness [m]")
    )
    c_max = number(values, "Maximum concentration in positive electrode [mol.m-3]")
    y = 0.5 - charge / (FARADAY * c_max * fraction * length)
    law = values[P + "volume strain"]
    strain = np.array([float(law(value)) - float(law(0.5)) for value in y])
    return foil + (1 - number(values, P + "absorbed strain share")) * length * fraction * strain


@check("constant pressure", "pressure with K_fix = 0: no change at all [MPa]", 0.0, SOURCE)
def free() -> Measured:
    """Both ways to say it: a spring without stiffness and the option."""
    found = []
    for law in ("spring", "constant pressure"):
        values, solution = _charged(0.0, law)
        found.append(solution[PRESSURE].data)
    expected = number(values, PRESSURE)
    worst = max(np.concatenate(found), key=lambda pressure: abs(pressure - expected))
    return Measured(expected, float(worst), float(abs(worst - expected)))


@check("spring fixture", "rise of pressure at 0.7 MPa/um [MPa]", 1e-6, SOURCE)
def spring() -> Measured:
    """Fixture and layers in series."""
    values, solution = _charged(0.7)
    fixture = 0.7e12
    stiffness = fixture / (1 + fixture * compliance(values))
    rise = solution[PRESSURE].data - number(values, PRESSURE)
    return relative(stiffness * thickness_change(values)[1:] / 1e6, rise[1:])


@check("rigid fixture", "rise of pressure with K_fix without bound: the layers alone [MPa]", 1e-4, SOURCE)
def rigid() -> Measured:
    """A very stiff spring, and the option "constant volume", whose 1e18 Pa/m leave 4e-5."""
    expected, found = [], []
    for fixture, law in ((1e9, "spring"), (0.7, "constant volume")):
        values, solution = _charged(fixture, law)
        expected.append(thickness_change(values)[1:] / compliance(values) / 1e6)
        found.append(solution[PRESSURE].data[1:] - number(values, PRESSURE))
    return relative(np.concatenate(expected), np.concatenate(found))
