"""Reduced interphase between a foil and the solid electrolyte."""

from __future__ import annotations

import pybamm

from assb.models.closures import (
    arrhenius,
    forming_rate,
    forming_resistance_ratio,
    mixed_conduction_constant,
    squared_thickness_rate,
)
from assb.models.submodels.base import Submodel

#: C.m-2 in 1 uAh/cm2, A.m-2 in 1 mA/cm2, m.m2.C-1 in 1 nm.cm2/(uA.h).
UAH_PER_CM2 = 36.0
MA_PER_CM2 = 10.0
NM_PER_UAH_PER_CM2 = 1e-9 / UAH_PER_CM2
#: Rounds the onset of plating [A.m-2]; half of it is what forms at rest, 1.2e-2 uAh/cm2 a day.
CURRENT_WIDTH = 1e-5


class NegativeInterphase(Submodel):
    """Interphase of reduced electrolyte on a lithium foil: it grows with the square root of time.

    ``d(delta)/dt = D/delta``, limited by transport through the interphase; lithium of the foil pays for
    it, one mole for every mole of electrons, and none of it passes through the cell. Option "growing
    and forming": the conducting interphase forms as lithium is plated, faster at high current. D is a parameter, or
    with "negative interphase growth": "mixed conduction" what the ions and electrons in the products allow.

    Notes
    -----
    Charge of the interphase on Li6PS5Cl and its growth with the root of time: B. Aktekin et al., Nat.
    Commun. 2023, 14, 6946, doi 10.1038/s41467-023-42512-y.
    """

    citations = ("Aktekin2023",)

    def __init__(self, param, options):
        super().__init__(param, options, "negative interphase")

    @property
    def _forms(self):
        return self.options["negative interphase"] == "growing and forming"

    def get_fundamental_variables(self):
        """Thickness, what it resists, and the lithium that it holds."""
        foil, param = self.param.n, self.param
        squared = pybamm.Variable("Negative electrode squared interphase thickness ratio")
        thickness = self._reference * squared**0.5
        grown = thickness - foil.scalar("initial interphase thickness [m]")
        resistance = thickness / foil.scalar("interphase conductivity [S.m-1]")
        lithium = "Lithium in negative interphase [mol]"
        variables = {
            "Negative electrode squared interphase thickness ratio": squared,
            "Negative electrode interphase thickness [m]": thickness,
            "Negative electrode interphase charge [C.m-2]": grown / self._per_charge,
            "Negative electrode interphase charge [uA.h.cm-2]": grown / self._per_charge / UAH_PER_CM2,
            lithium: pybamm.Variable(lithium, scale=param.A_cc * UAH_PER_CM2 / param.F),
        }
        if self._forms:
            formed = pybamm.Variable("Negative electrode formed interphase share")
            variables["Negative electrode formed interphase share"] = formed
            resistance = resistance * forming_resistance_ratio(
                formed, foil.scalar("unformed interphase resistance ratio")
            )
        return variables | {"Negative electrode interphase film resistance [Ohm.m2]": resistance}

    @property
    def _reference(self):
        return self.param.n.scalar("reference interphase thickness [m]")

    @property
    def _per_charge(self):
        """Thickness per charge of the interphase [m.m2.C-1]."""
        return self.param.n.scalar("interphase thickness per charge [nm.cm2.uA-1.h-1]", NM_PER_UAH_PER_CM2)

    def get_coupled_variables(self, variables):
        """Growth, and the current that reduces the electrolyte."""
        squared = variables["Negative electrode squared interphase thickness ratio"]
        rate = squared_thickness_rate(squared, self._reference, 0, self._constant(), "diffusion-limited")
        growth = rate * self._reference / (2 * squared**0.5)
        return {
            "Negative electrode squared interphase thickness rate [s-1]": rate,
            "Negative electrode interphase growth rate [m.s-1]": growth,
            "Negative electrode side-reaction current density [A.m-2]": growth / self._per_charge,
        }

    def _constant(self):
        """Parabolic constant at cell temperature [m2.s-1]."""
        foil, energy = self.param.n, "interphase diffusion activation energy [J.mol-1]"
        if self.options["negative interphase growth"] == "constant":
            return foil.activated("interphase parabolic constant [m2.s-1]", energy)
        constant = mixed_conduction_constant(
            foil.scalar("interphase conductivity [S.m-1]"),
            self.param.scalar("Solid electrolyte reduction product electronic conductivity [S.m-1]"),
            self.param.scalar("Solid electrolyte reduction limit [V]") - foil.plateau(self.param.T),
            self._per_charge,
        )
        return constant * arrhenius(foil.scalar(energy), self.param.T, self.param.T_ref)

    def set_rhs(self, variables):
        """Growth of the squared thickness; lithium bound by it; forming by plating."""
        squared = variables["Negative electrode squared interphase thickness ratio"]
        self.rhs[squared] = variables["Negative electrode squared interphase thickness rate [s-1]"]
        current = variables["Negative electrode side-reaction current density [A.m-2]"]
        self.rhs[variables["Lithium in negative interphase [mol]"]] = self.param.A_cc * current / self.param.F
        if self._forms:
            foil = self.param.n
            formed = variables["Negative electrode formed interphase share"]
            self.rhs[formed] = forming_rate(
                formed,
                variables["Separator ionic current density [A.m-2]"],
                foil.scalar("interphase forming charge [uA.h.cm-2]", UAH_PER_CM2),
                foil.scalar("interphase forming current density [mA.cm-2]", MA_PER_CM2),
                CURRENT_WIDTH,
            )

    def set_initial_conditions(self, variables):
        """Thickness at the start, positive, or growth could not start; books open with the simulation."""
        squared = variables["Negative electrode squared interphase thickness ratio"]
        initial = self.param.n.scalar("initial interphase thickness [m]")
        self.initial_conditions[squared] = (initial / self._reference) ** 2
        self.initial_conditions[variables["Lithium in negative interphase [mol]"]] = pybamm.Scalar(0)
        if self._forms:
            formed = variables["Negative electrode formed interphase share"]
            self.initial_conditions[formed] = self.param.n.scalar("initial formed interphase share")
