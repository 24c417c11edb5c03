"""Reaction distribution of the single-particle model by a few nonlinear modes."""

from __future__ import annotations

import pybamm

from assb.models.closures import soft_clip_stoichiometry
from assb.models.closures.depth_modes import depth_modes_for, field_moments, ohmic_correction
from assb.models.closures.kinetics import butler_volmer_overpotential
from assb.models.submodels.reaction import AveragedReaction

#: Three modes follow boundary layers up to a Thiele number of about 5; five nodes their nonlinearity.
MODES = depth_modes_for(3, 5)


class ModalReaction(AveragedReaction):
    """Reaction and filling vary through the depth by Legendre modes, with the full kinetics.

    The interfacial current is ``j + sum_k J_k P_k`` and the mean stoichiometry of the particles
    ``y + sum_k S_k P_k``. The J_k satisfy the Galerkin projection of Ohm's law and of the kinetic law,
    evaluated with the full nonlinearity of U, i0 and Butler-Volmer at Gauss-Legendre nodes; the S_k
    integrate them. All particles share one radial profile: the surface of a deviating one follows its
    own current by the profile of three parameters.

    Notes
    -----
    Radial profile: V. R. Subramanian, V. D. Diwakar, D. Tapriyal, J. Electrochem. Soc. 2005, 152, A2002,
    doi 10.1149/1.2032427. Without variation of U and with linear kinetics it is the porous electrode of J.
    Newman, C. W. Tobias, J. Electrochem. Soc. 1962, 109, 1183, doi 10.1149/1.2425269.
    """

    citations = ("NewmanTobias1962",)
    _relaxing = False

    @property
    def _patches(self):
        return self.option("diffusion constriction") == "patches"

    def _modes(self, variables, name):
        return [self.get(variables, f"{name} mode {k}") for k in range(1, MODES.count + 1)]

    @property
    def _names(self):
        """What has modes."""
        names = ["current density [A.m-2]", "stoichiometry", "stoichiometry gradient"]
        return [*names, "contact stoichiometry drop"] if self._patches else names

    def get_fundamental_variables(self):
        """Amplitudes of the current, of the filling and of the gradient in the particles."""
        result = {}
        for k in range(1, MODES.count + 1):
            for name in self._names:
                scale = self.electrode.j_typical if name.startswith("current") else 1e-2
                full = f"{self._Domain} electrode {name} mode {k}"
                result[full] = pybamm.Variable(full, scale=scale)
        return result

    def get_coupled_variables(self, variables):
        """Ohmic drops and the electrode potential."""
        uniform = super().get_coupled_variables(variables)
        prefix = f"{self._Domain} electrode"
        currents = self._modes(variables, "current density [A.m-2]")
        (kappa, sigma), (area, _) = self._conductivities(variables), self._interface(variables)
        local, mean = self._laws(variables)
        at_nodes = sum(float(w) * law for w, law in zip(MODES.weights, local, strict=True))
        ohmic = ohmic_correction(MODES, currents, self.electrode.L, kappa, sigma, area)
        distribution = at_nodes - mean + ohmic
        uniform[f"{prefix} reaction-distribution overpotential [V]"] = distribution
        uniform[f"{prefix} potential [V]"] = uniform[f"{prefix} potential [V]"] + distribution
        return uniform

    def _surface(self, variables):
        """Amplitudes of the stoichiometry that the kinetics see."""
        unit = self._unit_gradient(variables)
        surfaces = [
            filling + 8 / 35 * gradient - unit / 35 * current
            for filling, gradient, current in zip(
                self._modes(variables, "stoichiometry"),
                self._modes(variables, "stoichiometry gradient"),
                self._modes(variables, "current density [A.m-2]"),
                strict=True,
            )
        ]
        if not self._patches:
            return surfaces
        drops = self._modes(variables, "contact stoichiometry drop")
        return [surface - drop for surface, drop in zip(surfaces, drops, strict=True)]

    def _diffusivity(self, variables):
        return self.electrode.diffusivity(self.get(variables, "stoichiometry"), self.param.T)

    def _unit_gradient(self, variables):
        """Gradient dy/d(r/R) at the surface for an oxidation current of one, its sign turned [m2.A-1]."""
        electrode = self.electrode
        contact = self.get(variables, "contact fraction")
        return (
            contact * electrode.R_particle / (self.param.F * electrode.c_max * self._diffusivity(variables))
        )

    def _laws(self, variables):
        """Potential difference by the kinetic law at the nodes, and of the mean state."""
        at_contact = "unclipped contact stoichiometry" if self._patches else "surface stoichiometry"
        y, j = (self.get(variables, f"{n}") for n in (at_contact, "insertion current density [A.m-2]"))
        resistance = self.get(variables, "film resistance [Ohm.m2]") + self.get(
            variables, "space-charge resistance [Ohm.m2]"
        )
        surfaces = self._surface(variables)
        currents = self._modes(variables, "current density [A.m-2]")

        def law(y, j):
            y = soft_clip_stoichiometry(y) if self._patches else y
            i0 = self.electrode.exchange_current_density(y)
            return self.electrode.ocp(y) + butler_volmer_overpotential(j, i0, self.param.T) + j * resistance

        local = []
        for node in MODES.values.T:
            shift_y = sum(float(p) * s for p, s in zip(node, surfaces, strict=True))
            shift_j = sum(float(p) * s for p, s in zip(node, currents, strict=True))
            local.append(law(y + shift_y, j + shift_j))
        return local, law(y, j)

    def set_algebraic(self, variables):
        """Projection of the kinetic law onto the modes."""
        currents = self._modes(variables, "current density [A.m-2]")
        (kappa, sigma), (area, _) = self._conductivities(variables), self._interface(variables)
        supplied = -self._sign * variables["Total current density [A.m-2]"]
        moments = field_moments(MODES, currents, supplied, self.electrode.L, kappa, sigma, area)
        local, _ = self._laws(variables)
        for k, current in enumerate(currents):
            weights = MODES.weights * MODES.values[k]
            projected = sum(float(w) * law for w, law in zip(weights, local, strict=True) if abs(w) > 1e-14)
            self.algebraic[current] = projected - moments[k]

    def set_rhs(self, variables):
        """Filling and gradient follow the current."""
        self._balance_mean(variables)
        electrode = self.electrode
        per_current = (
            -3
            * self.get(variables, "contact fraction")
            / (self.param.F * electrode.c_max * electrode.R_particle)
        )
        diffusion = self._diffusivity(variables) / electrode.R_particle**2
        for current, filling, gradient in zip(
            self._modes(variables, "current density [A.m-2]"),
            self._modes(variables, "stoichiometry"),
            self._modes(variables, "stoichiometry gradient"),
            strict=True,
        ):
            self.rhs[filling] = per_current * current
            self.rhs[gradient] = -30 * diffusion * gradient + 7.5 * per_current * current
        if self._patches:
            steady = self.get(variables, "contact stoichiometry drop per current [m2.A-1]")
            time = self.get(variables, "diffusion constriction time [s]")
            drops = self._modes(variables, "contact stoichiometry drop")
            for current, drop in zip(self._modes(variables, "current density [A.m-2]"), drops, strict=True):
                self.rhs[drop] = (steady * current - drop) / time

    def set_initial_conditions(self, variables):
        """A rested electrode."""
        for name in self._names:
            for mode in self._modes(variables, name):
                self.initial_conditions[mode] = pybamm.Scalar(0)
