"""Capacity of single NMC811 particles against size and rate (Liu, Roters, Raabe 2024).

A sphere with a constant flux at its surface, the closed form of J. Crank, The Mathematics of Diffusion, 2nd ed.,
Oxford 1975, section 6.3.3: with the mean rate r and ``theta = t/tau``, ``tau = R**2/D``,

    y_s - y_mean = r tau [1/15 - (2/3) sum_n exp(-l_n**2 theta)/l_n**2],   tan(l_n) = l_n.

Discharge ends where the surface is full. Sizes are taken as diameters; the electrolyte is perfect, as in the paper.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.optimize import brentq

from assb.fitting import LogNormal
from assb.validation.published.study import Quantity, Study, register

DIFFUSIVITY = "diffusivity [m2.s-1]"
TERMS = 400


def _roots() -> np.ndarray:
    """The first roots of tan(l) = l above zero: Newton's method on sin(l) - l cos(l) from (n + 1/2) pi."""
    roots = (np.arange(1, TERMS + 1) + 0.5) * np.pi
    for _ in range(6):
        roots = roots - (np.sin(roots) - roots * np.cos(roots)) / (roots * np.sin(roots))
    return roots


ROOTS = _roots()


def surface_excess(theta: float) -> float:
    """Surface less mean stoichiometry over ``r tau`` at the dimensionless time theta."""
    return float(1 / 15 - 2 / 3 * np.sum(np.exp(-(ROOTS**2) * theta) / ROOTS**2))


def capacity_share(diameter: float, rate: float, diffusivity: float) -> float:
    """Share of the capacity that a sphere takes up until its surface is full.

    Parameters
    ----------
    diameter : float
        [m].
    rate : float
        C-rate [h-1].
    diffusivity : float
        [m2.s-1].
    """
    tau = (0.5 * diameter) ** 2 / diffusivity
    per_tau = rate / 3600.0 * tau  # share of the capacity that flows in within tau

    def missing(share: float) -> float:
        return share + per_tau * surface_excess(share / per_tau) - 1.0

    return float(brentq(missing, 1e-9, 1.0, xtol=1e-10))


def _capacity(constants: Mapping[str, float], parts: Mapping[str, str]) -> float:
    return capacity_share(1e-6 * float(parts["size"]), float(parts["rate"]), constants[DIFFUSIVITY])


register(
    Study(
        key="liu",
        title="Normalised capacity of single NMC811 particles, simulated in the paper",
        source="C. Liu, F. Roters, D. Raabe, Nat. Commun. 2024, 15, 7970, doi 10.1038/s41467-024-52123-w",
        quantities=(Quantity(r"(?P<size>[\d.]+)_(?P<rate>[\d.]+)C", "-", _capacity),),
        constants={
            DIFFUSIVITY: LogNormal(
                median=4e-15,
                factor=2.0,
                source="NMC811, C.-H. Chen et al. 2020, doi 10.1149/1945-7111/ab9050",
            )
        },
        misses=(
            "The paper's figures are themselves simulated, with a diffusivity that depends on the state of charge."
            " Here it is one number, calibrated on particles of 2 um that hardly feel it: most of its value is the"
            " prior from Chen 2020, and the large particles are a prediction. The paper loses more at 1C and less at"
            " 5C than a constant diffusivity allows: 12 um at 1C comes out too high, 8 and 12 um at 5C too low."
            " Stress and grain boundaries, which the paper has, are not in the model."
        ),
    )
)
