"""Contact area between active material and solid electrolyte."""

from __future__ import annotations

from typing import Any

import numpy as np

from assb.models.closures.cracking import cracking_rate

#: Sharpness with which the contact closes.
SATURATION = 4
#: Pressure below which an unloaded contact is still held by adhesion and roughness [Pa] (assumption).
REMNANT_PRESSURE = 0.5e6


def utilised_area_fraction(
    size_ratio: Any, electrolyte_fraction: Any, active_fraction: Any, k: Any = 2.2
) -> Any:
    """Share in contact that packing allows, ``1 - exp(-k lambda eps_SE/eps_AM)``.

    Of the surface of every particle, or of the number of particles: see option "contact packing". The published point
    is a share of utilised particles.

    Parameters
    ----------
    size_ratio : array-like or symbol
        lambda = D_CAM/D_SE.
    electrolyte_fraction, active_fraction : array-like or symbol
        Volume fractions of solid electrolyte and active material.
    k : array-like or symbol
        2.2 gives 0.98 at lambda = 2.1 and 75:25 by mass.

    References
    ----------
    Calibration point: size-ratio study quoted in Y. B. Song et al., Curr. Opin. Solid State Mater.
    Sci. 2022, doi 10.1016/j.cossms.2021.100977, Sec. 2.2; the exponential form is an assumption.
    """
    return 1 - np.exp(-k * size_ratio * electrolyte_fraction / active_fraction)


def contact_pressure(
    stack_pressure: Any,
    transmitted: Any,
    residual: Any,
    shrinkage: Any,
    local_stiffness: Any,
    gap: Any,
    gap_stiffness: Any,
) -> Any:
    """Pressure at the contact [Pa].

    Parameters
    ----------
    stack_pressure : array-like or symbol
        Stack pressure P [Pa].
    transmitted : array-like or symbol
        Share s of the stack pressure that reaches the contact.
    residual : array-like or symbol
        Pressure left by fabrication p_0 [Pa].
    shrinkage : array-like or symbol
        Positive part of the volume strain lost since fabrication.
    local_stiffness : array-like or symbol
        K_loc [Pa]; far below the elastic value of 10 GPa, because the electrolyte flows.
    gap : array-like or symbol
        Volume lost by oxidised electrolyte relative to the electrolyte volume.
    gap_stiffness : array-like or symbol
        K_gap [Pa]: couples chemistry to mechanics.
    """
    return transmitted * stack_pressure + residual - local_stiffness * shrinkage - gap_stiffness * gap


def pressure_response(pressure: Any, closing_pressure: Any, exponent: Any = 0.5) -> Any:
    """Contact fraction g(p) in (0, 1) of a rough solid contact.

    Parameters
    ----------
    pressure : array-like or symbol
        Contact pressure [Pa]; negative values are allowed (open contact).
    closing_pressure : array-like or symbol
        Pressure p* at which the contact is nearly closed [Pa].
    exponent : array-like or symbol
        0.5: the recoverable contact resistance falls as P**-0.5 over 20-400 MPa.

    Returns
    -------
    array-like or symbol
        ``x**m/(1 + x**(m q))**(1/q)``, x = p_s/p*, q = 4, p_s the smooth positive part of p.

    References
    ----------
    Exponent: arXiv 2501.00600 (resistance against pressure of recoverable contacts).
    """
    positive = 0.5 * (pressure + np.sqrt(pressure**2 + 4 * REMNANT_PRESSURE**2))
    x = (positive / closing_pressure) ** exponent
    return x / (1 + x**SATURATION) ** (1 / SATURATION)


def electrolyte_damage_rate(
    damage: Any,
    strain_rate: Any,
    strain_swing: Any,
    rate_constant: Any,
    swing_exponent: Any,
    pressure: Any,
    critical_pressure: Any,
) -> Any:
    """Rate at which the electrolyte network cracks [s-1], ``k (1 - D)|de/dt| (s**m + (P/P_cr)**2)``.

    The law of :func:`cracking_rate`, with a damage and a rate of its own.

    Parameters
    ----------
    damage : array-like or symbol
        Damage D_SE in [0, 1): the network conducts the share 1 - D_SE.
    strain_rate, strain_swing, rate_constant, swing_exponent : array-like or symbol
        As in :func:`damage_rate`; k is an assumption.
    pressure, critical_pressure : array-like or symbol
        P, P_cr [Pa].
    """
    return cracking_rate(
        damage, strain_rate, strain_swing, rate_constant, swing_exponent, pressure, critical_pressure
    )


