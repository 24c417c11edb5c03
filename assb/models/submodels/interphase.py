"""Oxidised interphase between active material and solid electrolyte."""

from __future__ import annotations

import pybamm

from assb.models.closures import arrhenius, growth_rate, oxidation_gate, squared_thickness_rate
from assb.models.submodels.base import ElectrodeSubmodel


class Interphase(ElectrodeSubmodel):
    """Film resistance and its growth under mixed control.

    ``d(delta)/dt = 1/(1/k_r + delta/D_i)`` with both branches accelerated by potential and
    temperature. Growth oxidises the electrolyte: its current enters the charge balance and the
    electrolyte it consumes shrinks. Options "none" (no film), "constant" (a fixed resistance),
    "reaction-limited", "diffusion-limited", "mixed".
    """

    citations = ("DealGrove1965", "Koerver2017")

    @property
    def _grows(self):
        return self.option("interphase") not in ("none", "constant")

    def get_fundamental_variables(self):
        """Thickness and film resistance."""
        electrode = self.electrode
        law = self.option("interphase")
        fixed = pybamm.Scalar(0) if law == "none" else electrode.scalar("interface resistance [Ohm.m2]")
        if not self._grows:
            thickness, resistance = self.filled(0), self.filled(fixed)
            return self.named(
                **{
                    "interphase thickness [m]": thickness,
                    "film resistance [Ohm.m2]": resistance,
                    "interphase growth rate [m.s-1]": self.filled(0),
                    "side-reaction current density [A.m-2]": self.filled(0),
                }
            )
        squared = self.field("squared interphase thickness ratio")
        thickness = electrode.scalar("reference interphase thickness [m]") * squared**0.5
        conductivity = electrode.scalar("interphase conductivity [S.m-1]")
        return {
            f"{self.label} squared interphase thickness ratio": squared,
            **self.named(
                **{
                    "interphase thickness [m]": thickness,
                    "film resistance [Ohm.m2]": fixed + thickness / conductivity,
                }
            ),
        }

    def get_coupled_variables(self, variables):
        """Growth rate and the current it draws, per true contact area."""
        if not self._grows:
            return {}
        electrode = self.electrode
        rate = self._squared_rate(variables)
        squared = self.get(variables, "squared interphase thickness ratio")
        growth = rate * electrode.scalar("reference interphase thickness [m]") / (2 * squared**0.5)
        charge = electrode.scalar("electrons per interphase formula") * self.param.F
        volume = electrode.scalar("interphase molar volume [m3.mol-1]")
        return {
            f"{self.label} squared interphase thickness rate [s-1]": rate,
            **self.named(
                **{
                    "interphase growth rate [m.s-1]": growth,
                    "side-reaction current density [A.m-2]": charge * growth / volume,
                }
            ),
        }

    def _squared_rate(self, variables):
        electrode, param = self.electrode, self.param
        potential = self.get(variables, "surface potential difference [V]")
        gate = oxidation_gate(potential, electrode.scalar("interphase oxidation onset [V]"))
        gate = gate * (1 - electrode.scalar("coated fraction"))
        transfer = electrode.scalar("interphase transfer coefficient")
        reference_potential = electrode.scalar("interphase reference potential [V]")
        branches = []
        for quantity, energy in (
            ("interphase reaction velocity [m.s-1]", "interphase reaction activation energy [J.mol-1]"),
            ("interphase parabolic constant [m2.s-1]", "interphase diffusion activation energy [J.mol-1]"),
        ):
            value = electrode.scalar(quantity) * arrhenius(electrode.scalar(energy), param.T, param.T_ref)
            branches.append(gate * growth_rate(value, potential, reference_potential, transfer, param.T))
        return squared_thickness_rate(
            self.get(variables, "squared interphase thickness ratio"),
            electrode.scalar("reference interphase thickness [m]"),
            velocity=branches[0],
            diffusivity=branches[1],
            mode=self.option("interphase"),
        )

    def set_rhs(self, variables):
        """Growth of the squared thickness, smooth when growth is parabolic."""
        if self._grows:
            squared = self.get(variables, "squared interphase thickness ratio")
            self.rhs[squared] = self.get(variables, "squared interphase thickness rate [s-1]")

    def set_initial_conditions(self, variables):
        """Thickness from formation and earlier life; positive, or growth could not start."""
        if self._grows:
            squared = self.get(variables, "squared interphase thickness ratio")
            initial = self.electrode.scalar("initial interphase thickness [m]")
            reference = self.electrode.scalar("reference interphase thickness [m]")
            self.initial_conditions[squared] = (initial / reference) ** 2
