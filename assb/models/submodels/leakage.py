"""Electrons that leak through the solid electrolyte: self-discharge."""

from __future__ import annotations

import pybamm

from assb.models.submodels.base import Submodel

LEAK = "Leakage current density [A.m-2]"
IONIC = "Separator ionic current density [A.m-2]"
#: Typical leak [A.m-2].
LEAK_SCALE = 1e-3


class ElectronicLeakage(Submodel):
    """Current that the electrodes react: that of the cell, and with option "separator" the leak beside it.

    ``i_leak = sigma_e (phi_p - phi_n)/L_s``: electrons leak through the separator, as many ions go with them, and
    the cell discharges itself. The electrodes react ``i + i_leak``; the circuit sees i. The leak is an algebraic
    variable, since the voltage feeds back on every state. The potential difference is that of the terminals, and
    inside the composites the leak takes the way of the cell current: exact at rest to microvolts.
    """

    def __init__(self, param, options):
        super().__init__(param, options, "electronic leakage")

    @property
    def _leaks(self):
        return self.options["electronic leakage"] == "separator"

    def get_fundamental_variables(self):
        """Leak and the charge that it has taken."""
        if not self._leaks:
            return {}
        leak = pybamm.Variable(LEAK, scale=LEAK_SCALE)
        charge = pybamm.Variable("Leaked charge [C.m-2]", scale=36.0)
        return {
            LEAK: leak,
            "Leaked charge [C.m-2]": charge,
            "Leaked capacity [A.h]": charge * self.param.A_cc / 3600,
        }

    def get_coupled_variables(self, variables):
        """Ionic current through the separator."""
        total = variables["Total current density [A.m-2]"]
        return {IONIC: total + variables[LEAK] if self._leaks else total}

    @property
    def _conductance(self):
        conductivity = self.param.scalar("Solid electrolyte electronic conductivity [S.m-1]")
        return conductivity / self.param.scalar("Separator thickness [m]")

    def set_rhs(self, variables):
        """Charge lost."""
        if self._leaks:
            self.rhs[variables["Leaked charge [C.m-2]"]] = variables[LEAK]

    def set_algebraic(self, variables):
        """Ohm's law of the electrons."""
        if self._leaks:
            leak = self._conductance * variables["Voltage expression [V]"]
            self.algebraic[variables[LEAK]] = (variables[LEAK] - leak) / LEAK_SCALE

    def set_initial_conditions(self, variables):
        """Leak at open circuit; the books open with the simulation."""
        if self._leaks:
            self.initial_conditions[variables[LEAK]] = self._conductance * self.param.ocv_init
            self.initial_conditions[variables["Leaked charge [C.m-2]"]] = pybamm.Scalar(0)
