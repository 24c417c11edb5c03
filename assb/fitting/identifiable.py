"""What the data can and cannot see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from assb.fitting.estimate import Estimate
    from assb.fitting.problem import Problem

#: Entries of a direction below this share are left out of its description.
SMALL = 0.25


@dataclass(frozen=True)
class Identifiability:
    """Singular value decomposition of the Jacobian, whitened by the noise and scaled by the prior.

    A singular value is the ratio of what the data say to what the prior says about a combination of
    parameters: far above one it is measured, below one it is the prior's.

    Attributes
    ----------
    names : list of str
        Parameters.
    singular_values : ndarray, shape (n,)
        Decreasing.
    vectors : ndarray, shape (n, n)
        Row k is the k-th combination, in units of prior standard deviations.
    covariance : ndarray, shape (n, n)
        Laplace covariance of the coordinates.
    information : dict
        Data set -> its Fisher information on each combination, shape (n,): these add up to the squares of the
        singular values. Empty where nothing is known of data sets.
    """

    names: list[str]
    singular_values: np.ndarray
    vectors: np.ndarray
    covariance: np.ndarray
    information: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def shares(self) -> dict[str, np.ndarray]:
        """Share of each data set in what the data say about each combination, shape (n,); they add up to one."""
        total = sum(self.information.values(), start=np.zeros(len(self.names)))
        safe = np.where(total > 0, total, 1.0)
        return {name: each / safe for name, each in self.information.items()}

    @property
    def correlation(self) -> np.ndarray:
        """Posterior correlation, shape (n, n)."""
        sd = np.sqrt(np.diag(self.covariance))
        return self.covariance / np.outer(sd, sd)

    @property
    def shrinkage(self) -> dict[str, float]:
        """Posterior over prior standard deviation of each parameter; one means nothing was learnt."""
        return dict(zip(self.names, np.sqrt(np.diag(self.covariance)), strict=True))

    def combinations(self) -> list[dict]:
        """Each combination in words: its main members, its singular value, whether the data see it, and, of
        several data sets, the share of each.
        """
        rows = []
        shares = self.shares if len(self.information) > 1 else {}
        for index, (value, vector) in enumerate(zip(self.singular_values, self.vectors, strict=True)):
            order = np.argsort(-np.abs(vector))
            kept = [k for k in order if abs(vector[k]) >= SMALL] or [order[0]]
            sign = np.sign(vector[kept[0]])
            text = " ".join(
                f"{'+' if sign * vector[k] > 0 else '-'}{abs(vector[k]):.2f} {self.names[k]}" for k in kept
            )
            row = {"text": text.removeprefix("+"), "singular_value": float(value), "seen": bool(value > 1)}
            if shares:
                row["data"] = {name: float(share[index]) for name, share in shares.items()}
            rows.append(row)
        return rows

    def to_dict(self) -> dict:
        """Plain numbers and lists."""
        return {
            "names": list(self.names),
            "singular_values": self.singular_values.tolist(),
            "vectors": self.vectors.tolist(),
            "correlation": self.correlation.tolist(),
            "combinations": self.combinations(),
            "shrinkage": self.shrinkage,
            "information": {name: each.tolist() for name, each in self.information.items()},
        }

    @classmethod
    def from_dict(cls, content: Mapping) -> Identifiability:
        """Inverse of :meth:`to_dict`."""
        names = list(content["names"])
        sd = np.array([content["shrinkage"][name] for name in names])
        return cls(
            names,
            np.array(content["singular_values"]),
            np.array(content["vectors"]).reshape(len(names), len(names)),
            np.array(content["correlation"]) * np.outer(sd, sd),
            {name: np.array(each) for name, each in content.get("information", {}).items()},
        )

    def __repr__(self) -> str:
        lines = ["Identifiability (combination in prior standard deviations, what the data add):"]
        for row in self.combinations():
            lines.append(
                f"  {row['singular_value']:10.3g}  {'seen  ' if row['seen'] else 'UNSEEN'}  {row['text']}"
                + (f"  <- {in_words(row['data'])}" if row.get("data") and row["seen"] else "")
            )
        return "\n".join(lines)


def in_words(shares: Mapping[str, float], least: float = 0.05) -> str:
    """Data sets with at least a share of `least`, the largest first: "spectrum 90 %, slow 10 %"."""
    order = sorted(shares, key=lambda name: -shares[name])
    return ", ".join(f"{name} {100 * shares[name]:.0f} %" for name in order if shares[name] >= least)


def identifiability(
    names: Sequence[str],
    jacobian: np.ndarray,
    weights: np.ndarray | None = None,
    rows: Mapping[str, np.ndarray] | None = None,
) -> Identifiability:
    """Identifiability from a whitened, prior-scaled Jacobian.

    Parameters
    ----------
    names : sequence of str, length n
    jacobian : ndarray, shape (rows, n)
        d(white residual)/d(prior-scaled coordinate).
    weights : ndarray, shape (n,) or (n, n), optional
        Precision of the prior in each coordinate: 1 for normal, 0 for uniform; or its matrix.
    rows : mapping, optional
        Data set -> index of its rows.

    Returns
    -------
    Identifiability
    """
    n = len(names)
    # All n rows of `vectors` also where there are fewer rows of data; never a matrix of rows by rows.
    _, values, vectors = np.linalg.svd(jacobian, full_matrices=len(jacobian) < n)
    values = np.concatenate([values, np.zeros(n - len(values))])
    known = np.ones(n) if weights is None else np.asarray(weights)
    precision = jacobian.T @ jacobian + (np.diag(known) if known.ndim == 1 else known)
    # A flat direction under a uniform prior has no finite Laplace variance: the pseudo-inverse keeps it finite.
    covariance = np.linalg.pinv(precision, hermitian=True)
    information = {
        name: np.sum((jacobian[index] @ vectors.T) ** 2, axis=0) for name, index in (rows or {}).items()
    }
    return Identifiability(list(names), values, vectors, covariance, information)


def identifiability_of(
    problem: Problem, at: Estimate | Mapping[str, float] | np.ndarray | None = None
) -> Identifiability:
    """What the data of a problem can and cannot see, linearised at one point: before any fit, or after it.

    Parameters
    ----------
    problem : Problem
    at : Estimate, mapping or ndarray, optional
        Where: an estimate; values of some unknowns, model or noise, by name; or coordinates of all. What is not
        said is at its start value, noise at the median of its prior.

    Returns
    -------
    Identifiability
        With the Fisher information by data set.

    Raises
    ------
    ValueError
        For a name that is no unknown, or a point that cannot be simulated.

    Notes
    -----
    The Fisher information of independent data sets adds up: so do the squares of the singular values. A. Raue et
    al., Bioinformatics 2009, 25, 1923, doi 10.1093/bioinformatics/btp358, for what linearisation misses, and
    :func:`assb.fitting.profile` for the remedy.
    """
    z = coordinates_at(problem, at)
    n = len(problem.names)
    noise = problem.noise_values(z[n:])
    _, white = problem.whitened(*problem.linearised(z), noise)
    if not np.isfinite(white).all():
        raise ValueError(
            "the problem cannot be simulated at this point: check the start values with 'assb simulate', or give"
            " another point in 'at'"
        )
    known = problem.knowledge.precision[:n, :n]
    return identifiability(problem.names, white, known, rows_by_data(problem))


def coordinates_at(problem: Problem, at: Estimate | Mapping[str, float] | np.ndarray | None) -> np.ndarray:
    """Coordinates of model and noise unknowns, shape (all,), of a point as of :func:`identifiability_of`."""
    n = len(problem.names)
    noise = np.clip(problem.knowledge.mean[n:], *problem.bounds[:, n:])
    z = np.concatenate([problem.to_coordinates(problem.start), noise])
    if at is None:
        return z
    if isinstance(at, Mapping):
        for name, value in at.items():
            if name not in problem.all_names:
                raise ValueError(f"at names {name!r}, which is no unknown: use some of {problem.all_names}")
            z[problem.all_names.index(name)] = problem.all_priors[name].to_coordinate(float(value))
        return z
    return np.array(at if isinstance(at, np.ndarray) else at.z_, dtype=float)


def rows_by_data(problem: Problem) -> dict[str, np.ndarray]:
    """Data set -> places of its scored rows in the vector of :meth:`Problem.whitened`."""
    found: dict[str, np.ndarray] = {}
    start = 0
    for k, channel in problem.channels():
        index = np.arange(start, start + int(channel.scored.sum()))
        start += len(index)
        name = problem.observations[k].name
        found[name] = np.concatenate([found[name], index]) if name in found else index
    return found
