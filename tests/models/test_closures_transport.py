"""Porous electrode and networks against closed forms, limits and direct solutions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assb.models import closures as c
from tests.models.runs import quick

# Porous electrode -----------------------------------------------------------------------------------


def direct_resistance(thickness, kappa, sigma, area, resistance, n=1000):
    """Two potentials on finite volumes: R = (phi_s(L) - phi_e(0))/i for unit current."""
    h = thickness / n
    phi_e, phi_s = np.arange(n), n + np.arange(n)
    matrix = np.zeros((2 * n, 2 * n))
    for phi, conductivity, sign in ((phi_e, kappa, 1), (phi_s, sigma, -1)):
        for k in range(n - 1):
            a, b = phi[k], phi[k + 1]
            matrix[[a, b], [a, b]] += conductivity / h
            matrix[[a, b], [b, a]] -= conductivity / h
        matrix[phi, phi_e] += sign * area * h / resistance
        matrix[phi, phi_s] -= sign * area * h / resistance
    # A unit current (charge, positive for oxidation) enters the solid at the collector and leaves through
    # the electrolyte at the separator, where the electrolyte potential is the zero.
    load = np.zeros(2 * n)
    load[phi_s[-1]] = 1.0
    matrix[phi_e[0], phi_e[0]] += 2 * kappa / h
    solution = np.linalg.solve(matrix, load)
    return solution[phi_s[-1]] + 0.5 * h / sigma


@pytest.mark.parametrize("kappa", [2e-3, 0.05])
@pytest.mark.parametrize("sigma", [5e-3, 1.0])
@pytest.mark.parametrize("resistance", [1e-3, 0.1])
def test_newman_tobias_against_a_direct_solution(kappa, sigma, resistance):
    thickness, area = 5e-5, 2e5
    nu = c.thiele_number(thickness, kappa, sigma, area, resistance)
    closed = c.newman_tobias_resistance(thickness, kappa, sigma, nu)
    n = 600 if nu < 8 else 1200
    assert closed == pytest.approx(direct_resistance(thickness, kappa, sigma, area, resistance, n), rel=1e-4)


def test_newman_tobias_tends_to_the_uniform_resistance():
    thickness, kappa, sigma, area = 5e-5, 0.02, 0.3, 2e5
    for resistance, tolerance in ((0.1, 3e-3), (10.0, 1e-5)):
        nu = c.thiele_number(thickness, kappa, sigma, area, resistance)
        stepped = c.newman_tobias_resistance(thickness, kappa, sigma, nu)
        assert stepped == pytest.approx(
            c.uniform_resistance(thickness, kappa, sigma, area, resistance), rel=tolerance
        )


@quick
@given(st.floats(1e-4, 10), st.floats(1e-4, 10), st.floats(1e-4, 10))
def test_newman_tobias_is_finite_and_below_the_uniform_resistance(kappa, sigma, resistance):
    thickness, area = 1e-4, 3e5
    nu = c.thiele_number(thickness, kappa, sigma, area, resistance)
    stepped = c.newman_tobias_resistance(thickness, kappa, sigma, nu)
    uniform = c.uniform_resistance(thickness, kappa, sigma, area, resistance)
    assert 0 < stepped <= uniform * (1 + 1e-6)
    rate = c.relaxation_rate(thickness, kappa, sigma, area, resistance, -1.0, 2e9)
    assert 0 < rate < np.inf
    # The sign of the slope does not matter.
    assert rate == c.relaxation_rate(thickness, kappa, sigma, area, resistance, 1.0, 2e9)


# Networks -------------------------------------------------------------------------------------------


def test_percolation_is_the_law_of_coarse_composites():
    fraction = np.linspace(0.3, 1.0, 15)
    np.testing.assert_allclose(
        c.percolation(fraction, 0.217, 1.94), ((fraction - 0.217) / 0.783) ** 1.94, rtol=1e-3
    )
    assert 0 < c.percolation(0.1, 0.217, 1.94) < 1e-6


def test_size_ratio_limits():
    fraction = np.linspace(0.35, 0.9, 12)
    np.testing.assert_allclose(
        c.size_ratio_percolation(fraction, 1e-3), ((fraction - 0.22) / 0.78) ** 1.94, rtol=2e-3
    )
    np.testing.assert_allclose(c.size_ratio_percolation(fraction, 1e3), fraction**2.53, rtol=1e-6)


def test_size_ratio_percolation_at_the_fine_electrolyte_of_oh():
    """D50 of 10 and 0.72 um, 17.79 % electrolyte, tortuosity factor 13.08."""
    assert c.size_ratio_percolation(0.1779, 10 / 0.72) == pytest.approx(0.1779 / 13.08, rel=0.1)


@quick
@given(st.floats(0.05, 0.9), st.floats(0.1, 30))
def test_networks_gain_with_fraction_and_size_ratio(fraction, ratio):
    value = c.size_ratio_percolation(fraction, ratio)
    assert 0 < value < fraction
    assert c.size_ratio_percolation(fraction + 0.01, ratio) > value
    assert c.percolation(fraction + 0.01, 0.217, 1.94) >= c.percolation(fraction, 0.217, 1.94)


def test_logarithmic_mixture_predicts_the_blend():
    """End members 4.09 and 0.95 mS/cm; the 8:2 blend was measured at 2.99."""
    blend = c.logarithmic_mixture((0.8, 0.2), (4.09, 0.95))
    assert blend == pytest.approx(3.05, abs=0.01)
    assert blend == pytest.approx(2.99, rel=0.03)
    assert abs(0.8 * 4.09 + 0.2 * 0.95 - 2.99) > abs(blend - 2.99)


@quick
@given(st.floats(1e-4, 1), st.floats(1e-3, 1), st.floats(0, 1e9), st.floats(0.0, 1.0))
def test_pressure_limited_is_bounded_monotone_and_exact_at_the_reference(share, dense, pressure, exponent):
    reference, at = share * dense, 20e6
    assert c.pressure_limited(reference, dense, at, at, exponent) == pytest.approx(reference, rel=1e-9)
    assert c.pressure_limited(reference, dense, pressure, at, 0.0) == pytest.approx(reference, rel=1e-9)
    value = c.pressure_limited(reference, dense, pressure, at, exponent)
    assert 0 < value <= dense * (1 + 1e-9)
    assert c.pressure_limited(reference, dense, pressure + 1e6, at, exponent) >= value * (1 - 1e-12)


def test_a_loose_fixture_counts_as_no_pressure():
    low = c.pressure_limited(0.1, 0.5, np.array([-1e9, -5e6, -1e5, 0.0, 1e5]), 20e6, 0.66)
    assert np.isfinite(low).all()
    assert (np.diff(low) >= 0).all()
    assert low[1] == pytest.approx(low[0], rel=1e-6)


def test_pressure_limited_ends():
    """A power law far below the dense limit; the limit itself far above; a limit too low is lifted."""
    low = c.pressure_limited(1e-4, 1.0, np.array([1e6, 1e7]), 20e6, 0.6)
    assert np.log(low[1] / low[0]) / np.log(10.1 / 1.1) == pytest.approx(0.6, rel=1e-6)
    assert c.pressure_limited(0.1, 0.5, 1e13, 20e6, 0.6) == pytest.approx(0.5, rel=1e-3)
    assert c.pressure_limited(0.5, 0.1, 3e6, 20e6, 0.6) == pytest.approx(0.5)
