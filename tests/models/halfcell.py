"""PyBaMM's own half-cell models with a constant electrolyte concentration and t+ = 1."""

from __future__ import annotations

import numpy as np
import pybamm

from assb import parameters
from assb.models.closures import exchange_current_density
from assb.parameters.materials.layered_oxides import nmc811_potential

CONCENTRATION = 1000.0


def reference_values(**changes):
    """The same cell twice: in this library's names and in PyBaMM's."""
    ours = parameters.get("NCM811_LPSCl_InLi")
    ours.update(
        {
            "Positive electrode active fraction": 1.0,
            "Ambient temperature [K]": 298.15,
            "Positive particle diffusivity [m2.s-1]": 2e-15,
            "Separator relative conductivity": 1.0,
            "Negative electrode interface resistance [Ohm.m2]": 0.0,
            "Initial stoichiometry in positive electrode": 0.4,
            "Lower voltage cut-off [V]": 1.0,
            "Upper voltage cut-off [V]": 4.0,
            **changes,
        }
    )

    def number(name):
        return float(ours[name])

    side = np.sqrt(number("Electrode area [m2]"))
    reference = number("Positive electrode reference exchange-current density [A.m-2]")
    foil = number("Negative electrode exchange-current density [A.m-2]")
    plateau = number("Negative electrode potential [V]")
    theirs = pybamm.ParameterValues("Xu2019")
    theirs.update(
        {
            "Electrode width [m]": side,
            "Electrode height [m]": side,
            "Nominal cell capacity [A.h]": number("Nominal cell capacity [A.h]"),
            "Current function [A]": number("Current function [A]"),
            "Separator thickness [m]": number("Separator thickness [m]"),
            "Positive electrode thickness [m]": number("Positive electrode thickness [m]"),
            "Positive particle radius [m]": number("Positive particle radius [m]"),
            "Maximum concentration in positive electrode [mol.m-3]": number(
                "Maximum concentration in positive electrode [mol.m-3]"
            ),
            "Initial concentration in positive electrode [mol.m-3]": number(
                "Initial stoichiometry in positive electrode"
            )
            * number("Maximum concentration in positive electrode [mol.m-3]"),
            "Positive electrode active material volume fraction": number(
                "Positive electrode active material volume fraction"
            ),
            "Positive electrode porosity": number("Positive electrode solid electrolyte volume fraction"),
            "Separator porosity": 1.0,
            "Positive electrode conductivity [S.m-1]": number("Positive electrode conductivity [S.m-1]"),
            # PyBaMM's electronic network is the active material; ours includes the carbon.
            "Positive electrode Bruggeman coefficient (electrode)": _equivalent_exponent(number),
            "Positive electrode Bruggeman coefficient (electrolyte)": number(
                "Positive electrode Bruggeman coefficient (electrolyte)"
            ),
            "Separator Bruggeman coefficient (electrolyte)": 1.0,
            "Positive particle diffusivity [m2.s-1]": number("Positive particle diffusivity [m2.s-1]"),
            "Positive electrode OCP [V]": _shifted_potential(plateau),
            "Positive electrode exchange-current density [A.m-2]": lambda c_e, c, c_max, T: (
                exchange_current_density(reference, c / c_max)
            ),
            "Exchange-current density for lithium metal electrode [A.m-2]": lambda c_e, c_li, T: (
                foil + 0 * c_e
            ),
            "Electrolyte conductivity [S.m-1]": number("Solid electrolyte conductivity [S.m-1]"),
            "Electrolyte diffusivity [m2.s-1]": 1e-10,
            "Cation transference number": 1.0,
            "Thermodynamic factor": 1.0,
            "Initial concentration in electrolyte [mol.m-3]": CONCENTRATION,
            "Reference temperature [K]": 298.15,
            "Ambient temperature [K]": 298.15,
            "Initial temperature [K]": 298.15,
            "Lower voltage cut-off [V]": 1.0,
            "Upper voltage cut-off [V]": 4.0,
            "Contact resistance [Ohm]": 0.0,
        },
    )
    return ours, theirs


def _shifted_potential(plateau):
    return lambda sto: nmc811_potential(sto) - plateau


def _equivalent_exponent(number):
    carbon_too = number("Positive electrode electronic network volume fraction")
    active = number("Positive electrode active material volume fraction")
    ours = number("Positive electrode Bruggeman coefficient (electrode)")
    return ours * np.log(carbon_too) / np.log(active)
