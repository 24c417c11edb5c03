"""Controlled steps to a stated accuracy.

The integrator bounds the error of each of its steps. What those errors add up to is found by comparing two
solutions: the local tolerances of successive levels differ eightfold, so that their difference is, with
a margin, the error of the finer one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .cycling import CycleLibrary, CycleResult, StepTable

__all__ = ["LOCAL_SHARE", "Controlled", "run_to_tolerance"]

Array = NDArray[np.float64]
#: Of the tolerance, what one integration step may use where the sum is not verified.
LOCAL_SHARE = 0.2
# The same at the coarsest level; each further level divides it by RATIO.
_FIRST_SHARE = 0.5
_RATIO = 8.0
_LEVELS = 5
# At most so many places, besides the ends of steps, are compared.
_PLACES = 32


@dataclass(frozen=True)
class Controlled:
    """A verified result.

    Attributes
    ----------
    result : CycleResult
    error : ndarray, shape (n,)
        Estimated error of the voltage [V]; NaN for sets that failed.
    """

    result: CycleResult
    error: Array


def run_to_tolerance(
    library: CycleLibrary,
    table: StepTable,
    p: Array,
    tolerance: float,
    voltage: int,
    *,
    threads: int | None = None,
    output_times: Array | None = None,
    initial_current: float = 0.0,
) -> Controlled:
    """Run a protocol once, refining the sets that need it until they are within `tolerance` [V].

    Parameters
    ----------
    library : CycleLibrary
    table : StepTable
    p : ndarray, shape (n, n_inputs)
    tolerance : float
        Of the voltage [V]; after a cut-off, at the same time since the start of the step.
    voltage : int
        Which output is the voltage.
    threads, initial_current
        As for `CycleLibrary.run`.
    output_times : ndarray, shape (n_times,), optional
        Without, the integration steps of a single set are traced.

    Returns
    -------
    Controlled
        Sets whose `error` still exceeds `tolerance` did not get there at the finest level.
    """

    def run(sets: NDArray[np.intp], level: int, **options: Any) -> CycleResult:
        local = tolerance * _FIRST_SHARE / _RATIO**level
        rows = np.ascontiguousarray(p[sets])
        options |= {"threads": threads, "initial_current": initial_current}
        return library.run(table, 1, rows, local, **options)

    sets = np.arange(len(p))
    error = np.full(len(p), np.nan)
    final: CycleResult | None = None
    for level in range(1, _LEVELS):
        fine = run(sets, level, output_times=output_times, trace=output_times is None)
        times, steps, values = _places(fine, output_times, voltage)
        coarse = run(sets, level - 1, output_times=times, output_steps=steps)
        gap = _gap(coarse, fine, values, voltage)
        final = fine if final is None or len(sets) == len(p) else _merge(final, fine, sets)
        error[sets] = gap
        sets = sets[gap > tolerance]
        if not sets.size:
            break
    assert final is not None
    error[final.failed] = np.nan
    return Controlled(final, error)


def _places(result: CycleResult, output_times: Array | None, voltage: int) -> tuple[Any, ...]:
    """Where the voltage is known: times since the start of steps, steps, voltages; each (n, n_places)."""
    if output_times is None:
        trace = result.trace
        steps = trace[:, 2].astype(np.int32)
        starts = trace[np.searchsorted(steps, steps, side="left"), 0]
        times, steps, values = (trace[:, 0] - starts)[None], steps[None], trace[None, :, 5 + voltage]
    else:
        ends = np.nancumsum(result.summary[:, 0, :, 0], axis=1)
        # An output at a switch belongs to the earlier step.
        steps = (output_times[None, :, None] > ends[:, None, :] + 1e-9).sum(axis=2).astype(np.int32)
        starts = np.concatenate([np.zeros((len(ends), 1)), ends], axis=1)
        times = np.maximum(output_times - np.take_along_axis(starts, steps.astype(np.intp), axis=1), 0.0)
        values = result.series[..., voltage]
    # At few of them: a solution that had to stop at all of them would not be the coarser one.
    some = _places_to_compare(values)
    return tuple(
        np.ascontiguousarray(np.take_along_axis(each, some, axis=1)) for each in (times, steps, values)
    )


def _places_to_compare(values: Array) -> NDArray[np.intp]:
    """Half of them evenly spread, half where the voltage changes most; columns of `values`, increasing."""
    n, m = values.shape
    if m <= _PLACES:
        return np.tile(np.arange(m), (n, 1))
    even = np.linspace(0, m - 1, _PLACES // 2).astype(int)
    change = np.nan_to_num(np.abs(np.diff(values, axis=1)))
    steep = np.argpartition(change, m - 2 - _PLACES // 2, axis=1)[:, -_PLACES // 2 :]
    return np.sort(np.concatenate([np.tile(even, (n, 1)), steep], axis=1), axis=1)


def _gap(coarse: CycleResult, fine: CycleResult, values: Array, voltage: int) -> Array:
    """Largest difference of the voltage [V] in each set, shape (n,); infinite where only one solution failed.

    At the end of a step ended by a cut-off it is the difference in time, multiplied by the slope.
    """
    a, b = coarse.summary[:, 0], fine.summary[:, 0]
    cut = fine.reason[:, 0] >= 0
    ends = np.where(cut, np.abs(a[..., 0] - b[..., 0]) * np.abs(b[..., 4]), np.abs(a[..., 1] - b[..., 1]))
    worst = np.max(np.nan_to_num(ends), axis=1, initial=0.0)
    apart = np.nan_to_num(np.abs(coarse.series[..., voltage] - values))
    worst = np.maximum(worst, np.max(apart, axis=1, initial=0.0))
    # Two failures agree; one alone has to be looked into, and so have different ends of a step.
    failed = coarse.failed, fine.failed
    worst[failed[0] & failed[1]] = 0.0
    worst[(failed[0] != failed[1]) | (coarse.reason != fine.reason).any(axis=(1, 2)) & ~failed[1]] = np.inf
    return worst


def _merge(into: CycleResult, result: CycleResult, sets: NDArray[np.intp]) -> CycleResult:
    for name in ("summary", "reason", "status", "reached", "series"):
        getattr(into, name)[sets] = getattr(result, name)
    return replace(into, n_steps=into.n_steps + result.n_steps)
