"""Active material that is cut off, with the lithium in it."""

from __future__ import annotations

import pybamm

from assb.models.closures import isolation_rate
from assb.models.submodels.base import ElectrodeSubmodel


class Isolation(ElectrodeSubmodel):
    """Isolated share ``dI/dt = (1 - I)(k_iso dD_c/dt + k_gr dC/dt)`` of the active material.

    Contact damage (option "contact": "pressure and damage") cuts off whole particles, cracks ("cracking":
    "intergranular") cut off grains. Both take their lithium with them and keep the volume that they had.
    """

    citations = ("Song2022",)

    @property
    def _damaged(self):
        return self.option("contact") == "pressure and damage"

    @property
    def _cracked(self):
        return self.option("cracking") != "none"

    @property
    def _isolates(self):
        return self._damaged or self._cracked

    def get_fundamental_variables(self):
        """Isolated share, and the strain at which it was cut off."""
        if self._isolates:
            isolated, frozen = self.field("isolated fraction"), self.field("isolated strain", scale=1e-3)
        else:
            isolated, frozen = self.filled(0), self.filled(0)
        return self.named(**{"isolated fraction": isolated, "isolated strain": frozen})

    def get_coupled_variables(self, variables):
        """Rate of isolation."""
        if not self._isolates:
            return {}

        def law(acts, parameter, rate):
            return (self.electrode.scalar(parameter), self.get(variables, rate)) if acts else (0, 0)

        rate = isolation_rate(
            self.get(variables, "isolated fraction"),
            *law(self._damaged, "isolation per contact damage", "contact damage rate [s-1]"),
            *law(self._cracked, "isolation per cracked fraction", "cracking rate [s-1]"),
        )
        return self.named(**{"isolation rate [s-1]": rate})

    def set_rhs(self, variables):
        """Isolated material keeps the volume at which it was cut off."""
        if self._isolates:
            rate = self.get(variables, "isolation rate [s-1]")
            since_start = self.get(variables, "volume strain") - self.electrode.strain(self.electrode.y_init)
            self.rhs[self.get(variables, "isolated fraction")] = rate
            self.rhs[self.get(variables, "isolated strain")] = rate * since_start

    def set_initial_conditions(self, variables):
        """All is connected that was at assembly."""
        if self._isolates:
            for name in ("isolated fraction", "isolated strain"):
                self.initial_conditions[self.get(variables, name)] = pybamm.Scalar(0)
