"""Volume strain of layered oxides against lithium content, relative to full lithiation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from assb.models.closures.smooth import softplus


@dataclass(frozen=True)
class CollapseStrain:
    """Volume strain of a Ni-rich oxide against full lithiation, a callable of the stoichiometry.

    Parameters
    ----------
    gradual, collapse : float
        Contraction that accrues evenly with delithiation, and that of the c-axis collapse
        (positive numbers); both are reached at stoichiometry `end`.
    centre, end : float
        Stoichiometry of the collapse (4.15-4.2 V) and of the end of charge (4.3 V), on the axis of the
        open-circuit potential.
    width : float
        Width of the collapse in stoichiometry (assumption).
    """

    gradual: float
    collapse: float
    centre: float
    end: float
    width: float = 0.025

    def _share(self, y: Any) -> Any:
        return 0.5 * (1 + np.tanh((self.centre - y) / (2 * self.width)))

    def __call__(self, y: Any) -> Any:
        """Strain at stoichiometry `y`, zero at one."""
        top, bottom = float(self._share(1.0)), float(self._share(self.end))
        collapsed = (self._share(y) - top) / (bottom - top)
        return -self.gradual * (1 - y) / (1 - self.end) - self.collapse * collapsed


@dataclass(frozen=True)
class ExpansionStrain:
    """Volume strain of an oxide whose layers move apart on charge: even growth that levels off.

    Parameters
    ----------
    expansion : float
        Strain at stoichiometry `end`.
    end : float
        Stoichiometry at which `expansion` is quoted.
    level : float
        Stoichiometry below which the volume no longer grows.
    width : float
        Width of the transition in stoichiometry (assumption).
    """

    expansion: float
    end: float
    level: float
    width: float = 0.02

    def _growth(self, y: Any) -> Any:
        # Slope -1 above `level`, 0 below; the exponent of softplus is never positive.
        return softplus(1 - self.level, self.width) - softplus(y - self.level, self.width)

    def __call__(self, y: Any) -> Any:
        """Strain at stoichiometry `y`, zero at one."""
        return self.expansion * self._growth(y) / float(self._growth(self.end))
