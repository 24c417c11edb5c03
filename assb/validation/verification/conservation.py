"""Conservation of lithium and charge with every mechanism on, ageing so fast that hours show it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pybamm

from assb import parameters
from assb.models import DFN, SPM
from assb.models.closures.smooth import FARADAY
from assb.validation.verification.cell import CELL, P
from assb.validation.verification.registry import Measured, check, relative

SOURCE = "a balance"
#: Charge at C/4 until the turn, then discharge [s].
TURN, END = 6000.0, 9000.0


@cache
def _cycled(model: type) -> pybamm.Solution:
    values = parameters.get(CELL)
    values.update(
        {
            P + "contact damage rate": 50.0,
            P + "isolation per contact damage": 0.8,
            P + "interphase reaction velocity [m.s-1]": 1e-9,
            P + "interphase parabolic constant [m2.s-1]": 1e-17,
        }
    )
    rate = 0.25 * float(values["Nominal cell capacity [A.h]"])
    values["Current function [A]"] = lambda t: rate * pybamm.tanh((t - TURN) / 60)
    simulation = pybamm.Simulation(
        model(),
        parameter_values=values,
        var_pts={"x_p": 6, "r_p": 6},
        solver=pybamm.IDAKLUSolver(rtol=1e-7, atol=1e-9),
    )
    return simulation.solve([0, END], t_interp=np.linspace(0, END, 31))


def _conserved(model: type) -> Measured:
    """Lithium by place, summed here; relative to what is in the cell."""
    solution = _cycled(model)
    places = (
        "Lithium in positive electrode [mol]",
        "Lithium in negative electrode [mol]",
        "Lithium in isolated particles [mol]",
    )
    total = sum(solution[name].data for name in places)
    total = total - solution["Lithium released by solid electrolyte [mol]"].data
    return relative(np.full_like(total, total[0]), total)


@check("lithium, SPM", "lithium in the cell over a cycle with isolation and oxidation [mol]", 1e-8, SOURCE)
def lithium_averaged() -> Measured:
    """SPM."""
    return _conserved(SPM)


@check("lithium, DFN", "lithium in the cell over a cycle with isolation and oxidation [mol]", 1e-8, SOURCE)
def lithium_resolved() -> Measured:
    """DFN."""
    return _conserved(DFN)


@check(
    "charge, DFN",
    "lithium that leaves the positive electrode plus what oxidation released, on charge [mol]",
    1e-8,
    "Faraday's law",
)
def charge() -> Measured:
    """Against the charge passed, relative to the lithium at the start."""
    solution = _cycled(DFN)
    charging = solution["Time [s]"].data < TURN - 300
    held = (
        solution["Lithium in positive electrode [mol]"].data
        + solution["Lithium in isolated particles [mol]"].data
    )[charging]
    released = solution["Lithium released by solid electrolyte [mol]"].data[charging]
    passed = -solution["Discharge capacity [A.h]"].data[charging] * 3600 / FARADAY
    return relative(passed, held[0] - held + released, scale=held[0])
