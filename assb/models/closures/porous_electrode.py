"""Linearised porous electrode between two ohmic networks.

Used by the single-particle model: the exact reaction distribution of a linear electrode just after
a current step, and one mode by which it relaxes towards a uniform reaction as the potential of the
particles slopes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from assb.models.closures.smooth import FARADAY


def thiele_number(thickness: Any, kappa: Any, sigma: Any, area: Any, resistance: Any) -> Any:
    """Dimensionless ratio of ohmic to interfacial resistance,
    ``nu = L sqrt((1/kappa + 1/sigma) a theta / r_ct)``.

    Parameters
    ----------
    thickness : array-like or symbol
        Electrode thickness [m].
    kappa, sigma : array-like or symbol
        Effective ionic and electronic conductivity [S.m-1].
    area : array-like or symbol
        Contact area per electrode volume, a*theta [m-1].
    resistance : array-like or symbol
        Differential interfacial resistance on that area [Ohm.m2].
    """
    return thickness * np.sqrt((1 / kappa + 1 / sigma) * area / resistance)


def newman_tobias_resistance(thickness: Any, kappa: Any, sigma: Any, nu: Any) -> Any:
    """Area resistance [Ohm.m2] of a linear porous electrode just after a current step.

    ``R = L/(kappa + sigma) [1 + (2 + (sigma/kappa + kappa/sigma) cosh nu)/(nu sinh nu)]``

    References
    ----------
    J. Newman, C. W. Tobias, J. Electrochem. Soc. 1962, 109, 1183, doi 10.1149/1.2425269.

    Notes
    -----
    cosh and sinh are written with decaying exponentials, so that large nu does not overflow.
    """
    decay = np.exp(-nu)
    cosh = 0.5 * (1 + decay**2)
    sinh = 0.5 * (1 - decay**2)
    return (
        thickness / (kappa + sigma) * (1 + (2 * decay + (sigma / kappa + kappa / sigma) * cosh) / (nu * sinh))
    )


def uniform_resistance(thickness: Any, kappa: Any, sigma: Any, area: Any, resistance: Any) -> Any:
    """Area resistance [Ohm.m2] of the electrode when the reaction is uniform in depth,
    ``r_ct/(a theta L) + (L/3)(1/kappa + 1/sigma)``.
    """
    return resistance / (area * thickness) + thickness / 3 * (1 / kappa + 1 / sigma)


def relaxation_rate(
    thickness: Any,
    kappa: Any,
    sigma: Any,
    area: Any,
    resistance: Any,
    slope: Any,
    capacity: Any,
) -> Any:
    """Rate [s-1] at which the reaction distribution relaxes to uniform.

    Parameters
    ----------
    thickness, kappa, sigma, area, resistance
        As in :func:`thiele_number`.
    slope : array-like or symbol
        Slope dU/dy of the open-circuit potential [V]; its magnitude counts.
    capacity : array-like or symbol
        Charge capacity of the active material per electrode volume, F c_max eps [C.m-3].

    Notes
    -----
    The slowest cosine mode of the linear electrode, wavenumber pi/L.
    """
    drop = resistance / (area * thickness) + thickness * (1 / kappa + 1 / sigma) / np.pi**2
    return smooth_slope(slope) / (capacity * thickness * drop)


def smooth_slope(slope: Any) -> Any:
    """Magnitude of the slope, differentiable at zero [V]."""
    return np.sqrt(slope**2 + 1e-6)


def volumetric_capacity(maximum_concentration: Any, fraction: Any) -> Any:
    """Charge capacity per electrode volume, F c_max eps [C.m-3]."""
    return FARADAY * maximum_concentration * fraction
