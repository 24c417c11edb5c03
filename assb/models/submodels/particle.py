"""Diffusion of lithium in the active particles."""

from __future__ import annotations

import pybamm

from assb.models.submodels.base import ElectrodeSubmodel


class Particle(ElectrodeSubmodel):
    """Fickian diffusion in a sphere whose surface is only partly in contact.

    The radial coordinate is r/R, so that the radius is an ordinary parameter. Boundary condition
    ``-D dc/dr = theta j / F`` at the surface, with j per true contact area (insertion current only).

    Notes
    -----
    M. Doyle, T. F. Fuller, J. Newman, J. Electrochem. Soc. 1993, 140, 1526, doi 10.1149/1.2221597.
    """

    citations = ("Doyle1993",)

    def get_fundamental_variables(self):
        """Concentration, surface and mean stoichiometry, volume strain."""
        particle = self.electrode.particle
        outer = {"secondary": f"{self.domain} electrode"} if self.resolved else None
        c_max = self.electrode.c_max
        c = pybamm.Variable(
            f"{self.electrode.Particle} concentration [mol.m-3]",
            domain=[particle],
            auxiliary_domains=outer,
            scale=c_max,
        )
        c_surf = pybamm.surf(c)
        # The mean is a state of its own: it feeds strain, contact and pressure, and as an average over the
        # radius it would fill their Jacobian rows. Finite volumes conserve it to rounding.
        y_mean = self.field("stoichiometry")
        strain = self.electrode.strain(y_mean)
        return {
            f"{self.electrode.Particle} concentration [mol.m-3]": c,
            f"{self.electrode.Particle} stoichiometry": c / c_max,
            f"{self.electrode.Particle} surface concentration [mol.m-3]": c_surf,
            f"{self.electrode.Particle} radius-averaged stoichiometry": pybamm.r_average(c) / c_max,
            **self.named(
                **{
                    "surface stoichiometry": c_surf / c_max,
                    "stoichiometry": y_mean,
                    "volume strain": strain,
                }
            ),
        }

    def get_coupled_variables(self, variables):
        """Potential and rate of the mean state."""
        contact = self.get(variables, "contact fraction")
        j = self.get(variables, "insertion current density [A.m-2]")
        rate = -3 * contact * j / (self.param.F * self.electrode.c_max * self.electrode.R_particle)
        return self.named(
            **{
                "stoichiometry rate [s-1]": rate,
                "bulk open-circuit potential [V]": self.electrode.ocp(self.get(variables, "stoichiometry")),
            }
        )

    def _diffusivity(self, variables):
        c = variables[f"{self.electrode.Particle} concentration [mol.m-3]"]
        intrinsic = self.electrode.diffusivity(c / self.electrode.c_max, self.param.T)
        if self.option("cracking") == "none":
            return intrinsic
        ratio = self.get(variables, "cracked diffusivity ratio")
        return intrinsic * (
            pybamm.PrimaryBroadcast(ratio, self.electrode.particle) if self.resolved else ratio
        )

    def set_rhs(self, variables):
        """Fick's second law in r/R."""
        c = variables[f"{self.electrode.Particle} concentration [mol.m-3]"]
        flux = -self._diffusivity(variables) * pybamm.grad(c)
        self.rhs[c] = -pybamm.div(flux) / self.electrode.R_particle**2
        self.rhs[self.get(variables, "stoichiometry")] = self.get(variables, "stoichiometry rate [s-1]")

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
        self.initial_conditions[self.get(variables, "stoichiometry")] = self.electrode.y_init

    def add_events_from(self, variables):
        """Stop when the surface is empty or full: the kinetics end there."""
        y = self.get(variables, "surface stoichiometry")
        self.events += [
            pybamm.Event(f"{self.electrode.Particle} surface is empty", pybamm.min(y) - 1e-4),
            pybamm.Event(f"{self.electrode.Particle} surface is full", 1 - 1e-4 - pybamm.max(y)),
        ]
