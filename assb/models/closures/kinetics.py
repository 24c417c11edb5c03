"""Charge transfer at the contact between two solids."""

from __future__ import annotations

from typing import Any

import numpy as np

from assb.models.closures.smooth import FARADAY, R_GAS, clip_stoichiometry


def exchange_current_density(reference: Any, y: Any) -> Any:
    """Exchange current density of insertion from a single-ion conductor.

    ``i0 = i0_ref * 2 sqrt(y (1 - y))``: Li+ in the solid electrolyte has a fixed concentration, so
    only the occupied and empty sites of the host enter. `reference` is the value at y = 0.5.

    Parameters
    ----------
    reference : array-like or symbol
        Exchange current density at y = 0.5 [A.m-2] of true contact area.
    y : array-like or symbol
        Surface stoichiometry, clipped to [1e-4, 1 - 1e-4].

    References
    ----------
    M. Doyle, T. F. Fuller, J. Newman, J. Electrochem. Soc. 1993, 140, 1526,
    doi 10.1149/1.2221597 (insertion kinetics); constant Li+ activity for a transference number of one.
    """
    y = clip_stoichiometry(y)
    return reference * 2 * np.sqrt(y * (1 - y))


def butler_volmer_overpotential(j: Any, i0: Any, temperature: Any) -> Any:
    """Overpotential of the symmetric Butler-Volmer law at a given current density.

    Parameters
    ----------
    j : array-like or symbol
        Current density per true contact area [A.m-2], positive for oxidation.
    i0 : array-like or symbol
        Exchange current density [A.m-2].
    temperature : array-like or symbol
        Temperature [K].

    Returns
    -------
    array-like or symbol
        Overpotential [V], ``(2RT/F) asinh(j / (2 i0))``.
    """
    return 2 * R_GAS * temperature / FARADAY * np.arcsinh(j / (2 * i0))


def butler_volmer_slope(j: Any, i0: Any, temperature: Any) -> Any:
    """Differential charge-transfer resistance d(eta)/dj [Ohm.m2] of the symmetric law."""
    return R_GAS * temperature / FARADAY / np.sqrt(i0**2 + (j / 2) ** 2)
