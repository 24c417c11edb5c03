"""Sparse LU factorisation unrolled at build time.

The pattern is analysed once; `factor` and `solve` then run straight through the recorded eliminations
with whatever arithmetic the values bring along: CasADi symbols (to generate code), floats or NumPy
arrays (to test). No pivot is searched for at run time, which is what makes the generated code a single
branch-free sequence.

Sources
-------
H. M. Markowitz, "The elimination form of the inverse and its application to linear programming",
Management Science 3 (1957) 255, doi 10.1287/mnsc.3.3.255: the pivot with the fewest possible fill-ins.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

__all__ = ["SparseLU"]


def _row_permutation(n: int, rows: Sequence[int], cols: Sequence[int]) -> list[int]:
    """Row to place on each diagonal position so that no diagonal entry is structurally zero.

    The identity whenever the diagonal is already full; otherwise the assignment that keeps as many
    diagonal entries as possible (an algebraic equation need not contain "its" variable).
    """
    if sum(1 for r, c in zip(rows, cols, strict=True) if r == c) == n:
        return list(range(n))
    weights = np.where(np.asarray(rows) == np.asarray(cols), 1.0, 2.0)
    try:
        row, col = min_weight_full_bipartite_matching(csr_matrix((weights, (rows, cols)), shape=(n, n)))
    except ValueError as error:
        raise ValueError(
            f"the {n} by {n} pattern is structurally singular: some unknown appears in no equation of its "
            "own. Check that every algebraic variable of the model is determined by an algebraic equation."
        ) from error
    permutation = [0] * n
    for r, c in zip(row, col, strict=True):
        permutation[int(c)] = int(r)
    return permutation


class SparseLU:
    """LU factorisation of a fixed sparsity pattern, diagonal pivots in Markowitz order.

    Parameters
    ----------
    n : int
        Order of the matrix.
    rows, cols : sequence of int
        Position of each stored entry; no position may occur twice.
    last : collection of int
        Pivots to take last.

    Attributes
    ----------
    n_factors : int
        Length of the list `factor` returns.
    order : list of int
        Elimination order.
    below, right : list of list of int
        Of each pivot in that order, rows below it and columns right of it that are left.
    permutation : list of int
        Row of the matrix that stands at each place; `entries` are (place, column) of the stored entries.

    Raises
    ------
    ValueError
        If the pattern is structurally singular.
    """

    def __init__(self, n: int, rows: Sequence[int], cols: Sequence[int], last: Collection[int] = ()) -> None:
        if len(set(zip(rows, cols, strict=True))) != len(rows):
            raise ValueError("rows, cols: the same position occurs twice; sum duplicate entries first.")
        self.n = n
        self.permutation = _row_permutation(n, rows, cols)
        position = {row: place for place, row in enumerate(self.permutation)}
        self.entries = [(position[r], c) for r, c in zip(rows, cols, strict=True)]
        self._eliminate(frozenset(last))

    def _eliminate(self, last: frozenset[int]) -> None:
        """Record, for every pivot, the rows below it and the columns right of it."""
        in_row: list[set[int]] = [set() for _ in range(self.n)]
        in_col: list[set[int]] = [set() for _ in range(self.n)]
        for r, c in self.entries:
            in_row[r].add(c)
            in_col[c].add(r)
        cost = [(len(in_row[k]) - 1) * (len(in_col[k]) - 1) for k in range(self.n)]
        remaining = set(range(self.n))
        self.order: list[int] = []
        self.below: list[list[int]] = []
        self.right: list[list[int]] = []
        while remaining:
            k = min(remaining, key=lambda i: (i in last, cost[i], i))
            remaining.discard(k)
            below, right = sorted(in_col[k] - {k}), sorted(in_row[k] - {k})
            self.order.append(k)
            self.below.append(below)
            self.right.append(right)
            for r in below:
                in_row[r].discard(k)
                in_row[r].update(right)
            for c in right:
                in_col[c].discard(k)
                in_col[c].update(below)
            for i in {*below, *right}:
                cost[i] = (len(in_row[i]) - 1) * (len(in_col[i]) - 1)
        self.n_factors = self.n + sum(map(len, self.below)) + sum(map(len, self.right))

    def factor(self, values: Sequence[Any]) -> list[Any]:
        """Factorise.

        Parameters
        ----------
        values : sequence
            Entries in the order of `rows`, `cols`; any type with ``+ - * /``.

        Returns
        -------
        list
            For each pivot in turn: its reciprocal, the multipliers below, the row to the right.
        """
        work: dict[tuple[int, int], Any] = dict(zip(self.entries, values, strict=True))
        factors: list[Any] = []
        for k, below, right in zip(self.order, self.below, self.right, strict=True):
            inverse = 1.0 / work[k, k]
            upper = [work[k, c] for c in right]
            lower = [work[r, k] * inverse for r in below]
            for r, multiplier in zip(below, lower, strict=True):
                for c, u in zip(right, upper, strict=True):
                    update = multiplier * u
                    work[r, c] = work[r, c] - update if (r, c) in work else -update
            factors += [inverse, *lower, *upper]
        return factors

    def solve(self, factors: Sequence[Any], b: Sequence[Any]) -> list[Any]:
        """Solve with factors from `factor`.

        Parameters
        ----------
        factors : sequence of length `n_factors`
        b : sequence of length n
            Right-hand side.

        Returns
        -------
        list of length n
        """
        x = [b[row] for row in self.permutation]
        starts = []
        at = 0
        for k, below, right in zip(self.order, self.below, self.right, strict=True):
            starts.append(at)
            for i, r in enumerate(below):
                x[r] = x[r] - factors[at + 1 + i] * x[k]
            at += 1 + len(below) + len(right)
        for step in range(self.n - 1, -1, -1):
            k, below, right, at = self.order[step], self.below[step], self.right[step], starts[step]
            for i, c in enumerate(right):
                x[k] = x[k] - factors[at + 1 + len(below) + i] * x[c]
            x[k] = x[k] * factors[at]
        return x
