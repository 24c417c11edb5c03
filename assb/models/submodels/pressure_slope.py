"""Slope of the stack pressure against charge, an output of electrochemical pressiometry."""

from __future__ import annotations

import pybamm

from assb.models.submodels.base import Submodel
from assb.models.symbols import MPA

#: Current below which the slope fades to zero, relative to the nominal capacity in one hour.
SMALLEST_RATE = 1e-5
#: Charge of one mA.h [C].
MAH = 3.6


class PressureSlope(Submodel):
    """``dP/dQ``, with Q the charge stored: it rises on charge and falls on discharge.

    A reversible process has one slope for both directions. The rates of the layers are those of the equations,
    not differences of a solution, so that the slope carries no noise. It is zero at rest. The rate at which
    contact changes is left out of the shrinkage of the electrolyte.
    """

    def get_coupled_variables(self, variables):
        """Rate of the stack pressure and its slope."""
        param = self.param
        rate = pybamm.Scalar(0)
        if self.options["stack pressure"] != "constant pressure":
            thickness = self._positive(variables) + self._negative(variables) + self._electrolyte(variables)
            relaxing = param.scalar("Relaxing share of stack stiffness")
            lag = variables["Thickness change [m]"] - variables["Relaxed thickness change [m]"]
            relaxed = lag / param.scalar("Stack relaxation time [s]")
            rate = variables["Stack stiffness [Pa.m-1]"] * (thickness - relaxing * relaxed)
            if self.options["pressure drift"] == "logarithmic":
                rate = rate - variables["Stack pressure drift rate [Pa.s-1]"]
        current = variables["Current [A]"]
        # Q rises on charge, at minus the current.
        per_charge = -current / (current**2 + (SMALLEST_RATE * param.Q) ** 2)
        return {
            "Stack pressure rate [Pa.s-1]": rate,
            "dP/dQ [MPa.mA-1.h-1]": rate * per_charge * MAH / MPA,
        }

    def _breathing(self, variables, domain):
        """What the insertion of lithium does to an electrode; isolated particles keep their volume."""
        total = pybamm.Scalar(0)
        for electrode in self.param.domain_params[domain].populations:
            strain_rate = (
                electrode.strain_slope(variables[f"{electrode.label} stoichiometry"])
                * variables[f"{electrode.label} stoichiometry rate [s-1]"]
            )
            change = variables[f"{electrode.label} connected volume fraction"] * strain_rate
            total += (1 - electrode.scalar("absorbed strain share")) * electrode.L * _mean(change)
        return total

    def _positive(self, variables):
        return self._breathing(variables, "positive")

    def _negative(self, variables):
        if self.options["negative"] == "composite":
            return self._breathing(variables, "negative")
        foil = self.param.n
        plated = -variables["Separator ionic current density [A.m-2]"] / self.param.F
        rate = plated * foil.scalar("molar volume change [m3.mol-1]")
        if self.options["negative voids"] != "none":
            opening = -variables["Negative electrode contact fraction rate [s-1]"]
            rate = rate + foil.scalar("void depth [m]") * opening
        return rate

    def _electrolyte(self, variables):
        if self.options["interphase"] in ("none", "constant"):
            return pybamm.Scalar(0)
        grown = sum(
            variables[f"{k.label} contact area to volume ratio [m-1]"]
            * variables[f"{k.label} interphase growth rate [m.s-1]"]
            for k in self.param.p.populations
        )
        if self.options["carbon interphase"] == "growing":
            grown = grown + variables["Positive electrode carbon interphase volume rate [s-1]"]
        return -self.param.scalar("Volume lost per volume of interphase") * self.param.p.L * _mean(grown)


def _mean(symbol):
    return pybamm.x_average(symbol) if symbol.domain else symbol
