"""Oxidised interphase between carbon and solid electrolyte."""

from __future__ import annotations

from assb.models.submodels.interphase import OxidationSubmodel


class CarbonInterphase(OxidationSubmodel):
    """Growth on the carbon surface, by the law of the active material without its coating.

    No current crosses it, but it draws charge, consumes electrolyte, which the ionic network may lose (option
    "network consumption"), and shrinks it. Each of several
    populations has the share of the carbon around it that it has in the volume of the active material. Options
    "none", "growing".
    """

    citations = ("SongReview",)

    @property
    def _present(self):
        return self.option("carbon interphase") == "growing"

    def get_fundamental_variables(self):
        """Squared thickness and thickness on carbon, volume of the product."""
        if not self._present:
            return {}
        electrode = self.electrode
        squared = self.field("squared carbon interphase thickness ratio")
        thickness = electrode.scalar("reference interphase thickness [m]") * squared**0.5
        area = (
            electrode.scalar("carbon specific surface [m-1]")
            * electrode.scalar("carbon surface share in contact")
            * electrode.share("carbon volume fraction")
            * electrode.volume_share
        )
        grown = thickness - electrode.scalar("initial interphase thickness [m]")
        return {
            f"{self.label} squared carbon interphase thickness ratio": squared,
            f"{self.label} carbon contact area to volume ratio [m-1]": area,
            **self.named(
                **{
                    "carbon interphase thickness [m]": thickness,
                    "carbon interphase volume fraction": area * grown,
                }
            ),
        }

    def get_coupled_variables(self, variables):
        """Growth rate and the current it draws, per electrode volume."""
        if not self._present:
            return {}
        squared = self.get(variables, "squared carbon interphase thickness ratio")
        rate = self.squared_rate(squared, self.branches(variables, self.gate(variables)))
        growth = rate * self.electrode.scalar("reference interphase thickness [m]") / (2 * squared**0.5)
        area = self.get(variables, "carbon contact area to volume ratio [m-1]")
        return {
            f"{self.label} squared carbon interphase thickness rate [s-1]": rate,
            **self.named(
                **{
                    "carbon interphase volume rate [s-1]": area * growth,
                    "carbon side-reaction current [A.m-3]": self.charge_density() * area * growth,
                }
            ),
        }

    def set_rhs(self, variables):
        """Growth of the squared thickness."""
        if self._present:
            squared = self.get(variables, "squared carbon interphase thickness ratio")
            self.rhs[squared] = self.get(variables, "squared carbon interphase thickness rate [s-1]")

    def set_initial_conditions(self, variables):
        """As thick as on the active material."""
        if self._present:
            squared = self.get(variables, "squared carbon interphase thickness ratio")
            self.initial_conditions[squared] = self.initial_squared()
