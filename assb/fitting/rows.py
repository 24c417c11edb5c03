"""From rows to a protocol: steps of constant current, and which rows of a long record to keep."""

from __future__ import annotations

import numpy as np

__all__ = ["current_noise", "exact_steps", "kept_rows", "merged_steps", "tolerance_of"]

#: Rows belong to a step as long as they lie within this many standard deviations of its median ...
WIDTH = 5.0
#: ... and never farther than this share of the largest current.
LARGEST_SHARE = 0.01
#: A noisy step whose current is below this share of the largest is a rest; the smallest tolerance.
REST_SHARE = 1e-3
#: The median of a step is that of its first rows: it settles soon, and a record may have a million.
SETTLED = 101
#: Change of the current, as a share of the largest, that counts as a switch where rows are thinned.
SWITCH_SHARE = 0.05

Steps = tuple[tuple[float, float], ...]


def _within(time: np.ndarray, current: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows that belong to steps: the row at t = 0 is the state before the record starts."""
    return (time[1:], current[1:]) if time[0] == 0 else (time, current)


def exact_steps(time: np.ndarray, current: np.ndarray) -> Steps:
    """Steps between the rows where the current changes at all; a change lies midway between two rows."""
    times, values = _within(time, current)
    change = np.flatnonzero(np.diff(values) != 0)
    switches = 0.5 * (times[change] + times[change + 1])
    edges = np.concatenate([[0.0], switches, [time[-1]]])
    levels = np.concatenate([values[:1], values[change + 1]])
    return tuple((float(d), float(i)) for d, i in zip(np.diff(edges), levels, strict=True))


def current_noise(current: np.ndarray) -> float:
    """Standard deviation of the noise of a current, by second differences [unit of the current].

    Their upper quartile, so that switches do not count, and flicker between two readings does.
    """
    if len(current) < 4:
        return 0.0
    # Upper quartile of |x| of a standard normal; a second difference has six times its variance.
    return float(np.quantile(np.abs(np.diff(current, 2)), 0.75) / (1.1503 * np.sqrt(6)))


def tolerance_of(current: np.ndarray) -> float:
    """How far rows of one step may lie from its median [unit of the current].

    Five times the noise, but at least 0.1 % and at most 1 % of the largest current, because the noise changes with the
    range of the instrument; zero for a current without noise.
    """
    noise, largest = current_noise(current), float(np.max(np.abs(current)))
    return float(np.clip(WIDTH * noise, REST_SHARE * largest, LARGEST_SHARE * largest)) if noise else 0.0


def merged_steps(time: np.ndarray, current: np.ndarray, tolerance: float) -> Steps:
    """Steps of a noisy current.

    Parameters
    ----------
    time, current : ndarray, shape (n,)
        [s], [A].
    tolerance : float
        A row belongs to a step while it lies within this of the median of the step [A]; 0 for
        :func:`exact_steps`.

    Returns
    -------
    tuple of (duration, current)
        [s, A]. The current of a step is the mean of its rows over time, so that the charge is kept; below
        the tolerance and 0.1 % of the largest current it is a rest, zero.

    Notes
    -----
    A current that changes all the time (constant voltage, drive cycles) becomes a staircase whose treads are at
    most twice the tolerance high.
    """
    if not tolerance > 0:
        return exact_steps(time, current)
    times, values = _within(time, current)
    starts = [0]
    while starts[-1] < len(values):
        starts.append(_end_of_step(values, starts[-1], tolerance))
    first = np.array(starts[:-1])
    edges = np.concatenate([[0.0], 0.5 * (times[first[1:] - 1] + times[first[1:]]), [time[-1]]])
    middles = np.concatenate([[0.0], 0.5 * (times[1:] + times[:-1]), [time[-1]]])
    weights = np.maximum(np.diff(middles), 1e-300)
    means = np.add.reduceat(values * weights, first) / np.add.reduceat(weights, first)
    flat = np.maximum.reduceat(values, first) == np.minimum.reduceat(values, first)
    levels = np.where(flat, values[first], means)
    smallest = max(tolerance, REST_SHARE * float(np.max(np.abs(values))))
    levels = np.where(~flat & (np.abs(levels) <= smallest), 0.0, levels)
    return tuple((float(d), float(i)) for d, i in zip(np.diff(edges), levels, strict=True) if d > 0)


def _end_of_step(values: np.ndarray, start: int, tolerance: float) -> int:
    """First row after `start` that does not belong to the step that begins there."""
    stop = start + 1
    median = values[start]
    while stop < min(start + SETTLED, len(values)):
        if abs(values[stop] - median) > tolerance:
            return stop
        stop += 1
        median = np.median(values[start:stop])
    away = np.flatnonzero(np.abs(values[stop:] - median) > tolerance)
    return stop + int(away[0]) if away.size else len(values)


def kept_rows(time: np.ndarray, current: np.ndarray, rows: int) -> np.ndarray:
    """Indices of at most `rows` rows: both sides of each switch, and evenly in the logarithm of time after it.

    Parameters
    ----------
    time, current : ndarray, shape (n,)
        [s] and the current of the step that each row lies in [A].
    rows : int
        At least 3.

    Notes
    -----
    A switch is a change of the current by more than 5 % of the largest; treads of a staircase are none. Where
    there are more switches than half the rows, as in drive cycles, rows are taken evenly by their number.
    """
    n = len(time)
    if n <= rows:
        return np.arange(n)
    change = np.abs(np.diff(current)) > SWITCH_SHARE * np.max(np.abs(current))
    starts = np.concatenate([[0], np.flatnonzero(change) + 1, [n]])
    # A first row at t = 0 is a state of its own.
    if time[0] == 0 and starts[1] != 1:
        starts = np.concatenate([[0, 1], starts[1:]])
    sizes = np.diff(starts)
    if np.minimum(sizes, 2).sum() > rows:
        return np.unique(np.linspace(0, n - 1, rows).round().astype(int))
    shares = np.minimum(sizes, 2)
    # The rest goes round, to whoever has rows left.
    left = rows - int(shares.sum())
    while left > 0 and (shares < sizes).any():
        open_ = np.flatnonzero(shares < sizes)
        shares[open_[:left]] += 1
        left -= min(left, len(open_))
    kept = [_logarithmic(time, a, b, k) for a, b, k in zip(starts, starts[1:], shares, strict=False)]
    return np.concatenate(kept)


def _logarithmic(time: np.ndarray, start: int, stop: int, count: int) -> np.ndarray:
    if count >= stop - start:
        return np.arange(start, stop)
    if count == 1:
        return np.array([start])
    switch = 0.5 * (time[start - 1] + time[start]) if start else time[0] - (time[1] - time[0])
    since = np.log(time[start:stop] - switch)
    wanted = np.linspace(since[0], since[-1], count)
    index = np.searchsorted(since, wanted)
    # Early on there are fewer rows than wishes: each moves on to the next row that is free, from either end.
    index = np.maximum.accumulate(index - np.arange(count)) + np.arange(count)
    index = np.minimum(index, len(since) - 1 - np.arange(count)[::-1])
    return start + index
