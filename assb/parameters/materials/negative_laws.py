"""Laws that the active materials of composite negative electrodes share."""

from __future__ import annotations

from typing import Any

import pybamm


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
