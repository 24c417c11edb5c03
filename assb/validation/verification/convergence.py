"""Order of convergence of the finite volumes in depth and in radius, for smooth data.

In depth: resistance of a steady linear electrode against Newman and Tobias. In radius: concentration at
the surface of a sphere under a constant flux, once the profile is smooth ::

    c(R) - c_0 = (q R/D) [3 T + 1/5 - 2 sum_n exp(-a_n^2 T)/a_n^2],   T = D t/R^2,  a_n = tan a_n

J. Crank, The Mathematics of Diffusion, 2nd ed., Oxford 1975, equation 6.45.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from assb.models.closures.smooth import FARADAY
from assb.validation.verification import porous_electrode
from assb.validation.verification.cell import P, ideal_values, interface_area, number, run
from assb.validation.verification.registry import Measured, at_least, check

MESHES = {"depth": (20, 40, 80), "radius": (10, 20, 40)}
ORDER = 1.8
TIME = 0.3  # D t/R^2


def orders(errors: np.ndarray) -> np.ndarray:
    """Observed order between meshes that double."""
    return np.log2(np.abs(errors[:-1] / errors[1:]))


def depth_errors() -> np.ndarray:
    """Relative error of the resistance of the electrode, shape (3,)."""
    case = porous_electrode.CASES[1]
    expected = porous_electrode.closed_resistance(case)
    return np.array([porous_electrode.model_resistance(case, n) for n in MESHES["depth"]]) / expected - 1


def surface_series(time: float, terms: int = 12) -> float:
    """Change of the surface concentration over q R/D at the dimensionless time."""
    roots = np.array(
        [
            brentq(lambda a: a * np.cos(a) - np.sin(a), (n - 0.5) * np.pi, (n + 0.5) * np.pi)
            for n in range(1, terms + 1)
        ]
    )
    return float(3 * time + 0.2 - 2 * np.sum(np.exp(-(roots**2) * time) / roots**2))


def radius_errors() -> np.ndarray:
    """Relative error of the surface concentration, shape (3,)."""
    diffusivity = 1e-14
    values = ideal_values(diffusivity=diffusivity)
    current = 0.1 * number(values, "Nominal cell capacity [A.h]")
    values["Current function [A]"] = current
    radius = number(values, "Positive particle radius [m]")
    volume = number(values, P + "thickness [m]") * number(values, "Electrode area [m2]")
    flux = current / (FARADAY * interface_area(values) * volume)
    scale = flux * radius / diffusivity * surface_series(TIME)
    initial = 0.5 * number(values, "Maximum concentration in positive electrode [mol.m-3]")
    times = np.array([0.0, TIME]) * radius**2 / diffusivity
    surface = []
    for n in MESHES["radius"]:
        solution = run(values, times, points={"r_p": n}, tolerance=1e-11)
        found = solution["Positive particle surface concentration [mol.m-3]"].data[-1] - initial
        surface.append(found / scale - 1)
    return np.array(surface)


@check(
    "order in depth",
    "observed order of the electrode's resistance, 20 to 80 points",
    0.0,
    "second-order finite volumes; Newman & Tobias 1962, doi 10.1149/1.2425269",
)
def depth() -> Measured:
    """At least 1.8."""
    return at_least(ORDER, orders(depth_errors()))


@check(
    "order in radius",
    "observed order of the surface concentration, which is extrapolated, 10 to 40 points",
    0.0,
    "second-order finite volumes; Crank 1975, equation 6.45",
)
def radius() -> Measured:
    """At least 1.8."""
    return at_least(ORDER, orders(radius_errors()))
