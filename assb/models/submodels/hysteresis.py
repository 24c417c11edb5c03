"""Hysteresis of the potential of an alloying negative electrode."""

from __future__ import annotations

from assb.models.closures import hysteresis_rate
from assb.models.submodels.base import ElectrodeSubmodel


class Hysteresis(ElectrodeSubmodel):
    """State h of the open-circuit potential ``U = U_mean + h (U_delithiation - U_lithiation)/2``.

    h follows the direction in which the particles fill, locally in the depth. Option "negative hysteresis":
    "one-state".

    Notes
    -----
    J. Börjesson Axén et al., J. Energy Storage 2022, 48, 103985, doi 10.1016/j.est.2022.103985.
    """

    citations = ("Axen2022",)

    def get_fundamental_variables(self):
        """The state, one on the delithiation branch and minus one on the lithiation branch."""
        return self.named(**{"hysteresis state": self.field("hysteresis state")})

    def set_rhs(self, variables):
        """It follows the mean stoichiometry."""
        state = self.get(variables, "hysteresis state")
        rate = self.get(variables, "stoichiometry rate [s-1]")
        self.rhs[state] = hysteresis_rate(state, rate, self.electrode.scalar("hysteresis decay"))

    def set_initial_conditions(self, variables):
        """The branch on which the cell was left."""
        initial = self.electrode.scalar("initial hysteresis state")
        self.initial_conditions[self.get(variables, "hysteresis state")] = initial
