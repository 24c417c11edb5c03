"""Algebraic states consistent with zero current, for many parameter sets at once."""

from __future__ import annotations

import casadi as ca
import numpy as np
from numpy.typing import NDArray

from assb.models.compiled.export import ExportedModel

__all__ = ["make_consistent"]

Array = NDArray[np.float64]


def _solve(matrices: Array, right: Array) -> Array:
    """Solve a stack of systems; NaN where one is singular."""
    try:
        return np.linalg.solve(matrices, right[..., None])[..., 0]
    except np.linalg.LinAlgError:
        x = np.full_like(right, np.nan)
        for i, (matrix, b) in enumerate(zip(matrices, right, strict=True)):
            try:
                x[i] = np.linalg.solve(matrix, b)
            except np.linalg.LinAlgError:
                continue
        return x


def make_consistent(exported: ExportedModel, y: Array, p: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Solve the algebraic equations at zero current, the differential states held.

    Newton's method with the natural monotonicity test, each set with a damping of its own.

    Parameters
    ----------
    exported : ExportedModel
    y : ndarray, shape (n_sets, n_states)
        Start, in scaled units.
    p : ndarray, shape (n_sets, n_inputs)

    Returns
    -------
    y : ndarray, shape (n_sets, n_states)
    failed : ndarray of bool, shape (n_sets,)
        Sets for which no consistent state was found.

    Sources
    -------
    P. Deuflhard, "Newton Methods for Nonlinear Problems", Springer 2011, doi 10.1007/978-3-642-23899-4,
    section 3.3.
    """
    n_x, n_z = exported.n_x, exported.n_z
    y = y.copy()
    failed = ~np.isfinite(y).all(axis=1)
    if not n_z:
        return y, failed
    ys, ps, current = exported.dynamics.sx_in()
    residual = exported.dynamics(ys, ps, 0.0 * current)[n_x:]
    slope = ca.densify(ca.jacobian(residual, ys)[:, n_x:])
    both = ca.Function("both", [ys, ps], [residual, ca.vec(slope)])
    only = ca.Function("only", [ys, ps], [residual])

    def g(which: NDArray, trial: Array) -> Array:
        return np.asarray(only(trial.T, p[which].T)).reshape(n_z, -1).T

    def size(dz: Array, at: Array) -> Array:
        return np.max(np.abs(dz) / (1.0 + np.abs(at[:, n_x:])), axis=1)

    active = np.flatnonzero(~failed)
    for _ in range(60):
        if not active.size:
            break
        at = y[active]
        values, slopes = (np.asarray(result) for result in both(at.T, p[active].T))
        matrices = slopes.reshape(n_z, n_z, len(active), order="F").transpose(2, 0, 1)
        dz = _solve(matrices, -values.reshape(n_z, -1).T)
        now = size(dz, at)
        damping = np.ones(len(active))
        trial, after, correction = at.copy(), np.full(len(active), np.nan), np.zeros_like(dz)
        pending = np.isfinite(now)
        gone = ~pending
        while pending.any():
            k = np.flatnonzero(pending)
            trial[k, n_x:] = at[k, n_x:] + damping[k, None] * dz[k]
            correction[k] = _solve(matrices[k], -g(active[k], trial[k]))
            after[k] = size(correction[k], trial[k])
            good = np.isfinite(after[k]) & ((now[k] < 1e-10) | (after[k] <= (1 - 0.5 * damping[k]) * now[k]))
            pending[k[good]] = False
            damping[k[~good]] *= 0.5
            lost = pending & (damping < 1e-4)
            gone |= lost
            pending &= ~lost
        full = (damping == 1.0) & ~gone
        trial[full, n_x:] += correction[full]  # the simplified correction is at hand: use it
        y[active[~gone]] = trial[~gone]
        failed[active[gone]] = True
        done = gone | (full & (after < 1e-9))
        active = active[~done]
    failed[active] = True
    return y, failed
