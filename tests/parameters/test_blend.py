"""Blends of two active materials: recipe, prefixes, equal potentials, refusals."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

from assb import parameters
from assb.models import SPM
from assb.parameters import Blend, matching_stoichiometry

AM = "Positive electrode active material volume fraction"
RADIUS = "Positive particle radius [m]"
INITIAL = "Initial stoichiometry in positive electrode"
TWO = {"positive populations": "two"}


def test_a_blend_of_one_material_has_the_composition_of_the_material():
    alone = parameters.build()
    pair = parameters.build(Blend(("NCM811", "NCM811"), (55, 45), (5e-6, 2e-6)))
    for name in ("Nominal cell capacity [A.h]", "Positive electrode solid electrolyte volume fraction"):
        assert pair[name] == pytest.approx(alone[name], rel=1e-12)
    assert pair[f"Primary: {AM}"] == pytest.approx(0.55 * alone[AM], rel=1e-12)
    assert pair[f"Secondary: {AM}"] == pytest.approx(0.45 * alone[AM], rel=1e-12)
    assert (pair[f"Primary: {RADIUS}"], pair[f"Secondary: {RADIUS}"]) == (5e-6, 2e-6)
    # Nothing without a prefix is left that would change nothing.
    assert AM not in pair.keys()
    assert RADIUS not in pair.keys()


@pytest.mark.parametrize("negative", ["InLi", "LTO"])
def test_a_blend_runs(negative):
    pv = parameters.build(Blend(("NCWA88", "NCM82"), (7, 3), (5e-6, 2e-6)), negative=negative)
    composite = {"negative": "composite"} if negative == "LTO" else {}
    sim = pybamm.Simulation(SPM({**TWO, **composite}), parameter_values=pv)
    assert np.isfinite(sim.solve([0, 60])["Voltage [V]"].data).all()


def test_the_published_blend_as_two_populations():
    pv = parameters.get("Oh2026_LTO", blend=0.8, populations="two")
    one = parameters.get("Oh2026_LTO", blend=0.8)
    assert pv[f"Primary: {AM}"] + pv[f"Secondary: {AM}"] == pytest.approx(one[AM], rel=1e-12)
    solutions = [
        pybamm.Simulation(SPM({"negative": "composite", **options}), parameter_values=values).solve([0, 600])
        for options, values in (({}, one), (TWO, pv))
    ]
    capacities = [solution["Capacity [A.h]"].data[0] for solution in solutions]
    # The one population has the molar mass of NCWA; that of NCM82 is 0.7 % smaller.
    assert capacities[1] == pytest.approx(capacities[0], rel=0.005)
    with pytest.raises(ValueError, match="one material only"):
        parameters.get("Oh2026_LTO", blend=1.0, populations="two")
    with pytest.raises(ValueError, match="populations = 'three'"):
        parameters.get("Oh2026_LTO", populations="three")


def higher(y):
    return 5.0 - y


def test_matching_stoichiometry():
    pv = parameters.build(Blend(("NCM811", "NCM811"), (1, 1), (5e-6, 2e-6)))
    assert matching_stoichiometry(pv, 0.7) == 0.7
    pv["Primary: Positive electrode OCP [V]"] = lambda y: 4.5 - y
    pv["Secondary: Positive electrode OCP [V]"] = higher
    assert matching_stoichiometry(pv, 0.3) == pytest.approx(0.8, abs=1e-12)
    with pytest.raises(ValueError, match="no stoichiometry"):
        matching_stoichiometry(pv, 0.8)


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ((("NCM811", "NCM811"), (1, 0), (5e-6, 2e-6)), "mass_shares"),
        ((("NCM811", "NCM811"), (1, 1), (5e-6, -2e-6)), "radii"),
        ((("NCM811",), (1, 1), (5e-6, 2e-6)), "materials"),
    ],
)
def test_impossible_blends_are_refused(arguments, match):
    with pytest.raises(ValueError, match=match):
        Blend(*arguments)


def test_the_check_sees_both_populations():
    pv = parameters.build(Blend(("NCM811", "NCM811"), (1, 1), (5e-6, 2e-6)))
    for name, value, match in (
        (f"Secondary: {RADIUS}", -1e-6, "must be positive"),
        (f"Primary: {INITIAL}", 1.2, "between 0 and 1"),
        (f"Primary: {AM}", 0.4, "sum to"),
    ):
        wrong = pv.copy()
        wrong[name] = value
        with pytest.raises(ValueError, match=match):
            parameters.check(wrong)
