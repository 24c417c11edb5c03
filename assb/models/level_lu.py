"""Many systems of one pattern at once, eliminated level by level.

NumPy's cost is per call, so pivots that do not depend on each other are eliminated together: in a
porous electrode the shells of all particles at one radius are such a level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assb.models.compiled.sparse_lu import SparseLU

__all__ = ["LevelLU"]

Indices = NDArray[np.intp]
#: Updates of a pivot up to which it is taken alone.
FEW = 6


@dataclass(frozen=True)
class _Rows:
    """Rows to subtract from, of which some may occur several times.

    `rows` are distinct; `order` sorts the terms by row, and each row's begin at `starts`. Without an order
    every row occurs once.
    """

    rows: Indices
    order: Indices | None = None
    starts: Indices | None = None

    @classmethod
    def of(cls, rows: Indices) -> _Rows:
        flat = rows.ravel()
        order = np.argsort(flat, kind="stable")
        distinct, starts = np.unique(flat[order], return_index=True)
        return cls(flat) if distinct.size == flat.size else cls(distinct, order, starts)


def _subtract(values: NDArray, where: _Rows, terms: NDArray) -> None:
    terms = terms.reshape(-1, values.shape[1])
    if where.order is not None and where.starts is not None:
        terms = np.add.reduceat(terms[where.order], where.starts, axis=0)
    values[where.rows] -= terms


@dataclass(frozen=True)
class _Group:
    """Independent pivots with equally many entries below and to the right.

    Positions are rows of the array of entries: `pivot` (m,), `lower` (m, b), `upper` (m, r) and `targets`
    (m, b, r); `at` (m,), `belows` (m, b) and `right` (m, r) are unknowns.
    """

    at: Indices
    right: Indices
    pivot: Indices
    lower: Indices
    upper: Indices
    targets: _Rows
    belows: _Rows

    def eliminate(self, work: NDArray, x: NDArray) -> None:
        """Replace the pivots by their reciprocals, and take them out of the rows below."""
        work[self.pivot] = inverse = 1.0 / work[self.pivot]
        if self.lower.shape[1]:
            lower = work[self.lower] * inverse[:, None]
            _subtract(work, self.targets, lower[:, :, None] * work[self.upper][:, None])
            _subtract(x, self.belows, lower * x[self.at][:, None])

    def substitute(self, work: NDArray, x: NDArray) -> None:
        """Unknowns of the pivots from those to the right."""
        known = x[self.at]
        for i in range(self.right.shape[1]):
            known -= work[self.upper[:, i]] * x[self.right[:, i]]
        x[self.at] = known * work[self.pivot]


class _Single:
    """A pivot alone, row by row: NumPy's indexing by arrays would cost more than the arithmetic."""

    def __init__(
        self, at: int, below: list[int], right: list[int], place: dict[tuple[int, int], int]
    ) -> None:
        self.at, self.pivot = at, place[at, at]
        self.below, self.right = below, right
        self.lower, self.upper = [place[row, at] for row in below], [place[at, col] for col in right]
        self.target = [[place[row, col] for col in right] for row in below]

    def eliminate(self, work: NDArray, x: NDArray) -> None:
        """As `_Group.eliminate`."""
        inverse = 1.0 / work[self.pivot]
        work[self.pivot] = inverse
        for row, lower, targets in zip(self.below, self.lower, self.target, strict=True):
            multiplier = work[lower] * inverse
            for upper, target in zip(self.upper, targets, strict=True):
                work[target] -= multiplier * work[upper]
            x[row] -= multiplier * x[self.at]

    def substitute(self, work: NDArray, x: NDArray) -> None:
        """As `_Group.substitute`."""
        for upper, column in zip(self.upper, self.right, strict=True):
            x[self.at] -= work[upper] * x[column]
        x[self.at] *= work[self.pivot]


class LevelLU:
    """Factorise and solve, with the pivots of `SparseLU` in groups.

    Parameters
    ----------
    n : int
        Order of the matrix.
    rows, cols : sequence of int
        Position of each stored entry; no position may occur twice.

    Raises
    ------
    ValueError
        If the pattern is structurally singular.
    """

    def __init__(self, n: int, rows: Sequence[int], cols: Sequence[int]) -> None:
        plan = SparseLU(n, rows, cols)
        self._permutation = np.array(plan.permutation)
        entries = list(plan.entries)
        place = {entry: k for k, entry in enumerate(entries)}
        for k, below, right in zip(plan.order, plan.below, plan.right, strict=True):
            for position in [(k, k), *((r, k) for r in below), *((k, c) for c in right)]:
                place.setdefault(position, len(place))
            for r in below:
                for c in right:
                    place.setdefault((r, c), len(place))
        self._n_given, self._n_entries = len(entries), len(place)
        self._groups = [_group(plan, pivots, place) for pivots in _independent(plan)]

    def solve(self, values: NDArray, right: NDArray) -> NDArray:
        """Solve all systems.

        Parameters
        ----------
        values : ndarray, shape (n_stored, n_systems)
            Entries in the order of `rows`, `cols`.
        right : ndarray, shape (n, n_systems)

        Returns
        -------
        ndarray, shape (n, n_systems)
            Not finite where a pivot is zero.
        """
        work = np.zeros((self._n_entries, values.shape[1]), dtype=values.dtype)
        work[: self._n_given] = values
        x = right[self._permutation].astype(values.dtype)
        for group in self._groups:
            group.eliminate(work, x)
        for group in reversed(self._groups):
            group.substitute(work, x)
        return x


def _independent(plan: SparseLU) -> list[list[int]]:
    """Numbers of pivots that do not touch each other's rows and columns, group after group."""
    level = [0] * plan.n
    number = {k: i for i, k in enumerate(plan.order)}
    groups: dict[tuple[int, int, int], list[int]] = {}
    for i in range(plan.n):
        for k in {*plan.below[i], *plan.right[i]}:
            level[number[k]] = max(level[number[k]], level[i] + 1)
        groups.setdefault((level[i], len(plan.below[i]), len(plan.right[i])), []).append(i)
    return [groups[shape] for shape in sorted(groups)]


def _group(plan: SparseLU, pivots: list[int], place: dict[tuple[int, int], int]) -> _Group | _Single:
    first = pivots[0]
    below, right = plan.below[first], plan.right[first]
    if len(pivots) == 1 and len(below) * len(right) <= FEW:
        return _Single(plan.order[first], below, right, place)
    at = [plan.order[i] for i in pivots]
    rows, cols = [plan.below[i] for i in pivots], [plan.right[i] for i in pivots]
    shape = len(pivots), len(below), len(right)
    lower = [place[row, k] for k, each in zip(at, rows, strict=True) for row in each]
    upper = [place[k, col] for k, each in zip(at, cols, strict=True) for col in each]
    target = [place[r, c] for i, each in enumerate(rows) for r in each for c in cols[i]]
    return _Group(
        np.array(at),
        np.array(cols, dtype=int).reshape(shape[0], shape[2]),
        np.array([place[k, k] for k in at]),
        np.array(lower, dtype=int).reshape(shape[:2]),
        np.array(upper, dtype=int).reshape(shape[0], shape[2]),
        _Rows.of(np.array(target, dtype=int)),
        _Rows.of(np.array(rows, dtype=int)),
    )
