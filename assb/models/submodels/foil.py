"""Foil counter electrode at a constant potential (In-Li, Li)."""

from __future__ import annotations

import pybamm

from assb.models.closures import (
    butler_volmer_current,
    butler_volmer_overpotential,
    butler_volmer_slope,
    stripping_resistance,
)
from assb.models.submodels.base import Submodel
from assb.models.symbols import MAH_PER_CM2


class FoilElectrode(Submodel):
    """Foil of In-Li or Li: plateau potential, kinetics, film, and a stripping resistance.

    0.62 V while In and InLi coexist, 0 V for lithium metal. The stripping resistance grows as the
    accessible lithium of the foil is used up, on discharge only. A reduced interphase is a submodel of its
    own, :class:`NegativeInterphase`; so are voids, :class:`Voids`, and lithium that runs out,
    :class:`LithiumReservoir`, which leave charge transfer and films a part of the area.
    """

    citations: tuple[str, ...] = ("Santhosha2019",)

    def __init__(self, param, options):
        super().__init__(param, options, "negative foil")

    @property
    def _double_layer(self):
        return self.options["surface form"] == "differential"

    def get_fundamental_variables(self):
        """Overpotential as a state when a double layer is asked for."""
        if not self._double_layer:
            return {}
        name = "Negative electrode mean reaction overpotential [V]"
        return {name: pybamm.Variable(name, scale=0.01)}

    def get_coupled_variables(self, variables):
        """Potential of the foil and its contributions."""
        foil, param = self.param.n, self.param
        i = variables["Separator ionic current density [A.m-2]"]
        charge = -variables["Discharge capacity [A.h]"] * 3600 / param.A_cc
        if self.options["electronic leakage"] != "none":
            charge = charge - variables["Leaked charge [C.m-2]"]
        reaction = self._reaction(variables)
        resistance = foil.scalar("interface resistance [Ohm.m2]")
        if self._partial:
            resistance = resistance / self._active_share(variables)
        film = i * resistance
        # Seen by impedance only, where film and double layer may be constant-phase elements.
        result = {
            "Negative electrode mean reaction overpotential [V]": reaction,
            "Negative electrode film resistance [Ohm.m2]": resistance,
            "Negative electrode film relaxation time [s]": resistance
            * foil.scalar("film capacitance [F.m-2]"),
            "Negative electrode film dispersion exponent": foil.scalar("film dispersion exponent"),
        }
        if self._double_layer:
            result |= self._interface_arc()
        stripping = pybamm.Scalar(0)
        if self.options["stripping"] == "depletion":
            stripping = i * stripping_resistance(
                charge,
                i,
                foil.scalar("stripping resistance [Ohm.m2]"),
                foil.scalar("stripping charge scale [mA.h.cm-2]", MAH_PER_CM2),
                foil.scalar("stripping current scale [A.m-2]"),
            )
        if self.options["negative lithium"] == "finite":
            stripping = stripping + i * variables["Negative electrode exhaustion resistance [Ohm.m2]"]
        plateau = foil.plateau()
        lithium = charge / param.F
        thickness = lithium * foil.scalar("molar volume change [m3.mol-1]")
        if self.options["negative interphase"] != "none":
            grown_film = variables["Negative electrode interphase film resistance [Ohm.m2]"]
            if self._partial:
                grown_film = grown_film / self._active_share(variables)
            film = film + i * grown_film
            # Lithium of the foil and electrolyte become interphase, next to each other.
            reduced = variables["Negative electrode interphase charge [C.m-2]"] / param.F
            grown = variables["Negative electrode interphase thickness [m]"] - foil.scalar(
                "initial interphase thickness [m]"
            )
            consumed = foil.scalar("electrolyte consumed per volume of interphase")
            lithium = lithium - reduced
            thickness = lithium * foil.scalar("molar volume change [m3.mol-1]") + grown * (1 - consumed)
        if self.options["negative voids"] != "none":
            opened = 1 - foil.scalar("initial contact fraction")
            voids = variables["Negative electrode void thickness [m]"]
            thickness = thickness + voids - foil.scalar("void depth [m]") * opened
        if self._partial:
            result["Negative electrode active area share"] = self._active_share(variables)
        return result | {
            "Negative electrode open-circuit potential [V]": plateau,
            "Negative electrode bulk open-circuit potential [V]": plateau,
            "Negative electrode mean film overpotential [V]": film,
            "Negative electrode stripping overpotential [V]": stripping,
            "Negative electrode potential [V]": plateau + reaction + film + stripping,
            "Negative electrode thickness change [m]": thickness,
            "Lithium in negative electrode [mol]": param.A_cc
            * (foil.scalar("initial lithium [mol.m-2]") + lithium),
        }

    @property
    def _partial(self):
        """Whether only a part of the area is active."""
        return self.options["negative voids"] != "none" or self.options["negative lithium"] == "finite"

    def _active_share(self, variables):
        """Share of the area where lithium touches the electrolyte."""
        share = pybamm.Scalar(1)
        if self.options["negative voids"] != "none":
            share = share * variables["Negative electrode contact fraction"]
        if self.options["negative lithium"] == "finite":
            share = share * variables["Negative electrode lithium coverage"]
        return share

    def _local_current(self, variables):
        """Current density on the active area [A.m-2]."""
        i = variables["Separator ionic current density [A.m-2]"]
        return i / self._active_share(variables) if self._partial else i

    def _reaction(self, variables):
        """Overpotential of the charge transfer."""
        if self._double_layer:
            return variables["Negative electrode mean reaction overpotential [V]"]
        i = self._local_current(variables)
        return butler_volmer_overpotential(i, self._exchange_current_density(), self.param.T, self._transfer)

    def _interface_arc(self):
        """What impedance asks for to make the double layer a constant-phase element."""
        foil = self.param.n
        transfer = butler_volmer_slope(0, self._exchange_current_density(), self.param.T, self._transfer)
        return {
            "Negative electrode interface relaxation time [s]": transfer
            * foil.scalar("double-layer capacity [F.m-2]"),
            "Negative electrode interface dispersion exponent": foil.scalar("interface dispersion exponent"),
        }

    @property
    def _transfer(self):
        return self.transfer_coefficient(self.param.n)

    def _exchange_current_density(self):
        return self.param.activated(
            self.param.n.scalar("exchange-current density [A.m-2]"),
            "Negative electrode exchange-current activation energy [J.mol-1]",
        )

    def set_rhs(self, variables):
        """Double layer of the foil."""
        if self._double_layer:
            overpotential = variables["Negative electrode mean reaction overpotential [V]"]
            self.rhs[overpotential] = self._charging(variables, overpotential)

    def _charging(self, variables, overpotential):
        """Rate at which what the reaction leaves of the current charges the double layer [V.s-1]."""
        i0 = self._exchange_current_density()
        faradaic = butler_volmer_current(overpotential, i0, self.param.T, self._transfer)
        i = self._local_current(variables)
        return (i - faradaic) / self.param.n.scalar("double-layer capacity [F.m-2]")

    def set_initial_conditions(self, variables):
        """Rest."""
        if self._double_layer:
            overpotential = variables["Negative electrode mean reaction overpotential [V]"]
            self.initial_conditions[overpotential] = pybamm.Scalar(0)
