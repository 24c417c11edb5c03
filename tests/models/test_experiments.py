"""The models under experiments and drive cycles."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

from tests.models.runs import COARSE, LTO, P, Q, solve, spm_first, values


def simulate(model, steps, pv=None, **options):
    sim = pybamm.Simulation(
        model,
        parameter_values=pv or values(),
        experiment=pybamm.Experiment(steps, **options),
        var_pts=COARSE,
    )
    return sim.solve()


# Experiments ----------------------------------------------------------------------------------------


@spm_first
def test_experiment_with_every_kind_of_step(model_class):
    pv = values()
    capacity = pv[Q]
    times = np.linspace(0, 600, 61)
    cycle = np.column_stack([times, 0.2 * capacity * np.sin(2 * np.pi * times / 300)])
    steps = [
        "Charge at C/4 until 3.55 V",
        "Hold at 3.55 V until C/20",
        "Rest for 20 minutes",
        "Discharge at 0.1 mW for 10 minutes",
        "Discharge at 0.1 mA for 5 minutes",
        pybamm.step.resistance(3e4, duration=300),
        pybamm.step.current(cycle, period=10),
        "Discharge at 0.2C until 2.9 V",
    ]
    solution = simulate(model_class(), steps, pv)
    parts = solution.cycles
    assert len(parts) == len(steps)
    voltage, current, power = "Voltage [V]", "Current [A]", "Power [W]"
    assert parts[0][voltage].data[-1] == pytest.approx(3.55, abs=1e-4)
    assert parts[0][current].data[-1] == pytest.approx(-capacity / 4, rel=1e-6)
    np.testing.assert_allclose(parts[1][voltage].data, 3.55, atol=1e-4)
    assert abs(parts[1][current].data[-1]) == pytest.approx(capacity / 20, rel=1e-3)
    np.testing.assert_allclose(parts[2][current].data, 0, atol=1e-12)
    np.testing.assert_allclose(parts[3][power].data, 1e-4, rtol=1e-4)
    np.testing.assert_allclose(parts[4][current].data, 1e-4, rtol=1e-6)
    np.testing.assert_allclose(parts[5][voltage].data / parts[5][current].data, 3e4, rtol=1e-4)
    relative = parts[6].t - parts[6].t[0]
    np.testing.assert_allclose(
        parts[6][current].data, np.interp(relative, times, cycle[:, 1]), atol=1e-3 * 0.2 * capacity
    )
    assert parts[7][voltage].data[-1] == pytest.approx(2.9, abs=1e-4)


@spm_first
def test_drive_cycle_as_an_interpolant(model_class):
    pv = values()
    times = np.linspace(0, 600, 61)
    currents = 0.3 * pv[Q] * np.sin(2 * np.pi * times / 200)
    pv["Current function [A]"] = pybamm.Interpolant(times, currents, pybamm.t, interpolator="linear")
    solution = solve(model_class(), pv, 600, points=61, tolerances={})
    np.testing.assert_allclose(solution["Current [A]"].data, currents, atol=1e-9)
    assert np.ptp(solution["Voltage [V]"].data) > 0.05


def test_breakdown_sums_to_the_voltage(model_class):
    for cell, options in (("NCM811_LPSCl_InLi", {}), ("Oh2026_LTO", LTO)):
        model = model_class(options)
        solution = solve(model, values(cell, rate=-0.5), 1200)
        parts = sum(solution[name].data for name in model.overpotentials)
        difference = solution["Voltage [V]"].data - solution["Open-circuit voltage [V]"].data
        np.testing.assert_allclose(parts, difference, atol=1e-10)
        assert (difference[1:] > 0).all()  # charge


@spm_first
def test_termination_at_a_share_of_the_capacity(model_class):
    pv = values(**{P + "contact damage rate": 20.0, P + "isolation per contact damage": 0.8})
    pv["Initial stoichiometry in positive electrode"] = 0.6
    solution = simulate(
        model_class(),
        [("Charge at C/2 until 3.7 V", "Discharge at C/2 until 2.8 V")] * 30,
        pv,
        termination="80% capacity",
    )
    capacity = np.array(solution.summary_variables["Capacity [A.h]"])
    assert 1 < len(capacity) < 30
    assert capacity[-1] <= 0.8 * capacity[0] < capacity[-2]
    assert (np.diff(capacity) < 0).all()


@spm_first
def test_termination_at_a_voltage(model_class):
    steps = ["Discharge at C/4 for 20 minutes"] * 20
    pv = values(**{"Initial stoichiometry in positive electrode": 0.5})
    solution = simulate(model_class(), steps, pv, termination="2.8 V")
    assert 1 <= len(solution.cycles) < 20
    assert solution["Voltage [V]"].data[-1] <= 2.8
    cut = solve(model_class(), values(rate=-1), 7200, tolerances={})
    assert cut.termination == "event: Maximum voltage [V]"
    assert cut["Voltage [V]"].data[-1] == pytest.approx(3.75, abs=1e-4)
