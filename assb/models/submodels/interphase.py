"""Oxidised interphase between active material and solid electrolyte."""

from __future__ import annotations

import pybamm

from assb.models.closures import (
    arrhenius,
    coated_interface_potential,
    coating_electronic_ratio,
    coating_resistance,
    electronic_factor,
    formation_rate,
    growth_rate,
    healing_rate,
    incubation,
    oxidation_gate,
    squared_thickness_rate,
)
from assb.models.submodels.base import ElectrodeSubmodel
from assb.models.symbols import GPA


class OxidationSubmodel(ElectrodeSubmodel):
    """What the interphases on active material and on carbon share: when and how fast they grow."""

    @property
    def grows(self) -> bool:
        """Whether the interphase on the active material grows."""
        return self.option("interphase") not in ("none", "constant")

    def gate(self, variables, potential=None):
        """Share of the oxidation rate that the potential, by default that of the surface, switches on."""
        if potential is None:
            potential = self.get(variables, "surface potential difference [V]")
        # Constriction by the surrounding solid widens the window of the electrolyte.
        shift = self.electrode.scalar("interphase onset shift by pressure [V.GPa-1]", 1 / GPA)
        onset = self.electrode.scalar("interphase oxidation onset [V]")
        return oxidation_gate(potential, onset + shift * variables["Stack pressure [Pa]"])

    def branches(self, variables, gate, potential=None):
        """Reaction-limited velocity [m.s-1] and parabolic constant [m2.s-1] under `gate`."""
        electrode, param = self.electrode, self.param
        if potential is None:
            potential = self.get(variables, "surface potential difference [V]")
        electrolyte = param.scalar("Solid electrolyte relative oxidation rate") * electronic_factor(
            param.scalar("Solid electrolyte electronic conductivity [S.m-1]"),
            param.scalar("Reference electronic conductivity for oxidation [S.m-1]"),
            param.scalar("Electronic conductivity oxidation exponent"),
        )
        gate = gate * electrolyte
        if self.option("interphase incubation") == "time above oxidation":
            time = self.get(variables, "time above oxidation [s]")
            gate = gate * incubation(time / electrode.scalar("interphase incubation time [s]"))
        transfer = electrode.scalar("interphase transfer coefficient")
        reference_potential = electrode.scalar("interphase reference potential [V]")
        branches = []
        for quantity, energy in (
            ("interphase reaction velocity [m.s-1]", "interphase reaction activation energy [J.mol-1]"),
            ("interphase parabolic constant [m2.s-1]", "interphase diffusion activation energy [J.mol-1]"),
        ):
            value = electrode.scalar(quantity) * arrhenius(electrode.scalar(energy), param.T, param.T_ref)
            branches.append(gate * growth_rate(value, potential, reference_potential, transfer, param.T))
        return branches

    def squared_rate(self, squared, branches):
        """Rate of the squared thickness ratio [s-1]."""
        return squared_thickness_rate(
            squared,
            self.electrode.scalar("reference interphase thickness [m]"),
            velocity=branches[0],
            diffusivity=branches[1],
            mode=self.option("interphase"),
        )

    def charge_density(self):
        """Charge per volume of interphase [C.m-3]."""
        charge = self.electrode.scalar("electrons per interphase formula") * self.param.F
        return charge / self.electrode.scalar("interphase molar volume [m3.mol-1]")

    def initial_squared(self):
        """Squared thickness ratio from earlier life; positive, or growth could not start."""
        initial = self.electrode.scalar("initial interphase thickness [m]")
        return (initial / self.electrode.scalar("reference interphase thickness [m]")) ** 2


