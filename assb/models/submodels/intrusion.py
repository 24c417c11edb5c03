"""Plated lithium that works its way through the electrolyte under pressure."""

from __future__ import annotations

import pybamm

from assb.models.closures import intrusion_rate
from assb.models.submodels.base import Submodel
from assb.models.symbols import MAH_PER_CM2, MPA

INTRUSION = "Lithium intrusion"


class LithiumIntrusion(Submodel):
    """Upper limit of the pressure: plating under pressure fractures the electrolyte.

    ``dX/dt = i_plate/q (P/P_ref)**m``; the run ends with an event at X = 1, the short. At 25 MPa that takes
    little charge, at 75 MPa almost none, at 5 MPa very much.

    Notes
    -----
    J.-M. Doux et al., Adv. Energy Mater. 2020, 10, 1903253, doi 10.1002/aenm.201903253.
    """

    citations = ("Doux2020",)

    def __init__(self, param, options):
        super().__init__(param, options, "negative fracture")

    def get_fundamental_variables(self):
        """How far the lithium has come."""
        return {INTRUSION: pybamm.Variable(INTRUSION)}

    def set_rhs(self, variables):
        """Plating drives it; it does not go back."""
        foil = self.param.n
        self.rhs[variables[INTRUSION]] = intrusion_rate(
            variables["Separator ionic current density [A.m-2]"],
            variables["Stack pressure [Pa]"],
            foil.scalar("intrusion charge [mA.h.cm-2]", MAH_PER_CM2),
            foil.scalar("intrusion reference pressure [MPa]", MPA),
            foil.scalar("intrusion pressure exponent"),
        )

    def set_initial_conditions(self, variables):
        """A sound electrolyte."""
        self.initial_conditions[variables[INTRUSION]] = pybamm.Scalar(0)

    def add_events_from(self, variables):
        """The short."""
        self.events += [
            pybamm.Event("Solid electrolyte fractured by plated lithium", 1 - variables[INTRUSION])
        ]
