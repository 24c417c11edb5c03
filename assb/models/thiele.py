"""Where the single-particle model stops being enough: the Thiele number of a run."""

from __future__ import annotations

import warnings

import numpy as np
import pybamm

__all__ = ["THIELE_LIMIT", "ThieleWarning", "largest_thiele_numbers", "warn_of_thiele"]

#: Thiele number above which the distribution of the reaction asks for the resolved model.
THIELE_LIMIT = 2.5


class ThieleWarning(UserWarning):
    """The reaction is more uneven in depth than the single-particle model resolves."""


def largest_thiele_numbers(solution: pybamm.Solution) -> dict[str, float]:
    """Largest Thiele number of a run by electrode, "positive" and, of a composite, "negative".

    Electrodes whose Thiele number the solution does not hold are left out.
    """
    found = {}
    for domain in ("positive", "negative"):
        name = f"{domain.capitalize()} electrode Thiele number"
        if all(name in model.variables for model in solution.all_models):
            found[domain] = float(np.max(solution[name].entries))
    return found


def warn_of_thiele(
    solution: pybamm.Solution, limit: float = THIELE_LIMIT, stacklevel: int = 2
) -> dict[str, float]:
    """Warn when a run of the SPM went beyond `limit`, naming the electrodes and the remedy.

    Returns
    -------
    dict
        As of :func:`largest_thiele_numbers`.
    """
    found = largest_thiele_numbers(solution)
    beyond = [f"{domain} electrode {value:.1f}" for domain, value in found.items() if value > limit]
    if beyond:
        warnings.warn(
            f"Thiele number above {limit:g} ({', '.join(beyond)}): the reaction is uneven in depth and the SPM "
            "may be off by several mV. Use assb.models.DFN.",
            ThieleWarning,
            stacklevel=stacklevel + 1,
        )
    return found
