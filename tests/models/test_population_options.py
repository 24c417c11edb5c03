"""Refinements of interface, networks and reaction distribution with two particle populations."""

from __future__ import annotations

from functools import cache

import numpy as np
import pybamm
import pytest

from assb import parameters
from assb.models import DFN, SPM, impedance
from assb.models import compile as compile_model
from assb.models.choices import Options
from assb.models.closures import constriction_factor, pore_factor
from assb.models.compiled import CompiledModel, Protocol, ReferenceModel
from assb.models.electrode_symbols import electrode_wide
from assb.models.option_table import OPTIONS
from tests.models.runs import P, Q, slow, solve
from tests.models.test_interface_options import FAST
from tests.models.test_populations import AM, BOTH, MESH, TWO, blend, run

MODES = {"reaction distribution": "nonlinear modes"}
#: Every refinement away from its default.
ALL = {
    "network obstacles": "pores, binder and carbon",
    "carbon network": "parallel",
    "electronic coating": "insulating",
    "network damage": "strain and pressure",
    "network consumption": "oxidised electrolyte",
    "space-charge capacitance": "relaxing",
    "carbon interphase": "growing",
    "interphase incubation": "time above oxidation",
    "interphase formation": "first charge",
    "contact constriction": "flux tube",
    "cracking": "intergranular",
}
#: A visible layer, an arc that takes minutes, and thin networks.
VISIBLE = {
    **FAST,
    P + "space-charge resistance [Ohm.m2]": 0.01,
    P + "space-charge capacitance [F.m-2]": 3e4,
    P + "interphase onset shift by pressure [V.GPa-1]": 0.0,
}
SLOW_IONS = {"Solid electrolyte conductivity [S.m-1]": 0.05}
#: Name -> options, parameters.
CASES = {
    **{name: ({name: value}, VISIBLE) for name, value in ALL.items()},
    "electronic coating": ({"electronic coating": "insulating"}, {P + "coated fraction": 0.9999}),
    "carbon network": (
        {"carbon network": "parallel"},
        {
            P + "carbon percolation threshold": 0.2,
            P + "active material conductivity [S.m-1]": 0.05,
        },
    ),
    "space-charge capacitance": (
        {"space-charge capacitance": "relaxing", "space charge": "constant"},
        VISIBLE,
    ),
    "network damage": (
        {"network damage": "strain and pressure"},
        {**VISIBLE, P + "electrolyte damage rate": 50.0},
    ),
    "network consumption": (
        {"network consumption": "oxidised electrolyte"},
        # Fast enough to be seen, and of little charge: it would fill the particles.
        {
            **VISIBLE,
            **SLOW_IONS,
            P + "interphase reaction velocity [m.s-1]": 1e-10,
            P + "interphase parabolic constant [m2.s-1]": 1e-17,
            P + "electrons per interphase formula": 2e-3,
        },
    ),
    "contact packing": (
        {"contact packing": "touched particles"},
        {"Solid electrolyte particle radius [m]": 6e-6},
    ),
    "reaction distribution": (MODES, SLOW_IONS),
    "all": ({**ALL, **MODES}, VISIBLE),
}


def of_both(changes):
    """Changes by name, for both populations where a parameter is one of a population."""
    return {
        prefix + name: value
        for name, value in changes.items()
        for prefix in (("",) if electrode_wide(name) else BOTH)
    }


@cache
def one(model, options, changes):
    pv = parameters.build(particle_radius=2.5e-6, overrides=dict(changes))
    pv["Current function [A]"] = -0.3 * pv[Q]
    return solve(model(dict(options)), pv, 1200)


def frozen(mapping):
    return tuple(mapping.items())


