"""Noise whose size and correlation time are unknown."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from assb.fitting.priors import LogNormal, Prior


@dataclass(frozen=True)
class CorrelatedNoise:
    """Residuals as an Ornstein-Uhlenbeck process within each step of the protocol.

    What a reduced model leaves over is smooth in time: treating rows as independent would count one
    misfit many times and make the posterior too narrow. Steps are independent, because the sign of
    most model errors follows the current.

    Parameters
    ----------
    sd : Prior
        Standard deviation [V].
    correlation_time : Prior
        Time over which residuals forget [s].

    Notes
    -----
    G. E. Uhlenbeck, L. S. Ornstein, Phys. Rev. 1930, 36, 823, doi 10.1103/PhysRev.36.823.
    """

    sd: Prior = field(
        default_factory=lambda: LogNormal(
            median=0.005,
            factor=2.5,
            source="assumption: a few mV of model error above 0.1 mV of instrument noise",
        )
    )
    correlation_time: Prior = field(
        default_factory=lambda: LogNormal(
            median=300.0, factor=3.0, source="assumption: minutes, between the sampling and the step length"
        )
    )

    names = ("Noise standard deviation [V]", "Noise correlation time [s]")

    @property
    def priors(self) -> dict[str, Prior]:
        """Priors of the two noise parameters by name."""
        return dict(zip(self.names, (self.sd, self.correlation_time), strict=True))

    @staticmethod
    def whiten(
        residuals: np.ndarray, time: np.ndarray, block: np.ndarray, sd: np.ndarray, tau: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Independent standard-normal residuals and the log-determinant of the transformation.

        Parameters
        ----------
        residuals : ndarray, shape (..., n) or (..., n, k)
            Residuals [V] (or their derivatives along a last axis when `sd` has one axis less).
        time, block : ndarray, shape (n,)
            Time [s] and index of the step of each row.
        sd, tau : ndarray, shape (...)
            Standard deviation [V] and correlation time [s].

        Returns
        -------
        white : ndarray
            Same shape as `residuals`.
        log_determinant : ndarray, shape (...)
            Sum of the logarithms of the conditional standard deviations.
        """
        sd, tau = np.asarray(sd, dtype=float), np.asarray(tau, dtype=float)
        step = np.diff(time, prepend=time[0])
        linked = np.concatenate([[False], block[1:] == block[:-1]])
        rho = np.where(linked, np.exp(-step / tau[..., None]), 0.0)
        scale = sd[..., None] * np.sqrt(1 - rho**2)
        extra = residuals.ndim - rho.ndim
        for _ in range(extra):
            rho, scale = rho[..., None], scale[..., None]
        axis = -1 - extra
        shifted = np.roll(residuals, 1, axis=axis)
        white = (residuals - rho * shifted) / scale
        log_determinant = np.log(scale).sum(axis=axis)
        return white, log_determinant.reshape(sd.shape)

    @staticmethod
    def draw(
        rng: np.random.Generator, time: np.ndarray, block: np.ndarray, sd: float, tau: float
    ) -> np.ndarray:
        """One realisation of the noise [V], shape (n,)."""
        values = np.empty_like(time)
        for k, t in enumerate(time):
            linked = k > 0 and block[k] == block[k - 1]
            rho = np.exp(-(t - time[k - 1]) / tau) if linked else 0.0
            previous = values[k - 1] if k else 0.0
            values[k] = rho * previous + sd * np.sqrt(1 - rho**2) * rng.standard_normal()
        return values
