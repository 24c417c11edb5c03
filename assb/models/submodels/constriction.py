"""Constriction of the current at the contacts of the positive electrode."""

from __future__ import annotations

import pybamm

from assb.models.closures import constriction_factor
from assb.models.submodels.base import Submodel


class ContactConstriction(Submodel):
    """Series resistance ``R_c (1 - sqrt(theta))**(3/2)/theta`` of electrode area.

    Current converges on the contacts that are left, between grains of the electrolyte as between
    electrolyte and active material. R_c is effective: the geometry of the spots alone, pi b/(4 kappa) of
    true area, gives a thousand times less than is measured. Options "none" (no resistance) and "flux tube".
    """

    citations = ("Cooper1969",)

    def __init__(self, param, options):
        super().__init__(param, options, "contact constriction")

    def get_coupled_variables(self, variables):
        """Resistance, overpotential, and what impedance asks for."""
        if self.options["contact constriction"] == "none":
            return {"Contact constriction overpotential [V]": pybamm.Scalar(0)}
        electrode = self.param.p
        contact = variables["X-averaged positive electrode contact fraction"]
        resistance = electrode.scalar("contact constriction resistance [Ohm.m2]") * constriction_factor(
            contact
        )
        i = variables["Separator ionic current density [A.m-2]"]
        return {
            "Contact constriction resistance [Ohm.m2]": resistance,
            "Contact constriction overpotential [V]": -i * resistance,
            "Contact constriction relaxation time [s]": resistance
            * electrode.scalar("contact constriction capacitance [F.m-2]"),
            "Contact constriction dispersion exponent": electrode.scalar(
                "contact constriction dispersion exponent"
            ),
        }
