"""Lithium that is stripped and plated between two foils: voids, overpotentials, shorts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["PlatingRun"]

#: How a run may end.
OUTCOMES = ("held", "contact lost to voids", "fractured by plated lithium")


@dataclass(frozen=True)
class PlatingRun:
    """Galvanostatic cycles of a symmetric cell, as a three-electrode cell would see them.

    Parameters
    ----------
    time : ndarray, shape (n,)
        [s].
    cycle : ndarray of int, shape (n,)
        Cycle, counted from 1.
    current_density : ndarray, shape (n,)
        [A.m-2], positive while the first foil is stripped.
    contact : ndarray, shape (n, 2)
        Contact fraction of both foils.
    overpotential : ndarray, shape (n, 2)
        Of both interfaces [V], positive on stripping.
    voltage : ndarray, shape (n,)
        Of the cell [V], with the sign of the current.
    intrusion : ndarray, shape (n, 2)
        How far lithium has come from both foils; 1 is a short.
    outcome : str
        "held", "contact lost to voids" or "fractured by plated lithium".
    """

    time: NDArray[np.float64]
    cycle: NDArray[np.int64]
    current_density: NDArray[np.float64]
    contact: NDArray[np.float64]
    overpotential: NDArray[np.float64]
    voltage: NDArray[np.float64]
    intrusion: NDArray[np.float64]
    outcome: str

    @property
    def held(self) -> bool:
        """Whether the cell came through all cycles."""
        return self.outcome == OUTCOMES[0]

    def _of(self, stripping: bool) -> NDArray[np.float64]:
        first = (self.current_density > 0) == stripping
        return np.abs(np.where(first, self.overpotential[:, 0], self.overpotential[:, 1]))

    @property
    def stripping_overpotential(self) -> NDArray[np.float64]:
        """Size of the overpotential at the foil that is stripped [V]."""
        return self._of(stripping=True)

    @property
    def plating_overpotential(self) -> NDArray[np.float64]:
        """Size of the overpotential at the foil that is plated [V]."""
        return self._of(stripping=False)

    def by_cycle(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Rows of `values` at the end of the first half of each cycle, where the first foil has been stripped.

        Parameters
        ----------
        values : ndarray, shape (n, ...)
            Such as :attr:`stripping_overpotential`.
        """
        last = [
            np.flatnonzero((self.cycle == k) & (self.current_density > 0))[-1] for k in np.unique(self.cycle)
        ]
        return values[last]

    def __repr__(self) -> str:
        strip, plate = (1e3 * v[-1] for v in (self.stripping_overpotential, self.plating_overpotential))
        return (
            f"PlatingRun({self.outcome} after {self.cycle[-1]} cycles, {self.time[-1] / 3600:.3g} h: contact"
            f" {self.contact[-1].min():.3f}, stripping {strip:.3g} mV, plating {plate:.3g} mV)"
        )
