"""How the reaction is distributed through a composite electrode, and the ohmic drops that follow.

``V_electrode`` is the potential of the collector against the electrolyte at the separator. Current
is counted positive on discharge and positive in the direction negative to positive.
"""

from __future__ import annotations

import pybamm

from assb.models.closures import (
    newman_tobias_resistance,
    relaxation_rate,
    thiele_number,
    uniform_resistance,
)
from assb.models.closures.porous_electrode import smooth_slope
from assb.models.submodels.base import ElectrodeSubmodel
from assb.models.submodels.dispersed_double_layer import DispersedDoubleLayer


class _Reaction(ElectrodeSubmodel):
    """What both distributions share: the charge balance of the interface."""

    @property
    def _double_layer(self):
        return self.options["surface form"] == "differential"

    def _faradaic(self, variables):
        """Faradaic current per electrode volume [A.m-3]."""
        area = self.get(variables, "contact area to volume ratio [m-1]")
        j = self.get(variables, "insertion current density [A.m-2]")
        return area * (j + self.get(variables, "side-reaction current density [A.m-2]"))

    def _balance(self, variables, supplied):
        """Charge balance: `supplied` [A.m-3] leaves through the reaction or charges the double layer."""
        residual = supplied - self._faradaic(variables)
        if self._double_layer:
            potential = self.get(variables, "surface potential difference [V]")
            area = self.get(variables, "contact area to volume ratio [m-1]")
            per_area = self.electrode.scalar("double-layer capacity [F.m-2]")
            if self.option("positive interface dispersion") == "none":
                self.rhs[potential] = residual / (area * per_area)
                return
            states = [self.get(variables, name) for name in DispersedDoubleLayer.names()]
            mean, rates = DispersedDoubleLayer.rates(
                residual / area,
                potential,
                states,
                self.get(variables, "differential interface resistance [Ohm.m2]"),
                per_area,
                self.populations[0].scalar("interface dispersion exponent"),  # as the arc of impedance
            )
            self.rhs[potential] = mean
            self.rhs.update(zip(states, rates, strict=True))
        else:
            scale = self.param.i_typical / self.electrode.L
            first = self.populations[0].label
            self.algebraic[variables[f"{first} insertion current density [A.m-2]"]] = residual / scale

    def _collected(self, variables, ionic, electronic, distribution):
        """Electrode potential and its contributions."""
        names = ("reaction", "film", "space-charge")
        parts = {name: self.mean(self.get(variables, f"{name} overpotential [V]")) for name in names}
        interface = self.mean(self.get(variables, "surface potential difference [V]"))
        prefix = f"{self._Domain} electrode"
        # The contacts through the thickness act in parallel.
        conductance = self.get(variables, "contact area to volume ratio [m-1]") / self.get(
            variables, "differential interface resistance [Ohm.m2]"
        )
        total = interface + ionic + electronic + distribution
        return {
            f"{prefix} potential [V]": total,
            f"{self._Domain} interface resistance [Ohm.m2]": 1 / (self.electrode.L * self.mean(conductance)),
            f"{prefix} ionic network overpotential [V]": ionic,
            f"{prefix} electronic network overpotential [V]": electronic,
            f"{prefix} reaction-distribution overpotential [V]": distribution,
            f"{prefix} mean reaction overpotential [V]": parts["reaction"],
            f"{prefix} mean film overpotential [V]": parts["film"],
            f"{prefix} mean space-charge overpotential [V]": parts["space-charge"],
            f"{prefix} charge residual [A.m-2]": self.electrode.L * self.mean(self._faradaic(variables))
            + self._sign * variables["Separator ionic current density [A.m-2]"],
            **self._supply(variables),
        }

    def _supply(self, variables):
        """What the networks give to the interface, asked for by the heat only."""
        if self.options["thermal"] == "isothermal":
            return {}
        return {f"{self._Domain} electrode supplied current [A.m-3]": self._supplied(variables)}

    @property
    def _sign(self):
        """+1 in the positive electrode, where discharge current leaves the electrolyte."""
        return 1 if self.domain == "positive" else -1


