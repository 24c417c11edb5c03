"""Outputs between the points of the integration grid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["POINTS", "Resampling", "polynomial"]

# Grid points that a polynomial goes through.
POINTS = 6


class Resampling:
    """Rows at the output times as sums of rows at grid points.

    Parameters
    ----------
    rows : ndarray of int, shape (n_times, POINTS)
    weights : ndarray, shape (n_times, POINTS)
    """

    def __init__(self, rows: NDArray[np.intp], weights: NDArray[np.float64]) -> None:
        self.rows = rows
        self.weights = weights

    def __call__(self, values: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
        """Replace the axis of grid points by one of output times."""
        shape = [1] * values.ndim
        shape[axis] = -1
        # Term by term, as a matrix product may round differently in batches of different size.
        terms = (
            self.weights[:, j].reshape(shape) * np.take(values, self.rows[:, j], axis) for j in range(POINTS)
        )
        return sum(terms, np.zeros(1))


def polynomial(nodes: NDArray[np.float64], times: NDArray[np.float64]) -> Resampling:
    """Lagrange's interpolation through the nodes around each time.

    Parameters
    ----------
    nodes : ndarray, shape (n,), n >= POINTS
        Strictly increasing.
    times : ndarray
        Within the nodes, or just outside.
    """
    first = np.clip(np.searchsorted(nodes, times) - POINTS // 2, 0, nodes.size - POINTS)
    rows = first[:, None] + np.arange(POINTS)
    at = nodes[rows]
    weights = np.ones(at.shape)
    for j in range(POINTS):
        for i in set(range(POINTS)) - {j}:
            weights[:, j] *= (times - at[:, i]) / (at[:, j] - at[:, i])
    return Resampling(rows, weights)
