"""The simulator where nothing can be compiled: PyBaMM's IDAKLU solver behind the same interface."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import numpy as np
import pybamm
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from .base import Simulator
from .compiler import REMEDY, CompilerError
from .experiment import ExperimentRunner
from .export import CURRENT, check_names, without_effect
from .labels import label_cycles, label_simulation
from .protocol import Protocol
from .stepper import Stepper
from .steps import Step, as_steps

__all__ = ["ReferenceModel"]

Array = NDArray[np.float64]
TOLERANCE = (1e-6, 1e-8)
_FAILURES = (pybamm.SolverError, ValueError, ArithmeticError, IndexError)


class ReferenceModel(Simulator):
    """The interface of `CompiledModel` on `pybamm.IDAKLUSolver`; made by `compile_model` without a compiler.

    Discretised once; safe to share between threads (which wait for each other) and to pickle. Also runs
    what cannot be compiled, such as models with interpolation tables. Model events are ignored.

    Parameters
    ----------
    model : pybamm.BaseModel
    parameter_values : pybamm.ParameterValues
    inputs, outputs : sequence of str
    var_pts : mapping, optional
        Mesh points, as for `pybamm.Simulation`.

    Attributes
    ----------
    input_names, output_names : tuple of str
    defaults : dict
        Values of the inputs that may be left out.
    n_states : int
    name : str
        Of the PyBaMM model.

    Raises
    ------
    ValueError
        If a name is unknown or without effect, or an output is not a scalar.
    """

    def __init__(
        self,
        model: pybamm.BaseModel,
        parameter_values: pybamm.ParameterValues,
        inputs: Sequence[str],
        outputs: Sequence[str],
        var_pts: Mapping[Any, int] | None = None,
    ) -> None:
        check_names(inputs, outputs)
        self.name = model.name
        self._inputs, self._outputs = tuple(inputs), tuple(outputs)
        self._arguments = (model, parameter_values.copy(), self._inputs, self._outputs, var_pts)
        self.defaults = {}
        for name in inputs:
            value = parameter_values.get(name)
            if isinstance(value, (int, float, np.number)):
                self.defaults[name] = float(value)
        self._lock = threading.RLock()
        self._forget()
        built = self._stepper().built
        self._n_states = int(built.concatenated_initial_conditions.size)
        _check_built(model, built, self._inputs, self._outputs)

    def _forget(self) -> None:
        self._plain: Stepper | None = None
        self._differentiating: Stepper | None = None
        self._experiment: tuple[Any, ExperimentRunner] | None = None

    def _stepper(self, sensitivities: bool = False) -> Stepper:
        """Built on first use."""
        with self._lock:
            if sensitivities:
                if self._differentiating is None:
                    self._differentiating = Stepper(*self._arguments, TOLERANCE, sensitivities=True)
                return self._differentiating
            if self._plain is None:
                self._plain = Stepper(*self._arguments, TOLERANCE)
            return self._plain

    def __getstate__(self) -> dict[str, Any]:
        dropped = ("_lock", "_plain", "_differentiating", "_experiment")
        return {name: value for name, value in self.__dict__.items() if name not in dropped}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._lock = threading.RLock()
        self._forget()

    def __repr__(self) -> str:
        return self._described(f"{self._n_states} states, IDAKLU")

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs, in the order of `p`."""
        return self._inputs

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the outputs, in the order of the last axis."""
        return self._outputs

    @property
    def n_states(self) -> int:
        """Number of differential and algebraic states."""
        return self._n_states

    @property
    def exported(self) -> NoReturn:
        """Not available: raises `CompilerError`."""
        raise CompilerError(f"{self.name} was not compiled, so that there is no code to export. {REMEDY}")

    def attempt(
        self, protocol: Protocol, p: ArrayLike, sensitivities: bool = False
    ) -> tuple[Array, Array, str]:
        """Outputs, derivatives (if wanted) and why the simulation failed, "" if it did not.

        Parameters
        ----------
        protocol : Protocol
        p : array_like, shape (n_inputs,)
        sensitivities : bool

        Returns
        -------
        values : ndarray, shape (n_times, n_outputs)
        derivatives : ndarray, shape (n_times, n_outputs, n_inputs), or (n_times, n_outputs, 0)
        reason : str
        """
        p = self._checked(p, (len(self._inputs),))
        shape = (protocol.n_times, len(self._outputs))
        failed = np.full(shape, np.nan), np.full((*shape, p.size if sensitivities else 0), np.nan)
        if not np.isfinite(p).all():
            return *failed, f"{self._inputs[int(np.argmin(np.isfinite(p)))]!r} is not finite"
        with self._lock:
            try:
                inputs = dict(zip(self._inputs, map(float, p), strict=True))
                values, slopes = self._stepper(sensitivities and p.size > 0).run(protocol, inputs)
            except _FAILURES as error:
                return *failed, (str(error).strip().splitlines() or [type(error).__name__])[0]
        if not (np.isfinite(values).all() and np.isfinite(slopes).all()):
            return *failed, "the solution is not finite"
        return values, slopes, ""

    def attempt_many(self, protocol: Protocol, p: ArrayLike) -> tuple[Array, NDArray[np.str_]]:
        """Outputs (n, n_times, n_outputs) of sets (n, n_inputs), and why each failed, "" if it did not."""
        p = self._checked(p, (-1, len(self._inputs)))
        values = np.empty((len(p), protocol.n_times, len(self._outputs)))
        reasons = []
        for i, row in enumerate(p):
            values[i], _, reason = self.attempt(protocol, row)
            reasons.append(reason)
        return values, np.array(reasons, dtype=np.str_)

    def evaluate(self, protocol: Protocol, p: ArrayLike) -> Array:
        """Outputs (n_times, n_outputs) of one parameter set; all NaN if the simulation failed."""
        return self.attempt(protocol, p)[0]

    def evaluate_many(
        self, protocol: Protocol, p: ArrayLike, threads: int | None = None
    ) -> tuple[Array, NDArray[np.bool_]]:
        """Simulate many parameter sets, one after another; `threads` is for the compiled model.

        Returns
        -------
        values : ndarray, shape (n, n_times, n_outputs)
        failed : ndarray of bool, shape (n,)
            Sets whose simulation failed; their values are NaN.
        """
        values, reasons = self.attempt_many(protocol, p)
        return values, reasons != ""

    def jacobian(self, protocol: Protocol, p: ArrayLike) -> tuple[Array, Array]:
        """Outputs and their derivatives with respect to the inputs, by forward sensitivities.

        The derivatives do not obey the tolerance of the solver; they are good to about 1e-3.

        Returns
        -------
        values : ndarray, shape (n_times, n_outputs)
        derivatives : ndarray, shape (n_times, n_outputs, n_inputs)
            All NaN, as the values, after a failure.
        """
        return self.attempt(protocol, p, sensitivities=True)[:2]

    def simulate(
        self,
        protocol: Protocol | Sequence[Step | tuple[float, float]],
        inputs: Mapping[str, float] | None = None,
        *,
        tolerance_mV: float | None = 0.1,
        output_times: ArrayLike | None = None,
    ) -> xr.Dataset:
        """Simulate one parameter set given by name; arguments and result as `CompiledModel.simulate`.

        The accuracy is that of the solver, whatever `tolerance_mV`.

        Raises
        ------
        ValueError
            If a name is unknown, or the protocol needs `cycle` or the compiled model.
        """
        protocol = _without_cutoffs(protocol, output_times)
        p = self.vector(inputs)
        values, _, reason = self.attempt(protocol, p)
        return label_simulation(self, protocol, values, (), p, np.array([reason]), int(bool(reason)))

    def ensemble(
        self,
        protocol: Protocol | Sequence[Step | tuple[float, float]],
        inputs: Mapping[str, ArrayLike],
        threads: int | None = None,
        *,
        tolerance_mV: float | None = 0.1,
        output_times: ArrayLike | None = None,
    ) -> xr.Dataset:
        """Simulate n parameter sets given by name; arguments and result as `CompiledModel.ensemble`.

        Raises
        ------
        ValueError
            If the lengths differ, a name is unknown, or the protocol needs the compiled model.
        """
        protocol = _without_cutoffs(protocol, output_times)
        p = self._sets(inputs)
        values, reasons = self.attempt_many(protocol, p)
        return label_simulation(self, protocol, values, ("sample",), p, reasons, int((reasons != "").sum()))

    def cycle(
        self,
        steps: Sequence[Step],
        n_cycles: int = 1,
        inputs: Mapping[str, float] | None = None,
        *,
        tolerance_mV: float = 0.5,
        outputs_each_cycle: Sequence[str] | None = None,
        trace: bool = False,
    ) -> xr.Dataset:
        """Repeat steps as a `pybamm.Experiment`; arguments and result as `CompiledModel.cycle`, for one set.

        The accuracy is that of the solver, whatever `tolerance_mV`; the longest integration step of a
        `Step` is ignored.

        Raises
        ------
        ValueError
            If a name is unknown, a number out of range, or a step needs the compiled model.
        RuntimeError
            If the integration fails; the message says in which cycle and step.
        """
        if n_cycles < 1:
            raise ValueError(f"n_cycles={n_cycles!r} must be at least 1.")
        wanted = self._wanted(outputs_each_cycle)
        p = self.vector(inputs)
        key = (tuple(steps), n_cycles)
        with self._lock:
            if self._experiment is None or self._experiment[0] != key:
                self._experiment = key, ExperimentRunner(*self._arguments, TOLERANCE, steps, n_cycles)
            runner = self._experiment[1]
            result = runner.run(dict(zip(self._inputs, map(float, p), strict=True)), trace)
        return label_cycles(self, runner.table, result, wanted, (), p[None])


def _without_cutoffs(
    protocol: Protocol | Sequence[Step | tuple[float, float]], output_times: ArrayLike | None
) -> Protocol:
    if isinstance(protocol, Protocol) and output_times is None:
        return protocol
    steps, initial = as_steps(protocol)
    if any(step.mode != "current" or step.until for step in steps):
        raise ValueError(
            f"protocol: cut-offs and control of voltage or power need cycle() or the compiled model. {REMEDY}"
        )
    pairs = [(step.duration, step.value) for step in steps]
    return Protocol.from_steps(pairs, output_times, initial_current=initial)


def _check_built(model: Any, built: Any, inputs: Sequence[str], outputs: Sequence[str]) -> None:
    """The checks of `export_model` that do not need its CasADi functions."""
    for name in outputs:
        if name not in model.variables:
            raise ValueError(f"outputs: {name!r} is not a variable of {model.name}; check spelling and unit.")
    symbols = [built.concatenated_rhs, built.concatenated_algebraic, built.concatenated_initial_conditions]
    for name in outputs:
        symbols.append(built.get_processed_variable(name))
        if symbols[-1].size != 1:
            raise ValueError(
                f"outputs: {name!r} has {symbols[-1].size} values; ask for a scalar, such as its "
                '"X-averaged ..." or "... surface ..." counterpart.'
            )
    found = {
        node.name
        for symbol in symbols
        for node in symbol.pre_order()
        if isinstance(node, pybamm.InputParameter)
    }
    for name in (CURRENT, *inputs):
        if name not in found:
            raise ValueError(without_effect(name))
    unset = found - {CURRENT, *inputs}
    if unset:
        raise ValueError(
            f"parameter_values has open inputs {sorted(unset)!r}; add them to inputs or give them a value."
        )
