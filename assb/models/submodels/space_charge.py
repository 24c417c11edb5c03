"""Space-charge resistance at the contact of active material and solid electrolyte."""

from __future__ import annotations

from assb.models.closures import (
    debye_length,
    depletion_resistance,
    mott_schottky_resistance,
    potential_drop,
)
from assb.models.closures.smooth import FARADAY, R_GAS
from assb.models.submodels.base import ElectrodeSubmodel


class SpaceCharge(ElectrodeSubmodel):
    """Depleted layer on the solid-electrolyte side.

    The drop is the potential of the active material above the reference potential of the
    electrolyte, less what a coating takes. With the full Li+ density the resistance is negligible;
    the mobile concentration and the conductivity floor are effective and not separable from charge
    transfer by a voltage curve. Options "none", "constant", "Mott-Schottky", "depletion".
    """

    citations = ("Maier1995", "deKlerk2018")

    def get_coupled_variables(self, variables):
        """Space-charge resistance [Ohm.m2] of true contact area."""
        return self.named(**{"space-charge resistance [Ohm.m2]": self._resistance(variables)})

    def _resistance(self, variables):
        electrode, param = self.electrode, self.param
        law = self.option("space charge")
        if law == "none":
            return self.filled(0)
        if law == "constant":
            return self.filled(electrode.scalar("space-charge resistance [Ohm.m2]"))
        bare = 1 - electrode.scalar("coated fraction")
        reference = param.scalar("Solid electrolyte reference potential [V]")
        drop = potential_drop(self.get(variables, "open-circuit potential [V]"), reference) * bare
        permittivity = param.scalar("Solid electrolyte relative permittivity")
        mobile = param.scalar("Solid electrolyte mobile lithium concentration [mol.m-3]")
        floor = electrode.scalar("space-charge conductivity floor")
        if law == "Mott-Schottky":
            return mott_schottky_resistance(drop, permittivity, mobile, param.kappa_se * floor)
        length = debye_length(permittivity, mobile, param.T)
        return depletion_resistance(FARADAY * drop / (R_GAS * param.T), length, param.kappa_se, floor)
