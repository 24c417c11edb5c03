"""Which points of the factor space a sweep visits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

__all__ = ["DESIGNS", "Design", "make_design"]

DESIGNS = ("factorial", "latin hypercube", "sobol")


@dataclass(frozen=True)
class Design:
    """Points of a sweep.

    Attributes
    ----------
    kind : str
        One of `DESIGNS`.
    names : tuple of str
        Factors, in the order of the columns of `points`.
    points : ndarray, shape (n_runs, n_factors)
        In the unit of each name; of a factorial design, the last factor varies fastest.
    levels : tuple of ndarray
        Values of each factor; empty unless factorial.
    """

    kind: str
    names: tuple[str, ...]
    points: NDArray[np.float64]
    levels: tuple[NDArray[np.float64], ...] = ()

    @property
    def n_runs(self) -> int:
        """Number of runs."""
        return len(self.points)

    @property
    def dims(self) -> tuple[str, ...]:
        """Dimensions of a result that holds one number a run."""
        return self.names if self.levels else ("sample",)

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of `dims`."""
        return tuple(len(level) for level in self.levels) if self.levels else (self.n_runs,)


def make_design(factors: Mapping[str, Any], kind: str, n: int | None, seed: int) -> Design:
    """Lay out a design.

    Parameters
    ----------
    factors : mapping
        Name to a list of values (factorial), or to (low, high) or (low, high, "log").
    kind : str
        One of `DESIGNS`.
    n : int or None
        Number of runs; not for a factorial design, where the values decide.
    seed : int
        Of the random part; the same seed gives the same points.

    Raises
    ------
    ValueError
        Naming the factor, the value and the remedy.
    """
    if kind not in DESIGNS:
        raise ValueError(f"design={kind!r} is not known; use one of {list(DESIGNS)!r}.")
    if not factors:
        raise ValueError('factors={} is empty; give at least one, e.g. {"Stack pressure [MPa]": [2, 20]}.')
    names = tuple(factors)
    if kind == "factorial":
        if n is not None:
            raise ValueError(f"n={n!r} has no meaning for a factorial design; drop it, the values decide.")
        levels = tuple(_levels(name, factors[name]) for name in names)
        grid = np.meshgrid(*levels, indexing="ij")
        return Design(kind, names, np.stack([axis.ravel() for axis in grid], axis=-1), levels)
    if n is None or n < 1:
        raise ValueError(f"n={n!r}: a {kind} design needs a positive number of runs.")
    ranges = [_range(name, factors[name]) for name in names]
    if kind == "sobol":
        unit = qmc.Sobol(len(names), seed=np.random.default_rng(seed)).random(n)
    else:
        unit = qmc.LatinHypercube(len(names), seed=np.random.default_rng(seed)).random(n)
    columns = []
    for (low, high, logarithmic), u in zip(ranges, unit.T, strict=True):
        inside = low * (high / low) ** u if logarithmic else low + (high - low) * u
        columns.append(np.clip(inside, low, high))
    return Design(kind, names, np.stack(columns, axis=-1))


def _levels(name: str, values: Any) -> NDArray[np.float64]:
    try:
        level = np.array(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(
            f"factors[{name!r}]={values!r}: a factorial design takes a list of numbers."
        ) from None
    if level.ndim != 1 or not level.size or not np.isfinite(level).all():
        raise ValueError(f"factors[{name!r}]={values!r}: give a non-empty list of finite numbers.")
    if np.unique(level).size != level.size:
        raise ValueError(f"factors[{name!r}]={values!r} holds a value twice; give each once.")
    return level


def _range(name: str, values: Any) -> tuple[float, float, bool]:
    remedy = 'give (low, high) or (low, high, "log") with low < high'
    if isinstance(values, str) or not isinstance(values, Sequence) or len(values) not in (2, 3):
        raise ValueError(f"factors[{name!r}]={values!r}: {remedy}.")
    scale = values[2] if len(values) == 3 else "linear"
    try:
        low, high = float(values[0]), float(values[1])
    except (TypeError, ValueError):
        raise ValueError(f"factors[{name!r}]={values!r}: {remedy}.") from None
    if scale not in ("linear", "log"):
        raise ValueError(f"factors[{name!r}]={values!r}: the scale {scale!r} is not known; {remedy}.")
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"factors[{name!r}]={values!r}: {remedy}.")
    if scale == "log" and low <= 0:
        raise ValueError(f"factors[{name!r}]={values!r}: a logarithmic range must be positive.")
    return low, high, scale == "log"
