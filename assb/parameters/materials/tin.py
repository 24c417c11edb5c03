"""Tin composite: plateaus of the alloys Li2Sn5 to Li22Sn5."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from assb.parameters.entry import assumed, derived
from assb.parameters.materials.negative_laws import (
    constant_diffusivity,
    hysteresis_entries,
    square_root_exchange_current,
)

#: Volume expansion and capacity at Li4.4Sn (Song2022) [mA.h.g-1].
EXPANSION = 2.6
CAPACITY = 993.0
DENSITY = 7.29
#: Lithium per tin at full lithiation, Li22Sn5.
FULL = 4.4
#: Lithium per tin up to which each plateau reaches, and its potential [V vs Li] (Wang1986).
PLATEAUS = ((0.4, 0.760), (1.0, 0.660), (7 / 3, 0.530), (2.6, 0.485), (3.5, 0.420), (FULL, 0.380))
#: Width of the steps in stoichiometry, slope of the plateaus [V], and width of the hysteresis [V] (assumptions).
STEP = 0.01
SLOPE = 0.02
HYSTERESIS = 0.12


def tin_potential(y: Any) -> Any:
    """Equilibrium potential of Li-Sn alloys at 25 C [V vs Li], y = 1 at Li22Sn5.

    Plateaus where two phases coexist, in the order of the phases Li2Sn5, LiSn, Li7Sn3, Li13Sn5, Li7Sn2, Li22Sn5: J.
    Wang, I. D. Raistrick, R. A. Huggins, J. Electrochem. Soc. 1986, 133, 457, doi 10.1149/1.2108601 (potentials, also
    in R. A. Huggins, Handbook of Battery Materials, 2nd ed. 2011, ch. 14). Rounded steps between them, a slight slope
    and both ends are assumed shapes.
    """
    total: Any = PLATEAUS[0][1]
    for (edge, before), (_, after) in pairwise(PLATEAUS):
        total = total - 0.5 * (before - after) * (1 + np.tanh((y - edge / FULL) / STEP))
    ends = 0.4 * np.exp(-y / 0.01) - 0.38 * np.exp((y - 1) / 0.01)
    return total + ends - SLOPE * (y - 0.5)


def tin_hysteresis(y: Any) -> Any:
    """Potential on delithiation less that on lithiation [V], the same at any stoichiometry (assumption)."""
    return HYSTERESIS + 0.0 * y


def tin_strain(y: Any) -> Any:
    """Volume strain relative to the empty host, even growth to +260 % at Li4.4Sn."""
    return EXPANSION * y


MATERIAL = {
    "density [g.cm-3]": assumed(DENSITY, "crystal density of white tin"),
    "Maximum concentration in negative electrode [mol.m-3]": derived(
        CAPACITY * 3.6 * DENSITY * 1e6 / 96485.33212,
        "Li4.4Sn, 993 mAh/g (Song2022), per volume of empty tin at 7.29 g/cm3",
    ),
    "Negative electrode OCP [V]": derived(tin_potential, "plateaus of Wang1986 with rounded steps"),
    **hysteresis_entries(
        assumed(tin_hysteresis, "0.12 V between the branches, an order of magnitude; no curve at hand")
    ),
    "Negative electrode volume strain": derived(
        tin_strain, "+260 % at Li4.4Sn (Song2022), even in the lithium content (assumed shape)"
    ),
    "Negative particle diffusivity [m2.s-1]": assumed(constant_diffusivity, "constant"),
    "Negative particle reference diffusivity [m2.s-1]": assumed(1e-14, "order of magnitude"),
    "Negative particle radius [m]": assumed(1e-6, "micrometre tin"),
    "Negative electrode exchange-current density [A.m-2]": assumed(
        square_root_exchange_current, "square-root law on the reference value below"
    ),
    "Negative electrode reference exchange-current density [A.m-2]": assumed(
        1.0, "as for other electrodes, order of magnitude"
    ),
    "Negative electrode exchange-current activation energy [J.mol-1]": assumed(4.0e4, "typical"),
    "Negative electrode interface resistance [Ohm.m2]": assumed(1e-3, "10 ohm cm2 of true contact area"),
    "Negative electrode largest contact fraction": assumed(0.5, "half of the surface in contact"),
    "Negative electrode double-layer capacity [F.m-2]": assumed(0.1, "10 uF/cm2"),
    "Negative electrode absorbed strain share": assumed(
        0.5, "pores and plastic flow take more of an expansion as large as this than of graphite"
    ),
    "Negative electrode confined modulus [GPa]": assumed(20.0, "alloy and sulfide, order of magnitude"),
    "Negative electrode active fraction": assumed(1.0, "all connected"),
    "Negative electrode conductivity [S.m-1]": assumed(10.0, "carbon network"),
    "Negative electrode conductivity activation energy [J.mol-1]": assumed(0.0, "carbon network"),
    "Negative electrode Bruggeman coefficient (electrolyte)": assumed(2.5, "fine solid electrolyte"),
    "Negative electrode Bruggeman coefficient (electrode)": assumed(1.5, "carbon network"),
}
