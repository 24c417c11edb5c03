"""Silicon and tin: potentials, hysteresis, volume."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

import assb
from assb import parameters
from assb.models import DFN, SPM
from assb.models.compiled import Protocol, compile_model
from assb.models.compiled.check import solve_with_idaklu
from assb.parameters.materials import NEGATIVE, silicon, tin
from tests.models.runs import COARSE, Q, slow, solve

N = "Negative electrode "
HYSTERETIC = {"negative": "composite", "negative hysteresis": "one-state"}
PLAIN = {"negative": "composite"}
STATE = "X-averaged negative electrode hysteresis state"
OCP = "X-averaged negative electrode open-circuit potential [V]"


def test_potentials_are_those_of_their_sources():
    y = np.linspace(0.001, 0.999, 3000)
    for law in (
        silicon.silicon_lithiation_potential,
        silicon.silicon_delithiation_potential,
        tin.tin_potential,
    ):
        assert (np.diff(law(y)) < 0).all(), law.__name__
    assert (silicon.silicon_hysteresis(y) > 0).all()
    source = pybamm.ParameterValues("Chen2020_composite")
    inside = np.linspace(0.02, 0.98, 25)
    for branch, law in (
        ("lithiation", silicon.silicon_lithiation_potential),
        ("delithiation", silicon.silicon_delithiation_potential),
    ):
        theirs = source[f"Secondary: Negative electrode {branch} OCP [V]"]
        np.testing.assert_allclose(law(inside), [float(theirs(v)) for v in inside], atol=6e-3)
    # Two phases coexist over most of the capacity of tin: the plateaus of Wang 1986, by their middles.
    middles = [
        0.5 * (a + b[0]) / tin.FULL
        for a, b in zip((0, *(p[0] for p in tin.PLATEAUS)), tin.PLATEAUS, strict=False)
    ]
    levels = [p[1] for p in tin.PLATEAUS]
    np.testing.assert_allclose(tin.tin_potential(np.array(middles)), levels, atol=0.015)


@pytest.mark.parametrize(("name", "expansion"), [("Si", 2.9), ("Sn", 2.6)])
def test_volume_and_capacity_have_the_published_size(name, expansion):
    material = NEGATIVE[name]
    strain = material[N + "volume strain"].value
    assert float(strain(1.0)) == pytest.approx(expansion)
    assert float(strain(0.0)) == 0
    density = material["density [g.cm-3]"].value
    charge = material["Maximum concentration in negative electrode [mol.m-3]"].value * 96485.33212
    assert charge / 3.6 / density / 1e6 == pytest.approx({"Si": 3579, "Sn": 993}[name])


@pytest.mark.parametrize("model", [SPM, pytest.param(DFN, marks=slow)])
def test_potential_follows_the_branch_of_its_direction(model):
    cell = parameters.build(negative="Si")
    steps = [
        "Charge at C/10 for 6 hours",
        "Rest for 10 hours",
        "Discharge at C/10 for 3 hours",
    ]
    experiment = pybamm.Experiment(steps, period="10 minutes")
    solution = assb.simulate(model(HYSTERETIC), cell, experiment, var_pts=COARSE)
    y = solution["X-averaged negative electrode surface stoichiometry"].data
    state, u = solution[STATE].data, solution[OCP].data
    assert np.abs(state).max() <= 1 + 1e-6
    ends = [np.searchsorted(solution["Time [h]"].data, h - 1e-3) for h in (6, 16, 19)]
    assert u[ends[0]] == pytest.approx(silicon.silicon_lithiation_potential(y[ends[0]]), abs=2e-3)
    assert state[ends[1]] == pytest.approx(state[ends[0]], abs=1e-3)  # rest keeps the branch
    assert u[ends[2]] == pytest.approx(silicon.silicon_delithiation_potential(y[ends[2]]), abs=15e-3)
    # The reversal fades as exp(-gamma |dy|).
    first = slice(ends[1] + 2, ends[1] + 8)
    mean = solution["X-averaged negative electrode stoichiometry"].data
    expected = 1 - (1 - state[ends[1]]) * np.exp(-20 * np.abs(mean[first] - mean[ends[1]]))
    np.testing.assert_allclose(state[first], expected, atol=0.01)


@slow
def test_without_a_width_hysteresis_changes_nothing():
    cell = parameters.build(negative="graphite")
    cell["Current function [A]"] = -0.3 * cell[Q]
    found = [solve(SPM(o), cell, 1800, points=4)["Voltage [V]"].data for o in (HYSTERETIC, PLAIN)]
    np.testing.assert_allclose(*found, rtol=0, atol=1e-7)


def test_pressure_follows_the_volume_and_lithium_is_conserved():
    """G6: silicon dominates; its rise is the published strain times what is not absorbed."""
    rises = {}
    for name in ("Si", "graphite"):
        cell = parameters.build(negative=name)
        cell["Current function [A]"] = -0.2 * cell[Q]
        firm = {"rtol": 1e-7, "atol": 1e-9}
        solution = solve(SPM(HYSTERETIC), cell, 10800, points=5, tolerances=firm)
        change = solution["Thickness change: negative electrode [m]"].data
        y = solution["X-averaged negative electrode stoichiometry"].data
        if name == "Si":
            volume = cell[N + "thickness [m]"] * cell[N + "active material volume fraction"]
            expected = (1 - cell[N + "absorbed strain share"]) * volume * 2.9 * (y - y[0])
            np.testing.assert_allclose(change, expected, rtol=1e-6, atol=1e-14)
        rises[name] = solution["Pressure contribution: negative electrode [MPa]"].data[-1]
        total = solution["Total lithium [mol]"].data
        assert np.ptp(total) < 1e-7 * total[0]
    assert rises["Si"] > 1.3 * rises["graphite"] > 0


def test_a_foil_refuses_hysteresis():
    with pytest.raises(pybamm.OptionError, match="belongs to a composite"):
        SPM({"negative hysteresis": "one-state"})


@slow
@pytest.mark.parametrize("name", ["Si", "Sn"])
def test_compiled_equals_idaklu(name):
    cell = parameters.build(negative=name)
    protocol = Protocol.from_steps(
        [(1800.0, -0.3 * cell[Q]), (600.0, 0.0), (900.0, 0.3 * cell[Q])], np.arange(60.0, 3301.0, 60.0)
    )
    built, names = SPM(HYSTERETIC), ["Voltage [V]", "Stack pressure [MPa]"]
    compiled = compile_model(built, cell, [], names, COARSE, check=False)
    ours = compiled.evaluate(protocol, compiled.vector())
    reference = solve_with_idaklu(built, cell, protocol, compiled.defaults, compiled.output_names, COARSE)
    np.testing.assert_allclose(ours[1:, 0], reference[1:, 0], rtol=0, atol=3e-4)
    np.testing.assert_allclose(ours[1:, 1], reference[1:, 1], rtol=0, atol=1e-3)
