"""Options of interface, networks and stack pressure: limits, trends, books, and both solvers."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from assb import parameters
from assb.models import DFN, SPM, impedance
from assb.models.compiled import Protocol, compile_model
from assb.models.compiled.check import solve_with_idaklu
from tests.models.runs import slow, solve, values, voltage

P = "Positive electrode "
#: Every new option away from its default.
EVERYTHING = {
    "ionic network": "effective medium",
    "electronic network": "effective medium",
    "network obstacles": "pores, binder and carbon",
    "carbon network": "parallel",
    "electronic coating": "insulating",
    "network damage": "strain and pressure",
    "network consumption": "oxidised electrolyte",
    "space-charge capacitance": "relaxing",
    "carbon interphase": "growing",
    "interphase incubation": "time above oxidation",
    "interphase formation": "first charge",
    "pressure drift": "logarithmic",
}
#: Ageing that shows within the hour.
FAST = {
    P + "coated fraction": 0.5,
    P + "interphase reaction velocity [m.s-1]": 1e-11,
    P + "interphase parabolic constant [m2.s-1]": 1e-19,
    P + "interphase incubation time [s]": 600.0,
    P + "electrolyte damage rate": 5.0,
}
#: Name -> options that stay, options to switch on, visible parameters, parameters at the limit.
LIMITS = {
    "carbon interphase": (
        {},
        {"carbon interphase": "growing"},
        {},
        {P + "carbon specific surface [m-1]": 0.0},
    ),
    "incubation": (
        {},
        {"interphase incubation": "time above oxidation"},
        {},
        {P + "interphase incubation time [s]": 1e-3},
    ),
    "incubated from the start": (
        {},
        {"interphase incubation": "time above oxidation"},
        {},
        {P + "initial time above oxidation [s]": 6000.0},
    ),
    "formation": (
        {},
        {"interphase formation": "first charge"},
        {},
        {P + "interphase formation thickness [m]": 0.0},
    ),
    "formed before": (
        {},
        {"interphase formation": "first charge"},
        {},
        {P + "initial time above oxidation [s]": 1e6},
    ),
    "Poisson-Boltzmann": (
        {"space charge": "none"},
        {"space charge": "Poisson-Boltzmann"},
        {P + "diffuse share of weak drop": 0.25},
        {P + "diffuse share of weak drop": 1e-6},
    ),
    "space-charge capacitance": (
        {"space charge": "constant"},
        {"space-charge capacitance": "relaxing"},
        {P + "space-charge resistance [Ohm.m2]": 0.01, P + "space-charge capacitance [F.m-2]": 1e4},
        {P + "space-charge resistance [Ohm.m2]": 0.01, P + "space-charge capacitance [F.m-2]": 1e-4},
    ),
    "obstacles": (
        {},
        {"network obstacles": "pores, binder and carbon"},
        {},
        {P + "ionic pore coefficient": 0.0, P + "ionic carbon coefficient": 0.0},
    ),
    "electronic coating": (
        {},
        {"electronic coating": "insulating"},
        {P + "coated fraction": 0.999},
        {P + "coated fraction": 0.0},
    ),
    "network damage": (
        {},
        {"network damage": "strain and pressure"},
        {P + "electrolyte damage rate": 500.0},
        {P + "electrolyte damage rate": 0.0},
    ),
    "drift": (
        {},
        {"pressure drift": "logarithmic"},
        {"Pressure drift share": 0.1},
        {"Pressure drift share": 0.0},
    ),
}


#: What a model without the options of LIMITS reads as well.
SHARED = (P + "coated fraction", P + "space-charge resistance [Ohm.m2]")


@cache
def limit_voltage(options, changes):
    pv = values(rate=-0.3, **{**FAST, P + "coated fraction": 0.0, **dict(changes)})
    return voltage(SPM(dict(options)), pv, 1200.0, points=7)


@pytest.mark.parametrize("name", LIMITS)
def test_option_fades_into_the_model_without_it(name):
    kept, switched, visible, limit = LIMITS[name]

    def difference(changes):
        on = limit_voltage(tuple({**kept, **switched}.items()), tuple(changes.items()))
        shared = tuple((key, value) for key, value in changes.items() if key in SHARED)
        off = limit_voltage(tuple(kept.items()), shared)
        return np.abs(on - off)[1:].max()

    assert difference(visible) > 1e-5
    assert difference(limit) < 2e-7


@pytest.mark.parametrize("model", [SPM, DFN])
def test_everything_at_once_keeps_the_books(model):
    solution = solve(model(EVERYTHING), values(rate=-0.3, **FAST), 3600, points=13, tolerances={})
    total = solution["Total lithium [mol]"].data
    assert np.ptp(total) < 1e-9 * total[0]
    assert solution["Lithium released by solid electrolyte [mol]"].data[-1] > 1e-6 * total[0]
    model = solution.all_models[0]
    parts = sum(solution[name].data for name in model.overpotentials)
    whole = solution["Voltage [V]"].data - solution["Open-circuit voltage [V]"].data
    np.testing.assert_allclose(parts, whole, atol=1e-9)
    pressure = solution["Stack pressure [MPa]"].data
    shares = [name for name in model.variables if name.startswith("Pressure contribution")]
    assert len(shares) == 5
    np.testing.assert_allclose(
        pressure[0] + sum(solution[name].data for name in shares), pressure, atol=1e-6 * pressure[0]
    )


@pytest.mark.parametrize(
    ("model", "points"), [(SPM, None), pytest.param(DFN, {"x_p": 5, "r_p": 6}, marks=slow)]
)
def test_compiled_equals_idaklu_with_everything_on(model, points, tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    monkeypatch.setenv("ASSB_CACHE_DIR", str(tmp_path))
    pv = values(**FAST)
    current = 0.3 * pv["Nominal cell capacity [A.h]"]
    protocol = Protocol.from_steps(
        [(1800.0, -current), (600.0, 0.0), (1800.0, current)], np.arange(60.0, 4201.0, 60.0)
    )
    names = ("Voltage [V]", "Stack pressure [MPa]", "dP/dQ [MPa.mA-1.h-1]")
    whole = model(EVERYTHING)
    fast = compile_model(whole, pv, [], names, var_pts=points, check=False, fallback=False)
    ours = fast.evaluate(protocol, fast.vector())
    reference = solve_with_idaklu(whole, pv, protocol, fast.defaults, fast.output_names, points)
    assert np.abs(ours - reference)[:, 0].max() < 5e-5
    assert np.abs(ours - reference)[:, 1].max() < 1e-6
    np.testing.assert_allclose(ours[:, 2], reference[:, 2], rtol=1e-4, atol=1e-8)


def test_capacitance_of_the_layer_delays_its_overpotential():
    """j is uniform and constant in the single-particle model: a first-order rise with r c = 2 s."""
    changes = {P + "space-charge resistance [Ohm.m2]": 0.01, P + "space-charge capacitance [F.m-2]": 200.0}
    pv = values(rate=-0.3, **changes, **{P + "contact damage rate": 0.0})
    options = {"space charge": "constant", "stack pressure": "constant pressure", "interphase": "constant"}
    found = {}
    for law in ("none", "relaxing"):
        solution = solve(SPM({**options, "space-charge capacitance": law}), pv, 20, points=11)
        found[law] = solution["Space-charge overpotential [V]"].data
    time = np.linspace(0, 20, 11)
    np.testing.assert_allclose(
        found["relaxing"], found["none"] * (1 - np.exp(-time / 2)), rtol=2e-3, atol=1e-9
    )


def test_impedance_of_the_layer_lies_between_none_and_its_resistance():
    """A large capacitance shorts the layer, a small one leaves its resistance, one between makes an arc."""
    frequencies = np.geomspace(1, 1e4, 9)

    def spectrum(capacitance=None, law="constant"):
        charging = "none" if capacitance is None else "relaxing"
        options = {"surface form": "differential", "space charge": law, "space-charge capacitance": charging}
        pv = values(**{P + "space-charge resistance [Ohm.m2]": 0.02})
        pv[P + "space-charge capacitance [F.m-2]"] = capacitance or 1.0
        return impedance(SPM(options), pv, frequencies)["Impedance [Ohm]"].values.ravel()

    resistance, shorted = spectrum(), spectrum(law="none")
    np.testing.assert_allclose(spectrum(1e-9), resistance, rtol=1e-4)
    np.testing.assert_allclose(spectrum(1e5), shorted, rtol=1e-4)
    between = np.abs(spectrum(1.0))
    assert (np.abs(shorted[:3]) < between[:3]).all()
    assert (between[:3] < np.abs(resistance[:3])).all()
    assert np.abs(between - np.abs(resistance)).max() > 0.01 * np.abs(resistance).max()


def final(variable, options=None, duration=3600, **changes):
    solution = solve(SPM(options or {}), values(rate=-0.3, **changes), duration, points=5, tolerances={})
    return solution[variable].data


THICKNESS = "X-averaged positive electrode interphase thickness [m]"
RELEASED = "Lithium released by solid electrolyte [mol]"


def test_a_coating_costs_at_first_and_protects_later():
    aged = {name: value for name, value in FAST.items() if "interphase" in name}
    film = "X-averaged positive electrode film resistance [Ohm.m2]"
    bare = final(film, **aged, **{P + "coated fraction": 0.0})
    coated = final(film, **aged, **{P + "coated fraction": 0.9})
    assert coated[0] > bare[0]
    assert coated[-1] - coated[0] < 0.3 * (bare[-1] - bare[0])


def test_electrolyte_and_carbon_set_how_much_is_oxidised():
    fast = {name: value for name, value in FAST.items() if "interphase" in name}
    # Limited by reaction, and so proportional to its rate.
    fast[P + "interphase parabolic constant [m2.s-1]"] = 1e-16
    grown = []
    for factor in (1, 4):
        changes = {"Solid electrolyte electronic conductivity [S.m-1]": 6.3e-7 * factor}
        thickness = final(THICKNESS, duration=300, **fast, **changes)
        grown.append(thickness[-1] - thickness[0])
    assert grown[1] / grown[0] == pytest.approx(2, rel=0.01)
    growing = {"carbon interphase": "growing"}
    released = [
        final(RELEASED, growing, 300, **fast, **{P + "carbon volume fraction": share})[-1]
        for share in (0.0, 0.01, 0.03)
    ]
    without = final(RELEASED, duration=300, **fast)[-1]
    assert released[0] == pytest.approx(without, rel=1e-6)
    assert released[0] < released[1] < released[2]


def test_pressing_again_restores_reversible_contact_only():
    """An aged cell: more pressure closes gaps but keeps the damage."""
    theta, damage = (
        "X-averaged positive electrode contact fraction",
        "X-averaged positive electrode contact damage",
    )
    contact = {}
    for pressure in (20.0, 200.0):
        for initial in (0.0, 0.3):
            pv = values(**{"Stack pressure [MPa]": pressure, P + "initial contact damage": initial})
            aged = solve(SPM(), pv, 1, points=2, tolerances={})
            contact[pressure, initial] = aged[theta].data[0]
            assert aged[damage].data[0] == pytest.approx(initial)
    assert contact[200.0, 0.3] > 1.2 * contact[20.0, 0.3]
    for pressure in (20.0, 200.0):
        assert contact[pressure, 0.3] / contact[pressure, 0.0] == pytest.approx(0.7, rel=1e-6)


def test_a_ductile_electrolyte_keeps_more_contact():
    damage = "X-averaged positive electrode contact damage"
    lost = [
        final(damage, **{"Solid electrolyte ductility": d, P + "contact damage rate": 5.0})[-1]
        for d in (0.5, 1.0, 2.0)
    ]
    assert lost[0] > lost[1] > lost[2] > 0


@pytest.mark.parametrize("cell", ["NCM811_LPSCl_InLi", "Oh2026_LTO"])
def test_slope_of_the_pressure_is_that_of_the_solution(cell):
    options = {"pressure drift": "logarithmic", "carbon interphase": "growing"}
    if cell == "Oh2026_LTO":
        options["negative"] = "composite"
    solution = solve(SPM(options), values(cell, rate=-0.3), 1200, points=401)
    charge = -1e3 * solution["Discharge capacity [A.h]"].data
    slope = solution["dP/dQ [MPa.mA-1.h-1]"].data
    difference = np.gradient(solution["Stack pressure [MPa]"].data, charge)
    np.testing.assert_allclose(slope[5:-5], difference[5:-5], rtol=1e-4, atol=1e-4 * np.abs(slope).max())


def test_slope_is_zero_at_rest_and_at_constant_pressure():
    rest = solve(SPM({"pressure drift": "logarithmic"}), values(rate=0.0), 600, points=3)
    assert np.abs(rest["dP/dQ [MPa.mA-1.h-1]"].data).max() < 1e-9
    drop = rest["Pressure contribution: drift [MPa]"].data
    np.testing.assert_allclose(drop, -0.005 * 50 * np.log(1 + np.array([0, 300, 600]) / 3600), atol=1e-7)
    fixed = solve(SPM({"stack pressure": "constant pressure"}), values(rate=-0.3), 60, points=3)
    assert (fixed["dP/dQ [MPa.mA-1.h-1]"].data == 0).all()


@pytest.mark.parametrize(
    ("off", "refinement"),
    [
        ({"interphase": "none"}, {"carbon interphase": "growing"}),
        ({"interphase": "constant"}, {"interphase formation": "first charge"}),
        ({"interphase": "none"}, {"interphase incubation": "time above oxidation"}),
        ({"space charge": "none"}, {"space-charge capacitance": "relaxing"}),
        ({"stack pressure": "constant pressure"}, {"pressure drift": "logarithmic"}),
    ],
)
def test_a_refinement_of_what_is_off_is_off(off, refinement):
    refined, plain = SPM({**off, **refinement}), SPM(off)
    assert dict(refined.options) == dict(plain.options)
    assert {state.name for state in refined.rhs} == {state.name for state in plain.rhs}


def test_fabrication_pressure_gives_the_pores_unless_they_are_given():
    key = P + "void fraction"
    assert parameters.build()[key] == 0.12
    pores = [parameters.build(fabrication_pressure_MPa=p)[key] for p in (100, 200, 380, 2000)]
    assert pores == sorted(pores, reverse=True)
    assert pores[2] - pores[3] < 0.1 * (pores[0] - pores[3])
    assert parameters.build(void_fraction=0.2, fabrication_pressure_MPa=300)[key] == 0.2
    with pytest.raises(ValueError, match=r"fabrication_pressure_MPa = -1.*in MPa"):
        parameters.build(fabrication_pressure_MPa=-1)
