"""Foil whose charge transfer relaxes over a range of times, in time as in impedance."""

from __future__ import annotations

import pybamm

from assb.models.closures.dispersion import SHARES, WEIGHTS, relaxation_time_ratio
from assb.models.submodels.foil import FoilElectrode


class DispersedFoil(FoilElectrode):
    """Foil with a constant-phase element at its interface, as five double layers in series.

    Each is the double layer of :class:`FoilElectrode` with its capacity times r_k, and has the share w_k of the
    overpotential::

        C r_k d(v_k)/dt = i - j(v_k),        eta = sum_k w_k v_k

    where j is the Butler-Volmer law. At a steady current all v_k are equal and eta is the Butler-Volmer
    overpotential, exactly. Small signals see ``R/(1 + (i w tau)**a)`` to about a per cent of R; see
    :func:`~assb.models.closures.dispersion.relaxation_time_ratio`. With an exponent of one the five are alike.
    """

    citations = ("Santhosha2019", "Cole1941")

    def get_fundamental_variables(self):
        """Overpotential of each double layer, in units of its share."""
        names = [f"Negative electrode interface overpotential {k + 1} [V]" for k in range(len(WEIGHTS))]
        return {name: pybamm.Variable(name, scale=0.01) for name in names}

    def _layers(self, variables):
        return [
            variables[f"Negative electrode interface overpotential {k + 1} [V]"] for k in range(len(WEIGHTS))
        ]

    def _reaction(self, variables):
        layers = self._layers(variables)
        return sum(float(w) * v for w, v in zip(WEIGHTS, layers, strict=True))

    def _interface_arc(self):
        """None: the arc is in the model already, so impedance has none to add."""
        return {}

    def set_rhs(self, variables):
        """Double layers in series."""
        exponent = self.param.n.scalar("interface dispersion exponent")
        for share, overpotential in zip(SHARES, self._layers(variables), strict=True):
            ratio = relaxation_time_ratio(float(share), exponent)
            self.rhs[overpotential] = self._charging(variables, overpotential) / ratio

    def set_initial_conditions(self, variables):
        """Rest."""
        for overpotential in self._layers(variables):
            self.initial_conditions[overpotential] = pybamm.Scalar(0)
