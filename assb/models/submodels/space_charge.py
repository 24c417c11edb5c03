"""Space-charge layer at the contact of active material and solid electrolyte."""

from __future__ import annotations

import pybamm

from assb.models.closures import (
    debye_length,
    depletion_capacitance,
    depletion_resistance,
    mott_schottky_resistance,
    mott_schottky_width,
    poisson_boltzmann_resistance,
    potential_drop,
    relaxation_time,
)
from assb.models.closures.smooth import EPSILON_0, FARADAY, R_GAS
from assb.models.submodels.base import ElectrodeSubmodel


class SpaceCharge(ElectrodeSubmodel):
    """Depleted layer on the solid-electrolyte side.

    The drop is the potential of the active material above the reference potential of the
    electrolyte, less what a coating takes. With the full Li+ density the resistance is negligible;
    the mobile concentration and the conductivity floor are effective and not separable from charge
    transfer by a voltage curve. Options "none", "constant", "Mott-Schottky", "Poisson-Boltzmann",
    "depletion". With "space-charge capacitance" = "relaxing" the layer is a resistance and a capacitance in
    parallel: its overpotential is a state that relaxes with r c, an arc in an impedance spectrum.
    """

    citations = ("Maier1995", "deKlerk2018")

    @property
    def _relaxes(self):
        return self.option("space-charge capacitance") == "relaxing"

    def get_fundamental_variables(self):
        """Overpotential of the layer as a state."""
        if not self._relaxes:
            return {}
        drop = self.field("space-charge overpotential [V]", scale=0.01)
        return self.named(**{"space-charge overpotential [V]": drop})

    def get_coupled_variables(self, variables):
        """Resistance [Ohm.m2] and capacitance [F.m-2] of the layer per true contact area."""
        resistance, capacitance = self._layer(variables)
        result = {"space-charge resistance [Ohm.m2]": resistance}
        if capacitance is not None:
            result["space-charge capacitance [F.m-2]"] = capacitance
        return self.named(**result)

    def _layer(self, variables):
        electrode, param = self.electrode, self.param
        law = self.option("space charge")
        if law == "none":
            return self.filled(0), None
        if law == "constant":
            names = ("space-charge resistance [Ohm.m2]", "space-charge capacitance [F.m-2]")
            return tuple(self.filled(electrode.scalar(name)) for name in names)
        bare = 1 - electrode.scalar("coated fraction")
        reference = param.scalar("Solid electrolyte reference potential [V]")
        drop = potential_drop(self.get(variables, "open-circuit potential [V]"), reference) * bare
        permittivity = param.scalar("Solid electrolyte relative permittivity")
        mobile = param.scalar("Solid electrolyte mobile lithium concentration [mol.m-3]")
        if law == "Mott-Schottky":
            depleted = param.kappa_se * electrode.scalar("space-charge conductivity floor")
            width = mott_schottky_width(drop, permittivity, mobile)
            resistance = mott_schottky_resistance(drop, permittivity, mobile, depleted)
            return resistance, permittivity * EPSILON_0 / width
        length = debye_length(permittivity, mobile, param.T)
        psi = FARADAY * drop / (R_GAS * param.T)
        if law == "Poisson-Boltzmann":
            psi = psi * electrode.scalar("diffuse share of weak drop")
            resistance = poisson_boltzmann_resistance(psi, length, param.kappa_se)
        else:
            floor = electrode.scalar("space-charge conductivity floor")
            resistance = depletion_resistance(psi, length, param.kappa_se, floor)
        return resistance, depletion_capacitance(psi, length, permittivity)

    def set_rhs(self, variables):
        """The current charges the layer and leaks through it, ``c d(eta)/dt = j - eta/r``."""
        if self._relaxes:
            drop = self.get(variables, "space-charge overpotential [V]")
            resistance = self.get(variables, "space-charge resistance [Ohm.m2]")
            time = relaxation_time(resistance, self.get(variables, "space-charge capacitance [F.m-2]"))
            steady = self.get(variables, "insertion current density [A.m-2]") * resistance
            self.rhs[drop] = (steady - drop) / time

    def set_initial_conditions(self, variables):
        """Rest."""
        if self._relaxes:
            drop = self.get(variables, "space-charge overpotential [V]")
            self.initial_conditions[drop] = pybamm.Scalar(0)
