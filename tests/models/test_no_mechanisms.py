"""With every mechanism off the models are PyBaMM's half-cell models."""

from __future__ import annotations

import pytest

from assb.models import DFN, NO_MECHANISMS, SPM
from assb.validation import half_cell_difference


def test_switched_off_models_keep_their_submodel_classes():
    for model in (SPM, DFN):
        on = [type(s) for s in model().submodels.values()]
        off = [type(s) for s in model(NO_MECHANISMS).submodels.values()]
        assert on == off


@pytest.mark.parametrize("rate", [0.05, 0.5, 2.0, -0.05, -0.5, -2.0])
@pytest.mark.parametrize("model", ["SPM", "DFN"])
def test_equals_pybamm_half_cell(model, rate):
    """The ohmic drops of a uniform reaction, in the SPM, are those of PyBaMM's SPMe."""
    assert half_cell_difference(model, rate, start=0.4 if rate > 0 else 0.9) < 1e-4


@pytest.mark.parametrize("rate", [0.05, 2.0])
def test_spm_equals_pybamm_half_cell_spm_without_ohmic_drops(rate):
    changes = {"Solid electrolyte conductivity [S.m-1]": 1e6, "Positive electrode conductivity [S.m-1]": 1e6}
    assert half_cell_difference("SPM", rate, changes=changes, peer="SPM") < 1e-4
