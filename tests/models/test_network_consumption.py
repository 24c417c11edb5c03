"""Electrolyte that is oxidised is lost to the ionic network."""

from __future__ import annotations

import numpy as np
import pytest

from assb import parameters
from assb.fitting import NetworkConductivity
from assb.models import DFN, NO_MECHANISMS, SPM, closures
from assb.models import compile as compile_model
from assb.models.compiled import CompiledModel, Protocol, ReferenceModel
from assb.models.specimens import BlockingCell
from assb.models.submodels.network import PERCOLATION_EXPONENT, PERCOLATION_THRESHOLD
from assb.parameters import DepthProfile
from tests.models.runs import P, Q, slow, solve

CONSUMED = {"network consumption": "oxidised electrolyte"}
#: Oxidation alone, on active material and carbon, at a constant velocity.
ALONE = {**NO_MECHANISMS, "interphase": "reaction-limited", "carbon interphase": "growing", **CONSUMED}
KAPPA = P + "effective ionic conductivity [S.m-1]"
EPS = P + "solid electrolyte volume fraction"
OXIDISED = "oxidised electrolyte volume fraction"
#: The charge of so much oxidation would fill the particles.
NO_CHARGE = {P + "electrons per interphase formula": 2e-3}
FIRM = {"rtol": 1e-8, "atol": 1e-10}


def cell(velocity=2e-11, rate=0.0, **changes):
    """Cell that oxidises its electrolyte at one velocity [m.s-1] whatever the potential."""
    law = {
        P + "interphase reaction velocity [m.s-1]": velocity,
        P + "interphase parabolic constant [m2.s-1]": 1e-12,
        P + "interphase transfer coefficient": 0.0,
    }
    values = parameters.build(overrides=law | changes, initial_stoichiometry=0.6)
    values["Current function [A]"] = rate * values[Q]
    return values


def laws(values):
    """Relative conductivity as a function of the volume fraction, by the value of "ionic network"."""
    ratio = values["Positive particle radius [m]"] / values["Solid electrolyte particle radius [m]"]
    threshold = closures.percolation_threshold(ratio)
    exponent = closures.size_ratio_exponent(threshold)
    contrast = values[P + "ionic conductivity contrast"]
    measured = values[EPS] / values[P + "ionic tortuosity factor"]
    measured /= closures.size_ratio_percolation(values[EPS], ratio)
    return {
        "Bruggeman": lambda e: e ** values[P + "Bruggeman coefficient (electrolyte)"],
        "percolation": lambda e: closures.percolation(e, PERCOLATION_THRESHOLD, PERCOLATION_EXPONENT),
        "size-ratio percolation": lambda e: closures.size_ratio_percolation(e, ratio),
        "effective medium": lambda e: closures.effective_medium(e, threshold, exponent, contrast),
        "measured": lambda e: measured * closures.size_ratio_percolation(e, ratio),
    }


@pytest.mark.parametrize("model", [SPM, DFN])
@pytest.mark.parametrize("law", laws(cell()))
def test_conductivity_is_the_law_at_the_electrolyte_that_is_left(law, model):
    values = cell()
    solution = solve(model({**ALONE, "ionic network": law}), values, 3600, points=2, tolerances=FIRM)
    left = values[EPS] - solution[P + OXIDISED].entries[..., -1]
    assert np.all(left < 0.96 * values[EPS])
    expected = values["Solid electrolyte conductivity [S.m-1]"] * laws(values)[law](left)
    np.testing.assert_allclose(solution[KAPPA].entries[..., -1], expected, rtol=1e-8)


def test_pressure_and_damage_multiply_what_is_left():
    options = {**CONSUMED, "carbon interphase": "growing", "network damage": "strain and pressure"}
    values = cell(rate=-0.3, **{P + "electrolyte damage rate": 5.0})
    kappa, damage, oxidised = {}, {}, {}
    for consumption in ("none", "oxidised electrolyte"):
        run = solve(SPM({**options, "network consumption": consumption}), values, 3600, points=2)
        kappa[consumption] = run[KAPPA].data[-1]
        damage[consumption] = run[P + "electrolyte network damage"].data[-1]
        if consumption != "none":
            oxidised = run[P + OXIDISED].data[-1]
    law = laws(values)["size-ratio percolation"]
    kept = law(values[EPS] - oxidised) / law(values[EPS])
    assert kept < 0.98
    assert damage["none"] > 1e-3
    found = kappa["oxidised electrolyte"] / kappa["none"]
    assert found == pytest.approx(kept, rel=1e-4)


