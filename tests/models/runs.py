"""Short simulations that the tests share."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest
from hypothesis import settings

from assb import parameters
from assb.models import DFN, SPM

P = "Positive electrode "
Q = "Nominal cell capacity [A.h]"
LTO = {"negative": "composite"}
#: Cell -> the options it asks for.
CASES = {"NCM811_LPSCl_InLi": {}, "Oh2026_LTO": LTO}
TIGHT = {"rtol": 1e-9, "atol": 1e-10}
COARSE = {"x_n": 8, "x_p": 8, "r_n": 8, "r_p": 8}


slow = pytest.mark.slow
#: The single-particle model every day, the resolved model in the long run.
spm_first = pytest.mark.parametrize("model_class", [SPM, pytest.param(DFN, marks=slow)])
#: A property test that always draws the same examples.
quick = settings(max_examples=60, deadline=None, derandomize=True)


def scalars(parameter_values):
    """Numbers of a parameter set by name."""
    return {name: float(value) for name, value in parameter_values.items() if isinstance(value, (int, float))}


def values(cell="NCM811_LPSCl_InLi", rate=None, **changes):
    """Parameter values of a cell with a C-rate and changes by name."""
    result = parameters.get(cell)
    result.update(changes)
    if rate is not None:
        result["Current function [A]"] = rate * result["Nominal cell capacity [A.h]"]
    return result


def solve(model, parameter_values, duration, *, points=41, inputs=None, coarse=True, tolerances=TIGHT):
    """Solution at evenly spaced times."""
    sim = pybamm.Simulation(
        model,
        parameter_values=parameter_values,
        solver=pybamm.IDAKLUSolver(**tolerances),
        var_pts=COARSE if coarse else None,
    )
    return sim.solve([0, duration], t_interp=np.linspace(0, duration, points), inputs=inputs)


def voltage(*arguments, **options):
    """Voltage [V] of :func:`solve`."""
    return solve(*arguments, **options)["Voltage [V]"].data
