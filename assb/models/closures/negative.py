"""Laws of the negative electrode."""

from __future__ import annotations

from typing import Any

import numpy as np


def stripping_resistance(
    charge: Any, current: Any, amplitude: Any, charge_scale: Any, current_scale: Any
) -> Any:
    """Resistance of an alloy foil whose accessible lithium is being used up.

    ``r = r_dep exp(-q/q_w) * (1 + tanh(i/i_s))/2``: it opens on discharge only, because plating
    brings fresh lithium to the contact.

    Parameters
    ----------
    charge : array-like or symbol
        Accessible lithium in the foil, counted from the start [C.m-2]. An offset of `charge` is the
        same as a factor in `amplitude`; hence the start is its zero.
    current : array-like or symbol
        Cell current density, positive on discharge [A.m-2].
    amplitude : array-like or symbol
        r_dep, resistance with no accessible lithium left [Ohm.m2].
    charge_scale : array-like or symbol
        q_w [C.m-2].
    current_scale : array-like or symbol
        i_s [A.m-2], the width of the switch between plating and stripping.

    Returns
    -------
    array-like or symbol
        Resistance [Ohm.m2].

    Notes
    -----
    Assumption, motivated by a measured NMC811|In-Li cycle: 2060 Ohm at the end of discharge against
    490 Ohm at the start of charge at about the same state of charge. A vanishing exchange current
    near full lithiation of the cathode is the alternative that a two-electrode cell cannot exclude.
    """
    return amplitude * np.exp(-charge / charge_scale) * 0.5 * (1 + np.tanh(current / current_scale))
