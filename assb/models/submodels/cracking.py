"""Cracks between grains that block diffusion."""

from __future__ import annotations

from assb.models.closures import (
    blocked_diffusivity_ratio,
    crack_opening,
    cracking_rate,
    cracks_from_pressing,
    electrolyte_cushion,
    smooth_abs,
)
from assb.models.submodels.base import ElectrodeSubmodel
from assb.models.submodels.contact import STRAIN_RATE_WIDTH, STRAIN_WIDTH
from assb.models.symbols import MPA


class Cracking(ElectrodeSubmodel):
    """Effective diffusivity ``D (1 - C o(e))`` of a polycrystal that cracks.

    C grows with the strain swing and with pressure, slower where there is much electrolyte; it starts
    from what fabrication left. Cracks open on charge and close in part on discharge. Options
    "none", "intergranular".
    """

    citations = ("Song2022", "Feng2025")

    def get_fundamental_variables(self):
        """Crack state."""
        return self.named(**{"cracked fraction": self.field("cracked fraction")})

    def get_coupled_variables(self, variables):
        """Opening, diffusivity ratio and rate."""
        electrode = self.electrode
        cracks = self.get(variables, "cracked fraction")
        strain = self.get(variables, "volume strain")
        opening = crack_opening(
            strain,
            electrode.scalar("crack opening strain"),
            electrode.scalar("crack opening strain width"),
            electrode.scalar("crack closed share"),
        )
        return self.named(
            **{
                "crack opening": opening,
                "cracked diffusivity ratio": blocked_diffusivity_ratio(cracks, opening),
                "cracking rate [s-1]": self._rate(variables, cracks, strain),
            }
        )

    def _rate(self, variables, cracks, strain):
        electrode = self.electrode
        slope = electrode.strain_slope(self.get(variables, "stoichiometry"))
        rate = smooth_abs(slope * self.get(variables, "stoichiometry rate [s-1]"), STRAIN_RATE_WIDTH)
        swing = smooth_abs(
            strain - electrode.strain(electrode.scalar("fabrication stoichiometry")), STRAIN_WIDTH
        )
        cushion = electrolyte_cushion(electrode.fraction_se, electrode.scalar("cracking electrolyte scale"))
        return cracking_rate(
            cracks,
            rate,
            swing / electrode.scalar("reference strain"),
            cushion * electrode.scalar("cracking rate"),
            electrode.scalar("cracking swing exponent"),
            variables["Stack pressure [Pa]"],
            electrode.scalar("cracking critical pressure [MPa]", MPA),
        )

    def set_rhs(self, variables):
        """Growth of the crack state."""
        self.rhs[self.get(variables, "cracked fraction")] = self.get(variables, "cracking rate [s-1]")

    def set_initial_conditions(self, variables):
        """What fabrication left."""
        self.initial_conditions[self.get(variables, "cracked fraction")] = cracks_from_pressing(
            self.param.scalar("Positive electrode fabrication pressure [MPa]", MPA),
            self.electrode.scalar("pressing crack factor"),
        )
