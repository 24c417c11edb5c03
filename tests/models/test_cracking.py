"""Cracks in polycrystals: the laws, the limits, and what they do to a cell."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

from assb import parameters
from assb.models import SPM, closures
from assb.models import compile as compile_model
from assb.models.compiled import CompiledModel, Protocol, ReferenceModel
from assb.parameters import Blend
from tests.models.runs import COARSE, P, Q, solve, values, voltage

ON = {"cracking": "intergranular"}
RATE, FABRICATION = P + "cracking rate", P + "fabrication pressure [MPa]"
SENSITIVITY = P + "pressing crack factor"
CRACKS = "X-averaged positive electrode cracked fraction"


def test_cracks_open_on_charge_and_close_in_part():
    strain = np.linspace(-0.1, 0.0, 101)
    opening = closures.crack_opening(strain, -0.04, 0.005, 0.24)
    assert (np.diff(opening) < 0).all()
    np.testing.assert_allclose(opening[[0, -1]], [1.0, 0.24], atol=1e-3)
    expected = 0.24 + 0.76 / (1 + np.exp((strain + 0.04) / 0.005))
    np.testing.assert_allclose(opening, expected, rtol=1e-12)


def test_cracks_from_pressing_begin_above_the_threshold():
    few = closures.cracks_from_pressing(np.array([200e6, 380e6, 680e6]), 0.01)
    assert few[0] < 1e-4
    np.testing.assert_allclose(few[1:], 0.01 * np.array([np.log(2), 10.0]), rtol=0.06)
    assert closures.cracks_from_pressing(5e9, 1.0) <= 1


def test_cracking_follows_its_law():
    """At constant strain rate the state is an exponential."""
    rate = closures.cracking_rate(0.2, 1e-5, 1.5, 3.0, 2.0, 190e6, 380e6)
    assert rate == pytest.approx(3.0 * 0.8 * 1e-5 * (2.25 + 0.25), rel=1e-12)
    more, less = closures.electrolyte_cushion(np.array([0.3, 0.5]), 0.3)
    assert 1 > more > less > 0


def test_cracking_fades_out(model_class):
    """With neither growth nor pressing cracks the model is the one without."""
    duration, found = 1200.0, []
    base = {"Initial stoichiometry in positive electrode": 0.5}
    expected = voltage(model_class(), values(rate=-0.5, **base), duration)
    for scale in (1.0, 1e-2, 1e-6):
        pv = values(rate=-0.5, **base, **{RATE: 50 * scale, SENSITIVITY: 0.1 * scale, FABRICATION: 500.0})
        found.append(np.abs(voltage(model_class(ON), pv, duration) - expected).max())
    assert found[0] > 1e-3
    assert found[0] > found[1] > found[2]
    assert found[2] < 1e-6


def test_blocked_diffusion_is_a_lower_diffusivity(model_class):
    """Always open cracks in a state of 1 - 1/e equal a diffusivity lower by 1/e."""
    frozen = {
        RATE: 0.0,
        SENSITIVITY: 1 / (4 + np.log1p(np.exp(-4))),
        FABRICATION: 500.0,
        P + "crack closed share": 1.0,
    }
    cracked = voltage(model_class(ON), values(rate=-0.5, **frozen), 1200.0)
    slow = values(rate=-0.5)
    for knot in (0.4, 0.65, 0.9):
        slow[f"Positive particle diffusivity at stoichiometry {knot} [m2.s-1]"] *= np.exp(-1)
    np.testing.assert_allclose(cracked, voltage(model_class(), slow, 1200.0), rtol=0, atol=1e-7)


def cracks_after(**changes):
    pv = values(rate=-0.3, **({RATE: 1.0} | changes))
    return solve(SPM(ON), pv, 1.5 * 3600, tolerances={})[CRACKS].data


def test_trends():
    """Cracks accumulate; more electrolyte slows them; a lower cut-off avoids the collapse."""
    state = cracks_after()
    assert (np.diff(state) > 0).all()
    assert 0 < state[-1] < 1
    assert cracks_after(**{P + "cracking electrolyte scale": 0.1})[-1] < state[-1]
    assert cracks_after(**{FABRICATION: 500.0})[0] > cracks_after(**{FABRICATION: 400.0})[0] > state[0]
    assert cracks_after(**{"Stack pressure [MPa]": 200.0})[-1] > state[-1]


def test_one_population_cracks_and_the_other_does_not():
    pv = parameters.build(Blend(("NCM811", "NCM811"), (60, 40), (5e-6, 1.5e-6)))
    pv.update({"Primary: " + RATE: 100.0, "Secondary: " + RATE: 0.0, "Current function [A]": -0.3 * pv[Q]})
    sim = pybamm.Simulation(
        SPM({**ON, "positive populations": "two"}),
        parameter_values=pv,
        var_pts={**COARSE, "r_p_prim": 8, "r_p_sec": 8},
    )
    solution = sim.solve([0, 3600])
    large, small = (
        solution[f"X-averaged positive electrode {k} cracked fraction"].data for k in ("primary", "secondary")
    )
    assert large[-1] > 0.01 + large[0]
    np.testing.assert_allclose(small, small[0], atol=1e-9)


def test_compiled_equals_idaklu():
    pv = values(**{RATE: 100.0})
    protocol = Protocol.from_steps([(2400.0, -0.4 * pv[Q])], np.linspace(60, 2400, 40))
    names = ["Voltage [V]", CRACKS]
    fast = compile_model(SPM(ON), pv, [RATE], names, var_pts=COARSE)
    assert isinstance(fast, CompiledModel)
    result = fast.simulate(protocol, {RATE: 100.0}, tolerance_mV=0.01)
    expected = ReferenceModel(SPM(ON), pv, [RATE], names, var_pts=COARSE).simulate(protocol, {RATE: 100.0})
    np.testing.assert_allclose(result["Voltage [V]"], expected["Voltage [V]"], rtol=0, atol=1e-4)
    np.testing.assert_allclose(result[CRACKS], expected[CRACKS], rtol=0, atol=1e-5)
    assert result[CRACKS].values[-1] > 0.02


PER_CRACK = P + "isolation per cracked fraction"
ISOLATED = "X-averaged positive electrode isolated fraction"


@pytest.mark.parametrize("contact", ["full", "pressure and damage"])
def test_cracks_isolate_grains(model_class, contact):
    """``1 - I = exp(-k_gr (C - C_0))`` at each depth; the lithium inside stays booked."""
    pv = values(rate=-0.4, **{RATE: 100.0, PER_CRACK: 0.5, P + "isolation per contact damage": 0.0})
    model = model_class({**ON, "contact": contact})
    solution = solve(model, pv, 4800.0, points=13)
    cracks, isolated = (
        solution[name.replace("X-averaged positive", "Positive")].data for name in (CRACKS, ISOLATED)
    )
    first = cracks[..., :1]
    np.testing.assert_allclose(1 - isolated, np.exp(-0.5 * (cracks - first)), rtol=0, atol=1e-7)
    assert isolated.max() > 0.02
    lithium = solution["Total lithium [mol]"].data
    np.testing.assert_allclose(lithium, lithium[0], rtol=2e-7)
    inside = solution["Lithium in isolated particles [mol]"].data
    assert inside[-1] > 5e-3 * solution["Lithium in positive electrode [mol]"].data[-1]
    capacity = solution["Capacity [A.h]"].data
    mean = solution[ISOLATED].data
    np.testing.assert_allclose(capacity / capacity[0], 1 - mean, rtol=1e-7)


def test_contact_damage_and_cracks_isolate_together():
    changes = {RATE: 100.0, P + "contact damage rate": 30.0}
    found = []
    for per_crack, per_damage in ((0.5, 0.0), (0.0, 0.8), (0.5, 0.8), (0.0, 0.0)):
        pv = values(
            rate=-0.4, **changes, **{PER_CRACK: per_crack, P + "isolation per contact damage": per_damage}
        )
        solution = solve(SPM({**ON, "stack pressure": "constant pressure"}), pv, 4800.0, points=5)
        found.append(solution)
    logs = [np.log(1 - solution[ISOLATED].data[-1]) for solution in found]
    assert logs[3] == 0
    assert min(-logs[0], -logs[1]) > 0.01
    both = found[2]
    damage = both["X-averaged positive electrode contact damage"].data[-1]
    cracked = np.ptp(both[CRACKS].data)
    assert logs[2] == pytest.approx(-0.5 * cracked - 0.8 * damage, rel=1e-4)


def test_isolation_by_cracks_in_one_population_of_two():
    pv = parameters.build(Blend(("NCM811", "NCM811"), (60, 40), (5e-6, 1.5e-6)))
    pv.update({"Primary: " + RATE: 100.0, "Secondary: " + RATE: 0.0, "Primary: " + PER_CRACK: 0.8})
    pv["Current function [A]"] = -0.3 * pv[Q]
    sim = pybamm.Simulation(
        SPM({**ON, "positive populations": "two", "contact": "constant"}),
        parameter_values=pv,
        solver=pybamm.IDAKLUSolver(rtol=1e-9, atol=1e-10),
        var_pts={**COARSE, "r_p_prim": 8, "r_p_sec": 8},
    )
    solution = sim.solve([0, 3600])
    large, small = (
        solution[f"X-averaged positive electrode {k} isolated fraction"].data[-1]
        for k in ("primary", "secondary")
    )
    assert large > 5e-3
    assert abs(small) < 1e-9
    lithium = solution["Total lithium [mol]"].data
    np.testing.assert_allclose(lithium, lithium[0], rtol=1e-7)


def test_without_cracks_nothing_depends_on_their_isolation():
    for contact in ("pressure and damage", "constant"):
        model = SPM({"contact": contact})
        assert PER_CRACK not in {symbol.name for symbol in model.parameters}
