"""Cycling steps as a `pybamm.Experiment`, for machines without a C compiler."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pybamm

from .controlled import VOLTAGE
from .cycling import END, CycleResult, StepTable
from .steps import CAPACITY, CURRENT_SIZE, Cutoff, Step

__all__ = ["ExperimentRunner"]

_CURRENT, _CHARGE = "Current [A]", "Discharge capacity [A.h]"
_MAKERS = {"current": pybamm.step.current, "voltage": pybamm.step.voltage, "power": pybamm.step.power}


def _termination(cutoff: Cutoff) -> pybamm.step.CustomTermination:
    """An event that is positive until the cut-off is reached."""

    def remaining(variables: Mapping[str, Any]) -> Any:
        value = abs(variables[_CURRENT]) if cutoff.name == CURRENT_SIZE else variables[cutoff.name]
        return cutoff.direction * (cutoff.threshold - value)

    return pybamm.step.CustomTermination(f"{cutoff.name} {cutoff.direction} {cutoff.threshold}", remaining)


def _duration(step: Step) -> float:
    """Longest duration [s]; under constant current, a charge passed is one."""
    limits = [step.duration]
    for cutoff in step.until:
        if cutoff.name != CAPACITY:
            continue
        if step.mode != "current":
            raise ValueError(
                f"cut-off: {CAPACITY!r} under control of {step.mode} needs the compiled model; install gcc "
                'or pip install "assb[compiler]", or end the step by another quantity.'
            )
        if step.value and cutoff.direction > 0:
            limits.append(3600.0 * cutoff.threshold / abs(step.value))
    return min(limits)


def _pybamm_step(step: Step) -> Any:
    ends = [_termination(cutoff) for cutoff in step.until if cutoff.name != CAPACITY]
    return _MAKERS[step.mode](step.value, duration=_duration(step), termination=ends or None)


class ExperimentRunner:
    """One cycling protocol of one model; built once, run for any inputs.

    Parameters
    ----------
    model : pybamm.BaseModel
    parameter_values : pybamm.ParameterValues
    inputs, outputs : sequence of str
    var_pts : mapping or None
    tolerance : (float, float)
    steps : sequence of Step
    n_cycles : int

    Raises
    ------
    ValueError
        If a cut-off is no output, or needs the compiled model.
    """

    def __init__(
        self,
        model: pybamm.BaseModel,
        parameter_values: pybamm.ParameterValues,
        inputs: Sequence[str],
        outputs: Sequence[str],
        var_pts: Mapping[Any, int] | None,
        tolerance: tuple[float, float],
        steps: Sequence[Step],
        n_cycles: int,
    ) -> None:
        self.table = StepTable(steps, outputs)
        self._steps, self._outputs, self._n_cycles = tuple(steps), tuple(outputs), n_cycles
        free = model.new_copy()
        free.events = []
        values = parameter_values.copy()
        values.update(dict.fromkeys(inputs, "[input]"))
        cycle = tuple(_pybamm_step(step) for step in steps)
        self._simulation = pybamm.Simulation(
            free,
            parameter_values=values,
            experiment=pybamm.Experiment([cycle] * n_cycles),
            solver=pybamm.IDAKLUSolver(rtol=tolerance[0], atol=tolerance[1]),
            var_pts=None if var_pts is None else dict(var_pts),
        )

    def run(self, inputs: Mapping[str, float], trace: bool) -> CycleResult:
        """Results at the end of every step, and every point solved if `trace`.

        Raises
        ------
        RuntimeError
            If a step cannot be solved; the message says which.
        """
        try:
            solution = self._simulation.solve(inputs=dict(inputs), calc_esoh=False)
        except pybamm.SolverError as error:
            raise RuntimeError(f"cycle 1, step 1: {str(error).strip().splitlines()[0]}") from error
        n_steps = len(self._steps)
        summary = np.full((self._n_cycles, n_steps, END + len(self._outputs)), np.nan)
        reason = np.full((self._n_cycles, n_steps), -1, dtype=np.int32)
        points: list[np.ndarray] = []
        last: np.ndarray | None = None
        for i in range(self._n_cycles):
            done = solution.cycles[i].steps if i < len(solution.cycles) and solution.cycles[i] else []
            for j in range(n_steps):
                if j >= len(done):
                    raise RuntimeError(
                        f"cycle {i + 1}, step {j + 1}: no solution was found. Add a voltage cut-off "
                        f"({VOLTAGE!r}) to the step, or check the inputs."
                    )
                part = done[j]
                if isinstance(part, pybamm.EmptySolution):  # beyond its cut-off from the beginning
                    summary[i, j, [0, 3]] = 0.0
                    reason[i, j] = self.table.starts[j]
                    if last is not None:
                        summary[i, j, 1:3], summary[i, j, END:] = last[1:3], last[3:]
                    continue
                rows = self._rows(part)
                if not np.isfinite(rows).all():
                    raise RuntimeError(f"cycle {i + 1}, step {j + 1}: a state or output is not finite.")
                last = rows[-1]
                duration = last[0] - rows[0, 0]
                charge = self._charge(part, rows)
                summary[i, j] = [duration, last[1], last[2], charge, np.nan, *last[3:]]
                reason[i, j] = self._ended_by(j, summary[i, j])
                if trace:
                    where = np.tile([i, j], (len(rows), 1))
                    points.append(np.column_stack([rows[:, 0], where, rows[:, 1:]]))
        written = np.concatenate(points) if points else np.empty((0, 5 + len(self._outputs)))
        return CycleResult(
            summary[None],
            reason[None],
            np.zeros(1, dtype=np.int32),
            np.array([self._n_cycles * n_steps]),
            np.empty((1, 0, len(self._outputs) + 1)),
            written,
            int(solution.t.size),
            0,
        )

    def _rows(self, part: Any) -> np.ndarray:
        """Time, voltage, current and outputs."""
        names = (VOLTAGE, _CURRENT, *self._outputs)
        return np.column_stack([part.t, *(np.asarray(part[name].entries) for name in names)])

    @staticmethod
    def _charge(part: Any, rows: np.ndarray) -> float:
        """Charge of the step [A.h]; by quadrature in models that do not count it."""
        try:
            counted = part[_CHARGE].entries
        except KeyError:
            return float(np.trapezoid(rows[:, 2], rows[:, 0])) / 3600.0
        return float(counted[-1] - counted[0])

    def _ended_by(self, j: int, row: np.ndarray) -> int:
        """The cut-off nearest to its threshold; -1 if the step took its full duration."""
        step = self._steps[j]
        if not step.until or row[0] >= step.duration * (1.0 - 1e-9):
            return -1
        special = {CURRENT_SIZE: abs(row[2]), CAPACITY: abs(row[3])}
        left = []
        for cutoff in step.until:
            value = special.get(cutoff.name)
            if value is None:
                value = row[END + self._outputs.index(cutoff.name)]
            left.append(cutoff.direction * (cutoff.threshold - value) / max(abs(cutoff.threshold), 1e-12))
        return int(self.table.starts[j] + np.argmin(left))
