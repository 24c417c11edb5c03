"""Lithium and charge are conserved with every mechanism on."""

from __future__ import annotations

from itertools import product

import numpy as np
import pybamm
import pytest

from assb.models import DFN, SPM
from tests.models.runs import COARSE, values

P = "Positive electrode "
CELLS = {
    "NCM811_LPSCl_InLi": ({}, {}),
    "Oh2026_LTO": ({"negative": "composite"}, {"Initial stoichiometry in negative electrode": 0.15}),
}
#: Ageing so fast that a few hours show it.
AGEING = {
    P + "contact damage rate": 50.0,
    P + "isolation per contact damage": 0.8,
    P + "interphase reaction velocity [m.s-1]": 1e-9,
    P + "interphase parabolic constant [m2.s-1]": 1e-17,
}
FORMS = ("false", "differential")
#: A double layer after a current step asks for less: its transient of milliseconds meets rounding.
TOLERANCES = {"false": {"rtol": 1e-10, "atol": 1e-12}, "differential": {"rtol": 1e-8, "atol": 1e-9}}
STEPS = [
    "Charge at C/4 for 100 minutes",
    "Rest for 30 minutes",
    "Discharge at C/4 for 40 minutes",
    "Rest for 30 minutes",
]


#: Every combination in the long run; every day each cell and model once with and without double layers.
DAILY = {
    ("NCM811_LPSCl_InLi", SPM, "false"),
    ("NCM811_LPSCl_InLi", DFN, "differential"),
    ("Oh2026_LTO", SPM, "differential"),
    ("Oh2026_LTO", DFN, "false"),
}
COMBINATIONS = [
    pytest.param(
        case,
        marks=[] if case in DAILY else pytest.mark.slow,
        id="-".join((case[0], case[1].__name__, case[2])),
    )
    for case in product(CELLS, (SPM, DFN), FORMS)
]


@pytest.fixture(scope="module", params=COMBINATIONS)
def run(request):
    cell, model, form = request.param
    options, changes = CELLS[cell]
    sim = pybamm.Simulation(
        model({**options, "surface form": form}),
        parameter_values=values(cell, **changes, **AGEING),
        experiment=pybamm.Experiment(STEPS, period="5 minutes"),
        solver=pybamm.IDAKLUSolver(**TOLERANCES[form]),
        var_pts=COARSE,
    )
    solution = sim.solve()
    assert solution.t[-1] == pytest.approx(200 * 60), solution.termination
    return cell, model, form, solution


def test_lithium_is_conserved_with_side_reactions_and_isolation(run):
    *_, form, solution = run
    total = solution["Total lithium [mol]"].data
    isolated = solution["Lithium in isolated particles [mol]"].data
    released = solution["Lithium released by solid electrolyte [mol]"].data
    stored = solution["Lithium in double layers [mol]"].data
    assert np.ptp(total) < 1e-8 * total[0]
    # Each entry of the books matters: without it the sum would drift by far more than the tolerance.
    assert isolated[-1] > 1e-3 * total[0]
    assert released[-1] > 1e-4 * total[0]
    assert (np.diff(isolated) > -1e-18).all()
    assert (np.diff(released) > -1e-18).all()
    assert (np.ptp(stored) > 1e-7 * total[0]) == (form == "differential")


def test_charge_balances_at_every_instant(run):
    cell, _, form, solution = run
    current = np.abs(solution["Total current density [A.m-2]"].data).max()
    domains = ["Positive"] + (["Negative"] if cell == "Oh2026_LTO" else [])
    for domain in domains:
        residual = solution[f"{domain} electrode charge residual [A.m-2]"].data
        if form == "false":
            assert np.abs(residual).max() < 1e-8 * current
        else:  # what charges the double layer, gone at the end of a rest
            assert np.abs(residual[-1]) < 1e-2 * current
            assert np.abs(residual).max() > 1e-8 * current


def test_side_reaction_current_shows_in_the_electrode(run):
    """On charge the positive electrode loses less lithium than the cell current says."""
    *_, form, solution = run
    charging = solution["Time [s]"].data < 5900
    lithium = (
        solution["Lithium in positive electrode [mol]"].data
        + solution["Lithium in isolated particles [mol]"].data
    )
    passed = -solution["Discharge capacity [A.h]"].data[charging] * 3600 / 96485.33212
    removed = lithium[0] - lithium[charging]
    released = solution["Lithium released by solid electrolyte [mol]"].data[charging]
    tolerance = (1e-9 if form == "false" else 1e-4) * lithium[0]  # a double layer holds the rest
    np.testing.assert_allclose(removed + released, passed, rtol=0, atol=tolerance)
    assert released[-1] > 10 * tolerance
    assert (removed[1:] < passed[1:]).all()


def test_mean_state_is_the_radius_average(run):
    cell, _, _, solution = run
    for domain in ["Positive"] + (["Negative"] if cell == "Oh2026_LTO" else []):
        state = solution[f"{domain} electrode stoichiometry"].data
        average = solution[f"{domain} particle radius-averaged stoichiometry"].data
        assert state.shape == average.shape
        np.testing.assert_allclose(state, average, rtol=0, atol=1e-9)
        lithium = solution[f"{domain} particle stoichiometry"].entries
        assert lithium.min() > 0
        assert lithium.max() < 1
