"""Separators of layers, and composites with another electrolyte than the separator."""

from __future__ import annotations

import numpy as np
import pytest

import assb
from assb import parameters
from assb.models import SPM
from assb.models.specimens import SymmetricCell
from assb.models.symbols import Symbols
from assb.parameters import Blend, SeparatorLayer
from assb.parameters.materials import ELECTROLYTE

KAPPA = "Solid electrolyte conductivity [S.m-1]"
ENERGY = "Solid electrolyte conductivity activation energy [J.mol-1]"
MODULUS = "Separator confined modulus [GPa]"
SANDWICH = [
    SeparatorLayer("Li6PS5Cl", 100e-6),
    SeparatorLayer("Li10GeP2S12", 300e-6),
    SeparatorLayer("Li6PS5Cl", 100e-6),
]


def resistance(values):
    """Area resistance of the separator [Ohm.m2]."""
    return float(values.evaluate(Symbols().separator_resistance))


def layer(name, thickness, temperature=298.15, relative=0.9):
    material = ELECTROLYTE[name]
    factor = np.exp(-material[ENERGY].value / 8.314462618 * (1 / temperature - 1 / 298.15))
    return thickness / (relative * material[KAPPA].value * factor)


def test_one_layer_of_the_same_electrolyte_is_the_plain_separator():
    plain = parameters.build(temperature=310.0)
    for separator in ("Li6PS5Cl", [SeparatorLayer("Li6PS5Cl", 250e-6), SeparatorLayer("Li6PS5Cl", 350e-6)]):
        layered = parameters.build(separator=separator, temperature=310.0)
        assert resistance(layered) == pytest.approx(resistance(plain), rel=1e-12)
        for name in (MODULUS, "Separator thickness [m]"):
            assert layered[name] == pytest.approx(plain[name], rel=1e-12)


@pytest.mark.parametrize("temperature", [263.15, 298.15, 333.15])
def test_layers_add_up_each_with_its_activation_energy(temperature):
    cell = parameters.build(
        electrolyte="Li3InCl6",
        separator=SANDWICH,
        separator_interface_resistance=2e-4,
        temperature=temperature,
    )
    expected = (
        2 * layer("Li6PS5Cl", 100e-6, temperature) + layer("Li10GeP2S12", 300e-6, temperature) + 2 * 2e-4
    )
    assert resistance(cell) == pytest.approx(expected, rel=1e-12)
    modulus = 500 / (
        200 / ELECTROLYTE["Li6PS5Cl"][MODULUS].value + 300 / ELECTROLYTE["Li10GeP2S12"][MODULUS].value
    )
    assert cell[MODULUS] == pytest.approx(modulus)
    # The electrolyte of the composite is another one, whose conductivity does not reach the separator.
    cell[KAPPA] = 10 * cell[KAPPA]
    assert resistance(cell) == pytest.approx(expected, rel=1e-12)
    assert SymmetricCell(cell).electrolyte_layer(500e-6) == pytest.approx(expected, rel=1e-12)


def test_the_voltage_sees_the_layers_and_their_values_may_be_inputs():
    cell = parameters.build(electrolyte="Li3InCl6", separator=SANDWICH, initial_stoichiometry=0.6)
    name = "Separator layer 2 conductivity [S.m-1]"
    cell[name] = "[input]"
    drops = []
    for kappa in (1.2, 0.1):
        solution = assb.simulate(SPM(), cell, "Discharge at C/5 for 1 minute", inputs={name: kappa})
        drops.append(solution["Separator overpotential [V]"].data[-1])
        current = solution["Total current density [A.m-2]"].data[-1]
    expected = -current * 300e-6 / 0.9 * (1 / 0.1 - 1 / 1.2)
    assert drops[1] - drops[0] == pytest.approx(expected, rel=1e-6)


def test_a_chloride_in_the_composite_over_a_sulfide_separator_grows_less():
    """K5, E3: oxidation and space charge are those of the electrolyte at the active material."""
    grown, layer_resistance, ionic = {}, {}, {}
    for name in ("Li6PS5Cl", "Li3InCl6"):
        cell = parameters.build(electrolyte=name, separator="Li6PS5Cl", initial_stoichiometry=0.35)
        assert resistance(cell) == pytest.approx(layer("Li6PS5Cl", 600e-6), rel=1e-12)
        solution = assb.simulate(SPM(), cell, "Rest for 10 hours")
        film = solution["X-averaged positive electrode interphase thickness [m]"].data
        grown[name] = film[-1] - film[0]
        layer_resistance[name] = solution[
            "X-averaged positive electrode space-charge resistance [Ohm.m2]"
        ].data[-1]
        ionic[name] = solution["Positive electrode effective ionic conductivity [S.m-1]"].data[-1]
    assert grown["Li3InCl6"] < 0.2 * grown["Li6PS5Cl"]
    assert layer_resistance["Li3InCl6"] < 0.2 * layer_resistance["Li6PS5Cl"]
    assert ionic["Li3InCl6"] < ionic["Li6PS5Cl"]


def test_blends_take_layers_and_impossible_layers_are_refused():
    blend = Blend(("NCM811", "LCO"), (50, 50), (5e-6, 5e-6))
    assert resistance(parameters.build(blend, separator=SANDWICH)) == pytest.approx(
        2 * layer("Li6PS5Cl", 100e-6) + layer("Li10GeP2S12", 300e-6)
    )
    with pytest.raises(ValueError, match="thickness = 0"):
        SeparatorLayer("Li6PS5Cl", 0.0)
    with pytest.raises(ValueError, match="'paper' is not a known electrolyte"):
        parameters.build(separator="paper")
    with pytest.raises(ValueError, match="at least one SeparatorLayer"):
        parameters.build(separator=[])
    with pytest.raises(ValueError, match="must not be negative"):
        parameters.build(separator=SANDWICH, separator_interface_resistance=-1.0)
