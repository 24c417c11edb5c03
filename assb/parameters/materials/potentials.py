"""Open-circuit potentials of layered oxides: published closed forms on the axis of the crystal's lithium.

All are smooth and strictly decreasing in the lithium content over the range each docstring names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

#: Coefficients of the NCA polynomial from the tenth power down to the constant.
_NCA = (1.638, -2.222, 15.056, -23.488, 81.246, -344.566, 621.3475, -554.774, 264.427, -66.3691, 11.8058)


def nmc811_potential(y: Any) -> Any:
    """Open-circuit potential of NMC811 [V vs Li] (Chen 2020, doi 10.1149/1945-7111/ab9050), for
    stoichiometries between about 0.2 and 0.95.
    """
    return (
        -0.8090 * y
        + 4.4875
        - 0.0428 * np.tanh(18.5138 * (y - 0.5542))
        - 17.7326 * np.tanh(15.7890 * (y - 0.3117))
        + 17.5842 * np.tanh(15.9308 * (y - 0.3120))
    )


#: Delithiation of NCM811 per delithiation of NCM622 at the same potential: both reach 4.3 V, NCM811 at
#: stoichiometry 0.26, and their charges per mass stand as 193 to 170 mAh/g (Song2022, Table 2), at 275.5
#: and 276.5 mAh/g of full delithiation.
NCM622_STRETCH = 193 / 170 * 276.5 / 275.5


def ncm622_potential(y: Any) -> Any:
    """Open-circuit potential of NCM622 [V vs Li]: the law of NCM811 on a stretched axis (assumption).

    Closed forms for NCM622 on the crystal's axis are not at hand; the stretch makes the charge up to
    4.3 V stand to that of NCM811 as the capacities of Song 2022, doi 10.1016/j.cossms.2021.100977, Table
    2. For stoichiometries between about 0.3 and 0.95.
    """
    return nmc811_potential(1 - NCM622_STRETCH * (1 - y))


@dataclass(frozen=True)
class Stretched:
    """Open-circuit potential of NCM811 on a stretched axis (assumption), a callable of the stoichiometry.

    Parameters
    ----------
    stretch : float
        Delithiation of NCM811 per delithiation of the oxide at the same potential.
    """

    stretch: float

    def __call__(self, y: Any) -> Any:
        """Potential [V vs Li]; valid above about 0.2 of NCM811."""
        return nmc811_potential(1 - self.stretch * (1 - y))


def nca_potential(y: Any) -> Any:
    """Open-circuit potential of NCA [V vs Li] (Kim 2011, doi 10.1149/1.3597614), for stoichiometries
    between 0.25 and 0.98.

    The exponent 136.4 of the source is rounded to 136: a fractional power of a stoichiometry that an
    iterate makes negative is not a number. The difference is below 1 mV up to 0.97 and 16 mV at 0.99.
    """
    polynomial: Any = _NCA[0]
    for coefficient in _NCA[1:]:
        polynomial = polynomial * y + coefficient
    return polynomial - 0.61386 * np.exp(5.8201 * y**136)


def lco_potential(y: Any) -> Any:
    """Open-circuit potential of LiCoO2 [V vs Li], for stoichiometries between 0.4 and 0.98.

    Fit of J. Newman's program Dualfoil (1998), with its stretch of the axis; quoted in Marquis 2019, doi
    10.1149/2.0341915jes. Li0.5CoO2 lies at 4.19 V, with the step of lithium ordering beside it.
    """
    s = 1.062 * y
    return (
        2.16216
        + 0.07645 * np.tanh(30.834 - 54.4806 * s)
        + 2.1581 * np.tanh(52.294 - 50.294 * s)
        - 0.14169 * np.tanh(11.0923 - 19.8543 * s)
        + 0.2051 * np.tanh(1.4684 - 5.4888 * s)
        + 0.2531 * np.tanh((0.56478 - s) / 0.1316)
        - 0.02167 * np.tanh((s - 0.525) / 0.006)
    )


@dataclass(frozen=True)
class DeepDischarge:
    """Potential of a layered oxide that falls at its lithiated end, as a discharge to 2 V needs it.

    ``U(y) - depth exp((y - 1)/width)``. The published laws end above 3 V at full lithiation: a cell then stops because
    its particles are full, at any cut-off below.

    Parameters
    ----------
    law : callable
        Potential [V vs Li] of a stoichiometry.
    depth, width : float
        Fall at full lithiation [V] and the stoichiometry over which it fades (assumptions).
    """

    law: Callable[[Any], Any]
    depth: float = 1.8
    width: float = 0.004

    def __call__(self, y: Any) -> Any:
        """Potential at stoichiometry `y`."""
        return self.law(y) - self.depth * np.exp((y - 1) / self.width)
