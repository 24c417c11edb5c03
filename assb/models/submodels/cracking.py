"""Cracks between grains, or through a crystal, that block diffusion."""

from __future__ import annotations

from assb.models.closures import (
    blocked_diffusivity_ratio,
    crack_opening,
    cracking_rate,
    cracks_from_pressing,
    electrolyte_cushion,
    fractured_share,
    gradient_fracture_ratio,
    grain_misfit_ratio,
    lithium_gradient_stress,
    smooth_abs,
)
from assb.models.submodels.base import ElectrodeSubmodel, register_citation
from assb.models.submodels.contact import STRAIN_RATE_WIDTH, STRAIN_WIDTH
from assb.models.symbols import GPA, MPA


class Cracking(ElectrodeSubmodel):
    """Effective diffusivity ``D (1 - C o(e))`` of particles that crack.

    C grows with the strain swing and with pressure, slower where there is much electrolyte; it starts
    from what fabrication left. Cracks open on charge and close in part on discharge. Option "intergranular" takes a
    power of the swing; "fracture energy" the share of cracks that the misfit of grains and the gradient of lithium have
    the energy for, over that of random grains of the reference size at the reference strain. Size, texture and rate
    then matter, and a single crystal is a particle whose orientation order is one.
    """

    citations = ("Song2022", "Feng2025")

    @property
    def _by_energy(self):
        return self.option("cracking") == "fracture energy"

    def get_fundamental_variables(self):
        """Crack state."""
        if self._by_energy:
            for key in ("DavidgeGreen1968", "Evans1978", "Christensen2006", "Woodford2010"):
                register_citation(key)
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
        swing = strain - electrode.strain(electrode.scalar("fabrication stoichiometry"))
        energy, exponent = {}, 1
        if self._by_energy:
            energy = self._energy(variables, strain, swing)
            drive = energy["fractured share"] / fractured_share(self._reference())
        else:
            drive = smooth_abs(swing, STRAIN_WIDTH) / electrode.scalar("reference strain")
            exponent = electrode.scalar("cracking swing exponent")
        return self.named(
            **{
                "crack opening": opening,
                "cracked diffusivity ratio": blocked_diffusivity_ratio(cracks, opening),
                **energy,
                "cracking rate [s-1]": self._rate(variables, cracks, drive, exponent),
            }
        )

    def _rate(self, variables, cracks, drive, exponent):
        electrode = self.electrode
        slope = electrode.strain_slope(self.get(variables, "stoichiometry"))
        rate = smooth_abs(slope * self.get(variables, "stoichiometry rate [s-1]"), STRAIN_RATE_WIDTH)
        cushion = electrolyte_cushion(electrode.fraction_se, electrode.scalar("cracking electrolyte scale"))
        return cracking_rate(
            cracks,
            rate,
            drive,
            cushion * electrode.scalar("cracking rate"),
            exponent,
            variables["Stack pressure [Pa]"],
            electrode.scalar("cracking critical pressure [MPa]", MPA),
        )

    def _elastic(self):
        scalar = self.electrode.scalar
        return scalar("crystal Young's modulus [GPa]", GPA), scalar("crystal Poisson ratio")

    def _misfit(self, swing, order, diameter):
        """Energy ratio of grains; c and a drift apart as the volume changes."""
        scalar = self.electrode.scalar
        misfit = scalar("grain misfit per volume strain") * swing
        surfaces = scalar("grain-boundary surface energy [J.m-2]")
        modulus, poisson = self._elastic()
        return grain_misfit_ratio(misfit, order, diameter, modulus, poisson, surfaces)

    def _reference(self):
        """That of random grains of the reference size at the reference strain, to which the rate constant belongs."""
        scalar = self.electrode.scalar
        return self._misfit(scalar("reference strain"), 0, scalar("reference grain diameter [m]"))

    def _energy(self, variables, strain, swing):
        electrode = self.electrode
        surface = electrode.strain(self.get(variables, "surface stoichiometry"))
        modulus, poisson = self._elastic()
        stress = lithium_gradient_stress(strain, surface, modulus, poisson)
        order, diameter = (electrode.scalar(k) for k in ("grain orientation order", "grain diameter [m]"))
        misfit = self._misfit(swing, order, diameter)
        surfaces = electrode.scalar("cleavage surface energy [J.m-2]")
        gradient = gradient_fracture_ratio(stress, electrode.R_particle, modulus, poisson, surfaces)
        return {
            "lithium gradient stress [Pa]": stress,
            "grain misfit energy ratio": misfit,
            "lithium gradient energy ratio": gradient,
            "fractured share": fractured_share(misfit + gradient),
        }

    def set_rhs(self, variables):
        """Growth of the crack state."""
        self.rhs[self.get(variables, "cracked fraction")] = self.get(variables, "cracking rate [s-1]")

    def set_initial_conditions(self, variables):
        """What fabrication left."""
        self.initial_conditions[self.get(variables, "cracked fraction")] = cracks_from_pressing(
            self.param.scalar("Positive electrode fabrication pressure [MPa]", MPA),
            self.electrode.scalar("pressing crack factor"),
        )
