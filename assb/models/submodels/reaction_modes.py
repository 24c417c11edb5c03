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
    own current by the profile of three parameters. Each of several populations has amplitudes of its own; they
    share those of the potential difference.

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

    def _modes(self, variables, population, name):
        return [variables[f"{population.label} {name} mode {k}"] for k in range(1, MODES.count + 1)]

    @property
    def _names(self):
        """What has modes."""
        # The surface is a state of its own: as an expression, repeated in every law, it takes PyBaMM a minute.
        names = [
            "current density [A.m-2]",
            "stoichiometry",
            "stoichiometry gradient",
            "surface stoichiometry",
        ]
        return [*names, "contact stoichiometry drop"] if self._patches else names

    def get_fundamental_variables(self):
        """Amplitudes of the current, of the filling and of the gradient in the particles."""
        result = {}
        for population in self.populations:
            for k in range(1, MODES.count + 1):
                for name in self._names:
                    scale = population.j_typical if name.startswith("current") else 1e-2
                    full = f"{population.label} {name} mode {k}"
                    result[full] = pybamm.Variable(full, scale=scale)
        return result

    def get_coupled_variables(self, variables):
        """Ohmic drops and the electrode potential."""
        uniform = super().get_coupled_variables(variables)
        prefix = f"{self._Domain} electrode"
        (kappa, sigma), (area, _) = self._conductivities(variables), self._interface(variables)
        corrections = [self._correction(variables, k) for k in self.populations]
        correction = self._by_contact(variables, corrections)
        ohmic = ohmic_correction(MODES, self._currents(variables), self.electrode.L, kappa, sigma, area)
        distribution = correction + ohmic
        uniform[f"{prefix} reaction-distribution overpotential [V]"] = distribution
        uniform[f"{prefix} potential [V]"] = uniform[f"{prefix} potential [V]"] + distribution
        if len(self.populations) > 1:
            # The mean over the depth is what populations share, not the potential of their mean states.
            for k, own in zip(self.populations, corrections, strict=True):
                uniform[f"{k.label} depth correction [V]"] = own - correction
        return uniform

    def _by_contact(self, variables, values):
        """Mean over the populations by contact area."""
        if len(values) == 1:
            return values[0]
        areas = [variables[f"{k.label} contact area to volume ratio [m-1]"] for k in self.populations]
        return sum(a * v for a, v in zip(areas, values, strict=True)) / sum(areas)

    def _currents(self, variables):
        """Amplitudes of the current of all populations, per contact area."""
        each = [self._modes(variables, k, "current density [A.m-2]") for k in self.populations]
        return [self._by_contact(variables, list(amplitudes)) for amplitudes in zip(*each, strict=True)]

    def _correction(self, variables, population):
        """Mean of the kinetic law over the depth, less the law of the mean state."""
        local, mean = self._laws(variables, population)
        return sum(float(w) * law for w, law in zip(MODES.weights, local, strict=True)) - mean

    def _surface(self, variables, population):
        """What the amplitudes of the stoichiometry that the kinetics see follow from."""
        unit = self._unit_gradient(variables, population)
        surfaces = [
            filling + 8 / 35 * gradient - unit / 35 * current
            for filling, gradient, current in zip(
                self._modes(variables, population, "stoichiometry"),
                self._modes(variables, population, "stoichiometry gradient"),
                self._modes(variables, population, "current density [A.m-2]"),
                strict=True,
            )
        ]
        if not self._patches:
            return surfaces
        drops = self._modes(variables, population, "contact stoichiometry drop")
        return [surface - drop for surface, drop in zip(surfaces, drops, strict=True)]

    def _diffusivity(self, variables, population):
        """Of the mean state, lowered by cracks."""
        intrinsic = population.diffusivity(variables[f"{population.label} stoichiometry"], self.param.T)
        if self.option("cracking") == "none":
            return intrinsic
        return intrinsic * variables[f"{population.label} cracked diffusivity ratio"]

    def _unit_gradient(self, variables, population):
        """Gradient dy/d(r/R) at the surface for an oxidation current of one, its sign turned [m2.A-1]."""
        contact = variables[f"{population.label} contact fraction"]
        return (
            contact
            * population.R_particle
            / (self.param.F * population.c_max * self._diffusivity(variables, population))
        )

    def _laws(self, variables, population):
        """Potential difference by the kinetic law at the nodes, and of the mean state."""
        at_contact = "unclipped contact stoichiometry" if self._patches else "surface stoichiometry"
        y, j, film, layer = (
            variables[f"{population.label} {name}"]
            for name in (
                at_contact,
                "insertion current density [A.m-2]",
                "film resistance [Ohm.m2]",
                "space-charge resistance [Ohm.m2]",
            )
        )
        resistance = film + layer
        surfaces = self._modes(variables, population, "surface stoichiometry")
        currents = self._modes(variables, population, "current density [A.m-2]")

        def law(y, j):
            y = soft_clip_stoichiometry(y) if self._patches else y
            i0 = population.exchange_current_density(y)
            transfer = self.transfer_coefficient(population)
            reaction = butler_volmer_overpotential(j, i0, self.param.T, transfer)
            equilibrium = self.equilibrium(variables, y) if population.hysteretic else population.ocp(y)
            return equilibrium + reaction + j * resistance

        local = []
        for node in MODES.values.T:
            shift_y = sum(float(p) * s for p, s in zip(node, surfaces, strict=True))
            shift_j = sum(float(p) * s for p, s in zip(node, currents, strict=True))
            local.append(law(y + shift_y, j + shift_j))
        return local, law(y, j)

    def set_algebraic(self, variables):
        """Projection of the kinetic law of each population onto the modes."""
        (kappa, sigma), (area, _) = self._conductivities(variables), self._interface(variables)
        supplied = -self._sign * variables["Separator ionic current density [A.m-2]"]
        moments = field_moments(
            MODES, self._currents(variables), supplied, self.electrode.L, kappa, sigma, area
        )
        for population in self.populations:
            local, _ = self._laws(variables, population)
            currents = self._modes(variables, population, "current density [A.m-2]")
            for k, current in enumerate(currents):
                weights = MODES.weights * MODES.values[k]
                projected = sum(
                    float(w) * law for w, law in zip(weights, local, strict=True) if abs(w) > 1e-14
                )
                self.algebraic[current] = projected - moments[k]
            surfaces = self._modes(variables, population, "surface stoichiometry")
            for state, value in zip(surfaces, self._surface(variables, population), strict=True):
                self.algebraic[state] = value - state

    def set_rhs(self, variables):
        """Filling and gradient follow the current."""
        self._balance_mean(variables)
        for population in self.populations:
            contact = variables[f"{population.label} contact fraction"]
            per_current = -3 * contact / (self.param.F * population.c_max * population.R_particle)
            diffusion = self._diffusivity(variables, population) / population.R_particle**2
            currents = self._modes(variables, population, "current density [A.m-2]")
            for current, filling, gradient in zip(
                currents,
                self._modes(variables, population, "stoichiometry"),
                self._modes(variables, population, "stoichiometry gradient"),
                strict=True,
            ):
                self.rhs[filling] = per_current * current
                self.rhs[gradient] = -30 * diffusion * gradient + 7.5 * per_current * current
            if self._patches:
                steady = variables[f"{population.label} contact stoichiometry drop per current [m2.A-1]"]
                time = variables[f"{population.label} diffusion constriction time [s]"]
                drops = self._modes(variables, population, "contact stoichiometry drop")
                for current, drop in zip(currents, drops, strict=True):
                    self.rhs[drop] = (steady * current - drop) / time

    def set_initial_conditions(self, variables):
        """A rested electrode."""
        for population in self.populations:
            for name in self._names:
                for mode in self._modes(variables, population, name):
                    self.initial_conditions[mode] = pybamm.Scalar(0)
