"""Layered oxides: density, open-circuit potential, diffusivity, kinetics, strain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pybamm

from assb.models.closures.smooth import clip_stoichiometry
from assb.parameters.entry import Entry, assumed, defined, derived, published
from assb.parameters.materials.potentials import (
    Stretched,
    lco_potential,
    nca_potential,
    ncm622_potential,
    nmc811_potential,
)
from assb.parameters.materials.strains import CollapseStrain, ExpansionStrain

#: Stoichiometries at which the diffusivity is given; the window of use lies between the outer two.
DIFFUSIVITY_KNOTS = (0.4, 0.65, 0.9)
#: Window over which the open-circuit correction is spread, and how many coefficients it may have.
CORRECTION_WINDOW = (0.3, 0.95)
CORRECTION_TERMS = 6
#: Where the open-circuit potential of NCM811 is 4.2 V, the plateau of the collapse, and 4.3 V.
COLLAPSE, END = 0.30, 0.26


def correction(y: Any, coefficients: list[Any]) -> Any:
    """Open-circuit correction [V], ``sum_k c_k cos(k pi s)``, s the stoichiometry over the window.

    A function of stoichiometry only, the same on charge and discharge; each coefficient is the
    amplitude of its term.
    """
    low, high = CORRECTION_WINDOW
    s = (np.minimum(np.maximum(y, low), high) - low) / (high - low)
    return sum(c * np.cos(k * np.pi * s) if k else c for k, c in enumerate(coefficients))


def log_quadratic(y: Any, values: tuple[Any, Any, Any]) -> Any:
    """Positive function through three knots, a parabola in its logarithm, constant outside."""
    a, b, c = DIFFUSIVITY_KNOTS
    y = np.minimum(np.maximum(y, a), c)
    log_a, log_b, log_c = (np.log(v) for v in values)
    # Newton's form, nested: evaluated at every point of every particle, and differentiated there.
    first = (log_b - log_a) / (b - a)
    second = ((log_c - log_b) / (c - b) - first) / (c - a)
    return np.exp(log_a + (y - a) * (first + second * (y - b)))


@dataclass(frozen=True)
class CorrectedPotential:
    """Open-circuit potential of the models: `law` plus the correction that calibration may fit.

    Parameters
    ----------
    law : callable
        Potential [V vs Li] of a stoichiometry.
    """

    law: Callable[[Any], Any]

    def __call__(self, y: Any) -> Any:
        """Potential with the correction's coefficients as parameters."""
        names = [f"Positive electrode OCP correction {k} [V]" for k in range(CORRECTION_TERMS)]
        return self.law(y) + correction(y, [pybamm.Parameter(name) for name in names])


def _diffusivity(y, T):
    from assb.models.closures import arrhenius

    knots = tuple(
        pybamm.Parameter(f"Positive particle diffusivity at stoichiometry {knot} [m2.s-1]")
        for knot in DIFFUSIVITY_KNOTS
    )
    energy = pybamm.Parameter("Positive particle diffusivity activation energy [J.mol-1]")
    return log_quadratic(y, knots) * arrhenius(energy, T, pybamm.Parameter("Reference temperature [K]"))


def _exchange_current_density(y, T):
    from assb.models.closures import arrhenius, exchange_current_density

    reference = pybamm.Parameter("Positive electrode reference exchange-current density [A.m-2]")
    energy = pybamm.Parameter("Positive electrode exchange-current activation energy [J.mol-1]")
    activated = reference * arrhenius(energy, T, pybamm.Parameter("Reference temperature [K]"))
    return exchange_current_density(activated, clip_stoichiometry(y))


#: Charge of one mole [mA.h].
FARADAY = 26801.4814
#: 1C of Ni-rich sulfide cells.
PRACTICAL = assumed(180.0, "1C of Ni-rich sulfide cells, as in Oh2026")


