"""Resistance in series with the cell."""

from __future__ import annotations

import pybamm

from assb.models.submodels.base import Submodel


class SeriesResistance(Submodel):
    """Ohmic drop over "Contact resistance [Ohm]", a number or a function of temperature.

    PyBaMM's option "contact resistance" and its parameter: whatever is in series with the cell and not in its
    model, as leads, collectors and the faces between layers. "false" (no resistance) or "true".
    """

    def __init__(self, param, options):
        super().__init__(param, options, "series resistance")

    def get_coupled_variables(self, variables):
        """Drop, signed as it acts on the voltage."""
        drop = pybamm.Scalar(0)
        if self.options["contact resistance"] == "true":
            drop = -variables["Current [A]"] * self.param.contact_resistance
        return {"Contact resistance overpotential [V]": drop}
