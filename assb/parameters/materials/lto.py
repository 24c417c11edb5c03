"""Lithium titanate composite: zero strain, flat potential."""

from __future__ import annotations

from typing import Any

import numpy as np

from assb.parameters.entry import assumed, published
from assb.parameters.materials.negative_laws import (
    constant_diffusivity,
    hysteresis_entries,
    no_hysteresis,
    square_root_exchange_current,
)


def lto_potential(y: Any) -> Any:
    """Open-circuit potential of Li4+3yTi5O12 [V vs Li]: a plateau with sharp ends.

    The plateau at 1.571 V is the two-phase equilibrium; the ends are an assumed shape.
    """
    return 1.571 + 0.3 * np.exp(-y / 0.015) - 0.3 * np.exp((y - 1) / 0.015) - 0.004 * (y - 0.5)


def zero_strain(y: Any) -> Any:
    """LTO does not breathe (Song2022, Table 2)."""
    return 0.0 * y


MATERIAL = {
    "density [g.cm-3]": assumed(3.43, "crystal density of Li4Ti5O12"),
    "Maximum concentration in negative electrode [mol.m-3]": assumed(
        22400.0, "175 mAh/g at 3.43 g/cm3 (Song2022: 175 mAh/g)"
    ),
    "Negative electrode OCP [V]": assumed(lto_potential, "plateau 1.571 V with sharp ends"),
    "Negative electrode volume strain": published(zero_strain, "Song2022"),
    "Negative particle diffusivity [m2.s-1]": assumed(constant_diffusivity, "constant"),
    "Negative particle reference diffusivity [m2.s-1]": assumed(
        1e-14, "fast enough that nanosized particles never limit"
    ),
    "Negative particle radius [m]": assumed(0.3e-6, "nanosized powder"),
    "Negative electrode exchange-current density [A.m-2]": assumed(
        square_root_exchange_current, "square-root law on the reference value below"
    ),
    "Negative electrode reference exchange-current density [A.m-2]": assumed(
        1.0, "as for the positive electrode"
    ),
    "Negative electrode exchange-current activation energy [J.mol-1]": assumed(4.0e4, "typical"),
    "Negative electrode interface resistance [Ohm.m2]": assumed(1e-3, "10 ohm cm2 of true contact area"),
    "Negative electrode largest contact fraction": assumed(0.5, "half of the surface in contact"),
    "Negative electrode double-layer capacity [F.m-2]": assumed(0.1, "10 uF/cm2"),
    "Negative electrode Butler-Volmer transfer coefficient": assumed(0.5, "symmetric barrier"),
    "Negative electrode interface dispersion exponent": assumed(0.9, "slightly depressed arcs"),
    "Negative electrode absorbed strain share": assumed(0.0, "irrelevant for zero strain"),
    "Negative electrode confined modulus [GPa]": assumed(40.0, "oxide-sulfide composite, order of magnitude"),
    "Negative electrode active fraction": assumed(1.0, "all connected by carbon"),
    "Negative electrode conductivity [S.m-1]": assumed(10.0, "carbon network"),
    "Negative electrode conductivity activation energy [J.mol-1]": assumed(0.0, "carbon network"),
    "Negative electrode Bruggeman coefficient (electrolyte)": assumed(2.5, "fine solid electrolyte"),
    "Negative electrode Bruggeman coefficient (electrode)": assumed(1.5, "carbon network"),
    **hysteresis_entries(assumed(no_hysteresis, "two phases with next to none")),
}
