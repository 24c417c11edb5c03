"""Every scalar as an input, and sensitivities."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

from assb.models import SPM
from tests.models.runs import CASES, COARSE, scalars, slow, solve, values

# Inputs and sensitivities ---------------------------------------------------------------------------


#: Inputs that meet geometry, scaling, initial conditions or the circuit.
AWKWARD = (
    "Ambient temperature [K]",
    "Current function [A]",
    "Electrode area [m2]",
    "Initial stoichiometry in positive electrode",
    "Maximum concentration in positive electrode [mol.m-3]",
    "Nominal cell capacity [A.h]",
    "Positive electrode initial interphase thickness [m]",
    "Stack pressure [MPa]",
)


@pytest.mark.parametrize(
    ("cell", "everything"),
    [("NCM811_LPSCl_InLi", False), *(pytest.param(cell, True, marks=slow) for cell in CASES)],
)
def test_every_scalar_may_be_an_input(cell, everything):
    """One at a time in the single-particle model."""
    options, pv = CASES[cell], values(cell, rate=-0.3)
    model = SPM(options)
    expected = solve(model, pv, 900, points=7)["Voltage [V]"].data
    wrong = {}
    for name, value in scalars(pv).items():
        if not (everything or name in AWKWARD):
            continue
        changed = pv.copy()
        changed.update({name: "[input]"})
        found = solve(model, changed, 900, points=7, inputs={name: value})["Voltage [V]"].data
        error = np.abs(found - expected).max() if found.shape == expected.shape else np.inf
        if not error < 1e-6:
            wrong[name] = error
    assert not wrong


@pytest.mark.parametrize("cell", CASES)
def test_all_scalars_may_be_inputs_at_once(cell, model_class):
    options, pv = CASES[cell], values(cell, rate=-0.3)
    model = model_class(options)
    expected = solve(model, pv, 900, points=7)["Voltage [V]"].data
    inputs = scalars(pv)
    assert {"Positive particle radius [m]", "Positive electrode thickness [m]"} <= set(inputs)
    changed = pv.copy()
    changed.update(dict.fromkeys(inputs, "[input]"))
    found = solve(model, changed, 900, points=7, inputs=inputs)["Voltage [V]"].data
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


def test_inputs_change_the_answer_without_a_rebuild():
    names = ("Positive particle radius [m]", "Positive electrode thickness [m]")
    pv = values(rate=-0.3)
    start = {name: float(pv[name]) for name in names}
    pv.update(dict.fromkeys(names, "[input]"))
    sim = pybamm.Simulation(SPM(), parameter_values=pv, var_pts=COARSE)
    for factor in (1.0, 1.3):
        inputs = {name: factor * value for name, value in start.items()}
        voltage = sim.solve([0, 900], inputs=inputs, t_interp=np.linspace(0, 900, 7))["Voltage [V]"].data
        fixed = values(rate=-0.3, **inputs)
        np.testing.assert_allclose(
            voltage, solve(SPM(), fixed, 900, points=7, tolerances={})["Voltage [V]"].data, atol=1e-6
        )


@pytest.mark.parametrize(
    "names",
    [
        ("Positive particle radius [m]", "Positive electrode thickness [m]"),
        (
            "Solid electrolyte conductivity [S.m-1]",
            "Positive electrode interface resistance [Ohm.m2]",
            "Positive electrode contact closing pressure [GPa]",
            "Positive particle diffusivity at stoichiometry 0.9 [m2.s-1]",
            "Positive electrode residual contact pressure [MPa]",
        ),
    ],
    ids=["geometry", "laws"],
)
def test_sensitivities_against_central_differences(names, model_class):
    pv = values(rate=-0.3)
    start = {name: float(pv[name]) for name in names}
    pv.update(dict.fromkeys(names, "[input]"))
    sim = pybamm.Simulation(
        model_class(),
        parameter_values=pv,
        var_pts=COARSE,
        solver=pybamm.IDAKLUSolver(rtol=1e-9, atol=1e-10),
    )
    times = np.linspace(0, 900, 10)

    def run(changes, **options):
        return sim.solve([0, 900], inputs={**start, **changes}, t_interp=times, **options)["Voltage [V]"]

    sensitivities = run({}, calculate_sensitivities=True).sensitivities
    step = 1e-3
    for name, value in start.items():
        exact = np.asarray(sensitivities[name]).ravel() * value
        rise, fall = (run({name: (1 + s) * value}).data for s in (step, -step))
        differences = (rise - fall) / (2 * step)
        assert np.abs(differences).max() > 1e-6
        np.testing.assert_allclose(
            exact[1:], differences[1:], rtol=1e-3, atol=2e-3 * np.abs(differences).max(), err_msg=name
        )
