"""Growth of the oxidised interphase between active material and solid electrolyte."""

from __future__ import annotations

from typing import Any

import numpy as np

from assb.models.closures.smooth import FARADAY, R_GAS, softplus

#: Far below any parabolic constant [m2.s-1].
SMALLEST_RATE = 1e-40


def oxidation_gate(potential: Any, onset: Any, width: float = 0.05) -> Any:
    """Share of the oxidation rate that is active at a potential, ``1/(1 + exp(-(V - V_ox)/0.05))``.

    Parameters
    ----------
    potential : array-like or symbol
        Potential of the active material against the solid electrolyte [V vs Li].
    onset : array-like or symbol
        Oxidation onset of the solid electrolyte [V], about 2.2 V for Li6PS5Cl on carbon.
    width : float
        Width of the onset [V] (assumption).
    """
    return 0.5 * (1 + np.tanh(0.5 * (potential - onset) / width))


def growth_rate(
    reference: Any, potential: Any, reference_potential: Any, transfer: Any, temperature: Any
) -> Any:
    """Potential-accelerated rate, ``k_ref exp(b F (V - V_ref)/(R T))``.

    Serves both branches: the reaction-limited velocity [m.s-1] and the diffusion-limited parabolic
    constant [m2.s-1]. The diffusion branch must depend on potential as well, or the upper cut-off
    would not matter once growth is parabolic.
    """
    return reference * np.exp(transfer * FARADAY * (potential - reference_potential) / (R_GAS * temperature))


def squared_thickness_rate(
    squared: Any, reference_thickness: Any, velocity: Any, diffusivity: Any, mode: str
) -> Any:
    """Rate of u = (delta/delta_ref)**2 under mixed control.

    ``d(delta)/dt = 1/(1/k_r + delta/D_i)``, so ``du/dt = 2 delta/delta_ref**2 * d(delta)/dt``. The
    square is the state because it stays smooth when growth is parabolic.

    Parameters
    ----------
    squared : array-like or symbol
        u = (delta/delta_ref)**2, dimensionless, > 0.
    reference_thickness : array-like or symbol
        delta_ref [m].
    velocity : array-like or symbol
        Reaction-limited growth velocity k_r [m.s-1].
    diffusivity : array-like or symbol
        Parabolic constant D_i [m2.s-1].
    mode : {"reaction-limited", "diffusion-limited", "mixed"}
        Which branch limits.

    Returns
    -------
    array-like or symbol
        du/dt [s-1].

    References
    ----------
    B. E. Deal, A. S. Grove, J. Appl. Phys. 1965, 36, 3770, doi 10.1063/1.1713945.
    """
    thickness = reference_thickness * np.sqrt(squared)
    if mode == "reaction-limited":
        return 2 * thickness / reference_thickness**2 * velocity
    if mode == "diffusion-limited":
        return 2 * diffusivity / reference_thickness**2
    if mode == "mixed":
        # k D/(D + k delta), defined where both rates vanish.
        slower = velocity * diffusivity / (diffusivity + velocity * thickness + SMALLEST_RATE)
        return 2 * thickness / reference_thickness**2 * slower
    raise ValueError(f"mode = {mode!r}: use 'reaction-limited', 'diffusion-limited' or 'mixed'")


def coating_resistance(coated_fraction: Any, thickness: Any, conductivity: Any) -> Any:
    """Series resistance of a coating per true contact area [Ohm.m2], ``s L/kappa``.

    Parameters
    ----------
    coated_fraction : array-like or symbol
        Share s of the contact area that is coated.
    thickness : array-like or symbol
        Coating thickness [m].
    conductivity : array-like or symbol
        Ionic conductivity of the coating [S.m-1].

    Notes
    -----
    Bare and coated patches in parallel would be shorted by the bare ones; the mean resistance assumes that
    particles are coated alike and current cannot choose (assumption).
    """
    return coated_fraction * thickness / conductivity


def electronic_factor(conductivity: Any, reference: Any, exponent: Any) -> Any:
    """Oxidation rate against the electronic conductivity of the electrolyte, ``(sigma_e/sigma_ref)**n``.

    Electrolytes that conduct electrons better oxidise more; the power law is an assumption.

    Parameters
    ----------
    conductivity, reference : array-like or symbol
        Electronic conductivity of the solid electrolyte and its reference [S.m-1].
    exponent : array-like or symbol
        n >= 0.
    """
    return (conductivity / reference) ** exponent


def incubation(time_ratio: Any) -> Any:
    """Share of the growth rate that is active after a time above the onset, ``1 - exp(-(t_c/t_inc)**2)``.

    Parameters
    ----------
    time_ratio : array-like or symbol
        t_c/t_inc >= 0, the time spent above the oxidation onset over the incubation time.

    References
    ----------
    Flat, then clearly rising resistance at open circuit after about 16 h: H. Feng et al., ChemSusChem 2025,
    doi 10.1002/cssc.202501033, Sec. 2.2. The form is an assumption.
    """
    return 1 - np.exp(-(time_ratio**2))


def formation_rate(increment: Any, time: Any, duration: Any) -> Any:
    """Growth velocity of the layer that forms once, on the first charge [m.s-1].

    ``delta_1/t_1 exp(-t_c/t_1)`` per unit of time above the onset: its integral is `increment`.

    Parameters
    ----------
    increment : array-like or symbol
        Thickness delta_1 that forms [m].
    time : array-like or symbol
        Time t_c spent above the oxidation onset [s].
    duration : array-like or symbol
        Time t_1 over which it forms [s].
    """
    return increment / duration * np.exp(-time / duration)


def healing_rate(
    recoverable: Any, potential: Any, onset: Any, rate_constant: Any, width: float = 0.02
) -> Any:
    """Rate at which a deep discharge turns the interphase back into electrolyte [m.s-1].

    ``k_heal softplus(V_heal - V) delta_rev``: first order in what can be recovered.

    Parameters
    ----------
    recoverable : array-like or symbol
        Thickness delta_rev of the interphase that has not been recovered and can be [m].
    potential, onset : array-like or symbol
        Potential of the active material against the electrolyte, and V_heal below which healing runs [V vs Li].
    rate_constant : array-like or symbol
        k_heal [V-1.s-1].
    width : float
        Width of the onset [V] (assumption).

    References
    ----------
    Discharge to 2.0 V reduces oxidised sulfur again and restores the contact: review of composite cathodes
    (G. Song et al.), Sec. 4.3; H. Feng et al., ChemSusChem 2025, doi 10.1002/cssc.202501033, Sec. 3.4. The law is an
    assumption.
    """
    return rate_constant * softplus(onset - potential, width) * recoverable


def contact_healing_rate(damage: Any, healing: Any, regained: Any, gap: Any) -> Any:
    """Rate at which healing closes lost contacts [s-1], ``D_c beta h/w``.

    Parameters
    ----------
    damage : array-like or symbol
        Contact damage D_c.
    healing : array-like or symbol
        Rate h of :func:`healing_rate` [m.s-1].
    regained : array-like or symbol
        beta, volume that the electrolyte regains per volume of interphase.
    gap : array-like or symbol
        Width w of the gap between particle and electrolyte at a lost contact [m]: an expansion by w closes all but
        1/e of them (assumption).
    """
    return damage * regained * healing / gap
