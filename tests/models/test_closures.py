"""Closures: one expression for NumPy, PyBaMM and CasADi; smooth functions and kinetics."""

from __future__ import annotations

import casadi as ca
import numpy as np
import pybamm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assb.models import closures as c
from assb.models.closures.smooth import FARADAY, R_GAS
from tests.models.runs import quick

#: Every closure with one set of plausible arguments.
EXAMPLES = {
    "softplus": (0.3, 0.1),
    "smooth_abs": (-0.3, 0.1),
    "clip_stoichiometry": (1.2,),
    "soft_clip_stoichiometry": (1.2,),
    "arrhenius": (3e4, 310.0, 298.15),
    "exchange_current_density": (1.3, 0.4),
    "butler_volmer_current": (0.02, 1.3, 298.15, 0.4),
    "butler_volmer_overpotential": (2.0, 1.3, 298.15, 0.4),
    "butler_volmer_slope": (2.0, 1.3, 298.15, 0.4),
    "bruggeman": (0.3, 1.5),
    "percolation": (0.4, 0.217, 1.94),
    "percolation_threshold": (1.7,),
    "size_ratio_percolation": (0.3, 1.7),
    "pressure_limited": (0.05, 0.6, 3e6, 20e6, 0.66),
    "thiele_number": (5e-5, 0.02, 1.0, 2e5, 0.03),
    "newman_tobias_resistance": (5e-5, 0.02, 1.0, 1.4),
    "uniform_resistance": (5e-5, 0.02, 1.0, 2e5, 0.03),
    "relaxation_rate": (5e-5, 0.02, 1.0, 2e5, 0.03, -0.8, 2e9),
    "stack_stiffness": (7e11, 1.4e-14),
    "stripping_resistance": (-400.0, 4.0, 0.02, 3600.0, 0.1),
    "utilised_area_fraction": (1.7, 0.4, 0.5),
    "contact_pressure": (50e6, 1.0, 8e6, 0.02, 0.5e9, 0.01, 0.4e9),
    "pressure_response": (45e6, 1e9, 0.5),
    "damage_rate": (0.1, 1e-5, 0.7, 0.02, 1.2, 50e6, 10e6, 50e6, 380e6, 0.12, 2.0),
    "growth_rate": (1e-13, 3.9, 4.2, 0.2, 298.15),
    "oxidation_gate": (2.25, 2.2),
    "potential_drop": (3.9, 2.2),
    "debye_length": (15.0, 100.0, 298.15),
    "depletion_resistance": (40.0, 1e-9, 0.2, 1e-3),
    "depletion_capacitance": (40.0, 1e-9, 15.0),
    "mott_schottky_resistance": (1.5, 15.0, 100.0, 2e-4),
    "blocked_diffusivity_ratio": (0.2, 0.6),
    "grain_misfit_ratio": (0.03, 0.2, 5e-7, 1.4e11, 0.25, 0.5),
    "lithium_gradient_stress": (-0.03, -0.035, 1.4e11, 0.25),
    "gradient_fracture_ratio": (3e8, 2e-6, 1.4e11, 0.25, 1.0),
    "fractured_share": (2.0,),
    "coated_network_factor": (0.4,),
    "coated_contact_conduction": (1e-8, 2.5e-6, 0.3, 1e-12),
    "coated_interface_potential": (4.3, 0.0, 0.2),
    "coating_electronic_ratio": (1e-8, 1e-12, 1e-4, 1e-9),
    "coating_resistance": (0.5, 1e-8, 1e-5),
    "constriction_factor": (0.4,),
    "contact_healing_rate": (0.2, 1e-11, 0.146, 1e-9),
    "hysteresis_rate": (0.3, 2e-5, 20.0),
    "healing_rate": (4e-9, 2.2, 2.5, 0.05),
    "apparent_diffusivity_ratio": (0.4,),
    "relaxation_time_ratio": (0.3, 0.8),
    "diffusion_constriction_length": (3e-7, 0.4),
    "isolation_rate": (0.1, 0.2, 1e-5, 0.3, 2e-5),
    "cover_factor": (0.03, 5.0),
    "crack_opening": (0.02, 0.03, 0.005, 0.2),
    "cracking_rate": (0.1, 1e-5, 0.7, 0.02, 1.2, 50e6, 380e6),
    "cracks_from_pressing": (500e6, 0.1),
    "effective_medium": (0.3, 0.217, 1.94, 1e-6),
    "electrolyte_cushion": (0.3, 0.2),
    "electrolyte_left": (0.3, 0.05),
    "electrolyte_damage_rate": (0.1, 1e-5, 0.7, 0.02, 1.2, 50e6, 380e6),
    "electronic_factor": (1e-7, 1e-6, 0.5),
    "formation_rate": (1e-9, 600.0, 3600.0),
    "forming_rate": (0.3, 2.0, 1800.0, 1.0, 0.01),
    "mixed_conduction_constant": (2e-5, 2e-12, 1.7, 2.5e-10),
    "forming_resistance_ratio": (0.3, 10.0),
    "incubation": (0.8,),
    "mott_schottky_width": (1.5, 15.0, 100.0),
    "poisson_boltzmann_resistance": (2.0, 1e-9, 0.2),
    "pore_factor": (0.12, 4.0, 1.0),
    "pressed_porosity": (200e6, 0.45, 0.08, 100e6),
    "quartic_gradient_rate": (-0.02, 1e-3, 2e-5),
    "quartic_profile": (0.4, 0.6, -0.02, 0.55),
    "quartic_surface": (0.6, -0.02, -0.03),
    "relaxation_time": (0.01, 0.1),
    "size_ratio_exponent": (0.15,),
    "creep_current": (7e6, 2.0, 3e6, 2.1),
    "intrusion_rate": (-0.75, 15e6, 6.5e4, 25e6, 3.4),
    "lithium_coverage": (0.2e-6, 0.05, 0.5e-6),
    "plating_current": (-3.0,),
    "void_rate": (0.6, 10.0, 2.0, 5e-6, 13e-6),
}
#: Of sequences, arrays or complex numbers: tested by themselves.
OTHERS = {
    *("layer_stiffness", "logarithmic_mixture", "squared_thickness_rate"),
    *("DepthModes", "depth_modes_for", "field_moments", "ohmic_correction"),
    *("electrode_impedance", "through_impedance"),
    *("SphereModes", "sphere_modes_for"),
}


