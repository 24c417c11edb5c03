"""Layered oxides: open-circuit potential, diffusivity, strain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pybamm

from assb.models.closures.smooth import clip_stoichiometry
from assb.parameters.entry import assumed, derived, published

#: Stoichiometries at which the diffusivity is given; the window of use lies between the outer two.
DIFFUSIVITY_KNOTS = (0.4, 0.65, 0.9)
#: Window over which the open-circuit correction is spread, and how many coefficients it may have.
CORRECTION_WINDOW = (0.3, 0.95)
CORRECTION_TERMS = 6


def nmc811_potential(y: Any) -> Any:
    """Open-circuit potential of NMC811 [V vs Li] (Chen 2020, doi 10.1149/1945-7111/ab9050), for
    stoichiometries between about 0.2 and 0.95.
    """
    return (
        -0.8090 * y
        + 4.4875
        - 0.0428 * np.tanh(18.5138 * (y - 0.5542))
        - 17.7326 * np.tanh(15.7890 * (y - 0.3117))
        + 17.5842 * np.tanh(15.9308 * (y - 0.3120))
    )


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
class CollapseStrain:
    """Volume strain of a Ni-rich oxide against full lithiation, a callable of the stoichiometry.

    Parameters
    ----------
    gradual, collapse : float
        Contraction that accrues evenly with delithiation, and that of the c-axis collapse
        (positive numbers); both are reached at stoichiometry `end`.
    centre, end : float
        Stoichiometry of the collapse (4.15-4.2 V) and of the end of charge (4.3 V), on the axis of the
        open-circuit potential.
    width : float
        Width of the collapse in stoichiometry (assumption).
    """

    gradual: float
    collapse: float
    centre: float
    end: float
    width: float = 0.025

    def _share(self, y: Any) -> Any:
        return 0.5 * (1 + np.tanh((self.centre - y) / (2 * self.width)))

    def __call__(self, y: Any) -> Any:
        """Strain at stoichiometry `y`, zero at one."""
        top, bottom = float(self._share(1.0)), float(self._share(self.end))
        collapsed = (self._share(y) - top) / (bottom - top)
        return -self.gradual * (1 - y) / (1 - self.end) - self.collapse * collapsed


def _potential_with_correction(y):
    names = [f"Positive electrode OCP correction {k} [V]" for k in range(CORRECTION_TERMS)]
    return nmc811_potential(y) + correction(y, [pybamm.Parameter(name) for name in names])


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


def _layered(density, molar_mass, strain, strain_source):
    concentration = density * 1e6 / molar_mass
    return {
        "density [g.cm-3]": density_entry(density),
        "Maximum concentration in positive electrode [mol.m-3]": derived(
            concentration, "crystal density over molar mass; liquid-cell fits such as 63104 exceed it"
        ),
        "Positive electrode OCP [V]": published(_potential_with_correction, "Chen2020"),
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
        "Positive electrode volume strain": published(strain, strain_source),
        "Positive electrode conductivity activation energy [J.mol-1]": assumed(
            1.5e4, "small-polaron hopping"
        ),
    }


def density_entry(density):
    """Crystal density, with its source."""
    return (
        published(density, "Song2022")
        if density == 4.8
        else assumed(density, "crystal density from lattice constants")
    )


#: Where the open-circuit potential is 4.2 V, the plateau of the collapse, and 4.3 V.
COLLAPSE, END = 0.30, 0.26

MATERIALS = {
    # -7.8 % in all (Song2022, Table 2); the split follows the c-axis share of Oh2026.
    "NCM811": _layered(4.78, 97.28, CollapseStrain(0.026, 0.052, COLLAPSE, END), "Song2022"),
    # NCWA: -6.5 % in all, -4.6 % of it the collapse (Oh2026).
    "NCWA88": _layered(4.8, 97.9, CollapseStrain(0.019, 0.046, COLLAPSE, END), "Oh2026"),
    # Single-crystalline Ni82: -4.8 % in all, -2.8 % of it the collapse (Oh2026).
    "NCM82": _layered(4.8, 97.2, CollapseStrain(0.020, 0.028, COLLAPSE, END), "Oh2026"),
}
