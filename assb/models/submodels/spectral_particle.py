"""Diffusion in the particles by a few orthogonal polynomials."""

from __future__ import annotations

from assb.models.closures.particle_diffusion import sphere_modes_for
from assb.models.submodels.particle import ReducedParticle

#: Six modes keep a charge at 1C of the default cell within 1 mV; seven nodes follow D(y) as closely as more do.
MODES = sphere_modes_for(6, 7)
#: Scale of the amplitudes. They add to a mean of about one, whose error is weighed relatively: absolute tolerances
#: for small amplitudes would ask for a hundredfold accuracy and take twice the steps.
SCALE = 10.0


class SpectralParticle(ReducedParticle):
    """Radial profile of the mean and six polynomials in (r/R)**2, by the Galerkin projection of Fick's law.

    The diffusivity varies within the particle: it is evaluated at Gauss nodes. The polynomials have no mean,
    so that lithium is conserved exactly, and the surface is the sum of all amplitudes, without an algebraic
    equation. For a constant diffusivity N modes are the Pade approximant of the sphere about the steady
    state. Option "particle diffusion": "spectral".

    Notes
    -----
    J. Villadsen, M. L. Michelsen, Solution of Differential Equation Models by Polynomial Approximation,
    Prentice-Hall 1978.
    """

    citations = ("Doyle1993", "Villadsen1978")

    def get_fundamental_variables(self):
        """Mean, amplitudes, surface, and the profile of which they are the coefficients."""
        states = self._mean_variables()
        mean = states[f"{self.label} stoichiometry"]
        amplitudes = [self.field(name, scale=SCALE) for name in self._names]
        inner = [self._in_particle(amplitude) for amplitude in amplitudes]
        profile = MODES.profile(self._squared_radius(), self._in_particle(mean), inner)
        return {
            **states,
            **self.named(**dict(zip(self._names, amplitudes, strict=True))),
            **self._outputs(profile, mean, sum(amplitudes, start=mean)),
        }

    @property
    def _names(self):
        return [f"radial stoichiometry mode {k}" for k in range(1, MODES.count + 1)]

    def _amplitudes(self, variables):
        return [self.get(variables, name) for name in self._names]

    def set_rhs(self, variables):
        """Mean and amplitudes."""
        amplitudes = self._amplitudes(variables)
        at_nodes = MODES.at_nodes(self.get(variables, "stoichiometry"), amplitudes)
        diffusion = [self._diffusion(variables, y) for y in at_nodes]
        rates = MODES.rates(amplitudes, diffusion, self._flux(variables))
        self.rhs.update(zip(amplitudes, rates, strict=True))
        super().set_rhs(variables)

    def set_initial_conditions(self, variables):
        """Uniform stoichiometry."""
        for amplitude in self._amplitudes(variables):
            self.initial_conditions[amplitude] = 0 * self.electrode.y_init
        super().set_initial_conditions(variables)
