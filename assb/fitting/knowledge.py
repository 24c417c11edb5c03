"""What was known before: independent priors, or what an earlier posterior says about several unknowns at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import skew, truncnorm

from assb.fitting.priors import Prior

if TYPE_CHECKING:
    from assb.fitting.posterior import Posterior

__all__ = ["JointPrior", "Knowledge"]

#: Skewness of a coordinate beyond which a normal density stands for it badly.
LARGEST_SKEW = 1.0


@dataclass(frozen=True)
class JointPrior:
    """Normal density of several unknowns in the coordinates of their priors.

    Parameters
    ----------
    names : sequence of str
        Unknowns.
    mean : ndarray, shape (n,)
    covariance : ndarray, shape (n, n)
        Positive definite.
    skewed : sequence of str
        Unknowns that a normal density describes badly.

    Raises
    ------
    ValueError
        For a covariance that is not positive definite or does not fit the names.
    """

    names: Sequence[str]
    mean: np.ndarray
    covariance: np.ndarray
    skewed: Sequence[str] = ()

    def __post_init__(self):
        n = len(self.names)
        if np.shape(self.mean) != (n,) or np.shape(self.covariance) != (n, n):
            raise ValueError(
                f"covariance has shape {np.shape(self.covariance)} for {n} names: give a square matrix of them"
            )
        try:
            np.linalg.cholesky(self.covariance)
        except np.linalg.LinAlgError:
            raise ValueError("covariance is not positive definite: use more draws, or fewer names") from None

    @classmethod
    def from_posterior(
        cls,
        posterior: Posterior | str | Path,
        priors: Mapping[str, Prior],
        names: Sequence[str] | None = None,
    ) -> JointPrior:
        """Carry a posterior over as the prior of new data.

        Parameters
        ----------
        posterior : Posterior or path
            Or the NetCDF file that it was saved to; no code in it is run.
        priors : mapping
            Priors whose coordinates are used: the same kinds as in the earlier problem, for a density that is
            close to normal.
        names : sequence of str, optional
            Unknowns to carry over; by default those that the posterior and `priors` share.

        Raises
        ------
        ValueError
            When they share nothing or a name is in only one of them.
        """
        from assb.fitting.posterior import Posterior

        if not isinstance(posterior, Posterior):
            posterior = Posterior.load(posterior)
        shared = [name for name in posterior.names if name in priors]
        wanted = list(shared if names is None else names)
        missing = [name for name in wanted if name not in shared]
        if missing or not wanted:
            raise ValueError(
                f"{missing[0]!r} is not in both the posterior and the priors: they share {shared}"
                if missing
                else f"the posterior and the priors share no name: the posterior has {posterior.names}"
            )
        draws = np.stack(
            [priors[name].to_coordinate(posterior.dataset_[name].values.ravel()) for name in wanted], axis=-1
        )
        crooked = [
            name for name, s in zip(wanted, np.abs(skew(draws, axis=0)), strict=True) if s > LARGEST_SKEW
        ]
        return cls(wanted, draws.mean(axis=0), np.atleast_2d(np.cov(draws, rowvar=False)), crooked)


class Knowledge:
    """Prior density of all unknowns of a problem.

    Parameters
    ----------
    priors : mapping
        Unknown -> prior, in the order of the coordinates.
    joint : JointPrior, optional
        Takes the place of the priors of its names; their bounds stay.

    Attributes
    ----------
    mean : ndarray, shape (n,)
    root : ndarray, shape (n, n)
        The prior's part of the sum of squares is ``|root (z - mean)|**2``.

    Raises
    ------
    ValueError
        When `joint` names something that is no unknown.
    """

    def __init__(self, priors: Mapping[str, Prior], joint: JointPrior | None = None):
        self._priors, self._joint = dict(priors), joint
        self._names = list(priors)
        n = len(self._names)
        self.mean = np.zeros(n)
        self.root = np.diag(np.sqrt([prior.weight for prior in priors.values()]))
        self._columns: list[int] = []
        if joint is not None:
            for name in joint.names:
                if name not in self._names:
                    raise ValueError(f"joint names {name!r}, which is no unknown: use names of {self._names}")
            self._columns = [self._names.index(name) for name in joint.names]
            index = np.ix_(self._columns, self._columns)
            self.mean[self._columns] = joint.mean
            self.root[index] = np.linalg.inv(np.linalg.cholesky(joint.covariance))
        self.bounds = np.array([prior.bounds for prior in priors.values()]).reshape(n, 2).T
        self._constant = self._log_constant()

    @property
    def precision(self) -> np.ndarray:
        """Curvature of the prior, shape (n, n)."""
        return np.asarray(self.root.T @ self.root)

    def _log_constant(self) -> float:
        """Logarithm of the density's normalisation; truncation of the joint density is neglected."""
        total = 0.0
        for k, prior in enumerate(self._priors.values()):
            low, high = prior.bounds
            if k in self._columns:
                continue
            if prior.weight == 0:
                total -= np.log(high - low)
            else:
                from scipy.stats import norm

                total -= 0.5 * np.log(2 * np.pi) + np.log(norm.cdf(high) - norm.cdf(low))
        if self._joint is not None:
            total -= 0.5 * np.linalg.slogdet(2 * np.pi * np.asarray(self._joint.covariance))[1]
        return float(total)

    def log_density(self, z: np.ndarray) -> np.ndarray:
        """Normalised log density, shape (sets,), at coordinates of shape (sets, n)."""
        low, high = self.bounds
        inside = ((z >= low) & (z <= high)).all(axis=-1)
        square = np.sum(((z - self.mean) @ self.root.T) ** 2, axis=-1)
        return np.where(inside, self._constant - 0.5 * square, -np.inf)

    def draw(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Coordinates from the prior, shape (size, n)."""
        return self.transform(rng.uniform(size=(size, len(self._names))))

    def transform(self, cube: np.ndarray) -> np.ndarray:
        """Coordinates, shape (..., n), of points of the unit cube that the prior spreads evenly."""
        z = np.empty_like(cube)
        for k, prior in enumerate(self._priors.values()):
            low, high = prior.bounds
            if k in self._columns:
                z[..., k] = truncnorm.ppf(cube[..., k], -8, 8)
            elif prior.weight == 0:
                z[..., k] = low + cube[..., k] * (high - low)
            else:
                z[..., k] = truncnorm.ppf(cube[..., k], low, high)
        if self._joint is not None:
            lower = np.linalg.cholesky(np.asarray(self._joint.covariance))
            moved = z[..., self._columns] @ lower.T + self._joint.mean
            z[..., self._columns] = np.clip(moved, *self.bounds[:, self._columns])
        return z
