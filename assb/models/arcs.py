"""Arcs of the impedance that a model in time has as plain resistances or ideal double layers.

In the frequency domain a resistance R of the model may stand in parallel to a constant-phase element,
and a double layer may be one::

    Z_R(w) = R / (1 + (i w tau)**a),        i w C  ->  C (i w)**a tau**(a - 1),        tau = R C

The relaxation time tau stays what it is with an ideal capacitor of capacitance C, whatever the
exponent a; Q = tau**a / R is the coefficient of the element. At w = 0 nothing changes: the resistance
of the model in time is kept exactly. Far below 1/tau, where no current passes it, a double layer is an
ideal capacitor again (`IDEAL_BELOW`).

Sources
-------
C. H. Hsu, F. Mansfeld, Corrosion 2001, 57, 747, doi 10.5006/1.3280607: capacitance of a constant-phase
element in parallel to a resistance, ``C = (Q R)**(1/a) / R``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["ARCS", "Arc"]


#: Share of its frequency 1/tau below which a double layer is an ideal capacitor again. A constant-phase
#: element stores ever more charge at low frequency, beside insertion without limit, and no surface does.
IDEAL_BELOW = 1e-5


@dataclass(frozen=True)
class Arc:
    """One arc: where the model keeps its resistance, relaxation time and exponent.

    Attributes
    ----------
    meaning : str
    prefix : str
        Of the variables "... relaxation time [s]", "... dispersion exponent" and, for a series
        resistance, "... resistance [Ohm.m2]".
    states : tuple of str
        Double-layer potentials whose capacitor becomes a constant-phase element; empty for a resistance
        in series.
    """

    meaning: str
    prefix: str
    states: tuple[str, ...] = ()

    @property
    def outputs(self) -> tuple[str, ...]:
        """Variables: relaxation time, exponent, and the resistance of a series element."""
        names = (f"{self.prefix} relaxation time [s]", f"{self.prefix} dispersion exponent")
        return names if self.states else (*names, f"{self.prefix} resistance [Ohm.m2]")


#: Name -> arc. The order is that of their usual relaxation times.
ARCS: dict[str, Arc] = {
    "separator": Arc("grains and grain boundaries of the separator, about 1e-7 s", "Separator"),
    "contact": Arc("constriction at the contacts of the positive electrode", "Contact constriction"),
    "positive interface": Arc(
        "charge transfer, film and space charge of the positive active material",
        "Positive electrode interface",
        ("Positive electrode surface potential difference [V]",),
    ),
    "negative interface": Arc(
        "charge transfer at the negative electrode",
        "Negative electrode interface",
        (
            "Negative electrode surface potential difference [V]",
            "Negative electrode mean reaction overpotential [V]",
        ),
    ),
    "negative film": Arc("interphase between a foil and the separator", "Negative electrode film"),
}


def select_arcs(arcs: str | Iterable[str], variables: Mapping[str, Any]) -> dict[str, Arc]:
    """Arcs by name; "all" are those that a model with `variables` has.

    Raises
    ------
    ValueError
        For an unknown name, or an arc that the model does not have.
    """
    has = [name for name, arc in ARCS.items() if all(variable in variables for variable in arc.outputs)]
    names = has if arcs == "all" else [arcs] if isinstance(arcs, str) else list(arcs)
    for name in names:
        if name not in ARCS:
            raise ValueError(f"arcs: {name!r} is not known; use 'all' or some of {', '.join(ARCS)}.")
        if name not in has:
            raise ValueError(
                f"arcs: the model has no {name!r} arc with its options ('contact' needs the option "
                "'contact constriction', 'negative film' a foil; an interface whose dispersion is 'distributed' has "
                f"its arc in the model itself); it has {', '.join(has) or 'none'}."
            )
    return {name: ARCS[name] for name in names}


class Dispersion:
    """What arcs do to the impedance of (set, frequency) pairs.

    Parameters
    ----------
    arcs : mapping of str to Arc
    values : ndarray, shape (n_outputs, n_sets)
        Values of the `outputs` of each arc, one arc after the other.
    states : mapping of str to sequence of int
        Places of the states of the model by name.

    Raises
    ------
    ValueError
        For an exponent outside (0, 1] or a negative relaxation time.
    """

    def __init__(self, arcs: Mapping[str, Arc], values: NDArray, states: Mapping[str, Iterable[int]]) -> None:
        self._double_layers: list[tuple[NDArray, NDArray, NDArray]] = []
        self._series: list[tuple[NDArray, NDArray, NDArray]] = []
        rows = iter(values)
        for name, arc in arcs.items():
            time, exponent = next(rows), next(rows)
            _check(name, arc, time, exponent)
            if arc.states:
                places = [i for state in arc.states for i in states.get(state, ())]
                self._double_layers.append((np.array(places, dtype=int), time, exponent))
            else:
                self._series.append((next(rows), time, exponent))

    def factors(self, omega: NDArray, which: NDArray) -> list[tuple[NDArray, NDArray]]:
        """Double-layer states, and what multiplies their i omega [rad/s] in the pairs of sets `which`."""
        return [
            (places, (1j * omega * time[which] + IDEAL_BELOW) ** (exponent[which] - 1.0))
            for places, time, exponent in self._double_layers
        ]

    def series(self, omega: NDArray, which: NDArray) -> NDArray[np.complex128]:
        """What the resistances in series become [Ohm.m2], less what they are."""
        change = np.zeros(len(omega), dtype=complex)
        for resistance, time, exponent in self._series:
            relative = 1.0 / (1.0 + (1j * omega * time[which]) ** exponent[which])
            change += resistance[which] * (relative - 1.0)
        return change


def _check(name: str, arc: Arc, time: NDArray, exponent: NDArray) -> None:
    known = np.isfinite(time)
    wrong = exponent[known & ~((exponent > 0) & (exponent <= 1))]
    if wrong.size:
        raise ValueError(
            f"arc {name!r}: {arc.outputs[1]!r} = {wrong[0]:g}; give the parameter a value above 0 and at most 1."
        )
    if (time[known] < 0).any():
        raise ValueError(
            f"arc {name!r}: {arc.outputs[0]!r} = {time[known].min():g} is negative; check its capacitance."
        )
