"""Recipes to volume fractions, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assb.parameters import VolumeFractions, volume_fractions

DENSITIES = {"active material": 4.78, "solid electrolyte": 1.87, "carbon": 2.0, "binder": 1.2}
masses = st.floats(0.01, 100)


def test_fractions_by_hand():
    """70:27:3 with 12 % pores: volumes 14.644, 14.439, 1.5 cm3 in 100 g."""
    found = volume_fractions({"active material": 70, "solid electrolyte": 27, "carbon": 3}, DENSITIES, 0.12)
    volumes = 70 / 4.78, 27 / 1.87, 3 / 2.0
    total = sum(volumes)
    assert found.active_material == pytest.approx(0.88 * volumes[0] / total, rel=1e-14)
    assert found.solid_electrolyte == pytest.approx(0.88 * volumes[1] / total, rel=1e-14)
    assert found.carbon == pytest.approx(0.88 * volumes[2] / total, rel=1e-14)
    assert found.binder == 0
    assert found.void == 0.12
    assert found.active_material == pytest.approx(0.4214, abs=1e-4)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(masses, masses, st.floats(0, 20), st.floats(0, 20), st.floats(0, 0.44), st.floats(0.1, 10))
def test_fractions_sum_to_one_on_any_scale(active, electrolyte, carbon, binder, void, scale):
    recipe = {"active material": active, "solid electrolyte": electrolyte, "carbon": carbon, "binder": binder}
    found = volume_fractions(recipe, DENSITIES, void)
    assert sum(found.as_dict().values()) == pytest.approx(1, abs=1e-12)
    assert all(0 <= share <= 1 for share in found.as_dict().values())
    scaled = volume_fractions({phase: scale * mass for phase, mass in recipe.items()}, DENSITIES, void)
    assert scaled.active_material == pytest.approx(found.active_material, rel=1e-12)
    # Masses come back.
    weights = {phase: found.as_dict()[phase] * DENSITIES[phase] for phase in DENSITIES}
    assert weights["active material"] / weights["solid electrolyte"] == pytest.approx(active / electrolyte)


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        ((0.5, 0.3, 0.02, 0.0, 0.1), r"sum to 0\.92, not 1 .*active material 0\.5.*Give the void fraction"),
        ((0.6, 0.4, 0.0, 0.0, 0.4), "liquid-electrolyte set.*solid electrolyte is a phase of its own"),
        ((0.6, 0.35, 0.05, 0.0, 0.1), "liquid-electrolyte set"),
        ((0.3, 0.2, 0.0, 0.0, 0.5), "void fraction = 0.5 is above 0.45.*porosity"),
        ((1.1, -0.1, 0.0, 0.0, 0.0), "active material volume fraction = 1.1.*between 0 and 1"),
        ((0.9, 0.0, 0.0, 0.0, 0.1), "needs both phases"),
    ],
)
def test_impossible_fractions_are_refused(shares, message):
    with pytest.raises(ValueError, match=message):
        VolumeFractions(*shares)


@pytest.mark.parametrize(
    ("recipe", "densities", "void", "message"),
    [
        (
            {"active material": 70, "graphite": 30},
            DENSITIES,
            0.1,
            "'graphite' is not known: phases are active",
        ),
        ({"active material": 70, "solid electrolyte": 30}, DENSITIES, 1.0, r"void fraction = 1.0.*\[0, 1\)"),
        ({"active material": 70, "solid electrolyte": 30}, DENSITIES, -0.1, "void fraction = -0.1"),
        (
            {"active material": -70, "solid electrolyte": 30},
            DENSITIES,
            0.1,
            "active material = -70.*negative",
        ),
        (
            {"active material": 70, "solid electrolyte": 30},
            {"active material": 4.7},
            0.1,
            "density of solid elec",
        ),
        (
            {"active material": 70, "solid electrolyte": 30},
            {**DENSITIES, "active material": 0},
            0.1,
            "positive dens",
        ),
        ({"active material": 0, "solid electrolyte": 0}, DENSITIES, 0.1, "all zero"),
    ],
)
def test_impossible_recipes_are_refused(recipe, densities, void, message):
    with pytest.raises(ValueError, match=message):
        volume_fractions(recipe, densities, void)
