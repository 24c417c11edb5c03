"""The posterior of many points, spread over a pool of workers."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import numpy as np

from assb.fitting.problem import Problem


class Pool(Protocol):
    """Anything that maps: ``multiprocessing.Pool``, ``concurrent.futures`` executors, a pool of MPI."""

    def map(self, function: Callable[[Any], Any], items: Iterable[Any], /) -> Iterable[Any]:
        """Results of `function` on each of `items`, in order."""


def pooled_log_posterior(problem: Problem, pool: Pool | None) -> Callable[[np.ndarray], np.ndarray]:
    """Log posterior of the points of an ensemble, evaluated in blocks by the workers of a pool.

    Parameters
    ----------
    problem : Problem
        Sent to the workers with each block, some 0.1 MB; what fails there is counted here.
    pool : object with map, or None
        None evaluates all points at once, on the threads of the problem.

    Returns
    -------
    callable
        From coordinates, shape (sets, all parameters), to log posterior densities, shape (sets,).
    """
    if pool is None:
        return problem.log_posterior

    def log_posterior(points: np.ndarray) -> np.ndarray:
        blocks = np.array_split(points, min(len(points), os.cpu_count() or 1))
        values = []
        for value, process, evaluations, reasons in pool.map(_block, [(problem, block) for block in blocks]):
            values.append(value)
            if process != os.getpid():
                problem.evaluations += evaluations
                problem.failures += sum(reasons.values())
                problem.failure_reasons.update(reasons)
        return np.concatenate(values)

    return log_posterior


def _block(task: tuple[Problem, np.ndarray]) -> tuple[np.ndarray, int, int, Counter[str]]:
    """Values, the process that found them, and what it counted for the first time."""
    problem, points = task
    evaluations, reasons = problem.evaluations, problem.failure_reasons.copy()
    value = problem.log_posterior(points)
    return value, os.getpid(), problem.evaluations - evaluations, problem.failure_reasons - reasons
