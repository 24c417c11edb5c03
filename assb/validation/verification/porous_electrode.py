"""Steady porous electrode with linear kinetics.

With ``xi = x/L`` from the separator, ``nu = L sqrt((1/kappa + 1/sigma) a R_ct^-1)`` and
``R_ct = R T/(F i_0)``, the current per interfacial area and the resistance of the electrode are

    j(xi)/<j> = nu [kappa cosh(nu xi) + sigma cosh(nu (1 - xi))] / ((kappa + sigma) sinh nu)
    R = L/(kappa + sigma) [1 + (2 + (sigma/kappa + kappa/sigma) cosh nu)/(nu sinh nu)]

J. Newman, C. W. Tobias, J. Electrochem. Soc. 1962, 109, 1183, doi 10.1149/1.2425269. A flat
open-circuit potential keeps the state steady; the current is so small that the kinetics are linear.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from assb.models import DFN
from assb.models.closures.smooth import FARADAY, R_GAS
from assb.validation.verification.cell import (
    TEMPERATURE,
    P,
    conductivities,
    ideal_values,
    interface_area,
    number,
    run,
)
from assb.validation.verification.registry import Measured, check, relative

SOURCE = "Newman & Tobias 1962, doi 10.1149/1.2425269"
#: Conductivities of the electrolyte and of the active material [S.m-1], exchange current density [A.m-2].
CASES = ((0.1, 100.0, 5.0), (0.1, 0.03, 5.0), (1.0, 0.02, 1.0))
CURRENT = 1e-3  # of the nominal one


def _values(case: tuple[float, float, float]):
    electrolyte, active, exchange = case
    values = ideal_values(
        slope=0.0,
        exchange=exchange,
        **{"Solid electrolyte conductivity [S.m-1]": electrolyte, P + "conductivity [S.m-1]": active},
    )
    values["Current function [A]"] = CURRENT * number(values, "Nominal cell capacity [A.h]")
    return values


def thiele(case: tuple[float, float, float]) -> float:
    """Thiele number of a case."""
    values = _values(case)
    kappa, sigma = conductivities(values)
    conductance = interface_area(values) * case[2] * FARADAY / (R_GAS * TEMPERATURE)
    return float(number(values, P + "thickness [m]") * np.sqrt((1 / kappa + 1 / sigma) * conductance))


@cache
def _solved(case: tuple[float, float, float], points: int):
    values = _values(case)
    return values, run(values, np.array([0.0, 1.0]), model=DFN, points={"x_p": points}, tolerance=1e-8)


def closed_resistance(case: tuple[float, float, float]) -> float:
    """Area resistance of the electrode [Ohm.m2]."""
    values, nu = _values(case), thiele(case)
    kappa, sigma = conductivities(values)
    shape = 2 + (sigma / kappa + kappa / sigma) * np.cosh(nu)
    return float(number(values, P + "thickness [m]") / (kappa + sigma) * (1 + shape / (nu * np.sinh(nu))))


def model_resistance(case: tuple[float, float, float], points: int = 80) -> float:
    """Area resistance of the electrode in the DFN [Ohm.m2] with `points` through the thickness."""
    values, solution = _solved(case, points)
    current = number(values, "Current function [A]") / number(values, "Electrode area [m2]")
    drop = (
        solution[P + "potential [V]"].data[-1]
        - solution[f"X-averaged {P.lower()}open-circuit potential [V]"].data[-1]
    )
    return float(-drop / current)


@check("porous electrode resistance", "resistance of the electrode, nu = 1.7 to 4.2 [Ohm.m2]", 1e-3, SOURCE)
def resistance() -> Measured:
    """Three ratios of the conductivities."""
    return relative([closed_resistance(case) for case in CASES], [model_resistance(case) for case in CASES])


@check("porous electrode distribution", "reaction over its mean, at 80 depths", 1e-3, SOURCE)
def distribution() -> Measured:
    """Local current over its mean, relative to the local value."""
    expected, found = [], []
    for case in CASES:
        values, solution = _solved(case, 80)
        nu, (kappa, sigma) = thiele(case), conductivities(values)
        j = solution[P + "insertion current density [A.m-2]"].entries[:, -1]
        xi = (np.arange(j.size) + 0.5) / j.size
        shape = kappa * np.cosh(nu * xi) + sigma * np.cosh(nu * (1 - xi))
        expected.append(nu * shape / ((kappa + sigma) * np.sinh(nu)))
        found.append(j / j.mean())
    return relative(np.concatenate(expected), np.concatenate(found))
