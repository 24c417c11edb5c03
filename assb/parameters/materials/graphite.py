"""Graphite composite: staged potential, staged volume."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from assb.parameters.entry import assumed, derived, published
from assb.parameters.materials.negative_laws import (
    constant_diffusivity,
    hysteresis_entries,
    no_hysteresis,
    square_root_exchange_current,
)

#: Volume expansion at LiC6 (Song2022), its shares at y = 0.25 and 0.5 (Ai2020: 0.0459 and 0.0519 of 0.109).
EXPANSION = 0.132
STAGES = ((0.25, 0.42), (0.5, 0.476), (1.0, 1.0))
STAGE_WIDTH = 0.02


def graphite_potential(y: Any) -> Any:
    """Open-circuit potential of graphite [V vs Li], the fit of PyBaMM's Ecker2015 set.

    M. Ecker et al., J. Electrochem. Soc. 2015, 162, A1836, doi 10.1149/2.0551509jes; fit by G. Richardson et
    al., Electrochim. Acta 2020, 339, 135862. Pure graphite: the curve of Chen2020 belongs to a blend with
    silicon oxide.
    """
    return (
        0.716502 * np.exp(-369.028 * y)
        + 0.12193 * np.exp(-35.6478 * (y - 0.0530947))
        - 0.0189193 * np.tanh(21.1967 * (y - 0.196176))
        - 0.0169644 * np.tanh(27.1365 * (y - 0.312832))
        - 0.0199313 * np.tanh(28.5697 * (y - 0.614221))
        - 0.931153 * np.exp(36.328 * (y - 1.10743))
        + 0.140031
    )


def staged_strain(y: Any) -> Any:
    """Volume strain of graphite relative to the empty host, 0 to +13.2 % at LiC6.

    Steep in the dilute stages up to y = 0.25, nearly flat to stage 2 at y = 0.5, steep again to stage 1.
    The shape is that of W. Ai et al., J. Electrochem. Soc. 2020, 167, 013512, doi 10.1149/2.0122001JES,
    in monotone pieces, scaled to the expansion of Song2022.
    """
    return EXPANSION * (_pieces(y) - _pieces(0.0)) / (_pieces(1.0) - _pieces(0.0))


def _pieces(y):
    """Straight pieces through the stages, joined smoothly."""
    from assb.models.closures import softplus

    corners = [(0.0, 0.0), *STAGES]
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(corners)]
    total = slopes[0] * y
    for (start, _), (before, after) in zip(STAGES[:-1], pairwise(slopes), strict=True):
        total = total + (after - before) * softplus(y - start, STAGE_WIDTH)
    return total


MATERIAL = {
    "density [g.cm-3]": assumed(2.26, "crystal density of graphite"),
    "Maximum concentration in negative electrode [mol.m-3]": derived(
        2.26e6 / 72.066, "LiC6 per volume of empty graphite at 2.26 g/cm3 (372 mAh/g)"
    ),
    "Negative electrode OCP [V]": published(graphite_potential, "Ecker2015"),
    "Negative electrode volume strain": derived(
        staged_strain, "stages of Ai2020 scaled to +13.2 % at LiC6 (Song2022)"
    ),
    "Negative particle diffusivity [m2.s-1]": assumed(constant_diffusivity, "constant"),
    "Negative particle reference diffusivity [m2.s-1]": published(3.3e-14, "Chen2020"),
    "Negative particle radius [m]": published(5.86e-6, "Chen2020"),
    "Negative electrode exchange-current density [A.m-2]": assumed(
        square_root_exchange_current, "square-root law on the reference value below"
    ),
    "Negative electrode reference exchange-current density [A.m-2]": assumed(
        2.0, "as for other electrodes, order of magnitude"
    ),
    "Negative electrode exchange-current activation energy [J.mol-1]": assumed(4.0e4, "typical"),
    "Negative electrode interface resistance [Ohm.m2]": assumed(1e-3, "10 ohm cm2 of true contact area"),
    "Negative electrode largest contact fraction": assumed(0.5, "half of the surface in contact"),
    "Negative electrode double-layer capacity [F.m-2]": assumed(0.1, "10 uF/cm2"),
    "Negative electrode Butler-Volmer transfer coefficient": assumed(0.5, "symmetric barrier"),
    "Negative electrode absorbed strain share": assumed(0.3, "taken up by pores and plastic flow"),
    "Negative electrode confined modulus [GPa]": assumed(20.0, "graphite and sulfide, order of magnitude"),
    "Negative electrode active fraction": assumed(1.0, "all connected"),
    "Negative electrode conductivity [S.m-1]": published(215.0, "Chen2020"),
    "Negative electrode conductivity activation energy [J.mol-1]": assumed(0.0, "metallic network"),
    "Negative electrode Bruggeman coefficient (electrolyte)": assumed(2.5, "fine solid electrolyte"),
    "Negative electrode Bruggeman coefficient (electrode)": assumed(1.5, "graphite network"),
    **hysteresis_entries(assumed(no_hysteresis, "some mV between the stages, neglected")),
}
