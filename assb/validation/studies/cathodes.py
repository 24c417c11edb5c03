"""Cathodes of the ageing studies: a composite of a recipe, its resistances, and a slow discharge.

Materials and starting values are the library's (:mod:`assb.parameters.materials`); nothing here is calibrated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from assb.models.closures import arrhenius, size_ratio_percolation, utilised_area_fraction
from assb.models.closures.smooth import FARADAY, R_GAS
from assb.parameters import porosity_after_pressing
from assb.parameters.composition import volume_fractions
from assb.parameters.materials import CARBON, ELECTROLYTE, NEGATIVE, POSITIVE
from assb.parameters.materials.potentials import nmc811_potential

#: Temperature at which the library's values hold [K].
REFERENCE_TEMPERATURE = 298.15
#: Radius where a study does not say one [m]: the library's default.
RADIUS = 2.5e-6
#: Separator pellet where a study does not say its thickness [m]: the library's default.
SEPARATOR = 600e-6
#: Stoichiometry at which a discharge of a layered oxide ends, whatever the current: diffusion and transfer become slow
#: there. It is the library's initial stoichiometry, and gives its practical capacity of 180 mAh/g with NCM811.
DISCHARGED = 0.9
#: Ohm cm2 per Ohm m2.
CM2 = 1e4
#: Capacity of one mole of lithium [mA.h].
MOLE = FARADAY / 3.6


@dataclass(frozen=True)
class Cathode:
    """A pressed composite of active material, Li6PS5Cl and carbon.

    Attributes
    ----------
    material : str
        Name in the library.
    active, electrolyte : float
        Volume fractions.
    thickness, radius : float
        [m]; the radius of a mixture of sizes is its mean by surface.
    loading : float
        Active material [g.m-2].
    temperature : float
        [K].
    """

    material: str
    active: float
    electrolyte: float
    thickness: float
    radius: float
    loading: float
    temperature: float

    @property
    def size_ratio(self) -> float:
        """Diameter of the active over that of the electrolyte particles."""
        return self.radius / float(ELECTROLYTE["Li6PS5Cl"]["Solid electrolyte particle radius [m]"].value)

    @property
    def contact(self) -> float:
        """True contact area per electrode area before any damage, ``a L theta_0``."""
        covered = utilised_area_fraction(self.size_ratio, self.electrolyte, self.active)
        return float(3 * self.active / self.radius * self.thickness * covered)

    @property
    def charge_transfer(self) -> float:
        """Library's charge-transfer resistance per true contact area [Ohm.m2], half lithiated."""
        table = POSITIVE[self.material]
        reference = table["Positive electrode reference exchange-current density [A.m-2]"].value
        energy = table["Positive electrode exchange-current activation energy [J.mol-1]"].value
        i0 = reference * arrhenius(energy, self.temperature, REFERENCE_TEMPERATURE)
        return float(R_GAS * self.temperature / (FARADAY * i0))

    def ionic_resistance(self, network_damage: float = 0.0) -> float:
        """Resistance of the electrolyte network through the electrode, ``L/kappa_eff`` [Ohm.m2]."""
        relative = size_ratio_percolation(self.electrolyte, self.size_ratio) * (1 - network_damage)
        return float(self.thickness / (electrolyte_conductivity(self.temperature) * relative))


def electrolyte_conductivity(temperature: float) -> float:
    """Conductivity of pressed Li6PS5Cl at a temperature [S.m-1]."""
    table = ELECTROLYTE["Li6PS5Cl"]
    energy = table["Solid electrolyte conductivity activation energy [J.mol-1]"].value
    reference = table["Solid electrolyte conductivity [S.m-1]"].value
    return float(reference * arrhenius(energy, temperature, REFERENCE_TEMPERATURE))


def cathode(
    material: str,
    recipe: Mapping[str, float],
    fabrication_pressure: float,
    temperature: float,
    *,
    loading: float | None = None,
    thickness: float | None = None,
    radius: float = RADIUS,
) -> Cathode:
    """Cathode of a recipe, by its loading or its thickness.

    Parameters
    ----------
    material : str
        Active material of the library.
    recipe : mapping
        Mass by phase.
    fabrication_pressure : float
        [MPa]; decides the pores.
    temperature : float
        [K].
    loading, thickness : float, optional
        Active material [mg.cm-2] or thickness [m]; one of them.
    radius : float
        Of the active particles [m].

    Raises
    ------
    ValueError
        Unless one of loading and thickness is given.
    """
    if (loading is None) == (thickness is None):
        raise ValueError(f"loading = {loading!r}, thickness = {thickness!r}: give one of them")
    density = POSITIVE[material]["density [g.cm-3]"].value
    densities = {
        "active material": density,
        "solid electrolyte": ELECTROLYTE["Li6PS5Cl"]["density [g.cm-3]"].value,
        "carbon": CARBON["density [g.cm-3]"].value,
    }
    shares = volume_fractions(dict(recipe), densities, porosity_after_pressing(fabrication_pressure))
    per_length = shares.active_material * density * 1e6  # g.m-3
    if thickness is None:
        assert loading is not None
        thickness = 10 * loading / per_length
    return Cathode(
        material,
        shares.active_material,
        shares.solid_electrolyte,
        thickness,
        radius,
        per_length * thickness,
        temperature,
    )


