"""Where the single-particle model stops being enough: Thiele number and ohmic drop of a run."""

from __future__ import annotations

import warnings

import numpy as np
import pybamm

__all__ = [
    "OHMIC_LIMIT",
    "THIELE_LIMIT",
    "ThieleWarning",
    "largest_ohmic_drops",
    "largest_thiele_numbers",
    "warn_of_thiele",
]

#: Thiele number above which the distribution of the reaction asks for the resolved model.
THIELE_LIMIT = 2.5
#: Ohmic drop of a uniform reaction [V] above which the filling spreads through the depth at any Thiele number.
OHMIC_LIMIT = 0.05
#: The same with "reaction distribution": "nonlinear modes", which err by about 5 mV there.
MODAL_THIELE_LIMIT, MODAL_OHMIC_LIMIT = 5.0, 0.2


class ThieleWarning(UserWarning):
    """The reaction is more uneven in depth than the single-particle model resolves."""


def _of_electrodes(solution: pybamm.Solution, *names: str) -> dict[str, float]:
    """Largest magnitude of a sum of variables in a run by electrode, where the solution holds them."""
    found = {}
    for domain in ("positive", "negative"):
        full = [f"{domain.capitalize()} electrode {name}" for name in ("Thiele number", *names)]
        if all(name in model.variables for model in solution.all_models for name in full):
            values = sum(solution[f"{domain.capitalize()} electrode {name}"].entries for name in names)
            found[domain] = float(np.max(np.abs(values)))
    return found


def largest_thiele_numbers(solution: pybamm.Solution) -> dict[str, float]:
    """Largest Thiele number of a run by electrode, "positive" and, of a composite, "negative".

    Electrodes whose Thiele number the solution does not hold are left out.
    """
    return _of_electrodes(solution, "Thiele number")


def largest_ohmic_drops(solution: pybamm.Solution) -> dict[str, float]:
    """Largest drop i L (1/kappa + 1/sigma)/3 [V] of a uniform reaction, keys as of `largest_thiele_numbers`."""
    return _of_electrodes(solution, "ionic network overpotential [V]", "electronic network overpotential [V]")


def warn_of_thiele(
    solution: pybamm.Solution,
    limit: float | None = None,
    drop_limit: float | None = None,
    stacklevel: int = 2,
) -> dict[str, float]:
    """Warn when a run of the SPM went beyond a limit, naming the electrodes and the remedy.

    Parameters
    ----------
    solution : pybamm.Solution
    limit, drop_limit : float, optional
        Thiele number and ohmic drop [V]; by default 2.5 and 0.05 V, with nonlinear modes 5 and 0.2 V.
    stacklevel : int
        As of ``warnings.warn``.

    Returns
    -------
    dict
        Of :func:`largest_thiele_numbers`, and of :func:`largest_ohmic_drops` with the suffix " ohmic drop [V]".
    """
    modal = solution.all_models[0].options.get("reaction distribution") == "nonlinear modes"
    if limit is None:
        limit = MODAL_THIELE_LIMIT if modal else THIELE_LIMIT
    if drop_limit is None:
        drop_limit = MODAL_OHMIC_LIMIT if modal else OHMIC_LIMIT
    numbers, drops = largest_thiele_numbers(solution), largest_ohmic_drops(solution)
    steep = [f"{domain} electrode {value:.1f}" for domain, value in numbers.items() if value > limit]
    ohmic = [f"{domain} electrode {value:.2g} V" for domain, value in drops.items() if value > drop_limit]
    reasons = [f"Thiele number above {limit:g} ({', '.join(steep)})"] * bool(steep)
    reasons += [f"ohmic drop i L (1/kappa + 1/sigma)/3 above {drop_limit:g} V ({', '.join(ohmic)})"] * bool(
        ohmic
    )
    if reasons:
        modes = "" if modal else ', or option "reaction distribution": "nonlinear modes"'
        warnings.warn(
            f"{' and '.join(reasons)}: the reaction is uneven in depth and the SPM may be off by several mV. "
            f"Use assb.models.DFN{modes}.",
            ThieleWarning,
            stacklevel=stacklevel + 1,
        )
    return numbers | {f"{domain} ohmic drop [V]": value for domain, value in drops.items()}
