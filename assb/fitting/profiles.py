"""Profile likelihood: what the data say about one parameter with all others re-optimised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import least_squares
from scipy.stats import chi2

from assb.fitting.estimate import FAILED_RESIDUAL, Estimate, _best_noise
from assb.fitting.problem import Problem

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Profile", "profile"]

#: Half width of the first grid, in standard deviations of the linearisation.
SPAN = 3.0
#: How often the grid is doubled where the profile has not crossed its threshold.
DOUBLINGS = 4
#: Rounds of parameters and noise in turn at each point, and the step of a coordinate that ends them.
ROUNDS, STILL = 5, 1e-3


@dataclass(frozen=True)
class Profile:
    """Profile of one parameter.

    Attributes
    ----------
    name, unit : str
        Parameter.
    values : ndarray, shape (points,)
        Increasing.
    drop : ndarray, shape (points,)
        Twice the drop of the log density from its largest value; infinite where nothing could be simulated.
    others : dict
        Every other model parameter -> its best value along the profile, shape (points,).
    interval : tuple of float or None
        Ends of the interval at `level`; None where the profile stays below the threshold up to the bound: the
        data do not limit the parameter on that side.
    best : float
        Value at the top of the profile.
    level, threshold : float
        Coverage, and the drop that goes with it (chi-square, one degree of freedom).
    prior : {"others", "all", "none"}
        Whose priors counted.
    """

    name: str
    unit: str
    values: np.ndarray
    drop: np.ndarray
    others: dict[str, np.ndarray]
    interval: tuple[float | None, float | None]
    best: float
    level: float
    threshold: float
    prior: str

    @property
    def bounded(self) -> bool:
        """Whether the data limit the parameter on both sides."""
        return None not in self.interval

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, lists and text; None for an infinite drop."""
        return {
            "name": self.name,
            "unit": self.unit,
            "values": self.values.tolist(),
            "drop": [float(each) if np.isfinite(each) else None for each in self.drop],
            "others": {name: each.tolist() for name, each in self.others.items()},
            "interval": list(self.interval),
            "best": self.best,
            "level": self.level,
            "threshold": self.threshold,
            "prior": self.prior,
        }

    def plot(self) -> Figure:
        """Draw it; see :func:`assb.plotting.profile_likelihood`."""
        from assb.plotting.profile import profile_likelihood

        return profile_likelihood(self)

    def __repr__(self) -> str:
        low, high = ("unbounded" if end is None else f"{end:.4g}" for end in self.interval)
        return (
            f"Profile of {self.name}: best {self.best:.4g}, {100 * self.level:.3g} % interval {low} to {high}"
        )


def profile(
    problem: Problem,
    estimate: Estimate,
    name: str,
    points: int = 15,
    level: float = 0.95,
    prior: str = "others",
    progress: Callable[[str], None] | None = None,
) -> Profile:
    """Profile likelihood of one model parameter.

    The parameter is held at each point of a grid, from the estimate outwards, while all others, noise included,
    are optimised again by Gauss-Newton from the solution of the neighbour. Unlike the linearised standard
    deviation it shows one-sided and curved likelihoods. The grid grows until the profile has crossed its
    threshold on both sides or the bounds are reached.

    Parameters
    ----------
    problem : Problem
    estimate : Estimate
        Where to start.
    name : str
        Model parameter.
    points : int
        Points of the first grid, at least 5; those of its extensions come on top.
    level : float
        Coverage of the interval.
    prior : {"others", "all", "none"}
        Whose priors count: "others" asks what the data say about this parameter, given what was known of the rest;
        "all" profiles the posterior; "none" the likelihood by itself, within the bounds.
    progress : callable, optional
        Called with a line of text after each point.

    Returns
    -------
    Profile

    Raises
    ------
    ValueError
        For a name that is no model parameter, too few points, a level outside 0 to 1 or an unknown `prior`.

    References
    ----------
    S. A. Murphy, A. W. van der Vaart, J. Am. Stat. Assoc. 2000, 95, 449, doi 10.1080/01621459.2000.10474219;
    A. Raue et al., Bioinformatics 2009, 25, 1923, doi 10.1093/bioinformatics/btp358.
    """
    if name not in problem.names:
        raise ValueError(f"name = {name!r} is no model parameter of the problem: use one of {problem.names}")
    if points < 5:
        raise ValueError(f"points = {points!r}: use at least 5")
    if not 0 < level < 1:
        raise ValueError(f"level = {level!r}: give a share between 0 and 1, for example 0.95")
    if prior not in ("others", "all", "none"):
        raise ValueError(f"prior = {prior!r}: use 'others', 'all' or 'none'")
    return _Path(problem, estimate, name, level, prior, progress).run(points)


