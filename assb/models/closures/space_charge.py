"""Space-charge layer in the solid electrolyte at its contact with the active material.

The anion lattice is fixed; Li+ is depleted on the electrolyte side when the active material sits
at a higher potential. Resistances and capacitances are per contact area.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from assb.models.closures.smooth import EPSILON_0, FARADAY, R_GAS

# Gauss-Legendre rule on [0, 1], used with psi = psi_m s**2: nodes gather where the integrand varies.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(10)
_NODES, _WEIGHTS = 0.5 * (_NODES + 1), 0.5 * _WEIGHTS
#: Beyond this many units of psi above -ln(f_min) the layer is fully depleted and the rest is closed form.
_BEYOND = 6.0
#: Width of the onset of depletion [V], about RT/F.
ONSET_WIDTH = 0.025
#: Far below what an impedance spectrum resolves [s].
SHORTEST_TIME = 1e-9
#: Keeps the slope of a square root finite where a coating takes the whole drop [V].
SMALLEST_DROP = 1e-9


def potential_drop(potential: Any, reference: Any) -> Any:
    """Drop over the layer [V]: the smooth positive part of what the active material lies above `reference`.

    Parameters
    ----------
    potential, reference : array-like or symbol
        Potential of the active material and the potential at which the electrolyte is not depleted
        [V vs Li]. Their difference must stay below 15 V, far beyond any cell.
    """
    return ONSET_WIDTH * np.log(1 + np.exp((potential - reference) / ONSET_WIDTH))


def debye_length(permittivity: Any, mobile_concentration: Any, temperature: Any) -> Any:
    """Debye length [m], ``sqrt(eps_r eps_0 R T / (F**2 c_mob))``.

    Parameters
    ----------
    permittivity : array-like or symbol
        Relative permittivity of the solid electrolyte.
    mobile_concentration : array-like or symbol
        Effective concentration of mobile Li+ [mol.m-3].
    temperature : array-like or symbol
        Temperature [K].
    """
    return np.sqrt(permittivity * EPSILON_0 * R_GAS * temperature / (FARADAY**2 * mobile_concentration))


def _field(psi: Any) -> Any:
    """Dimensionless field sqrt(2 (psi + exp(-psi) - 1)), which tends to psi as psi goes to zero.

    The added constant exceeds the rounding of the bracket: the root stays real without a drop.
    """
    return np.sqrt(2 * (psi + np.exp(-psi) - 1) + 1e-14)


def depletion_resistance(psi0: Any, length: Any, conductivity: Any, floor: Any) -> Any:
    """Extra resistance of a depleted layer, from weak drops to full depletion.

    Parameters
    ----------
    psi0 : array-like or symbol
        Potential drop over the layer in units of RT/F, > 0.
    length : array-like or symbol
        Debye length [m].
    conductivity : array-like or symbol
        Bulk conductivity of the solid electrolyte [S.m-1].
    floor : array-like or symbol
        Relative conductivity f_min that survives full depletion (grain surfaces, disorder).

    Returns
    -------
    array-like or symbol
        ``(l/kappa) Int_0^psi0 [(1 + f)/(exp(-psi) + f) - 1] / sqrt(2 (psi + exp(-psi) - 1)) dpsi``
        [Ohm.m2].

    References
    ----------
    Poisson-Boltzmann profile of a single mobile carrier and its Mott-Schottky limit: J. Maier,
    Prog. Solid State Chem. 1995, 23, 171, doi 10.1016/0079-6786(95)00004-E; scale in sulfides:
    N. J. J. de Klerk, M. Wagemaker, ACS Appl. Energy Mater. 2018, 1, 5609,
    doi 10.1021/acsaem.8b01141. The floor is an effective parameter (assumption).

    Notes
    -----
    Quadrature over the part that varies, closed form where the layer is fully depleted: within 0.5 % for
    floors down to 1e-5.
    """
    # Smooth minimum of psi0 and the end of the varying part.
    split = -np.log(np.exp(-psi0) + floor * np.exp(-_BEYOND))
    varying = 0.0
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        psi = split * float(node**2)
        depleted = np.exp(-psi)
        varying = varying + float(2 * node * weight) * (1 - depleted) / (depleted + floor) / _field(psi)
    # With w = _field(psi), dw = (1 - exp(-psi))/w dpsi: the integrand is 1/(exp(-psi) + f) dw.
    saturated = (_field(psi0) - _field(split)) / (np.exp(-split) + floor)
    return length / conductivity * (split * varying + saturated)


def poisson_boltzmann_resistance(psi0: Any, length: Any, conductivity: Any) -> Any:
    """Extra resistance of a layer that nothing but thermal motion refills: the depletion law with no floor.

    Parameters
    ----------
    psi0 : array-like or symbol
        Potential drop over the layer in units of RT/F, > 0; the law is meant for weak drops.
    length : array-like or symbol
        Debye length [m].
    conductivity : array-like or symbol
        Bulk conductivity of the solid electrolyte [S.m-1].

    Returns
    -------
    array-like or symbol
        ``(l/kappa) Int_0^psi0 [exp(psi) - 1] / sqrt(2 (psi + exp(-psi) - 1)) dpsi`` [Ohm.m2]. It grows as
        ``exp(psi0)`` without bound; beyond psi0 of about 10 use :func:`depletion_resistance`.

    References
    ----------
    As :func:`depletion_resistance`.

    Notes
    -----
    With s = exp(psi) the integrand is the slowly varying ``(1 - 1/s)/field``: the quadrature is within 0.5 %
    up to psi0 = 20.
    """
    span = np.exp(psi0) - 1
    mean = 0.0
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        swelled = 1 + span * float(node)
        psi = np.log(swelled)
        mean = mean + float(weight) * (1 - 1 / swelled) / _field(psi)
    return length / conductivity * span * mean


def relaxation_time(resistance: Any, capacitance: Any) -> Any:
    """Time constant of a layer, ``r c`` and a nanosecond, so that a layer without resistance relaxes too [s].

    Parameters
    ----------
    resistance : array-like or symbol
        [Ohm.m2]
    capacitance : array-like or symbol
        [F.m-2]
    """
    return resistance * capacitance + SHORTEST_TIME


def depletion_capacitance(psi0: Any, length: Any, permittivity: Any) -> Any:
    """Differential capacitance of the layer [F.m-2],
    ``(eps_r eps_0/l) (1 - exp(-psi0)) / sqrt(2 (psi0 + exp(-psi0) - 1))``.
    """
    return permittivity * EPSILON_0 / length * (1 - np.exp(-psi0)) / _field(psi0)


def mott_schottky_resistance(
    potential_drop: Any, permittivity: Any, mobile_concentration: Any, depleted_conductivity: Any
) -> Any:
    """Resistance of a fully depleted layer [Ohm.m2], ``d / kappa_scl`` with
    ``d = sqrt(2 eps_r eps_0 dphi / (F c_mob))`` (J. Maier 1995, doi 10.1016/0079-6786(95)00004-E).
    """
    return mott_schottky_width(potential_drop, permittivity, mobile_concentration) / depleted_conductivity


def mott_schottky_width(potential_drop: Any, permittivity: Any, mobile_concentration: Any) -> Any:
    """Width d of a fully depleted layer [m], arguments as :func:`mott_schottky_resistance`.

    Its capacitance is ``eps_r eps_0/d``.
    """
    drop = potential_drop + SMALLEST_DROP
    return np.sqrt(2 * permittivity * EPSILON_0 * drop / (FARADAY * mobile_concentration))
