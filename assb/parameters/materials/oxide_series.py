"""Layered oxides between those with data of their own: laws along the nickel content.

What is interpolated, and what is borrowed, stands in the source of each value. Two of the published strains of
nickel-rich oxides lie below the line, -6.5 % (a tungsten-doped Ni88) and -4.8 % (single crystals of Ni82, both Oh2026):
they are materials of their own.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from assb.parameters.entry import Entry, assumed, derived, published
from assb.parameters.materials.layered_oxides import (
    BORROWED,
    COLLAPSE,
    END,
    PRACTICAL,
    SPLIT,
    lattice,
    layered,
)
from assb.parameters.materials.potentials import Stretched, nca_potential
from assb.parameters.materials.strains import CollapseStrain

#: Nickel content of the metals -> contraction on charge and charge to 4.3 V [mAh/g] (Song2022, Table 2; one study).
#: That the largest contraction of nickel-rich oxides, 10 % (Song2022, Sec. 3.1), belongs to LiNiO2 is an assumption.
NCM_NICKEL, NCM_STRAIN = (1 / 3, 0.6, 0.8, 1.0), (0.028, 0.052, 0.078, 0.10)
NCM_CHARGE = (150.0, 170.0, 193.0)
NCA_NICKEL, NCA_STRAIN = (0.8, 1.0), (0.059, 0.10)
#: What the a-axis takes whatever the nickel content, the even part of the strain.
EVEN = 0.020
_MASSES = {"Li": 6.941, "Ni": 58.693, "Co": 58.933, "Mn": 54.938, "Al": 26.982, "O": 15.999}
#: Full delithiation of NCM811 [mAh/g].
_NCM811 = 275.5


def molar_mass(metals: dict[str, float]) -> float:
    """Molar mass [g.mol-1] of LiMO2 with the metals M by share."""
    return _MASSES["Li"] + 2 * _MASSES["O"] + sum(share * _MASSES[metal] for metal, share in metals.items())


def ncm(nickel: float, cobalt: float) -> dict[str, Entry]:
    """Table of LiNixCoyMn1-x-yO2.

    Parameters
    ----------
    nickel, cobalt : float
        Shares of the metals; manganese is the rest.
    """
    mass = molar_mass({"Ni": nickel, "Co": cobalt, "Mn": 1 - nickel - cobalt})
    contraction = float(np.interp(nickel, NCM_NICKEL, NCM_STRAIN))
    measured = dict(zip(NCM_NICKEL[:3], NCM_STRAIN[:3], strict=True))
    how = (
        "Song2022, Table 2" if nickel in measured else "linear in nickel between Song2022, Table 2 (assumed)"
    )
    centre, end, potential, capacity = COLLAPSE, END, BORROWED, PRACTICAL
    if nickel < 0.8:
        charge = float(np.interp(nickel, NCM_NICKEL[:3], NCM_CHARGE))
        stretch = 193.0 / charge * (26801 / mass) / _NCM811
        centre, end = (1 - (1 - point) / stretch for point in (COLLAPSE, END))
        potential = assumed(
            Stretched(stretch),
            f"borrowed: law of NCM811 (Chen2020), stretched to {charge:.0f} mAh/g at 4.3 V ({how})",
        )
        capacity = published(charge, "Song2022") if nickel in measured else derived(charge, how)
    strain = CollapseStrain(EVEN, contraction - EVEN, centre, end)
    return layered(
        lattice(4.77),
        mass,
        potential,
        derived(strain, f"-{contraction:.1%} in all, {how}; {SPLIT}"),
        charged=(round(end, 3), 4.3),
        capacity=capacity,
    )


def nca(nickel: float) -> dict[str, Entry]:
    """Table of LiNixCoyAlzO2 with nickel beyond 0.8; the rest is three parts cobalt and one part aluminium."""
    rest = 1 - nickel
    contraction = float(np.interp(nickel, NCA_NICKEL, NCA_STRAIN))
    return layered(
        lattice(4.76),
        molar_mass({"Ni": nickel, "Co": 0.75 * rest, "Al": 0.25 * rest}),
        assumed(nca_potential, "borrowed: law of NCA with 80 % nickel (Kim2011)"),
        derived(
            CollapseStrain(EVEN, contraction - EVEN, centre=0.360, end=0.317),
            f"-{contraction:.1%} in all: linear in nickel from NCA80 (Song2022, Table 2) to 10 % at LiNiO2 (assumed);"
            f" {SPLIT}",
        ),
        charged=(0.317, 4.3),
    )


#: Name -> (law, its arguments). NM90 has no cobalt.
_SERIES: dict[str, tuple[Callable[..., dict[str, Entry]], tuple[float, ...]]] = {
    "NCM111": (ncm, (1 / 3, 1 / 3)),
    "NCM523": (ncm, (0.5, 0.2)),
    "NCM711": (ncm, (0.7, 0.15)),
    "NCM83": (ncm, (0.83, 0.11)),
    "NCM88": (ncm, (0.88, 0.08)),
    "NCM90": (ncm, (0.90, 0.05)),
    "NM90": (ncm, (0.90, 0.0)),
    "NCA88": (nca, (0.88,)),
    "NCA95": (nca, (0.95,)),
}

MATERIALS = {name: law(*arguments) for name, (law, arguments) in _SERIES.items()}
