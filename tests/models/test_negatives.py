"""Lithium metal with its interphase, and graphite."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

from assb import parameters
from assb.models import SPM
from assb.models.closures import forming_rate, forming_resistance_ratio, mixed_conduction_constant
from assb.models.compiled import Protocol, compile_model
from assb.models.compiled.check import solve_with_idaklu
from assb.parameters.materials.graphite import graphite_potential, staged_strain
from tests.models.runs import COARSE, P, solve, spm_first, voltage

N = "Negative electrode "
GROWING = {"negative interphase": "growing"}
FORMING = {"negative interphase": "growing and forming"}
COMPOSITE = {"negative": "composite"}
D_INT = N + "interphase parabolic constant [m2.s-1]"
START = N + "initial interphase thickness [m]"


def cell(negative, rate=0.0, **changes):
    """A cell of 0.65 mAh/cm2 charged (rate < 0) or left alone."""
    values = parameters.build(negative=negative, overrides=changes)
    values["Current function [A]"] = rate * values["Nominal cell capacity [A.h]"]
    return values


# The interphase on lithium --------------------------------------------------------------------------


def test_interphase_charge_grows_with_the_root_of_time(model_class):
    """D13: charge linear in the root of time, 9 nm per uAh/cm2."""
    values = cell("Li", **{START: 1e-13})
    solution = solve(model_class(GROWING), values, 1e6, points=26)
    time = solution["Time [s]"].data[1:]
    charge = solution[N + "interphase charge [uA.h.cm-2]"].data[1:]
    thickness = solution[N + "interphase thickness [m]"].data
    np.testing.assert_allclose(charge / np.sqrt(time), charge[-1] / np.sqrt(time[-1]), rtol=1e-4)
    np.testing.assert_allclose((thickness[1:] - thickness[0]) * 1e9, 9.0 * charge, rtol=1e-12)
    np.testing.assert_allclose(thickness[-1], np.sqrt(2 * values[D_INT] * 1e6), rtol=1e-5)
    # The lithium bound is that charge.
    bound = solution["Lithium in negative interphase [mol]"].data[-1]
    area = values["Electrode area [m2]"]
    assert bound * 96485.33212 / area == pytest.approx(charge[-1] * 36.0, rel=1e-5)
    assert N + "interphase thickness [m]" not in model_class().variables


def test_growth_is_activated_and_adds_delta_over_kappa():
    warm, cold = (
        solve(SPM(GROWING), cell("Li", **{"Ambient temperature [K]": T, START: 1e-13}), 1e5, points=3)
        for T in (318.15, 298.15)
    )
    ratio = warm[N + "interphase thickness [m]"].data[-1] / cold[N + "interphase thickness [m]"].data[-1]
    factor = np.exp(-5e4 / 8.314462618 * (1 / 318.15 - 1 / 298.15))
    assert ratio == pytest.approx(np.sqrt(factor), rel=1e-4)
    solution = solve(SPM(GROWING), cell("Li", 0.05), 600, points=3)
    current = solution["Total current density [A.m-2]"].data
    film = solution[N + "mean film overpotential [V]"].data
    thickness = solution[N + "interphase thickness [m]"].data
    np.testing.assert_allclose(film, current * (5e-4 + thickness / 2e-5), rtol=1e-10)
    assert (film > 0).all()  # discharge raises the potential of the negative electrode


@spm_first
def test_a_conducting_interphase_that_does_not_grow_is_none(model_class):
    off = voltage(model_class(), cell("Li", 0.2), 600)
    found = []
    for scale in (1.0, 1e-6):
        changes = {D_INT: 1e-21 * scale, N + "interphase conductivity [S.m-1]": 2e-5 / scale}
        on = voltage(model_class(GROWING), cell("Li", 0.2, **changes), 600)
        found.append(np.abs(on - off).max())
    assert found[0] > 1e-4

    assert found[1] < 1e-7


def test_forming_follows_charge_and_current():
    """D14: high current reaches the least resistance almost at once; the difference fades by 50 uAh/cm2."""

    def ratio(charge, current):
        """Resistance over the least one after plating a charge [uAh/cm2] at a current [mA/cm2]."""
        steps = 1000
        share, dt = 0.0, charge * 36.0 / (10 * current) / steps
        for _ in range(steps):
            share += dt * forming_rate(share, -10 * current, 17 * 36.0, 0.5, 1e-5)
        return forming_resistance_ratio(share, 5.0)

    assert ratio(10, 0.15) < 1.5 < ratio(10, 0.01)
    gaps = [ratio(q, 0.01) - ratio(q, 0.15) for q in (5, 50)]
    assert gaps[1] < 0.1 * gaps[0]
    assert ratio(50, 0.01) < 1.2
    # Discharge and rest do not form.
    assert forming_rate(0.0, 5.0, 612.0, 0.5, 1e-5) < 1e-13
    assert forming_rate(0.0, 0.0, 612.0, 0.5, 1e-5) < 1e-8
    assert forming_resistance_ratio(1.0, 5.0) == 1.0


@spm_first
def test_forming_in_the_model(model_class):
    values = cell("Li", -0.2)
    solution = solve(model_class(FORMING), values, 1800, points=7)
    i = -solution["Total current density [A.m-2]"].data
    share = solution[N + "formed interphase share"].data
    expected = 1 - np.exp(-i * solution["Time [s]"].data * (1 + i / 0.5) / (17 * 36.0))
    np.testing.assert_allclose(share, expected, atol=1e-6)
    resistance = solution[N + "interphase film resistance [Ohm.m2]"].data
    assert resistance[-1] < 0.3 * resistance[0]


def test_an_interphase_belongs_to_a_foil():
    with pytest.raises(pybamm.OptionError, match="'negative interphase' = 'growing' belongs to a foil"):
        SPM({**COMPOSITE, **GROWING})


# What the products conduct --------------------------------------------------------------------------

MIXED = {**GROWING, "negative interphase growth": "mixed conduction"}
ELECTRONS = "Solid electrolyte reduction product electronic conductivity [S.m-1]"


def test_mixed_conduction_of_the_default_is_the_constant(model_class):
    """Li6PS5Cl on lithium: its electronic conductivity is derived from that constant."""
    found = [
        solve(model_class(options), cell("Li"), 1e6, points=3)[N + "interphase thickness [m]"].data[-1]
        for options in (GROWING, MIXED)
    ]
    assert found[1] == pytest.approx(found[0], rel=1e-5)


def test_the_worse_conductor_decides():
    values = cell("Li", **{START: 1e-13})
    ionic, drop = (
        values[N + "interphase conductivity [S.m-1]"],
        values["Solid electrolyte reduction limit [V]"],
    )
    per_charge = values[N + "interphase thickness per charge [nm.cm2.uA-1.h-1]"] * 1e-9 / 36
    for electronic in (1e-3 * ionic, ionic, 1e3 * ionic):
        values[ELECTRONS] = electronic
        found = solve(SPM(MIXED), values, 1e5, points=3)[N + "interphase thickness [m]"].data[-1]
        constant = per_charge * drop / (1 / ionic + 1 / electronic)
        assert found == pytest.approx(np.sqrt(2 * constant * 1e5), rel=1e-4)
    assert mixed_conduction_constant(1.0, 1e9, drop, 1.0) == pytest.approx(drop, rel=1e-8)


def test_mixed_conduction_is_activated_and_knows_the_foil():
    """Against In-Li less drives it: by 0.62 V of 1.7 V."""
    thin = {START: 1e-13}
    base, warm, alloy = (
        solve(SPM(MIXED), values, 1e5, points=3)[N + "interphase thickness [m]"].data[-1]
        for values in (
            cell("Li", **thin),
            cell("Li", **{**thin, "Ambient temperature [K]": 318.15}),
            cell("InLi", **thin),
        )
    )
    factor = np.exp(-5e4 / 8.314462618 * (1 / 318.15 - 1 / 298.15))
    assert (warm / base) ** 2 == pytest.approx(factor, rel=1e-4)
    assert (alloy / base) ** 2 == pytest.approx(1 - 0.62 / 1.7, rel=1e-4)


def test_mixed_conduction_needs_an_interphase():
    name = "negative interphase growth"
    assert SPM({name: "mixed conduction"}).options[name] == "constant"


# Stack pressure -------------------------------------------------------------------------------------

SPRING = {
    "Relaxing share of stack stiffness": 0.0,
    P + "absorbed strain share": 1.0,  # the positive electrode keeps still
    P + "interphase parabolic constant [m2.s-1]": 1e-40,
    P + "interphase reaction velocity [m.s-1]": 1e-40,
}


@spm_first
def test_plated_lithium_presses_on_the_stack(model_class):
    """4.85 um per mAh/cm2 into the stiffness of the stack: up on charge, down on discharge."""
    for rate in (-0.1, 0.1):
        start = {"Initial stoichiometry in positive electrode": 0.9 if rate < 0 else 0.5}
        values = cell("Li", rate, **SPRING, **start)
        solution = solve(model_class(), values, 2 * 3600, points=5)
        plated = -1e3 * solution["Discharge capacity [A.h]"].data / (1e4 * values["Electrode area [m2]"])
        thickness = solution["Thickness change: negative electrode [m]"].data
        np.testing.assert_allclose(thickness, 4.85e-6 * plated, rtol=1e-9, atol=1e-18)
        rise = solution["Stack pressure [MPa]"].data - 50.0
        stiffness = solution["Stack stiffness [Pa.m-1]"].data[0]
        np.testing.assert_allclose(rise, stiffness * thickness * 1e-6, rtol=1e-6, atol=1e-9)
        assert np.sign(rise[-1]) == -np.sign(rate)
        assert abs(rise[-1]) > 0.1


def test_an_interphase_takes_less_room_than_what_it_is_made_of():
    """Lithium and electrolyte to products: 24.1 cm3 per mole of electrons from 13.0 and 17.9 cm3."""
    solution = solve(SPM(GROWING), cell("Li", **SPRING, **{D_INT: 1e-17}), 1e5, points=3)
    grown = np.diff(solution[N + "interphase thickness [m]"].data[[0, -1]])[0]
    change = solution["Thickness change: negative electrode [m]"].data[-1]
    assert change / grown == pytest.approx((24.12 - 13.0 - 17.94) / 24.12, abs=2e-3)
    assert solution["Stack pressure [MPa]"].data[-1] < 50.0


@spm_first
def test_graphite_breathes_by_stages(model_class):
    """G6: up on charge, steep, then nearly flat between y = 0.25 and 0.5, then steep again."""
    values = cell("graphite", -0.1, **SPRING)
    values["Upper voltage cut-off [V]"] = 4.6
    solution = solve(model_class(COMPOSITE), values, 9 * 3600, points=55, tolerances={})
    y = solution["X-averaged negative electrode stoichiometry"].data
    pressure = solution["Stack pressure [MPa]"].data
    assert y[-1] > 0.6
    assert (np.diff(pressure) > 0).all()
    slope = np.diff(pressure) / np.diff(y)
    middle = 0.5 * (y[1:] + y[:-1])
    dilute, flat, dense = (
        slope[(middle > a) & (middle < b)].mean() for a, b in ((0.05, 0.2), (0.3, 0.45), (0.55, 0.65))
    )
    assert dilute > 4 * flat
    assert dense > 3 * flat
    # 1 - g of the strain of the connected graphite; the DFN averages it over depth.
    strain = 0.7 * values[N + "active material volume fraction"] * (staged_strain(y) - staged_strain(y[0]))
    expected = strain * values[N + "thickness [m]"]
    np.testing.assert_allclose(
        solution["Thickness change: negative electrode [m]"].data, expected, rtol=5e-3, atol=1e-11
    )


def test_negatives_press_in_their_order():
    """H1: the same charge into Li, In-Li, graphite and LTO."""
    rise = {}
    for negative in ("Li", "InLi", "graphite", "LTO"):
        options = COMPOSITE if negative in ("graphite", "LTO") else {}
        solution = solve(SPM(options), cell(negative, -0.1, **SPRING), 2 * 3600, points=3)
        rise[negative] = solution["Thickness change: negative electrode [m]"].data[-1]
    assert rise["Li"] > rise["InLi"] > rise["graphite"] > 0
    assert rise["LTO"] == pytest.approx(0, abs=1e-12)
    assert rise["InLi"] / rise["Li"] == pytest.approx(7.89 / 13.0, rel=1e-3)


# Graphite -------------------------------------------------------------------------------------------


def test_graphite_material():
    from pybamm.input.parameters.lithium_ion.Ecker2015 import graphite_ocp_Ecker2015

    y = np.linspace(0.005, 0.995, 199)
    theirs = graphite_ocp_Ecker2015(pybamm.Array(y)).evaluate().ravel()
    np.testing.assert_allclose(graphite_potential(y), theirs, rtol=1e-12)
    assert (np.diff(graphite_potential(y)) < 0).all()
    assert staged_strain(0.0) == 0
    assert staged_strain(1.0) == pytest.approx(0.132, abs=1e-12)
    assert (np.diff(staged_strain(np.linspace(0, 1, 401))) > 0).all()
    # Published relative thickness (Ai2020) at the corners, within the rounding of the corners.
    assert staged_strain(0.25) / 0.132 == pytest.approx(0.0459 / 0.109, abs=0.03)
    assert staged_strain(0.5) / 0.132 == pytest.approx(0.0519 / 0.109, abs=0.03)
    # 372 mAh per g of graphite.
    c_max = parameters.build(negative="graphite")["Maximum concentration in negative electrode [mol.m-3]"]
    assert c_max * 96485.33212 / 3.6 / 2.26e6 == pytest.approx(372, abs=1)


# Books and back ends --------------------------------------------------------------------------------

FAST = {
    P + "contact damage rate": 50.0,
    P + "isolation per contact damage": 0.8,
    P + "interphase reaction velocity [m.s-1]": 1e-9,
    P + "interphase parabolic constant [m2.s-1]": 1e-17,
}


@pytest.mark.parametrize(("negative", "options"), [("Li", FORMING), ("graphite", COMPOSITE)])
def test_lithium_is_conserved(model_class, negative, options):
    values = cell(negative, **FAST)
    if negative == "Li":
        values.update({D_INT: 1e-15})
    # Charge that turns smoothly into discharge: one run without restarts.
    current = 0.25 * values["Nominal cell capacity [A.h]"]
    values["Current function [A]"] = lambda t: current * pybamm.tanh((t - 5000) / 300)
    solution = solve(model_class(options), values, 8000, points=17, tolerances={"rtol": 1e-10, "atol": 1e-12})
    assert solution.t[-1] == 8000
    total = solution["Total lithium [mol]"].data
    assert np.ptp(total) < 1e-8 * total[0]
    assert solution["Lithium released by solid electrolyte [mol]"].data[-1] > 1e-4 * total[0]
    if negative == "Li":
        # Without its entry the sum would drift by far more than the tolerance; no current pays for it.
        bound = solution["Lithium in negative interphase [mol]"].data
        assert bound[-1] > 1e-2 * total[0]
        foil = solution["Lithium in negative electrode [mol]"].data
        passed = -solution["Discharge capacity [A.h]"].data * 3600 / 96485.33212
        np.testing.assert_allclose(foil - foil[0] + bound, passed, atol=1e-8 * total[0])


@pytest.mark.parametrize(("negative", "options"), [("Li", FORMING), ("graphite", COMPOSITE)])
@spm_first
def test_compiled_equals_idaklu(model_class, negative, options, tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    monkeypatch.setenv("ASSB_CACHE_DIR", str(tmp_path))
    values = cell(negative)
    current = values["Nominal cell capacity [A.h]"]
    protocol = Protocol.from_steps(
        [(3600.0, -0.2 * current), (600.0, 0.0), (1800.0, 0.2 * current)], np.arange(20.0, 6001.0, 20.0)
    )
    names = ["Voltage [V]", "Stack pressure [MPa]", "Total lithium [mol]"]
    built = model_class(options)
    compiled = compile_model(built, values, [], names, COARSE, check=False)
    ours = compiled.evaluate(protocol, compiled.vector())
    reference = solve_with_idaklu(
        built, values, protocol, compiled.defaults, compiled.output_names, COARSE, tolerance=1e-8
    )
    difference = np.abs(ours - reference)[int(protocol.emit_initial) :].max(axis=0)
    assert difference[0] < 2e-4
    assert difference[1] < 1e-3
    assert np.ptp(ours[:, 2]) < 1e-8 * ours[0, 2]
