"""Transport in the percolating networks of a composite electrode."""

from __future__ import annotations

from assb.models.closures import (
    bruggeman,
    percolation,
    pressure_limited,
    size_ratio_percolation,
)
from assb.models.submodels.base import ElectrodeSubmodel

#: Percolation of active particles of about equal size (Minnmann 2021: threshold and exponent of the
#: site-percolation universality class).
PERCOLATION_THRESHOLD = 0.217
PERCOLATION_EXPONENT = 1.94


class Network(ElectrodeSubmodel):
    """Effective conductivities of the solid-electrolyte and the electronic network.

    Li+ is the only mobile ion and the anion lattice is fixed: no salt balance, no bulk
    concentration overpotential, only Ohm's law with a composition- and pressure-dependent factor.
    """

    citations = ("Minnmann2021", "Song2022")

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
                    electrode.scalar(f"dense-limit relative {carrier} conductivity"),
                    pressure,
                    reference,
                    electrode.scalar(f"{carrier} conductivity pressure exponent"),
                )
                for carrier, value in (("ionic", ionic), ("electronic", electronic))
            )
        sigma_0 = electrode.activated("conductivity [S.m-1]", "conductivity activation energy [J.mol-1]")
        return {
            f"{self._Domain} electrode effective ionic conductivity [S.m-1]": self.param.kappa_se * ionic,
            f"{self._Domain} electrode effective electronic conductivity [S.m-1]": sigma_0 * electronic,
        }

    def _relative(self, carrier):
        """Relative conductivity at the reference pressure."""
        electrode = self.electrode
        law = self.option(f"{carrier} network")
        ionic = carrier == "ionic"
        fraction = electrode.fraction_se if ionic else electrode.scalar("electronic network volume fraction")
        if law == "Bruggeman":
            phase = "electrolyte" if ionic else "electrode"
            return bruggeman(
                fraction, self.param.scalar(f"{self._Domain} electrode Bruggeman coefficient ({phase})")
            )
        if law == "measured":
            return fraction / electrode.scalar(f"{carrier} tortuosity factor")
        if law == "size-ratio percolation":
            return size_ratio_percolation(fraction, electrode.size_ratio)
        return percolation(fraction, PERCOLATION_THRESHOLD, PERCOLATION_EXPONENT)