class _Path:
    """Points of a profile, each started from its neighbour."""

    def __init__(self, problem, estimate, name, level, prior, progress):
        self.problem, self.estimate, self.name, self.level, self.prior = (
            problem,
            estimate,
            name,
            level,
            prior,
        )
        self._progress = progress
        self.k = problem.names.index(name)
        known, n = problem.knowledge, len(problem.names)
        self._mean, self._free = known.mean, np.arange(n) != self.k
        self._root, self._precision = known.root, known.precision
        if prior == "none":
            # The sizes of the noise keep their priors.
            self._root = np.where(np.arange(len(self._mean)) < n, 0.0, known.root)
            self._root[:n] = 0.0
        others = np.arange(len(self._mean)) != self.k
        across = self._precision[self.k, others]
        inner = np.linalg.pinv(self._precision[np.ix_(others, others)], hermitian=True)
        #: Precision of the prior of this parameter by itself.
        self._own = float(self._precision[self.k, self.k] - across @ inner @ across)
        self._found: dict[float, tuple[float, np.ndarray]] = {}

    def run(self, points: int) -> Profile:
        z, n = np.array(self.estimate.z_, dtype=float), len(self.problem.names)
        low, high = self.problem.bounds[:, self.k]
        centre, sd = self._guess(z[self.k])
        centre = float(np.clip(centre, low, high))
        self._visit(z[self.k], z)
        half = points // 2
        threshold = float(chi2.ppf(self.level, 1))
        for side, bound in ((-1.0, low), (1.0, high)):
            reach, inner = centre, z[self.k]
            for doubling in range(DOUBLINGS + 1):
                outer = centre + side * SPAN * sd * 2.0**doubling
                outer = max(outer, bound) if side < 0 else min(outer, bound)
                start = reach if doubling else inner
                for position in np.linspace(start, outer, half + 1)[1:]:
                    self._visit(float(position), self._nearest(float(position)))
                reach = outer
                if self._drop_at(outer) > threshold or outer == bound:
                    break
        at = np.array(sorted(self._found))
        value = np.array([self._found[float(each)][0] for each in at])
        full = np.array([self._found[float(each)][1] for each in at])
        top = int(np.argmax(value))
        drop = 2 * (value[top] - value)
        best, least = _vertex(at, drop, top)
        drop = drop - least
        ends = (
            _crossing(at[: top + 1][::-1], drop[: top + 1][::-1], threshold),
            _crossing(at[top:], drop[top:], threshold),
        )
        own = self.problem.priors[self.name]
        values = self.problem.to_values(full[:, :n])
        return Profile(
            name=self.name,
            unit=self.problem.units[self.name],
            values=np.asarray(own.to_value(at)),
            drop=drop,
            others={each: values[:, j] for j, each in enumerate(self.problem.names) if each != self.name},
            interval=tuple(None if end is None else float(own.to_value(end)) for end in ends),  # type: ignore[arg-type]
            best=float(own.to_value(best)),
            level=self.level,
            threshold=threshold,
            prior=self.prior,
        )

    def _guess(self, z: float) -> tuple[float, float]:
        """Centre and standard deviation by the linearisation, without the prior of this parameter if so asked."""
        variance = float(self.estimate.identifiability_.covariance[self.k, self.k])
        own = self._own if self.prior != "all" else 0.0
        precision = 1.0 / max(variance, 1e-300) - own
        if precision < 1e-3:
            return z, float(np.sqrt(1e3))
        return (z / variance - own * self._mean[self.k]) / precision, 1.0 / np.sqrt(precision)

    def _nearest(self, position: float) -> np.ndarray:
        return self._found[min(self._found, key=lambda each: abs(each - position))][1]

    def _drop_at(self, position: float) -> float:
        return 2 * (max(value for value, _ in self._found.values()) - self._found[position][0])

    def _visit(self, position: float, start: np.ndarray) -> None:
        problem, n = self.problem, len(self.problem.names)
        z = np.array(start)
        z[self.k] = position
        for _ in range(ROUNDS):
            before = z.copy()
            z[:n] = self._gauss_newton(z)
            residuals = [rows[0] for rows in problem.residuals(problem.predict(z))]
            if all(np.isfinite(rows).all() for rows in residuals):
                z[n:] = _best_noise(problem, residuals, z[:n], z[n:])
            if np.abs(z - before).max() < STILL:
                break
        known = self._root @ (z - self._mean)
        value = float(problem.log_likelihood(z)[0]) - 0.5 * float(known @ known)
        if self.prior == "others":
            value += 0.5 * self._own * float(z[self.k] - self._mean[self.k]) ** 2
        self._found[position] = (value if np.isfinite(value) else -np.inf), z
        if self._progress:
            shown = problem.priors[self.name].to_value(position)
            self._progress(f"{self.name} = {shown:.4g}: log density {value:.2f}")

    def _gauss_newton(self, z: np.ndarray) -> np.ndarray:
        """All model parameters but one, at fixed noise."""
        problem, free, n = self.problem, self._free, len(self.problem.names)
        if not free.any():
            return z[:n]
        noise = problem.noise_values(z[n:])
        root = self._root[:, :n][:, free]
        held = np.array(z)
        held[:n][free] = 0.0
        rest = self._root @ (held - self._mean)
        low, high = problem.bounds[:, :n][:, free]
        memory: dict[bytes, tuple[np.ndarray, np.ndarray]] = {}

        def both(part: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            if part.tobytes() not in memory:
                full = z[:n].copy()
                full[free] = part
                white, slopes = problem.whitened(*problem.linearised(full), noise)
                if not (np.isfinite(white).all() and np.isfinite(slopes).all()):
                    rows = problem.scored_rows
                    white, slopes = np.full(rows, FAILED_RESIDUAL), np.zeros((rows, n))
                memory.clear()
                memory[part.tobytes()] = (
                    np.concatenate([white, root @ part + rest]),
                    np.concatenate([slopes[:, free], root]),
                )
            return memory[part.tobytes()]

        margin = 1e-6 * (high - low)
        found = least_squares(
            lambda part: both(part)[0],
            np.clip(z[:n][free], low + margin, high - margin),
            jac=lambda part: both(part)[1],
            bounds=(low, high),
            xtol=1e-8,
            ftol=1e-8,
            max_nfev=50,
        )
        full = z[:n].copy()
        full[free] = found.x
        return full


def _vertex(at: np.ndarray, drop: np.ndarray, top: int) -> tuple[float, float]:
    """Place and value of the minimum of the parabola through the lowest point and its neighbours."""
    if not 0 < top < len(at) - 1 or not np.isfinite(drop[top - 1 : top + 2]).all():
        return float(at[top]), 0.0
    a, b, c = np.polyfit(at[top - 1 : top + 2] - at[top], drop[top - 1 : top + 2], 2)
    if a <= 0:
        return float(at[top]), 0.0
    return float(at[top] - b / (2 * a)), float(c - b * b / (4 * a))


def _crossing(at: np.ndarray, drop: np.ndarray, threshold: float) -> float | None:
    """Where the square root of the drop, which is straight for a parabola, crosses that of the threshold."""
    root = np.sqrt(np.maximum(drop, 0.0))
    for k in range(1, len(at)):
        if root[k] >= np.sqrt(threshold):
            if not np.isfinite(root[k]):
                return float(at[k - 1])
            share = (np.sqrt(threshold) - root[k - 1]) / (root[k] - root[k - 1])
            return float(at[k - 1] + share * (at[k] - at[k - 1]))
    return None
