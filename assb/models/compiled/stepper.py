"""A protocol through `pybamm.IDAKLUSolver`, step by step; discretised once for every parameter set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pybamm
from numpy.typing import NDArray

from .export import CURRENT, discretise
from .protocol import SAME_TIME, Protocol

__all__ = ["Stepper"]

Array = NDArray[np.float64]
# Duration [s] of the solve that gives the outputs at t = 0: its first point is the consistent state.
_INSTANT = 1e-6


class Stepper:
    """A discretised model without events, and its solver.

    Parameters
    ----------
    model : pybamm.BaseModel
    parameter_values : pybamm.ParameterValues
    inputs, outputs : sequence of str
    var_pts : mapping, optional
    tolerance : (float, float)
        Relative and absolute.
    sensitivities : bool
        Also compute derivatives with respect to the inputs.

    Attributes
    ----------
    built : pybamm.BaseModel
        The discretised model.
    """

    def __init__(
        self,
        model: pybamm.BaseModel,
        parameter_values: pybamm.ParameterValues,
        inputs: Sequence[str],
        outputs: Sequence[str],
        var_pts: Mapping[Any, int] | None = None,
        tolerance: tuple[float, float] = (1e-6, 1e-8),
        sensitivities: bool = False,
    ) -> None:
        free = model.new_copy()
        free.events = []
        self.built = discretise(free, parameter_values, list(inputs), var_pts).built_model
        self._outputs = tuple(outputs)
        self._wanted = list(inputs) if sensitivities else []
        # PyBaMM remembers in both model and solver for which inputs it differentiates: neither is shared.
        self._solver = pybamm.IDAKLUSolver(rtol=tolerance[0], atol=tolerance[1])

    def _step(self, before: Any, duration: float, local: Array, inputs: dict[str, float]) -> Any:
        return self._solver.step(
            before,
            self.built,
            duration,
            t_interp=np.unique(np.concatenate([[0.0], local, [duration]])),
            inputs=inputs,
            save=False,
            calculate_sensitivities=self._wanted,
        )

    def _rows(self, solution: Any, times: Array) -> tuple[Array, Array]:
        """Outputs (n, n_outputs) and derivatives (n, n_outputs, n_wanted) at points of the solution."""
        # Steps after the first begin a rounding error after the end of the one before.
        at = np.abs(solution.t[:, None] - times).argmin(axis=0)
        variables = [solution[name] for name in self._outputs]
        values = np.stack([np.asarray(v(solution.t))[at] for v in variables], axis=-1)
        slopes = np.empty((*values.shape, len(self._wanted)))
        for i, variable in enumerate(variables):
            for j, name in enumerate(self._wanted):
                slopes[:, i, j] = np.asarray(variable.sensitivities[name]).ravel()[at]
        return values, slopes

    def run(self, protocol: Protocol, inputs: Mapping[str, float]) -> tuple[Array, Array]:
        """Outputs (n_times, n_outputs) and derivatives (n_times, n_outputs, n_inputs or 0).

        Raises
        ------
        pybamm.SolverError
            If a step cannot be solved.
        """
        parts = []
        if protocol.emit_initial:
            # PyBaMM knows no current before the first step: a solve under that of the protocol.
            first = {CURRENT: protocol.initial_current, **inputs}
            parts.append(self._rows(self._step(None, _INSTANT, np.empty(0), first), np.zeros(1)))
        solution, start = None, 0.0
        for duration, current in protocol.steps:
            times = protocol.output_times
            inside = times[(times > start + SAME_TIME) & (times <= start + duration + SAME_TIME)]
            local = np.clip(inside - start, 0.0, duration)
            solution = self._step(solution, duration, local, {CURRENT: current, **inputs})
            if not np.isfinite(np.asarray(solution.all_ys[-1])).all():
                raise pybamm.SolverError(f"no solution of the step from t = {start:g} s")
            if len(local):
                parts.append(self._rows(solution, start + local))
            start += duration
        return np.concatenate([v for v, _ in parts]), np.concatenate([s for _, s in parts])
