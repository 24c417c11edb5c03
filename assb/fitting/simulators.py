"""Two back ends behind one interface: compiled C, and IDAKLU as the reference.

Both map a matrix of parameter values to voltages at the rows of the data; a set that cannot be
simulated is NaN for itself alone.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import pybamm

from assb.fitting.dataset import Dataset

VOLTAGE = "Voltage [V]"
#: Seconds over which the reference solver changes the current: shorter than any row, long enough for its steps.
RAMP = 1.0


class Simulator(Protocol):
    """What the likelihood needs of a back end."""

    name: str

    def voltages(self, values: np.ndarray) -> np.ndarray:
        """Voltages [V], shape (sets, rows), of parameter values, shape (sets, parameters)."""

    def jacobian(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Voltages, shape (rows,), and derivatives, shape (rows, parameters), at one set."""


class CompiledSimulator:
    """The model compiled to C; see :func:`assb.models.compile`.

    Parameters
    ----------
    model : pybamm.BaseModel
    parameter_values : pybamm.ParameterValues
    names : sequence of str
        Parameters that vary.
    data : Dataset
    threads : int, optional
        Threads over parameter sets; one per processor by default.
    """

    name = "compiled"

    def __init__(
        self, model, parameter_values, names: Sequence[str], data: Dataset, threads: int | None = None
    ):
        from assb.models.compiled import Protocol as CompiledProtocol
        from assb.models.compiled import compile_model

        self._compiled = compile_model(model, parameter_values, list(names), [VOLTAGE], fallback=False)
        # Half the default number of steps: within 0.05 mV of the reference, a hundredth of the noise.
        self._protocol = CompiledProtocol.from_steps(list(data.steps), output_times=data.time, refine=0.5)
        self._threads = threads

    def voltages(self, values: np.ndarray) -> np.ndarray:
        """See :class:`Simulator`."""
        result, _ = self._compiled.evaluate_many(self._protocol, np.atleast_2d(values), self._threads)
        return result[..., 0]

    def jacobian(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See :class:`Simulator`."""
        result, slopes = self._compiled.jacobian(self._protocol, values)
        return result[:, 0], slopes[:, 0, :]


def impose_protocol(
    model: pybamm.BaseModel,
    parameter_values: pybamm.ParameterValues,
    data: Dataset,
    ramp: float = RAMP,
    solver: pybamm.BaseSolver | None = None,
) -> tuple[pybamm.Simulation, np.ndarray]:
    """Simulation of the measured current, and the times at which the integrator must stop.

    The current changes over `ramp` seconds at each switch. Cut-offs are ignored: the measured protocol is
    imposed as it was.
    """
    ends = np.cumsum([duration for duration, _ in data.steps])
    last = data.time[-1]
    # Ramps are centred on the switches, so that no charge is gained or lost.
    times, currents, stops = [0.0], [data.steps[0][1]], [0.0]
    for end, (_, before), (_, after) in zip(ends[:-1], data.steps[:-1], data.steps[1:], strict=True):
        times += [end - ramp / 2, end + ramp / 2]
        currents += [before, after]
        stops += [end - ramp / 2, end + ramp / 2]
    times.append(max(ends[-1], last))
    currents.append(data.steps[-1][1])
    values = parameter_values.copy()
    values["Current function [A]"] = pybamm.Interpolant(np.array(times), np.array(currents), pybamm.t)
    model = model.new_copy()
    model.events = []
    simulation = pybamm.Simulation(model, parameter_values=values, solver=solver)
    return simulation, np.array([stop for stop in stops if stop < last] + [last])


class ReferenceSimulator:
    """PyBaMM's IDAKLU solver with forward sensitivities.

    The current changes over :data:`RAMP` seconds at each switch, between times where the integrator is made to
    stop.
    """

    name = "IDAKLU"

    def __init__(self, model, parameter_values, names: Sequence[str], data: Dataset):
        self._names = list(names)
        self._rows = data.time
        values = parameter_values.copy()
        values.update(dict.fromkeys(self._names, "[input]"))
        solver = pybamm.IDAKLUSolver(rtol=1e-6, atol=1e-8, output_variables=[VOLTAGE])
        self._simulation, self._stops = impose_protocol(model, values, data, solver=solver)

    def _solve(self, values: np.ndarray, sensitivities: bool) -> Any:
        inputs = {name: float(v) for name, v in zip(self._names, values, strict=True)}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self._simulation.solve(
                self._stops, t_interp=self._rows, inputs=inputs, calculate_sensitivities=sensitivities
            )

    def voltages(self, values: np.ndarray) -> np.ndarray:
        """See :class:`Simulator`."""
        values = np.atleast_2d(values)
        result = np.full((len(values), len(self._rows)), np.nan)
        for row, each in zip(result, values, strict=True):
            try:
                row[:] = self._solve(each, sensitivities=False)[VOLTAGE](self._rows)
            except (pybamm.SolverError, ValueError, IndexError):
                row[:] = np.nan
        return result

    def jacobian(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See :class:`Simulator`."""
        empty = np.full(len(self._rows), np.nan), np.full((len(self._rows), len(self._names)), np.nan)
        try:
            solution = self._solve(values, sensitivities=True)
        except (pybamm.SolverError, ValueError, IndexError):
            return empty
        variable = solution[VOLTAGE]
        if len(variable.entries) != len(solution.t):
            return empty
        columns = [
            np.interp(self._rows, solution.t, np.asarray(variable.sensitivities[name]).ravel())
            for name in self._names
        ]
        return variable(self._rows), np.stack(columns, axis=-1)


def make_simulator(
    model: pybamm.BaseModel,
    parameter_values: pybamm.ParameterValues,
    names: Sequence[str],
    data: Dataset,
    backend: str = "auto",
    threads: int | None = None,
) -> Simulator:
    """Back end for one data set.

    Parameters
    ----------
    backend : {"auto", "compiled", "IDAKLU"}
        "auto" compiles, and falls back to IDAKLU with one warning where there is no C compiler.

    Raises
    ------
    ValueError
        For an unknown back end.
    """
    makers: Mapping[str, Any] = {"compiled": CompiledSimulator, "IDAKLU": ReferenceSimulator}
    if backend == "auto":
        from assb.models.compiled import CompilerError
        from assb.models.compiled.compiler import warn_once

        try:
            return CompiledSimulator(model, parameter_values, names, data, threads)
        except CompilerError as error:
            warn_once(error)
            return ReferenceSimulator(model, parameter_values, names, data)
    if backend not in makers:
        raise ValueError(f"backend = {backend!r}: use 'auto', 'compiled' or 'IDAKLU'")
    if backend == "compiled":
        return CompiledSimulator(model, parameter_values, names, data, threads)
    return ReferenceSimulator(model, parameter_values, names, data)
