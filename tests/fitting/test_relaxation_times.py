"""Distributions of relaxation times against circuits whose distribution is known."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from assb.fitting import relaxation_times, resistance_between

FREQUENCIES = np.geomspace(1e-3, 1e7, 101)
JW = 2j * np.pi * FREQUENCIES
GAMMA = "Distribution [Ohm]"


def zarc(resistance, tau, exponent=1.0):
    return resistance / (1 + (JW * tau) ** exponent)


def exact_zarc(tau, resistance, centre, exponent):
    """K. S. Cole, R. H. Cole, J. Chem. Phys. 1941, 9, 341, doi 10.1063/1.1750906."""
    x = np.log(tau / centre)
    angle = (1 - exponent) * np.pi
    return resistance / (2 * np.pi) * np.sin(angle) / (np.cosh(exponent * x) - np.cos(angle))


def noisy(z, level, seed=0):
    rng = np.random.default_rng(seed)
    return z * (1 + level * (rng.standard_normal(len(z)) + 1j * rng.standard_normal(len(z))))


@pytest.mark.parametrize("noise", [0.0, 2e-3])
def test_peaks_of_two_arcs(noise):
    found = relaxation_times(FREQUENCIES, noisy(10 + zarc(5, 3.3e-5) + zarc(20, 2e-2), noise))
    assert found["Peak relaxation time [s]"].values == pytest.approx(
        [3.3e-5, 2e-2], rel=0.08
    )  # half a step of the grid
    assert found["Peak resistance [Ohm]"].values == pytest.approx([5, 20], rel=0.01)
    assert float(found["Series resistance [Ohm]"]) == pytest.approx(10, rel=5e-3)
    assert resistance_between(found, 1e-6, 1e-3) == pytest.approx(5, rel=0.01)
    assert found.attrs["residual"] < max(2 * noise, 1e-3)


@pytest.mark.parametrize("exponent", [0.7, 0.8, 0.9])
def test_distribution_of_a_depressed_arc(exponent):
    found = relaxation_times(FREQUENCIES, 10 + zarc(20, 1e-3, exponent))
    exact = exact_zarc(found["tau"].values, 20, 1e-3, exponent)
    assert np.abs(found[GAMMA].values - exact).max() < 0.06 * exact.max()
    noise = relaxation_times(FREQUENCIES, noisy(10 + zarc(20, 1e-3, exponent), 3e-3))
    assert resistance_between(noise, 1e-9, 1e9) == pytest.approx(20, rel=0.01)
    half = [resistance_between(noise, 1e-9, 1e-3), resistance_between(noise, 1e-3, 1e9)]
    assert half == pytest.approx([10, 10], rel=0.1)


def test_finite_warburg_element():
    """R tanh(s)/s with s = sqrt(i w t): terms 2 R/x**2 at t/x**2, x = (k - 1/2) pi."""
    resistance, time = 30.0, 5.0
    root = np.sqrt(JW * time)
    found = relaxation_times(FREQUENCIES, 10 + resistance * np.tanh(root) / root)
    x = (np.arange(1, 3) - 0.5) * np.pi
    assert found["Peak relaxation time [s]"].values[:-3:-1] == pytest.approx(time / x**2, rel=0.1)
    assert found["Peak resistance [Ohm]"].values[:-3:-1] == pytest.approx(2 * resistance / x**2, rel=0.06)
    assert float(found["Polarisation resistance [Ohm]"]) == pytest.approx(resistance, rel=2e-3)


def test_inductance_and_capacitance_in_series():
    z = 10 + zarc(5, 1e-4, 0.9) + 1e-7 * JW + 1 / (2.0 * JW)
    found = relaxation_times(FREQUENCIES, z, inductance=True, capacitance=True)
    assert float(found["Inductance [H]"]) == pytest.approx(1e-7, rel=1e-3)
    assert float(found["Capacitance [F]"]) == pytest.approx(2.0, rel=1e-3)
    assert float(found["Polarisation resistance [Ohm]"]) == pytest.approx(5, rel=1e-3)
    without = relaxation_times(FREQUENCIES, 10 + zarc(5, 1e-4), inductance=True, capacitance=True)
    assert float(without["Capacitance [F]"]) > 1e4
    assert float(without["Inductance [H]"]) < 1e-11


def test_order_and_unit_do_not_matter():
    z = noisy(10 + zarc(5, 3e-5, 0.8) + zarc(20, 2e-2, 0.9), 1e-3)
    found = relaxation_times(FREQUENCIES, z)
    other = relaxation_times(FREQUENCIES[::-1], 1e-4 * z[::-1], unit="Ohm.m2")
    assert 1e4 * other["Distribution [Ohm.m2]"].values == pytest.approx(found[GAMMA].values, abs=1e-6)
    assert found.attrs["weight"] == other.attrs["weight"]
    assert other["Distribution [Ohm.m2]"].attrs["units"] == "Ohm.m2"
    # A given weight is used; a heavy one smooths.
    smooth = relaxation_times(FREQUENCIES, z, weight=0.1)
    assert smooth.attrs["weight"] == 0.1
    assert smooth[GAMMA].max() < 0.5 * found[GAMMA].max()


def test_resistance_between_adds_up():
    found = relaxation_times(FREQUENCIES, 10 + zarc(20, 1e-3, 0.7))
    limits = [1e-12, 2.3e-4, 1.1e-3, 7e-3, 1e9]
    parts = [resistance_between(found, a, b) for a, b in pairwise(limits)]
    assert sum(parts) == pytest.approx(float(found["Polarisation resistance [Ohm]"]), rel=1e-12)
    assert min(parts) > 0
    with pytest.raises(ValueError, match="ascending order"):
        resistance_between(found, 1.0, 0.1)


@pytest.mark.parametrize(
    ("frequencies", "change", "message"),
    [
        (FREQUENCIES[:4], {}, "five or more"),
        (FREQUENCIES - 1.0, {}, "must be positive"),
        (np.linspace(1, 2, 101), {}, "less than a decade"),
        (FREQUENCIES, {"unit": "mOhm"}, "unit='mOhm' is not known"),
        (FREQUENCIES, {"weight": 0.0}, "must be a positive number"),
    ],
)
def test_mistakes_are_explained(frequencies, change, message):
    with pytest.raises(ValueError, match=message):
        relaxation_times(frequencies, (10 + zarc(20, 1e-3))[: len(frequencies)], **change)
