"""Impedance of the models."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

from tests.models.runs import CASES, COARSE, Q, values

# Impedance ------------------------------------------------------------------------------------------


def impedance_values(cell="NCM811_LPSCl_InLi", **changes):
    """A foil interface whose time constant lies far from that of the cathode."""
    own = {"Initial stoichiometry in positive electrode": 0.6}
    if cell == "NCM811_LPSCl_InLi":
        own |= {"Negative electrode exchange-current density [A.m-2]": 2.0}
        own |= {"Negative electrode double-layer capacity [F.m-2]": 1e-3}
    return values(cell, **(own | changes))


def spectrum(model_class, pv, frequencies, options=None):
    model = model_class({"surface form": "differential", **(options or {})})
    sim = pybamm.EISSimulation(model, parameter_values=pv, var_pts=COARSE)
    return np.asarray(sim.solve(frequencies).impedance)


def test_impedance_shows_the_arcs_and_the_resistances(model_class):
    pv = impedance_values()
    frequencies = np.geomspace(1e-2, 1e7, 91)
    impedance = spectrum(model_class, pv, frequencies)
    assert (impedance.real > 0).all()
    assert (-impedance.imag > -1e-6 * np.abs(impedance)).all()
    assert (np.diff(impedance.real) < 1e-9).all()  # passive: the real part falls with frequency
    # Two arcs: two maxima of the imaginary part between 10 Hz and 10 MHz.
    minus = -impedance.imag
    inner = (minus[1:-1] > minus[:-2]) & (minus[1:-1] > minus[2:])
    assert np.count_nonzero(inner & (frequencies[1:-1] > 1)) == 2


@pytest.mark.parametrize("cell", CASES)
@pytest.mark.parametrize("frequency", [10.0])
def test_impedance_against_a_sinusoid_in_time(cell, frequency, model_class):
    pv = impedance_values(cell)
    impedance = spectrum(model_class, pv, [frequency], CASES[cell])[0]
    amplitude, periods = 1e-3 * pv[Q], 6
    pv["Current function [A]"] = lambda t: amplitude * pybamm.sin(2 * np.pi * frequency * t)
    model = model_class({"surface form": "differential", **CASES[cell]})
    duration = periods / frequency
    times = np.linspace(0, duration, 100 * periods + 1)
    sim = pybamm.Simulation(
        model, parameter_values=pv, var_pts=COARSE, solver=pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-10)
    )
    voltage = sim.solve([0, duration], t_interp=times)["Voltage [V]"](times)
    last = times >= (periods - 2) / frequency
    phase = 2 * np.pi * frequency * times[last]
    basis = np.column_stack([np.sin(phase), np.cos(phase), np.ones(phase.size), times[last]])
    sine, cosine, *_ = np.linalg.lstsq(basis, voltage[last], rcond=None)[0]
    measured = -(sine + 1j * cosine) / amplitude
    assert abs(measured - impedance) < 1e-3 * abs(impedance)
