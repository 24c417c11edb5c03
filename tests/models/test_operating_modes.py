"""PyBaMM's option "operating mode": what controls the cell instead of its current."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

import assb
from assb.models import DFN, SPM
from tests.models.runs import CASES, COARSE, LTO, Q, slow, solve, values

POWER, RESISTANCE, VOLTAGE = "Power function [W]", "Resistance function [Ohm]", "Voltage function [V]"
#: Mode -> what it prescribes; the differential ones come to it within minutes, from a discharge at 1C.
MODES = {
    "voltage": VOLTAGE,
    "power": POWER,
    "explicit power": POWER,
    "differential power": POWER,
    "resistance": RESISTANCE,
    "explicit resistance": RESISTANCE,
    "differential resistance": RESISTANCE,
    "CCCV": VOLTAGE,
}


def controlled(model_class, options, mode, cell):
    """A charge at about C/10 by whatever the mode prescribes."""
    # Away from full lithiation, where 30 mV are soon used up.
    pv = values(cell, rate=0.0, **{"Initial stoichiometry in positive electrode": 0.865})
    rest = solve(model_class(options), pv, 1, points=2, tolerances={})["Voltage [V]"].data[0]
    current = -0.1 * pv[Q]
    targets = {VOLTAGE: rest + 0.03, POWER: current * rest, RESISTANCE: rest / current}
    name = MODES[mode]
    pv[name] = targets[name]
    if mode == "CCCV":
        pv["CCCV current function [A]"] = current
    solution = solve(
        model_class({**options, "operating mode": mode}), pv, 900, points=10, tolerances={"rtol": 1e-7}
    )
    voltage, drawn = (solution[n].data for n in ("Voltage [V]", "Current [A]"))
    found = {VOLTAGE: voltage, POWER: voltage * drawn, RESISTANCE: voltage / drawn}[name]
    return found / targets[name], drawn / current


#: The external circuit does not know the model: all modes on one, a mode of each kind on the others.
OTHERS = [(DFN, "NCM811_LPSCl_InLi"), (SPM, "Oh2026_LTO"), pytest.param(DFN, "Oh2026_LTO", marks=slow)]


@pytest.mark.parametrize(
    ("mode", "model_class", "cell"),
    [(mode, SPM, "NCM811_LPSCl_InLi") for mode in MODES]
    + [
        pytest.param(mode, *getattr(case, "values", case), marks=getattr(case, "marks", ()))
        for mode in ("voltage", "explicit power", "CCCV")
        for case in OTHERS
    ],
)
def test_the_prescribed_quantity_is_met(mode, model_class, cell):
    found, current = controlled(model_class, CASES[cell], mode, cell)
    settling = mode.startswith("differential") or mode == "CCCV"
    np.testing.assert_allclose(found[-1:] if settling else found, 1, rtol=2e-3 if settling else 1e-6)
    if mode == "CCCV":
        assert (current[1:] <= 1 + 1e-9).all()  # its limit of current
    assert 0.1 < current[-1] < 1.1


def test_a_function_of_the_variables():
    pv = values(rate=0.0)

    def tenth(variables):
        return variables["Current [A]"] + 0.1 * pybamm.Parameter(Q)

    solution = solve(SPM({"operating mode": tenth}), pv, 60, points=3)
    np.testing.assert_allclose(solution["Current [A]"].data, -0.1 * pv[Q], rtol=1e-9)
    expected = solve(SPM(), values(rate=-0.1), 60, points=3)["Voltage [V]"].data
    np.testing.assert_allclose(solution["Voltage [V]"].data, expected, rtol=0, atol=1e-7)


def test_explicit_power_equals_power_and_the_breakdown_sums():
    runs = []
    for mode in ("power", "explicit power"):
        pv = values("Oh2026_LTO")
        pv[POWER] = -0.5 * pv[Q] * 2.0
        model = SPM({**LTO, "operating mode": mode, "reaction distribution": "nonlinear modes"})
        solution = solve(model, pv, 600, points=7)
        parts = sum(solution[name].data for name in model.overpotentials)
        total = solution["Voltage [V]"].data - solution["Open-circuit voltage [V]"].data
        np.testing.assert_allclose(parts, total, rtol=0, atol=1e-8)
        runs.append(solution["Current [A]"].data)
    np.testing.assert_allclose(*runs, rtol=1e-6)


def test_what_sets_the_current_itself_refuses_such_a_model():
    pv = values()
    pv[VOLTAGE] = 3.0
    model = SPM({"operating mode": "voltage", "surface form": "differential"})
    for use in (
        lambda: assb.simulate(model, pv, "Charge at 0.1C for 1 minute"),
        lambda: assb.models.compile(model, pv, inputs=[], outputs=["Voltage [V]"], var_pts=COARSE),
        lambda: assb.models.ImpedanceModel(model, pv),
        lambda: assb.models.compiled.ReferenceModel(model, pv, [], ["Voltage [V]"]),
    ):
        with pytest.raises(ValueError, match=r'"operating mode" = .voltage.*Leave the option at "current"'):
            use()
