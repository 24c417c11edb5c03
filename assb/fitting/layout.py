"""Which unknown goes where: parameters shared by all data, of one data set, pooled over cells, tied.

Every unknown is a coordinate in which its prior is a standard normal or a box. A :class:`Layout` turns vectors of
coordinates into the inputs that the model sees for each data set, with derivatives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from assb.fitting.priors import LogNormal, Normal, Prior

__all__ = ["Layout", "PerCell", "PerDataset", "Pooled", "Tied", "suffixed"]


@dataclass(frozen=True)
class PerDataset:
    """A value of its own for each data set.

    Parameters
    ----------
    prior : Prior
        The same for all.
    """

    prior: Prior


@dataclass(frozen=True)
class PerCell:
    """A value of its own for each cell; data sets name their cell.

    Parameters
    ----------
    prior : Prior
        The same for all.
    """

    prior: Prior


@dataclass(frozen=True)
class Pooled:
    """Cells as members of a population whose mean and spread are unknown (a hierarchical model).

    Parameters
    ----------
    prior : Prior
        Of the population mean: normal or log-normal (the mean is then the median).
    spread : Prior, optional
        Of the standard deviation between cells, as a share of the standard deviation of `prior` (in the
        logarithm where that is log-normal).

    Notes
    -----
    Cells are unknowns in units of the spread ("non-centred"), which a sampler explores far more easily where
    data say little about it: M. Betancourt, M. Girolami, arXiv:1312.0906 (2013).
    """

    prior: Prior
    spread: Prior = field(
        default_factory=lambda: LogNormal(
            median=0.2, factor=2.5, source="assumption: cells differ less than knowledge of them did before"
        )
    )

    def __post_init__(self):
        if self.prior.weight == 0:
            raise ValueError(
                f"prior = {self.prior}: a pooled parameter needs a normal or log-normal prior of its mean"
            )


@dataclass(frozen=True)
class Tied:
    """A parameter that follows another.

    Parameters
    ----------
    to : str
        Name of the calibrated parameter.
    factor : float
        Value over that of `to`.
    """

    to: str
    factor: float = 1.0


Rule = Prior | PerDataset | PerCell | Pooled | Tied


def suffixed(name: str, label: str) -> str:
    """Name with a label before its unit: "A [m]" of "cell 1" is "A, cell 1 [m]"."""
    head, bracket, tail = name.partition(" [")
    return f"{head}, {label}{bracket}{tail}"


@dataclass(frozen=True)
class _Term:
    """How one input of one data set follows from the coordinates."""

    prior: Prior
    mean: int
    spread: int | None = None
    offset: int | None = None
    spread_prior: Prior | None = None
    factor: float = 1.0

    def coordinate(self, z: np.ndarray) -> np.ndarray:
        if self.offset is None:
            return z[..., self.mean]
        return z[..., self.mean] + self.spread_prior.to_value(z[..., self.spread]) * z[..., self.offset]  # type: ignore[union-attr]

    def value(self, z: np.ndarray) -> np.ndarray:
        return self.factor * self.prior.to_value(self.coordinate(z))

    def slopes(self, z: np.ndarray) -> list[tuple[int, float]]:
        outer = self.factor * float(self.prior.slope(self.coordinate(z)))
        found = [(self.mean, outer)]
        if self.offset is not None and self.spread is not None and self.spread_prior is not None:
            found.append((self.offset, outer * float(self.spread_prior.to_value(z[self.spread]))))
            found.append(
                (self.spread, outer * z[self.offset] * float(self.spread_prior.slope(z[self.spread])))
            )
        return found


class Layout:
    """Unknowns of a problem, and the model inputs of each data set as functions of them.

    Parameters
    ----------
    rules : mapping
        Parameter name -> prior, :class:`PerDataset`, :class:`PerCell`, :class:`Pooled` or :class:`Tied`.
    data : sequence
        Data sets, with `name`, `cell`, `settings` and `shifts`.
    values : mapping
        Numbers of the parameters that data sets set or shift.

    Attributes
    ----------
    priors : dict
        Unknown -> prior of its value, in the order of the coordinates.
    inputs : list of str
        Inputs of the model: calibrated, tied, set or shifted somewhere.
    base : dict
        Unknown -> parameter whose start value it takes; None for spreads and offsets.

    Raises
    ------
    ValueError
        For a tie to something that is not calibrated.
    """

    def __init__(self, rules: Mapping[str, Rule], data: Sequence[Any], values: Callable[[str], float]):
        self.priors: dict[str, Prior] = {}
        self.base: dict[str, str | None] = {}
        self._terms: list[dict[str, _Term]] = [{} for _ in data]
        ties = {name: rule for name, rule in rules.items() if isinstance(rule, Tied)}
        for name, rule in rules.items():
            if not isinstance(rule, Tied):
                self._add(name, rule, data)
        for name, tie in ties.items():
            if tie.to not in rules or tie.to in ties:
                raise ValueError(
                    f"{name!r} is tied to {tie.to!r}, which is not calibrated: name a parameter with a prior"
                )
            for terms in self._terms:
                term = terms[tie.to]
                terms[name] = _Term(
                    term.prior, term.mean, term.spread, term.offset, term.spread_prior, tie.factor
                )
        given = {name for each in data for name in (*each.settings, *each.shifts)}
        self.inputs = [*rules, *sorted(given - set(rules))]
        self._fixed = {name: values(name) for name in self.inputs if name not in rules}
        self._data = list(data)

    def _new(self, name: str, prior: Prior, base: str | None) -> int:
        if name not in self.priors:
            self.priors[name], self.base[name] = prior, base
        return list(self.priors).index(name)

    def _add(self, name: str, rule: Any, data: Sequence[Any]) -> None:
        for terms, each in zip(self._terms, data, strict=True):
            if isinstance(rule, Prior):
                terms[name] = _Term(rule, self._new(name, rule, name))
            elif isinstance(rule, Pooled):
                cell = each.cell or each.name
                mean = self._new(suffixed(name, "population mean"), rule.prior, name)
                spread = self._new(name.split(" [")[0] + ", population spread in prior sd", rule.spread, None)
                offset = Normal(mean=0.0, sd=1.0, source="membership of the population")
                term = _Term(
                    rule.prior,
                    mean,
                    spread,
                    self._new(name.split(" [")[0] + f", offset of {cell}", offset, None),
                    rule.spread,
                )
                terms[name] = term
            else:
                label = each.name if isinstance(rule, PerDataset) else each.cell or each.name
                terms[name] = _Term(rule.prior, self._new(suffixed(name, label), rule.prior, name))

    def subset(self, kept: Sequence[int]) -> Layout:
        """The same unknowns for some of the data sets."""
        made = copy(self)
        made._terms = [self._terms[k] for k in kept]
        made._data = [self._data[k] for k in kept]
        return made

    def values(self, z: np.ndarray, k: int) -> np.ndarray:
        """Inputs of data set `k`, shape (..., inputs), at coordinates of shape (..., unknowns or more)."""
        each, columns = self._data[k], []
        for name in self.inputs:
            if name in each.settings:
                column = np.full(z.shape[:-1], float(each.settings[name]))
            elif name in self._terms[k]:
                column = self._terms[k][name].value(z)
            else:
                column = np.full(z.shape[:-1], self._fixed[name])
            columns.append(column + each.shifts.get(name, 0.0))
        return np.stack(columns, axis=-1)

    def slopes(self, z: np.ndarray, k: int) -> np.ndarray:
        """Derivatives of the inputs of data set `k`, shape (inputs, unknowns), at one vector of coordinates."""
        matrix = np.zeros((len(self.inputs), len(self.priors)))
        for row, name in enumerate(self.inputs):
            if name in self._terms[k] and name not in self._data[k].settings:
                for column, slope in self._terms[k][name].slopes(z):
                    matrix[row, column] += slope
        return matrix
