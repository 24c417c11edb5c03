"""Voids at a lithium foil, filled by creep and plating."""

from __future__ import annotations

import pybamm

from assb.models.closures import creep_current, void_rate
from assb.models.submodels.base import Submodel
from assb.models.symbols import MPA

MA_PER_CM2 = 10.0  # A.m-2
#: Contact fraction at which the foil counts as lost.
LOST = 0.02
CONTACT = "Negative electrode contact fraction"


class Voids(Submodel):
    """Contact fraction of a foil: voids open where stripping outruns creep, plating fills them.

    ``d(theta)/dt = V/(F L_v) [-(i_strip - theta B P**n)+ + i_plate (1 - theta)]``. Charge transfer and films of
    the foil act on the contact that is left. The voids are volume of the foil, ``L_v (1 - theta)``. The run ends
    when 2 % of the contact are left.

    Notes
    -----
    Stripping voids and critical current: J. Kasemchainan et al., Nat. Mater. 2019, 18, 1105,
    doi 10.1038/s41563-019-0438-9.
    """

    citations = ("Kasemchainan2019",)

    def __init__(self, param, options):
        super().__init__(param, options, "negative voids")

    def get_fundamental_variables(self):
        """Contact fraction and the volume of the voids."""
        foil = self.param.n
        contact = pybamm.Variable(CONTACT)
        depth = foil.scalar("void depth [m]")
        return {CONTACT: contact, "Negative electrode void thickness [m]": depth * (1 - contact)}

    def get_coupled_variables(self, variables):
        """Critical current and the rate of the contact."""
        foil = self.param.n
        creep = creep_current(
            variables["Stack pressure [Pa]"],
            foil.activated("creep current density [mA.cm-2]", "creep activation energy [J.mol-1]")
            * MA_PER_CM2,
            foil.scalar("creep reference pressure [MPa]", MPA),
            foil.scalar("creep pressure exponent"),
        )
        rate = void_rate(
            variables[CONTACT],
            variables["Separator ionic current density [A.m-2]"],
            creep,
            foil.scalar("void depth [m]"),
            foil.scalar("molar volume change [m3.mol-1]"),
        )
        return {
            "Negative electrode creep current density [mA.cm-2]": creep / MA_PER_CM2,
            f"{CONTACT} rate [s-1]": rate,
        }

    def set_rhs(self, variables):
        """Opening and filling."""
        self.rhs[variables[CONTACT]] = variables[f"{CONTACT} rate [s-1]"]

    def set_initial_conditions(self, variables):
        """Contact left by earlier life."""
        self.initial_conditions[variables[CONTACT]] = self.param.n.scalar("initial contact fraction")

    def add_events_from(self, variables):
        """No contact left."""
        self.events += [pybamm.Event("Negative electrode contact lost to voids", variables[CONTACT] - LOST)]
