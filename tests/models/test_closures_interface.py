"""Space charge and interphase against quadrature, closed forms and limits."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp

from assb.models import closures as c
from assb.models.closures.smooth import FARADAY, R_GAS
from tests.models.runs import quick

THERMAL = R_GAS * 298.15 / FARADAY


# Space charge ---------------------------------------------------------------------------------------


def exact_depletion(psi0, floor):
    """The defining integral in s = sqrt(psi), where it is smooth."""

    def integrand(s):
        psi = s * s
        field = (
            np.sqrt(2 * (psi + np.expm1(-psi))) if psi > 1e-3 else psi * np.sqrt(1 - psi / 3 + psi**2 / 12)
        )
        return 2 * s * ((1 + floor) / (np.exp(-psi) + floor) - 1) / field

    knee = min(np.sqrt(-np.log(floor)), np.sqrt(psi0))
    parts = [0, 0.5 * knee, knee, *(k for k in (1.3 * knee,) if k < np.sqrt(psi0)), np.sqrt(psi0)]
    return sum(quad(integrand, a, b, limit=200)[0] for a, b in pairwise(parts))


@pytest.mark.parametrize("floor", [1e-1, 1e-2, 1e-3, 1e-4, 1e-5])
@pytest.mark.parametrize("psi0", [0.05, 0.5, 2.0, 5.0, 8.0, 11.0, 14.0, 20.0, 40.0, 80.0])
def test_depletion_resistance_against_quadrature(psi0, floor):
    assert c.depletion_resistance(psi0, 1.0, 1.0, floor) == pytest.approx(
        exact_depletion(psi0, floor), rel=5e-3
    )


def test_depletion_resistance_of_a_weak_drop():
    """(1 + f)/(exp(-psi) + f) - 1 tends to psi/(1 + f), the field to psi: the resistance to psi0/(1 + f)."""
    for psi0 in (1e-2, 1e-3):
        assert c.depletion_resistance(psi0, 2e-9, 0.2, 1e-2) == pytest.approx(1e-8 * psi0 / 1.01, rel=1.5e-2)
    none = c.depletion_resistance(np.append(np.geomspace(1e-15, 1e-3, 300), 0.0), 1.0, 1.0, 1e-3)
    assert np.isfinite(none).all()
    assert np.abs(none).max() < 2e-3


def test_mott_schottky_is_the_asymptote_of_depletion():
    permittivity, mobile, temperature, kappa, floor = 15.0, 100.0, 298.15, 0.2, 1e-3
    length = c.debye_length(permittivity, mobile, temperature)
    ratios = []
    for drop in (0.5, 1.5, 10.0):
        resistance = c.depletion_resistance(drop / THERMAL, length, kappa, floor)
        ratios.append(c.mott_schottky_resistance(drop, permittivity, mobile, kappa * floor) / resistance)
    assert abs(ratios[2] - 1) < abs(ratios[1] - 1) < abs(ratios[0] - 1)
    assert ratios[2] == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize("psi0", [0.1, 1.0, 3.0, 6.0, 10.0, 15.0, 20.0])
def test_poisson_boltzmann_resistance_against_quadrature(psi0):
    def integrand(psi):
        return np.expm1(psi) / np.sqrt(2 * (psi + np.expm1(-psi)))

    exact = quad(integrand, 1e-6, psi0, limit=500)[0] + 1e-6
    assert c.poisson_boltzmann_resistance(psi0, 1.0, 1.0) == pytest.approx(exact, rel=5e-3)


def test_poisson_boltzmann_is_depletion_without_a_floor():
    for psi0 in (0.5, 3.0, 10.0):
        bare = c.depletion_resistance(psi0, 2e-9, 0.2, 1e-13)
        assert c.poisson_boltzmann_resistance(psi0, 2e-9, 0.2) == pytest.approx(bare, rel=5e-3)
    weak = c.poisson_boltzmann_resistance(np.array([0.0, 1e-4, 1e-2]), 2e-9, 0.2)
    np.testing.assert_allclose(weak, [0, 1e-12, 1e-10], rtol=1e-2)
    # The unbounded law is above every floor.
    assert c.poisson_boltzmann_resistance(15.0, 1.0, 1.0) > 10 * c.depletion_resistance(15.0, 1.0, 1.0, 1e-3)


def test_relaxation_time_of_a_layer():
    assert c.relaxation_time(0.02, 0.1) == pytest.approx(2e-3, rel=1e-5)
    assert 0 < c.relaxation_time(0.0, 0.1) <= 1e-9


def test_depletion_capacitance():
    """eps/l for weak drops; eps over the Mott-Schottky width for strong ones; derivative of the charge."""
    permittivity, length = 15.0, 1e-9
    flat = permittivity * 8.8541878128e-12 / length
    assert c.depletion_capacitance(1e-3, length, permittivity) == pytest.approx(flat, rel=1e-3)
    assert c.depletion_capacitance(1e4, length, permittivity) == pytest.approx(flat / np.sqrt(2e4), rel=1e-3)

    def charge(psi):
        return flat * np.sqrt(2 * (psi + np.exp(-psi) - 1))

    slope = (charge(3.001) - charge(2.999)) / 0.002
    assert c.depletion_capacitance(3.0, length, permittivity) == pytest.approx(slope, rel=1e-6)


@quick
@given(st.floats(0.1, 80), st.floats(1e-5, 0.1))
def test_space_charge_grows_with_the_drop(psi0, floor):
    value = c.depletion_resistance(psi0, 1e-9, 0.2, floor)
    assert 0 < value < np.inf
    assert c.depletion_resistance(1.05 * psi0, 1e-9, 0.2, floor) > value
    assert c.depletion_resistance(psi0, 1e-9, 0.2, 0.5 * floor) > value
    assert c.depletion_capacitance(1.05 * psi0, 1e-9, 15.0) < c.depletion_capacitance(psi0, 1e-9, 15.0)


# Interphase -----------------------------------------------------------------------------------------


def grown(mode, velocity, diffusivity, duration, start=1e-9, scale=5e-9):
    """Thickness after `duration` from the rate of the squared thickness."""
    solution = solve_ivp(
        lambda t, u: c.squared_thickness_rate(u, scale, velocity, diffusivity, mode),
        (0, duration),
        [(start / scale) ** 2],
        rtol=1e-10,
        atol=1e-14,
        method="LSODA",
    )
    return scale * np.sqrt(solution.y[0, -1])


def test_interphase_grows_linearly_then_parabolically():
    velocity, diffusivity, duration, start = 1e-14, 1e-22, 1e5, 1e-9
    assert grown("reaction-limited", velocity, diffusivity, duration) == pytest.approx(
        start + velocity * duration, rel=1e-7
    )
    assert grown("diffusion-limited", velocity, diffusivity, duration) == pytest.approx(
        np.sqrt(start**2 + 2 * diffusivity * duration), rel=1e-7
    )


def test_mixed_growth_is_the_deal_grove_law():
    velocity, diffusivity, start = 3e-13, 4e-22, 1e-9

    def deal_grove(duration):
        """delta**2/(2 D) + delta/k = t + constant."""
        constant = start**2 / (2 * diffusivity) + start / velocity + duration
        a = diffusivity / velocity
        return -a + np.sqrt(a**2 + 2 * diffusivity * constant)

    for duration in (1e2, 1e4, 1e6):
        assert grown("mixed", velocity, diffusivity, duration) == pytest.approx(
            deal_grove(duration), rel=1e-7
        )


@pytest.mark.parametrize("mode", ["reaction-limited", "diffusion-limited", "mixed"])
def test_interphase_rests_without_a_rate(mode):
    assert c.squared_thickness_rate(1.0, 1e-9, 0.0, 0.0, mode) == 0
    assert c.squared_thickness_rate(1.0, 1e-9, 1e-25, 1e-35, mode) > 0


def test_unknown_growth_mode_says_what_there_is():
    with pytest.raises(ValueError, match=r"reaction-limited.*diffusion-limited.*mixed"):
        c.squared_thickness_rate(1.0, 1e-9, 1e-13, 1e-23, "cubic")


@quick
@given(st.floats(0, 6), st.floats(0.01, 0.5))
def test_oxidation_accelerates_with_potential(potential, transfer):
    assert c.oxidation_gate(2.2, 2.2) == 0.5
    assert 0 <= c.oxidation_gate(potential, 2.2) <= c.oxidation_gate(potential + 0.1, 2.2) <= 1
    rate = c.growth_rate(1e-13, potential, 4.2, transfer, 298.15)
    assert c.growth_rate(1e-13, potential + 0.1, 4.2, transfer, 298.15) > rate
    assert c.growth_rate(1e-13, 4.2, 4.2, transfer, 298.15) == 1e-13


def test_incubation_holds_growth_back_and_then_lets_go():
    assert c.incubation(0.0) == 0
    assert c.incubation(0.1) == pytest.approx(0.01, rel=0.01)
    assert c.incubation(1.0) == pytest.approx(1 - np.exp(-1))
    assert c.incubation(4.0) == pytest.approx(1, abs=1e-6)


def test_the_first_charge_forms_its_layer_once():
    total = 900.0 * quad(lambda s: c.formation_rate(3e-9, 900.0 * s, 900.0), 0, 40)[0]
    assert total == pytest.approx(3e-9, rel=1e-8)
    assert c.formation_rate(3e-9, 20 * 900.0, 900.0) < 1e-8 * c.formation_rate(3e-9, 0.0, 900.0)


def test_coating_resistance_and_electronic_factor():
    assert c.coating_resistance(0.0, 1e-8, 1e-4) == 0
    assert c.coating_resistance(0.5, 1e-8, 1e-4) == pytest.approx(5e-5)
    assert c.electronic_factor(6.3e-7, 6.3e-7, 0.5) == 1
    assert c.electronic_factor(4 * 6.3e-7, 6.3e-7, 0.5) == pytest.approx(2)
    assert c.electronic_factor(1e-5, 6.3e-7, 0.0) == 1
