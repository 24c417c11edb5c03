"""Multiple shooting: the maximum a posteriori as a nonlinear programme."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assb.fitting.observations import Observation, SeriesObservation
from assb.fitting.pieces import PiecewiseSeries, Whole
from assb.fitting.problem import Problem

__all__ = ["Expansion", "MultipleShooting", "prior_rows"]


@dataclass(frozen=True)
class Expansion:
    """Objective and gaps of :class:`MultipleShooting` with derivatives.

    Attributes
    ----------
    cost : float
    gradient : ndarray, shape (n_unknowns,)
    gaps : ndarray, shape (n_constraints,)
    jacobian : ndarray
        Entries of the derivatives of the gaps, at `jacobian_places`.
    hessian : ndarray, shape (n_unknowns, n_unknowns)
    """

    cost: float
    gradient: np.ndarray
    gaps: np.ndarray
    jacobian: np.ndarray
    hessian: np.ndarray


def prior_rows(problem: Problem, noise: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """R and r of the prior at fixed noise: minus its logarithm is half the square of R z + r, up to a constant."""
    n, known = len(problem.names), problem.knowledge
    rest = known.root[:, n:] @ (noise - known.mean[n:]) - known.root[:, :n] @ known.mean[:n]
    return known.root[:, :n], rest


class MultipleShooting:
    """The maximum a posteriori at fixed noise as a nonlinear programme.

    Unknowns are the coordinates of the model parameters and then, data set by data set, the states at the joints.
    The objective is minus the log posterior up to a constant; the constraints are the gaps. The Hessian is that of
    Gauss and Newton, in which the constraints, whose multipliers are small where the residuals are, take no part.

    Parameters
    ----------
    problem : Problem
    pieces : int
        In each time series.
    observations : sequence of Observation, optional
        In place of those of the problem, such as :func:`thinned` ones.

    Notes
    -----
    H. G. Bock, K. J. Plitt, IFAC Proc. Vol. 1984, 17, 2, 1603, doi 10.1016/S1474-6670(17)61205-9.
    """

    def __init__(self, problem: Problem, pieces: int, observations: Sequence[Observation] | None = None):
        self.problem = problem
        self._observations = problem.observations if observations is None else list(observations)
        self._n = len(problem.names)
        self._parts = [
            PiecewiseSeries(each, pieces) if isinstance(each, SeriesObservation) else Whole(each)
            for each in self._observations
        ]
        sizes = [part.joints * part.n_x for part in self._parts]
        ends = self._n + np.cumsum([0, *sizes])
        self._places = [slice(int(a), int(b)) for a, b in itertools.pairwise(ends)]
        self.n_unknowns, self.n_constraints = int(ends[-1]), int(sum(sizes))
        self.use_noise(np.zeros(len(problem.noise_names)))
        self._jacobian_places = self._find_jacobian_places()
        self._hessian_places = self._find_hessian_places()

    @property
    def rows(self) -> int:
        """Number of rows in the objective."""
        return sum(int(channel.scored.sum()) for each in self._observations for channel in each.channels)

    def use_noise(self, noise: np.ndarray, independent: bool = False) -> None:
        """Fix the coordinates of the noise, shape (noise parameters,), and whether to leave out its correlation."""
        self._noise, self._independent = self.problem.noise_values(noise), independent
        self._root, self._rest = prior_rows(self.problem, noise)

    def unknowns(self, z: np.ndarray) -> np.ndarray | None:
        """Coordinates with the states of their simulation, hence without gaps; None where there is none."""
        parts = [z[: self._n]]
        for k, part in enumerate(self._parts):
            states = part.simulate(self.problem.layout.values(z, k))
            if states is None:
                return None
            parts.append(states.ravel())
        return np.concatenate(parts)

    def _states(self, w: np.ndarray, k: int) -> np.ndarray:
        return w[self._places[k]].reshape(self._parts[k].joints, self._parts[k].n_x)

    def evaluate(self, w: np.ndarray) -> tuple[float, np.ndarray]:
        """Objective and gaps; NaN where a piece cannot be simulated."""
        z, problem = w[: self._n], self.problem
        prior = self._root @ z + self._rest
        cost, gaps = 0.5 * float(prior @ prior), []
        for k, (part, each) in enumerate(zip(self._parts, self._observations, strict=True)):
            found = part.evaluate(problem.layout.values(z, k), self._states(w, k))
            if found is None:
                return np.nan, np.full(self.n_constraints, np.nan)
            for channel, rows in zip(each.channels, each.split(found[0]), strict=True):
                residuals = channel.residuals(rows)
                nothing = np.zeros((len(residuals), 0))
                white, _ = problem.whiten(channel, residuals, nothing, self._noise, self._independent)
                cost += 0.5 * float(white @ white)
            gaps.append(found[1].ravel())
        return cost, np.concatenate(gaps)

    def linearise(self, w: np.ndarray) -> Expansion:
        """Objective and gaps with derivatives; all NaN where a piece cannot be simulated."""
        z, problem, n = w[: self._n], self.problem, self._n
        prior = self._root @ z + self._rest
        cost = 0.5 * float(prior @ prior)
        gradient = np.zeros(self.n_unknowns)
        gradient[:n] = self._root.T @ prior
        hessian = np.zeros((self.n_unknowns, self.n_unknowns))
        hessian[:n, :n] = self._root.T @ self._root
        gaps, entries = [], []
        for k, (part, each) in enumerate(zip(self._parts, self._observations, strict=True)):
            layout = problem.layout
            found = part.linearise(layout.values(z, k), layout.slopes(z, k), self._states(w, k))
            if found is None:
                sizes = self.n_unknowns, self.n_constraints, len(self._jacobian_places[0]), hessian.shape
                return Expansion(np.nan, *(np.full(size, np.nan) for size in sizes))
            mine = np.concatenate([np.arange(n), np.arange(self._places[k].start, self._places[k].stop)])
            start = 0
            for channel in each.channels:
                rows = slice(start, start + len(channel.measured))
                white, slopes = problem.whiten(
                    channel,
                    channel.residuals(found.rows[rows]),
                    channel.slopes(found.row_slopes[rows]),
                    self._noise,
                    self._independent,
                )
                cost += 0.5 * float(white @ white)
                gradient[mine] += slopes.T @ white
                hessian[np.ix_(mine, mine)] += slopes.T @ slopes
                start = rows.stop
            gaps.append(found.gaps.ravel())
            for j in range(part.joints):
                known = found.gap_slopes[j] if j else found.gap_slopes[j][:, :n]
                entries += [known.ravel(), np.full(part.n_x, -1.0)]
        jacobian = np.concatenate(entries) if entries else np.zeros(0)
        return Expansion(cost, gradient, np.concatenate(gaps), jacobian, hessian)

    def distance(self, at: Expansion) -> float:
        """Length of the next Gauss-Newton step of the parameters in posterior standard deviations.

        The linearised constraints say how the states follow the parameters, so that a least-squares problem in
        the parameters alone is left ("condensing"). Bounds take no part.
        """
        from scipy.sparse import csc_matrix
        from scipy.sparse.linalg import splu

        n = self._n
        follow, shift = np.eye(self.n_unknowns, n), np.zeros(self.n_unknowns)
        if self.n_constraints:
            shape = self.n_constraints, self.n_unknowns
            jacobian = csc_matrix((at.jacobian, self._jacobian_places), shape=shape)
            solver = splu(jacobian[:, n:].tocsc())
            follow[n:] = -solver.solve(jacobian[:, :n].toarray())
            shift[n:] = -solver.solve(at.gaps)
        curvature = follow.T @ at.hessian @ follow
        slope = follow.T @ (at.gradient + at.hessian @ shift)
        return float(np.sqrt(slope @ np.linalg.pinv(curvature, hermitian=True) @ slope))

    # Where the entries lie -------------------------------------------------------------------------

    @property
    def jacobian_places(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows and columns of the entries of the Jacobian of the gaps."""
        return self._jacobian_places

    @property
    def hessian_places(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows and columns of the entries of the upper triangle of the Hessian."""
        return self._hessian_places

    def _find_jacobian_places(self) -> tuple[np.ndarray, np.ndarray]:
        rows: list[np.ndarray] = [np.zeros(0, int)]
        columns: list[np.ndarray] = [np.zeros(0, int)]
        at = 0
        for part, place in zip(self._parts, self._places, strict=True):
            for j in range(part.joints):
                here = at + np.arange(part.n_x)
                known = np.arange(self._n)
                if j:
                    before = place.start + (j - 1) * part.n_x
                    known = np.concatenate([known, np.arange(before, before + part.n_x)])
                rows += [np.repeat(here, len(known)), here]
                columns += [np.tile(known, part.n_x), place.start + j * part.n_x + np.arange(part.n_x)]
                at += part.n_x
        return np.concatenate(rows), np.concatenate(columns)

    def _find_hessian_places(self) -> tuple[np.ndarray, np.ndarray]:
        filled = np.zeros((self.n_unknowns, self.n_unknowns), dtype=bool)
        for place in self._places:
            mine = np.concatenate([np.arange(self._n), np.arange(place.start, place.stop)])
            filled[np.ix_(mine, mine)] = True
        rows, columns = np.nonzero(np.triu(filled))
        return rows, columns
