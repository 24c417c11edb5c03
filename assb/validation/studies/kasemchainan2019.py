"""Critical currents of lithium on Li6PS5Cl (Kasemchainan et al. 2019).

Stripping: voids stay closed while creep feeds the contact, so that the critical current is the creep current at
full contact. Plating: a surface flaw of the electrolyte opens once the overpotential at the foil is worth the
pressure that breaks it,

    eta = V_Li sigma/F,   sigma = K_Ic/(1.12 sqrt(pi a)),   i = eta/(r + R T/(F i_0)),

which knows no stack pressure (L. Porz et al., Adv. Energy Mater. 2017, 7, 1701003, doi 10.1002/aenm.201701003).
Three rows allow no constants: everything is a default of the library or a value of the literature.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from assb.models.closures import creep_current
from assb.models.closures.smooth import FARADAY, R_GAS
from assb.parameters.materials.electrolytes import MATERIALS
from assb.parameters.materials.lithium_metal import MATERIAL
from assb.validation.published.study import Quantity, Study, register

#: Fracture toughness of Li6PS5Cl [Pa m^0.5]: Feng et al. 2025, doi 10.1002/cssc.202501033, after glasses of Li2S-P2S5.
TOUGHNESS = 0.23e6
#: Factor of an edge crack.
EDGE = 1.12
MPA = 1e6


def _number(name: str) -> float:
    return float(MATERIAL[f"Negative electrode {name}"].value)


def stripping(pressure: float) -> float:
    """Critical current of stripping [mA.cm-2] at a stack pressure [MPa]."""
    return float(
        creep_current(
            pressure * MPA,
            _number("creep current density [mA.cm-2]"),
            _number("creep reference pressure [MPa]") * MPA,
            _number("creep pressure exponent"),
        )
    )


def plating(flaw: float | None = None, temperature: float = 298.15) -> float:
    """Critical current of plating [mA.cm-2].

    Parameters
    ----------
    flaw : float, optional
        Depth of the surface flaw [m]: one particle of the electrolyte, its radius, by default (assumption).
    temperature : float
        [K].
    """
    depth = (
        float(MATERIALS["Li6PS5Cl"]["Solid electrolyte particle radius [m]"].value) if flaw is None else flaw
    )
    strength = TOUGHNESS / (EDGE * math.sqrt(math.pi * depth))
    overpotential = _number("molar volume change [m3.mol-1]") * strength / FARADAY
    exchange = _number("exchange-current density [A.m-2]")
    resistance = _number("interface resistance [Ohm.m2]") + R_GAS * temperature / (FARADAY * exchange)
    return 0.1 * overpotential / resistance


def _stripping(constants: Mapping[str, float], parts: Mapping[str, str]) -> float:
    return stripping(float(parts["pressure"]))


def _plating(constants: Mapping[str, float], parts: Mapping[str, str]) -> float:
    return plating()


register(
    Study(
        key="kas",
        title="Critical currents of Li | Li6PS5Cl",
        source="J. Kasemchainan et al., Nat. Mater. 2019, 18, 1105, doi 10.1038/s41563-019-0438-9",
        quantities=(
            Quantity(r"(?P<pressure>[\d.]+)", "mA/cm2", _stripping),
            Quantity("p", "mA/cm2", _plating),
        ),
        misses=(
            "Nothing is calibrated here, but the stripping rows are no blind test either: the reference current and"
            " the pressure exponent that the library ships were read from this paper. What is tested is that one"
            " law of creep carries both pressures. The exponent of creep in the bulk, 6.6, would give 50 mA/cm2 at"
            " 7 MPa. The plating limit rests on an assumed flaw of one particle radius, 1.5 um, on default"
            " resistances of the interface and on a toughness that was measured on glasses; another flaw shape or"
            " depth moves it by a factor of 1.5."
        ),
    )
)
