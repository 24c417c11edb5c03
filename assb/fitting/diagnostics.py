"""Has the chain converged: autocorrelation time, effective sample size, split R-hat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import emcee
import numpy as np

#: The stopping rule.
STEPS_OVER_TAU = 50
ESS = 400
RHAT = 1.05
#: Burn-in in autocorrelation times, from a point near the mode.
BURN_IN = 5


def split_rhat(chain: np.ndarray) -> np.ndarray:
    """Split R-hat of each parameter.

    Parameters
    ----------
    chain : ndarray, shape (steps, walkers, parameters)

    Returns
    -------
    ndarray, shape (parameters,)
        Potential scale reduction over the halves of all walkers; 1 when they agree.

    References
    ----------
    A. Gelman et al., Bayesian Data Analysis, 3rd ed., 2013, Sec. 11.4.
    """
    half = chain.shape[0] // 2
    if half < 2:
        return np.full(chain.shape[2], np.inf)
    halves = np.concatenate([chain[:half], chain[half : 2 * half]], axis=1)
    means, variances = halves.mean(axis=0), halves.var(axis=0, ddof=1)
    within, between = variances.mean(axis=0), half * means.var(axis=0, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.sqrt(((half - 1) / half * within + between / half) / within)
    return np.where(within > 0, ratio, np.inf)


def autocorrelation_time(chain: np.ndarray) -> np.ndarray:
    """Integrated autocorrelation time of each parameter in stored steps, shape (parameters,).

    References
    ----------
    J. Goodman, J. Weare, Commun. Appl. Math. Comput. Sci. 2010, 5, 65, doi 10.2140/camcos.2010.5.65.
    """
    if chain.shape[0] < 8:
        return np.full(chain.shape[2], np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        tau = emcee.autocorr.integrated_time(chain, tol=0, quiet=True)
    # A parameter that never moved has no autocorrelation time: it is not converged.
    return np.where(np.isfinite(tau), tau, np.inf)


def diagnose(
    chain: np.ndarray, names: Sequence[str], thin: int = 1, effective: float = ESS
) -> dict[str, Any]:
    """Numbers of the stopping rule.

    Parameters
    ----------
    chain : ndarray, shape (stored steps, walkers, parameters)
    names : sequence of str
    thin : int
        Steps between stored ones; times are reported in steps.
    effective : float
        Smallest effective sample size that will do.

    Returns
    -------
    dict
        ess_min, tau_max, steps_over_tau, rhat_max (over the chain after burn-in), burn_in, steps, walkers,
        tau by parameter, and status "running" or "done".
    """
    tau = autocorrelation_time(chain)
    longest = float(np.max(tau))
    burn = min(int(np.ceil(BURN_IN * longest)), chain.shape[0] // 2) if np.isfinite(longest) else 0
    kept = chain[burn:]
    tau = autocorrelation_time(kept)
    longest = float(np.max(tau))
    steps, walkers = kept.shape[0], kept.shape[1]
    ess = steps * walkers / tau
    rhat = float(np.max(split_rhat(kept)))
    over = steps / longest
    done = over >= STEPS_OVER_TAU and float(np.min(ess)) >= effective and rhat <= RHAT
    return {
        "status": "done" if done else "running",
        "ess_min": float(np.min(ess)),
        "tau_max": longest * thin,
        "steps_over_tau": over,
        "rhat_max": rhat,
        "burn_in": burn * thin,
        "steps": chain.shape[0] * thin,
        "walkers": walkers,
        "tau": {name: float(t) * thin for name, t in zip(names, tau, strict=True)},
    }
