"""A nonlinear programme by multiple shooting as IPOPT sees it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import casadi as ca
import numpy as np

from assb.fitting.transcription import Expansion, MultipleShooting

__all__ = ["Programme"]

#: Gaps between the pieces, in scaled states, above which a programme is not solved.
LARGEST_GAP = 1e-6
MAX_ITERATIONS = 100
_GOOD = ("Solve_Succeeded", "Solved_To_Acceptable_Level")
_WORDS = {
    "Maximum_WallTime_Exceeded": "stopped by the time limit",
    "Maximum_CpuTime_Exceeded": "stopped by the time limit",
    "Maximum_Iterations_Exceeded": f"stopped after {MAX_ITERATIONS} iterations",
    "Infeasible_Problem_Detected": "the pieces could not be joined",
    "Restoration_Failed": "the pieces could not be joined",
    "Search_Direction_Becomes_Too_Small": "no further progress",
    "Invalid_Number_Detected": "the model cannot be simulated where IPOPT looked",
}


class _Function(ca.Callback):
    """A NumPy function of the unknowns as CasADi sees it."""

    def __init__(
        self,
        name: str,
        inputs: Sequence[ca.Sparsity],
        outputs: Sequence[ca.Sparsity],
        call: Callable[..., Sequence[Any]],
    ):
        ca.Callback.__init__(self)
        self._inputs, self._outputs, self._call = list(inputs), list(outputs), call
        self.construct(name, {})

    def get_n_in(self) -> int:
        return len(self._inputs)

    def get_n_out(self) -> int:
        return len(self._outputs)

    def get_sparsity_in(self, i: int) -> ca.Sparsity:
        return self._inputs[i]

    def get_sparsity_out(self, i: int) -> ca.Sparsity:
        return self._outputs[i]

    def eval(self, arguments: Sequence[ca.DM]) -> list[ca.DM]:
        found = self._call(
            np.array(arguments[0]).ravel(), *(np.array(each).ravel() for each in arguments[1:])
        )
        return [ca.DM(pattern, np.ravel(v)) for pattern, v in zip(self._outputs, found, strict=True)]


@dataclass
class Programme:
    """One nonlinear programme at fixed noise, and the points that IPOPT visits.

    Parameters
    ----------
    shooting : MultipleShooting
    tolerance : float
        It is solved when the next step of the parameters would be this many posterior standard deviations.

    Attributes
    ----------
    iterations : int
    seconds : float
        Spent in :meth:`solve`.
    points : list of ndarray
        Coordinates of the parameters at the iterates.
    """

    shooting: MultipleShooting
    tolerance: float
    iterations: int = 0
    seconds: float = 0.0
    points: list[np.ndarray] = field(default_factory=list)

    def __post_init__(self):
        n, m = self.shooting.n_unknowns, self.shooting.n_constraints
        self._jacobian, self._jacobian_order = _pattern(m, n, *self.shooting.jacobian_places)
        rows, columns = self.shooting.hessian_places
        self._hessian, order = _pattern(n, n, rows, columns)
        self._hessian_places = rows[order], columns[order]
        self._known: tuple[bytes, tuple] = b"", ()
        self._linear: tuple[bytes, Expansion | None] = b"", None
        self._arrived = False

    def _evaluate(self, w: np.ndarray) -> tuple:
        key = w.tobytes()
        known = self._linear[1]
        if known is not None and self._linear[0] == key:
            return known.cost, known.gaps
        if self._known[0] != key:
            self._known = key, self.shooting.evaluate(w)
        return self._known[1]

    def _linearise(self, w: np.ndarray) -> Expansion:
        key = w.tobytes()
        found = self._linear[1]
        if found is None or self._linear[0] != key:
            found = self.shooting.linearise(w)
            self._linear = key, found
            self.points.append(w[: len(self.shooting.problem.names)].copy())
        return found

    def _near(self, w: np.ndarray) -> bool:
        """Whether the solution is as near as it has to be."""
        found = self._linearise(w)
        joined = np.isfinite(found.cost) and np.abs(found.gaps).max(initial=0.0) < LARGEST_GAP
        self._arrived = bool(joined and self.shooting.distance(found) < self.tolerance)
        return self._arrived

    def solve(self, w: np.ndarray, seconds: float) -> tuple[np.ndarray, str]:
        """Unknowns where IPOPT stopped, and a status: "converged", or what went wrong; never raises for that.

        Parameters
        ----------
        w : ndarray, shape (n_unknowns,)
            Where to start.
        seconds : float
            Wall time, looked at between iterations.
        """
        if seconds <= 0:
            return w, "stopped by the time limit"
        clock = time.perf_counter()
        try:
            found, status = self._solve(w, seconds)
        except RuntimeError as error:
            found, status = w, f"IPOPT failed: {str(error).splitlines()[0]}"
        self.seconds = time.perf_counter() - clock
        return (found if np.isfinite(found).all() else w), status

    def _solve(self, w: np.ndarray, seconds: float) -> tuple[np.ndarray, str]:
        n, m = self.shooting.n_unknowns, self.shooting.n_constraints
        upper = self._hessian_places
        x, none, one = ca.Sparsity.dense(n), ca.Sparsity(0, 0), ca.Sparsity.dense(1)
        gaps, lam = ca.Sparsity.dense(m), ca.Sparsity.dense(m)

        def gradient(w, *_):
            found = self._linearise(w)
            return found.cost, found.gradient

        def jacobian(w, *_):
            found = self._linearise(w)
            return found.gaps, found.jacobian[self._jacobian_order]

        def hessian(w, _, scale, *__):
            return (scale * self._linearise(w).hessian[upper],)

        def look(w, *_):
            return (float(self._near(w)),)

        both = _Function("both", [x], [one, gaps], self._evaluate)
        kept = (
            _Function("nlp_grad_f", [x, none], [one, x], gradient),
            _Function("nlp_jac_g", [x, none], [gaps, self._jacobian], jacobian),
            _Function("nlp_hess_l", [x, none, one, lam], [self._hessian], hessian),
        )
        unknowns = ca.MX.sym("w", n)
        cost, rows = both(unknowns)
        ipopt = {
            "max_wall_time": seconds,
            "max_iter": MAX_ITERATIONS,
            # Where a bound is active the steps do not tell: the gradient of the Lagrangian does. The first is
            # relative to the multipliers, the second is not.
            "tol": self.tolerance,
            "dual_inf_tol": self.tolerance,
            "constr_viol_tol": LARGEST_GAP,
            "acceptable_iter": 0,
            "linear_solver": "mumps",
            # Coordinates and states are of order one; the bounds are far, or the prior's own.
            "nlp_scaling_method": "none",
            "mu_init": 1e-4,
            "print_level": 0,
            "sb": "yes",
        }
        watch = _Function("watch", [x, one, gaps, x, lam, none], [one], look)
        options: dict[str, Any] = dict(zip(("grad_f", "jac_g", "hess_lag"), kept, strict=True))
        options["iteration_callback"] = watch
        options |= {
            "ipopt": ipopt,
            "print_time": False,
            "no_nlp_grad": True,
            "calc_lam_p": False,
            "show_eval_warnings": False,
        }
        solver = ca.nlpsol("map", "ipopt", {"x": unknowns, "f": cost, "g": rows}, options)
        names = len(self.shooting.problem.names)
        low, high = np.full(n, -np.inf), np.full(n, np.inf)
        low[:names], high[:names] = self.shooting.problem.bounds[:, :names]
        found = solver(x0=w, lbx=low, ubx=high, lbg=0.0, ubg=0.0)
        stats = solver.stats()
        self.iterations = int(stats.get("iter_count", 0))
        said = str(stats.get("return_status", "unknown"))
        status = "converged" if said in _GOOD or self._arrived else _WORDS.get(said, f"IPOPT: {said}")
        return np.array(found["x"]).ravel(), status

    def visited(self) -> np.ndarray:
        """Coordinates of the parameters at the last iterates, shape (points, parameters)."""
        return np.array(self.points[-16:]).reshape(-1, len(self.shooting.problem.names))


def _pattern(m: int, n: int, rows: np.ndarray, columns: np.ndarray) -> tuple[ca.Sparsity, np.ndarray]:
    """Sparsity, and the order of its entries (by columns) among those given."""
    return ca.Sparsity.triplet(m, n, rows.tolist(), columns.tolist()), np.lexsort((rows, columns))