class AveragedReaction(_Reaction):
    """Uniform reaction plus the linearised porous electrode.

    With option "relaxing mode" the drop follows the linear electrode just after a step and relaxes
    towards the uniform reaction; with "uniform" only the uniform drop is kept.
    """

    citations = ("NewmanTobias1962",)

    @property
    def _relaxing(self):
        return self.option("reaction distribution") == "relaxing mode"

    def get_fundamental_variables(self):
        """Relaxed part of the current."""
        if not self._relaxing:
            return {}
        name = f"{self._Domain} electrode relaxed current density [A.m-2]"
        return {name: pybamm.Variable(name, scale=self.param.i_typical)}

    def get_coupled_variables(self, variables):
        """Ohmic drops and the electrode potential."""
        i = variables["Separator ionic current density [A.m-2]"]
        kappa, sigma = self._conductivities(variables)
        length = self.electrode.L
        ionic, electronic = (-self._sign * i * length / (3 * value) for value in (kappa, sigma))
        distribution = pybamm.Scalar(0)
        if self._relaxing:
            relaxed = self.get(variables, "relaxed current density [A.m-2]")
            stepped, uniform = self._resistances(variables)
            distribution = -self._sign * (stepped - uniform) * (i - relaxed)
        return self._collected(variables, ionic, electronic, distribution) | {
            f"{self._Domain} electrode Thiele number": self._thiele(variables)
        }

    def _conductivities(self, variables):
        return (
            self.get(variables, "effective ionic conductivity [S.m-1]"),
            self.get(variables, "effective electronic conductivity [S.m-1]"),
        )

    def _interface(self, variables):
        return (
            self.get(variables, "contact area to volume ratio [m-1]"),
            self.get(variables, "differential interface resistance [Ohm.m2]"),
        )

    def _thiele(self, variables):
        return thiele_number(self.electrode.L, *self._conductivities(variables), *self._interface(variables))

    def _resistances(self, variables):
        (kappa, sigma), (area, resistance) = self._conductivities(variables), self._interface(variables)
        length = self.electrode.L
        stepped = newman_tobias_resistance(length, kappa, sigma, self._thiele(variables))
        return stepped, uniform_resistance(length, kappa, sigma, area, resistance)

    def set_rhs(self, variables):
        """Charge balance with a double layer; relaxation of the distribution."""
        self._balance_mean(variables)
        if self._relaxing:
            relaxed = self.get(variables, "relaxed current density [A.m-2]")
            slope = self._slope(variables)
            (kappa, sigma), (area, resistance) = self._conductivities(variables), self._interface(variables)
            length, capacity = self.electrode.L, self.electrode.q_volumetric
            rate = relaxation_rate(length, kappa, sigma, area, resistance, slope, capacity)
            self.rhs[relaxed] = rate * (variables["Separator ionic current density [A.m-2]"] - relaxed)

    def _slope(self, variables):
        """Slope of the open-circuit potential; of several populations that of their capacities in parallel."""
        slopes = [k.ocp_slope(variables[f"{k.label} stoichiometry"]) for k in self.populations]
        if len(slopes) == 1:
            return slopes[0]
        charges = [k.q_volumetric for k in self.populations]
        held = sum(q / smooth_slope(s) for q, s in zip(charges, slopes, strict=True))
        return sum(charges) / held

    def _supplied(self, variables):
        return -self._sign * variables["Separator ionic current density [A.m-2]"] / self.electrode.L

    def _balance_mean(self, variables):
        self._balance(variables, self._supplied(variables))

    def set_initial_conditions(self, variables):
        """A rested electrode."""
        if self._relaxing:
            self.initial_conditions[self.get(variables, "relaxed current density [A.m-2]")] = pybamm.Scalar(0)


