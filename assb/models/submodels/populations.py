"""Several particle populations in one electrode: what they share, and their sums and means."""

from __future__ import annotations

import pybamm

from assb.models.submodels.base import ElectrodeSubmodel

#: Means over the populations, by contact area: what acts through the interface.
BY_CONTACT_AREA = (
    "insertion current density [A.m-2]",
    "side-reaction current density [A.m-2]",
    "exchange current density [A.m-2]",
    "open-circuit potential [V]",
    "reaction overpotential [V]",
    "film overpotential [V]",
    "space-charge overpotential [V]",
    "film resistance [Ohm.m2]",
    "space-charge resistance [Ohm.m2]",
    "interphase thickness [m]",
    "interphase growth rate [m.s-1]",
)
#: By the surface of the connected particles.
BY_SURFACE = ("contact damage",)
#: By the capacity of the connected particles: what counts lithium.
BY_CAPACITY = (
    "stoichiometry",
    "surface stoichiometry",
    "contact stoichiometry",
    "bulk open-circuit potential [V]",
)
#: By the volume of the connected particles.
BY_VOLUME = ("volume strain",)
#: With options: by contact area, by surface, by contact area, a sum, and what is on carbon, by its share around each
#: population.
LAYER = ("space-charge capacitance [F.m-2]",)
TIME_ABOVE = ("time above oxidation [s]",)
HEALED = ("recoverable interphase thickness [m]", "interphase healing rate [m.s-1]")
CONSUMED = ("consumed electrolyte volume fraction",)
OF_CARBON = ("carbon interphase thickness [m]",)
CARBON_SUMS = (
    "carbon interphase volume fraction",
    "carbon interphase volume rate [s-1]",
    "carbon side-reaction current [A.m-3]",
)
#: Sums.
SUMS = (
    "connected volume fraction",
    "surface area to volume ratio [m-1]",
    "contact area to volume ratio [m-1]",
)


class Populations(ElectrodeSubmodel):
    """Populations share the potential difference between the two networks.

    Each has its own currents, ``phi_s - phi_e = U_k + eta_k(j_k) + j_k r_k``, and together they carry the
    current of the electrode, ``sum_k a_k theta_k (j_k + j_side,k)``. The variables of the electrode as a whole
    are sums over the populations, or means weighted by contact area, surface, volume or capacity. The
    means by contact area keep the breakdown of the voltage exact.

    Notes
    -----
    M. Doyle, T. F. Fuller, J. Newman, J. Electrochem. Soc. 1993, 140, 1526, doi 10.1149/1.2221597; the
    particle-size distribution follows R. Darling, J. Newman, J. Electrochem. Soc. 1997, 144, 4201,
    doi 10.1149/1.1838166.
    """

    citations = ("Doyle1993",)

    def get_fundamental_variables(self):
        """Potential difference that all populations see."""
        potential = self.field("surface potential difference [V]")
        return self.named(**{"surface potential difference [V]": potential})

    def get_coupled_variables(self, variables):
        """Sums and means over the populations."""
        populations = self.populations

        def of_each(name):
            return [variables[f"{k.label} {name}"] for k in populations]

        def mean(name, weights):
            weighted = sum(w * value for w, value in zip(weights, of_each(name), strict=True))
            return weighted / sum(weights)

        contact = of_each("contact area to volume ratio [m-1]")
        surface = of_each("surface area to volume ratio [m-1]")
        volume = of_each("connected volume fraction")
        capacity = [k.c_max * v for k, v in zip(populations, volume, strict=True)]
        grows = self.option("interphase") not in ("none", "constant")
        carbon = self.option("carbon interphase") != "none"
        waits = (
            self.option("interphase incubation") != "none" or self.option("interphase formation") != "none"
        )
        layer = self.option("space charge") != "none"
        heals = self.option("interphase healing") != "none"
        sums = SUMS + CONSUMED * grows + CARBON_SUMS * carbon
        fields = {name: sum(of_each(name)) for name in sums}
        for names, weights in (
            (BY_CONTACT_AREA + LAYER * layer + HEALED * heals, contact),
            (BY_SURFACE + TIME_ABOVE * waits, surface),
            (BY_CAPACITY, capacity),
            (BY_VOLUME, volume),
            (OF_CARBON * carbon, [k.volume_share for k in populations]),
        ):
            fields.update({name: mean(name, weights) for name in names})
        fields["contact fraction"] = sum(contact) / sum(surface)
        initial = sum(k.fraction_am * k.connected for k in populations)
        fields["isolated fraction"] = 1 - sum(volume) / initial
        resistances = of_each("differential interface resistance [Ohm.m2]")
        conductance = sum(a / r for a, r in zip(contact, resistances, strict=True))
        fields["differential interface resistance [Ohm.m2]"] = sum(contact) / conductance
        averages = [variables[f"{k.Particle} radius-averaged stoichiometry"] for k in populations]
        stored = sum(c * y for c, y in zip(capacity, averages, strict=True))
        return {
            **self.named(**fields),
            f"{self._Domain} particle radius-averaged stoichiometry": stored / sum(capacity),
            **self._shares(of_each, contact),
        }

    def _shares(self, of_each, contact):
        """Share of each population in the insertion current."""
        currents = [a * j for a, j in zip(contact, of_each("insertion current density [A.m-2]"), strict=True)]
        result: dict[str, pybamm.Symbol] = {}
        for k, current in zip(self.populations, currents, strict=True):
            result[f"{k.label} insertion current per volume [A.m-3]"] = current
            result[f"{k.mean_label} insertion current per volume [A.m-3]"] = self.mean(current)
        return result
