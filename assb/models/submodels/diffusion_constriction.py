"""Diffusion inside the particles that converges on the contact patches left."""

from __future__ import annotations

import pybamm

from assb.models.closures import diffusion_constriction_length, soft_clip_stoichiometry
from assb.models.submodels.base import ElectrodeSubmodel


class DiffusionConstriction(ElectrodeSubmodel):
    """Stoichiometry and potential at the contacts, which is what the kinetics see.

    The particle spreads its flux over the whole surface. With option "patches" lithium converges on
    patches of radius a_p: ``c_con = c(R) - w``, and w relaxes with ``tau = a_p**2/D`` towards its steady value
    ``pi a_p/(4 D) (1 - sqrt(theta))**(3/2) j/F``. It is a state and not a function of j: a current does not
    empty the contact at once, and the impedance has a slow arc. With "none" it is the surface.
    """

    citations = ("Cooper1969",)

    @property
    def _patches(self):
        return self.option("diffusion constriction") == "patches"

    def get_fundamental_variables(self):
        """Drop between surface and contact."""
        if not self._patches:
            return {}
        return self.named(**{"contact stoichiometry drop": self.field("contact stoichiometry drop", 1e-2)})

    def get_coupled_variables(self, variables):
        """Stoichiometry and potential of the contact, steady drop per current and relaxation time."""
        surface = self.get(variables, "surface stoichiometry")
        if not self._patches:
            return self._contact(variables, surface)
        electrode = self.electrode
        diffusivity = electrode.diffusivity(surface, self.param.T)
        if self.option("cracking") != "none":
            diffusivity = diffusivity * self.get(variables, "cracked diffusivity ratio")
        radius = electrode.scalar("contact patch radius [m]")
        length = diffusion_constriction_length(radius, self.get(variables, "contact fraction"))
        unclipped = surface - self.get(variables, "contact stoichiometry drop")
        return self._contact(variables, soft_clip_stoichiometry(unclipped)) | self.named(
            **{
                "unclipped contact stoichiometry": unclipped,
                "contact stoichiometry drop per current [m2.A-1]": length
                / (self.param.F * electrode.c_max * diffusivity),
                "diffusion constriction time [s]": radius**2 / diffusivity,
            }
        )

    def _contact(self, variables, y):
        potential = self.equilibrium(variables, y)
        return self.named(**{"contact stoichiometry": y, "open-circuit potential [V]": potential})

    def set_rhs(self, variables):
        """The drop follows the current."""
        if self._patches:
            drop = self.get(variables, "contact stoichiometry drop")
            steady = self.get(variables, "contact stoichiometry drop per current [m2.A-1]") * self.get(
                variables, "insertion current density [A.m-2]"
            )
            self.rhs[drop] = (steady - drop) / self.get(variables, "diffusion constriction time [s]")

    def set_initial_conditions(self, variables):
        """Rest."""
        if self._patches:
            self.initial_conditions[self.get(variables, "contact stoichiometry drop")] = pybamm.Scalar(0)

    def add_events_from(self, variables):
        """Stop when the contacts are empty or full: the kinetics end there."""
        if self._patches:
            y = self.get(variables, "unclipped contact stoichiometry")
            self.events += [
                pybamm.Event(f"{self.electrode.Particle} contact is empty", pybamm.min(y) - 1e-4),
                pybamm.Event(f"{self.electrode.Particle} contact is full", 1 - 1e-4 - pybamm.max(y)),
            ]