@pytest.mark.parametrize(
    ("model_class", "name"),
    # All at once every day, one by one in the long run.
    [pytest.param(kind, name, marks=() if name == "all" else slow) for kind in (SPM, DFN) for name in CASES],
)
def test_two_identical_populations_are_one(model_class, name):
    options, changes = CASES[name]
    expected = one(model_class, frozen(options), frozen(changes))
    pair = blend((2.5e-6, 2.5e-6), rate=-0.3, **of_both(changes))
    found = run(model_class({**TWO, **options}), pair, 1200)
    for variable in ("Voltage [V]", "Stack pressure [MPa]"):
        np.testing.assert_allclose(found[variable].data, expected[variable].data, rtol=0, atol=1e-6)
    released = "Lithium released by solid electrolyte [mol]"
    np.testing.assert_allclose(found[released].data, expected[released].data, rtol=1e-6, atol=1e-15)
    # The refinement is seen: without it the voltage is another, except the resolved model with modes.
    if name == "reaction distribution" and model_class is DFN:
        return
    refined = {*ALL, *MODES, "contact packing"}
    off = {key: value for key, value in options.items() if key not in refined}
    plain = one(model_class, frozen(off), frozen(changes))
    assert np.abs(plain["Voltage [V]"].data - expected["Voltage [V]"].data).max() > 1e-5


@pytest.fixture(scope="module", params=[SPM, DFN], ids=["SPM", "DFN"])
def mixed(request):
    """Two sizes, everything on, charged at 0.3 C."""
    pv = blend(rate=-0.3, **of_both({**VISIBLE, P + "electrolyte damage rate": 5.0}))
    solution = run(request.param({**TWO, **ALL, **MODES}), pv, 2400, points=241)
    assert solution.t[-1] == 2400
    return solution


def test_the_books_close_with_everything_on(mixed):
    total = mixed["Total lithium [mol]"].data
    assert np.ptp(total) < 1e-8 * total[0]
    assert mixed["Lithium released by solid electrolyte [mol]"].data[-1] > 1e-6 * total[0]
    parts = sum(mixed[name].data for name in SPM.overpotentials)
    whole = mixed["Voltage [V]"].data - mixed["Open-circuit voltage [V]"].data
    np.testing.assert_allclose(parts, whole, rtol=0, atol=1e-8)
    residual = np.abs(mixed["Positive electrode charge residual [A.m-2]"].data)
    assert residual.max() < 1e-8 * np.abs(mixed["Total current density [A.m-2]"].data).max()


def test_the_pressure_slope_is_that_of_the_solution(mixed):
    charge = -1e3 * mixed["Discharge capacity [A.h]"].data
    slope = mixed["dP/dQ [MPa.mA-1.h-1]"].data
    difference = np.gradient(mixed["Stack pressure [MPa]"].data, charge)
    # The slope leaves out the shrinkage by a contact that changes.
    np.testing.assert_allclose(slope[9:-9], difference[9:-9], rtol=0, atol=5e-3 * np.abs(slope).max())


def test_means_and_sums_lie_where_the_populations_put_them(mixed):
    def of(name, *kinds):
        return [mixed[f"X-averaged positive electrode {kind}{name}"].data for kind in kinds]

    each, kinds = ("primary ", "secondary "), ("",)
    for name in (
        "carbon interphase volume fraction",
        "carbon side-reaction current [A.m-3]",
        "consumed electrolyte volume fraction",
    ):
        first, second = of(name, *each)
        np.testing.assert_allclose(of(name, *kinds)[0], first + second, rtol=1e-9)
        assert min(first[-1], second[-1]) > 0
    for name in ("time above oxidation [s]", "carbon interphase thickness [m]"):
        first, second = of(name, *each)
        whole = of(name, *kinds)[0]
        assert (whole >= np.minimum(first, second) * (1 - 1e-9)).all()
        assert (whole <= np.maximum(first, second) * (1 + 1e-9)).all()
        assert whole[-1] > 0
    contact = of("contact fraction", *kinds)[0]
    factor = mixed["Contact constriction resistance [Ohm.m2]"].data / constriction_factor(contact)
    np.testing.assert_allclose(factor, 2e-3, rtol=1e-9)


