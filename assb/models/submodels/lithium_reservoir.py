"""Lithium of a foil that can run out, down to none at the start: anode-free cells."""

from __future__ import annotations

import numpy as np
import pybamm

from assb.models.closures import lithium_coverage, stripping_resistance
from assb.models.submodels.base import Submodel

THICKNESS = "Negative electrode lithium thickness [m]"


class LithiumReservoir(Submodel):
    """Thickness of the lithium on the collector, what it covers, and what happens as the last of it goes.

    ``dh/dt = -V/F (i + i_int)``, with the current of a growing interphase. Charge transfer and films act on the
    covered share of the collector. Stripping the last lithium meets a resistance ``r_x exp(-h/h_x)``, which takes
    the voltage to its cut-off; an event ends the run when none is left.
    """

    def __init__(self, param, options):
        super().__init__(param, options, "negative lithium")

    def get_fundamental_variables(self):
        """Thickness of the lithium and the share of the collector that it covers."""
        foil = self.param.n
        thickness = pybamm.Variable(THICKNESS, scale=1e-6)
        return {
            THICKNESS: thickness,
            "Negative electrode lithium coverage": lithium_coverage(
                thickness, foil.scalar("nucleated area share"), foil.scalar("coverage thickness [m]")
            ),
        }

    def get_coupled_variables(self, variables):
        """Resistance of the last lithium."""
        foil = self.param.n
        resistance = stripping_resistance(
            variables[THICKNESS],
            variables["Separator ionic current density [A.m-2]"],
            foil.scalar("exhaustion resistance [Ohm.m2]"),
            foil.scalar("exhaustion thickness [m]"),
            foil.scalar("stripping current scale [A.m-2]"),
        )
        return {"Negative electrode exhaustion resistance [Ohm.m2]": resistance}

    def set_rhs(self, variables):
        """Plating and stripping; an interphase that grows takes lithium too."""
        used = variables["Separator ionic current density [A.m-2]"]
        if self.options["negative interphase"] != "none":
            used = used + variables["Negative electrode side-reaction current density [A.m-2]"]
        volume = self.param.n.scalar("molar volume change [m3.mol-1]")
        self.rhs[variables[THICKNESS]] = -volume / self.param.F * used

    def set_initial_conditions(self, variables):
        """Lithium at the start."""
        foil = self.param.n
        initial = foil.scalar("initial lithium [mol.m-2]") * foil.scalar("molar volume change [m3.mol-1]")
        self.initial_conditions[variables[THICKNESS]] = initial

    def add_events_from(self, variables):
        """Nothing left to strip; a bare collector may rest and be plated."""
        foil = self.param.n
        i = variables["Separator ionic current density [A.m-2]"]
        idle = 1 - np.tanh(i / foil.scalar("stripping current scale [A.m-2]"))
        margin = foil.scalar("exhaustion thickness [m]")
        # In units of a micrometre: IDAKLU finds roots of functions of order one.
        empty = (variables[THICKNESS] + margin * idle) / 1e-6
        self.events += [pybamm.Event("Negative electrode is empty of lithium", empty)]
