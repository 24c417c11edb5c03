"""Noise whose size and correlation time are unknown."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from assb.fitting.priors import LogNormal, Prior


@dataclass(frozen=True)
class CorrelatedNoise:
    """Residuals as an Ornstein-Uhlenbeck process within each step of the protocol, if asked plus white noise.

    What a reduced model leaves over is mostly smooth in time: treating rows as independent would count one
    misfit many times and make the posterior too narrow. Steps of the protocol are independent of each other,
    because the sign of most model errors follows the current. A white part takes up reading errors and what
    passes within seconds of a switch, which otherwise shorten the correlation time.

    Parameters
    ----------
    sd : Prior
        Standard deviation of the correlated part [V].
    correlation_time : Prior
        Time over which it forgets [s].
    white_sd : Prior, optional
        Standard deviation of the white part [V]; no white part without it.

    Notes
    -----
    G. E. Uhlenbeck, L. S. Ornstein, Phys. Rev. 1930, 36, 823, doi 10.1103/PhysRev.36.823. The density follows
    from the innovations of a scalar Kalman filter (R. E. Kalman, J. Basic Eng. 1960, 82, 35, doi
    10.1115/1.3662552), in a time linear in the number of rows.
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
    white_sd: Prior | None = None

    @property
    def priors(self) -> dict[str, Prior]:
        """Priors of the noise parameters by name."""
        priors = {
            "Noise standard deviation [V]": self.sd,
            "Noise correlation time [s]": self.correlation_time,
        }
        if self.white_sd is not None:
            priors["White noise standard deviation [V]"] = self.white_sd
        return priors

    @staticmethod
    def whiten(
        residuals: np.ndarray, time: np.ndarray, block: np.ndarray, parameters: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Independent standard-normal residuals and the log-determinant of the transformation.

        Parameters
        ----------
        residuals : ndarray, shape (..., n) or (..., n, k)
            Residuals [V], or their derivatives along a last axis; the leading shape is that of `parameters`
            without its last axis.
        time, block : ndarray, shape (n,)
            Time [s] and index of the step of each row.
        parameters : ndarray, shape (..., 2) or (..., 3)
            Standard deviation [V], correlation time [s] and, where there is one, white standard deviation [V].

        Returns
        -------
        white : ndarray
            Same shape as `residuals`.
        log_determinant : ndarray, shape (...)
            Sum of the logarithms of the standard deviations of the innovations.
        """
        parameters = np.asarray(parameters, dtype=float)
        variance, tau = parameters[..., 0] ** 2, parameters[..., 1]
        white_variance = parameters[..., 2] ** 2 if parameters.shape[-1] > 2 else 0.0
        columns = residuals.ndim - parameters.ndim
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
    def draw(
        rng: np.random.Generator, time: np.ndarray, block: np.ndarray, parameters: np.ndarray
    ) -> np.ndarray:
        """One realisation of the noise [V], shape (n,), for parameters as in :meth:`whiten`."""
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
