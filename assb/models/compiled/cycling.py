"""Cycling protocols on the compiled code of one model."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from .controlled import VOLTAGE, cycle_source
from .labels import unit
from .steps import CAPACITY, CURRENT_SIZE, Step
from .store import SourceStore

__all__ = ["CycleLibrary", "CycleResult", "StepTable"]

Array = NDArray[np.float64]
_COEFFICIENTS = {"current": (1.0, 0.0, 0.0), "voltage": (0.0, 1.0, 0.0), "power": (0.0, 0.0, 1.0)}
_STATUS = {
    1: "the initial state is not finite",
    2: "Newton's method found no consistent state after a switch",
    3: "a state or output is not finite",
    4: "the integration step became too small",
}
# Of the tolerance, what one integration step may use: errors of several steps add up.
_SHARE = 0.2
# Overpotential [V] at the largest current, to weigh errors of the current against those of the voltage.
_OVERPOTENTIAL = 0.2


class StepTable:
    """Steps as the arrays the C code reads.

    Parameters
    ----------
    steps : sequence of Step
    outputs : sequence of str
        Names of the outputs of the model.
    """

    def __init__(self, steps: Sequence[Step], outputs: Sequence[str]) -> None:
        if not steps:
            raise ValueError("steps=[] is empty; give at least one Step.")
        special = {CURRENT_SIZE: -1, CAPACITY: -2}
        cutoffs = [cutoff for step in steps for cutoff in step.until]
        for cutoff in cutoffs:
            if cutoff.name not in (*outputs, *special):
                raise ValueError(
                    f"cut-off: {cutoff.name!r} is neither an output of the compiled model "
                    f"{list(outputs)!r} nor one of {list(special)!r}; compile the model with it."
                )
        names = [special.get(c.name, outputs.index(c.name) if c.name in outputs else 0) for c in cutoffs]
        self.scale = self._current_scale(steps)
        self.controls = np.array([(*_COEFFICIENTS[s.mode], s.value, self.scale) for s in steps])
        self.durations = np.array([s.duration for s in steps])
        self.longest = np.array([s.max_step for s in steps])
        self.starts = np.array([0, *itertools.accumulate(len(s.until) for s in steps)], dtype=np.int32)
        self.what = np.array(names, dtype=np.int32)
        self.directions = np.array([c.direction for c in cutoffs], dtype=np.int32)
        self.thresholds = np.array([c.threshold for c in cutoffs], dtype=float)

    @staticmethod
    def _current_scale(steps: Sequence[Step]) -> float:
        sizes = [abs(s.value) for s in steps if s.mode == "current"]
        sizes += [abs(s.value) / 3.0 for s in steps if s.mode == "power"]
        # A hold ends at a small fraction of the current it starts with.
        sizes += [10.0 * c.threshold for s in steps for c in s.until if c.name == CURRENT_SIZE]
        return max(sizes, default=0.0) or 1.0

    @property
    def arrays(self) -> tuple[np.ndarray, ...]:
        """In the order of the C function."""
        return (
            self.controls, self.durations, self.longest, self.starts, self.what, self.directions,
            self.thresholds,
        )  # fmt: skip


class CycleResult:
    """What the C code wrote: per cycle and step (duration, voltage, current, charge, outputs...).

    Attributes
    ----------
    summary : ndarray, shape (n_cycles, n_steps, 4 + n_outputs)
    reason : ndarray of int, shape (n_cycles, n_steps)
        Number of the cut-off that ended the step, -1 for its duration.
    trace : ndarray, shape (n_rows, 5 + n_outputs)
        Time, cycle, step, voltage, current, outputs.
    n_steps, n_rejected : int
        Integration steps.
    """

    def __init__(
        self, summary: Array, reason: NDArray[np.int32], trace: Array, counts: NDArray[np.int64]
    ) -> None:
        self.summary = summary
        self.reason = reason
        self.trace = trace[: counts[0]]
        self.n_steps, self.n_rejected = int(counts[1]), int(counts[2])

    def dataset(self, steps: Sequence[Step], outputs: Sequence[str], wanted: Sequence[str]) -> xr.Dataset:
        """Label the numbers; `wanted` are those of the `outputs` to keep."""
        columns = ["Duration [s]", VOLTAGE, "Current [A]", "Charge [A.h]"]
        data: dict[str, Any] = {
            name: (("cycle", "step"), self.summary[..., i], {"units": unit(name)})
            for i, name in enumerate(columns)
        }
        kept = {name: outputs.index(name) for name in wanted if name not in columns}
        for name, i in kept.items():
            data[name] = (("cycle", "step"), self.summary[..., 4 + i], {"units": unit(name)})
        reasons = np.full(self.reason.shape, "duration", dtype=object)
        cutoffs = [cutoff.name for step in steps for cutoff in step.until]
        firsts = itertools.accumulate((len(step.until) for step in steps), initial=0)
        for (j, step), first in zip(enumerate(steps), firsts, strict=False):
            for i in range(len(step.until)):
                reasons[self.reason[:, j] == i, j] = cutoffs[first + i]
        data["Ended by"] = (("cycle", "step"), reasons.astype(str))
        coordinates: dict[str, Any] = {
            "cycle": np.arange(1, len(self.summary) + 1),
            "step": np.arange(1, len(steps) + 1),
        }
        if self.trace.size:
            names = {"Voltage": 3, "Current": 4} | {k: 5 + i for k, i in kept.items()}
            for name, i in names.items():
                data[f"{name.split(' [')[0]} trace"] = ("point", self.trace[:, i])
            coordinates["time"] = ("point", self.trace[:, 0], {"units": "s", "long_name": "Time"})
            coordinates["cycle of point"] = ("point", self.trace[:, 1].astype(int) + 1)
            coordinates["step of point"] = ("point", self.trace[:, 2].astype(int) + 1)
        return xr.Dataset(data, coordinates)


class CycleLibrary:
    """`assb_cycle` of one model.

    Parameters
    ----------
    sources : SourceStore
    """

    def __init__(self, sources: SourceStore) -> None:
        self._n_outputs = len(sources.output_names)
        library = sources.load("cycle", cycle_source)
        library.assb_workspace.restype = ctypes.c_long
        self._n_work = int(library.assb_workspace())
        pointer: Any = ctypes.c_void_p
        library.assb_cycle.argtypes = [
            *[ctypes.c_int] * 2, *[pointer] * 7, *[ctypes.c_double] * 2, *[pointer] * 3, ctypes.c_long,
            *[pointer] * 3,
        ]  # fmt: skip
        library.assb_cycle.restype = ctypes.c_int
        self._function = library.assb_cycle

    def run(self, table: StepTable, n_cycles: int, p: Array, tolerance: float, trace: bool) -> CycleResult:
        """Run the protocol; `tolerance` in volts.

        Raises
        ------
        RuntimeError
            If the integration fails; the message says where.
        """
        n_steps = len(table.controls)
        summary = np.full((n_cycles, n_steps, 4 + self._n_outputs), np.nan)
        reason = np.full((n_cycles, n_steps), -2, dtype=np.int32)
        counts = np.zeros(3, dtype=np.int64)
        work = np.empty(self._n_work)
        local = _SHARE * tolerance
        rows = 200 * n_steps * n_cycles if trace else 0
        while True:
            written = np.empty((rows, 5 + self._n_outputs))
            status = self._function(
                n_cycles,
                n_steps,
                *(array.ctypes.data for array in table.arrays),
                local,
                local / _OVERPOTENTIAL,
                *(array.ctypes.data for array in (p, summary, reason)),
                rows,
                *(array.ctypes.data for array in (written, counts, work)),
            )
            if status != 5:
                break
            rows *= 4
        if status:
            done = int((reason.ravel() > -2).sum())
            raise RuntimeError(
                f"cycle {done // n_steps + 1}, step {done % n_steps + 1}: {_STATUS[status]}. Add a voltage "
                f"cut-off ({VOLTAGE!r}) to the step, or check the inputs."
            )
        return CycleResult(summary, reason, written, counts)
