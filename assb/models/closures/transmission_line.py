"""Impedance of a mixed-conducting composite as a line of two rails, in closed form.

An ionic rail of area resistance R_i and an electronic rail of area resistance R_e lie side by side and are
joined by an admittance Y spread evenly along them (a double layer: ``Y = i w C``). With
``s = sqrt(Y (R_i + R_e))`` the answer depends only on which carrier each end lets through.

Sources
-------
R. de Levie, Electrochim. Acta 1963, 8, 751, doi 10.1016/0013-4686(63)80042-0 (one rail);
Z. Siroma et al., Electrochim. Acta 2015, 160, 313, doi 10.1016/j.electacta.2015.02.065 (two rails);
N. Kaiser et al., J. Power Sources 2018, 396, 175, doi 10.1016/j.jpowsour.2018.05.095 (composites of a sulfide
between ion-blocking and between reversible contacts).
"""

from __future__ import annotations

from typing import Any

import numpy as np

#: Below this magnitude the quotients are taken from their series, which have no cancellation.
SMALL = 1e-3


def _tanh_over(x: Any) -> Any:
    """``tanh(x)/x`` for complex x with a real part >= 0, 1 at zero, no overflow."""
    x = np.asarray(x, dtype=complex)
    small = np.abs(x) < SMALL
    safe = np.where(small, 1.0, x)
    decay = np.exp(-2 * safe)
    return np.where(small, 1 - x**2 / 3, (1 - decay) / ((1 + decay) * safe))


def through_impedance(passing: Any, blocked: Any, admittance: Any) -> Any:
    """Impedance between two like contacts that let one carrier through and block the other.

    ``Z = R_p R_b/(R_p + R_b) + R_p**2/(R_p + R_b) tanh(s/2)/(s/2)``: the rail that passes at low frequency,
    both rails in parallel at high frequency.

    Parameters
    ----------
    passing, blocked : array-like
        Area resistance of the rail whose carrier the contacts let through, and of the other [Ohm.m2].
    admittance : array-like of complex
        Admittance Y between the rails, per electrode area [S.m-2].

    Returns
    -------
    ndarray of complex
        [Ohm.m2], of the broadcast shape.

    Notes
    -----
    Between ion-blocking contacts the electrons pass; between electron-blocking (reversible, Li+-conducting)
    contacts the ions do. With a perfectly conducting other rail this is the reversible finite line,
    ``R_p tanh(s/2)/(s/2)``. Derived from the line equations; agrees with Siroma et al. 2015.
    """
    total = passing + blocked
    half = np.sqrt(np.asarray(admittance, dtype=complex) * total) / 2
    return passing * blocked / total + passing**2 / total * _tanh_over(half)


def electrode_impedance(ionic: Any, electronic: Any, admittance: Any) -> Any:
    """Impedance of a composite electrode: ions enter at one end, electrons at the other.

    ``Z = R_i R_e/(R_i + R_e) [1 + (2 + (R_i/R_e + R_e/R_i) cosh s)/(s sinh s)]``; with R_e = 0 it is de
    Levie's ``R_i coth(s)/s``, whose real part tends to R_i/3 at low frequency.

    Parameters
    ----------
    ionic, electronic : array-like
        Area resistances of the two rails [Ohm.m2]; either may be zero.
    admittance : array-like of complex
        Admittance Y between the rails, per electrode area [S.m-2], not zero.

    Returns
    -------
    ndarray of complex
        [Ohm.m2], of the broadcast shape.
    """
    total = ionic + electronic
    s = np.sqrt(np.asarray(admittance, dtype=complex) * total)
    decay = np.exp(-s)
    # cosh/sinh and 1/sinh with decaying exponentials, so that a high frequency does not overflow.
    coth = (1 + decay**2) / (1 - decay**2)
    csch = 2 * decay / (1 - decay**2)
    product = ionic * electronic
    return (product + (2 * product * csch + (ionic**2 + electronic**2) * coth) / s) / total