@pytest.mark.parametrize("model", [SPM, DFN])
def test_oxidised_volume_follows_the_lithium_released_even_where_contact_is_lost(model):
    """Faraday's law, with contact damage; the film on the contact that is left would say less."""
    options = {**CONSUMED, "carbon interphase": "growing"}
    values = cell(1e-11, rate=-0.4, **{P + "contact damage rate": 2000.0})
    solution = solve(model(options), values, 3600, points=2, tolerances=FIRM)
    released = solution["Lithium released by solid electrolyte [mol]"].data[-1]
    volume = values["Electrode area [m2]"] * values[P + "thickness [m]"]
    product = released * values[P + "interphase molar volume [m3.mol-1]"]
    product /= values[P + "electrons per interphase formula"]
    expected = product / volume * (1 + values["Volume lost per volume of interphase"])
    found = solution["X-averaged positive electrode " + OXIDISED].data[-1]
    assert found == pytest.approx(expected, rel=1e-6)
    on_contact = solution["X-averaged positive electrode consumed electrolyte volume fraction"].data[-1]
    assert on_contact < 0.95 * found


def test_healing_gives_electrolyte_back_to_the_network():
    options = {**ALONE, "interphase healing": "below cut-off"}
    changes = {
        P + "interphase healing potential [V]": 4.6,
        P + "interphase healing rate [V-1.s-1]": 1.0,
        P + "carbon specific surface [m-1]": 0.0,
    }
    values = cell(**changes, **{P + "reversible interphase share": 1.0})
    heals, stays = (
        solve(SPM({**options, "interphase healing": healing}), values, 3600, points=2)
        for healing in ("below cut-off", "none")
    )
    assert heals[P + OXIDISED].data[-1] < 0.05 * stays[P + OXIDISED].data[-1]
    assert heals[KAPPA].data[-1] > stays[KAPPA].data[-1]


def test_off_there_is_nothing_of_it_and_without_growth_nothing_happens():
    off = SPM({"network consumption": "none"})
    assert P + OXIDISED not in off.variables
    assert len(off.rhs) == len(SPM().rhs)
    for idle in ("constant", "none"):
        assert SPM({**CONSUMED, "interphase": idle}).options["network consumption"] == "none"
    values = cell(0.0, rate=-0.3)
    for model in (SPM, DFN):
        on, plain = (solve(model(o), values, 1200, points=3, tolerances=FIRM) for o in (CONSUMED, {}))
        np.testing.assert_allclose(on["Voltage [V]"].data, plain["Voltage [V]"].data, rtol=0, atol=1e-7)
        assert (on[P + OXIDISED].entries == 0).all()
        # The fresh network is rounded as the oxidised one.
        np.testing.assert_allclose(on[KAPPA].entries[..., 0], plain[KAPPA].data[0], rtol=1e-14)


def test_more_than_all_oxidised_stays_finite_and_smooth():
    values = cell()
    oxidised = values[EPS] * np.linspace(0, 1.5, 301)
    for name, law in laws(values).items():
        kept = law(closures.electrolyte_left(values[EPS], oxidised))
        assert np.isfinite(kept).all(), name
        assert (kept > 0).all(), name
        assert (np.diff(kept) <= 0).all(), name
    # The limit without rounding.
    np.testing.assert_allclose(closures.electrolyte_left(0.4, 0.1), 0.3, rtol=1e-12)


def test_a_network_that_is_oxidised_away_stops_the_cell():
    """Down to the threshold of percolation and below, at a current: the voltage leaves, the solver does not."""
    options = {**ALONE, "ionic network": "percolation"}
    for model in (SPM, DFN):
        values = cell(4e-10, rate=-0.2, **NO_CHARGE, **{"Upper voltage cut-off [V]": 4.5})
        solution = solve(model(options), values, 7200, points=3, tolerances={})
        assert solution.termination == "event: Maximum voltage [V]"
        assert np.all(values[EPS] - solution[P + OXIDISED].entries[..., -1] < 0.26)


def test_all_oxidised_without_current_goes_on():
    for model in (SPM, DFN):
        values = cell(4e-10, **NO_CHARGE)
        solution = solve(
            model({**ALONE, "ionic network": "Bruggeman"}), values, 7200, points=3, tolerances={}
        )
        assert solution.t[-1] == 7200
        assert np.all(solution[P + OXIDISED].entries[..., -1] > values[EPS])
        assert np.isfinite(solution["Voltage [V]"].data).all()
        assert np.all(solution[KAPPA].entries > 0)


def test_averaged_and_resolved_models_agree_at_low_current():
    """At C/50 both lose the same share of their conductivity, and the drop is the same."""
    values = cell(rate=-0.02, **NO_CHARGE)
    options = {**ALONE, "ionic network": "size-ratio percolation"}
    averaged, resolved = (solve(model(options), values, 3600, points=7) for model in (SPM, DFN))
    for name, tolerance in (("X-averaged positive electrode " + OXIDISED, 1e-5), ("Voltage [V]", 1e-4)):
        np.testing.assert_allclose(averaged[name].data, resolved[name].data, rtol=0, atol=tolerance)
    kappa = averaged[KAPPA].data
    np.testing.assert_allclose(resolved[KAPPA].entries.mean(axis=0), kappa, rtol=1e-4)
    assert kappa[-1] < 0.5 * kappa[0]


