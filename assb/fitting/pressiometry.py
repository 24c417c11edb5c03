"""Slope of the stack pressure against charge, dP/dQ, from a record of pressure.

For looking at data. To calibrate, score the pressure itself: a slope is a difference of noisy rows, its window
correlates neighbours and blurs what is narrower, and it has lost the level. The likelihood of the pressure, with
correlated noise for drift, holds the same information and needs no window.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import xarray as xr

from assb.fitting.dataset import DataError, Dataset
from assb.fitting.rows import current_noise

__all__ = ["pressure_derivative"]

#: Fewest rows of a straight line.
FEWEST = 3


def pressure_derivative(data: Dataset, window: float, sd: float | None = None) -> xr.Dataset:
    """dP/dQ by straight lines through the rows of a window of charge, with its standard error.

    Parameters
    ----------
    data : Dataset
        With pressure.
    window : float
        Charge that each line spans [mA.h]: the wider, the smaller the error and the more blurred the slope. Half
        of it is left out at both ends of each charge and discharge.
    sd : float, optional
        Standard deviation of the noise of the pressure [MPa]; by default from second differences, which
        suits rows that are dense compared with the shape of the curve.

    Returns
    -------
    xarray.Dataset
        Over `row`, with time [s] as coordinate: "Charge [mA.h]" (stored, it rises on charge and is zero at
        the start), "dP/dQ [MPa.mA-1.h-1]" and "Standard error [MPa.mA-1.h-1]"; NaN at rest and where the window
        does not fit. Attributes: window_mAh, sd_MPa.

    Raises
    ------
    DataError
        Without pressure, or for a window or noise that is not positive.

    Notes
    -----
    With independent noise of size s, the slope over rows k of the window has the variance
    ``s**2 / sum_k (Q_k - mean(Q))**2``. A curve bends it by about ``P''' w**2 / 40``. Neighbouring slopes share rows:
    values farther apart than the window are independent.
    """
    if data.pressure is None:
        raise DataError(
            f"{data.name}: no pressure was recorded: name its column, columns = {{pressure = ...}}"
        )
    if not window > 0:
        raise DataError(f"{data.name}: window = {window!r}: give a charge in mA.h, a positive number")
    if sd is not None and not sd > 0:
        raise DataError(f"{data.name}: sd = {sd!r}: give the noise of the pressure in MPa, a positive number")
    size = current_noise(data.pressure) if sd is None else sd
    ends = np.cumsum([duration for duration, _ in data.steps])
    currents = np.array([current for _, current in data.steps])
    passed = np.concatenate([[0.0], np.cumsum(-currents * np.diff(ends, prepend=0.0))]) / 3.6
    charge = np.interp(data.time, np.concatenate([[0.0], ends]), passed)
    block = np.minimum(data.block, len(currents) - 1)
    slope, error = np.full(len(charge), np.nan), np.full(len(charge), np.nan)
    # The row at t = 0 and rows at rest belong to no charge or discharge.
    direction = np.where(data.time > 0, np.sign(currents[block]), 0)
    edges = np.concatenate([[0], np.flatnonzero(np.diff(direction)) + 1, [len(charge)]])
    for start, stop in pairwise(edges):
        if direction[start] and stop - start >= FEWEST:
            rows = slice(start, stop)
            slope[rows], spread = _lines(charge[rows], data.pressure[rows], window)
            error[rows] = size / spread
    found = {
        "Charge [mA.h]": ("row", charge, {"units": "mA.h"}),
        "dP/dQ [MPa.mA-1.h-1]": ("row", slope, {"units": "MPa.mA-1.h-1"}),
        "Standard error [MPa.mA-1.h-1]": ("row", error, {"units": "MPa.mA-1.h-1"}),
    }
    time = {"time": ("row", data.time, {"units": "s"})}
    return xr.Dataset(found, time, {"window_mAh": float(window), "sd_MPa": float(size), "name": data.name})


def _lines(charge: np.ndarray, pressure: np.ndarray, window: float) -> tuple[np.ndarray, np.ndarray]:
    """Slopes of the lines about each row and the root of the sum of squares of the charge about its mean."""
    sign = 1.0 if charge[-1] > charge[0] else -1.0
    q = sign * (charge - charge.mean())
    p = pressure - pressure.mean()
    slack = 1e-9 * window
    low = np.searchsorted(q, q - window / 2 - slack)
    high = np.searchsorted(q, q + window / 2 + slack, side="right")
    sums = [np.concatenate([[0.0], np.cumsum(v)]) for v in (np.ones_like(q), q, p, q * q, q * p)]
    n, sq, sp, sqq, sqp = (total[high] - total[low] for total in sums)
    about = np.maximum(sqq - sq**2 / n, 0.0)
    fits = (n >= FEWEST) & (q - window / 2 >= q[0] - slack) & (q + window / 2 <= q[-1] + slack) & (about > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(fits, sign * (sqp - sq * sp / n) / about, np.nan)
    return slope, np.where(fits, np.sqrt(about), np.nan)
