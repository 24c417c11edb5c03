"""Two particle populations in the positive electrode: limits, conservation, both back ends."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

import assb
from assb import parameters
from assb.models import DFN, NO_MECHANISMS, SPM
from assb.models import compile as compile_model
from assb.models.compiled import CompiledModel, Protocol, ReferenceModel
from assb.parameters import Blend, matching_stoichiometry
from assb.parameters.materials.layered_oxides import nmc811_potential
from tests.models.runs import COARSE, P, Q, spm_first, voltage
from tests.models.test_conservation import AGEING, STEPS, TOLERANCES

TWO = {"positive populations": "two"}
MESH = {**COARSE, "r_p_prim": 8, "r_p_sec": 8}
AM = P + "active material volume fraction"
BOTH = ("Primary: ", "Secondary: ")
FORMS = ("false", "differential")


def blend(radii=(5e-6, 1.5e-6), masses=(60, 40), rate=None, **changes):
    """Two sizes of NCM811 against In-Li."""
    pv = parameters.build(Blend(("NCM811", "NCM811"), masses, radii))
    pv.update(changes)
    if rate is not None:
        pv["Current function [A]"] = rate * pv[Q]
    return pv


def run(model, pv, duration, points=41, tolerances=None):
    sim = pybamm.Simulation(
        model,
        parameter_values=pv,
        solver=pybamm.IDAKLUSolver(**(tolerances or {"rtol": 1e-9, "atol": 1e-10})),
        var_pts=MESH,
    )
    return sim.solve([0, duration], t_interp=np.linspace(0, duration, points))


@pytest.mark.parametrize("form", FORMS)
def test_two_identical_populations_are_one(model_class, form):
    alone = parameters.build(particle_radius=2.5e-6)
    alone["Current function [A]"] = -0.5 * alone[Q]
    expected = voltage(model_class({"surface form": form}), alone, 3600)
    pair = blend((2.5e-6, 2.5e-6), rate=-0.5)
    found = run(model_class({**TWO, "surface form": form}), pair, 3600)
    np.testing.assert_allclose(found["Voltage [V]"].data, expected, rtol=0, atol=1e-6)
    assert np.ptp(expected) > 0.1


@pytest.mark.parametrize("gone", BOTH)
def test_a_population_that_vanishes_changes_nothing(model_class, gone):
    alone = parameters.build(particle_radius=2.5e-6)
    alone["Current function [A]"] = -0.5 * alone[Q]
    expected = voltage(model_class(), alone, 3600)
    radii = (2.5e-6, 1e-6) if gone == "Secondary: " else (1e-6, 2.5e-6)
    other = BOTH[1 - BOTH.index(gone)]
    changes = {gone + AM: 1e-8 * alone[AM], other + AM: (1 - 1e-8) * alone[AM]}
    found = run(model_class(TWO), blend(radii, rate=-0.5, **changes), 3600)
    np.testing.assert_allclose(found["Voltage [V]"].data, expected, rtol=0, atol=1e-5)


def shifted(y):
    """A second material, 50 mV higher."""
    return nmc811_potential(y) + 0.05


def resistances_gone(pv, factor):
    for prefix in BOTH:
        pv[prefix + P + "reference exchange-current density [A.m-2]"] *= factor
        for knot in (0.4, 0.65, 0.9):
            pv[f"{prefix}Positive particle diffusivity at stoichiometry {knot} [m2.s-1]"] *= factor
    return pv


def test_without_resistance_the_populations_are_at_one_potential(model_class):
    options = {**NO_MECHANISMS, **TWO}
    apart = []
    for factor in (1, 10, 1000):
        pv = blend(rate=-0.2)
        pv["Secondary: " + P + "OCP [V]"] = shifted
        name = "Initial stoichiometry in positive electrode"
        pv["Secondary: " + name] = matching_stoichiometry(pv, pv["Primary: " + name])
        assert pv["Secondary: " + name] > pv["Primary: " + name] + 0.01
        tolerances = {"rtol": 1e-6, "atol": 1e-8}
        solution = run(model_class(options), resistances_gone(pv, factor), 3600, tolerances=tolerances)
        first, second = (
            solution[f"X-averaged positive electrode {k} bulk open-circuit potential [V]"].data
            for k in ("primary", "secondary")
        )
        assert abs(first[0] - second[0]) < 1e-10
        apart.append(np.abs(first - second).max())
    assert apart[0] > 1e-3
    assert apart[0] > 5 * apart[1]
    assert apart[1] > 50 * apart[2]


def test_small_particles_react_first(model_class):
    """At a high rate; the slower, the more alike."""
    found = []
    for rate in (2.0, 0.004):
        start = {f"{k}Initial stoichiometry in positive electrode": 0.5 for k in BOTH}
        pv = blend(rate=rate, **start)
        solution = run(model_class({**NO_MECHANISMS, **TWO}), pv, 0.1 * 3600 / rate)
        large, small = (
            np.diff(solution[f"X-averaged positive electrode {k} stoichiometry"].data[[0, -1]])[0]
            for k in ("primary", "secondary")
        )
        found.append(small / large)
    assert found[0] > 1.5
    assert 1 < found[1] < 1.05


@pytest.fixture(scope="module", params=[(SPM, "false"), (DFN, "differential")], ids=["SPM", "DFN"])
def aged(request):
    model, form = request.param
    fast = {prefix + name: value for prefix in BOTH for name, value in AGEING.items()}
    sim = pybamm.Simulation(
        model({**TWO, "surface form": form}),
        parameter_values=blend(**fast),
        experiment=pybamm.Experiment(STEPS, period="5 minutes"),
        solver=pybamm.IDAKLUSolver(**TOLERANCES[form]),
        var_pts=MESH,
    )
    solution = sim.solve()
    assert solution.t[-1] == pytest.approx(200 * 60), solution.termination
    return form, solution


def test_lithium_and_charge_are_conserved(aged):
    form, solution = aged
    total = solution["Total lithium [mol]"].data
    assert np.ptp(total) < 1e-8 * total[0]
    for name in ("in isolated particles", "released by solid electrolyte"):
        assert solution[f"Lithium {name} [mol]"].data[-1] > 1e-4 * total[0]
    damage = [
        solution[f"X-averaged positive electrode {k} contact damage"].data[-1]
        for k in ("primary", "secondary")
    ]
    assert abs(damage[0] - damage[1]) > 1e-4  # each ages by itself
    residual = solution["Positive electrode charge residual [A.m-2]"].data
    current = np.abs(solution["Total current density [A.m-2]"].data).max()
    if form == "false":
        assert np.abs(residual).max() < 1e-8 * current
    else:
        assert np.abs(residual[-1]) < 1e-2 * current
    for name in ("stoichiometry", "primary stoichiometry", "secondary stoichiometry"):
        state = solution[f"Positive electrode {name}"].data
        particle = f"Positive {name.removesuffix('stoichiometry')}particle".replace("  ", " ")
        average = solution[f"{particle} radius-averaged stoichiometry"].data
        np.testing.assert_allclose(state, average, rtol=0, atol=1e-9)


def test_the_breakdown_sums_to_the_voltage(aged):
    _, solution = aged
    parts = sum(solution[name].data for name in SPM.overpotentials)
    ocv = solution["Open-circuit voltage [V]"].data
    np.testing.assert_allclose(ocv + parts, solution["Voltage [V]"].data, rtol=0, atol=1e-6)


def test_breathing_adds_and_each_population_absorbs_its_share():
    rises = []
    for shares in ((0.3, 0.7), (0.3, 1.0), (1.0, 0.7)):
        changes = {prefix + P + "absorbed strain share": g for prefix, g in zip(BOTH, shares, strict=True)}
        options = {**TWO, "stack pressure": "constant pressure", "contact": "full"}
        solution = run(SPM(options), blend(rate=-0.2, **changes), 3600)
        rises.append(solution["Thickness change: positive electrode [m]"].data[-1])
    np.testing.assert_allclose(rises[1] + rises[2], rises[0], rtol=1e-6)
    assert min(np.abs(rises)) > 1e-9


@spm_first
def test_compiled_equals_idaklu(model_class):
    pv = blend()
    current = 0.5 * pv[Q]
    times = np.linspace(0, 3600, 37)[1:]
    protocol = Protocol.from_steps([(2400.0, -current), (1200.0, current)], times)
    names = ["Voltage [V]", "Stack pressure [MPa]", "X-averaged positive electrode secondary stoichiometry"]
    mesh = dict.fromkeys(MESH, 5 if model_class is SPM else 3)
    radius = "Secondary: Positive particle radius [m]"
    arguments = (model_class(TWO), pv, [radius], names)
    fast = compile_model(*arguments, var_pts=mesh)
    assert isinstance(fast, CompiledModel)
    result = fast.simulate(protocol, {radius: 1e-6}, tolerance_mV=0.01)
    expected = ReferenceModel(*arguments, var_pts=mesh).simulate(protocol, {radius: 1e-6})
    for name, tolerance in zip(names, (1e-4, 1e-3, 1e-5), strict=True):
        np.testing.assert_allclose(result[name].values, expected[name].values, rtol=0, atol=tolerance)
    assert np.ptp(expected[names[2]].values) > 0.1


@pytest.mark.parametrize("negative", ["foil", "composite"])
def test_defaults_are_complete(negative):
    solution = pybamm.Simulation(SPM({**TWO, "negative": negative})).solve([0, 60])
    assert np.isfinite(solution["Voltage [V]"].data).all()


def test_impedance(model_class):
    """Two identical populations have the impedance of one; small particles lower the slope at the end."""
    frequencies = np.geomspace(1e-4, 1e4, 9)

    def spectrum(options, pv):
        model = model_class({"surface form": "differential", **options})
        return np.asarray(
            pybamm.EISSimulation(model, parameter_values=pv, var_pts=MESH).solve(frequencies).impedance
        )

    start = {f"{k}Initial stoichiometry in positive electrode": 0.6 for k in BOTH}
    alone = parameters.build(particle_radius=2.5e-6, initial_stoichiometry=0.6)
    one = spectrum({}, alone)
    pair = spectrum(TWO, blend((2.5e-6, 2.5e-6), **start))
    np.testing.assert_allclose(pair, one, rtol=1e-6)
    mixed = spectrum(TWO, blend((5e-6, 1e-6), **start))
    assert (mixed.real > 0).all()
    assert not np.allclose(mixed, one, rtol=1e-2)


def test_a_cell_with_another_number_of_populations_is_refused():
    with pytest.raises(ValueError, match="positive populations"):
        assb.simulate(
            SPM({"positive populations": "two"}),
            parameters.get("NCM811_LPSCl_InLi"),
            "Rest for 1 minute",
        )
