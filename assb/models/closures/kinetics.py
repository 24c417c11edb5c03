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


def butler_volmer_overpotential(j: Any, i0: Any, temperature: Any, transfer: Any = None) -> Any:
    """Overpotential of the Butler-Volmer law at a given current density.

    The law is ``j = i0 (exp(a x) - exp(-(1 - a) x))`` with ``x = F eta/(R T)``. With a = 1/2 its inverse is closed;
    otherwise three Newton steps on ``x = 2 asinh(j/(2 i0) exp((1/2 - a) x))``, which is nearly linear in x, give it
    to better than 1e-9 for a from 0.2 to 0.8.

    Parameters
    ----------
    j : array-like or symbol
        Current density per true contact area [A.m-2], positive for oxidation.
    i0 : array-like or symbol
        Exchange current density [A.m-2].
    temperature : array-like or symbol
        Temperature [K].
    transfer : array-like or symbol, optional
        Transfer coefficient a of the oxidation, between 0 and 1; one half, the symmetric law, by default.

    Returns
    -------
    array-like or symbol
        Overpotential [V]; ``(2RT/F) asinh(j / (2 i0))`` where the law is symmetric.
    """
    thermal = R_GAS * temperature / FARADAY
    x = 2 * np.arcsinh(j / (2 * i0))
    if transfer is None:
        return thermal * x
    skew = transfer - 0.5
    for _ in range(3):
        ratio = j / (2 * i0) * np.exp(-skew * x)
        residual = x - 2 * np.arcsinh(ratio)
        x = x - residual / (1 + 2 * skew * ratio / np.sqrt(1 + ratio**2))
    return thermal * x


def butler_volmer_current(overpotential: Any, i0: Any, temperature: Any, transfer: Any = None) -> Any:
    """Current density of the Butler-Volmer law at a given overpotential.

    Parameters
    ----------
    overpotential : array-like or symbol
        [V], positive for oxidation.
    i0 : array-like or symbol
        Exchange current density [A.m-2].
    temperature : array-like or symbol
        Temperature [K].
    transfer : array-like or symbol, optional
        Transfer coefficient of the oxidation; one half by default.

    Returns
    -------
    array-like or symbol
        Current density [A.m-2].
    """
    x = FARADAY * overpotential / (R_GAS * temperature)
    if transfer is None:
        return 2 * i0 * np.sinh(x / 2)
    return 2 * i0 * np.exp((transfer - 0.5) * x) * np.sinh(x / 2)


def butler_volmer_slope(j: Any, i0: Any, temperature: Any, transfer: Any = None) -> Any:
    """Differential charge-transfer resistance d(eta)/dj [Ohm.m2].

    Parameters
    ----------
    j, i0, temperature, transfer
        As of :func:`butler_volmer_overpotential`.

    Returns
    -------
    array-like or symbol
        ``RT/F / sqrt(i0**2 + (j/2)**2)`` where the law is symmetric.
    """
    thermal = R_GAS * temperature / FARADAY
    if transfer is None:
        return thermal / np.sqrt(i0**2 + (j / 2) ** 2)
    x = butler_volmer_overpotential(j, i0, temperature, transfer) / thermal
    return thermal / (i0 * (transfer * np.exp(transfer * x) + (1 - transfer) * np.exp((transfer - 1) * x)))
