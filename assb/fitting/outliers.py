"""Rows that stand out, by robust measures: a tenth of the rows may be wrong and hardly move them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["far", "spikes"]

#: A row is an outlier if it stands out of its neighbours by this many robust standard deviations.
OUTLIER = 8.0


def spikes(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Indices of rows that stand out of the straight line through their neighbours; `x` must increase."""
    if len(y) < 7 or not np.isfinite(y).all():
        return np.empty(0, dtype=int)
    share = (x[1:-1] - x[:-2]) / (x[2:] - x[:-2])
    away = y[1:-1] - ((1 - share) * y[:-2] + share * y[2:])
    smallest = 1e-9 * np.max(np.abs(y)) + 1e-300
    size = 1.4826 * float(np.median(np.abs(away - np.median(away))))
    # One wrong row throws its neighbours off the other way, by their share of the line; a curve does not.
    before = -np.sign(away[1:]) * away[:-1] >= 0.5 * share[:-1] * np.abs(away[1:])
    after = -np.sign(away[:-1]) * away[1:] >= 0.5 * (1 - share[1:]) * np.abs(away[:-1])
    alone = np.concatenate([[True], before]) & np.concatenate([after, [True]])
    size_of = np.abs(away)
    beside = np.maximum(np.concatenate([[0.0], size_of[:-1]]), np.concatenate([size_of[1:], [0.0]]))
    return 1 + np.flatnonzero((size_of > OUTLIER * max(size, smallest)) & alone & (size_of >= beside))


def far(residuals: np.ndarray, part: Callable[[np.ndarray], Any]) -> np.ndarray:
    """Indices of complex residuals of which one part is far above the median of their magnitudes."""
    return np.flatnonzero(np.abs(part(residuals)) > OUTLIER * np.median(np.abs(residuals)))
