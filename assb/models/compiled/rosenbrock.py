"""One step of RODAS3, symbolically, and its exact forward derivative.

RODAS3 is linearly implicit: four stages share one factorisation of ``E = M / (gamma h) - J`` and no
iteration is needed. Order 3, L-stable and stiffly accurate, hence suited to index-1
differential-algebraic systems ``M y' = F(y)`` with ``M = diag(1, ..., 1, 0, ..., 0)``::

    E U_i = F(y + sum_j a_ij U_j) + (M / h) sum_j c_ij U_j,      y_next = y + 2 U_1 + U_3 + U_4

The embedded solution of order 2 is ``y_next - U_4``, so that ``U_4`` estimates the local error.

Sources
-------
A. Sandu et al., "Benchmarking stiff ODE solvers for atmospheric chemistry problems II: Rosenbrock
solvers", Atmos. Environ. 31 (1997) 3459, doi 10.1016/S1352-2310(97)83212-8.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import casadi as ca

from .export import ExportedModel
from .sparse_lu import SparseLU

__all__ = ["AlgebraicProjection", "Rodas3"]

GAMMA = 0.5
# Stage arguments and couplings by stage; a_2j = 0, so stages 1 and 2 share one evaluation of F.
A = ((), (0.0,), (2.0, 0.0), (2.0, 0.0, 1.0))
C = ((), (4.0,), (1.0, -1.0), (1.0, -1.0, -8.0 / 3.0))
WEIGHTS = (2.0, 0.0, 1.0, 1.0)


def _split(vector: ca.SX) -> list[ca.SX]:
    return [vector[i] for i in range(vector.numel())]


def _combine(coefficients: tuple[float, ...], vectors: list[ca.SX], n: int) -> ca.SX:
    total = ca.SX.zeros(n)
    for coefficient, vector in zip(coefficients, vectors, strict=False):
        if coefficient:
            total = total + coefficient * vector
    return total


def directional(function: ca.Function, name: str) -> ca.Function:
    """(y, p, current, dy, dp) -> derivative of function(y, p, current) along (dy, dp)."""
    y, p, current = function.sx_in()
    dy, dp = ca.SX.sym("dy", y.numel()), ca.SX.sym("dp", p.numel())
    value = function(y, p, current)
    slope = ca.jtimes(value, ca.vertcat(y, p), ca.vertcat(dy, dp))
    return ca.Function(name, [y, p, current, dy, dp], [ca.densify(slope)])


@dataclass(frozen=True)
class AlgebraicProjection:
    """Newton correction of the algebraic states, in pieces.

    Attributes
    ----------
    factor : casadi.Function
        (y, p, current) -> LU factors of dg/dz.
    correction : casadi.Function
        (y, p, current, factors) -> ``-(dg/dz)^-1 g``.
    tangent : casadi.Function
        (y, p, current, factors, s, dp) -> s with its algebraic part made consistent.
    """

    factor: ca.Function
    correction: ca.Function
    tangent: ca.Function

    @classmethod
    def build(cls, model: ExportedModel, last: Collection[int] = ()) -> AlgebraicProjection:
        """Derive the pieces for `model`, which must have algebraic states; `last` as in `SparseLU`."""
        y, p, current = model.dynamics.sx_in()
        residual = model.dynamics(y, p, current)[model.n_x :]
        jacobian = ca.jacobian(residual, y)[:, model.n_x :]
        lu = SparseLU(model.n_z, *jacobian.sparsity().get_triplet(), last)
        factors = ca.SX.sym("factors", lu.n_factors)
        s, dp = ca.SX.sym("s", model.n_y), ca.SX.sym("dp", p.numel())
        known = ca.vertcat(s[: model.n_x], ca.SX.zeros(model.n_z))
        slope = directional(model.dynamics, "slope")(y, p, current, known, dp)[model.n_x :]
        given = _split(factors)
        dz = ca.vertcat(*lu.solve(given, _split(-residual)))
        sz = ca.vertcat(*lu.solve(given, _split(-slope)))
        return cls(
            ca.Function("alg_factor", [y, p, current], [ca.vertcat(*lu.factor(jacobian.nonzeros()))]),
            ca.Function("alg_solve", [y, p, current, factors], [dz]),
            ca.Function("alg_tangent", [y, p, current, factors, s, dp], [ca.vertcat(s[: model.n_x], sz)]),
        )


class Rodas3:
    """Symbolic RODAS3 step of a model.

    Parameters
    ----------
    model : ExportedModel

    Attributes
    ----------
    lu : SparseLU
        Factorisation of ``M / (gamma h) - J``.
    """

    def __init__(self, model: ExportedModel, last: Collection[int] = ()) -> None:
        self.model = model
        self._y, self._p, self._current = model.dynamics.sx_in()
        self._h = ca.SX.sym("h")
        self._jacobian = ca.jacobian(model.dynamics(self._y, self._p, self._current), self._y)
        rows, cols = self._jacobian.sparsity().get_triplet()
        values = [self._jacobian.nz[k] for k in range(len(rows))]
        entries = dict(zip(zip(rows, cols, strict=True), values, strict=True))
        matrix = {entry: -value for entry, value in entries.items()}
        for i in range(model.n_x):
            matrix[i, i] = 1.0 / (GAMMA * self._h) + matrix.get((i, i), ca.SX(0))
        self.lu = SparseLU(model.n_y, [r for r, _ in matrix], [c for _, c in matrix], last)
        self._matrix = list(matrix.values())
        self._entries = entries

    def _solve(self, factors: list[ca.SX], right: ca.SX) -> ca.SX:
        return ca.vertcat(*self.lu.solve(factors, _split(right)))

    def _inertia(self, stages: list[ca.SX], i: int) -> ca.SX:
        """(M / h) sum_j c_ij U_j."""
        x = _combine(C[i], stages, self.model.n_y)[: self.model.n_x] / self._h
        return ca.vertcat(x, ca.SX.zeros(self.model.n_z))

    def _stages(self) -> tuple[list[ca.SX], list[ca.SX]]:
        n = self.model.n_y
        factors = self.lu.factor(self._matrix)
        stages: list[ca.SX] = []
        slope = ca.SX.zeros(n)
        for i in range(4):
            if i != 1:
                argument = self._y + _combine(A[i], stages, n)
                slope = self.model.dynamics(argument, self._p, self._current)
            stages.append(self._solve(factors, slope + self._inertia(stages, i)))
        return factors, stages

    def step(self) -> ca.Function:
        """(y, p, current, h) -> (y_next, outputs at y_next, local error estimate)."""
        _, stages = self._stages()
        after = self._y + _combine(WEIGHTS, stages, self.model.n_y)
        outputs = self.model.outputs(after, self._p, self._current)
        results = ca.cse([after, outputs, stages[3]])
        return ca.Function("step", [self._y, self._p, self._current, self._h], results)

    def advance(self) -> ca.Function:
        """(y, p, current, h) -> y_next."""
        _, stages = self._stages()
        after = self._y + _combine(WEIGHTS, stages, self.model.n_y)
        return ca.Function("advance", [self._y, self._p, self._current, self._h], [after])

    def advance_watching(self, output: int) -> ca.Function:
        """(y, p, current, h) -> (y_next, what the step size is controlled by).

        The latter are v, v by the embedded solution, z, z by the embedded solution, and the largest error
        of a differential state x relative to 1 + abs(x); v is an output and z the last state. The embedded
        solution is of order 2. States are in PyBaMM's scaled units, hence of order one.
        """
        _, stages = self._stages()
        after = self._y + _combine(WEIGHTS, stages, self.model.n_y)
        embedded = after - stages[3]
        watched = [self.model.outputs(state, self._p, self._current)[output] for state in (after, embedded)]
        worst = ca.SX(0)
        for i in range(self.model.n_x):
            worst = ca.fmax(worst, ca.fabs(stages[3][i]) / (1.0 + ca.fabs(after[i])))
        watch = ca.vertcat(*watched, after[-1], embedded[-1], worst)
        arguments = [self._y, self._p, self._current, self._h]
        return ca.Function("advance_watching", arguments, [after, ca.densify(watch)])

    def advance_keeping(self) -> ca.Function:
        """(y, p, current, h) -> (y_next, LU factors, stages), what `tangent` needs."""
        factors, stages = self._stages()
        after = self._y + _combine(WEIGHTS, stages, self.model.n_y)
        arguments = [self._y, self._p, self._current, self._h]
        return ca.Function("advance_keeping", arguments, [after, ca.vertcat(*factors), ca.vertcat(*stages)])

    def tangent(self) -> ca.Function:
        """(y, p, current, h, factors, stages, s, dp) -> derivative of y_next along (s, dp).

        Differentiating the stage equations reuses their factorisation:
        ``E dU_i = dF_i + (M / h) sum_j c_ij dU_j + dJ U_i``; exact for the discrete step, and of a cost
        per direction that does not grow with the number of inputs.
        """
        n, y, p, current = self.model.n_y, self._y, self._p, self._current
        kept, flat = ca.SX.sym("factors", self.lu.n_factors), ca.SX.sym("stages", 4 * n)
        s, dp = ca.SX.sym("s", n), ca.SX.sym("dp", p.numel())
        factors = _split(kept)
        stages = [flat[i * n : (i + 1) * n] for i in range(4)]
        slope_of = directional(self.model.dynamics, "slope")
        nonzeros = ca.vertcat(*self._entries.values())
        change = _split(ca.densify(ca.jtimes(nonzeros, ca.vertcat(y, p), ca.vertcat(s, dp))))
        changed = [(r, c, d) for (r, c), d in zip(self._entries, change, strict=True) if not d.is_zero()]
        tangents: list[ca.SX] = []
        slope = ca.SX.zeros(n)
        for i in range(4):
            if i != 1:
                argument, along = y + _combine(A[i], stages, n), s + _combine(A[i], tangents, n)
                slope = slope_of(argument, p, current, along, dp)
            right = _split(slope + self._inertia(tangents, i))
            for r, c, d in changed:
                right[r] = right[r] + d * stages[i][c]
            tangents.append(self._solve(factors, ca.vertcat(*right)))
        after = s + _combine(WEIGHTS, tangents, n)
        return ca.Function("tangent", [y, p, current, self._h, kept, flat, s, dp], [after])