def surface_radius(sizes: Mapping[float, float]) -> float:
    """Radius with the surface per volume of a mixture [m], from shares by diameter [m]."""
    return 0.5 * sum(sizes.values()) / sum(share / diameter for diameter, share in sizes.items())


def foil_resistance(temperature: float) -> float:
    """Resistance of the library's In-Li foil: its interface and charge transfer [Ohm.m2]."""
    table = NEGATIVE["InLi"]
    energy = table["Negative electrode exchange-current activation energy [J.mol-1]"].value
    factor = arrhenius(energy, temperature, REFERENCE_TEMPERATURE)
    i0 = table["Negative electrode exchange-current density [A.m-2]"].value * factor
    film = table["Negative electrode interface resistance [Ohm.m2]"].value
    return float(film + R_GAS * temperature / (FARADAY * i0))


def window(
    potential: Callable[[Any], Any],
    polarisation: float,
    voltages: tuple[float, float] = (2.7, 4.3),
    stoichiometries: tuple[float, float] = (0.1, DISCHARGED),
) -> tuple[float, float]:
    """Stoichiometries at the ends of a slow charge and of the discharge after it.

    Parameters
    ----------
    potential : callable
        Open-circuit potential [V vs Li], falling with the stoichiometry.
    polarisation : float
        Overpotential [V], the same on charge and discharge.
    voltages : (float, float)
        Lower and upper cut-off [V vs Li]; those of Ni-rich oxides by default.
    stoichiometries : (float, float)
        Lowest and highest.

    Returns
    -------
    (float, float)
        Charged and discharged; equal where the polarisation leaves no window.
    """
    y = np.linspace(*stoichiometries, 2001)
    u = np.minimum.accumulate(np.asarray(potential(y), float))
    ends = [float(np.interp(-v, -u, y)) for v in (voltages[1] - polarisation, voltages[0] + polarisation)]
    return ends[0], max(ends)


def discharge_capacity(
    cathode: Cathode,
    resistance: float,
    rate: float,
    isolated: float = 0.0,
    voltages: tuple[float, float] = (2.7, 4.3),
) -> float:
    """Capacity of a discharge after a charge at the same constant current [mA.h.g-1].

    The open-circuit law is that of NCM811: Ni-rich oxides charge deeper than the library's law of NCA80 allows. What
    falls short is what the resistance takes from the window and what is isolated.

    Parameters
    ----------
    cathode : Cathode
    resistance : float
        Of the cell, diffusion included [Ohm.m2].
    rate : float
        C-rate, of the practical capacity of the material.
    isolated : float
        Share of active material that is cut off.
    voltages : (float, float)
        [V vs Li].
    """
    practical = POSITIVE[cathode.material]["practical capacity [mA.h.g-1]"].value
    current = rate * practical * cathode.loading * 1e-3  # A.m-2
    low, high = window(nmc811_potential, current * resistance, voltages)
    return (1 - isolated) * full_capacity(cathode.material) * (high - low)


def full_capacity(material: str) -> float:
    """Capacity of all lithium of a material [mA.h.g-1]."""
    table = POSITIVE[material]
    concentration = table["Maximum concentration in positive electrode [mol.m-3]"].value
    return float(MOLE * concentration / (table["density [g.cm-3]"].value * 1e6))


def cell_resistance(
    cathode: Cathode, ionic: float, interface: float, diffusion: float, separator: float = SEPARATOR
) -> float:
    """Resistance that a slow discharge sees [Ohm.m2].

    The separator pellet, a third of the network of the electrode (uniform reaction), the interfaces, and a third of
    the Warburg resistance: the low-frequency limit of diffusion into a layer of finite depth.
    """
    pellet = separator / electrolyte_conductivity(cathode.temperature)
    return pellet + ionic / 3 + interface + diffusion / 3
