"""Ageing laws over cycles, shared by the studies of aged cells.

The laws of the models (:mod:`assb.models.closures`) are integrated over equivalent cycles instead of being simulated:
each cycle sweeps the particles from full lithium to the end of charge and back, so that a rate
``k (1 - D) |de/dt| ...`` gives ``D = 1 - exp(-N r)`` with r its value over one cycle. Parabolic growth gives a layer
that goes with the root of the cycles. Nothing here is calibrated; the constants are the library's starting values
(:mod:`assb.parameters.materials.mechanisms`), the studies bring their own few.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from assb.models.closures import (
    apparent_diffusivity_ratio,
    arrhenius,
    blocked_diffusivity_ratio,
    crack_opening,
    cracking_rate,
    damage_rate,
    electrolyte_cushion,
    electrolyte_damage_rate,
    growth_rate,
    oxidation_gate,
)
from assb.parameters.materials import POSITIVE, mechanisms
from assb.validation.studies.cathodes import REFERENCE_TEMPERATURE, Cathode


def value(table: str, name: str) -> float:
    """Starting value of a mechanism of the positive electrode.

    Parameters
    ----------
    table : str
        "CONTACT", "INTERPHASE", "CRACKING", "PRESSURE" or "NETWORK".
    name : str
        Name of the parameter without "Positive electrode ", or in full.
    """
    entries = getattr(mechanisms, table)
    return float((entries.get(f"Positive electrode {name}") or entries[name]).value)


@dataclass(frozen=True)
class Damage:
    """State after cycles.

    Attributes
    ----------
    contact, cracks, network, isolated : float
        Lost contact, cracks, lost network, isolated active material, each in [0, 1).
    diffusing : float
        Diffusivity that the cracks leave, all open as in the charged state.
    """

    contact: float
    cracks: float
    network: float
    isolated: float
    diffusing: float


@lru_cache(maxsize=4096)
def damage(cycles: float, cathode: Cathode, pressure: float) -> Damage:
    """Damage after full cycles under a stack pressure [MPa], with the library's rates.

    A cycle runs through the strain between full lithium and the charged stoichiometry twice, and the laws are linear
    in the swing (library's exponent), so that the mean swing over the way stands for it.
    """
    table = POSITIVE[cathode.material]
    strain: Callable[[Any], Any] = table["Positive electrode volume strain"].value
    swing = -float(strain(table["charged stoichiometry"].value))
    way, mean = 2 * swing, 0.5 * swing / value("CONTACT", "reference strain")
    p = pressure * 1e6
    lost = damage_rate(
        0.0,
        way,
        mean,
        value("CONTACT", "contact damage rate"),
        value("CONTACT", "contact damage swing exponent"),
        p,
        1e6 * value("CONTACT", "damage yield pressure [MPa]"),
        1e6 * value("CONTACT", "damage relief pressure [MPa]"),
        1e6 * value("CONTACT", "damage critical pressure [MPa]"),
        1 - cathode.active - cathode.electrolyte,
        value("CONTACT", "damage porosity factor"),
    )
    cushion = electrolyte_cushion(cathode.electrolyte, value("CRACKING", "cracking electrolyte scale"))
    exponent = value("CRACKING", "cracking swing exponent")
    critical = 1e6 * value("CRACKING", "cracking critical pressure [MPa]")
    cracked = cracking_rate(
        0.0, way, mean, cushion * value("CRACKING", "cracking rate"), exponent, p, critical
    )
    broken = electrolyte_damage_rate(
        0.0, way, mean, value("NETWORK", "electrolyte damage rate"), exponent, p, critical
    )
    d_c, c, d_se = (1 - float(np.exp(-cycles * float(rate))) for rate in (lost, cracked, broken))
    cut_off = value("CONTACT", "isolation per contact damage") * d_c
    cut_off += value("CRACKING", "isolation per cracked fraction") * c
    opening = crack_opening(
        -swing,
        value("CRACKING", "crack opening strain"),
        value("CRACKING", "crack opening strain width"),
        value("CRACKING", "crack closed share"),
    )
    left = float(blocked_diffusivity_ratio(c, opening))
    return Damage(d_c, c, d_se, 1 - float(np.exp(-cut_off)), left)


def warburg(cathode: Cathode, fresh: float, state: Damage) -> float:
    """Warburg resistance of an aged cathode [Ohm.m2] from that of fresh material per true contact area.

    It goes with the inverse root of the diffusivity: cracks take ``1 - C o`` of it, and lost contact what
    :func:`assb.models.closures.apparent_diffusivity_ratio` says.
    """
    left = 1 - state.contact
    apparent = apparent_diffusivity_ratio(left) * state.diffusing
    return float(fresh / (cathode.contact * np.sqrt(apparent)))


def grown_layer(seconds: float, potential: float, temperature: float, start: float = 0.0) -> float:
    """Interphase after a time at a potential [m], with the library's rates under diffusion control.

    ``delta**2 = delta_0**2 + 2 D_i t``: with the library's values growth is limited by the reaction for less than a
    nanometre.

    Parameters
    ----------
    seconds, potential, temperature : float
        [s], [V vs Li], [K].
    start : float
        Thickness delta_0 at the start [m].
    """
    parabolic = value("INTERPHASE", "interphase parabolic constant [m2.s-1]")
    energy = value("INTERPHASE", "interphase diffusion activation energy [J.mol-1]")
    constant = growth_rate(
        parabolic * arrhenius(energy, temperature, REFERENCE_TEMPERATURE),
        potential,
        value("INTERPHASE", "interphase reference potential [V]"),
        value("INTERPHASE", "interphase transfer coefficient"),
        temperature,
    ) * oxidation_gate(potential, value("INTERPHASE", "interphase oxidation onset [V]"))
    return float(np.sqrt(start**2 + 2 * constant * seconds))
