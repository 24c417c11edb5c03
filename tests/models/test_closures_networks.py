"""Effective medium, obstacles and pressing against closed forms, limits and observed trends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from assb.models import closures as c
from tests.models.runs import quick


def implicit_effective_medium(fraction, threshold, exponent, contrast):
    """The equation as McLachlan writes it, solved by bisection."""
    a = (1 - threshold) / threshold
    low, high = contrast ** (1 / exponent), 1.0

    def residual(x):
        return (1 - fraction) * (low - x) / (low + a * x) + fraction * (high - x) / (high + a * x)

    return brentq(residual, low * (1 - 1e-12), high * (1 + 1e-12), xtol=1e-15) ** exponent


@pytest.mark.parametrize("contrast", [1e-6, 1e-2])
@pytest.mark.parametrize("fraction", [0.05, 0.2, 0.217, 0.3, 0.7])
def test_effective_medium_is_the_implicit_equation(fraction, contrast):
    found = c.effective_medium(fraction, 0.217, 1.94, contrast)
    assert found == pytest.approx(implicit_effective_medium(fraction, 0.217, 1.94, contrast), rel=1e-6)


def test_effective_medium_limits():
    assert c.effective_medium(0.0, 0.217, 1.94, 1e-6) == pytest.approx(1e-6, rel=1e-9)
    assert c.effective_medium(1.0, 0.217, 1.94, 1e-6) == pytest.approx(1.0, rel=1e-12)
    fraction = np.linspace(0.3, 1.0, 8)
    bare = c.effective_medium(fraction, 0.217, 1.94, 1e-14)
    np.testing.assert_allclose(bare, ((fraction - 0.217) / 0.783) ** 1.94, rtol=1e-4)
    # Exponent 1 and threshold 1/3: Bruggeman's symmetric medium, exact at equal shares of conductivities 1, 4.
    assert c.effective_medium(0.5, 1 / 3, 1.0, 0.25) * 4 == pytest.approx((5 + np.sqrt(25 + 8 * 16)) / 8)
    # No threshold: the contrast no longer matters.
    assert c.effective_medium(0.4, 0.0, 2.53, 1e-6) == pytest.approx(0.4**2.53, rel=0.05)


@quick
@given(st.floats(0, 0.99), st.floats(0, 0.5), st.floats(1, 3), st.floats(1e-10, 0.5))
def test_effective_medium_is_monotone_and_between_its_phases(fraction, threshold, exponent, contrast):
    value = c.effective_medium(fraction, threshold, exponent, contrast)
    assert contrast * (1 - 1e-4) <= value <= 1 + 1e-12
    assert c.effective_medium(fraction + 0.01, threshold, exponent, contrast) > value


def test_many_small_pores_cost_more_than_few_large_ones():
    few, many = c.pore_factor(0.15, 0.5, 1.0), c.pore_factor(0.15, 50.0, 1.0)
    assert many < few < 1
    assert c.pore_factor(0.0, 50.0, 1.0) == 1
    assert c.pore_factor(0.15, 50.0, 0.0) == 1
    assert c.pore_factor(0.10, 1.0, 1.0) > c.pore_factor(0.18, 1.0, 1.0)


def test_coatings_and_fillers():
    assert c.coated_network_factor(0.0) == 1
    assert 8 <= -np.log10(c.coated_network_factor(1.0)) <= 9
    assert c.coated_network_factor(0.5) == pytest.approx(0.5, rel=1e-6)
    assert c.cover_factor(0.0, 10.0) == 1
    assert c.cover_factor(0.1, 10.0) < c.cover_factor(0.1, 5.0) < 1


def test_pressing_saturates():
    pressure = np.linspace(0, 600e6, 13)
    porosity = c.pressed_porosity(pressure, 0.45, 0.08, 100e6)
    assert porosity[0] == pytest.approx(0.45)
    assert (np.diff(porosity) < 0).all()
    assert (np.diff(porosity, 2) > 0).all()
    assert c.pressed_porosity(1e12, 0.45, 0.08, 100e6) == pytest.approx(0.08)


def test_the_electrolyte_network_cracks_by_strain_and_by_pressure():
    rate = c.electrolyte_damage_rate(0.1, 1e-5, 0.5, 0.02, 1.0, 50e6, 380e6)
    assert rate == pytest.approx(0.02 * 0.9 * 1e-5 * (0.5 + (50 / 380) ** 2))
    assert c.electrolyte_damage_rate(1.0, 1e-5, 0.5, 0.02, 1.0, 50e6, 380e6) == 0
    assert c.electrolyte_damage_rate(0.1, 1e-5, 0.5, 0.02, 1.0, 200e6, 380e6) > rate
