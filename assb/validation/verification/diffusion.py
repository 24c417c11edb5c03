"""Diffusion in a sphere: Cottrell, Sand, and the Warburg impedance.

Short times, diffusion depth small against the radius R. After a step dc of the surface concentration the
flux is that of Cottrell less the curvature of the sphere; under a constant flux q the surface
concentration changes as Sand found for the plane, plus the curvature (s -> 0 expansions of the Laplace
transform of the sphere)::

    q = dc [sqrt(D/(pi t)) - D/R]
    dc = q [2 sqrt(t/(pi D)) + t/R + 4 sqrt(D t^3/pi)/(3 R^2)]

F. G. Cottrell, Z. Phys. Chem. 1903, 42, 385; H. J. S. Sand, Philos. Mag. 1901, 1, 45; J. Crank, The
Mathematics of Diffusion, 2nd ed., Oxford 1975, section 6.3. The impedance of the sphere is ::

    Z = |dU/dy| R/(F c_max D S) / (p coth p - 1),   p = R sqrt(i w/D)

with S the surface of all particles; its limit at high frequency is sigma_W (1 - i)/sqrt(w) with
``sigma_W = |dU/dy|/(F c_max S sqrt(2 D))`` (S. Ho, I. D. Raistrick, R. A. Huggins, J. Electrochem. Soc.
1980, 127, 343, doi 10.1149/1.2129668).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pybamm
from scipy.optimize import brentq

from assb.models import NO_MECHANISMS, SPM, ImpedanceModel
from assb.models.closures.smooth import FARADAY
from assb.validation.verification.cell import MIDDLE, P, ideal_values, interface_area, number, run
from assb.validation.verification.registry import Measured, check, relative

DIFFUSIVITY = 1e-14
SLOPE = 1.0  # magnitude [V]
AREA, RADIUS = "Electrode area [m2]", "Positive particle radius [m]"
POINTS = 240


def _surface(values) -> float:
    """Surface of all particles of the electrode [m2]."""
    return interface_area(values) * number(values, P + "thickness [m]") * number(values, AREA)


def _c_max(values) -> float:
    return number(values, "Maximum concentration in positive electrode [mol.m-3]")


@check(
    "Cottrell",
    "current after a step of the surface concentration, D t/R^2 = 0.001 to 0.01, relative",
    5e-3,
    "Cottrell 1903; Crank 1975, section 6.3",
)
def cottrell() -> Measured:
    """The voltage is held 10 mV above rest; with almost no resistance that is a step of 0.01 in y."""
    values = ideal_values(
        diffusivity=DIFFUSIVITY,
        exchange=1e5,
        **{"Separator thickness [m]": 1e-9, "Stack pressure [MPa]": 0.05},
    )
    step = 0.01
    held = MIDDLE - number(values, "Negative electrode potential [V]") + step * SLOPE
    scale = number(values, RADIUS) ** 2 / DIFFUSIVITY
    times = np.geomspace(1e-3, 1e-2, 7) * scale
    hold = pybamm.step.voltage(held, duration=float(times[-1]), period=float(times[0] / 20))
    simulation = pybamm.Simulation(
        SPM(NO_MECHANISMS),
        parameter_values=values,
        experiment=pybamm.Experiment([hold]),
        var_pts={"r_p": POINTS},
        solver=pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-8),
    )
    solution = simulation.solve()
    found = -np.interp(times, solution.t, solution["Current [A]"].data)
    flux = (
        step
        * _c_max(values)
        * (np.sqrt(DIFFUSIVITY / (np.pi * times)) - DIFFUSIVITY / number(values, RADIUS))
    )
    return relative(flux * FARADAY * _surface(values), found)


def constant_flux(flux: float, time: Any, radius: float) -> Any:
    """Change of the surface concentration [mol.m-3] at short times."""
    plane = 2 * np.sqrt(time / (np.pi * DIFFUSIVITY))
    curved = time / radius + 4 / 3 * np.sqrt(DIFFUSIVITY * np.asarray(time) ** 3 / np.pi) / radius**2
    return flux * (plane + curved)


def _flux(values, current: float) -> float:
    return current / (FARADAY * _surface(values))


@check(
    "Sand surface concentration",
    "change of the surface concentration under a constant current, D t/R^2 = 0.001 to 0.01 [mol.m-3]",
    5e-3,
    "Sand 1901; Crank 1975, section 6.3",
)
def sand_concentration() -> Measured:
    """Constant current."""
    values = ideal_values(diffusivity=DIFFUSIVITY)
    current = number(values, "Nominal cell capacity [A.h]")
    values["Current function [A]"] = current
    radius = number(values, RADIUS)
    times = np.array([0.0, *np.geomspace(1e-3, 1e-2, 7)]) * radius**2 / DIFFUSIVITY
    solution = run(values, times, points={"r_p": POINTS})
    surface = solution["Positive particle surface concentration [mol.m-3]"](times[1:])
    return relative(constant_flux(_flux(values, current), times[1:], radius), surface - 0.5 * _c_max(values))


@check(
    "Sand time",
    "time at which the surface is empty, on charge at a constant current [s]",
    5e-3,
    "Sand 1901; Crank 1975, section 6.3",
)
def sand_time() -> Measured:
    """The event of the empty surface (y = 1e-4) against the root of the closed form."""
    values = ideal_values(diffusivity=DIFFUSIVITY)
    radius, drop = number(values, RADIUS), (0.5 - 1e-4) * _c_max(values)
    target = 5e-3 * radius**2 / DIFFUSIVITY
    flux = drop / constant_flux(1.0, target, radius)
    values["Current function [A]"] = -flux * FARADAY * _surface(values)
    solution = run(values, np.array([0.0, 2 * target]), points={"r_p": POINTS})
    expected = brentq(lambda t: constant_flux(flux, t, radius) - drop, 1e-3 * target, 2 * target)
    return relative(expected, float(solution.t[-1]))


def _impedance_model(points: int = POINTS) -> tuple[ImpedanceModel, pybamm.ParameterValues]:
    values = ideal_values(
        diffusivity=DIFFUSIVITY,
        exchange=1e6,
        **{
            "Separator thickness [m]": 1e-9,
            P + "double-layer capacity [F.m-2]": 1e-9,
            "Negative electrode double-layer capacity [F.m-2]": 1e-9,
        },
    )
    model = SPM({**NO_MECHANISMS, "surface form": "differential", "contact": "constant"})
    inputs = [AREA, P + "largest contact fraction"]
    return ImpedanceModel(model, values, inputs, var_pts={"r_p": points}), values


def sphere(values, omega: np.ndarray, area: float) -> np.ndarray:
    """Impedance of diffusion in the particles [Ohm] on an electrode of `area` [m2]."""
    radius = number(values, RADIUS)
    p = radius * np.sqrt(1j * omega / DIFFUSIVITY)
    surface = _surface(values) / number(values, AREA) * area
    return SLOPE * radius / (FARADAY * _c_max(values) * DIFFUSIVITY * surface) / (p / np.tanh(p) - 1)


@check(
    "diffusion impedance",
    "impedance of diffusion in a sphere, R sqrt(w/D) = 0.3 to 20 [Ohm]",
    5e-3,
    "Ho, Raistrick & Huggins 1980, doi 10.1149/1.2129668; Crank 1975",
)
def diffusion_impedance() -> Measured:
    """From the capacitance of the whole particle to Warburg's line."""
    model, values = _impedance_model()
    omega = np.geomspace(0.3, 20, 9) ** 2 * DIFFUSIVITY / number(values, RADIUS) ** 2
    area = number(values, AREA)
    found, _ = model.evaluate(omega / (2 * np.pi), [[area, 1.0]])
    return relative(sphere(values, omega, area), found[0])


