"""Nonlinear modes of the reaction distribution, and the warning beyond what the SPM resolves."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import assb
from assb.models import DFN, SPM, ThieleWarning
from assb.models.closures import (
    depth_modes_for,
    field_moments,
    newman_tobias_resistance,
    ohmic_correction,
    thiele_number,
    uniform_resistance,
)
from tests.models.runs import COARSE, LTO, slow, solve, values, voltage

MODAL = {"reaction distribution": "nonlinear modes"}


def galerkin_resistance(count, kappa, sigma, area, resistance, thickness=1e-4):
    """Resistance of a linear electrode by the modes, solved here for unit current."""
    modes = depth_modes_for(count, count + 2)
    unit = np.eye(count)
    zero = field_moments(modes, [0.0] * count, 1.0, thickness, kappa, sigma, area)
    columns = [
        np.subtract(field_moments(modes, list(row), 1.0, thickness, kappa, sigma, area), zero) for row in unit
    ]
    kinetic = np.diag([resistance / (2 * k + 1) for k in range(1, count + 1)])
    amplitudes = np.linalg.solve(kinetic - np.array(columns).T, zero)
    drop = ohmic_correction(modes, list(amplitudes), thickness, kappa, sigma, area)
    return uniform_resistance(thickness, kappa, sigma, area, resistance) + drop


@pytest.mark.parametrize("ratio", [1e-3, 0.3, 1.0, 50.0])
@pytest.mark.parametrize(("nu", "limit"), [(0.5, 1e-8), (2.5, 1e-4), (5.0, 3e-3)])
def test_linear_electrode_is_that_of_newman_and_tobias(nu, limit, ratio):
    kappa, area, thickness = 0.05, 1e6, 1e-4
    sigma = kappa / ratio
    resistance = thickness**2 * (1 / kappa + 1 / sigma) * area / nu**2
    assert thiele_number(thickness, kappa, sigma, area, resistance) == pytest.approx(nu)
    exact = newman_tobias_resistance(thickness, kappa, sigma, nu)
    assert galerkin_resistance(3, kappa, sigma, area, resistance) == pytest.approx(exact, rel=limit)


def test_modes_need_more_nodes_than_modes():
    with pytest.raises(ValueError, match="nodes"):
        depth_modes_for(3, 3)


def test_good_conductors_leave_the_reaction_uniform():
    good = {"Solid electrolyte conductivity [S.m-1]": 1e4, "Positive electrode conductivity [S.m-1]": 1e6}
    pv = values(rate=-1.0, **good)
    uniform = voltage(SPM({"reaction distribution": "uniform"}), pv, 600)
    np.testing.assert_allclose(voltage(SPM(MODAL), pv, 600), uniform, rtol=0, atol=1e-5)


@pytest.mark.parametrize("form", ["false", pytest.param("differential", marks=slow)])
def test_modes_come_closer_to_the_resolved_model(form):
    """A poor network at C/2: Thiele number 1.5 to 1.9."""
    poor = {"Positive electrode ionic tortuosity factor": 150.0}
    options = {"ionic network": "measured", "surface form": form}
    pv = values(rate=-0.5, **poor)
    runs = [
        solve(model, pv, 3600, coarse=False, points=21, tolerances={"rtol": 1e-6, "atol": 1e-7})[
            "Voltage [V]"
        ].data[1:]
        for model in (SPM(options), SPM(options | MODAL), DFN(options))
    ]
    shared = min(map(len, runs)) - 1
    linear, modal = (np.sqrt(np.mean((run[:shared] - runs[2][:shared]) ** 2)) for run in runs[:2])
    assert modal < 2.5e-3
    assert modal < 0.5 * linear


def test_both_electrodes_of_an_lto_cell_and_their_breakdown():
    pv = values("Oh2026_LTO", rate=-1.0)
    model = SPM(LTO | MODAL)
    solution = solve(model, pv, 900, points=11, tolerances={"rtol": 1e-7, "atol": 1e-8})
    parts = sum(solution[name].data for name in model.overpotentials)
    total = solution["Voltage [V]"].data - solution["Open-circuit voltage [V]"].data
    np.testing.assert_allclose(parts, total, rtol=0, atol=1e-9)
    lithium = solution["Total lithium [mol]"].data
    np.testing.assert_allclose(lithium, lithium[0], rtol=1e-7)
    assert np.abs(solution["Negative electrode stoichiometry mode 1"].data[-1]) > 1e-3


def test_the_spread_reaction_relaxes_in_both_electrodes():
    """The default of the SPM, not the positive electrode's alone."""
    assert "Negative electrode relaxed current density [A.m-2]" in SPM(LTO).variables


@slow
def test_compiled_modes_equal_the_reference():
    pv = values(rate=-0.5)
    # The build compares with IDAKLU and raises beyond 0.3 mV.
    fast = assb.models.compile(
        SPM(MODAL),
        pv,
        inputs=["Solid electrolyte conductivity [S.m-1]"],
        outputs=["Voltage [V]"],
        var_pts=COARSE,
    )
    assert fast is not None


def test_simulate_warns_beyond_the_limit_and_names_the_resolved_model():
    pv = values("Oh2026_LTO")
    with pytest.warns(ThieleWarning, match=r"negative electrode [2-5]\.\d.*assb\.models\.DFN"):
        solution = assb.simulate(SPM(LTO), pv, "Charge at 0.5C for 5 minutes")
    found = SPM(LTO).check_thiele(solution, limit=10.0)
    assert found["negative"] > 2.5 > found["positive"] > 0
    with pytest.warns(ThieleWarning, match="positive"):
        SPM(LTO).check_thiele(solution, limit=0.1)


def test_a_poor_network_warns_by_its_ohmic_drop_at_a_small_thiele_number():
    """A tortuosity factor of 100 at 2C: 0.19 V, where the SPM errs by 10 mV rms at a Thiele number of 1.8."""
    pv = values(**{"Positive electrode ionic tortuosity factor": 100.0})
    model = SPM({"ionic network": "measured"})
    with pytest.warns(
        ThieleWarning,
        match=r'^ohmic drop .* above 0\.05 V \(positive electrode 0\.19 V\).*assb\.models\.DFN.*"nonlinear modes"',
    ):
        solution = assb.simulate(model, pv, "Charge at 2C for 1 minute")
    with warnings.catch_warnings():
        warnings.simplefilter("error", ThieleWarning)
        found = model.check_thiele(solution, drop_limit=0.3)
        # The modes follow such a drop: no warning.
        assb.simulate(SPM({"ionic network": "measured"} | MODAL), pv, "Charge at 2C for 1 minute")
    current = 2 * pv["Nominal cell capacity [A.h]"] / pv["Electrode area [m2]"]
    kappa, sigma = (
        solution[f"Positive electrode effective {carrier} conductivity [S.m-1]"].entries
        for carrier in ("ionic", "electronic")
    )
    drop = np.max(current * pv["Positive electrode thickness [m]"] * (1 / kappa + 1 / sigma) / 3)
    assert found["positive ohmic drop [V]"] == pytest.approx(drop, rel=1e-6)
    assert found["positive"] < 2.5


@pytest.mark.parametrize(("model", "cell"), [(SPM(), "NCM811_LPSCl_InLi"), (DFN(LTO), "Oh2026_LTO")])
def test_simulate_is_silent_within_the_limit_and_in_the_resolved_model(model, cell):
    with warnings.catch_warnings():
        warnings.simplefilter("error", ThieleWarning)
        assb.simulate(model, values(cell), "Charge at 0.5C for 1 minute")