@pytest.mark.parametrize("model", [SPM, pytest.param(DFN, marks=slow)])
def test_compiled_equals_idaklu(model):
    values = cell(4e-11)
    current = 0.2 * values[Q]
    times = np.linspace(0, 3000, 11)[1:]
    protocol = Protocol.from_steps([(1800.0, -current), (1200.0, current)], times)
    free = "Volume lost per volume of interphase"
    names = ["Voltage [V]", "X-averaged positive electrode " + OXIDISED]
    arguments = (model({**CONSUMED, "carbon interphase": "growing"}), values, [free], names)
    fast = compile_model(*arguments, var_pts={"x_p": 4, "r_p": 5})
    assert isinstance(fast, CompiledModel)
    result = fast.simulate(protocol, {free: 0.2}, tolerance_mV=0.01)
    expected = ReferenceModel(*arguments, var_pts={"x_p": 4, "r_p": 5}).simulate(protocol, {free: 0.2})
    for name, tolerance in zip(names, (1e-4, 1e-6), strict=True):
        np.testing.assert_allclose(result[name].values, expected[name].values, rtol=0, atol=tolerance)
    assert expected[names[1]].values[-1] > 0.01


@pytest.mark.parametrize("modes", ["relaxing mode", "nonlinear modes"])
def test_the_drop_grows_with_what_is_consumed(modes):
    """Ionic drop of a uniform reaction, i L/(3 kappa), at the conductivity that is left."""
    values = cell(rate=-0.2)
    solution = solve(SPM({**ALONE, "reaction distribution": modes}), values, 3600, points=7)
    current = solution["Separator ionic current density [A.m-2]"].data
    uniform = -current * values[P + "thickness [m]"] / (3 * solution[KAPPA].data)
    found = solution[P + "ionic network overpotential [V]"].data
    np.testing.assert_allclose(found, uniform, rtol=1e-6)
    assert found[-1] > 1.03 * found[0]


def test_graded_electrodes_lose_by_their_own_composition():
    values = cell()
    mean = values[EPS]
    graded = values.copy()
    graded[EPS] = DepthProfile(1.2 * mean, 0.8 * mean)
    solution = solve(DFN({**ALONE, "composition": "graded"}), graded, 3600, points=2, tolerances=FIRM)
    depth = (np.arange(8) + 0.5) / 8
    left = graded[EPS](depth) - solution[P + OXIDISED].entries[:, -1]
    expected = values["Solid electrolyte conductivity [S.m-1]"] * laws(values)["Bruggeman"](left)
    np.testing.assert_allclose(solution[KAPPA].entries[:, -1], expected, rtol=1e-7)


def test_a_specimen_is_fresh_whatever_its_options():
    values = cell()
    fresh = BlockingCell(values, "electron-blocking").conductivity
    assert BlockingCell(values, "electron-blocking", options=CONSUMED).conductivity == pytest.approx(fresh)
    name = "Solid electrolyte conductivity [S.m-1]"
    table = NetworkConductivity(values, "ionic", options=CONSUMED)({name: np.array([[values[name]]])})
    assert np.squeeze(table) == pytest.approx(fresh)


# Contact --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model_class", [SPM, DFN])
@pytest.mark.parametrize("carbon", ["none", "growing"])
def test_electrolyte_lost_on_carbon_opens_contacts_as_well(model_class, carbon):
    """The gap is what oxide and carbon have taken, over the electrolyte; at constant pressure and filling."""
    options = {**ALONE, "carbon interphase": carbon, "contact": "pressure", "network consumption": "none"}
    values = cell(
        velocity=2e-12,
        **NO_CHARGE,
        **{P + "contact pressure memory": 0.0, P + "gap contact stiffness [GPa]": 1.0},
    )
    found = solve(model_class(options), values, 3600, points=3, tolerances=FIRM)
    mean = "X-averaged positive electrode "
    thickness = found[mean + "interphase thickness [m]"].data
    area = 3 * values[P + "active material volume fraction"] / values["Positive particle radius [m]"]
    taken = thickness * area
    if carbon == "growing":
        on_carbon = found[mean + "carbon interphase volume fraction"].data
        assert on_carbon[-1] > 0.05 * taken[-1]
        taken = taken + on_carbon
    gap = values["Volume lost per volume of interphase"] * taken / values[EPS]
    strain = values[P + "volume strain"]
    shrinkage = float(strain(1.0) - strain(0.6))
    at_contact = closures.contact_pressure(
        1e6 * values["Stack pressure [MPa]"],
        1.0,
        1e6 * values[P + "residual contact pressure [MPa]"],
        shrinkage,
        1e9 * values[P + "local contact stiffness [GPa]"],
        gap,
        1e9 * values[P + "gap contact stiffness [GPa]"],
    )
    response = closures.pressure_response(at_contact, 1e9 * values[P + "contact closing pressure [GPa]"])
    contact = found[mean + "contact fraction"].data
    np.testing.assert_allclose(contact / contact[0], response / response[0], rtol=2e-3)
    assert contact[-1] < 0.99 * contact[0]
