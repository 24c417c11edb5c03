"""Solving (i w M - J) x = b for many frequencies and matrices of one pattern at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix
from scipy.sparse.linalg import spsolve

from assb.models.level_lu import LevelLU

__all__ = ["Pencil"]

# Largest accepted residual relative to its terms; above it a pair is solved again with pivoting.
RESIDUAL = 1e-9


class Pencil:
    """The pattern of i w M - J, M = diag(1, ..., 1, 0, ..., 0), and its elimination.

    The pattern is analysed once; each recorded operation then runs over a vector of (matrix, frequency)
    pairs. States that `pushed` ones do not move, or that `seen` ones do not depend on, are left out.

    Parameters
    ----------
    n, n_x : int
        Order of the matrix, and of its differential part, which comes first.
    rows, cols : ndarray of int
        Pattern of J.
    pushed, seen : ndarray of int
        Non-zeros of the right-hand side, and states that are wanted.

    Attributes
    ----------
    kept : ndarray of int
        States that are solved for.
    """

    def __init__(
        self, n: int, n_x: int, rows: NDArray, cols: NDArray, pushed: NDArray, seen: NDArray
    ) -> None:
        graph = csr_matrix((np.ones(len(rows)), (rows, cols)), shape=(n, n))
        algebraic = np.arange(n) >= n_x
        wanted = _reachable(csr_matrix(graph.T), algebraic, seen) & _reachable(graph, algebraic, pushed)
        self.kept: NDArray[np.int_] = np.flatnonzero(wanted)
        place = np.full(n, -1)
        place[self.kept] = np.arange(len(self.kept))
        self._used = np.flatnonzero((place[rows] >= 0) & (place[cols] >= 0))
        pairs = zip(place[rows[self._used]].tolist(), place[cols[self._used]].tolist(), strict=True)
        entries = {entry: k for k, entry in enumerate(pairs)}
        self._n_jacobian = len(entries)
        diagonal = np.flatnonzero(self.kept < n_x).tolist()
        for i in diagonal:  # i w stands there even where J has no entry
            entries.setdefault((i, i), len(entries))
        self._moving = self.kept[diagonal]
        self._inertia = np.array([entries[i, i] for i in diagonal], dtype=int)
        self._rows = np.array([r for r, _ in entries], dtype=int)
        self._cols = np.array([c for _, c in entries], dtype=int)
        self._lu = LevelLU(len(self.kept), self._rows.tolist(), self._cols.tolist())
        shape = (len(self.kept), len(entries))
        self._gather = csr_matrix((np.ones(len(entries)), (self._rows, np.arange(len(entries)))), shape=shape)

    def solve(
        self,
        jacobian: NDArray,
        which: NDArray,
        omega: NDArray,
        right: NDArray,
        factors: Sequence[tuple[NDArray, NDArray]] = (),
    ) -> NDArray:
        """Solve (i omega_k M - J_k) x_k = b_k.

        Parameters
        ----------
        jacobian : ndarray, shape (n_nonzeros, n_matrices)
        which : ndarray of int, shape (n_pairs,)
            Matrix and right-hand side of each pair.
        omega : ndarray, shape (n_pairs,)
            [rad/s].
        right : ndarray, shape (n, n_matrices)
        factors : sequence of (ndarray of int, ndarray of complex)
            Differential states, and what multiplies their i omega in each pair, shape (n_pairs,).

        Returns
        -------
        ndarray of complex, shape (n_kept, n_pairs)
            Not finite where the matrix is not, or is singular.
        """
        values = np.empty((len(self._rows), len(omega)), dtype=complex)
        values[: self._n_jacobian] = -jacobian[self._used][:, which]
        values[self._n_jacobian :] = 0.0
        values[self._inertia] += 1j * omega
        for states, factor in factors:
            values[self._inertia[np.isin(self._moving, states)]] += 1j * omega * (factor - 1.0)
        right = right[self.kept][:, which]
        with np.errstate(all="ignore"):
            x = self._lu.solve(values, right)
            terms = values * x[self._cols]
            off = np.abs(self._gather @ terms - right).max(axis=0)
            # Compared with the largest term of the column: cheap, and blind to no pivot that went wrong.
            size = np.maximum(np.abs(terms).max(axis=0), np.abs(right).max(axis=0))
        for k in np.flatnonzero(~(off <= RESIDUAL * size)):
            if np.isfinite(values[:, k]).all():
                x[:, k] = spsolve(csc_matrix((values[:, k], (self._rows, self._cols))), right[:, k])
        return x


def _reachable(graph: csr_matrix, algebraic: NDArray, start: NDArray) -> NDArray:
    """States reached along the rows of `graph` from `start`; the algebraic ones always belong."""
    reached = algebraic.copy()
    reached[start] = True
    while True:
        more = reached | (np.asarray(graph @ reached.astype(float)).ravel() > 0)
        if (more == reached).all():
            return reached
        reached = more