def test_every_closure_has_an_example():
    assert set(c.__all__) == set(EXAMPLES) | OTHERS


@pytest.mark.parametrize("name", EXAMPLES)
def test_one_expression_serves_numpy_pybamm_and_casadi(name):
    closure, values = getattr(c, name), EXAMPLES[name]
    expected = float(closure(*values))
    assert np.isfinite(expected)
    array = closure(*(np.full(3, value) for value in values))
    np.testing.assert_allclose(array, expected, rtol=1e-13)
    inputs = {f"a{k}": value for k, value in enumerate(values)}
    symbol = closure(*(pybamm.InputParameter(key) for key in inputs))
    assert isinstance(symbol, pybamm.Symbol)
    np.testing.assert_allclose(float(np.squeeze(symbol.evaluate(inputs=inputs))), expected, rtol=1e-12)
    graph = ca.SX.sym("a", len(values))
    function = ca.Function("f", [graph], [closure(*ca.vertsplit(graph))])
    np.testing.assert_allclose(float(function(values)), expected, rtol=1e-12)


# Smooth functions -----------------------------------------------------------------------------------


@quick
@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e2))
def test_softplus_lies_just_above_the_positive_part(x, scale):
    above = c.softplus(x, scale) - max(x, 0.0)
    assert -1e-12 * abs(x) <= above <= scale * np.log(2) * (1 + 1e-12)
    assert c.softplus(x + 0.1 * scale, scale) >= c.softplus(x, scale)


def test_softplus_equals_the_logarithm():
    x = np.linspace(-3, 3, 31)
    np.testing.assert_allclose(c.softplus(x, 0.2), 0.2 * np.logaddexp(0, x / 0.2), rtol=1e-12, atol=1e-15)


def test_arrhenius():
    assert c.arrhenius(4e4, 298.15, 298.15) == 1.0
    slope = np.log(c.arrhenius(4e4, 313.15, 298.15)) / (1 / 298.15 - 1 / 313.15)
    assert slope == pytest.approx(4e4 / R_GAS)


# Kinetics -------------------------------------------------------------------------------------------


@quick
@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e2), st.floats(250, 400))
def test_butler_volmer_inverts_the_two_exponentials(j, i0, temperature):
    eta = c.butler_volmer_overpotential(j, i0, temperature)
    half = FARADAY * eta / (2 * R_GAS * temperature)
    assert i0 * (np.exp(half) - np.exp(-half)) == pytest.approx(j, rel=1e-9, abs=1e-9)
    step = 1e-4 * (abs(j) + i0)
    rise = c.butler_volmer_overpotential(j + step, i0, temperature)
    fall = c.butler_volmer_overpotential(j - step, i0, temperature)
    assert c.butler_volmer_slope(j, i0, temperature) == pytest.approx((rise - fall) / (2 * step), rel=1e-5)


def test_exchange_current_density_peaks_at_half_filling():
    assert c.exchange_current_density(1.7, 0.5) == pytest.approx(1.7)
    y = np.linspace(0.02, 0.98, 49)
    values = c.exchange_current_density(1.0, y)
    np.testing.assert_allclose(values, values[::-1])
    assert y[np.argmax(values)] == pytest.approx(0.5)
    assert c.exchange_current_density(1.0, -1.0) > 0  # clipped, finite
