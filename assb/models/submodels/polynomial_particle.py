"""Diffusion in the particles by a quartic profile."""

from __future__ import annotations

from assb.models.closures.particle_diffusion import quartic_gradient_rate, quartic_profile, quartic_surface
from assb.models.submodels.particle import ReducedParticle


class PolynomialParticle(ReducedParticle):
    """Quartic profile with two states, the mean and the mean gradient, and an algebraic surface.

    The diffusivity is that of the mean stoichiometry. The profile was derived for one diffusivity, and the
    equation of the surface stays linear: with D of the surface it may have several roots or none. What that
    costs is less than what the profile itself costs. Option "particle diffusion": "polynomial".

    Notes
    -----
    V. R. Subramanian, V. D. Diwakar, D. Tapriyal, J. Electrochem. Soc. 2005, 152, A2002, doi
    10.1149/1.2032427.
    """

    citations = ("Doyle1993", "Subramanian2005")

    def get_fundamental_variables(self):
        """Mean, mean gradient, surface, and the profile through them."""
        states = self._mean_variables()
        mean = states[f"{self.label} stoichiometry"]
        gradient = self.field("stoichiometry gradient")
        # Algebraic, as in PyBaMM: the profile has the slope at the surface that the current asks for.
        surface = self.field("surface stoichiometry")
        profile = quartic_profile(self._squared_radius(), *map(self._in_particle, (mean, gradient, surface)))
        return {
            **states,
            **self.named(**{"stoichiometry gradient": gradient}),
            **self._outputs(profile, mean, surface),
        }

    def _diffusion_of_mean(self, variables):
        return self._diffusion(variables, self.get(variables, "stoichiometry"))

    def set_rhs(self, variables):
        """Mean and mean gradient."""
        gradient = self.get(variables, "stoichiometry gradient")
        self.rhs[gradient] = quartic_gradient_rate(
            gradient, self._diffusion_of_mean(variables), self._flux(variables)
        )
        super().set_rhs(variables)

    def set_algebraic(self, variables):
        """Slope at the surface."""
        surface = self.get(variables, "surface stoichiometry")
        slope = -self._flux(variables) / self._diffusion_of_mean(variables)
        mean, gradient = (self.get(variables, name) for name in ("stoichiometry", "stoichiometry gradient"))
        self.algebraic[surface] = quartic_surface(mean, gradient, slope) - surface

    def set_initial_conditions(self, variables):
        """Uniform stoichiometry."""
        self.initial_conditions[self.get(variables, "stoichiometry gradient")] = 0 * self.electrode.y_init
        self.initial_conditions[self.get(variables, "surface stoichiometry")] = self.electrode.y_init
        super().set_initial_conditions(variables)
