"""Temperature of the cell: that of its surroundings, or one that follows its heat."""

from __future__ import annotations

import pybamm

from assb.models.submodels.base import Submodel

TEMPERATURE = "Volume-averaged cell temperature [K]"
#: Sources of heat, by PyBaMM's names.
OHMIC, IRREVERSIBLE, REVERSIBLE = (
    "Ohmic heating",
    "Irreversible electrochemical heating",
    "Reversible heating",
)


class Temperature(Submodel):
    """One temperature for the cell: ambient with option "isothermal", a state with "lumped".

    ``C dT/dt = Q_ohm + Q_irr + Q_rev - h A_c (T - T_amb)``. Ohmic heat is what the electrodes lose between their
    terminals and their interfaces, and the separator, its leak and constrictions. Irreversible heat is
    ``(phi_s - phi_e - U(y)) j`` at the interfaces with U of the mean stoichiometry of a particle, which counts the
    heat of diffusion at once, and what a foil loses. Reversible heat is ``T dU/dT``. Together they are what the
    enthalpy of the lithium that moves does not turn into electrical work. Heat of side reactions is left out: their
    charge counts as stored energy.

    Notes
    -----
    D. Bernardi, E. Pawlikowski, J. Newman, J. Electrochem. Soc. 1985, 132, 5, doi 10.1149/1.2113792.
    """

    citations = ("Bernardi1985",)

    def __init__(self, param, options):
        super().__init__(param, options, "thermal")

    @property
    def _lumped(self):
        return self.options["thermal"] == "lumped"

    def get_fundamental_variables(self):
        """Temperature."""
        temperature = self.param.T
        return {
            TEMPERATURE: temperature,
            "Cell temperature [K]": temperature,
            "Cell temperature [C]": temperature - 273.15,
        }

    def get_coupled_variables(self, variables):
        """Heat by source, and what is given away."""
        if not self._lumped:
            return {}
        param = self.param
        sources = {
            OHMIC: self._ohmic(variables),
            IRREVERSIBLE: pybamm.Scalar(0),
            REVERSIBLE: pybamm.Scalar(0),
        }
        for domain in ("negative", "positive"):
            foil = domain == "negative" and self.options["negative"] == "foil"
            heat = self._foil(variables) if foil else self._electrode(variables, domain)
            for name, value in heat.items():
                sources[name] = sources[name] + value
        sources["Total heating"] = sum(sources.values())
        result = {}
        for name, value in sources.items():
            result[f"{name} per unit electrode-pair area [W.m-2]"] = value
            result[f"{name} [W]"] = value * param.A_cc
        exchange = param.scalar("Total heat transfer coefficient [W.m-2.K-1]") * param.scalar(
            "Cell cooling surface area [m2]"
        )
        return result | {"Surface total cooling [W]": exchange * (param.T_init - param.T)}

    def _ohmic(self, variables):
        """Separator, its leak, the constriction of contacts and what is in series with the cell [W.m-2]."""
        i = variables["Separator ionic current density [A.m-2]"]
        between = -i * self.param.separator_resistance + variables["Contact constriction overpotential [V]"]
        heat = -i * between
        if self.options["electronic leakage"] != "none":
            voltage = (
                variables["Positive electrode potential [V]"] - variables["Negative electrode potential [V]"]
            )
            heat = heat + variables["Leakage current density [A.m-2]"] * (voltage + between)
        if self.options["contact resistance"] == "true":
            drop = variables["Contact resistance overpotential [V]"]
            heat = heat - variables["Current [A]"] / self.param.A_cc * drop
        return heat

    def _foil(self, variables):
        i = variables["Separator ionic current density [A.m-2]"]
        lost = (
            variables["Negative electrode potential [V]"]
            - variables["Negative electrode open-circuit potential [V]"]
        )
        entropic = self.param.n.scalar("OCP entropic change [V.K-1]")
        return {IRREVERSIBLE: i * lost, REVERSIBLE: i * self.param.T * entropic}

    def _electrode(self, variables, domain):
        """Heat of a composite electrode by source [W.m-2]."""
        electrode, param = self.param.domain_params[domain], self.param
        prefix = f"{domain.capitalize()} electrode"
        sign = 1 if domain == "positive" else -1
        i = variables["Separator ionic current density [A.m-2]"]
        interface = variables[f"{prefix} surface potential difference [V]"]
        at_interface = electrode.L * _mean(variables[f"{prefix} supplied current [A.m-3]"] * interface)
        irreversible, reversible = pybamm.Scalar(0), pybamm.Scalar(0)
        for k in electrode.populations:
            current = (
                variables[f"{k.label} contact area to volume ratio [m-1]"]
                * variables[f"{k.label} insertion current density [A.m-2]"]
            )
            y = variables[f"{k.label} stoichiometry"]
            irreversible = irreversible + electrode.L * _mean(current * (interface - k.ocp(y)))
            entropic = k.entropic_change(y)
            reversible = reversible + electrode.L * param.T * _mean(current * entropic)
        return {
            OHMIC: -sign * i * variables[f"{prefix} potential [V]"] - at_interface,
            IRREVERSIBLE: irreversible,
            REVERSIBLE: reversible,
        }

    def set_rhs(self, variables):
        """Balance of energy."""
        if self._lumped:
            heat = variables["Total heating [W]"] + variables["Surface total cooling [W]"]
            self.rhs[variables[TEMPERATURE]] = heat / self.param.scalar("Cell heat capacity [J.K-1]")

    def set_initial_conditions(self, variables):
        """In balance with the surroundings."""
        if self._lumped:
            self.initial_conditions[variables[TEMPERATURE]] = self.param.T_init


def _mean(symbol):
    return pybamm.x_average(symbol) if symbol.domain else symbol
