"""Impedance: the transmission line of a porous electrode, and a sinusoid in time.

With the interface admittance ``Y = 1/R_ct + i w C`` per area and both networks conducting ::

    Z A = L/(kappa + sigma) [1 + (2 + (sigma/kappa + kappa/sigma) cosh nu)/(nu sinh nu)],
    nu = L sqrt((1/kappa + 1/sigma) a Y)

R. de Levie, Electrochim. Acta 1963, 8, 751, doi 10.1016/0013-4686(63)80042-0 (one network); G. Paasch,
K. Micka, P. Gersdorf, Electrochim. Acta 1993, 38, 2653, doi 10.1016/0013-4686(93)85083-B (both). A
blocking electrode has no reaction, Y = i w C; here its exchange current is 1e-12 A/m2.
"""

from __future__ import annotations

import numpy as np
import pybamm

from assb.models import DFN, NO_MECHANISMS, SPM, impedance
from assb.models.closures.smooth import FARADAY, R_GAS
from assb.validation.verification.cell import (
    TEMPERATURE,
    P,
    conductivities,
    ideal_values,
    interface_area,
    number,
)
from assb.validation.verification.registry import Measured, check, relative

SOURCE = (
    "de Levie 1963, doi 10.1016/0013-4686(63)80042-0; Paasch et al. 1993, doi 10.1016/0013-4686(93)85083-B"
)
CAPACITY = 0.1
POINTS = {"x_p": 140, "r_p": 4}
SURFACE = {"surface form": "differential"}


def transmission_line(values, omega: np.ndarray, exchange: float) -> np.ndarray:
    """Impedance of the electrode [Ohm]."""
    kappa, sigma = conductivities(values)
    length = number(values, P + "thickness [m]")
    admittance = exchange * FARADAY / (R_GAS * TEMPERATURE) + 1j * omega * CAPACITY
    nu = length * np.sqrt((1 / kappa + 1 / sigma) * interface_area(values) * admittance)
    shape = (2 + (sigma / kappa + kappa / sigma) * np.cosh(nu)) / (nu * np.sinh(nu))
    return length / (kappa + sigma) * (1 + shape) / number(values, "Electrode area [m2]")


def line_case(
    exchange: float, electronic: float, points: int = POINTS["x_p"]
) -> tuple[np.ndarray, np.ndarray]:
    """Closed form and DFN over |nu| of 0.3 to 10 [Ohm]; a flat potential leaves diffusion out."""
    values = ideal_values(
        slope=0.0,
        exchange=exchange,
        **{
            "Solid electrolyte conductivity [S.m-1]": 0.1,
            P + "conductivity [S.m-1]": electronic,
            P + "double-layer capacity [F.m-2]": CAPACITY,
            "Negative electrode double-layer capacity [F.m-2]": 1e-6,
            "Separator thickness [m]": 1e-12,
        },
    )
    kappa, sigma = conductivities(values)
    length = number(values, P + "thickness [m]")
    unit = 1 / (length**2 * (1 / kappa + 1 / sigma) * interface_area(values) * CAPACITY)
    omega = np.geomspace(0.3, 10, 15) ** 2 * unit
    found = impedance(
        DFN({**NO_MECHANISMS, **SURFACE}),
        values,
        omega / (2 * np.pi),
        var_pts={"x_p": points, "r_p": POINTS["r_p"]},
    )
    return transmission_line(values, omega, exchange), found["Impedance [Ohm]"].values


@check("blocking transmission line", "impedance of an electrode without reaction [Ohm]", 5e-3, SOURCE)
def blocking() -> Measured:
    """A good and a poor electronic network."""
    pairs = [line_case(1e-12, electronic) for electronic in (100.0, 0.05)]
    return relative(*(np.concatenate(side) for side in zip(*pairs, strict=True)))


@check("reversible transmission line", "impedance of an electrode with reaction [Ohm]", 5e-3, SOURCE)
def reversible() -> Measured:
    """A good and a poor electronic network."""
    pairs = [line_case(2.0, electronic) for electronic in (100.0, 0.05)]
    return relative(*(np.concatenate(side) for side in zip(*pairs, strict=True)))


def _sinusoid(model: type, frequency: float) -> tuple[complex, complex]:
    """Impedance by linearisation and from a small sinusoid in time [Ohm]."""
    values = ideal_values(
        diffusivity=1e-15,
        exchange=1.0,
        **{
            "Solid electrolyte conductivity [S.m-1]": 0.19,
            P + "conductivity [S.m-1]": 10.0,
            P + "double-layer capacity [F.m-2]": CAPACITY,
            "Negative electrode exchange-current density [A.m-2]": 20.0,
        },
    )
    points = {"x_p": 6, "r_p": 6}
    both = model({**NO_MECHANISMS, **SURFACE})
    linear = complex(impedance(both, values, [frequency], var_pts=points)["Impedance [Ohm]"].values[0])
    amplitude = 1e-3 * number(values, "Nominal cell capacity [A.h]")
    values["Current function [A]"] = lambda t: amplitude * pybamm.sin(2 * np.pi * frequency * t)
    # A start at zero current leaves a decaying transient: fit what is left after five periods.
    times = np.linspace(0, 7 / frequency, 701)
    simulation = pybamm.Simulation(
        model({**NO_MECHANISMS, **SURFACE}),
        parameter_values=values,
        var_pts=points,
        solver=pybamm.IDAKLUSolver(rtol=1e-9, atol=1e-11),
    )
    voltage = simulation.solve([0, times[-1]], t_interp=times)["Voltage [V]"](times)
    last = times >= 5 / frequency
    phase = 2 * np.pi * frequency * times[last]
    basis = np.column_stack([np.sin(phase), np.cos(phase), np.ones(phase.size), times[last]])
    sine, cosine, *_ = np.linalg.lstsq(basis, voltage[last], rcond=None)[0]
    return linear, -(sine + 1j * cosine) / amplitude


SINUSOID = "the definition of impedance, Z = -V/I"


@check("sinusoid in time, SPM", "impedance at 1 and 100 Hz [Ohm]", 1e-4, SINUSOID)
def sinusoid_averaged() -> Measured:
    """Linearised model against IDAKLU in time."""
    return relative(*np.array([_sinusoid(SPM, f) for f in (1.0, 100.0)]).T)


@check("sinusoid in time, DFN", "impedance at 10 Hz [Ohm]", 1e-4, SINUSOID)
def sinusoid_resolved() -> Measured:
    """Linearised model against IDAKLU in time."""
    return relative(*_sinusoid(DFN, 10.0))
