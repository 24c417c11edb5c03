"""Deep discharge turns interphase back into electrolyte and restores contact."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

import assb
from assb import parameters
from assb.models import DFN, SPM, closures
from assb.parameters.materials.layered_oxides import CorrectedPotential
from assb.parameters.materials.potentials import DeepDischarge, nmc811_potential
from tests.models.runs import P, slow, solve, values

HEALS = {"interphase healing": "below cut-off"}
DEEP = {P + "OCP [V]": CorrectedPotential(DeepDischarge(nmc811_potential))}
#: Ageing that shows within a few cycles.
FAST = {
    P + "contact damage rate": 0.6,
    P + "interphase reaction velocity [m.s-1]": 1e-11,
    P + "interphase parabolic constant [m2.s-1]": 2e-20,
}
FILM = "X-averaged positive electrode interphase thickness [m]"
DAMAGE = "X-averaged positive electrode contact damage"
LEFT = "X-averaged positive electrode recoverable interphase thickness [m]"


def cell(**changes):
    return parameters.build(negative="Li", voltage_window=(1.9, 4.4), overrides={**DEEP, **FAST, **changes})


def cycled(cut_off, options, cycles=3, model=SPM, **changes):
    """Solution and capacities of cycles between 4.25 V and a lower cut-off."""
    cycle = ("Charge at C/3 until 4.25 V", f"Discharge at C/3 until {cut_off} V")
    experiment = pybamm.Experiment([cycle] * cycles, period="10 minutes")
    points = {"x_p": 4, "r_p": 20}
    solution = assb.simulate(model(options), cell(**changes), experiment, var_pts=points)
    taken = [c.steps[1]["Discharge capacity [A.h]"].data for c in solution.cycles]
    return solution, np.array([q[-1] - q[0] for q in taken])


def test_rate_vanishes_above_the_onset_and_is_first_order_below():
    high, low = (closures.healing_rate(3e-9, v, 2.5, 0.05) for v in (3.0, 2.0))
    assert high < 1e-9 * low
    assert low == pytest.approx(0.05 * 0.5 * 3e-9, rel=1e-9)
    assert closures.healing_rate(0.0, 2.0, 2.5, 0.05) == 0
    assert closures.contact_healing_rate(0.3, 2e-11, 0.146, 1e-9) == pytest.approx(0.3 * 0.146 * 0.02)


def lost(cut_off, options, cycles):
    """Share of the first capacity that the last cycle lacks."""
    _, capacity = cycled(cut_off, options, cycles)
    return 1 - capacity[-1] / capacity[0]


def test_discharge_to_2_0_volt_keeps_more_capacity_than_to_2_5():
    """K3."""
    assert lost(2.0, HEALS, 2) < 0.9 * lost(2.5, HEALS, 2)


@slow
def test_without_healing_the_lower_cut_off_does_not_help():
    """The control of K3, and more cycles."""
    loss = {(name, v): lost(v, o, 4) for name, o in (("on", HEALS), ("off", {})) for v in (2.0, 2.5)}
    assert loss["on", 2.0] < 0.8 * loss["on", 2.5]
    assert loss["on", 2.5] == pytest.approx(loss["off", 2.5], rel=0.05)
    assert loss["off", 2.0] > 0.95 * loss["off", 2.5]


@pytest.mark.parametrize("model", [SPM, pytest.param(DFN, marks=slow)])
def test_healing_is_booked_and_restores_film_and_contact(model):
    # Ten times as much interphase as elsewhere, so that its charge is no small part of the books.
    solution, _ = cycled(2.0, HEALS, 1, model, **{P + "interphase parabolic constant [m2.s-1]": 2e-18})
    total = solution["Total lithium [mol]"].data
    assert np.ptp(total) < 1e-5 * total[0]
    released = solution["Lithium released by solid electrolyte [mol]"].data
    film, damage, left = (solution[name].data for name in (FILM, DAMAGE, LEFT))
    top = np.argmax(film)
    assert released[-1] < 0.8 * released[top]
    assert released[-1] > 0.4 * released[top]  # half of it is lost for good
    assert released[top] > 1e-4 * total[0]
    np.testing.assert_allclose(left[top], 0.5 * (film[top] - film[0]), rtol=1e-3)
    assert film[-1] < film[top] - 0.5 * left[top]
    assert damage[-1] < 0.9 * damage.max()
    assert left.min() > -1e-13


@slow
def test_an_irreversible_interphase_does_not_heal():
    still, _ = cycled(2.0, HEALS, 1, **{P + "reversible interphase share": 0.0})
    off, _ = cycled(2.0, {}, 1)
    for name in (FILM, DAMAGE):
        assert still[name].data[-1] == pytest.approx(off[name].data[-1], rel=2e-3)


def test_contact_without_damage_and_two_populations_run():
    solve(SPM({**HEALS, "contact": "constant"}), values(rate=0.3), 60, points=3)
    sizes = parameters.Blend(("NCM811", "NCM811"), (60, 40), (5e-6, 1.5e-6))
    solution = assb.simulate(
        SPM({**HEALS, "positive populations": "two"}), parameters.build(sizes), "Charge at 0.2C for 5 minutes"
    )
    assert solution[LEFT].data[-1] > 0
