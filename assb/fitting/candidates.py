"""Measurements that one could make: rates, pulses, titrations, relaxations, at several conditions.

Each is a planned :class:`assb.fitting.Dataset`. Currents follow from the capacity of the cell and the rate; positive
ones discharge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any, TypeVar

from assb.fitting.dataset import DataError, Dataset
from assb.fitting.spectrum import Spectrum

__all__ = ["constant_rate", "pulses", "relaxation", "titration", "under"]

Planned = TypeVar("Planned", bound=Dataset | Spectrum)


def _positive(maker: str, **values: float) -> None:
    for name, value in values.items():
        if not value > 0:
            raise DataError(f"{maker}: {name} = {value!r}: give a positive number")


def _rate(rate: float) -> str:
    return f"C/{1 / rate:.3g}" if rate < 1 else f"{rate:.3g}C"


def constant_rate(
    capacity: float,
    rate: float,
    share: float,
    rest: float = 1800.0,
    back: bool = True,
    name: str = "",
    **about: Any,
) -> Dataset:
    """Discharge at one rate, rest, and charge back at the same rate, rest.

    Parameters
    ----------
    capacity : float
        Of the cell [A.h].
    rate : float
        [1/h].
    share : float
        Charge that passes, over the capacity.
    rest : float
        After each half [s].
    back : bool
        Whether the charge is recorded, too.
    name : str
        By default from the rate.
    **about
        Rest of :meth:`assb.fitting.Dataset.planned`: settings, shifts, preparation, pressure, rows, cell.

    Raises
    ------
    DataError
        For numbers that are not positive.
    """
    _positive("constant_rate", capacity=capacity, rate=rate, share=share, rest=rest)
    current, seconds = rate * capacity, 3600 * share / rate
    steps = [(seconds, current), (rest, 0.0)]
    if back:
        steps += [(seconds, -current), (rest, 0.0)]
    return Dataset.planned(steps, name=name or f"{_rate(rate)} cycle", **about)


def pulses(
    capacity: float,
    rates: Sequence[float],
    seconds: float = 30.0,
    rest: float = 600.0,
    name: str = "",
    **about: Any,
) -> Dataset:
    """A discharge and a charge pulse at each rate, with a rest after each.

    Parameters
    ----------
    capacity : float
        Of the cell [A.h].
    rates : sequence of float
        [1/h].
    seconds, rest : float
        Length of a pulse and of the rest after it [s].
    name, **about
        As of :func:`constant_rate`.

    Raises
    ------
    DataError
        For numbers that are not positive.
    """
    _positive("pulses", capacity=capacity, seconds=seconds, rest=rest)
    if not rates:
        raise DataError("pulses: rates is empty: give at least one")
    steps = []
    for rate in rates:
        _positive("pulses", rates=rate)
        for sign in (1, -1):
            steps += [(seconds, sign * rate * capacity), (rest, 0.0)]
    label = f"{seconds:g} s pulses to {_rate(max(rates))}"
    return Dataset.planned(steps, name=name or label, **about)


def titration(
    capacity: float,
    rate: float,
    share: float,
    count: int,
    rest: float = 3600.0,
    name: str = "",
    **about: Any,
) -> Dataset:
    """Galvanostatic intermittent titration (GITT): equal discharge pulses with long rests.

    Parameters
    ----------
    capacity : float
        Of the cell [A.h].
    rate : float
        Of the pulses [1/h].
    share : float
        Charge of one pulse over the capacity.
    count : int
        Number of pulses.
    rest : float
        After each pulse [s].
    name, **about
        As of :func:`constant_rate`.

    Raises
    ------
    DataError
        For numbers that are not positive.
    """
    _positive("titration", capacity=capacity, rate=rate, share=share, count=count, rest=rest)
    steps = [(3600 * share / rate, rate * capacity), (rest, 0.0)] * int(count)
    return Dataset.planned(steps, name=name or f"GITT of {count} pulses at {_rate(rate)}", **about)


def relaxation(
    capacity: float, rate: float, share: float, rest: float = 4 * 3600.0, name: str = "", **about: Any
) -> Dataset:
    """A discharge and the long rest after it.

    Parameters
    ----------
    capacity, rate, share
        As of :func:`constant_rate`.
    rest : float
        [s].
    name, **about
        As of :func:`constant_rate`.

    Raises
    ------
    DataError
        For numbers that are not positive.
    """
    label = name or f"{rest / 3600:.3g} h rest after {_rate(rate)}"
    return constant_rate(capacity, rate, share, rest, False, label, **about)


def under(
    candidates: Iterable[Planned], conditions: Mapping[str, Sequence[float]], preparation: float = 0.0
) -> list[Planned]:
    """Each candidate at every combination of conditions.

    Parameters
    ----------
    candidates : iterable of Dataset or Spectrum
    conditions : mapping
        Parameter -> values: ``{"Stack pressure [MPa]": [20, 50], "Ambient temperature [K]": [298.15]}``.
    preparation : float
        Time that setting up a condition costs [s], added to that of each candidate.

    Returns
    -------
    list of Dataset or Spectrum
        Named by candidate and conditions.

    Raises
    ------
    DataError
        For a condition without values.
    """
    for name, values in conditions.items():
        if not len(values):
            raise DataError(f"conditions: {name!r} has no values: give at least one")
    made = []
    for each in candidates:
        for values in product(*conditions.values()):
            here: dict[str, float] = dict(zip(conditions, map(float, values), strict=True))
            label = ", ".join([each.name, *(_shown(name, value) for name, value in here.items())])
            made.append(
                replace(
                    each,
                    name=label,
                    settings={**each.settings, **here},
                    preparation=each.preparation + preparation,
                    sha256="",
                )
            )
    return made


def _shown(name: str, value: float) -> str:
    head, bracket, tail = name.partition(" [")
    return f"{value:g} {tail[:-1]}" if bracket else f"{head} {value:g}"