def layered(
    density: Entry,
    molar_mass: float,
    potential: Entry,
    strain: Entry,
    charged: tuple[float, float] = (END, 4.3),
    capacity: Entry = PRACTICAL,
    discharged: float = 2.7,
    irreversible: float = 0.0,
) -> dict[str, Entry]:
    """Table of a layered oxide, or of another host that is charged by giving up lithium.

    `potential` and `strain` hold functions of stoichiometry; `charged` is the stoichiometry and the
    potential [V vs Li] at the end of charge, `discharged` the lower cut-off [V vs Li], `irreversible` the
    charge [mAh/g] of the first cycle that does not go back: its sites are not counted. Names in lower
    case are facts for the assembly of a cell, not parameters of a model.
    """
    full = FARADAY / molar_mass
    concentration = density.value * 1e6 / molar_mass * (1 - irreversible / full)
    counted = ", less the sites that lithium does not go back to" if irreversible else ""
    return {
        "density [g.cm-3]": density,
        "charged stoichiometry": derived(charged[0], f"open-circuit potential of {charged[1]} V vs Li"),
        "charged potential [V]": defined(charged[1], "usual upper cut-off against lithium"),
        "discharged potential [V]": defined(discharged, "usual lower cut-off against lithium"),
        "practical capacity [mA.h.g-1]": capacity,
        "Maximum concentration in positive electrode [mol.m-3]": derived(
            concentration,
            f"crystal density over molar mass{counted}; liquid-cell fits such as 63104 exceed it",
        ),
        "Positive electrode OCP [V]": Entry(
            CorrectedPotential(potential.value), potential.source, potential.evidence
        ),
        **{
            f"Positive electrode OCP correction {k} [V]": assumed(0.0, "no correction unless calibrated")
            for k in range(CORRECTION_TERMS)
        },
        "Positive particle diffusivity [m2.s-1]": derived(_diffusivity, "through the three knots below"),
        **{
            f"Positive particle diffusivity at stoichiometry {knot} [m2.s-1]": assumed(
                value, "order of magnitude in sulfide cells, 1e-16 to 1e-14 m2/s; slow near full lithiation"
            )
            for knot, value in zip(DIFFUSIVITY_KNOTS, (1e-15, 1e-15, 3e-16), strict=True)
        },
        "Positive particle diffusivity activation energy [J.mol-1]": assumed(3.0e4, "typical layered oxide"),
        "Positive electrode exchange-current density [A.m-2]": derived(
            _exchange_current_density, "square-root law on the reference value below"
        ),
        "Positive electrode reference exchange-current density [A.m-2]": assumed(
            1.0, "true contact area; 0.1 to 10 A/m2 span sulfide cells"
        ),
        "Positive electrode exchange-current activation energy [J.mol-1]": assumed(4.0e4, "typical"),
        "Positive electrode volume strain": strain,
        "Positive electrode conductivity activation energy [J.mol-1]": assumed(
            1.5e4, "small-polaron hopping"
        ),
    }


def lattice(density: float) -> Entry:
    """Crystal density [g.cm-3]."""
    return assumed(density, "crystal density from lattice constants")


#: The a-axis takes 2.0 % whatever the nickel content (Song2022) and c first grows by about as much: what
#: accrues evenly is the same in all Ni-rich oxides, the rest of the total is the collapse.
SPLIT = "even part of 2 % as in Oh2026, the rest in the collapse of c (assumption)"
#: Law of NCM811 where none is at hand.
BORROWED = assumed(nmc811_potential, "borrowed: law of NCM811 (Chen2020)")


def half_cell(
    density: Entry, molar_mass: float, discharge: float, efficiency: float, gradual: float, collapse: float
) -> dict[str, Entry]:
    """Table of an oxide of Oh2026 from its slow half cell with liquid electrolyte, first cycle to 4.3 V.

    `discharge` [mAh/g] and its share of the charge before; `gradual` and `collapse` are the parts of the contraction
    of the unit cell on that charge.
    """
    irreversible = discharge / efficiency - discharge
    reversible = FARADAY / molar_mass - irreversible
    end = 1 - discharge / reversible
    stretch = (1 - END) / (1 - end)
    return layered(
        density,
        molar_mass,
        assumed(
            Stretched(stretch),
            f"borrowed: law of NCM811 (Chen2020), stretched to {discharge:g} mAh/g at 4.3 V (Oh2026)",
        ),
        derived(
            CollapseStrain(gradual, collapse, 1 - (1 - COLLAPSE) / stretch, end),
            f"{-gradual - collapse:.1%} in all, {-collapse:.1%} of it the collapse (Oh2026)",
        ),
        charged=(round(end, 3), 4.3),
        irreversible=irreversible,
    )


MATERIALS: dict[str, dict[str, Entry]] = {
    "NCM811": layered(
        lattice(4.78),
        97.28,
        published(nmc811_potential, "Chen2020"),
        derived(
            CollapseStrain(0.026, 0.052, COLLAPSE, END),
            "-7.8 % in all (Song2022, Table 2); split by the c-axis share of Oh2026",
        ),
    ),
    "NCWA88": half_cell(
        published(4.8, "Song2022"), 97.9, discharge=218.3, efficiency=0.953, gradual=0.019, collapse=0.046
    ),
    # Single-crystalline Ni82.
    "NCM82": half_cell(
        published(4.8, "Song2022"), 97.2, discharge=201.9, efficiency=0.881, gradual=0.020, collapse=0.028
    ),
    "NCM622": layered(
        lattice(4.76),
        96.93,
        assumed(ncm622_potential, "borrowed: law of NCM811 (Chen2020), stretched to the charge of Song2022"),
        derived(
            CollapseStrain(0.020, 0.032, centre=0.385, end=0.351),
            f"-5.2 % in all (Song2022, Table 2); {SPLIT}",
        ),
        charged=(0.351, 4.3),
        capacity=published(170.0, "Song2022"),
    ),
    "NCA": layered(
        lattice(4.75),
        96.08,
        published(nca_potential, "Kim2011"),
        derived(
            CollapseStrain(0.020, 0.039, centre=0.360, end=0.317),
            f"-5.9 % in all (Song2022, Table 2); {SPLIT}",
        ),
        charged=(0.317, 4.3),
    ),
    "LCO": layered(
        lattice(5.05),
        97.87,
        published(lco_potential, "Dualfoil1998"),
        derived(
            ExpansionStrain(0.019, end=0.5, level=0.47),
            "+1.9 % to Li0.5CoO2 (Song2022, Table 2); even growth that ends there (assumed shape)",
        ),
        charged=(0.495, 4.2),
        capacity=published(135.0, "Song2022"),
    ),
}
