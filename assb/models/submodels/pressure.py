"""Stack pressure from the breathing of the electrodes in their fixture."""

from __future__ import annotations

import numpy as np
import pybamm

from assb.models.closures import layer_stiffness, stack_stiffness
from assb.models.submodels.base import Submodel
from assb.models.symbols import GPA, MPA

#: Stiffness that stands for a rigid fixture [Pa.m-1]; layers are 1e12 to 1e14.
RIGID = 1e18


class StackPressure(Submodel):
    """``P = P_0 + K_inf dL + K_1 (dL - dL_v)`` with ``d(dL_v)/dt = (dL - dL_v)/t``.

    Pressure is an algebraic variable: as an explicit expression it would couple every point of the
    electrode with every other and make the Jacobian dense. Thickness changes count from the initial
    state. Options "spring", "constant volume" (a rigid fixture), "constant pressure" (exactly P_0). With
    "pressure drift" = "logarithmic" the stack creeps: P also loses ``s_d P_0 ln(1 + t/t_d)``.
    """

    citations = ("Song2022",)

    def __init__(self, param, options):
        super().__init__(param, options, "stack pressure")

    @property
    def _fixed(self):
        return self.options["stack pressure"] == "constant pressure"

    @property
    def _drifts(self):
        return self.options["pressure drift"] == "logarithmic"

    def get_fundamental_variables(self):
        """Pressure, the relaxed thickness change and the creep of the stack."""
        pressure = pybamm.Variable("Stack pressure [Pa]", scale=MPA)
        variables = {"Stack pressure [Pa]": pressure, "Stack pressure [MPa]": pressure / MPA}
        if not self._fixed:
            relaxed = pybamm.Variable("Relaxed thickness change [m]", scale=1e-6)
            variables["Relaxed thickness change [m]"] = relaxed
        if self._drifts:
            # ln(1 + t/t_d), as a state because the models know no time.
            variables["Stack creep"] = pybamm.Variable("Stack creep")
        return variables

    def get_coupled_variables(self, variables):
        """Thickness changes by layer."""
        changes = {
            "positive electrode": self._electrode_change(variables, "positive"),
            "negative electrode": self._negative_change(variables),
            "solid electrolyte": self._shrinkage(variables),
        }
        total = sum(changes.values())
        result = {f"Thickness change: {layer} [m]": value for layer, value in changes.items()}
        result["Thickness change [m]"] = total
        stiffness = self._stiffness()
        result["Stack stiffness [Pa.m-1]"] = stiffness
        for layer, value in changes.items():
            result[f"Pressure contribution: {layer} [MPa]"] = stiffness * value / MPA
        return result | self._lost(variables, stiffness)

    def _lost(self, variables, stiffness):
        """What relaxation and drift take from the pressure."""
        result = {}
        if not self._fixed:
            relaxing = self.param.scalar("Relaxing share of stack stiffness")
            taken = stiffness * relaxing * variables["Relaxed thickness change [m]"]
            result["Pressure contribution: relaxation [MPa]"] = -taken / MPA
        if self._drifts:
            param, creep = self.param, variables["Stack creep"]
            per_fold = param.scalar("Pressure drift share") * param.P_0
            result["Stack pressure drift [Pa]"] = per_fold * creep
            result["Stack pressure drift rate [Pa.s-1]"] = per_fold * self._creep_rate(creep)
            result["Pressure contribution: drift [MPa]"] = -per_fold * creep / MPA
        return result

    def _creep_rate(self, creep):
        return np.exp(-creep) / self.param.scalar("Pressure drift time [s]")

    def _negative_change(self, variables):
        if self.options["negative"] == "foil":
            return variables["Negative electrode thickness change [m]"]
        return self._electrode_change(variables, "negative")

    def _electrode_change(self, variables, domain):
        """Breathing that the stack sees: pores and plastic flow absorb a share of it."""
        return sum(
            self._population_change(variables, k) for k in self.param.domain_params[domain].populations
        )

    def _population_change(self, variables, electrode):
        connected = variables[f"{electrode.label} connected volume fraction"]
        strain = variables[f"{electrode.label} volume strain"]
        frozen = variables[f"{electrode.label} isolated strain"]
        change = connected * (strain - electrode.strain(electrode.y_init))
        change = change + electrode.fraction_am * electrode.connected * frozen
        mean = pybamm.x_average(change) if change.domain else change
        return (1 - electrode.scalar("absorbed strain share")) * electrode.L * mean

    def _shrinkage(self, variables):
        """Loss of electrolyte volume by oxidation at the positive electrode since the initial state."""
        if self.options["interphase"] in ("none", "constant"):
            return pybamm.Scalar(0)
        electrode = self.param.p
        lost = sum(
            variables[f"{k.label} contact area to volume ratio [m-1]"]
            * (
                variables[f"{k.label} interphase thickness [m]"]
                - k.scalar("initial interphase thickness [m]")
            )
            for k in electrode.populations
        )
        if self.options["carbon interphase"] == "growing":
            lost = lost + variables["Positive electrode carbon interphase volume fraction"]
        mean = pybamm.x_average(lost) if lost.domain else lost
        return -self.param.scalar("Volume lost per volume of interphase") * electrode.L * mean

    def _stiffness(self):
        param = self.param
        if self._fixed:
            return pybamm.Scalar(0)
        lengths = [param.p.L, param.scalar("Separator thickness [m]"), param.n.L]
        moduli = [
            param.scalar(f"{layer} confined modulus [GPa]", GPA)
            for layer in ("Positive electrode", "Separator", "Negative electrode")
        ]
        rigid = self.options["stack pressure"] == "constant volume"
        fixture = pybamm.Scalar(RIGID) if rigid else param.scalar("Fixture stiffness [MPa.um-1]", 1e12)
        return stack_stiffness(fixture, layer_stiffness(lengths, moduli))

    def set_algebraic(self, variables):
        """Pressure follows the thickness change."""
        pressure = variables["Stack pressure [Pa]"]
        rise = pybamm.Scalar(0)
        if not self._fixed:
            relaxing = self.param.scalar("Relaxing share of stack stiffness")
            total, relaxed = variables["Thickness change [m]"], variables["Relaxed thickness change [m]"]
            rise = variables["Stack stiffness [Pa.m-1]"] * (total - relaxing * relaxed)
        if self._drifts:
            rise = rise - variables["Stack pressure drift [Pa]"]
        self.algebraic[pressure] = (pressure - self.param.P_0 - rise) / MPA

    def set_rhs(self, variables):
        """Viscous relaxation of the stack."""
        if not self._fixed:
            relaxed = variables["Relaxed thickness change [m]"]
            time = self.param.scalar("Stack relaxation time [s]")
            self.rhs[relaxed] = (variables["Thickness change [m]"] - relaxed) / time
        if self._drifts:
            self.rhs[variables["Stack creep"]] = self._creep_rate(variables["Stack creep"])

    def set_initial_conditions(self, variables):
        """Thickness changes count from the initial state."""
        self.initial_conditions[variables["Stack pressure [Pa]"]] = self.param.P_0
        if not self._fixed:
            self.initial_conditions[variables["Relaxed thickness change [m]"]] = pybamm.Scalar(0)
        if self._drifts:
            self.initial_conditions[variables["Stack creep"]] = pybamm.Scalar(0)