class ResolvedReaction(_Reaction):
    """Reaction distribution resolved through the thickness.

    ``i_e = kappa (i + sigma d(phi_s - phi_e)/dx)/(kappa + sigma)`` and ``d(i_e)/dx = a theta j``: in a
    single-ion conductor the potential difference is the only field.
    """

    citations = ("Doyle1993", "NewmanTobias1962")

    def get_coupled_variables(self, variables):
        """Ionic current density, ohmic drops, electrode potential."""
        i = variables["Separator ionic current density [A.m-2]"]
        potential = self.get(variables, "surface potential difference [V]")
        kappa = self.get(variables, "effective ionic conductivity [S.m-1]")
        sigma = self.get(variables, "effective electronic conductivity [S.m-1]")
        length, x = self.electrode.L, self.depth()
        if self._varies:
            share, series = self._split(kappa, sigma)
            ionic = share * i + series * pybamm.grad(potential) / length
        else:
            ionic = kappa / (kappa + sigma) * (i + sigma / length * pybamm.grad(potential))
        # Both drops count from the separator for ions and from the collector for electrons; written as
        # running integrals so that conductivities may vary with depth.
        from_left, from_right = pybamm.IndefiniteIntegral, pybamm.BackwardIndefiniteIntegral
        if self.domain == "negative":
            from_left, from_right = from_right, from_left
        ionic_drop = length * self.mean(from_left(ionic / kappa, x))
        electronic_drop = length * self.mean(from_right((i - ionic) / sigma, x))
        name = f"{self._Domain} electrode ionic current density [A.m-2]"
        return {name: ionic} | self._collected(
            variables | {name: ionic},
            -self._sign * ionic_drop,
            -self._sign * electronic_drop,
            pybamm.Scalar(0),
        )

    @property
    def _varies(self):
        """Whether the conductivities depend on the depth."""
        return self.electrode.graded or self.option("network consumption") != "none"

    def _supplied(self, variables):
        return pybamm.div(self.get(variables, "ionic current density [A.m-2]")) / self.electrode.L

    @staticmethod
    def _split(kappa, sigma):
        """Share of the current that ions carry without a gradient, and the conductivities in series."""
        return kappa / (kappa + sigma), kappa * sigma / (kappa + sigma)

    def set_boundary_conditions(self, variables):
        """All current is ionic at the separator and electronic at the collector."""
        i = variables["Separator ionic current density [A.m-2]"]
        length = self.electrode.L
        if self._varies:
            self._graded_boundaries(variables, i, length)
            return
        at_separator = (length * i / self.get(variables, "effective ionic conductivity [S.m-1]"), "Neumann")
        at_collector = (
            -length * i / self.get(variables, "effective electronic conductivity [S.m-1]"),
            "Neumann",
        )
        left, right = (
            (at_separator, at_collector) if self.domain == "positive" else (at_collector, at_separator)
        )
        potential = self.get(variables, "surface potential difference [V]")
        self.boundary_conditions[potential] = {"left": left, "right": right}

    def _graded_boundaries(self, variables, i, length):
        """The same for conductivities of the depth: exact for the flux as the mesh has it at its ends."""
        share, series = self._split(
            self.get(variables, "effective ionic conductivity [S.m-1]"),
            self.get(variables, "effective electronic conductivity [S.m-1]"),
        )
        (left_share, left_series), (right_share, right_series) = (
            [pybamm.boundary_value(field, side) for field in (share, series)] for side in ("left", "right")
        )
        potential = self.get(variables, "surface potential difference [V]")
        self.boundary_conditions[potential] = {
            "left": (length * i * (1 - left_share) / left_series, "Neumann"),
            "right": (-length * i * right_share / right_series, "Neumann"),
        }

    def set_rhs(self, variables):
        """Charge balance through the thickness."""
        self._balance(variables, self._supplied(variables))
