"""Which measurements to make in the time there is: a first slice of optimal experiment design.

Information of independent measurements adds up. A plan is a set of candidates whose total time keeps the limit and
whose posterior, linearised, is smallest by a criterion.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import TypeGuard

import numpy as np

from assb.fitting.dataset import Dataset
from assb.fitting.plan import Plan, make_plan
from assb.fitting.problem import Problem
from assb.fitting.spectrum import Spectrum
from assb.fitting.synthetic import At, coordinates_at

__all__ = ["CRITERIA", "design", "select"]

#: Criteria: name -> what one number is made of the covariance of the parameters in prior standard deviations. Each
#: is the logarithm of a mean standard deviation: geometric, quadratic, and that of the worst combination.
CRITERIA: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "D": lambda c: 0.5 * np.linalg.slogdet(c)[1] / c.shape[-1],
    "A": lambda c: 0.5 * np.log(np.trace(c, axis1=-2, axis2=-1) / c.shape[-1]),
    "E": lambda c: 0.5 * np.log(np.linalg.eigvalsh(c)[..., -1]),
}
#: Improvement of a criterion below which two plans count as equal.
EQUAL = 1e-9


def design(
    problem: Problem,
    candidates: Iterable[Dataset | Spectrum] = (),
    criterion: str = "D",
    time_limit: float | None = None,
    parameters: Sequence[str] | None = None,
    at: At = None,
    cut_offs: bool = True,
) -> Plan:
    """The measurements that say most about the parameters within a time limit.

    Parameters
    ----------
    problem : Problem
        Model, priors and noise. What it has measured counts as known; its planned data sets are candidates.
    candidates : iterable of Dataset or Spectrum
        Planned measurements, each made at most once: :meth:`Dataset.planned`, :meth:`Spectrum.planned`, or the
        makers of :mod:`assb.fitting.candidates`.
    criterion : {"D", "A", "E"}
        What is made small of the posterior covariance of `parameters`, in prior standard deviations: its
        determinant, its trace, or its largest eigenvalue.
    time_limit : float, optional
        Of all measurements together, their preparation included [s]; no limit by default.
    parameters : sequence of str, optional
        Unknowns that matter; all others are nuisances, and marginalised. All by default.
    at : Estimate or mapping, optional
        Where the model is linearised: values of unknowns, the start of the problem for those that it lacks.
    cut_offs : bool
        Leave out candidates whose predicted voltage passes a cut-off of the parameter values.

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        For an unknown criterion or parameter, a candidate that is no planned data set, or none that can be made
        in the time.

    Notes
    -----
    Greedy by gain and by gain per time, then exchanges: one or two measurements are taken out and the time is filled
    again, until nothing improves. Criteria: A. C. Atkinson, A. N. Donev, R. D. Tobias, "Optimum Experimental
    Designs, with SAS", Oxford University Press 2007, chapter 10. Exchange: V. V. Fedorov, "Theory of Optimal
    Experiments", Academic Press 1972. A flat prior counts as a normal one of the same standard deviation.
    """
    if criterion not in CRITERIA:
        raise ValueError(f"criterion = {criterion!r}: use one of {', '.join(CRITERIA)}")
    if time_limit is not None and not time_limit > 0:
        raise ValueError(f"time_limit = {time_limit!r} s: give a positive time")
    added = list(candidates)
    for each in added:
        if not _is_planned(each):
            kind = f"{type(each).__name__} {getattr(each, 'name', '')!r}"
            raise ValueError(
                f"candidates holds {kind}, which is not planned: use Dataset.planned or Spectrum.planned, and"
                " give measured data to the problem"
            )
    full = problem.extended(added) if added else problem
    names = list(full.names if parameters is None else parameters)
    unknown = [name for name in names if name not in full.names]
    if unknown or not names:
        raise ValueError(
            f"parameters: {(unknown or [''])[0]!r} is no unknown: use some of {', '.join(full.names)}"
        )
    every = {k: each for k, each in enumerate(full.datasets) if _is_planned(each)}
    if not every:
        raise ValueError("candidates is empty: give at least one planned data set")
    known = [k for k in range(len(full.datasets)) if k not in every]
    z = coordinates_at(full, at)
    rows = [each[0] for each in full.predict(z)]
    for k in known:
        if not np.isfinite(rows[k]).all():
            raise ValueError(
                f"data set {full.datasets[k].name!r} cannot be simulated: choose other values in at"
            )
    information = full.with_rows(rows, measured=False).information(z)
    left_out = _left_out(full, rows, every, information, time_limit, cut_offs)
    kept = [k for k, each in every.items() if each.name not in left_out]
    if not kept:
        reasons = "; ".join(f"{name}: {why}" for name, why in list(left_out.items())[:3])
        raise ValueError(f"no candidate can be made: {reasons}: give a longer time_limit or other candidates")
    base = _prior_precision(full) + information[known].sum(axis=0)
    columns = [full.names.index(name) for name in names]
    durations = np.array([every[k].duration for k in kept])
    chosen = select(base, information[kept], durations, columns, criterion, time_limit)
    return make_plan(
        full,
        z,
        base,
        information[kept],
        [every[k] for k in kept],
        chosen,
        CRITERIA[criterion],
        columns,
        criterion=criterion,
        time_limit=time_limit,
        left_out=left_out,
    )


def _is_planned(data: object) -> TypeGuard[Dataset | Spectrum]:
    return isinstance(data, (Dataset, Spectrum)) and not data.measured


def _prior_precision(problem: Problem) -> np.ndarray:
    """That of the prior, and one along flat priors: their coordinates are standard deviations too."""
    n = len(problem.names)
    flat = [prior.weight == 0 for prior in problem.priors.values()]
    return np.asarray(problem.knowledge.precision[:n, :n]) + np.diag(np.array(flat, dtype=float))


def _left_out(
    problem: Problem,
    rows: Sequence[np.ndarray],
    every: Mapping[int, Dataset | Spectrum],
    information: np.ndarray,
    limit: float | None,
    cut_offs: bool,
) -> dict[str, str]:
    """Candidates that cannot be made, and why."""
    found = {}
    low, high = (
        float(problem.parameter_values.get(f"{side} voltage cut-off [V]", edge))
        for side, edge in (("Lower", -math.inf), ("Upper", math.inf))
    )
    for k, data in every.items():
        if not (np.isfinite(rows[k]).all() and np.isfinite(information[k]).all()):
            found[data.name] = "cannot be simulated"
        elif limit is not None and data.duration > limit:
            found[data.name] = (
                f"takes {data.duration / 3600:.3g} h, more than the limit of {limit / 3600:.3g} h"
            )
        elif cut_offs and isinstance(data, Dataset):
            voltage = rows[k][: len(data.time)]
            if voltage.min() < low:
                found[data.name] = f"reaches {voltage.min():.3f} V, below the cut-off of {low:g} V"
            elif voltage.max() > high:
                found[data.name] = f"reaches {voltage.max():.3f} V, above the cut-off of {high:g} V"
    return found


def select(
    base: np.ndarray,
    information: np.ndarray,
    durations: np.ndarray,
    columns: Sequence[int],
    criterion: str = "D",
    time_limit: float | None = None,
) -> list[int]:
    """Indices of the measurements of a plan, in the order in which they help most per time.

    Parameters
    ----------
    base : ndarray, shape (n, n)
        Precision before any of them.
    information : ndarray, shape (candidates, n, n)
    durations : ndarray, shape (candidates,)
        [s].
    columns : sequence of int
        Parameters that matter.
    criterion, time_limit
        As of :func:`design`.

    Returns
    -------
    list of int
    """
    score = CRITERIA[criterion]
    limit = math.inf if time_limit is None else time_limit * (1 + 1e-12)
    across, down = np.ix_(columns, columns)

    def scores(precisions: np.ndarray) -> np.ndarray:
        return score(np.linalg.inv(precisions)[..., across, down])

    def fill(chosen: list[int], per_time: bool, allowed: Sequence[int]) -> tuple[list[int], float]:
        """Add what helps most until the time is up."""
        chosen = list(chosen)
        precision = base + information[chosen].sum(axis=0)
        now = float(scores(precision[None])[0])
        left = limit - durations[chosen].sum()
        while True:
            fits = [k for k in allowed if k not in chosen and durations[k] <= left]
            if not fits:
                return chosen, now
            after = scores(precision + information[fits])
            gains = (now - after) / (np.maximum(durations[fits], 1.0) if per_time else 1.0)
            best = int(np.argmax(gains))
            if now - after[best] <= EQUAL:
                return chosen, now
            chosen.append(fits[best])
            precision = precision + information[fits[best]]
            now, left = float(after[best]), left - durations[fits[best]]

    every = range(len(durations))
    if durations.sum() <= limit:
        return fill([], True, every)[0]
    chosen, now = min((fill([], rule, every) for rule in (True, False)), key=lambda found: found[1])
    improved = True
    while improved:
        improved = False
        for count in (1, 2):
            for out in combinations(chosen, count):
                rest = [k for k in chosen if k not in out]
                others = [k for k in every if k not in out]
                found = min((fill(rest, rule, others) for rule in (True, False)), key=lambda f: f[1])
                if found[1] < now - EQUAL:
                    (chosen, now), improved = found, True
                    break
            if improved:
                break
    # In the order of the gain per time: a plan that is cut short has done the best first.
    return fill([], True, sorted(chosen))[0]
