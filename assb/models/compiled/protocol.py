"""Piecewise-constant current and the time grid it is integrated on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .interpolation import POINTS, Resampling, polynomial

__all__ = ["Protocol", "increasing_times"]

# Times closer than this [s] count as equal, so that 0.1 + 0.2 may name the switch at 0.3.
SAME_TIME = 1e-9


def _number(name: str, value: object) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ValueError(f"{name}={value!r} is not a number; give a finite number.") from None
    if not math.isfinite(number):
        raise ValueError(f"{name}={value!r} is not finite; give a finite number.")
    return number


def _positive(name: str, value: object) -> float:
    number = _number(name, value)
    if number <= 0:
        raise ValueError(f"{name}={value!r} must be positive; give a value above 0.")
    return number


def _steps_between(a: float, b: float, switch: float, first: float, growth: float, longest: float):
    """Step sizes from a to b; the wanted size grows linearly with the time since the switch.

    That is the continuous form of the geometric sequence first, first*growth, ...: it restarts in
    the right place after every output time.
    """
    sizes: list[float] = []
    t = a
    while b - t > SAME_TIME:
        wanted = min(longest, first + (growth - 1.0) * (t - switch))
        left = b - t
        count = math.ceil(left / wanted - 1e-6)
        if count <= 2 or wanted == longest:
            # Equal steps to the end: no tiny remainder, and one step size to prepare for.
            sizes += [round(left / max(count, 1), 9)] * max(count, 1)
            break
        sizes.append(round(wanted, 9))
        t += sizes[-1]
    return sizes


@dataclass(frozen=True, eq=False, repr=False)
class Protocol:
    """Current that is constant on each step, with output times and an integration grid.

    Build one with `from_steps`. Positive current discharges, as in PyBaMM.

    Attributes
    ----------
    steps : tuple of (float, float)
        (duration [s], current [A]).
    output_times : ndarray, shape (n_times,)
        Absolute times [s], strictly increasing.
    output_current : ndarray, shape (n_times,)
        Current [A] at the output times; at a switch, that before it.
    initial_current : float
        Current [A] before the first step, hence at an output at t = 0.
    h, current : ndarray, shape (n_grid,)
        Size [s] and current [A] of every integration step.
    emit : ndarray of uint8, shape (n_grid,)
        1 where a row of outputs follows the integration step.
    emit_initial : bool
        Whether t = 0 is an output time.
    resampling : callable, optional
        From these rows to the output times, where they differ.
    """

    steps: tuple[tuple[float, float], ...]
    output_times: NDArray[np.float64]
    output_current: NDArray[np.float64]
    initial_current: float
    h: NDArray[np.float64]
    current: NDArray[np.float64]
    emit: NDArray[np.uint8]
    emit_initial: bool
    resampling: Resampling | None = None

    @classmethod
    def from_steps(
        cls,
        steps: Iterable[Sequence[float]],
        output_times: ArrayLike | None = None,
        *,
        initial_current: float = 0.0,
        refine: float = 1.0,
        first_step: float = 0.25,
        growth: float = 1.6,
        max_step: float | None = None,
        interpolate: bool = False,
    ) -> Protocol:
        """Make a protocol from (duration, current) pairs.

        Parameters
        ----------
        steps : iterable of (duration [s], current [A])
        output_times : array_like, shape (n_times,), optional
            Absolute times [s], strictly increasing, within the protocol. By default every point of
            the integration grid, t = 0 included. An output at a switch belongs to the earlier step.
        initial_current : float
            Current [A] that holds at t = 0.
        refine : float
            2 halves every integration step, 0.5 doubles it.
        first_step : float
            Integration step [s] after each switch.
        growth : float
            Ratio of successive integration steps.
        max_step : float, optional
            Longest integration step [s]; by default 1/100 of the duration of the step, at least 20 s.
        interpolate : bool
            Let the integration step over output times, and interpolate (of fifth degree, within a step
            of the protocol). Faster where output times are denser than accuracy demands.

        Returns
        -------
        Protocol

        Raises
        ------
        ValueError
            If a duration is not positive, a number is not finite, or the output times do not increase
            or lie outside the protocol.
        """
        pairs = _pairs(steps)
        initial = _number("initial_current", initial_current)
        refine = _positive("refine", refine)
        first = _positive("first_step", first_step) / refine
        if _number("growth", growth) <= 1:
            raise ValueError(f"growth={growth!r} must exceed 1; 1.6 is a good choice.")
        rate = 1.0 + (growth - 1.0) / refine
        longest = None if max_step is None else _positive("max_step", max_step) / refine
        ends = np.cumsum([duration for duration, _ in pairs])
        times = None if output_times is None else _output_times(output_times, float(ends[-1]))

        sizes: list[float] = []
        currents: list[float] = []
        emitted: list[int] = []
        parts: list[Resampling] = []
        start = 0.0
        for (duration, value), end in zip(pairs, ends, strict=True):
            bound = longest or max(duration / 100.0, 20.0) / refine
            knots = (
                np.empty(0)
                if times is None
                else times[(times > start + SAME_TIME) & (times <= end + SAME_TIME)]
            )
            exact, everywhere = knots, times is None
            if interpolate and len(knots):
                free = _steps_between(start, float(end), start, first, rate, bound)
                # No interpolation across a switch, nor from one side only: what is near the ends is hit.
                near = (knots <= start + sum(free[:POINTS])) | (knots > end - 2.5 * free[-1])
                everywhere = len(free) > POINTS
                exact = knots[near] if everywhere else knots
            stops = [(float(t), 1) for t in exact]
            if not stops or end - stops[-1][0] > SAME_TIME:
                stops.append((float(end), 0))
            at, before = start, len(sizes)
            for stop, flag in stops:
                new = _steps_between(at, stop, start, first, rate, bound)
                sizes += new
                emitted += [int(everywhere)] * (len(new) - 1) + [flag or int(everywhere)]
                at = stop
            currents += [value] * (len(sizes) - len(currents))
            if interpolate and len(knots):
                # In the square root of time: diffusion makes that the smooth variable after a switch.
                nodes = np.sqrt(np.cumsum(sizes[before:]))
                since = np.sqrt(np.maximum(knots - start, 0.0))
                parts.append(_resampling(nodes, since, everywhere, sum(emitted[:before])))
            start = float(end)

        current = np.array(currents)
        emit = np.array(emitted, dtype=np.uint8)
        if times is None:
            times = np.concatenate([[0.0], np.cumsum(sizes)])
        at_start = bool(times.size and times[0] <= SAME_TIME)
        after = np.maximum(np.searchsorted(ends, times - SAME_TIME), 0)
        shown = np.array([pairs[i][1] for i in np.minimum(after, len(pairs) - 1)])
        if at_start:
            shown[0] = initial
        resampling = None
        if interpolate and parts:
            rows = np.concatenate([part.rows for part in parts]) + at_start
            weights = np.concatenate([part.weights for part in parts])
            if at_start:
                rows = np.concatenate([np.zeros((1, POINTS), dtype=int), rows])
                weights = np.concatenate([np.eye(1, POINTS), weights])
            resampling = Resampling(rows, weights)
        h = np.array(sizes)
        # The grid is handed to C by address and shared between threads.
        for array in (times, shown, h, current, emit):
            array.setflags(write=False)
        return cls(tuple(pairs), times, shown, initial, h, current, emit, at_start, resampling)

    @property
    def n_times(self) -> int:
        """Number of output times."""
        return self.output_times.size

    @property
    def n_rows(self) -> int:
        """Number of rows of outputs that the integration writes."""
        return int(self.emit.sum()) + self.emit_initial

    def resample(self, values: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
        """Rows that the integration wrote to rows at the output times."""
        return values if self.resampling is None else self.resampling(values, axis)

    def __repr__(self) -> str:
        total = sum(duration for duration, _ in self.steps)
        return (
            f"Protocol({len(self.steps)} steps, {total:g} s, {self.n_times} output times, "
            f"{self.h.size} integration steps)"
        )


def _resampling(
    nodes: NDArray[np.float64], times: NDArray[np.float64], everywhere: bool, before: int
) -> Resampling:
    """Rows of one step of the protocol, `before` of which precede it, to its output times."""
    if everywhere:
        part = polynomial(nodes, times)
    else:  # each output time is a row
        part = Resampling(
            np.zeros((times.size, POINTS), dtype=int), np.tile(np.eye(1, POINTS), (times.size, 1))
        )
        part.rows[:, 0] = np.arange(times.size)
    part.rows += before
    return part


def _pairs(steps: Iterable[Sequence[float]]) -> list[tuple[float, float]]:
    pairs: list[tuple[float, float]] = []
    for i, item in enumerate(steps):
        try:
            duration, current = item
        except (TypeError, ValueError):
            raise ValueError(f"steps[{i}]={item!r} must be a pair (duration [s], current [A]).") from None
        pairs.append((_positive(f"steps[{i}] duration", duration), _number(f"steps[{i}] current", current)))
    if not pairs:
        raise ValueError("steps=[] is empty; give at least one (duration [s], current [A]).")
    return pairs


def increasing_times(output_times: ArrayLike) -> NDArray[np.float64]:
    """Output times as an array.

    Raises
    ------
    ValueError
        If they are not finite, not one-dimensional or do not increase.
    """
    times = np.array(output_times, dtype=float)
    if times.ndim != 1 or times.size == 0:
        raise ValueError(f"output_times has shape {times.shape}; give a non-empty one-dimensional array.")
    if not np.all(np.isfinite(times)):
        bad = int(np.flatnonzero(~np.isfinite(times))[0])
        raise ValueError(f"output_times[{bad}]={float(times[bad])!r} is not finite; remove it.")
    if np.any(np.diff(times) <= SAME_TIME):
        bad = int(np.flatnonzero(np.diff(times) <= SAME_TIME)[0]) + 1
        raise ValueError(
            f"output_times[{bad}]={times[bad]:g} does not exceed the one before it; sort the times and "
            "remove duplicates."
        )
    return times


def _output_times(output_times: ArrayLike, end: float) -> NDArray[np.float64]:
    times = increasing_times(output_times)
    outside = (times < -SAME_TIME) | (times > end + SAME_TIME)
    if outside.any():
        bad = int(np.flatnonzero(outside)[0])
        raise ValueError(
            f"output_times[{bad}]={times[bad]:g} s lies outside the protocol, 0 to {end:g} s; drop it or "
            "lengthen the steps."
        )
    return times
