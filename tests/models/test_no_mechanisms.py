"""With every mechanism off the models are PyBaMM's half-cell models."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

from assb.models import DFN, NO_MECHANISMS, SPM
from tests.models.halfcell import reference_values

HALF_CELL = {"working electrode": "positive"}


def compare(model, peer, rate, changes=None, start=0.4):
    """Largest voltage difference [V] over a discharge that uses a good part of the window."""
    ours, theirs = reference_values(
        **{"Initial stoichiometry in positive electrode": start, **(changes or {})}
    )
    current = rate * ours["Nominal cell capacity [A.h]"]
    duration = 0.35 * 3600 * 1.2 / abs(rate)
    times = np.linspace(0, duration, 60)
    solver = pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-8)
    voltages = []
    for each, values in ((model, ours), (peer, theirs)):
        values["Current function [A]"] = current
        sim = pybamm.Simulation(each, parameter_values=values, solver=solver)
        voltages.append(sim.solve([0, duration], t_interp=times)["Voltage [V]"](times))
    return np.abs(voltages[0] - voltages[1]).max()


def test_switched_off_models_keep_their_submodel_classes():
    for model in (SPM, DFN):
        on = [type(s) for s in model().submodels.values()]
        off = [type(s) for s in model(NO_MECHANISMS).submodels.values()]
        assert on == off


@pytest.mark.parametrize("rate", [0.05, 0.5, 2.0])
@pytest.mark.parametrize("sign", [1, -1])
def test_dfn_equals_pybamm_half_cell(rate, sign):
    start = 0.4 if sign > 0 else 0.9
    peer = pybamm.lithium_ion.DFN(HALF_CELL)
    assert compare(DFN(NO_MECHANISMS), peer, sign * rate, start=start) < 1e-4


@pytest.mark.parametrize("rate", [0.05, 0.5, 2.0])
def test_spm_equals_pybamm_half_cell_spme(rate):
    """The ohmic drops of a uniform reaction are those of PyBaMM's SPMe."""
    peer = pybamm.lithium_ion.SPMe(HALF_CELL)
    assert compare(SPM(NO_MECHANISMS), peer, rate) < 1e-4


@pytest.mark.parametrize("rate", [0.05, 2.0])
def test_spm_equals_pybamm_half_cell_spm_without_ohmic_drops(rate):
    changes = {
        "Solid electrolyte conductivity [S.m-1]": 1e6,
        "Positive electrode conductivity [S.m-1]": 1e6,
    }
    peer = pybamm.lithium_ion.SPM(HALF_CELL)
    assert compare(SPM(NO_MECHANISMS), peer, rate, changes) < 1e-4
