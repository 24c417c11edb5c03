"""Laws that the active materials of composite negative electrodes share."""

from __future__ import annotations

from typing import Any

import pybamm

from assb.parameters.entry import Entry, assumed


def square_root_exchange_current(y: Any, T: Any) -> Any:
    """Exchange current density [A.m-2]: the square-root law on a reference value, with Arrhenius."""
    from assb.models.closures import arrhenius, exchange_current_density

    reference = pybamm.Parameter("Negative electrode reference exchange-current density [A.m-2]")
    energy = pybamm.Parameter("Negative electrode exchange-current activation energy [J.mol-1]")
    return exchange_current_density(
        reference * arrhenius(energy, T, pybamm.Parameter("Reference temperature [K]")), y
    )


def constant_diffusivity(y: Any, T: Any) -> Any:
    """Diffusivity [m2.s-1]: the reference value at any stoichiometry."""
    return pybamm.Parameter("Negative particle reference diffusivity [m2.s-1]") + 0 * y


def no_hysteresis(y: Any) -> Any:
    """Potential on delithiation less that on lithiation [V]: none."""
    return 0.0 * y


def hysteresis_entries(width: Entry) -> dict[str, Entry]:
    """Parameters of option "negative hysteresis" from `width`, a function of the stoichiometry [V]."""
    return {
        "Negative electrode OCP hysteresis [V]": width,
        "Negative electrode hysteresis decay": assumed(
            20.0, "a change of direction fades over 5 % of the capacity, order of magnitude"
        ),
        "Negative electrode initial hysteresis state": assumed(
            1.0, "left after a discharge: lithium went out"
        ),
    }
