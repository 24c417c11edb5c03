"""Books of lithium: where every mole of it is."""

from __future__ import annotations

import pybamm

from assb.models.submodels.base import Submodel


class LithiumInventory(Submodel):
    """Lithium in the electrodes, in isolated particles, in double layers, given up by oxidised electrolyte.

    The sum is conserved. Oxidation of the electrolyte releases Li+ into the network: the electrolyte
    loses what the electrodes gain. With a double layer ("surface form": "differential") the charge it
    takes up is lithium that has left one composite and not reached the other electrode; a foil counts
    the charge of its own double layer as lithium. What a foil loses to the interphase it grows is booked
    by :class:`NegativeInterphase`.
    """

    def __init__(self, param, options, resolved: bool):
        super().__init__(param, options, "lithium inventory")
        self.composites = ["positive"] + (["negative"] if options["negative"] == "composite" else [])
        self.resolved = resolved

    @property
    def _loses_electrolyte(self):
        return self.options["interphase"] not in ("none", "constant")

    @property
    def _double_layer(self):
        return self.options["surface form"] == "differential"

    @property
    def _isolates(self):
        return self.options["contact"] == "pressure and damage" or self.options["cracking"] != "none"

    def get_fundamental_variables(self):
        """Integrated losses."""
        variables = {
            "Lithium in isolated particles [mol]": pybamm.Scalar(0),
            "Lithium released by solid electrolyte [mol]": pybamm.Scalar(0),
            "Lithium in double layers [mol]": pybamm.Scalar(0),
        }
        scale = self.param.Q * 3600 / self.param.F
        for name, booked in zip(
            variables, (self._isolates, self._loses_electrolyte, self._double_layer), strict=True
        ):
            if booked:
                variables[name] = pybamm.Variable(name, scale=scale)
        return variables

    def _mean(self, symbol):
        return pybamm.x_average(symbol) if symbol.domain else symbol

    def get_coupled_variables(self, variables):
        """Lithium by place and its sum; capacity of the connected active material."""
        param = self.param
        result = {}
        for domain in self.composites:
            result[f"Lithium in {domain} electrode [mol]"] = sum(
                k.c_max
                * k.L
                * param.A_cc
                * self._mean(
                    variables[f"{k.label} connected volume fraction"]
                    * variables[f"{k.Particle} radius-averaged stoichiometry"]
                )
                for k in param.domain_params[domain].populations
            )
        negative = result.get("Lithium in negative electrode [mol]")
        if negative is None:
            negative = variables["Lithium in negative electrode [mol]"]
        result["Total lithium [mol]"] = (
            result["Lithium in positive electrode [mol]"]
            + negative
            + variables["Lithium in isolated particles [mol]"]
            + variables["Lithium in double layers [mol]"]
            + variables.get("Lithium in negative interphase [mol]", pybamm.Scalar(0))
            - variables["Lithium released by solid electrolyte [mol]"]
        )
        result["Capacity [A.h]"] = sum(self._capacity(variables, k) for k in param.p.populations)
        return result

    def _capacity(self, variables, electrode):
        param = self.param
        window = electrode.scalar("stoichiometry at 0% SOC") - electrode.scalar("stoichiometry at 100% SOC")
        connected = self._mean(variables[f"{electrode.label} connected volume fraction"])
        return param.F * electrode.c_max * electrode.L * param.A_cc * connected * window / 3600

    def set_rhs(self, variables):
        """What isolation takes, what oxidation releases, what double layers hold."""
        electrode, param = self.param.p, self.param
        per_area = electrode.L * param.A_cc
        if self._isolates:
            state = variables["Lithium in isolated particles [mol]"]
            self.rhs[state] = sum(
                per_area * k.c_max * self._mean(self._lost(variables, k)) for k in electrode.populations
            )
        if self._loses_electrolyte:
            state = variables["Lithium released by solid electrolyte [mol]"]
            current = (
                variables["Positive electrode contact area to volume ratio [m-1]"]
                * variables["Positive electrode side-reaction current density [A.m-2]"]
            )
            self.rhs[state] = per_area * self._mean(current) / param.F
        if self._double_layer:
            residuals = (
                variables[f"{domain.capitalize()} electrode charge residual [A.m-2]"]
                for domain in self.composites
            )
            self.rhs[variables["Lithium in double layers [mol]"]] = param.A_cc * sum(residuals) / param.F

    def _lost(self, variables, electrode):
        """Rate at which isolation takes lithium, per maximum concentration and electrode volume [s-1]."""
        initial = electrode.fraction_am * electrode.connected
        rate = variables[f"{electrode.label} isolation rate [s-1]"]
        return initial * rate * variables[f"{electrode.label} stoichiometry"]

    def set_initial_conditions(self, variables):
        """Books open with the simulation."""
        for name in (
            "Lithium in isolated particles [mol]",
            "Lithium released by solid electrolyte [mol]",
            "Lithium in double layers [mol]",
        ):
            if isinstance(variables[name], pybamm.Variable):
                self.initial_conditions[variables[name]] = pybamm.Scalar(0)
