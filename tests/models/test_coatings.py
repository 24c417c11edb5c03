"""Thickness and electronic conductivity of a coating: what it protects from and what it costs."""

from __future__ import annotations

import numpy as np
import pytest

import assb
from assb import parameters
from assb.models import DFN, SPM, closures
from tests.models.runs import COARSE, P, slow, solve, values

ELECTRONIC = {"coating protection": "electronic"}
RATE = "X-averaged positive electrode interphase growth rate [m.s-1]"
SIGMA = P + "effective electronic conductivity [S.m-1]"
#: Thickness of electrolyte and coating [m], and whether the study found it protected (s2_kimura_results).
STUDY = [(100e-6, 10e-9, False), (50e-6, 10e-9, True), (20e-6, 10e-9, True), (100e-6, 60e-9, True)]


def growth(options, separator=100e-6, model=SPM, **changes):
    """Growth rate at rest near 4.28 V against lithium [m.s-1], with the conductivities of the study."""
    cell = parameters.build(
        negative="Li",
        separator_thickness=separator,
        initial_stoichiometry=0.27,
        overrides={
            "Solid electrolyte electronic conductivity [S.m-1]": 1e-9,
            P + "coated fraction": 1.0,
            P + "interphase oxidation onset [V]": 3.75,
            **changes,
        },
    )
    cell["Current function [A]"] = 0.0
    return solve(model(options), cell, 60, points=3, tolerances={"rtol": 1e-6, "atol": 1e-8})[RATE].data[-1]


def test_the_electrolyte_sees_less_of_the_potential_the_larger_the_ratio():
    seen = []
    for electrolyte, coating, protected in STUDY:
        ratio = closures.coating_electronic_ratio(coating, 1e-12, electrolyte, 1e-9)
        seen.append((closures.coated_interface_potential(4.3, 0.0, ratio), protected))
    # Of the four outcomes one potential limit tells the protected from the others.
    assert max(v for v, protected in seen if protected) < min(v for v, protected in seen if not protected)
    assert closures.coated_interface_potential(4.3, 0.62, 0.0) == pytest.approx(4.3)
    assert closures.coated_interface_potential(4.3, 0.62, 1e9) == pytest.approx(0.62)


def test_protection_goes_with_the_ratio_of_thicknesses_not_with_thickness():
    """K1, with its control: a complete protection knows no thickness."""
    thickness = P + "coating thickness [m]"
    found = [growth(ELECTRONIC, electrolyte, **{thickness: coating}) for electrolyte, coating, _ in STUDY]
    bare = growth(ELECTRONIC, **{P + "coated fraction": 0.0})
    for rate, (_, _, protected) in zip(found, STUDY, strict=True):
        assert (rate < 0.01 * bare) == protected
        assert rate < bare
    same = growth(ELECTRONIC, 50e-6, **{thickness: 5e-9})
    assert same == pytest.approx(found[0], rel=1e-6)  # 5 nm on 50 um are 10 nm on 100 um
    insulating = growth(
        ELECTRONIC, **{thickness: 10e-9, P + "coating electronic conductivity [S.m-1]": 1e-13}
    )
    assert insulating < 0.05 * found[0]
    assert growth({}, **{thickness: 10e-9}) < 1e-9 * bare


@slow
@pytest.mark.parametrize("model", [SPM, DFN])
def test_a_conducting_coating_protects_nothing_and_an_insulator_all(model):
    name = P + "coating electronic conductivity [S.m-1]"
    bare = growth({}, model=model, **{P + "coated fraction": 0.0})
    assert growth(ELECTRONIC, model=model, **{name: 1.0}) == pytest.approx(bare, rel=1e-6)
    half = {P + "coated fraction": 0.5}
    complete = growth({}, model=model, **half)
    assert growth(ELECTRONIC, model=model, **half, **{name: 1e-20}) == pytest.approx(complete, rel=1e-6)


def test_coated_network_loses_eight_to_nine_decades_by_thickness_and_conductivity():
    """K2: 8-9 decades at full coverage, half at 50 %; thinner or less insulating coatings cost less."""

    def left(**changes):
        cell = values(
            **{P + "active material volume fraction": 0.4, "Positive particle radius [m]": 5e-6, **changes}
        )
        cell["Current function [A]"] = 0.0
        options = {
            "electronic coating": "resistive",
            "carbon network": "parallel",
            "network pressure": "none",
        }
        return solve(SPM(options), cell, 1, points=2)[SIGMA].data[-1]

    bare_carbon = {P + "carbon volume fraction": 0.0, P + "carbon network conductivity [S.m-1]": 1e-12}
    covered = {P + "coated fraction": 1.0, **bare_carbon}
    bare = left(**bare_carbon)
    decades = np.log10(bare / left(**covered))
    assert 8 < decades < 9
    assert left(**{**bare_carbon, P + "coated fraction": 0.5}) == pytest.approx(0.5 * bare, rel=1e-6)
    thin = np.log10(bare / left(**covered, **{P + "coating thickness [m]": 1e-9}))
    assert thin == pytest.approx(decades - 1, abs=0.01)
    leaky = np.log10(bare / left(**covered, **{P + "coating electronic conductivity [S.m-1]": 1e-9}))
    assert leaky == pytest.approx(decades - 3, abs=0.01)


def test_each_population_has_its_own_coating():
    cell = parameters.build(parameters.Blend(("NCM811", "NCM811"), (60, 40), (5e-6, 1.5e-6)))
    options = {**ELECTRONIC, "electronic coating": "resistive", "positive populations": "two"}
    names = [f"{phase}: {P}coated fraction" for phase in ("Primary", "Secondary")]
    cell.update({names[0]: 1.0, names[1]: 0.0})
    points = {**COARSE, "r_p_prim": 5, "r_p_sec": 5}
    solution = assb.simulate(SPM(options), cell, "Charge at 0.2C for 5 minutes", var_pts=points)
    grown = [
        np.ptp(solution[f"X-averaged positive electrode {phase} interphase thickness [m]"].data)
        for phase in ("primary", "secondary")
    ]
    assert grown[0] < 0.5 * grown[1]
