"""Noise models: how residuals of one data set spread, with sizes that are known or sampled.

A noise model turns residuals into independent ones of unit size, and tells their density. Residuals come in
the unit of the data; those of a spectrum relative to the magnitude measured.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import numpy as np

from assb.fitting.priors import LogNormal, Prior

__all__ = ["CorrelatedNoise", "Noise", "StudentNoise", "WhiteNoise"]

#: Correlation time [s] at which rows count as independent.
INDEPENDENT = 1e-3
HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)


class Noise(ABC):
    """Distribution of the residuals of one data set."""

    @property
    @abstractmethod
    def sizes(self) -> dict[str, Prior | float]:
        """Prior, or known value, of each number that the model needs, in the order of `parameters` below."""

    @property
    def priors(self) -> dict[str, Prior]:
        """Priors of the sampled ones among the sizes."""
        return {name: size for name, size in self.sizes.items() if isinstance(size, Prior)}

    def complete(self, sampled: np.ndarray) -> np.ndarray:
        """Sampled sizes, shape (..., sampled), with the known ones filled in, shape (..., sizes)."""
        sampled = np.asarray(sampled, dtype=float)
        columns, k = [], 0
        for size in self.sizes.values():
            if isinstance(size, Prior):
                columns.append(sampled[..., k])
                k += 1
            else:
                columns.append(np.full(sampled.shape[:-1], float(size)))
        return np.stack(columns, axis=-1)

    @abstractmethod
    def whiten(
        self, residuals: np.ndarray, time: np.ndarray, block: np.ndarray, parameters: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Independent residuals of unit size and the log-determinant of the transformation.

        Parameters
        ----------
        residuals : ndarray, shape (..., n) or (..., n, k)
            Residuals, or their derivatives along a last axis; the leading shape is that of `parameters`
            without its last axis.
        time, block : ndarray, shape (n,)
            Time [s] and index of the step of each row.
        parameters : ndarray, shape (..., sizes)
            Values of :attr:`sizes`.

        Returns
        -------
        white : ndarray
            Same shape as `residuals`.
        log_determinant : ndarray, shape (...)
            Sum of the logarithms of the sizes of the innovations.
        """

    @abstractmethod
    def draw(
        self, rng: np.random.Generator, time: np.ndarray, block: np.ndarray, parameters: np.ndarray
    ) -> np.ndarray:
        """One realisation, shape (n,), for parameters of shape (sizes,)."""

    def log_density(self, white: np.ndarray, parameters: np.ndarray) -> np.ndarray:
        """Log density of white residuals, shape (..., n), summed over the rows: normal unless said."""
        return -0.5 * np.sum(white**2, axis=-1) - white.shape[-1] * HALF_LOG_2PI

    def least_squares(self, white: np.ndarray, parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Residuals whose half sum of squares is minus the log density, and their slopes d/d(white)."""
        return white, np.ones_like(white)

    @property
    def information(self) -> float:
        """Fisher information of a white residual about its mean: one where it is normal."""
        return 1.0

    def independent(self, parameters: np.ndarray) -> np.ndarray:
        """The same sizes with all correlation removed, for a first, smoother fit."""
        return parameters


def _label(words: str, suffix: str) -> str:
    """Name of a size, which tells apart those of data sets that do not share it."""
    return f"{suffix} {words}" if suffix else words[0].upper() + words[1:]


@dataclass(frozen=True)
class CorrelatedNoise(Noise):
    """Residuals as an Ornstein-Uhlenbeck process within each step of the protocol, if asked plus white noise.

    What a reduced model leaves over is mostly smooth in time: treating rows as independent would count one
    misfit many times and make the posterior too narrow. Steps of the protocol are independent of each other,
    because the sign of most model errors follows the current. A white part takes up reading errors and what
    passes within seconds of a switch, which otherwise shorten the correlation time.

    Parameters
    ----------
    sd : Prior or float
        Standard deviation of the correlated part, in the unit of the data.
    correlation_time : Prior or float
        Time over which it forgets [s].
    white_sd : Prior or float, optional
        Standard deviation of the white part; no white part without it.
    label : str
        Put before the names of the sizes; data sets with the same names share them.
    units : str
        Of the data.

    Notes
    -----
    G. E. Uhlenbeck, L. S. Ornstein, Phys. Rev. 1930, 36, 823, doi 10.1103/PhysRev.36.823. The density follows
    from the innovations of a scalar Kalman filter (R. E. Kalman, J. Basic Eng. 1960, 82, 35, doi
    10.1115/1.3662552), in a time linear in the number of rows.
    """

    sd: Prior | float = field(
        default_factory=lambda: LogNormal(
            median=0.005,
            factor=2.5,
            source="assumption: a few mV of model error above 0.1 mV of instrument noise",
        )
    )
    correlation_time: Prior | float = field(
        default_factory=lambda: LogNormal(
            median=300.0, factor=3.0, source="assumption: minutes, between the sampling and the step length"
        )
    )
    white_sd: Prior | float | None = None
    label: str = ""
    units: str = "V"

    @property
    def sizes(self) -> dict[str, Prior | float]:
        """Standard deviation, correlation time and, where there is one, white standard deviation."""
        sizes = {
            _label(f"noise standard deviation [{self.units}]", self.label): self.sd,
            _label("noise correlation time [s]", self.label): self.correlation_time,
        }
        if self.white_sd is not None:
            sizes[_label(f"white noise standard deviation [{self.units}]", self.label)] = self.white_sd
        return sizes

    def independent(self, parameters: np.ndarray) -> np.ndarray:
        """See :class:`Noise`."""
        changed = np.array(parameters, dtype=float)
        changed[..., 1] = INDEPENDENT
        return changed

    @staticmethod
    def whiten(  # type: ignore[override]
        residuals: np.ndarray, time: np.ndarray, block: np.ndarray, parameters: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`Noise.whiten`; `parameters` has two or three columns."""
        parameters = np.asarray(parameters, dtype=float)
        columns = residuals.ndim - parameters.ndim
        if parameters.shape[-1] == 2:
            return _whiten_markov(residuals, time, block, parameters, columns)
        variance, tau = parameters[..., 0] ** 2, parameters[..., 1]
        white_variance = parameters[..., 2] ** 2
        rows = np.moveaxis(residuals, -1 - columns, 0)

        def along(values: np.ndarray) -> np.ndarray:
            return values[(...,) + (None,) * columns]

        white = np.empty_like(rows, dtype=float)
        log_determinant = np.zeros(parameters.shape[:-1])
        mean, spread = np.zeros(rows.shape[1:]), variance
        for k, row in enumerate(rows):
            if k and block[k] == block[k - 1]:
                rho = np.exp(-(time[k] - time[k - 1]) / tau)
                mean, spread = along(rho) * mean, rho**2 * spread + (1 - rho**2) * variance
            else:
                mean, spread = np.zeros(rows.shape[1:]), variance
            total = spread + white_variance
            gain = spread / total
            surprise = row - mean
            white[k] = surprise / along(np.sqrt(total))
            log_determinant = log_determinant + 0.5 * np.log(total)
            mean, spread = mean + along(gain) * surprise, spread * (1 - gain)
        return np.moveaxis(white, 0, -1 - columns), log_determinant

    @staticmethod
    def draw(  # type: ignore[override]
        rng: np.random.Generator, time: np.ndarray, block: np.ndarray, parameters: np.ndarray
    ) -> np.ndarray:
        """See :meth:`Noise.draw`; `parameters` has two or three entries."""
        sd, tau = parameters[0], parameters[1]
        values = np.empty_like(time)
        for k, t in enumerate(time):
            linked = k > 0 and block[k] == block[k - 1]
            rho = np.exp(-(t - time[k - 1]) / tau) if linked else 0.0
            previous = values[k - 1] if k else 0.0
            values[k] = rho * previous + sd * np.sqrt(1 - rho**2) * rng.standard_normal()
        if len(parameters) > 2:
            values = values + parameters[2] * rng.standard_normal(len(time))
        return values


def _whiten_markov(residuals, time, block, parameters, columns):
    """Innovations without a white part, which depend on one earlier row only: no recursion."""
    sd, tau = parameters[..., 0, None], parameters[..., 1, None]
    linked = np.concatenate([[False], block[1:] == block[:-1]])
    gap = np.concatenate([[0.0], np.diff(time)])
    rho = np.where(linked, np.exp(-gap / tau), 0.0)
    size = sd * np.sqrt(-np.expm1(np.where(linked, -2 * gap / tau, -np.inf)))
    row = residuals.ndim - 1 - columns
    before = np.roll(residuals, 1, axis=row)
    along = (...,) + (None,) * columns
    return (residuals - rho[along] * before) / size[along], np.log(size).sum(axis=-1)


@dataclass(frozen=True)
class WhiteNoise(Noise):
    """Independent normal residuals.

    Parameters
    ----------
    sd : Prior or float
        Standard deviation in the unit of the data; of a spectrum, as a share of the magnitude.
    label : str
        Put before the name of the size; data sets with the same name share it.
    units : str
        Of the data; "-" for shares.
    """

    sd: Prior | float
    label: str = ""
    units: str = "V"

    @property
    def sizes(self) -> dict[str, Prior | float]:
        """The standard deviation."""
        end = "" if self.units == "-" else f" [{self.units}]"
        return {_label(f"noise standard deviation{end}", self.label): self.sd}

    def whiten(self, residuals, time, block, parameters):
        """See :class:`Noise`."""
        sd = np.asarray(parameters, dtype=float)[..., 0]
        n = len(time)
        columns = residuals.ndim - sd.ndim
        return residuals / sd[(...,) + (None,) * columns], n * np.log(sd)

    def draw(self, rng, time, block, parameters):
        """See :class:`Noise`."""
        return parameters[0] * rng.standard_normal(len(time))


@dataclass(frozen=True)
class StudentNoise(WhiteNoise):
    """Independent residuals with heavy tails: a few outliers do not move the estimate.

    Parameters
    ----------
    sd : Prior or float
        Scale in the unit of the data.
    label, units : str
        As of :class:`WhiteNoise`.
    degrees_of_freedom : float
        Small for heavy tails.

    Notes
    -----
    K. L. Lange, R. J. A. Little, J. M. G. Taylor, J. Am. Stat. Assoc. 1989, 84, 881, doi
    10.1080/01621459.1989.10478852.
    """

    degrees_of_freedom: float = 4.0

    def __post_init__(self):
        if not self.degrees_of_freedom > 0:
            raise ValueError(f"degrees_of_freedom = {self.degrees_of_freedom!r}: it must be positive")

    @property
    def information(self) -> float:
        """Fisher information of a white residual about its mean, ``(nu + 1)/(nu + 3)``."""
        return (self.degrees_of_freedom + 1) / (self.degrees_of_freedom + 3)

    def log_density(self, white, parameters):
        """See :class:`Noise`."""
        nu = self.degrees_of_freedom
        constant = math.lgamma((nu + 1) / 2) - math.lgamma(nu / 2) - 0.5 * math.log(nu * math.pi)
        return np.sum(constant - 0.5 * (nu + 1) * np.log1p(white**2 / nu), axis=-1)

    def least_squares(self, white, parameters):
        """See :class:`Noise`: ``sign(w) sqrt((nu + 1) ln(1 + w2/nu))``."""
        nu = self.degrees_of_freedom
        size = np.sqrt((nu + 1) * np.log1p(white**2 / nu))
        slope_at_zero = math.sqrt((nu + 1) / nu)
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = (nu + 1) * np.abs(white) / ((nu + white**2) * size)
        return np.sign(white) * size, np.where(size > 1e-8, slope, slope_at_zero)

    def draw(self, rng, time, block, parameters):
        """See :class:`Noise`."""
        return parameters[0] * rng.standard_t(self.degrees_of_freedom, len(time))
