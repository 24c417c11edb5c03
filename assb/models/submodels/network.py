"""Transport in the percolating networks of a composite electrode."""

from __future__ import annotations

import pybamm

from assb.models.closures import (
    bruggeman,
    coated_contact_conduction,
    coated_network_factor,
    cover_factor,
    effective_medium,
    electrolyte_damage_rate,
    electrolyte_left,
    percolation,
    percolation_threshold,
    pore_factor,
    pressure_limited,
    size_ratio_exponent,
    size_ratio_percolation,
    smooth_abs,
)
from assb.models.submodels.base import ElectrodeSubmodel, register_citation
from assb.models.submodels.contact import STRAIN_RATE_WIDTH, STRAIN_WIDTH
from assb.models.symbols import MPA

#: Percolation of active particles of about equal size (Minnmann 2021: threshold and exponent of the
#: site-percolation universality class).
PERCOLATION_THRESHOLD = 0.217
PERCOLATION_EXPONENT = 1.94
#: Conductivity of what is not carbon, relative to carbon, and the universal exponent of its network.
CARBON_CONTRAST = 1e-10
CARBON_EXPONENT = 2.0


def _resistive_coating(population):
    """Share of the electronic conductivity that the coating of a population leaves."""
    left = coated_contact_conduction(
        population.scalar("coating thickness [m]"),
        population.R_particle,
        population.scalar("active material conductivity [S.m-1]"),
        population.scalar("coating electronic conductivity [S.m-1]"),
    )
    return coated_network_factor(population.scalar("coated fraction"), left)


