"""What pores, binder, carbon and coatings do to the networks, and pores that pressing leaves."""

from __future__ import annotations

from typing import Any

import numpy as np

#: Electronic conductivity that a complete coating leaves, relative to none (8-9 decades).
COATED_CONDUCTION = 1e-8


def pore_factor(void_fraction: Any, pores: Any, coefficient: Any) -> Any:
    """Share of the conductivity that pores leave, ``1/(1 + k_n n**(1/3) eps_v)``.

    Parameters
    ----------
    void_fraction : array-like or symbol
        eps_v.
    pores : array-like or symbol
        Number n of pores per active particle. Spheres of radius r among particles of radius R give
        ``n = (eps_v/eps_AM)(R/r)**3``: many small pores cost more than few large ones of the same volume.
    coefficient : array-like or symbol
        k_n (assumption; the form is one as well).

    References
    ----------
    Trend: H. Oh et al., ACS Energy Lett. 2026, 11, 2103, doi 10.1021/acsenergylett.5c03923.
    """
    return 1 / (1 + coefficient * pores ** (1 / 3) * void_fraction)


def cover_factor(fraction: Any, coefficient: Any) -> Any:
    """Share of the contacts in a network that a filler leaves free, ``exp(-k eps)``.

    Random patches, each as likely to fall on a covered as on a free spot (assumption). Serves binder, which
    costs ions more than electrons, and carbon, which costs ions.

    Parameters
    ----------
    fraction : array-like or symbol
        Volume fraction of the filler.
    coefficient : array-like or symbol
        k, contacts covered per volume: the first percent of filler covers k percent of them.
    """
    return np.exp(-coefficient * fraction)


def coated_network_factor(coated_fraction: Any, left: Any = COATED_CONDUCTION) -> Any:
    """Share of the electronic conductivity that an insulating coating leaves, ``(1 - s) + h s``.

    Parameters
    ----------
    coated_fraction : array-like or symbol
        Share s of the surface of the active material that is coated.
    left : array-like or symbol, optional
        h, what a complete coating leaves: 1e-8, or :func:`coated_contact_conduction`.

    References
    ----------
    Lattice model without carbon (acceptable up to 50 %, 8-9 decades at 100 %) quoted in EES Batteries 2025, 1,
    692, doi 10.1039/d5eb00101c, Sec. 3.1. Linear in between: assumption.
    """
    return (1 - coated_fraction) + left * coated_fraction


def pressed_porosity(pressure: Any, loose: Any, dense: Any, scale: Any) -> Any:
    """Pores left by pressing, ``eps_inf + (eps_0 - eps_inf) exp(-P/P_s)``.

    Parameters
    ----------
    pressure : array-like or symbol
        Fabrication pressure [Pa].
    loose, dense : array-like or symbol
        Porosity of the loose powder eps_0 and the one that no pressure removes eps_inf.
    scale : array-like or symbol
        P_s [Pa].

    References
    ----------
    Exponential densification: R. W. Heckel, Trans. Metall. Soc. AIME 1961, 221, 671. The floor makes it
    saturate, as observed for fabrication pressure (assumption).
    """
    return dense + (loose - dense) * np.exp(-pressure / scale)
