"""Laws of lithium metal at a solid electrolyte: voids, creep, intrusion, the last lithium."""

from __future__ import annotations

from typing import Any

import numpy as np

from assb.models.closures.smooth import FARADAY, softplus

#: Contact below which voids deepen rather than spread; the law of contact is exact far above it.
CONTACT_FLOOR = 0.005
#: Width [A.m-2] that rounds the onset of voids, and of plating.
CURRENT_WIDTH = 0.1
PLATING_WIDTH = 1e-5
#: Pressure [Pa] that keeps the power law of creep finite when a fixture lets go.
LEAST_PRESSURE = 1e3


def plating_current(current: Any) -> Any:
    """Plating current ``(sqrt(i**2 + w**2) - i)/2`` [A.m-2], a smooth ``max(-i, 0)``.

    Parameters
    ----------
    current : array-like or symbol
        Current density of the foil, positive on stripping [A.m-2].
    """
    return 0.5 * (np.sqrt(current**2 + PLATING_WIDTH**2) - current)


def creep_current(pressure: Any, reference: Any, reference_pressure: Any, exponent: Any) -> Any:
    """Stripping current that creep of lithium keeps fed, ``B P**n`` [A.m-2].

    Parameters
    ----------
    pressure, reference_pressure : array-like or symbol
        Stack pressure and that of `reference` [Pa].
    reference : array-like or symbol
        Current at the reference pressure [A.m-2].
    exponent : array-like or symbol
        n.

    Notes
    -----
    A fit to critical currents of stripping on Li6PS5Cl, 0.2 mA/cm2 at 3 MPa and about 1 at 7 MPa: J.
    Kasemchainan et al., Nat. Mater. 2019, 18, 1105, doi 10.1038/s41563-019-0438-9. The exponent of creep in the
    bulk, 6.6, would be far too steep.
    """
    pressed = 0.5 * (pressure + np.sqrt(pressure**2 + 4 * LEAST_PRESSURE**2))
    return reference * (pressed / reference_pressure) ** exponent


def void_rate(contact: Any, current: Any, creep: Any, depth: Any, molar_volume: Any) -> Any:
    """Rate of the contact fraction of lithium: voids open on stripping, plating fills them.

    ``d(theta)/dt = V/(F L) [-(i_strip - theta i_creep)+ + i_plate (1 - theta)]``. The positive part is
    ``softplus(i - c) - softplus(-c)`` with ``c = theta i_creep``, so that nothing happens at rest, and fades as
    ``1 - exp(-theta/0.005)`` where no contact is left.

    Parameters
    ----------
    contact : array-like or symbol
        Contact fraction theta.
    current : array-like or symbol
        Current density per electrode area, positive on stripping [A.m-2].
    creep : array-like or symbol
        Current that creep keeps fed at full contact [A.m-2]; see :func:`creep_current`.
    depth : array-like or symbol
        L, depth of the voids [m].
    molar_volume : array-like or symbol
        V, of lithium [m3.mol-1].

    Returns
    -------
    array-like or symbol
        [s-1].

    Notes
    -----
    With constant pressure and equal charges the contact of a cycled foil is steady while the current stays below
    the creep current and falls from cycle to cycle above it: the critical current is that of creep, the number of
    cycles follows from the charge of each.
    """
    fed = contact * creep
    unfed = softplus(current - fed, CURRENT_WIDTH) - softplus(-fed, CURRENT_WIDTH)
    left = 1 - np.exp(-contact / CONTACT_FLOOR)
    return molar_volume / (FARADAY * depth) * (plating_current(current) * (1 - contact) - unfed * left)


def intrusion_rate(current: Any, pressure: Any, charge: Any, reference_pressure: Any, exponent: Any) -> Any:
    """Rate at which plated lithium works its way through the electrolyte, ``i_plate/q (P/P_ref)**m`` [s-1].

    The cell is shorted when the integral reaches one.

    Parameters
    ----------
    current : array-like or symbol
        Current density, positive on stripping [A.m-2].
    pressure, reference_pressure : array-like or symbol
        Stack pressure, and the pressure to which `charge` belongs [Pa].
    charge : array-like or symbol
        q, plated charge to a short at the reference pressure [C.m-2].
    exponent : array-like or symbol
        m.

    Notes
    -----
    Times to a short of Li | Li6PS5Cl | Li at 0.075 mA/cm2: 272 h at 15 MPa, 48 h at 25 MPa, at once at 75 MPa, more
    than 1000 h at 5 MPa (J.-M. Doux et al., Adv. Energy Mater. 2020, 10, 1903253, doi 10.1002/aenm.201903253). The
    first two give m = 3.4 and, with half of the time spent plating, q = 1.8 mAh/cm2 at 25 MPa. That charge counts,
    and not time, is an assumption.
    """
    pressed = 0.5 * (pressure + np.sqrt(pressure**2 + 4 * LEAST_PRESSURE**2))
    return plating_current(current) / charge * (pressed / reference_pressure) ** exponent


def lithium_coverage(thickness: Any, nuclei: Any, scale: Any) -> Any:
    """Share of a current collector that plated lithium covers, ``s_0 + (1 - s_0)(1 - exp(-h/h_c))`` (assumption).

    Parameters
    ----------
    thickness : array-like or symbol
        h, mean thickness of the lithium [m].
    nuclei : array-like or symbol
        s_0, share on which plating starts.
    scale : array-like or symbol
        h_c, thickness at which islands have grown together [m].
    """
    return 1 - (1 - nuclei) * np.exp(-softplus(thickness, 0.02 * scale) / scale)
