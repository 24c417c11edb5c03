"""Smooth versions of kinked functions, and the Arrhenius law.

Everything the solver sees is differentiable: a kink costs an implicit integrator its order and a
gradient-based calibration its convergence.
"""

from __future__ import annotations

from typing import Any

import numpy as np

#: Molar gas constant [J.mol-1.K-1] and Faraday constant [C.mol-1] (CODATA 2018, exact).
R_GAS = 8.314462618
FARADAY = 96485.33212
#: Vacuum permittivity [F.m-1] (CODATA 2018).
EPSILON_0 = 8.8541878128e-12


def softplus(x: Any, scale: Any) -> Any:
    """Smooth positive part, ``scale * ln(1 + exp(x/scale))``.

    Written so that the exponent is never positive: large arguments do not overflow.

    Parameters
    ----------
    x, scale : array-like or symbol
        Argument and width of the transition, in the same unit; ``scale`` > 0.

    Returns
    -------
    array-like or symbol
        Same shape and unit as `x`; tends to max(x, 0) as ``scale`` goes to zero.
    """
    size = np.abs(x)
    return 0.5 * (x + size) + scale * np.log(1 + np.exp(-size / scale))


def smooth_abs(x: Any, scale: Any) -> Any:
    """Smooth magnitude, ``sqrt(x**2 + scale**2) - scale`` (zero at zero, same unit as `x`)."""
    return np.sqrt(x**2 + scale**2) - scale


def clip_stoichiometry(y: Any, margin: float = 1e-4) -> Any:
    """Stoichiometry kept inside [margin, 1 - margin] so that logarithms and roots stay finite."""
    return np.minimum(np.maximum(y, margin), 1 - margin)


def soft_clip_stoichiometry(y: Any, margin: float = 1e-4, width: float = 1e-3) -> Any:
    """Stoichiometry that approaches [margin, 1 - margin] smoothly, for values that can leave it by far.

    Parameters
    ----------
    y : array-like or symbol
        Stoichiometry, any real number.
    margin : float
        Distance of the bounds from 0 and 1.
    width : float
        Width of the rounding; ten widths inside the bounds `y` is changed by less than 1e-4 of one.
    """
    above = margin + softplus(y - margin, width)
    return 1 - margin - softplus(1 - margin - above, width)


def arrhenius(activation_energy: Any, temperature: Any, reference_temperature: Any) -> Any:
    """Arrhenius factor, one at the reference temperature.

    Parameters
    ----------
    activation_energy : array-like or symbol
        Activation energy [J.mol-1].
    temperature, reference_temperature : array-like or symbol
        Temperatures [K].

    Returns
    -------
    array-like or symbol
        ``exp[-(Ea/R)(1/T - 1/T_ref)]``. The form carries no 1/T pre-factor: conductivities quoted
        with sigma*T must be converted before use.
    """
    return np.exp(-(activation_energy / R_GAS) * (1 / temperature - 1 / reference_temperature))
