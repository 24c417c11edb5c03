"""With every mechanism off the models must be PyBaMM's half-cell models.

PyBaMM's models are given a constant electrolyte concentration and a transference number of one: then the
liquid electrolyte is a single-ion conductor too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pybamm

from assb import parameters
from assb.models.closures import exchange_current_density
from assb.parameters.materials.layered_oxides import nmc811_potential

CONCENTRATION = 1000.0


#: PyBaMM's counterpart of each model; its SPMe has the ohmic drops of a uniform reaction.
PEERS = {"SPM": "SPMe", "DFN": "DFN"}


def half_cell_difference(
    model: str = "DFN",
    rate: float = 0.5,
    start: float = 0.4,
    changes: Mapping[str, float] | None = None,
    peer: str | None = None,
) -> float:
    """Largest voltage difference [V] from PyBaMM's half-cell model over a charge or discharge.

    Parameters
    ----------
    model : {"SPM", "DFN"}
    rate : float
        C-rate; negative charges.
    start : float
        Initial stoichiometry; about 0.42 of the window is used.
    changes : mapping, optional
        Parameter values to change in both models.
    peer : str, optional
        PyBaMM half-cell model; "SPMe" for the SPM and "DFN" for the DFN by default.

    Returns
    -------
    float
    """
    from assb import models

    own = getattr(models, model)(models.NO_MECHANISMS)
    other = getattr(pybamm.lithium_ion, peer or PEERS[model])({"working electrode": "positive"})
    ours, theirs = reference_values(
        **{"Initial stoichiometry in positive electrode": start, **(changes or {})}
    )
    current = rate * ours["Nominal cell capacity [A.h]"]
    duration = 0.42 * 3600 / abs(rate)
    times = np.linspace(0, duration, 60)
    solver = pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-8)
    voltages = []
    for each, values in ((own, ours), (other, theirs)):
        values["Current function [A]"] = current
        simulation = pybamm.Simulation(each, parameter_values=values, solver=solver)
        voltages.append(simulation.solve([0, duration], t_interp=times)["Voltage [V]"](times))
    return float(np.abs(voltages[0] - voltages[1]).max())


def reference_values(**changes: float) -> tuple[pybamm.ParameterValues, pybamm.ParameterValues]:
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

    def number(name: str) -> float:
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


def _shifted_potential(plateau: float) -> Callable[[Any], Any]:
    return lambda sto: nmc811_potential(sto) - plateau


def _equivalent_exponent(number: Callable[[str], float]) -> float:
    carbon_too = number("Positive electrode electronic network volume fraction")
    active = number("Positive electrode active material volume fraction")
    ours = number("Positive electrode Bruggeman coefficient (electrode)")
    return ours * np.log(carbon_too) / np.log(active)