def test_a_population_that_vanishes_takes_its_refinements_with_it(model_class):
    expected = one(model_class, frozen({**ALL, **MODES}), frozen(VISIBLE))["Voltage [V]"].data
    pair = blend((2.5e-6, 1e-6), rate=-0.3, **of_both(VISIBLE))
    whole = parameters.build(particle_radius=2.5e-6)[AM]
    pair.update({"Primary: " + AM: (1 - 1e-8) * whole, "Secondary: " + AM: 1e-8 * whole})
    found = run(model_class({**TWO, **ALL, **MODES}), pair, 1200)
    np.testing.assert_allclose(found["Voltage [V]"].data, expected, rtol=0, atol=1e-5)


# One population differs -----------------------------------------------------------------------------


def end(variable, options, rate=-0.3, duration=1200, **changes):
    """Last value for two populations of one size, 60:40."""
    solution = run(SPM({**TWO, **options}), blend((2.5e-6, 2.5e-6), rate=rate, **changes), duration, points=3)
    return solution[variable].data[-1]


def test_each_population_incubates_for_itself():
    fast = of_both({key: value for key, value in FAST.items() if "interphase" in key})
    fast["Secondary: " + P + "interphase incubation time [s]"] = 1e9
    options = {"interphase incubation": "time above oxidation"}
    pv = blend((2.5e-6, 2.5e-6), rate=-0.3, **fast)
    solution = run(SPM({**TWO, **options}), pv, 1200, points=3)
    grown = [
        np.ptp(solution[f"X-averaged positive electrode {k} interphase thickness [m]"].data)
        for k in ("primary", "secondary")
    ]
    assert grown[0] > 1e-10
    assert grown[1] < 1e-6 * grown[0]


def test_carbon_is_shared_by_volume():
    """Where only the first population oxidises, carbon around it is 60 % of all."""
    fast = of_both({key: value for key, value in FAST.items() if "interphase" in key})
    # Limited by reaction, so that the film on carbon is the same whatever the rest does.
    options = {"interphase": "reaction-limited", "carbon interphase": "growing"}
    name = "X-averaged positive electrode carbon interphase volume fraction"
    both = end(name, options, **fast)
    fast["Secondary: " + P + "interphase reaction velocity [m.s-1]"] = 0.0
    assert end(name, options, **fast) / both == pytest.approx(0.6, rel=0.02)


def test_breathing_against_each_other_cracks_the_electrolyte_all_the_same():
    """One population swells as the other shrinks: the stack feels nothing of it, the electrolyte twice."""
    damage = "Positive electrode electrolyte network damage"
    options = {"network damage": "strain and pressure", "stack pressure": "constant pressure"}
    options |= {"contact": "constant", "interphase": "none"}
    law = parameters.build()[P + "volume strain"]
    together = end(damage, options)
    against = end(damage, options, **{"Secondary: " + P + "volume strain": lambda y: -law(y)})
    alone = end(damage, options, **{"Secondary: " + P + "volume strain": lambda y: 0 * y})
    assert together > 1e-6
    assert against == pytest.approx(together, rel=1e-6)
    assert alone == pytest.approx(0.6 * together, rel=0.01)


def test_a_coating_of_one_population_counts_by_its_surface():
    sigma = "Positive electrode effective electronic conductivity [S.m-1]"
    options = {"electronic coating": "insulating", "interphase": "none"}
    bare = end(sigma, {"interphase": "none"})
    for coated, left in zip(BOTH, (0.4, 0.6), strict=True):
        found = end(sigma, options, **{coated + P + "coated fraction": 1.0})
        assert found / bare == pytest.approx(left, rel=1e-6)


def test_what_the_electrode_has_once_carries_no_prefix():
    pv = blend()
    for name in (
        "contact constriction resistance [Ohm.m2]",
        "pores per active particle",
        "electrolyte damage rate",
        "active material conductivity [S.m-1]",
    ):
        assert P + name in pv.keys()
        assert not [prefix for prefix in BOTH if prefix + P + name in pv.keys()]
    kappa = "Positive electrode effective ionic conductivity [S.m-1]"
    many = end(
        kappa, {"network obstacles": "pores, binder and carbon"}, **{P + "pores per active particle": 64.0}
    )
    once = end(kappa, {"network obstacles": "pores, binder and carbon"})
    ratio = pore_factor(0.12, 64.0, 1.0) / pore_factor(0.12, 1.0, 1.0)
    assert many / once == pytest.approx(ratio, rel=1e-3)


