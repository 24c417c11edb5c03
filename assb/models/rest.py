"""Algebraic states consistent with zero current, for many parameter sets at once."""

from __future__ import annotations

import casadi as ca
import numpy as np
from numpy.typing import NDArray

from assb.models.compiled.export import ExportedModel

__all__ = ["RestSolver"]

Array = NDArray[np.float64]


def _solve(matrices: Array, right: Array) -> Array:
    """Solve a stack of systems; NaN where one is singular."""
    try:
        return np.asarray(np.linalg.solve(matrices, right[..., None])[..., 0], dtype=float)
    except np.linalg.LinAlgError:
        x = np.full_like(right, np.nan)
        for i, (matrix, b) in enumerate(zip(matrices, right, strict=True)):
            try:
                x[i] = np.linalg.solve(matrix, b)
            except np.linalg.LinAlgError:
                continue
        return x


class RestSolver:
    """Solves the algebraic equations of a model at zero current, the differential states held.

    Newton's method with the natural monotonicity test, each set with a damping of its own.

    Parameters
    ----------
    exported : ExportedModel

    Sources
    -------
    P. Deuflhard, "Newton Methods for Nonlinear Problems", Springer 2011, doi 10.1007/978-3-642-23899-4,
    section 3.3.
    """

    def __init__(self, exported: ExportedModel) -> None:
        self._n_x, self._n_z = exported.n_x, exported.n_z
        y, p, current = exported.dynamics.sx_in()
        residual = exported.dynamics(y, p, 0.0 * current)[self._n_x :]
        slope = ca.densify(ca.jacobian(residual, y)[:, self._n_x :])
        self._both = ca.Function("both", [y, p], [residual, ca.vec(slope)])
        self._only = ca.Function("only", [y, p], [residual])

    def _newton(self, y: Array, p: Array) -> tuple[Array, Array]:
        """Newton corrections, and the matrices they were made with."""
        values, slopes = (np.asarray(result) for result in self._both(y.T, p.T))
        # CasADi stores by column: of each set, the first axis here counts rows, the second columns.
        matrices = slopes.reshape(self._n_z, self._n_z, len(y), order="F").transpose(2, 0, 1)
        return _solve(matrices, -values.reshape(self._n_z, -1).T), matrices

    def _simplified(self, y: Array, p: Array, matrices: Array) -> Array:
        """Corrections with matrices of an earlier point."""
        values = np.asarray(self._only(y.T, p.T)).reshape(self._n_z, -1)
        return _solve(matrices, -values.T)

    def _size(self, dz: Array, y: Array) -> Array:
        return np.max(np.abs(dz) / (1.0 + np.abs(y[:, self._n_x :])), axis=1)

    def solve(self, y: Array, p: Array) -> tuple[Array, NDArray[np.bool_]]:
        """Make states consistent.

        Parameters
        ----------
        y : ndarray, shape (n_sets, n_states)
            Start, in scaled units.
        p : ndarray, shape (n_sets, n_inputs)

        Returns
        -------
        y : ndarray, shape (n_sets, n_states)
        failed : ndarray of bool, shape (n_sets,)
            Sets for which no consistent state was found.
        """
        n_x = self._n_x
        y = y.copy()
        failed = np.array(~np.isfinite(y).all(axis=1))
        if not self._n_z:
            return y, failed
        active = np.flatnonzero(~failed)
        for _ in range(60):
            if not active.size:
                break
            at, given = y[active], p[active]
            dz, matrices = self._newton(at, given)
            now = self._size(dz, at)
            damping = np.ones(len(active))
            trial, after, correction = at.copy(), np.full(len(active), np.nan), np.zeros_like(dz)
            pending = np.isfinite(now)
            gone = ~pending
            while pending.any():
                k = np.flatnonzero(pending)
                trial[k, n_x:] = at[k, n_x:] + damping[k, None] * dz[k]
                correction[k] = self._simplified(trial[k], given[k], matrices[k])
                after[k] = self._size(correction[k], at[k])
                smaller = (now[k] < 1e-10) | (after[k] <= (1 - 0.5 * damping[k]) * now[k])
                good = np.isfinite(after[k]) & smaller
                pending[k[good]] = False
                damping[k[~good]] *= 0.5
                lost = pending & (damping < 1e-4)
                gone |= lost
                pending &= ~lost
            # Where the simplified correction, which is at hand, improves the iterate: use it.
            full = (damping == 1.0) & ~gone & ((after <= 0.25 * now) | (after < 1e-9))
            trial[full, n_x:] += correction[full]
            y[active[~gone]] = trial[~gone]
            failed[active[gone]] = True
            active = active[~(gone | (full & (after < 1e-9)))]
        failed[active] = True
        return y, failed
