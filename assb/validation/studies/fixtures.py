"""Pressure of cells with a foil or LTO in the screw cell of the Giessen papers (2017, 2018).

Two papers used the same kind of cell at the same preload, 61 to 65 MPa; neither says how stiff it is, and neither has
rows enough to calibrate that. Each borrows what the other measured, from a row that the other does not
predict: so no figure of a study enters its own prediction.
"""

from __future__ import annotations

from assb.models.closures.smooth import FARADAY
from assb.parameters import materials
from assb.parameters.materials.mechanisms import PRESSURE

#: Charge per area [mA.h.cm-2]: middle of 1 to 1.5 (Koerver2018). Zhang2017 does not state it: taken the same.
AREAL_CAPACITY = 1.25
#: Share of the breathing of a composite that its pores take up: default of the library.
ABSORBED = float(PRESSURE["Positive electrode absorbed strain share"].value)
#: Charge per mass to the end of charge [mA.h.g-1] (Song2022, Table 2).
CHARGE = {"LCO": 135.0, "NCM811": 193.0}


def cathode_growth(shares: dict[str, float], charge: float) -> float:
    """Growth of a composite cathode on charge [um] before pores take their share.

    Parameters
    ----------
    shares : dict
        Mass of each active material, in any common scale.
    charge : float
        Areal charge [mA.h.cm-2], shared as each material takes it up to the same end of charge.
    """
    total = sum(shares.values())
    mass = charge / sum(share / total * CHARGE[name] for name, share in shares.items())  # g.cm-2
    growth = 0.0
    for name, share in shares.items():
        material = materials.POSITIVE[name]
        strain = float(
            material["Positive electrode volume strain"].value(material["charged stoichiometry"].value)
        )
        growth += 1e4 * mass * share / total / float(material["density [g.cm-3]"].value) * strain
    return growth


def foil_growth(negative: str, charge: float) -> float:
    """Growth of a foil [um] that takes up an areal charge [mA.h.cm-2]; LTO does not breathe."""
    if negative == "LTO":
        return 0.0
    volume = float(materials.NEGATIVE[negative]["Negative electrode molar volume change [m3.mol-1]"].value)
    return 1e6 * charge * 3.6e4 / FARADAY * volume


def pressure_rise(stiffness: float, negative: str, shares: dict[str, float], charge: float) -> float:
    """Rise of the stack pressure on charge [MPa] at a stiffness of stack and fixture [MPa.um-1]."""
    return stiffness * (foil_growth(negative, charge) + (1 - ABSORBED) * cathode_growth(shares, charge))
