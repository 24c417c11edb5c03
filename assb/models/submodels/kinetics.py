"""Charge transfer at the true contact area."""

from __future__ import annotations

import pybamm

from assb.models.closures import butler_volmer_overpotential, butler_volmer_slope
from assb.models.submodels.base import ElectrodeSubmodel

_DIFFERENTIAL = "differential interface resistance [Ohm.m2]"


class Kinetics(ElectrodeSubmodel):
    """Butler-Volmer kinetics in series with the interface resistances.

    ``phi_s - phi_e = U + eta(j) + j (r_film + r_scl)`` with j per true contact area, positive for
    oxidation. The insertion current j is an unknown of the model; without a double layer the
    potential difference follows from it explicitly, with one it is a state and this law is
    the algebraic equation for j. Several populations share one potential difference: it is an unknown,
    and this law is the algebraic equation of each.
    """

    citations = ("Doyle1993",)

    @property
    def _double_layer(self):
        return self.options["surface form"] == "differential"

    @property
    def _shared(self):
        """Whether the potential difference is an unknown, made by :class:`Populations`."""
        return len(self.populations) > 1

    def get_fundamental_variables(self):
        """Insertion current density, and the potential difference when it is a state."""
        j = self.field("insertion current density [A.m-2]", scale=self.electrode.j_typical)
        variables = self.named(**{"insertion current density [A.m-2]": j})
        if self._double_layer and not self._shared:
            potential = self.field("surface potential difference [V]")
            variables.update(self.named(**{"surface potential difference [V]": potential}))
        return variables

    def get_coupled_variables(self, variables):
        """Overpotentials and the differential resistance of the interface."""
        j = self.get(variables, "insertion current density [A.m-2]")
        i0 = self.electrode.exchange_current_density(self.get(variables, "contact stoichiometry"))
        transfer = self.transfer_coefficient(self.electrode)
        film = self.get(variables, "film resistance [Ohm.m2]")
        layer = self.get(variables, "space-charge resistance [Ohm.m2]")
        reaction = butler_volmer_overpotential(j, i0, self.param.T, transfer)
        charging = self.option("space-charge capacitance") == "relaxing"
        layer_drop = self.get(variables, "space-charge overpotential [V]") if charging else j * layer
        result = self.named(
            **{
                "exchange current density [A.m-2]": i0,
                "reaction overpotential [V]": reaction,
                "film overpotential [V]": j * film,
                "space-charge overpotential [V]": layer_drop,
                _DIFFERENTIAL: butler_volmer_slope(j, i0, self.param.T, transfer) + film + layer,
            }
        )
        if self._double_layer and self.leads and self.option("positive interface dispersion") == "none":
            electrode, resistance = self.electrode, result[f"{self.label} {_DIFFERENTIAL}"]
            # Seen by impedance only, where the double layer may be a constant-phase element; of several
            # populations the first stands for all.
            result |= {
                f"{self._Domain} electrode interface relaxation time [s]": self.mean(resistance)
                * electrode.scalar("double-layer capacity [F.m-2]"),
                f"{self._Domain} electrode interface dispersion exponent": electrode.scalar(
                    "interface dispersion exponent"
                ),
            }
        if not self._double_layer and not self._shared:
            equilibrium = self.get(variables, "open-circuit potential [V]")
            potential = equilibrium + reaction + (j * film + layer_drop if charging else j * (film + layer))
            result.update(self.named(**{"surface potential difference [V]": potential}))
        return result

    def set_algebraic(self, variables):
        """Kinetic law as the equation for j, when the potential difference is a state."""
        if self._double_layer or self._shared:
            unknown = self.get(variables, "insertion current density [A.m-2]")
            if not self._double_layer and self.leads:
                # The charge balance determines the current of the first population, so that no
                # diagonal entry of the Jacobian is zero.
                unknown = self.get(variables, "surface potential difference [V]")
            self.algebraic[unknown] = (
                self.get(variables, "surface potential difference [V]")
                - self.get(variables, "open-circuit potential [V]")
                - self.get(variables, "reaction overpotential [V]")
                - self.get(variables, "film overpotential [V]")
                - self.get(variables, "space-charge overpotential [V]")
            )
            if (
                self._shared
                and not self.resolved
                and self.option("reaction distribution") == "nonlinear modes"
            ):
                self.algebraic[unknown] -= variables[f"{self.label} depth correction [V]"]

    def set_initial_conditions(self, variables):
        """Rest."""
        self.initial_conditions[self.get(variables, "insertion current density [A.m-2]")] = pybamm.Scalar(0)
        if (self._double_layer or self._shared) and self.leads:
            potential = self.get(variables, "surface potential difference [V]")
            self.initial_conditions[potential] = self.electrode.ocp_init
