"""Evaluations that raise or stall cost one parameter set, not the run."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np


class StallError(TimeoutError):
    """An evaluation took longer than its limit."""


@contextlib.contextmanager
def deadline(seconds: float | None) -> Iterator[None]:
    """Raise :class:`StallError` in the body after `seconds`.

    It works where signals do: in the main thread on POSIX, between instructions of Python. Elsewhere there is no
    limit; compiled simulators bound their own number of steps.
    """
    able = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if seconds is None or not able:
        yield
        return

    def ring(*_):
        raise StallError(f"no answer after {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def predict_each(
    predict: Callable[[np.ndarray], np.ndarray],
    values: np.ndarray,
    rows: int,
    seconds: float | None,
    reasons: Counter[str],
) -> np.ndarray:
    """Predictions of all sets together; if that raises or stalls, one by one, NaN for those that do.

    Parameters
    ----------
    predict : callable
        Takes (sets, inputs), returns (sets, rows).
    values : ndarray, shape (sets, inputs)
    rows : int
    seconds : float, optional
        Limit of one call.
    reasons : collections.Counter
        Gets one count for each set that was lost.

    Returns
    -------
    ndarray, shape (sets, rows)
    """
    try:
        with deadline(seconds):
            result = predict(values)
        lost = int((~np.isfinite(result).all(axis=1)).sum())
        if lost:
            reasons["not a number"] += lost
        return result
    except Exception as error:
        if len(values) == 1:
            reasons[f"{type(error).__name__}: {error}"] += 1
            return np.full((1, rows), np.nan)
    return np.concatenate([predict_each(predict, row[None], rows, seconds, reasons) for row in values])
