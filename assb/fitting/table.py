"""Measured tables: a quantity against cycle number, composition, pressure or temperature."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from assb.fitting.dataset import DataError

#: Values of parameters by name, shape (sets, 1) each -> predictions, shape (sets, rows).
Predictor = Callable[[Mapping[str, np.ndarray]], np.ndarray]


@dataclass(frozen=True)
class Table:
    """Rows of one quantity, and what predicts them from the parameters.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Measured.
    predictor : callable
        Takes a mapping of parameter name -> array of shape (sets, 1) and returns predictions of shape
        (sets, n): a law of :mod:`assb.models.closures`, or a cycle-life simulation.
    sd : float or ndarray, shape (n,)
        Scale of the noise of each row: one for noise in the unit of the rows; the rows themselves for noise
        as a share.
    name : str
        Label.
    quantity : str
        What the rows are, with unit.
    settings, shifts, cell
        As of :class:`assb.fitting.Dataset`.

    Raises
    ------
    DataError
        For values that are not finite or scales that are not positive.
    """

    values: np.ndarray
    predictor: Predictor
    sd: np.ndarray | float = 1.0
    name: str = "table"
    quantity: str = ""
    settings: Mapping[str, float] = field(default_factory=dict)
    shifts: Mapping[str, float] = field(default_factory=dict)
    cell: str = ""
    sha256: str = field(default="", compare=False)

    def __post_init__(self):
        object.__setattr__(self, "values", np.asarray(self.values, dtype=float))
        scales = np.broadcast_to(np.asarray(self.sd, float), self.values.shape).copy()
        object.__setattr__(self, "sd", scales)
        bad = np.flatnonzero(~np.isfinite(self.values))
        if self.values.ndim != 1 or bad.size:
            row = (
                f"row {bad[0] + 1} is not a number" if bad.size else f"values have shape {self.values.shape}"
            )
            raise DataError(f"{self.name}: {row}: give one finite number per row")
        if not (scales > 0).all():
            raise DataError(f"{self.name}: sd = {scales.min():g}: every row needs a positive scale")
        if not self.sha256:
            stacked = np.ascontiguousarray(np.stack([self.values, scales]))
            object.__setattr__(self, "sha256", hashlib.sha256(stacked.tobytes()).hexdigest())

    @property
    def scored(self) -> np.ndarray:
        """Rows that count: all."""
        return np.ones(len(self.values), dtype=bool)
