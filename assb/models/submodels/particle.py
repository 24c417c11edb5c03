"""Diffusion of lithium in the active particles."""

from __future__ import annotations

import pybamm

from assb.models.submodels.base import ElectrodeSubmodel


class ParticleDiffusion(ElectrodeSubmodel):
    """What every law of diffusion in the particles shares: the mean state, potentials, events.

    Boundary condition ``-D dc/dr = theta j / F`` at the surface, with j per true contact area (insertion
    current only).
    """

    def _mean_variables(self):
        # The mean is a state of its own: it feeds strain, contact and pressure, and as an average over the
        # radius it would fill their Jacobian rows.
        y_mean = self.field("stoichiometry")
        return self.named(**{"stoichiometry": y_mean, "volume strain": self.electrode.strain(y_mean)})

    def get_coupled_variables(self, variables):
        """Potential and rate of the mean state."""
        contact = self.get(variables, "contact fraction")
        j = self.get(variables, "insertion current density [A.m-2]")
        rate = -3 * contact * j / (self.param.F * self.electrode.c_max * self.electrode.R_particle)
        return self.named(
            **{
                "stoichiometry rate [s-1]": rate,
                "bulk open-circuit potential [V]": self.equilibrium(
                    variables, self.get(variables, "stoichiometry")
                ),
            }
        )

    def _diffusivity_at(self, variables, y):
        """Diffusivity [m2.s-1] at stoichiometry `y`, lowered by cracks."""
        intrinsic = self.electrode.diffusivity(y, self.param.T)
        if self.option("cracking") == "none":
            return intrinsic
        ratio = self.get(variables, "cracked diffusivity ratio")
        in_particle = self.resolved and self.electrode.particle in y.domain
        return intrinsic * (pybamm.PrimaryBroadcast(ratio, self.electrode.particle) if in_particle else ratio)

    def set_rhs(self, variables):
        """Mean stoichiometry."""
        self.rhs[self.get(variables, "stoichiometry")] = self.get(variables, "stoichiometry rate [s-1]")

    def set_initial_conditions(self, variables):
        """Uniform stoichiometry."""
        self.initial_conditions[self.get(variables, "stoichiometry")] = self.electrode.y_init

    def add_events_from(self, variables):
        """Stop when the surface is empty or full: the kinetics end there."""
        y = self.get(variables, "surface stoichiometry")
        self.events += [
            pybamm.Event(f"{self.electrode.Particle} surface is empty", pybamm.min(y) - 1e-4),
            pybamm.Event(f"{self.electrode.Particle} surface is full", 1 - 1e-4 - pybamm.max(y)),
        ]


class Particle(ParticleDiffusion):
    """Fickian diffusion in a sphere whose surface is only partly in contact, by finite volumes.

    The radial coordinate is r/R, so that the radius is an ordinary parameter. Option "particle diffusion":
    "Fickian".

    Notes
    -----
    M. Doyle, T. F. Fuller, J. Newman, J. Electrochem. Soc. 1993, 140, 1526, doi 10.1149/1.2221597.
    """

    citations = ("Doyle1993",)

    def get_fundamental_variables(self):
        """Concentration, surface and mean stoichiometry, volume strain."""
        outer = {"secondary": f"{self.domain} electrode"} if self.resolved else None
        c_max = self.electrode.c_max
        c = pybamm.Variable(
            f"{self.electrode.Particle} concentration [mol.m-3]",
            domain=[self.electrode.particle],
            auxiliary_domains=outer,
            scale=c_max,
        )
        c_surf = pybamm.surf(c)
        return {
            f"{self.electrode.Particle} concentration [mol.m-3]": c,
            f"{self.electrode.Particle} stoichiometry": c / c_max,
            f"{self.electrode.Particle} surface concentration [mol.m-3]": c_surf,
            # Equal to the mean state: finite volumes conserve it to rounding.
            f"{self.electrode.Particle} radius-averaged stoichiometry": pybamm.r_average(c) / c_max,
            **self.named(**{"surface stoichiometry": c_surf / c_max}),
            **self._mean_variables(),
        }

    def _diffusivity(self, variables):
        c = variables[f"{self.electrode.Particle} concentration [mol.m-3]"]
        return self._diffusivity_at(variables, c / self.electrode.c_max)

    def set_rhs(self, variables):
        """Fick's second law in r/R."""
        c = variables[f"{self.electrode.Particle} concentration [mol.m-3]"]
        flux = -self._diffusivity(variables) * pybamm.grad(c)
        self.rhs[c] = -pybamm.div(flux) / self.electrode.R_particle**2
        super().set_rhs(variables)

    def set_boundary_conditions(self, variables):
        """Symmetry at the centre, insertion current through the contact at the surface."""
        c = variables[f"{self.electrode.Particle} concentration [mol.m-3]"]
        contact = self.get(variables, "contact fraction")
        j = self.get(variables, "insertion current density [A.m-2]")
        slope = (
            -contact
            * j
            * self.electrode.R_particle
            / self.param.F
            / pybamm.surf(self._diffusivity(variables))
        )
        self.boundary_conditions[c] = {"left": (pybamm.Scalar(0), "Neumann"), "right": (slope, "Neumann")}

    def set_initial_conditions(self, variables):
        """Uniform stoichiometry."""
        c = variables[f"{self.electrode.Particle} concentration [mol.m-3]"]
        self.initial_conditions[c] = self.electrode.y_init * self.electrode.c_max
        super().set_initial_conditions(variables)


class ReducedParticle(ParticleDiffusion):
    """Particles whose radial profile follows from a few states; it is then an output only."""

    def _squared_radius(self):
        """(r/R)**2 on the mesh of the particle."""
        outer = {"secondary": f"{self.domain} electrode"} if self.resolved else None
        suffix = {"": "", "primary": "_prim", "secondary": "_sec"}[self.electrode.phase]
        r = pybamm.SpatialVariable(
            f"r_{self.domain[0]}{suffix}",
            domain=[self.electrode.particle],
            auxiliary_domains=outer,
            coord_sys="spherical polar",
        )
        return r**2

    def _in_particle(self, symbol):
        return pybamm.PrimaryBroadcast(symbol, self.electrode.particle)

    def _outputs(self, profile, mean, surface):
        """Variables that the radial mesh gives otherwise."""
        particle, c_max = self.electrode.Particle, self.electrode.c_max
        return {
            f"{particle} concentration [mol.m-3]": profile * c_max,
            f"{particle} stoichiometry": profile,
            f"{particle} surface concentration [mol.m-3]": surface * c_max,
            f"{particle} radius-averaged stoichiometry": mean,
            **self.named(**{"surface stoichiometry": surface}),
        }

    def _flux(self, variables):
        """Flux out of the surface per radius and maximum concentration [s-1]."""
        return -self.get(variables, "stoichiometry rate [s-1]") / 3

    def _diffusion(self, variables, y):
        """D/R**2 at stoichiometry `y` [s-1]."""
        return self._diffusivity_at(variables, y) / self.electrode.R_particle**2