def constriction_factor(contact_fraction: Any) -> Any:
    """Constriction of current on the contacts left, ``(1 - sqrt(theta))**(3/2) / theta``.

    A contact spot of radius b in its flux tube, a cylinder of radius b/sqrt(theta), has the
    constriction resistance ``(1 - sqrt(theta))**(3/2)/(4 kappa b)`` in one of the two bodies. There are
    ``theta/(pi b**2)`` spots per area: its resistance is ``pi b/(4 kappa)`` times this factor.

    Parameters
    ----------
    contact_fraction : array-like or symbol
        theta in (0, 1]. Full contact has no constriction.

    References
    ----------
    M. G. Cooper, B. B. Mikic, M. M. Yovanovich, Int. J. Heat Mass Transfer 1969, 12, 279,
    doi 10.1016/0017-9310(69)90011-8.
    """
    return (1 - np.sqrt(contact_fraction)) ** 1.5 / contact_fraction


def diffusion_constriction_length(patch_radius: Any, contact_fraction: Any) -> Any:
    """Length [m] that diffusion to contact patches adds, ``(pi a_p/4)(1 - sqrt(theta))**(3/2)``.

    Times ``j/(F D)``, with j per contact area, it is the concentration at the surface of the particle less
    that at the patches, in steady state: :func:`constriction_factor` for lithium inside the particle. A
    patch carries ``pi a_p**2 j/F`` through ``(1 - sqrt(theta))**(3/2)/(4 D a_p)``.

    Parameters
    ----------
    patch_radius : array-like or symbol
        Radius a_p of a contact patch [m].
    contact_fraction : array-like or symbol
        theta in (0, 1]. Full contact has no constriction.

    References
    ----------
    M. G. Cooper, B. B. Mikic, M. M. Yovanovich, Int. J. Heat Mass Transfer 1969, 12, 279,
    doi 10.1016/0017-9310(69)90011-8 (conduction of heat; diffusion obeys the same equation).
    """
    return np.pi / 4 * patch_radius * (1 - np.sqrt(contact_fraction)) ** 1.5


def apparent_diffusivity_ratio(contact_fraction: Any) -> Any:
    """Diffusivity from a Warburg coefficient read with full contact, over the true one.

    ``[1 + pi/(2 sqrt(2)) (1 - sqrt(theta))**(3/2)/theta]**(-2)``, for patches, at the angular frequency
    ``D/a_p**2``. The Warburg coefficient, the slope of Re Z against the inverse root of the frequency, is
    ``W = |U'|/(F c_max a L sqrt(2 D))`` without patches. They add the resistance ``R = |U'| l/(F c_max D a theta L)``,
    l of :func:`diffusion_constriction_length`, in an arc ``R/(1 + i omega tau)``. At ``omega tau = 1`` its slope is
    ``R/sqrt(tau)``: the radius of the patches cancels, and D_app/D is ``(1 + R/(W sqrt(tau)))**(-2)``. As
    theta vanishes it is 0.81 theta**2; titration that counts the geometric area gives theta**2.

    Parameters
    ----------
    contact_fraction : array-like or symbol
        theta in (0, 1].

    References
    ----------
    W. Weppner, R. A. Huggins, J. Electrochem. Soc. 1977, 124, 1569, doi 10.1149/1.2133112 (the area in the
    evaluation of titration); C. Ho, I. D. Raistrick, R. A. Huggins, J. Electrochem. Soc. 1980, 127, 343,
    doi 10.1149/1.2129668 (Warburg coefficient). The combination with an arc is derived here.
    """
    return (1 + np.pi / 8**0.5 * constriction_factor(contact_fraction)) ** -2


def damage_rate(
    damage: Any,
    strain_rate: Any,
    strain_swing: Any,
    rate_constant: Any,
    swing_exponent: Any,
    pressure: Any,
    yield_pressure: Any,
    relief_pressure: Any,
    critical_pressure: Any,
    porosity: Any,
    porosity_factor: Any,
) -> Any:
    """Rate of irreversible contact damage [s-1].

    ``dD/dt = k (1 - D) |de/dt| s**m h``, with the relative swing s = |e - e_0|/e_ref and
    ``h = exp(-(P + p_y)/P_D)(1 + b eps_v) + (P/P_cr)**2``: pressure relieves contact loss until it
    cracks the particles, so an optimum exists.

    Parameters
    ----------
    damage : array-like or symbol
        Damage D_c in [0, 1).
    strain_rate, strain_swing : array-like or symbol
        |de/dt| [s-1] and |e - e_0|/e_ref.
    rate_constant, swing_exponent : array-like or symbol
        k and m (assumptions, calibrated on ageing data).
    pressure, yield_pressure, relief_pressure, critical_pressure : array-like or symbol
        P, p_y, P_D, P_cr [Pa].
    porosity, porosity_factor : array-like or symbol
        Void fraction and b.
    """
    relief = np.exp(-(pressure + yield_pressure) / relief_pressure) * (1 + porosity_factor * porosity)
    overload = (pressure / critical_pressure) ** 2
    return rate_constant * (1 - damage) * strain_rate * strain_swing**swing_exponent * (relief + overload)
