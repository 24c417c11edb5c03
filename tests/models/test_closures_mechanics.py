"""Contact, damage, stack and foil: exponents, limits, signs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from assb.models import closures as c
from tests.models.runs import quick

# Contact --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("closing", [1e9, 3e9])
def test_recoverable_contact_resistance_falls_with_the_root_of_pressure(closing):
    pressure = np.geomspace(20e6, 400e6, 40)
    resistance = 1 / c.pressure_response(pressure, closing)
    assert np.polyfit(np.log(pressure), np.log(resistance), 1)[0] == pytest.approx(-0.5, abs=0.03)


@quick
@given(st.floats(-5e8, 5e9), st.floats(1e8, 5e9), st.floats(0.3, 2.0))
def test_contact_fraction_is_monotone_and_bounded(pressure, closing, exponent):
    value = c.pressure_response(pressure, closing, exponent)
    assert 0 < value <= 1
    assert c.pressure_response(pressure + 1e6, closing, exponent) >= value
    assert c.pressure_response(1e3 * closing, closing, 0.5) == pytest.approx(1.0, abs=1e-5)


def test_contact_pressure_signs():
    base = {
        "stack_pressure": 50e6,
        "transmitted": 0.8,
        "residual": 8e6,
        "shrinkage": 0.02,
        "local_stiffness": 5e8,
        "gap": 0.01,
        "gap_stiffness": 4e8,
    }
    assert c.contact_pressure(**base) == pytest.approx(0.8 * 50e6 + 8e6 - 0.02 * 5e8 - 0.01 * 4e8)
    for name, sign in {"stack_pressure": 1, "residual": 1, "shrinkage": -1, "gap": -1}.items():
        more = c.contact_pressure(**{**base, name: 1.1 * base[name]})
        assert np.sign(more - c.contact_pressure(**base)) == sign


def test_packing_calibration_point():
    """0.98 of the surface at size ratio 2.1 and 75:25 by mass."""
    electrolyte, active = 25 / 1.87, 75 / 4.8
    assert c.utilised_area_fraction(2.1, electrolyte, active) == pytest.approx(0.98, abs=0.005)


def damage(pressure):
    return c.damage_rate(0.1, 1e-5, 0.7, 0.02, 1.0, pressure, 10e6, 50e6, 380e6, 0.12, 2.0)


def test_damage_has_an_optimum_pressure():
    best = minimize_scalar(damage, bounds=(0.1e6, 800e6), method="bounded").x
    assert 50e6 < best < 400e6
    assert damage(2e6) > damage(best)
    assert damage(700e6) > damage(best)


@quick
@given(st.floats(0, 0.999), st.floats(0, 1e-3), st.floats(1e-4, 2), st.floats(0, 1e9))
def test_damage_only_grows_and_ends_at_one(share, rate, swing, pressure):
    value = c.damage_rate(share, rate, swing, 0.02, 1.0, pressure, 10e6, 50e6, 380e6, 0.12, 2.0)
    assert 0 <= value < np.inf
    assert c.damage_rate(1.0, rate, swing, 0.02, 1.0, pressure, 10e6, 50e6, 380e6, 0.12, 2.0) == 0
    assert c.damage_rate(share, rate, 2 * swing, 0.02, 1.0, pressure, 10e6, 50e6, 380e6, 0.12, 2.0) >= value


# Stack and foil -------------------------------------------------------------------------------------


def test_stiffness_limits():
    compliance = c.layer_stiffness([5e-5, 6e-4], [40e9, 39.5e9])
    assert compliance == pytest.approx(5e-5 / 40e9 + 6e-4 / 39.5e9)
    assert c.stack_stiffness(0.0, compliance) == 0.0
    assert c.stack_stiffness(1e20, compliance) == pytest.approx(1 / compliance, rel=1e-5)
    assert c.stack_stiffness(1e9, compliance) == pytest.approx(1e9, rel=1e-4)


@quick
@given(st.floats(0, 1e15), st.floats(1e-16, 1e-12))
def test_stiffness_is_bounded_by_either_spring(fixture, compliance):
    stiffness = c.stack_stiffness(fixture, compliance)
    assert 0 <= stiffness <= min(fixture, 1 / compliance) * (1 + 1e-12)


def test_stripping_vanishes_on_charge_and_opens_as_lithium_runs_out():
    full, empty = 3.6e4 * 0.5, -3.6e4 * 0.2
    amplitude, scale, switch = 0.02, 3.6e3, 0.1
    assert c.stripping_resistance(empty, -4.0, amplitude, scale, switch) == 0.0
    assert c.stripping_resistance(0.0, 4.0, amplitude, scale, switch) == pytest.approx(amplitude)
    ratio = c.stripping_resistance(empty, 4.0, amplitude, scale, switch) / c.stripping_resistance(
        full, 4.0, amplitude, scale, switch
    )
    assert ratio == pytest.approx(np.exp((full - empty) / scale))