@slow
def test_modes_come_closer_to_the_resolved_model_of_two_sizes():
    """A poor network at C/2, as for one population: 1.2 mV against 4.1 mV of a mode that relaxes."""
    pv = blend(rate=-0.5, **{P + "ionic tortuosity factor": 150.0})
    options = {**TWO, "ionic network": "measured"}
    mesh = {"x_p": 20, "r_p_prim": 20, "r_p_sec": 20}

    def voltage(model):
        solver = pybamm.IDAKLUSolver(rtol=1e-7, atol=1e-8)
        sim = pybamm.Simulation(model, parameter_values=pv, solver=solver, var_pts=mesh)
        return sim.solve([0, 3600], t_interp=np.linspace(0, 3600, 21))["Voltage [V]"].data[1:]

    runs = [voltage(model) for model in (SPM(options), SPM(options | MODES), DFN(options))]
    shared = min(map(len, runs)) - 1
    linear, modal = (np.sqrt(np.mean((run[:shared] - runs[2][:shared]) ** 2)) for run in runs[:2])
    assert modal < 2e-3
    assert modal < 0.5 * linear


# Both back ends, impedance --------------------------------------------------------------------------


# The SPM of the nonlinear modes is the larger one to compile.
@pytest.mark.parametrize("model", [pytest.param(SPM, marks=slow), DFN])
def test_compiled_equals_idaklu(model):
    pv = blend(**of_both(VISIBLE))
    current = 0.3 * pv[Q]
    times = np.linspace(0, 3000, 31)[1:]
    protocol = Protocol.from_steps([(1800.0, -current), (1200.0, current)], times)
    names = ["Voltage [V]", "Stack pressure [MPa]", "Positive electrode electrolyte network damage"]
    mesh = dict.fromkeys(MESH, 5 if model is SPM else 3)
    incubation = "Secondary: " + P + "interphase incubation time [s]"
    arguments = (model({**TWO, **ALL, **MODES}), pv, [incubation], names)
    fast = compile_model(*arguments, var_pts=mesh)
    assert isinstance(fast, CompiledModel)
    result = fast.simulate(protocol, {incubation: 300.0}, tolerance_mV=0.01)
    expected = ReferenceModel(*arguments, var_pts=mesh).simulate(protocol, {incubation: 300.0})
    for name, tolerance in zip(names, (1e-4, 1e-3, 1e-5), strict=True):
        np.testing.assert_allclose(result[name].values, expected[name].values, rtol=0, atol=tolerance)
    assert np.ptp(expected[names[2]].values) > 1e-3


def test_impedance_has_every_arc(model_class):
    frequencies = np.geomspace(1e-3, 1e5, 9)
    options = {"surface form": "differential", **ALL, **MODES}
    start = 0.6

    def spectrum(options, pv):
        found = impedance(model_class(options), pv, frequencies, var_pts=MESH, arcs="all")
        return found["Impedance [Ohm]"].values

    alone = parameters.build(particle_radius=2.5e-6, initial_stoichiometry=start, overrides=VISIBLE)
    same = {f"{k}Initial stoichiometry in positive electrode": start for k in BOTH}
    pair = blend((2.5e-6, 2.5e-6), **of_both(VISIBLE), **same)
    np.testing.assert_allclose(spectrum({**TWO, **options}, pair), spectrum(options, alone), rtol=1e-6)


def test_no_option_is_refused_for_two_populations():
    for name, option in OPTIONS.items():
        for value in option.values:
            # Double layers, and a foil with an interphase, for what is a property of them.
            foil = name != "negative hysteresis"
            with_them = {"surface form": "differential", "negative": "foil" if foil else "composite"}
            if name == "negative interphase growth":
                with_them["negative interphase"] = "growing"
            assert Options({**with_them, **TWO, name: value})[name] == value
