"""Two back ends behind one interface: compiled C, and IDAKLU as the reference.

Both map a matrix of parameter values to voltages and pressures at the rows of the data; a set that cannot be
simulated is NaN for itself alone.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import pybamm

from assb.fitting.dataset import Dataset

VOLTAGE, PRESSURE = "Voltage [V]", "Stack pressure [MPa]"
#: Seconds over which the reference solver changes the current: shorter than any row, long enough for its steps.
RAMP = 1.0


class Simulator(Protocol):
    """What the likelihood needs of a back end."""

    name: str

    def outputs(self, values: np.ndarray) -> np.ndarray:
        """Outputs, shape (sets, rows, outputs), of parameter values, shape (sets, parameters)."""

    def jacobian(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Outputs, shape (rows, outputs), and derivatives, shape (rows, outputs, parameters), at one set."""


class CompiledSimulator:
    """The model compiled to C; see :func:`assb.models.compile`.

    Parameters
    ----------
    compiled : assb.models.CompiledModel
        Inputs are the parameters that vary.
    data : Dataset
    threads : int, optional
        Threads over parameter sets; one per processor by default.
    """

    name = "compiled"

    def __init__(self, compiled: Any, data: Dataset, threads: int | None = None):
        from assb.models.compiled import Protocol as CompiledProtocol

        self._compiled = compiled
        # Half the default number of steps: within 0.05 mV of the reference, a hundredth of the noise.
        self._protocol = CompiledProtocol.from_steps(list(data.steps), output_times=data.time, refine=0.5)
        self._threads = threads

    @property
    def compiled(self) -> Any:
        """The compiled model."""
        return self._compiled

    @property
    def protocol(self) -> Any:
        """Measured current and integration grid."""
        return self._protocol

    @property
    def threads(self) -> int | None:
        """Threads over parameter sets; None for one per processor."""
        return self._threads

    def outputs(self, values: np.ndarray) -> np.ndarray:
        """See :class:`Simulator`."""
        return self._compiled.evaluate_many(self._protocol, np.atleast_2d(values), self._threads)[0]

    def jacobian(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See :class:`Simulator`."""
        return self._compiled.jacobian(self._protocol, values)


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

    def __init__(
        self,
        model: pybamm.BaseModel,
        parameter_values: pybamm.ParameterValues,
        names: Sequence[str],
        outputs: Sequence[str],
        data: Dataset,
    ):
        self._names, self._outputs = list(names), list(outputs)
        self._rows = data.time
        values = parameter_values.copy()
        values.update(dict.fromkeys(self._names, "[input]"))
        solver = pybamm.IDAKLUSolver(rtol=1e-6, atol=1e-8, output_variables=self._outputs)
        self._simulation, self._stops = impose_protocol(model, values, data, solver=solver)

    def _solve(self, values: np.ndarray, sensitivities: bool) -> Any:
        inputs = {name: float(v) for name, v in zip(self._names, values, strict=True)}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self._simulation.solve(
                self._stops, t_interp=self._rows, inputs=inputs, calculate_sensitivities=sensitivities
            )

    def outputs(self, values: np.ndarray) -> np.ndarray:
        """See :class:`Simulator`."""
        values = np.atleast_2d(values)
        result = np.full((len(values), len(self._rows), len(self._outputs)), np.nan)
        for each, row in zip(values, result, strict=True):
            try:
                solution = self._solve(each, sensitivities=False)
                row[:] = np.stack([solution[name](self._rows) for name in self._outputs], axis=-1)
            except (pybamm.SolverError, ValueError, IndexError):
                row[:] = np.nan
        return result

    def jacobian(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See :class:`Simulator`."""
        shape = len(self._rows), len(self._outputs)
        empty = np.full(shape, np.nan), np.full((*shape, len(self._names)), np.nan)
        try:
            solution = self._solve(values, sensitivities=True)
        except (pybamm.SolverError, ValueError, IndexError):
            return empty
        if any(len(solution[name].entries) != len(solution.t) for name in self._outputs):
            return empty
        outputs = np.stack([solution[name](self._rows) for name in self._outputs], axis=-1)
        slopes = empty[1]
        for j, output in enumerate(self._outputs):
            for k, name in enumerate(self._names):
                column = np.asarray(solution[output].sensitivities[name]).ravel()
                slopes[:, j, k] = np.interp(self._rows, solution.t, column)
        return outputs, slopes


def make_simulators(
    model: pybamm.BaseModel,
    parameter_values: pybamm.ParameterValues,
    names: Sequence[str],
    outputs: Sequence[str],
    data: Sequence[Dataset],
    backend: str = "auto",
    threads: int | None = None,
    var_pts: Mapping[Any, int] | None = None,
) -> list[Simulator]:
    """One simulator for each data set; the model is compiled once for all.

    Parameters
    ----------
    names : sequence of str
        Parameters that vary.
    outputs : sequence of str
        Variables that are read.
    backend : {"auto", "compiled", "IDAKLU"}
        "auto" compiles, and falls back to IDAKLU with one warning where there is no C compiler.
    var_pts : mapping, optional
        Mesh points of the compiled model, as for `pybamm.Simulation`.

    Raises
    ------
    ValueError
        For an unknown back end.
    """
    if backend not in ("auto", "compiled", "IDAKLU"):
        raise ValueError(f"backend = {backend!r}: use 'auto', 'compiled' or 'IDAKLU'")
    if backend != "IDAKLU":
        from assb.models.compiled import CompilerError, compile_model
        from assb.models.compiled.compiler import warn_once

        try:
            compiled = compile_model(
                model, parameter_values, list(names), list(outputs), var_pts=var_pts, fallback=False
            )
            return [CompiledSimulator(compiled, each, threads) for each in data]
        except CompilerError as error:
            if backend == "compiled":
                raise
            warn_once(error)
    return [ReferenceSimulator(model, parameter_values, names, outputs, each) for each in data]
