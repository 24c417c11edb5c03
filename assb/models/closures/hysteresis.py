"""Hysteresis of the open-circuit potential of alloys."""

from __future__ import annotations

from typing import Any

import numpy as np

#: Rate of filling below which it counts as rest [s-1], a thousandth of a slow cycle.
SLOWEST_FILLING = 1e-9


def hysteresis_rate(state: Any, filling_rate: Any, decay: Any) -> Any:
    """Rate of the hysteresis state [s-1], ``-gamma (dy/dt + h sqrt((dy/dt)**2 + s**2))``.

    The state tends to 1 while lithium leaves, the delithiation branch, and to -1 while it enters; a change of
    direction fades over ``dy = 1/gamma``. Smooth at rest, where s = 1e-9 s-1 is too slow to be seen.

    Parameters
    ----------
    state : array-like or symbol
        h in [-1, 1].
    filling_rate : array-like or symbol
        Rate of the mean stoichiometry dy/dt [s-1].
    decay : array-like or symbol
        gamma > 0.

    References
    ----------
    One-state hysteresis: J. Börjesson Axén et al., J. Energy Storage 2022, 48, 103985, doi 10.1016/j.est.2022.103985,
    in the form of PyBaMM, whose decay rate is twice this gamma.
    """
    return -decay * (filling_rate + state * np.sqrt(filling_rate**2 + SLOWEST_FILLING**2))
