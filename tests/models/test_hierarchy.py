"""The single-particle model against the resolved one, and the mesh."""

from __future__ import annotations

import numpy as np
import pytest

from assb.models import DFN, SPM
from tests.models.runs import TIGHT, solve, values

CELLS = {
    "NCM811_LPSCl_InLi": ({}, {}),
    "Oh2026_LTO": ({"negative": "composite"}, {}),
}


def difference(rate, cell="NCM811_LPSCl_InLi", charge=0.25, **changes):
    """Largest voltage difference [V] over a charge of a share of the capacity."""
    options, own = CELLS[cell]
    pv = values(cell, rate=-rate, **own, **changes)
    duration = charge * 3600 / rate
    voltages = [
        solve(model(options), pv, duration, points=31, tolerances={"rtol": 1e-7, "atol": 1e-8})[
            "Voltage [V]"
        ].data
        for model in (SPM, DFN)
    ]
    shared = min(map(len, voltages)) - 1  # either may meet its cut-off a moment earlier
    assert shared > 5
    return np.abs(voltages[0][:shared] - voltages[1][:shared]).max()


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("rate", [*(pytest.param(r, marks=pytest.mark.slow) for r in (0.1, 0.3)), 1.0])
def test_models_agree_within_millivolts_at_default_parameters(cell, rate):
    assert difference(rate, cell) < 5e-3


@pytest.mark.slow
def test_models_converge_as_the_current_vanishes():
    """Poor conductors, so that the distribution matters; the difference goes faster than the current."""
    poor = {"Solid electrolyte conductivity [S.m-1]": 0.02}
    found = [difference(rate, charge=0.1, **poor) for rate in (0.8, 0.2, 0.05)]
    assert found[0] > 2 * found[1] > 4 * found[2]
    assert found[0] > 1e-4
    assert found[2] < 1e-4


def test_relaxing_mode_brings_the_models_together():
    """Just after a step in a thick electrode the uniform reaction is off, the linear electrode is not."""
    thick = {"Positive electrode thickness [m]": 1e-4, "Solid electrolyte conductivity [S.m-1]": 0.05}
    pv = values(rate=-1.0, **thick)
    resolved, modal, uniform = (
        solve(model, pv, 5, points=6)["Voltage [V]"].data[1:]
        for model in (DFN(), SPM(), SPM({"reaction distribution": "uniform"}))
    )
    assert np.abs(modal - resolved).max() < 0.2 * np.abs(uniform - resolved).max()
    assert np.abs(uniform - resolved).max() > 1e-3


@pytest.mark.slow
def test_finite_volumes_converge():
    """Halving the mesh at least halves the error, in both directions."""
    import pybamm

    pv = values(rate=-0.5)
    times = np.linspace(0, 900, 10)

    def run(**points):
        mesh = {"x_n": 10, "x_p": 10, "r_n": 10, "r_p": 10} | points
        sim = pybamm.Simulation(DFN(), parameter_values=pv, var_pts=mesh, solver=pybamm.IDAKLUSolver(**TIGHT))
        return sim.solve([0, 900], t_interp=times)["Voltage [V]"].data[1:]

    for direction in ("r_p", "x_p"):
        fine = run(**{direction: 80})
        errors = [np.abs(run(**{direction: n}) - fine).max() for n in (5, 10, 20)]
        assert errors[0] > 2 * errors[1] > 4 * errors[2]
        assert errors[2] < 1e-3
