"""Coatings between active material and solid electrolyte: what electrons see of them."""

from __future__ import annotations

from typing import Any


def coating_electronic_ratio(
    thickness: Any, conductivity: Any, electrolyte_thickness: Any, electrolyte_conductivity: Any
) -> Any:
    """Electronic resistance of a coating over that of the electrolyte behind it, ``L_c sigma_SE/(L_SE sigma_c)``.

    Parameters
    ----------
    thickness, electrolyte_thickness : array-like or symbol
        L_c and L_SE [m].
    conductivity, electrolyte_conductivity : array-like or symbol
        Electronic conductivities sigma_c and sigma_SE [S.m-1].
    """
    return thickness * electrolyte_conductivity / (electrolyte_thickness * conductivity)


def coated_interface_potential(potential: Any, negative_potential: Any, ratio: Any) -> Any:
    """Potential that the electrolyte sees under a coating [V vs Li], ``V_n + (V - V_n)/(1 + rho)``.

    A steady trickle of electrons runs through coating and electrolyte, and the potential of lithium falls as the
    electronic resistances of both divide it; Li+ moves so easily that it does not count. Only the ratio of the
    thicknesses enters.

    Parameters
    ----------
    potential, negative_potential : array-like or symbol
        Potential of the active material and of the negative electrode [V vs Li].
    ratio : array-like or symbol
        rho of :func:`coating_electronic_ratio`.

    References
    ----------
    Profiles of the lithium potential through coating and electrolyte (sigma_e of 1e-14 and 1e-11 S/cm, 10-100 nm on
    20-100 um) as quoted in EES Batteries 2025, 1, 692, doi 10.1039/d5eb00101c, Sec. 3.1. Constant electronic
    conductivities are an assumption.
    """
    return negative_potential + (potential - negative_potential) / (1 + ratio)


def coated_contact_conduction(
    thickness: Any, radius: Any, conductivity: Any, coating_conductivity: Any
) -> Any:
    """Electronic conductivity that a coating of given thickness leaves, ``1/(1 + (L_c/R) sigma/sigma_c)``.

    Two layers of coating in series with a particle, per diameter.

    Parameters
    ----------
    thickness, radius : array-like or symbol
        L_c and the radius R of the particle [m].
    conductivity, coating_conductivity : array-like or symbol
        Electronic conductivities of the particle and of the coating [S.m-1].
    """
    return 1 / (1 + thickness * conductivity / (radius * coating_conductivity))