def warburg_coefficients(cases: list[list[float]]) -> tuple[np.ndarray, np.ndarray]:
    """Closed and found Warburg coefficient [Ohm.s-1/2] for (electrode area [m2], contact fraction)."""
    model, values = _impedance_model()
    p = np.geomspace(6.0, 16.0, 4)
    omega = p**2 * DIFFUSIVITY / number(values, RADIUS) ** 2
    found, _ = model.evaluate(omega / (2 * np.pi), cases)
    # 1/(p coth p - 1) = 1/p + 1/p^2 + 1/p^3 + ...: the real part has the first and, curved, the third power.
    powers = np.column_stack([omega**-0.5, omega**-1.5])
    slope = np.linalg.lstsq(powers / powers[0], found.real.T, rcond=None)[0][0] / powers[0, 0]
    surface = _surface(values) / number(values, AREA) * np.array([area for area, _ in cases])
    return SLOPE / (FARADAY * _c_max(values) * surface * np.sqrt(2 * DIFFUSIVITY)), slope


@check(
    "Warburg coefficient",
    "coefficient on electrodes of 0.2 to 5 cm2: inverse to the surface of the particles [Ohm.s^-1/2]",
    5e-3,
    "Ho, Raistrick & Huggins 1980, doi 10.1149/1.2129668",
)
def warburg_coefficient() -> Measured:
    """Three electrode areas in full contact."""
    return relative(*warburg_coefficients([[0.2e-4, 1.0], [1e-4, 1.0], [5e-4, 1.0]]))


@check(
    "Warburg without constriction",
    "coefficient with 10 % of the surface in contact over that in full contact: uniform flux",
    5e-3,
    "boundary condition -D dc/dr = theta j/F of a sphere",
)
def warburg_contact() -> Measured:
    """Lost contact alone raises the charge-transfer resistance, not the Warburg coefficient."""
    _, (full, tenth) = warburg_coefficients([[1e-4, 1.0], [1e-4, 0.1]])
    return relative(1.0, tenth / full)
