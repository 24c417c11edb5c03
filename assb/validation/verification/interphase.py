"""Growth of the interphase against the closed forms of Deal and Grove.

With a velocity k and a parabolic constant D, ``d(delta)/dt = 1/(1/k + delta/D)``, so that

    delta - delta_0 = k t                                       (reaction-limited)
    delta^2 - delta_0^2 = 2 D t                                 (diffusion-limited)
    (delta^2 - delta_0^2)/(2 D) + (delta - delta_0)/k = t       (mixed)

B. E. Deal, A. S. Grove, J. Appl. Phys. 1965, 36, 3770, doi 10.1063/1.1713945.
"""

from __future__ import annotations

import numpy as np

from assb.models import DFN, SPM
from assb.validation.verification.cell import P, ideal_values, number, run
from assb.validation.verification.registry import Measured, check, relative

SOURCE = "Deal & Grove 1965, doi 10.1063/1.1713945"
VELOCITY, PARABOLIC = 1e-13, 1e-21
TIMES = np.linspace(0, 4e5, 21)
LIMIT = 1e-5


def thickness(law: str, initial: float) -> np.ndarray:
    """Thickness [m] at `TIMES`."""
    if law == "reaction-limited":
        return initial + VELOCITY * TIMES
    if law == "diffusion-limited":
        return np.sqrt(initial**2 + 2 * PARABOLIC * TIMES)
    free = PARABOLIC / VELOCITY
    return -free + np.sqrt((initial + free) ** 2 + 2 * PARABOLIC * TIMES)


def _grown(law: str, model: type) -> Measured:
    """Growth at rest, at a rate that does not depend on the potential, far above the onset."""
    values = ideal_values(
        **{
            P + "interphase reaction velocity [m.s-1]": VELOCITY,
            P + "interphase parabolic constant [m2.s-1]": PARABOLIC,
            P + "interphase transfer coefficient": 0.0,
            P + "interphase oxidation onset [V]": 0.0,
            P + "initial interphase thickness [m]": 2e-9,
            "Current function [A]": 0.0,
        }
    )
    solution = run(values, TIMES, model=model, options={"interphase": law})
    found = solution[f"X-averaged {P.lower()}interphase thickness [m]"](TIMES)
    return relative(thickness(law, number(values, P + "initial interphase thickness [m]")), found)


@check("linear growth", "thickness under reaction control, 2 to 42 nm [m]", LIMIT, SOURCE)
def linear() -> Measured:
    """SPM."""
    return _grown("reaction-limited", SPM)


@check("parabolic growth", "thickness under diffusion control, 2 to 28 nm [m]", LIMIT, SOURCE)
def parabolic() -> Measured:
    """SPM."""
    return _grown("diffusion-limited", SPM)


@check("mixed growth", "thickness under mixed control, DFN [m]", LIMIT, SOURCE)
def mixed() -> Measured:
    """DFN."""
    return _grown("mixed", DFN)
