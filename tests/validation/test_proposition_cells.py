"""Cells, cycles and figures behind the propositions on transport, particles and interphases."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

from assb import validation
from assb.validation.propositions import Finding, proposition
from assb.validation.propositions.ageing import Aged
from assb.validation.propositions.cycles import Cycles, discharges, pulse_resistance
from assb.validation.propositions.registry import PROPOSITIONS
from assb.validation.propositions.runs import (
    MEAN,
    PLAIN,
    WINDOW,
    P,
    cell,
    changed,
    conductivities,
    decades,
    falls,
    initial,
    liquid,
    plateau,
    rises,
    run,
    sites,
)

AREA = [{"Electrode area [m2]": 1e-4}]


def test_an_id_is_registered_once():
    known = next(iter(validation.propositions.load()))
    with pytest.raises(ValueError, match=known):
        proposition(known, "again", source="s", control="c")(lambda control: Finding(True, {}))
    assert PROPOSITIONS[known].statement != "again"


def test_a_protocol_that_stops_is_an_error():
    # A charge by more than the cell holds, with no cut-off.
    with pytest.raises(RuntimeError, match="stopped in step 1"):
        run(cell(), "Charge at 0.2C for 20 hours", PLAIN)


def test_a_proposition_whose_solver_fails_is_reported(monkeypatch):
    from assb.validation.propositions.registry import Proposition

    def test(control):
        run(cell(), "Charge at 0.2C for 20 hours", PLAIN)
        return Finding(True, {})

    trend = Proposition("Z1", "s", "source", "off", test).run()
    assert trend.verdict == "fails"
    assert "stopped" in trend.reason


def test_one_cycle_obeys_its_window_and_its_books():
    values = cell()
    cycles = Cycles(values, PLAIN, rate=0.2)
    voltage = cycles.series("Voltage [V]") + plateau(values)
    assert voltage[-1] == pytest.approx(WINDOW[1], abs=2e-3)
    end = cycles.after_charge(MEAN + "stoichiometry")[0]
    # Charge out of the connected sites moves the filling from its start.
    moved = cycles.charged[0] / sites(values) / values[P + "active fraction"]
    assert values["Initial stoichiometry in positive electrode"] - end == pytest.approx(moved, rel=1e-3)


def test_a_full_surface_ends_a_discharge():
    cycles = Cycles(cell(particle_radius=4e-6), PLAIN, rate=0.05)
    assert cycles.after_discharge(MEAN + "surface stoichiometry")[0] == pytest.approx(0.985, abs=1e-3)


def test_sets_share_one_model():
    values = cell(initial_stoichiometry=0.3)
    small, large = discharges(
        values, [{"Positive particle radius [m]": r} for r in (1e-6, 6e-6)], PLAIN, rate=0.5, model="SPM"
    )
    alone = discharges(cell(initial_stoichiometry=0.3, particle_radius=6e-6), AREA, PLAIN, 0.5, model="SPM")
    assert large == pytest.approx(alone[0], rel=1e-3)
    assert small > large
    assert discharges(values, AREA, PLAIN, low=4.29, model="SPM")[0] == 0


def test_the_liquid_twin_differs_by_its_electrolyte():
    values = cell()
    assert liquid(values)["Solid electrolyte conductivity [S.m-1]"] == 1.0
    assert values["Solid electrolyte conductivity [S.m-1]"] != 1.0


def test_conductivities_are_those_of_a_specimen():
    from assb.models.specimens import BlockingCell

    values = cell(stack_pressure=20.0)
    specimen = BlockingCell(values, "electron-blocking", pressure=20.0)
    assert conductivities(values)[0] == pytest.approx(specimen.ionic_conductivity, rel=1e-12)
    assert conductivities(values)[1] == pytest.approx(specimen.electronic_conductivity, rel=1e-12)
    assert initial(values, [MEAN + "contact fraction"], PLAIN)[MEAN + "contact fraction"] == 1


def test_a_pulse_sees_resistances_in_series():
    values = cell()
    more = changed(values, {"Separator thickness [m]": 2 * values["Separator thickness [m]"]})
    ohms = [pulse_resistance(run(k, "Discharge at 0.1C for 1 seconds", PLAIN), k) for k in (values, more)]
    separator = values["Separator thickness [m]"] / (
        values["Solid electrolyte conductivity [S.m-1]"] * values["Separator relative conductivity"]
    )
    assert ohms[1] - ohms[0] == pytest.approx(1e4 * separator, rel=1e-3)


@pytest.mark.parametrize(
    ("sequence", "up", "down"),
    [
        ([1, 2, 3], True, False),
        ([3, 2, 1], False, True),
        ([1, 3, 2], False, False),
        ([1, 1, 2], False, False),
    ],
)
def test_order(sequence, up, down):
    assert rises(sequence) is up
    assert falls(sequence) is down


def test_order_asks_for_a_share():
    assert not rises([1.0, 1.001], 0.01)
    np.testing.assert_allclose(decades([1.0, 100.0], [10.0, 10.0]), [-1, 1])


@pytest.mark.parametrize("id", ["A3", "A9", "A10", "D13"])
def test_closures_and_short_runs_hold(id):
    (trend,) = validation.run_trends([id])
    assert (trend.verdict, trend.control_verdict) == ("holds", "fails"), trend


@pytest.mark.slow
def test_compiled_cycles_are_those_of_the_models():
    """The same cell through PyBaMM's experiment and through compiled code."""
    options = {**PLAIN, "contact": "pressure and damage"}
    values = changed(cell(), {P + "contact damage rate": 1.0})
    solved, compiled = Cycles(values, options, 4), Aged(values, options, 4)
    np.testing.assert_allclose(compiled.charged, solved.charged, rtol=2e-3)
    np.testing.assert_allclose(compiled.discharged, solved.discharged, rtol=2e-3)
    contact = MEAN + "contact fraction"
    np.testing.assert_allclose(compiled.after_discharge(contact), solved.after_discharge(contact), rtol=2e-3)
    assert compiled.retention < 0.99


@pytest.mark.slow
def test_a_compiled_pulse_is_that_of_the_models():
    values = cell()
    aged = Aged(values, PLAIN, 1, pulse=0.1)
    unit = values["Nominal cell capacity [A.h]"]
    low, high = (level - plateau(values) for level in WINDOW)
    steps = (
        f"Charge at 0.2C until {high} V",
        f"Discharge at 0.2C until {low} V",
        pybamm.step.current(-0.1 * unit, duration=5 * 3600),
        pybamm.step.rest(duration=7200),
        pybamm.step.current(0.1 * unit, duration=5),
    )
    solution = run(values, [steps], PLAIN).cycles[0].steps[-1]
    assert aged.resistance[0] == pytest.approx(pulse_resistance(solution, values), rel=0.02)
