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


def forming_rate(
    formed: Any, current: Any, forming_charge: Any, forming_current: Any, current_width: Any
) -> Any:
    """Rate at which plating forms the conducting interphase on lithium.

    ``ds/dt = (1 - s) i_p (1 + i_p/i_f)/q_f`` with the plating current ``i_p = (sqrt(i**2 + w**2) - i)/2``, a
    smooth ``max(-i, 0)``: the charge that forming takes is q_f at low current and falls as 1/i at high.

    Parameters
    ----------
    formed : array-like or symbol
        Share s of the interphase that is formed.
    current : array-like or symbol
        Cell current density, positive on discharge [A.m-2].
    forming_charge : array-like or symbol
        q_f, plated charge over which the unformed share falls to 1/e at low current [C.m-2].
    forming_current : array-like or symbol
        i_f, plating current that halves the charge [A.m-2].
    current_width : array-like or symbol
        w, width of the onset of plating [A.m-2].

    Returns
    -------
    array-like or symbol
        ds/dt [s-1].

    Notes
    -----
    Assumed form for an observation: plating at high current brings the resistance to its minimum almost at
    once, low current only asymptotically, and the difference fades beyond about 50 uAh/cm2 (S. Narayanan et
    al., Nat. Commun. 2022, 13, 7237, doi 10.1038/s41467-022-34855-9).
    """
    plating = 0.5 * (np.sqrt(current**2 + current_width**2) - current)
    return (1 - formed) * plating * (1 + plating / forming_current) / forming_charge


def forming_resistance_ratio(formed: Any, unformed_ratio: Any) -> Any:
    """Interphase resistance over that of a fully formed interphase, ``1 + (rho - 1)(1 - s)`` (assumption).

    Parameters
    ----------
    formed : array-like or symbol
        Share s of the interphase that is formed.
    unformed_ratio : array-like or symbol
        rho, resistance of an unformed over a formed interphase.
    """
    return 1 + (unformed_ratio - 1) * (1 - formed)


def mixed_conduction_constant(ionic: Any, electronic: Any, drop: Any, thickness_per_charge: Any) -> Any:
    """Parabolic constant of an interphase whose growth both ions and electrons must pass through.

    ``D = v_q dU sigma_i sigma_e/(sigma_i + sigma_e)``: the two carriers cross the layer together, and the worse of
    them decides. Products that conduct electrons as a metal let it grow as fast as ions come; products that insulate
    stop it within nanometres.

    Parameters
    ----------
    ionic, electronic : array-like or symbol
        Conductivities of the products [S.m-1].
    drop : array-like or symbol
        Potential at which the electrolyte begins to be reduced less that of the foil [V].
    thickness_per_charge : array-like or symbol
        v_q, thickness that a charge makes [m.m2.C-1].

    Returns
    -------
    array-like or symbol
        D of ``d(delta)/dt = D/delta`` [m2.s-1].

    Notes
    -----
    C. Wagner, Z. Phys. Chem. B 1933, 21, 25, with constant conductivities; for interphases on
    lithium: S. Wenzel et al., Solid State Ionics 2015, 278, 98, doi 10.1016/j.ssi.2015.06.001.
    """
    return thickness_per_charge * drop * ionic * electronic / (ionic + electronic)
