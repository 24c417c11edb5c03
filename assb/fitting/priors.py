"""Priors of named parameters and the coordinates in which they are searched and sampled.

Every prior maps its parameter x to a coordinate z in which it is a standard normal or a unit box:
the Jacobian with respect to z is then scaled by what was known before.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np


@dataclass(frozen=True)
class Prior(ABC):
    """Prior of one parameter.

    Parameters
    ----------
    lower, upper : float, optional
        Hard bounds in the parameter's unit.
    source : str
        Where the prior comes from.
    """

    lower: float = -math.inf
    upper: float = math.inf
    source: str = ""
    kind: ClassVar[str]

    def __post_init__(self):
        if not self.lower < self.upper:
            raise ValueError(f"lower = {self.lower:g} and upper = {self.upper:g}: lower must be below upper")

    @abstractmethod
    def to_coordinate(self, x: Any) -> Any:
        """Coordinate z of value x."""

    @abstractmethod
    def to_value(self, z: Any) -> Any:
        """Value x of coordinate z."""

    @abstractmethod
    def slope(self, z: Any) -> Any:
        """dx/dz."""

    @property
    def bounds(self) -> tuple[float, float]:
        """Bounds in z."""
        return float(self.to_coordinate(self.lower)), float(self.to_coordinate(self.upper))

    @property
    def weight(self) -> float:
        """1 where the prior is normal in z, 0 where it is flat."""
        return 1.0

    def log_density(self, z: np.ndarray) -> np.ndarray:
        """Log prior density in z up to a constant; -inf outside the bounds."""
        low, high = self.bounds
        inside = (z >= low) & (z <= high)
        return np.where(inside, -0.5 * self.weight * z**2, -np.inf)

    def draw(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Samples of x from the prior, shape (size,)."""
        low, high = self.bounds
        from scipy.stats import truncnorm

        return self.to_value(truncnorm.rvs(low, high, size=size, random_state=rng))

    def distance_to_bound(self, x: float) -> float:
        """Distance of x to the nearer bound as a share of the range, in z."""
        low, high = self.bounds
        z = float(self.to_coordinate(x))
        return float(min(z - low, high - z) / (high - low))


@dataclass(frozen=True)
class Normal(Prior):
    """Normal prior, truncated at its bounds (five standard deviations unless given)."""

    mean: float = 0.0
    sd: float = 1.0
    kind: ClassVar[str] = "normal"

    def __post_init__(self):
        if not self.sd > 0:
            raise ValueError(f"sd = {self.sd!r}: it must be positive")
        object.__setattr__(self, "lower", max(self.lower, self.mean - 5 * self.sd))
        object.__setattr__(self, "upper", min(self.upper, self.mean + 5 * self.sd))
        super().__post_init__()

    def to_coordinate(self, x):
        """(x - mean)/sd."""
        return (x - self.mean) / self.sd

    def to_value(self, z):
        """Mean + sd z."""
        return self.mean + self.sd * z

    def slope(self, z):
        """The sd."""
        return self.sd + 0 * z

    def __str__(self):
        return f"normal({self.mean:.4g}, sd {self.sd:.3g})"


@dataclass(frozen=True)
class LogNormal(Prior):
    """Log-normal prior with a median and a factor: one standard deviation is a factor of `factor`."""

    median: float = 1.0
    factor: float = 2.0
    kind: ClassVar[str] = "log-normal"

    def __post_init__(self):
        if not (self.median > 0 and self.factor > 1):
            raise ValueError(
                f"median = {self.median!r}, factor = {self.factor!r}: median must be positive and factor above 1"
            )
        spread = self.factor**5
        object.__setattr__(self, "lower", max(self.lower, self.median / spread))
        object.__setattr__(self, "upper", min(self.upper, self.median * spread))
        super().__post_init__()

    def to_coordinate(self, x):
        """ln(x/median)/ln(factor)."""
        return np.log(np.asarray(x, dtype=float) / self.median) / math.log(self.factor)

    def to_value(self, z):
        """Median times factor to the power z."""
        return self.median * np.exp(z * math.log(self.factor))

    def slope(self, z):
        """X ln(factor)."""
        return self.to_value(z) * math.log(self.factor)

    def __str__(self):
        return f"log-normal({self.median:.3g}, factor {self.factor:.3g})"


@dataclass(frozen=True)
class Uniform(Prior):
    """Uniform prior between finite bounds."""

    kind: ClassVar[str] = "uniform"

    def __post_init__(self):
        super().__post_init__()
        if not (math.isfinite(self.lower) and math.isfinite(self.upper)):
            raise ValueError(
                f"lower = {self.lower}, upper = {self.upper}: a uniform prior needs finite bounds"
            )

    def to_coordinate(self, x):
        """Position between the bounds in units of the uniform's standard deviation."""
        return (x - 0.5 * (self.lower + self.upper)) / self._sd

    def to_value(self, z):
        """Inverse of :meth:`to_coordinate`."""
        return 0.5 * (self.lower + self.upper) + self._sd * z

    def slope(self, z):
        """The standard deviation of the uniform."""
        return self._sd + 0 * z

    @property
    def _sd(self) -> float:
        return (self.upper - self.lower) / math.sqrt(12)

    @property
    def weight(self) -> float:
        """Flat."""
        return 0.0

    def draw(self, rng, size):
        """Uniform samples."""
        return rng.uniform(self.lower, self.upper, size)

    def __str__(self):
        return f"uniform({self.lower:.4g}, {self.upper:.4g})"


KINDS: dict[str, type[Prior]] = {kind.kind: kind for kind in (Normal, LogNormal, Uniform)}
