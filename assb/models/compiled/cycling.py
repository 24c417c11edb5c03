"""Cycling protocols on the compiled code of one model."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .controlled import cycle_source
from .parallel import in_blocks
from .steps import CAPACITY, CURRENT_SIZE, Cutoff, Step
from .store import SourceStore

__all__ = ["END", "STATUS", "CycleLibrary", "CycleResult", "StepTable"]

Array = NDArray[np.float64]
_COEFFICIENTS = {"current": (1.0, 0.0, 0.0), "voltage": (0.0, 1.0, 0.0), "power": (0.0, 0.0, 1.0)}
#: By status of the C code.
STATUS = {
    1: "the initial state is not finite",
    2: "no consistent state exists for this current, voltage or power",
    3: "the solution or an output is not finite: the cell is empty, full or outside its model",
    4: "the integration step became too small: the cell is empty, full or outside its model",
    5: "a million integration steps did not suffice",
}
#: Status of a set that an event of the model ended.
EVENT = 6
#: Columns of a summary before the outputs.
END = 5
# Overpotential [V] at the largest current, to weigh errors of the current against those of the voltage.
_OVERPOTENTIAL = 0.2
# Slope of the voltage [V] against a scaled state (a stoichiometry), to weigh errors of the states likewise.
_SLOPE = 1.0


class StepTable:
    """Steps as the arrays the C code reads.

    Parameters
    ----------
    steps : sequence of Step
    outputs : sequence of str
        Names of the outputs of the model.
    events : sequence of str
        Names of its events; each ends any step, and the whole.
    """

    def __init__(self, steps: Sequence[Step], outputs: Sequence[str], events: Sequence[str] = ()) -> None:
        if not steps:
            raise ValueError("steps=[] is empty; give at least one Step.")
        special = {CURRENT_SIZE: -1, CAPACITY: -2}
        for cutoff in (cutoff for step in steps for cutoff in step.until):
            if cutoff.name not in (*outputs, *special):
                raise ValueError(
                    f"cut-off: {cutoff.name!r} is neither an output of the compiled model "
                    f"{list(outputs)!r} nor one of {list(special)!r}; compile the model with it."
                )
        limits = [Cutoff(name, below=0.0) for name in events]
        cutoffs = [cutoff for step in steps for cutoff in (*step.until, *limits)]
        known = special | {name: i for i, name in reversed(list(enumerate((*outputs, *events))))}
        #: Name of each cut-off, in the order of the arrays.
        self.names = [c.name for c in cutoffs]
        self.scale = self._current_scale(steps)
        self.controls = np.array([(*_COEFFICIENTS[s.mode], s.value, self.scale) for s in steps])
        self.durations = np.array([s.duration for s in steps])
        self.longest = np.array([s.max_step for s in steps])
        self.starts = np.array(
            [0, *itertools.accumulate(len(s.until) + len(limits) for s in steps)], dtype=np.int32
        )
        self.what = np.array([known[c.name] for c in cutoffs], dtype=np.int32)
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


@dataclass(frozen=True)
class CycleResult:
    """What the C code wrote; NaN (-2 in `reason`) beyond the end of a set.

    Attributes
    ----------
    summary : ndarray, shape (n, n_cycles, n_steps, END + n_outputs)
        Duration [s], voltage [V], current [A], charge [A.h], slope of the voltage [V.s-1] and outputs at the
        end of each step.
    reason : ndarray of int, shape (n, n_cycles, n_steps)
        Number of the cut-off that ended the step, -1 for its duration.
    status : ndarray of int, shape (n,)
        0 for success, `EVENT`, or a key of `STATUS`.
    reached : ndarray of int, shape (n,)
        Steps completed.
    series : ndarray, shape (n, n_times, n_outputs + 1)
        Outputs and current [A] at the output times.
    trace : ndarray, shape (n_rows, 5 + n_outputs)
        Time, cycle, step, voltage, current, outputs after every integration step.
    n_steps, n_rejected : int
        Integration steps.
    """

    summary: Array
    reason: NDArray[np.int32]
    status: NDArray[np.int32]
    reached: NDArray[np.int64]
    series: Array
    trace: Array
    n_steps: int
    n_rejected: int

    @property
    def failed(self) -> NDArray[np.bool_]:
        """Sets whose integration failed, shape (n,)."""
        return (self.status != 0) & (self.status != EVENT)

    def reasons(self, table: StepTable) -> NDArray[np.str_]:
        """Why and where each set ended early, shape (n,); "" if it did not."""
        found = [""] * self.status.size
        for i in np.flatnonzero(self.status):
            event = self.status[i] == EVENT
            cycle, step = divmod(int(self.reached[i]) - int(event), len(table.controls))
            why = (
                f"event {table.names[self.reason[i, cycle, step]]!r}"
                if event
                else STATUS[int(self.status[i])]
            )
            found[i] = f"cycle {cycle + 1}, step {step + 1}: {why}"
        return np.array(found)


class CycleLibrary:
    """`assb_cycle` of one model, for one set at a time or for one in each vector lane.

    Parameters
    ----------
    sources : SourceStore
    macros : sequence of str
        `LANES` for the latter.
    """

    def __init__(self, sources: SourceStore, macros: Sequence[str] = ()) -> None:
        self._n_outputs = len(sources.output_names)
        self._n_columns = self._n_outputs + len(sources.event_names)
        library = sources.load("cycle", cycle_source, macros)
        library.assb_workspace.restype = ctypes.c_long
        self._n_work = int(library.assb_workspace())
        self.lanes = int(library.assb_lanes())
        pointer: Any = ctypes.c_void_p
        library.assb_cycle.argtypes = [
            ctypes.c_long, *[ctypes.c_int] * 2, *[pointer] * 7, *[ctypes.c_double] * 4, *[pointer] * 5,
            *[ctypes.c_long] * 2, *[pointer] * 3, ctypes.c_long, *[pointer] * 3,
        ]  # fmt: skip
        library.assb_cycle.restype = ctypes.c_long
        self._function = library.assb_cycle

    def run(
        self,
        table: StepTable,
        n_cycles: int,
        p: Array,
        tolerance: float,
        *,
        initial_current: float = 0.0,
        output_times: Array | None = None,
        output_steps: NDArray[np.int32] | None = None,
        trace: bool = False,
        threads: int | None = None,
    ) -> CycleResult:
        """Run the protocol.

        Parameters
        ----------
        table : StepTable
        n_cycles : int
        p : ndarray, shape (n, n_inputs), contiguous
        tolerance : float
            Error of the voltage [V] that one integration step may make.
        initial_current : float
            Current [A] before the first step.
        output_times : ndarray, shape (n_times,) or (n, n_times), contiguous, optional
            Increasing [s].
        output_steps : ndarray of int32, shape (n, n_times), contiguous, optional
            Steps, counted through, since the start of which `output_times` count; by default, they count
            since the start of the first.
        trace : bool
            For a single set: keep every integration step.
        threads : int, optional
        """
        n, n_steps = len(p), len(table.controls)
        times = np.empty(0) if output_times is None else output_times
        summary = np.full((n, n_cycles, n_steps, END + self._n_columns), np.nan)
        reason = np.full((n, n_cycles, n_steps), -2, dtype=np.int32)
        status, reached = np.zeros(n, dtype=np.int32), np.zeros(n, dtype=np.int64)
        n_times = times.shape[-1]
        per_set = times.ndim > 1
        series = np.full((n, n_times, self._n_columns + 1), np.nan)
        rows = 200 * n_steps * n_cycles if trace else 0
        written = np.empty((rows, 5 + self._n_columns))

        def block(sets: slice) -> NDArray[np.int64]:
            counts = np.zeros(3, dtype=np.int64)
            work = np.empty(self._n_work)
            self._function(
                len(p[sets]),
                n_cycles,
                n_steps,
                *(array.ctypes.data for array in table.arrays),
                tolerance,
                tolerance / _OVERPOTENTIAL,
                tolerance / _SLOPE,
                initial_current,
                *(array[sets].ctypes.data for array in (p, summary, reason, status, reached)),
                n_times,
                n_times if per_set else 0,
                (times[sets] if per_set else times).ctypes.data,
                None if output_steps is None else output_steps[sets].ctypes.data,
                series[sets].ctypes.data,
                len(written),
                *(array.ctypes.data for array in (written, counts, work)),
            )
            return counts

        totals = np.sum(in_blocks(n, self.lanes, threads, block), axis=0)
        if trace and totals[0] > rows:  # now that the number of rows is known
            written = np.empty((int(totals[0]), 5 + self._n_columns))
            totals = block(slice(0, 1))
        shown = [*range(self._n_outputs), self._n_columns]
        return CycleResult(
            summary[..., : END + self._n_outputs],
            reason,
            status,
            reached,
            series[..., shown],
            written[: totals[0], : 5 + self._n_outputs],
            int(totals[1]),
            int(totals[2]),
        )
