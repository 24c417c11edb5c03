"""Cracks between the grains of polycrystalline active material."""

from __future__ import annotations

from typing import Any

import numpy as np

from assb.models.closures.smooth import softplus

#: Fabrication pressure above which pressing cracks particles, and how softly [Pa] (H. Feng et al., ChemSusChem
#: 2025, doi 10.1002/cssc.202501033: cracks and a lower first capacity above 380 MPa; the width is an assumption).
PRESSING_THRESHOLD = 380e6
PRESSING_WIDTH = 30e6


def crack_opening(strain: Any, critical_strain: Any, width: Any, closed: Any) -> Any:
    """Share of the cracks that is open, ``o_min + (1 - o_min)/(1 + exp((e - e_cr)/w))``.

    Cracks open as the particle contracts on charge and close in part on discharge.

    Parameters
    ----------
    strain : array-like or symbol
        Volume strain e of the particle, relative to full lithiation; negative for contraction.
    critical_strain, width : array-like or symbol
        Strain e_cr at which half of what can close is open, and the width w > 0 of the transition.
    closed : array-like or symbol
        Share o_min that stays open at full lithiation.

    References
    ----------
    Y. B. Song et al., Curr. Opin. Solid State Mater. Sci. 2022, doi 10.1016/j.cossms.2021.100977, Fig. 4d,e:
    3.69 % of the area of a particle charged, 0.90 % after the discharge. The form is an assumption.
    """
    return closed + (1 - closed) * 0.5 * (1 - np.tanh(0.5 * (strain - critical_strain) / width))


def cracking_rate(
    cracks: Any,
    strain_rate: Any,
    strain_swing: Any,
    rate_constant: Any,
    swing_exponent: Any,
    pressure: Any,
    critical_pressure: Any,
) -> Any:
    """Rate of cracking [s-1], ``dC/dt = k (1 - C) |de/dt| [s**m + (P/P_cr)**2]``, s = |e - e_0|/e_ref.

    Parameters
    ----------
    cracks : array-like or symbol
        Crack state C in [0, 1).
    strain_rate, strain_swing : array-like or symbol
        |de/dt| [s-1] and s >= 0.
    rate_constant, swing_exponent : array-like or symbol
        k per unit strain, and m (assumptions, calibrated on ageing data).
    pressure, critical_pressure : array-like or symbol
        P and P_cr [Pa].
    """
    overload = (pressure / critical_pressure) ** 2
    return rate_constant * (1 - cracks) * strain_rate * (strain_swing**swing_exponent + overload)


def electrolyte_cushion(electrolyte_fraction: Any, scale: Any) -> Any:
    """Factor by which electrolyte between the particles slows cracking, ``exp(-eps_SE/eps_0)``.

    More electrolyte means fewer contacts of brittle particles, where stress concentrates (Y. B. Song et al.
    2022, doi 10.1016/j.cossms.2021.100977, Sec. 4.1: fewer cracks at 40.7 than at 29.1 % by mass). The
    exponential is an assumption.
    """
    return np.exp(-electrolyte_fraction / scale)


def cracks_from_pressing(pressure: Any, sensitivity: Any) -> Any:
    """Crack state left by fabrication, ``1 - exp(-C_f softplus((P - 380 MPa)/30 MPa))``.

    Parameters
    ----------
    pressure : array-like or symbol
        Fabrication pressure [Pa].
    sensitivity : array-like or symbol
        C_f >= 0: for few cracks the state is C_f times the softplus; the exponential keeps it below one.
    """
    return 1 - np.exp(-sensitivity * softplus((pressure - PRESSING_THRESHOLD) / PRESSING_WIDTH, 1.0))


def blocked_diffusivity_ratio(cracks: Any, opening: Any) -> Any:
    """Ratio of effective to intrinsic diffusivity when cracks stay empty, ``1 - C o``.

    No electrolyte enters them in a solid-state cell: they block the grains behind (Y. B. Song et al. 2022,
    doi 10.1016/j.cossms.2021.100977, Sec. 4.1).
    """
    return 1 - cracks * opening


def isolation_rate(
    isolated: Any, per_damage: Any, damage_rate: Any, per_cracked: Any, cracking_rate: Any
) -> Any:
    """Rate at which active material is cut off [s-1], ``(1 - I)(k_iso dD_c/dt + k_gr dC/dt)``.

    Contacts that are lost cut off whole particles, cracks the grains behind them.

    Parameters
    ----------
    isolated : array-like or symbol
        Isolated share I in [0, 1).
    per_damage, per_cracked : array-like or symbol
        k_iso and k_gr (assumptions).
    damage_rate, cracking_rate : array-like or symbol
        Rates of contact damage and of cracking [s-1].

    References
    ----------
    Isolated grains of polycrystals: Y. B. Song et al., Curr. Opin. Solid State Mater. Sci. 2022,
    doi 10.1016/j.cossms.2021.100977. The law is an assumption.
    """
    connected = 1 - isolated
    return connected * per_damage * damage_rate + connected * per_cracked * cracking_rate
