"""Positive materials that are no nickel-rich oxides: olivine, lithium-rich oxide, sulfides, a host without lithium.

Each is a particle that exchanges lithium on one reversible potential. Of a sulfide that is a simplification: it is
converted, charge and discharge follow different potentials, and its phases are several.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from assb.parameters.entry import Entry, assumed, derived, published
from assb.parameters.materials.layered_oxides import lattice, layered

#: Molar volumes [cm3/mol] of crystals, molar mass over density: Li2S 45.95/1.66, S 32.06/2.07.
LI2S_VOLUME, SULFUR_VOLUME = 27.7, 15.5
#: Electrolyte before and after its oxidation [cm3/mol], and the lithium it gives up.
PRISTINE_VOLUME, OXIDISED_VOLUME, OXIDISED_LITHIUM = 163.7, 142.8, 2.0


@dataclass(frozen=True)
class Plateau:
    """Open-circuit potential with a slope and two ends, a callable of the stoichiometry.

    Parameters
    ----------
    level, slope : float
        Potential at stoichiometry 0.5 [V vs Li] and its fall over the whole range [V].
    charged, discharged : (float, float)
        Height [V] and decay in stoichiometry of the rise towards 0, and of the drop towards 1.
    """

    level: float
    slope: float
    charged: tuple[float, float]
    discharged: tuple[float, float]

    def __call__(self, y: Any) -> Any:
        """Potential [V vs Li], strictly falling."""
        rise, drop = self.charged, self.discharged
        ends = rise[0] * np.exp(-y / rise[1]) - drop[0] * np.exp((y - 1) / drop[1])
        return self.level - self.slope * (y - 0.5) + ends


@dataclass(frozen=True)
class LinearStrain:
    """Volume strain against full lithiation in proportion to the lithium taken out.

    Parameters
    ----------
    change : float
        Strain once all lithium is out; negative where the material shrinks on charge.
    """

    change: float

    def __call__(self, y: Any) -> Any:
        """Strain at stoichiometry `y`."""
        return self.change * (1 - y)


LFP = layered(
    lattice(3.60),
    157.76,
    assumed(
        Plateau(3.4323, 0.004, (1.0, 0.02), (0.8, 0.015)),
        "plateau 3.4323 V of the LFP law in PyBaMM's set of Prada et al.; slope and ends an assumed shape",
    ),
    derived(LinearStrain(-0.065), "-6.5 % (Song2022, Table 2; -7.2 % there as well); two phases: linear"),
    charged=(0.02, 3.8),
    capacity=published(170.0, "Song2022"),
    discharged=2.5,
)

LMRO = layered(
    lattice(4.3),
    85.29 / 1.2,  # per lithium of Li1.2Ni0.13Mn0.54Co0.13O2
    assumed(
        Plateau(3.925, 1.05, (121.5, 0.06), (0.9, 0.05)),
        "assumed shape of the cycled material, 4.6 V at 250 mAh/g; neither activation nor hysteresis",
    ),
    assumed(
        LinearStrain(-0.037),
        "-2.5 % at 4.6 V, order of magnitude; that it shrinks on charge: pressure falls (ArgyroditeReview2025)",
    ),
    charged=(0.33, 4.6),
    capacity=assumed(250.0, "usual of lithium-rich oxides between 2.0 and 4.6 V"),
    discharged=2.0,
)


def _with_rates(table: dict[str, Entry], diffusivity: Entry, exchange: Entry) -> dict[str, Entry]:
    """Table with a constant diffusivity [m2.s-1] and a reference exchange-current density [A.m-2] of its own."""
    own = {name: diffusivity for name in table if name.startswith("Positive particle diffusivity at")}
    return {**table, **own, "Positive electrode reference exchange-current density [A.m-2]": exchange}


_CONVERSION = (
    assumed(1e-16, "order of magnitude: conversion of a sulfide is slower than diffusion in an oxide"),
    assumed(0.1, "slow conversion, order of magnitude"),
)
#: The stiffness of the contact belongs to hard particles that shrink out of their shell.
_SOFT = {
    "Positive electrode local contact stiffness [GPa]": assumed(
        0.0, "a sulfide between sulfides yields as they do: its contact follows the stack pressure only"
    )
}

#: Li6PS5Cl0.5Br0.5 as active material: y = 1 is the electrolyte as made, y = 0 after oxidation of two sulfides.
LPSCB = _with_rates(
    layered(
        published(1.96, "Song2022"),
        290.66 / OXIDISED_LITHIUM,
        assumed(
            Plateau(2.10, 1.0, (1.1, 0.05), (1.0, 0.05)),
            "assumed shape between 3.6 and 0.6 V, oxidation above 2.2 V (SongReview); no hysteresis, no reduction of"
            " phosphorus",
        ),
        derived(
            LinearStrain((OXIDISED_VOLUME - PRISTINE_VOLUME) / PRISTINE_VOLUME),
            "163.7 -> 142.8 cm3/mol of Li6PS5Cl (SongReview): 9.5 cm3 per mole of lithium at 1.96 g/cm3",
        ),
        charged=(0.005, 3.6),
        capacity=derived(2 * 26801 / 290.66, "two lithium per formula"),
        discharged=0.6,
    ),
    *_CONVERSION,
)

LI2S = _with_rates(
    layered(
        lattice(1.66),
        45.95 / 2,
        assumed(
            Plateau(2.12, 0.10, (0.9, 0.03), (0.6, 0.03)),
            "plateau 2.1 V of sulfur without polysulfides; ends an assumed shape, no hysteresis",
        ),
        derived(
            LinearStrain((SULFUR_VOLUME - LI2S_VOLUME) / LI2S_VOLUME),
            "molar volumes of the crystals Li2S and S",
        ),
        charged=(0.03, 2.50),
        capacity=assumed(600.0, "half of the 1167 mAh/g of Li2S is usual"),
        discharged=1.6,
    ),
    *_CONVERSION,
)

#: Host that conducts electrons and holds no lithium: what a cell with it delivers is oxidation of the electrolyte. Its
#: double layer stands as a lithium content of 0.5 mAh/g, so that the potential is defined at any current.
RUO2 = _with_rates(
    layered(
        lattice(6.97),
        26801 / 0.5,  # g per mole of charge
        assumed(
            Plateau(3.2, 3.2, (0.0, 1.0), (0.0, 1.0)),
            "linear from 1.6 to 4.8 V: a double layer of 0.5 mAh/g, order of magnitude",
        ),
        published(LinearStrain(0.0), "SongReview"),
        charged=(0.156, 4.3),
        capacity=assumed(0.5, "double layer, order of magnitude"),
        discharged=1.65,
    ),
    assumed(1e-12, "a surface charge: no diffusion"),
    assumed(10.0, "a double layer charges without a barrier"),
)

MATERIALS = {"LFP": LFP, "LMRO": LMRO, "LPSCB": LPSCB | _SOFT, "Li2S": LI2S | _SOFT, "RuO2": RUO2}
