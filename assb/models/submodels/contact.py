"""Contact area between active material and solid electrolyte."""

from __future__ import annotations

import pybamm

from assb.models.closures import (
    apparent_diffusivity_ratio,
    contact_healing_rate,
    contact_pressure,
    damage_rate,
    pressure_response,
    smooth_abs,
    softplus,
)
from assb.models.submodels.base import ElectrodeSubmodel
from assb.models.symbols import GPA, MPA

#: Widths that round the kinks: strain, pressure [Pa], strain rate [s-1].
STRAIN_WIDTH = 1e-3
PRESSURE_WIDTH = 1e4
STRAIN_RATE_WIDTH = 1e-9


class ContactArea(ElectrodeSubmodel):
    """Contact fraction ``theta = theta_0 g(p_c) (1 - D_c)`` and what is lost for good.

    g is the reversible response to the contact pressure, D_c the irreversible damage by the strain
    swing of the particles; part of it isolates whole particles, see :class:`Isolation`. Options "full"
    (theta = 1), "constant" (theta_0), "pressure", "pressure and damage". "contact packing" decides whether what
    packing leaves without electrolyte is surface of every particle, a factor of theta_0, or whole particles, which then
    take no part: the share that is connected at assembly has the factor.
    """

    citations = ("Song2022",)

    def get_fundamental_variables(self):
        """Damage and largest pressure seen."""
        law = self.option("contact")
        damage = self.field("contact damage") if law == "pressure and damage" else self.filled(0)
        variables = self.named(**{"contact damage": damage})
        if law.startswith("pressure") and self.leads:
            variables["Largest stack pressure [Pa]"] = pybamm.Variable(
                "Largest stack pressure [Pa]", scale=MPA
            )
        if law == "full":
            variables.update(self.named(**{"contact fraction": self.filled(1)}))
        elif law == "constant":
            variables.update(self.named(**{"contact fraction": self.filled(self._packing())}))
        return variables

    def _packing(self):
        electrode = self.electrode
        largest = electrode.scalar("largest contact fraction")
        if self.option("contact") == "constant" or self.option("contact packing") == "touched particles":
            return largest
        return largest * electrode.packing

    def get_coupled_variables(self, variables):
        """Contact fraction, connected volume fraction and active area."""
        electrode = self.electrode
        isolated = self.get(variables, "isolated fraction")
        connected = electrode.fraction_am * electrode.connected * (1 - isolated)
        area = 3 * connected / electrode.R_particle
        result = self.named(
            **{"connected volume fraction": connected, "surface area to volume ratio [m-1]": area}
        )
        if self.option("contact").startswith("pressure"):
            contact = self._packing() * self._reversible(variables)
            contact = contact * (1 - self.get(variables, "contact damage"))
            result.update(self.named(**{"contact fraction": contact}))
        else:
            contact = self.get(variables, "contact fraction")
        result.update(self.named(**{"contact area to volume ratio [m-1]": area * contact}))
        result.update(self._apparent_diffusivity(contact))
        if self.option("contact") == "pressure and damage":
            rate = self._damage_rate(variables, contact)
            result.update(self.named(**{"contact damage rate [s-1]": rate}))
        return result

    def _apparent_diffusivity(self, contact):
        """What a fit that assumes full contact makes of the diffusivity; seen through patches only."""
        patches = self.option("diffusion constriction") == "patches"
        ratio = apparent_diffusivity_ratio(self.mean(contact)) if patches else pybamm.Scalar(1)
        label = self.label.replace(" electrode", "")
        return {f"{label} apparent diffusivity ratio": ratio}

    def _reversible(self, variables):
        electrode = self.electrode
        pressure, largest = variables["Stack pressure [Pa]"], variables["Largest stack pressure [Pa]"]
        memory = electrode.scalar("contact pressure memory")
        remembered = pressure + memory * (largest - pressure)
        shrinkage = softplus(
            electrode.strain(electrode.scalar("fabrication stoichiometry"))
            - self.get(variables, "volume strain"),
            STRAIN_WIDTH,
        )
        at_contact = contact_pressure(
            remembered,
            electrode.scalar("transmitted pressure share"),
            electrode.scalar("residual contact pressure [MPa]", MPA)
            + electrode.scalar("contact adhesion pressure [MPa]", MPA),
            shrinkage,
            electrode.scalar("local contact stiffness [GPa]", GPA),
            self._gap(variables),
            electrode.scalar("gap contact stiffness [GPa]", GPA),
        )
        return pressure_response(at_contact, electrode.scalar("contact closing pressure [GPa]", GPA))

    def _gap(self, variables):
        """Volume that the electrolyte around the particles lost by its oxidation, over its own."""
        electrode = self.electrode
        # A population has its share of the electrolyte around it.
        oxidised = self.get(variables, "interphase thickness [m]") * (
            3 * electrode.fraction_am_total / electrode.R_particle
        )
        if self.option("carbon interphase") == "growing":
            carbon = self.get(variables, "carbon interphase volume fraction")
            oxidised = oxidised + carbon / electrode.volume_share
        return self.param.scalar("Volume lost per volume of interphase") * oxidised / electrode.fraction_se

    def _strain_rate(self, variables, contact):
        """Rate of volume strain [s-1] by the insertion current."""
        electrode = self.electrode
        j = self.get(variables, "insertion current density [A.m-2]")
        y_rate = -3 * contact * j / (self.param.F * electrode.c_max * electrode.R_particle)
        return electrode.strain_slope(self.get(variables, "stoichiometry")) * y_rate

    def _damage_rate(self, variables, contact):
        electrode = self.electrode
        e_ref = electrode.scalar("reference strain")
        rate = smooth_abs(self._strain_rate(variables, contact), STRAIN_RATE_WIDTH)
        strain = self.get(variables, "volume strain")
        swing = smooth_abs(
            strain - electrode.strain(electrode.scalar("fabrication stoichiometry")), STRAIN_WIDTH
        )
        return damage_rate(
            self.get(variables, "contact damage"),
            rate,
            swing / e_ref,
            electrode.scalar("contact damage rate"),
            electrode.scalar("contact damage swing exponent"),
            variables["Stack pressure [Pa]"],
            electrode.scalar("damage yield pressure [MPa]", MPA),
            electrode.scalar("damage relief pressure [MPa]", MPA)
            / self.param.scalar("Solid electrolyte ductility"),
            electrode.scalar("damage critical pressure [MPa]", MPA),
            electrode.void,
            electrode.scalar("damage porosity factor"),
        )

    def set_rhs(self, variables):
        """Damage by the strain swing, memory of the largest pressure."""
        law = self.option("contact")
        if law.startswith("pressure") and self.leads:
            pressure, largest = variables["Stack pressure [Pa]"], variables["Largest stack pressure [Pa]"]
            time = self.electrode.scalar("contact pressure memory time [s]")
            self.rhs[largest] = softplus(pressure - largest, PRESSURE_WIDTH) / time
        if law == "pressure and damage":
            rate, damage = (
                self.get(variables, "contact damage rate [s-1]"),
                self.get(variables, "contact damage"),
            )
            if self.option("interphase healing") != "none":
                # The electrolyte that comes back expands into the gaps; what is isolated stays so.
                rate = rate - contact_healing_rate(
                    damage,
                    self.get(variables, "interphase healing rate [m.s-1]"),
                    self.param.scalar("Volume lost per volume of interphase"),
                    self.electrode.scalar("lost contact gap [m]"),
                )
            self.rhs[damage] = rate

    def set_initial_conditions(self, variables):
        """Damage from earlier life; the largest pressure seen is the present one."""
        law = self.option("contact")
        if law.startswith("pressure") and self.leads:
            self.initial_conditions[variables["Largest stack pressure [Pa]"]] = self.param.P_0
        if law == "pressure and damage":
            damage = self.get(variables, "contact damage")
            self.initial_conditions[damage] = self.electrode.scalar("initial contact damage")
