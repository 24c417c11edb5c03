"""Silicon composite: two branches of the potential, a volume that grows almost fourfold."""

from __future__ import annotations

from typing import Any

import numpy as np

from assb.parameters.entry import assumed, derived, published
from assb.parameters.materials.negative_laws import (
    constant_diffusivity,
    hysteresis_entries,
    square_root_exchange_current,
)

#: Volume expansion at Li15Si4 (Song2022, Table 2); capacity there [mA.h.g-1].
EXPANSION = 2.9
CAPACITY = 3579.0
DENSITY = 2.33
#: Coefficients of the branches from the seventh power down to the constant (Verbrugge2015 as PyBaMM has it).
_LITHIATION = (-96.63, 372.6, -587.6, 489.9, -232.8, 62.99, -9.286, 0.8633)
_DELITHIATION = (-51.02, 161.3, -205.7, 140.2, -58.76, 16.87, -3.792, 0.9937)


def _polynomial(coefficients: tuple[float, ...], y: Any) -> Any:
    result: Any = coefficients[0]
    for coefficient in coefficients[1:]:
        result = result * y + coefficient
    return result


def silicon_lithiation_potential(y: Any) -> Any:
    """Potential of amorphous silicon on lithiation [V vs Li], y = 1 at Li15Si4.

    M. Verbrugge, D. Baker, X. Xiao, J. Electrochem. Soc. 2015, 163, A262, doi 10.1149/2.0581602jes, in the fit of
    PyBaMM's set Chen2020_composite. Its poles at 0 and 1, ``1e-4 (1/y + 1/(y - 1))``, are exponentials here: beyond a
    pole an iterate would be lost. The difference is below 6 mV between 0.015 and 0.985.
    """
    return _polynomial(_LITHIATION, y) + 0.1 * np.exp(-y / 0.003) - 0.1 * np.exp((y - 1) / 0.003)


def silicon_delithiation_potential(y: Any) -> Any:
    """Potential of amorphous silicon on delithiation [V vs Li]; source as for lithiation."""
    return _polynomial(_DELITHIATION, y)


def silicon_potential(y: Any) -> Any:
    """Mean of the two branches [V vs Li]."""
    return 0.5 * (silicon_lithiation_potential(y) + silicon_delithiation_potential(y))


def silicon_hysteresis(y: Any) -> Any:
    """Potential on delithiation less that on lithiation [V], 0.2 to 0.3 V over most of the capacity."""
    return silicon_delithiation_potential(y) - silicon_lithiation_potential(y)


def silicon_strain(y: Any) -> Any:
    """Volume strain relative to the empty host, even growth to +290 % at Li15Si4."""
    return EXPANSION * y


MATERIAL = {
    "density [g.cm-3]": assumed(DENSITY, "crystal density of silicon"),
    "Maximum concentration in negative electrode [mol.m-3]": derived(
        CAPACITY * 3.6 * DENSITY * 1e6 / 96485.33212,
        "Li15Si4, 3579 mAh/g (Song2022), per volume of empty silicon at 2.33 g/cm3",
    ),
    "Negative electrode OCP [V]": published(silicon_potential, "Verbrugge2015"),
    **hysteresis_entries(published(silicon_hysteresis, "Verbrugge2015")),
    "Negative electrode volume strain": derived(
        silicon_strain, "+290 % at Li15Si4 (Song2022, Table 2), even in the lithium content (assumed shape)"
    ),
    "Negative particle diffusivity [m2.s-1]": assumed(constant_diffusivity, "constant"),
    "Negative particle reference diffusivity [m2.s-1]": assumed(
        1.67e-14, "value of PyBaMM's set Chen2020_composite, an effective one"
    ),
    "Negative particle radius [m]": assumed(1.5e-6, "micrometre silicon"),
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