class Interphase(OxidationSubmodel):
    """Film resistance and its growth under mixed control.

    ``d(delta)/dt = 1/(1/k_r + delta/D_i)`` with both branches accelerated by potential and
    temperature. Growth oxidises the electrolyte: its current enters the charge balance and the
    electrolyte it consumes shrinks. Options "none" (no film), "constant" (a fixed resistance),
    "reaction-limited", "diffusion-limited", "mixed". With "interphase incubation" growth waits for the time
    spent above the oxidation onset; with "interphase formation" a layer forms once at the start of that time. With
    "interphase healing" a share of what has grown turns back into electrolyte at the end of a deep discharge.
    """

    citations = ("DealGrove1965", "Koerver2017")

    @property
    def _counts_time(self):
        return self.option("interphase incubation") != "none" or self._forms

    @property
    def _forms(self):
        return self.option("interphase formation") == "first charge"

    @property
    def _heals(self):
        return self.option("interphase healing") == "below cut-off"

    def get_fundamental_variables(self):
        """Thickness and film resistance."""
        electrode = self.electrode
        law = self.option("interphase")
        fixed = pybamm.Scalar(0) if law == "none" else electrode.scalar("interface resistance [Ohm.m2]")
        if law != "none" and self.domain == "positive":
            fixed = fixed + coating_resistance(
                electrode.scalar("coated fraction"),
                electrode.scalar("coating thickness [m]"),
                electrode.scalar("coating conductivity [S.m-1]"),
            )
        if not self.grows:
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
        variables = {
            f"{self.label} squared interphase thickness ratio": squared,
            **self.named(
                **{
                    "interphase thickness [m]": thickness,
                    "film resistance [Ohm.m2]": fixed + thickness / conductivity,
                }
            ),
        }
        if self._counts_time:
            time = self.field("time above oxidation [s]", scale=3600)
            variables.update(self.named(**{"time above oxidation [s]": time}))
        if self._heals:
            left = self.field("recoverable interphase thickness [m]", scale=1e-9)
            variables.update(self.named(**{"recoverable interphase thickness [m]": left}))
        return variables

    def get_coupled_variables(self, variables):
        """Growth rate and the current it draws, per true contact area."""
        if not self.grows:
            return {}
        electrode = self.electrode
        bare = 1 - electrode.scalar("coated fraction")
        gate = self.gate(variables)
        squared = self.get(variables, "squared interphase thickness ratio")
        rate = self.squared_rate(squared, self.branches(variables, gate * bare))
        open_share = gate * bare
        if self.option("coating protection") == "electronic":
            coated = electrode.scalar("coated fraction")
            below = self._below_coating(variables)
            gate = self.gate(variables, below) * coated
            rate = rate + self.squared_rate(squared, self.branches(variables, gate, below))
            open_share = open_share + gate
        reference = electrode.scalar("reference interphase thickness [m]")
        if self._forms:
            formed = formation_rate(
                electrode.scalar("interphase formation thickness [m]"),
                self.get(variables, "time above oxidation [s]"),
                electrode.scalar("interphase formation time [s]"),
            )
            rate = rate + 2 * squared**0.5 / reference * open_share * formed
        growth = rate * reference / (2 * squared**0.5)
        healing: dict[str, pybamm.Symbol] = {}
        if self._heals:
            healed = self._healing(variables)
            healing = {
                f"{self.label} recoverable interphase thickness rate [m.s-1]": electrode.scalar(
                    "reversible interphase share"
                )
                * growth
                - healed,
                **self.named(**{"interphase healing rate [m.s-1]": healed}),
            }
            growth = growth - healed
            rate = rate - 2 * squared**0.5 / reference * healed
        current = self.charge_density() * growth
        area = self.get(variables, "contact area to volume ratio [m-1]")
        grown = self.get(variables, "interphase thickness [m]") - electrode.scalar(
            "initial interphase thickness [m]"
        )
        grown_share = area * grown
        if self.option("carbon interphase") == "growing":
            # On carbon the current is per electrode volume; the charge balance counts it on the contact area.
            current = current + self.get(variables, "carbon side-reaction current [A.m-3]") / area
            grown_share = grown_share + self.get(variables, "carbon interphase volume fraction")
        lost = self.param.scalar("Volume lost per volume of interphase")
        return {
            f"{self.label} squared interphase thickness rate [s-1]": rate,
            **healing,
            **self.named(
                **{
                    "interphase growth rate [m.s-1]": growth,
                    "side-reaction current density [A.m-2]": current,
                    "consumed electrolyte volume fraction": (1 + lost) * grown_share,
                }
            ),
        }

    def _below_coating(self, variables):
        """Potential that the electrolyte sees under the coating [V]."""
        electrode, param = self.electrode, self.param
        # Of a composite the initial potential: its changes are small beside the drop through the electrolyte.
        negative = param.n.scalar("potential [V]") if param.foil else param.n.ocp_init
        ratio = coating_electronic_ratio(
            electrode.scalar("coating thickness [m]"),
            electrode.scalar("coating electronic conductivity [S.m-1]"),
            param.scalar("Separator thickness [m]"),
            param.scalar("Solid electrolyte electronic conductivity [S.m-1]"),
        )
        return coated_interface_potential(
            self.get(variables, "surface potential difference [V]"), negative, ratio
        )

    def _healing(self, variables):
        """Rate at which discharge below the healing potential recovers interphase [m.s-1]."""
        electrode = self.electrode
        return healing_rate(
            self.get(variables, "recoverable interphase thickness [m]"),
            self.get(variables, "surface potential difference [V]"),
            electrode.scalar("interphase healing potential [V]"),
            electrode.scalar("interphase healing rate [V-1.s-1]"),
        )

    def set_rhs(self, variables):
        """Growth of the squared thickness, smooth when growth is parabolic; time above the onset."""
        if self.grows:
            squared = self.get(variables, "squared interphase thickness ratio")
            self.rhs[squared] = self.get(variables, "squared interphase thickness rate [s-1]")
        if self._heals:
            left = self.get(variables, "recoverable interphase thickness [m]")
            self.rhs[left] = self.get(variables, "recoverable interphase thickness rate [m.s-1]")
        if self._counts_time:
            self.rhs[self.get(variables, "time above oxidation [s]")] = self.gate(variables)

    def set_initial_conditions(self, variables):
        """Thickness and time above the onset from formation and earlier life."""
        if self.grows:
            squared = self.get(variables, "squared interphase thickness ratio")
            self.initial_conditions[squared] = self.initial_squared()
        if self._counts_time:
            time = self.get(variables, "time above oxidation [s]")
            self.initial_conditions[time] = self.electrode.scalar("initial time above oxidation [s]")
        if self._heals:
            left = self.get(variables, "recoverable interphase thickness [m]")
            self.initial_conditions[left] = self.electrode.scalar(
                "initial recoverable interphase thickness [m]"
            )
