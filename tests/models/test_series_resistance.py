"""PyBaMM's option "contact resistance": what is in series with the cell."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

import assb
from assb import parameters
from assb.models import SPM, ImpedanceModel
from assb.models.compiled import Step, compile_model
from tests.models.runs import COARSE

SERIES = {"contact resistance": "true"}
NAME = "Contact resistance [Ohm]"
MINUTES = "Discharge at 0.5C for 10 minutes"


def cell(resistance):
    values = parameters.get("NCM811_LPSCl_InLi")
    values.update({NAME: resistance, "Initial stoichiometry in positive electrode": 0.6})
    return values


def test_the_voltage_falls_by_the_ohmic_drop(model_class):
    plain = assb.simulate(model_class(), cell(5.0), MINUTES, var_pts=COARSE)
    series = assb.simulate(model_class(SERIES), cell(5.0), MINUTES, var_pts=COARSE)
    times = np.linspace(1, 599, 7)
    drop = plain["Voltage [V]"](times) - series["Voltage [V]"](times)
    np.testing.assert_allclose(drop, 5.0 * series["Current [A]"](times), atol=1e-5)
    parts = sum(series[name](times) for name in model_class.overpotentials)
    np.testing.assert_allclose(
        series["Open-circuit voltage [V]"](times) + parts, series["Voltage [V]"](times), atol=1e-9
    )


def test_a_function_of_temperature():
    constant = assb.simulate(SPM(SERIES), cell(4.0), MINUTES, var_pts=COARSE)
    law = assb.simulate(SPM(SERIES), cell(lambda T: 4.0 * T / 298.15), MINUTES, var_pts=COARSE)
    assert law["Voltage [V]"].data[-1] == pytest.approx(constant["Voltage [V]"].data[-1], abs=2e-4)
    assert parameters.get("NCM811_LPSCl_InLi")[NAME] == 0


def test_spectra_shift_along_the_real_axis():
    frequencies = np.logspace(5, -2, 8)
    options = {"surface form": "differential"}
    found = [
        np.ravel(
            ImpedanceModel(SPM(options | more), cell(3.0), var_pts=COARSE).solve(frequencies)[
                "Impedance [Ohm]"
            ]
        )
        for more in ({}, SERIES)
    ]
    np.testing.assert_allclose(found[1] - found[0], 3.0, atol=1e-6)


def test_the_compiled_model_has_it():
    values = cell(5.0)
    model = compile_model(SPM(SERIES), values, [NAME], ["Voltage [V]"], var_pts=COARSE)
    current = 0.5 * values["Nominal cell capacity [A.h]"]
    steps = [Step.current(current, duration=600.0)]
    voltages = [
        float(model.cycle(steps, 1, {NAME: ohm}, tolerance_mV=1e-3)["Voltage [V]"].values[0, 0])
        for ohm in (0.0, 5.0)
    ]
    assert voltages[0] - voltages[1] == pytest.approx(5.0 * current, abs=1e-5)


def test_its_heat_is_the_loss():
    options = {"thermal": "lumped", "interphase": "constant", "contact": "pressure"}
    heat = []
    for more in ({}, SERIES):
        solution = assb.simulate(SPM(options | more), cell(5.0), MINUTES, var_pts=COARSE)
        heat.append(solution["Ohmic heating [W]"](300.0))
    current = float(solution["Current [A]"](300.0))
    assert float(heat[1] - heat[0]) == pytest.approx(5.0 * current**2, rel=1e-3)


def test_other_words_are_refused():
    with pytest.raises(pybamm.OptionError, match="contact resistance"):
        SPM({"contact resistance": "some"})