class Network(ElectrodeSubmodel):
    """Effective conductivities of the solid-electrolyte and the electronic network.

    Li+ is the only mobile ion and the anion lattice is fixed: no salt balance, no bulk
    concentration overpotential, only Ohm's law with a composition- and pressure-dependent factor. Options
    "ionic network", "electronic network" (composition), "network pressure", "network obstacles" (pores,
    binder, carbon), "carbon network", "electronic coating", "network damage" (cracks of the electrolyte),
    "network consumption" (electrolyte that is oxidised).
    """

    citations = ("Minnmann2021", "Song2022")

    @property
    def _cracks(self):
        return self.option("network damage") == "strain and pressure"

    @property
    def _consumed(self):
        return self.option("network consumption") == "oxidised electrolyte"

    def get_fundamental_variables(self):
        """Damage of the electrolyte network, and the electrolyte that is oxidised.

        The damage is one for the electrode, as current finds its way around a crack; oxidation is local.
        """
        if "effective medium" in (self.option("ionic network"), self.option("electronic network")):
            register_citation("McLachlan1990")
        name = f"{self._Domain} electrode electrolyte network damage"
        damage = {name: pybamm.Variable(name) if self._cracks else pybamm.Scalar(0)}
        if not self._consumed:
            return damage
        oxidised = self.field("oxidised electrolyte volume fraction", scale=1e-2)
        return damage | self.named(**{"oxidised electrolyte volume fraction": oxidised})

    def get_coupled_variables(self, variables):
        """Effective conductivities [S.m-1]."""
        electrode = self.electrode
        ionic = self._relative("ionic")
        electronic = self._relative("electronic")
        if self.option("network pressure") == "power law":
            pressure = variables["Stack pressure [Pa]"]
            reference = self.param.scalar("Reference pressure for conductivities [MPa]", 1e6)
            ionic, electronic = (
                pressure_limited(
                    value,
                    self._dense(carrier),
                    pressure,
                    reference,
                    electrode.scalar(f"{carrier} conductivity pressure exponent"),
                )
                for carrier, value in (("ionic", ionic), ("electronic", electronic))
            )
        if self._cracks:
            ionic = ionic * (1 - self.get(variables, "electrolyte network damage"))
        if self._consumed:
            ionic = ionic * self._kept(self.get(variables, "oxidised electrolyte volume fraction"))
        if self.option("electronic coating") == "insulating":
            electronic = electronic * coated_network_factor(electrode.mean_by_surface("coated fraction"))
        elif self.option("electronic coating") == "resistive":
            electronic = electronic * electrode.mean_by_surface(_resistive_coating)
        sigma_0 = electrode.activated(
            "active material conductivity [S.m-1]" if self._parallel else "conductivity [S.m-1]",
            "conductivity activation energy [J.mol-1]",
        )
        sigma = sigma_0 * electronic
        if self._parallel:
            sigma = sigma + self._carbon()
        return {
            f"{self._Domain} electrode effective ionic conductivity [S.m-1]": self.param.kappa_se * ionic,
            f"{self._Domain} electrode effective electronic conductivity [S.m-1]": sigma,
        }

    def _kept(self, oxidised):
        """Share of the ionic conductivity that oxidation leaves, by the law of the composition.

        It multiplies what pressure makes of the fresh network, so that the dense limit falls alike. A measured
        tortuosity factor belongs to one composition: its change is that of size-ratio percolation.
        """
        law = self.option("ionic network")
        law = "size-ratio percolation" if law == "measured" else law
        # Both rounded, so that nothing is lost before oxidation.
        left, fresh = (electrolyte_left(self.electrode.fraction_se, value) for value in (oxidised, 0))
        return self._law(law, "ionic", left) / self._law(law, "ionic", fresh)

    @property
    def _parallel(self):
        return self.option("carbon network") == "parallel"

    def _carbon(self):
        """Network of carbon alone: pressure and coatings do not reach it [S.m-1]."""
        electrode = self.electrode
        return electrode.scalar("carbon network conductivity [S.m-1]") * effective_medium(
            electrode.share("carbon volume fraction"),
            electrode.scalar("carbon percolation threshold"),
            CARBON_EXPONENT,
            CARBON_CONTRAST,
        )

    def _fraction(self, carrier):
        if carrier == "ionic":
            return self.electrode.fraction_se
        if self._parallel:
            return self.electrode.fraction_am
        return self.electrode.share("electronic network volume fraction")

    def _dense(self, carrier):
        if carrier == "electronic" and self._parallel:
            return self.electrode.fraction_am
        return self.electrode.share(f"dense-limit relative {carrier} conductivity")

    def _relative(self, carrier):
        """Relative conductivity at the reference pressure."""
        factor = self._composition(carrier)
        if self.option("network obstacles") == "pores, binder and carbon":
            factor = factor * self._obstacles(carrier)
        return factor

    def _obstacles(self, carrier):
        electrode = self.electrode
        factor = pore_factor(
            electrode.void,
            electrode.scalar("pores per active particle"),
            electrode.scalar(f"{carrier} pore coefficient"),
        ) * cover_factor(
            electrode.share("binder volume fraction"), electrode.scalar(f"{carrier} binder coefficient")
        )
        if carrier == "ionic":
            carbon = electrode.share("carbon volume fraction")
            factor = factor * cover_factor(carbon, electrode.scalar("ionic carbon coefficient"))
        return factor

    def _composition(self, carrier):
        return self._law(self.option(f"{carrier} network"), carrier, self._fraction(carrier))

    def _law(self, law, carrier, fraction):
        """Relative conductivity at a volume fraction by one of the laws of composition."""
        electrode = self.electrode
        ionic = carrier == "ionic"
        if law == "Bruggeman":
            phase = "electrolyte" if ionic else "electrode"
            return bruggeman(
                fraction, self.param.scalar(f"{self._Domain} electrode Bruggeman coefficient ({phase})")
            )
        if law == "measured":
            return fraction / electrode.scalar(f"{carrier} tortuosity factor")
        if law == "size-ratio percolation":
            return size_ratio_percolation(fraction, electrode.size_ratio)
        threshold, exponent = PERCOLATION_THRESHOLD, PERCOLATION_EXPONENT
        if law == "effective medium":
            if ionic:
                threshold = percolation_threshold(electrode.size_ratio)
                exponent = size_ratio_exponent(threshold)
            contrast = electrode.scalar(f"{carrier} conductivity contrast")
            return effective_medium(fraction, threshold, exponent, contrast)
        return percolation(fraction, threshold, exponent)

    def set_rhs(self, variables):
        """Cracks of the electrolyte by the breathing of the particles and by pressure; oxidation."""
        if self._cracks:
            self._set_cracking(variables)
        if self._consumed:
            state = self.get(variables, "oxidised electrolyte volume fraction")
            self.rhs[state] = self._oxidation(variables)

    def _oxidation(self, variables):
        """Volume of electrolyte that oxidation takes on active material and carbon [s-1]; healing gives it back.

        A sum over time and not the film on the present contact: what has reacted stays so where contact is lost.
        """
        product = sum(
            variables[f"{k.label} contact area to volume ratio [m-1]"]
            * variables[f"{k.label} interphase growth rate [m.s-1]"]
            for k in self.populations
        )
        if self.option("carbon interphase") == "growing":
            product = product + self.get(variables, "carbon interphase volume rate [s-1]")
        return (1 + self.param.scalar("Volume lost per volume of interphase")) * product

    def _set_cracking(self, variables):
        damage = self.get(variables, "electrolyte network damage")
        rates = [self._cracking_by(variables, k, damage) for k in self.populations]
        if len(rates) > 1:
            # A particle cracks the electrolyte around it whether it swells or shrinks: the rates add by volume,
            # and strains of opposite sign do not cancel as they do in the thickness of the stack.
            volumes = [variables[f"{k.label} connected volume fraction"] for k in self.populations]
            rates = [sum(v * r for v, r in zip(volumes, rates, strict=True)) / sum(volumes)]
        self.rhs[damage] = self.mean(rates[0])

    def _cracking_by(self, variables, electrode, damage):
        """Rate of damage [s-1] if all particles were of population `electrode`."""
        y = variables[f"{electrode.label} stoichiometry"]
        rate = electrode.strain_slope(y) * variables[f"{electrode.label} stoichiometry rate [s-1]"]
        swing = variables[f"{electrode.label} volume strain"] - electrode.strain(
            electrode.scalar("fabrication stoichiometry")
        )
        return electrolyte_damage_rate(
            damage,
            smooth_abs(rate, STRAIN_RATE_WIDTH),
            smooth_abs(swing, STRAIN_WIDTH) / electrode.scalar("reference strain"),
            electrode.scalar("electrolyte damage rate"),
            electrode.scalar("contact damage swing exponent"),
            variables["Stack pressure [Pa]"],
            electrode.scalar("damage critical pressure [MPa]", MPA),
        )

    def set_initial_conditions(self, variables):
        """A fresh network."""
        if self._cracks:
            self.initial_conditions[self.get(variables, "electrolyte network damage")] = pybamm.Scalar(0)
        if self._consumed:
            oxidised = self.get(variables, "oxidised electrolyte volume fraction")
            self.initial_conditions[oxidised] = self.filled(0)
