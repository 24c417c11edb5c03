"""Double layer of a composite electrode that relaxes over a range of times."""

from __future__ import annotations

from assb.models.closures.dispersion import SHARES, WEIGHTS, relaxation_time_ratio
from assb.models.submodels.base import ElectrodeSubmodel

#: The share that is not a state: the weighted mean of all is the potential difference, which is one.
_REST = len(WEIGHTS) // 2


class DispersedDoubleLayer(ElectrodeSubmodel):
    """Constant-phase element in place of the double layer, as parts of it that charge through resistances.

    The potential difference phi is the weighted mean of the potentials u_k of five parts::

        C r_k d(u_k)/dt = J - j + (phi - u_k)/r_ct,        phi = sum_k w_k u_k

    with the current density J that arrives and the reaction j, both per contact area. The parts differ in
    capacity only; the last term vanishes in the mean, so what is not reacted is stored, ``sum_k w_k C r_k u_k``.
    Small signals see the faradaic impedance beside ``[(i w tau)**a]/r_ct``, tau = r_ct C, to about a per cent
    of r_ct: the admittance of five R||C in series less 1/r_ct, which is positive real. With an exponent of one the
    parts are alike. See :func:`~assb.models.closures.dispersion.relaxation_time_ratio`.

    :class:`~assb.models.submodels.reaction.ResolvedReaction` and its like have the balances, which contain the
    distribution of the current.
    """

    citations = ("Cole1941",)

    @staticmethod
    def names() -> list[str]:
        """States: the parts but one."""
        return [f"double-layer potential {k + 1} [V]" for k in range(len(WEIGHTS)) if k != _REST]

    def get_fundamental_variables(self):
        """Potentials of the parts."""
        return self.named(**{name: self.field(name) for name in self.names()})

    @staticmethod
    def parts(potential, states):
        """Potentials of all parts, in the order of the shares."""
        weights = [float(w) for k, w in enumerate(WEIGHTS) if k != _REST]
        rest = potential - sum(w * u for w, u in zip(weights, states, strict=True))
        return [*states[:_REST], rest / float(WEIGHTS[_REST]), *states[_REST:]]

    @staticmethod
    def rates(excess, potential, states, resistance, capacity, exponent):
        """Rate of the potential difference, and of each state [V.s-1].

        `excess` is J - j [A.m-2], `resistance` r_ct [Ohm.m2], `capacity` C [F.m-2].
        """
        parts = DispersedDoubleLayer.parts(potential, states)
        rates = [
            (excess + (potential - part) / resistance)
            / (capacity * relaxation_time_ratio(float(share), exponent))
            for share, part in zip(SHARES, parts, strict=True)
        ]
        mean = sum(float(w) * rate for w, rate in zip(WEIGHTS, rates, strict=True))
        return mean, rates[:_REST] + rates[_REST + 1 :]

    def set_initial_conditions(self, variables):
        """Rest."""
        first = self.populations[0]
        for name in self.names():
            self.initial_conditions[self.get(variables, name)] = first.ocp_init
