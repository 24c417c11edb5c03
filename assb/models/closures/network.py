"""Effective conductivity of a percolating network of particles.

The relative conductivity ``f = sigma_eff / sigma_0 = eps / tau2`` of one carrier (Li+ through the
solid electrolyte, electrons through the active material and carbon) as a function of composition,
particle-size ratio and pressure. tau2 is the tortuosity factor.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from assb.models.closures.smooth import softplus

#: Width of the rounded percolation threshold: a zero conductivity would be singular.
THRESHOLD_WIDTH = 0.01
#: Volume fraction of electrolyte that no oxidation takes (assumption): by Bruggeman's law it conducts some 1e-5 of
#: the dense electrolyte, as the products do.
LEAST_ELECTROLYTE = 1e-3
#: Pressure that keeps the contacts of a free-standing pellet [Pa] (assumption). A computed stack pressure
#: below zero, a fixture that has come loose, counts as none.
ATTACHED = 1e5
#: Sharpness with which the pressure law saturates at the dense limit.
SATURATION = 4


def bruggeman(fraction: Any, exponent: Any) -> Any:
    """Bruggeman's relation, ``f = eps**b`` (D. A. G. Bruggeman, Ann. Phys. 1935, 416, 636,
    doi 10.1002/andp.19354160705).
    """
    return fraction**exponent


def percolation(fraction: Any, threshold: Any, exponent: Any) -> Any:
    """Percolation law with a rounded threshold.

    Parameters
    ----------
    fraction, threshold : array-like or symbol
        Volume fraction of the conducting phase and its percolation threshold.
    exponent : array-like or symbol
        Conductivity exponent t.

    Returns
    -------
    array-like or symbol
        ``[s_w((eps - eps_c)/(1 - eps_c))]**t``, never exactly zero.

    References
    ----------
    S. Kirkpatrick, Rev. Mod. Phys. 1973, 45, 574, doi 10.1103/RevModPhys.45.574; values for
    NCM|LPSCl composites: P. Minnmann et al., J. Electrochem. Soc. 2021, 168, 040537,
    doi 10.1149/1945-7111/abf8d7 (threshold 0.217, exponent 1.94 for coarse solid electrolyte).
    """
    return softplus((fraction - threshold) / (1 - threshold), THRESHOLD_WIDTH) ** exponent


def percolation_threshold(size_ratio: Any) -> Any:
    """Percolation threshold of the solid electrolyte, lowered when its particles are fine.

    ``eps_c = 0.22 / (1 + (lambda/3)**4)`` with lambda = D_CAM/D_SE: small particles wrap the large
    ones and percolate at a lower share. Interpolates between 0.217 (Minnmann 2021) and a power law
    without threshold for fine solid electrolyte (Oh et al., ACS Energy Lett. 2026, 11, 2103,
    doi 10.1021/acsenergylett.5c03923). The form in lambda is an assumption.
    """
    return 0.22 / (1 + (size_ratio / 3) ** 4)


def size_ratio_percolation(fraction: Any, size_ratio: Any) -> Any:
    """Percolation with threshold and exponent that follow the particle-size ratio.

    Parameters
    ----------
    fraction : array-like or symbol
        Volume fraction of the conducting phase.
    size_ratio : array-like or symbol
        Ratio of the diameters of the obstructing and the conducting particles.

    Returns
    -------
    array-like or symbol
        Relative conductivity; exponent ``t = 1.94 + 0.59 (1 - eps_c/0.22)``, i.e. 1.94 for coarse
        and 2.53 for fine solid electrolyte.
    """
    threshold = percolation_threshold(size_ratio)
    return percolation(fraction, threshold, size_ratio_exponent(threshold))


def size_ratio_exponent(threshold: Any) -> Any:
    """Conductivity exponent that goes with a threshold, ``1.94 + 0.59 (1 - eps_c/0.22)``.

    Parameters
    ----------
    threshold : array-like or symbol
        Of :func:`percolation_threshold`; 0.22 for coarse and 0 for fine solid electrolyte.
    """
    return 1.94 + 0.59 * (1 - threshold / 0.22)


def effective_medium(fraction: Any, threshold: Any, exponent: Any, contrast: Any) -> Any:
    """Conductivity of a mixture of a good and a bad conductor, McLachlan's general effective media equation.

    Parameters
    ----------
    fraction, threshold : array-like or symbol
        Volume fraction of the good conductor and its percolation threshold.
    exponent : array-like or symbol
        Exponent t of both phases.
    contrast : array-like or symbol
        Conductivity of the bad over that of the good conductor, > 0.

    Returns
    -------
    array-like or symbol
        Relative conductivity: `contrast` at fraction 0, 1 at fraction 1, smooth through the threshold, where it
        is about ``(threshold/(1 - threshold) contrast**(1/t))**(t/2)``. For a vanishing contrast it is the
        percolation law without rounding.

    References
    ----------
    D. S. McLachlan, M. Blaszkiewicz, R. E. Newnham, J. Am. Ceram. Soc. 1990, 73, 2187,
    doi 10.1111/j.1151-2916.1990.tb07576.x.

    Notes
    -----
    With one exponent for both phases the equation is quadratic in ``x = f**(1/t)``: explicit, no iteration.
    ``(1 - eps_c) x**2 - b x - eps_c l = 0``, ``l = contrast**(1/t)``,
    ``b = (1 - eps)((1 - eps_c) l - eps_c) + eps ((1 - eps_c) - eps_c l)``.
    """
    low = contrast ** (1 / exponent)
    b = (1 - fraction) * ((1 - threshold) * low - threshold) + fraction * (1 - threshold - threshold * low)
    root = np.sqrt(b**2 + 4 * (1 - threshold) * threshold * low)
    return ((b + root) / (2 * (1 - threshold))) ** exponent


def electrolyte_left(fraction: Any, oxidised: Any) -> Any:
    """Volume fraction of electrolyte that still conducts, ``eps_l + s_w(eps - eps_ox - eps_l)``.

    What oxidation leaves (Li-poor thiophosphates, sulfur, lithium chloride) is taken not to conduct Li+, an
    assumption: the interphase conductivity assumed for the film, 1e-6 S/m, is some 1e-5 of that of the electrolyte.

    Parameters
    ----------
    fraction : array-like or symbol
        Volume fraction of electrolyte at assembly.
    oxidised : array-like or symbol
        Volume of electrolyte oxidised since, per electrode volume.

    Returns
    -------
    array-like or symbol
        Volume fraction, rounded over :data:`THRESHOLD_WIDTH` and never below eps_l = :data:`LEAST_ELECTROLYTE`: a
        law that knows no threshold stays finite where more is counted as oxidised than there was.
    """
    return LEAST_ELECTROLYTE + softplus(fraction - oxidised - LEAST_ELECTROLYTE, THRESHOLD_WIDTH)


def pressure_limited(
    reference: Any, dense: Any, pressure: Any, reference_pressure: Any, exponent: Any
) -> Any:
    """Relative conductivity under pressure, saturating at the dense limit.

    Parameters
    ----------
    reference : array-like or symbol
        Relative conductivity at the reference pressure.
    dense : array-like or symbol
        Upper limit, reached when all contacts are closed; a limit below `reference` is raised to it.
    pressure, reference_pressure : array-like or symbol
        Stack pressure and reference pressure [Pa].
    exponent : array-like or symbol
        Low-pressure exponent: 0-0.1 for ductile sulfides, 0.57-0.76 for brittle oxide contacts
        (from the conductivities of Song et al., Curr. Opin. Solid State Mater. Sci. 2022,
        doi 10.1016/j.cossms.2021.100977, Table 3).

    Returns
    -------
    array-like or symbol
        ``f = f_d x/(1 + x**q)**(1/q)`` with q = 4 and ``x = x_ref ((P + P_a)/(P_ref + P_a))**m``, where
        ``x_ref`` makes f exactly `reference` at the reference pressure. Never above `dense`, and
        independent of pressure where the exponent is zero.

    Notes
    -----
    Written without x, ``f = f_d [1 + ((f_d/f_ref)**q - 1) ((P + P_a)/(P_ref + P_a))**(-m q)]**(-1/q)``, which
    has no singularity where the reference is already dense.
    """
    dense = np.maximum(dense, reference)
    pressed, reference_pressed = (
        softplus(p, 0.1 * ATTACHED) + ATTACHED for p in (pressure, reference_pressure)
    )
    ratio = pressed / reference_pressed
    missing = ((dense / reference) ** SATURATION - 1) * ratio ** (-SATURATION * exponent)
    return dense * (1 + missing) ** (-1 / SATURATION)


def logarithmic_mixture(shares: Any, values: Any) -> Any:
    """Logarithmic mixing rule ``ln sigma = sum_k w_k ln sigma_k`` over a sequence of populations.

    Checked on Oh et al. 2026 (doi 10.1021/acsenergylett.5c03923): 3.05 against the measured
    2.99 mS/cm for the 8:2 blend; the arithmetic mean gives 3.46.
    """
    return np.exp(sum(w * np.log(v) for w, v in zip(shares, values, strict=True)))
