"""The compiled simulator users hold."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from .compiler import available_processors
from .cycling import StepTable
from .export import ExportedModel
from .labels import label_simulation
from .library import Library
from .protocol import Protocol
from .steps import Step
from .store import SourceStore

__all__ = ["CompiledModel"]

Array = NDArray[np.float64]


class CompiledModel:
    """Compiled simulator; made by `compile_model`.

    Safe to share between threads and to pickle: the copy reloads its library from the cache, or
    compiles again where that is empty.

    Attributes
    ----------
    input_names, output_names : tuple of str
    defaults : dict
        Values of the inputs that may be left out.
    n_states : int
    name : str
        Of the PyBaMM model.
    """

    def __init__(self, sources: SourceStore, defaults: Mapping[str, float], name: str) -> None:
        self.name = name
        self.defaults = dict(defaults)
        self._sources = sources
        self._library = Library(sources)

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs, in the order of `p`."""
        return self._sources.input_names

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the outputs, in the order of the last axis."""
        return self._sources.output_names

    @property
    def n_states(self) -> int:
        """Number of differential and algebraic states."""
        return self._sources.n_x + self._sources.n_z

    @property
    def exported(self) -> ExportedModel:
        """The CasADi functions this simulator was generated from."""
        return self._sources.exported

    def __repr__(self) -> str:
        inputs = ", ".join(
            f"{name} = {self.defaults[name]:g}" if name in self.defaults else f"{name} (no default)"
            for name in self.input_names
        )
        return (
            f"CompiledModel({self.name}, {self._sources.n_x} differential + {self._sources.n_z} algebraic "
            f"states)\n  inputs: {inputs or 'none'}\n  outputs: {', '.join(self.output_names)}"
        )

    def vector(self, inputs: Mapping[str, float] | None = None) -> Array:
        """Inputs by name to the vector `p`; defaults fill in.

        Returns
        -------
        ndarray, shape (n_inputs,)

        Raises
        ------
        ValueError
            If a name is unknown, or one without default is missing.
        """
        return self._matrix({k: [v] for k, v in (inputs or {}).items()}, 1)[0]

    def _matrix(self, inputs: Mapping[str, ArrayLike], n: int) -> Array:
        unknown = sorted(set(inputs) - set(self.input_names))
        if unknown:
            raise ValueError(
                f"inputs: {unknown!r} are not inputs of this model; choose from {list(self.input_names)!r} "
                "or compile the model with them."
            )
        missing = [k for k in self.input_names if k not in inputs and k not in self.defaults]
        if missing:
            raise ValueError(f"inputs: {missing!r} have no default; give them a value.")
        matrix = np.empty((n, len(self.input_names)))
        for i, name in enumerate(self.input_names):
            matrix[:, i] = inputs.get(name, self.defaults.get(name, np.nan))
        return matrix

    def evaluate(self, protocol: Protocol, p: ArrayLike) -> Array:
        """Simulate one parameter set, without ceremony.

        Parameters
        ----------
        protocol : Protocol
        p : array_like, shape (n_inputs,)

        Returns
        -------
        ndarray, shape (n_times, n_outputs)
            All NaN if the simulation failed.
        """
        p = self._checked(p, (len(self.input_names),))
        out = np.empty((protocol.n_rows, len(self.output_names)))
        if self._library.simulate(protocol, p[None], out, np.empty(1, dtype=np.int32)):
            out.fill(np.nan)
        return protocol.resample(out, 0)

    def evaluate_many(
        self, protocol: Protocol, p: ArrayLike, threads: int | None = None
    ) -> tuple[Array, NDArray[np.bool_]]:
        """Simulate many parameter sets, several in each vector register and on several threads.

        The first call compiles a second library.

        Parameters
        ----------
        protocol : Protocol
        p : array_like, shape (n, n_inputs)
        threads : int, optional
            By default one per available processor.

        Returns
        -------
        values : ndarray, shape (n, n_times, n_outputs)
            Equal to n calls of `evaluate` but for rounding (below 1e-10 V), and whatever else is in `p`.
        failed : ndarray of bool, shape (n,)
            Sets whose simulation failed; their values are NaN.
        """
        p = self._checked(p, (-1, len(self.input_names)))
        if threads is not None and threads < 1:
            raise ValueError(f"threads={threads!r} must be at least 1; leave it out for all processors.")
        n = len(p)
        threads = min(threads or available_processors(), max(n, 1))
        out = np.empty((n, protocol.n_rows, len(self.output_names)))
        status = np.zeros(n, dtype=np.int32)
        # Four blocks a thread: failing sets stop early, so equal blocks need not take equal time.
        # All but the last fill their vectors.
        lanes = self._library.lanes
        groups = -(-n // lanes)
        bounds = np.linspace(0, groups, min(groups, 4 * threads) + 1 if threads > 1 else 2).astype(int)
        blocks = [slice(lanes * a, min(lanes * b, n)) for a, b in itertools.pairwise(bounds) if b > a]

        def run(block: slice) -> None:
            self._library.simulate_many(protocol, p[block], out[block], status[block])

        if threads == 1:
            for block in blocks:
                run(block)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(run, blocks))
        failed = status != 0
        out[failed] = np.nan
        return protocol.resample(out, 1), failed

    def jacobian(self, protocol: Protocol, p: ArrayLike) -> tuple[Array, Array]:
        """Outputs and their exact derivatives with respect to the inputs.

        The derivative is that of the discrete solution (forward mode), so it agrees with finite
        differences of `evaluate` to rounding. The first call compiles a second library.

        Parameters
        ----------
        protocol : Protocol
        p : array_like, shape (n_inputs,)

        Returns
        -------
        values : ndarray, shape (n_times, n_outputs)
        derivatives : ndarray, shape (n_times, n_outputs, n_inputs)
            In units of the output over units of the input; all NaN, as the values, after a failure.
        """
        p = self._checked(p, (len(self.input_names),))
        values, slopes, status = self._library.sensitivities(protocol, p)
        if status:
            values.fill(np.nan)
            slopes.fill(np.nan)
        return protocol.resample(values, 0), protocol.resample(slopes, 0)

    def simulate(self, protocol: Protocol, inputs: Mapping[str, float] | None = None) -> xr.Dataset:
        """Simulate one parameter set given by name.

        Parameters
        ----------
        protocol : Protocol
        inputs : mapping of str to float, optional
            Inputs left out take their default.

        Returns
        -------
        xarray.Dataset
            One variable per output over `time` [s], with the current [A] as a coordinate; attribute
            `failures` is 1 if the simulation failed (values NaN), else 0.
        """
        p = self.vector(inputs)
        values = self.evaluate(protocol, p)
        failures = int(np.isnan(values).any())
        return label_simulation(self, protocol, values, (), p, failures)

    def ensemble(
        self, protocol: Protocol, inputs: Mapping[str, ArrayLike], threads: int | None = None
    ) -> xr.Dataset:
        """Simulate n parameter sets given by name.

        Parameters
        ----------
        protocol : Protocol
        inputs : mapping of str to array_like, shape (n,) or ()
            A scalar holds for every set.
        threads : int, optional
            By default one per available processor.

        Returns
        -------
        xarray.Dataset
            One variable per output over (sample, time), the inputs as coordinates of `sample`;
            attribute `failures` counts the sets that failed, which are NaN.

        Raises
        ------
        ValueError
            If the lengths differ or a name is unknown.
        """
        shapes = {name: np.shape(value) for name, value in inputs.items()}
        if any(len(shape) > 1 for shape in shapes.values()):
            raise ValueError(f"inputs have shapes {shapes!r}; give scalars or one-dimensional arrays.")
        lengths = {shape[0] for shape in shapes.values() if shape}
        if len(lengths) > 1:
            raise ValueError(f"inputs have shapes {shapes!r}; give arrays of one common length.")
        p = self._matrix(inputs, lengths.pop() if lengths else 1)
        values, failed = self.evaluate_many(protocol, p, threads)
        return label_simulation(self, protocol, values, ("sample",), p, int(failed.sum()))

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
        """Repeat steps under control of current, voltage or power, carrying all states along.

        The step size adapts to `tolerance_mV`; cut-offs are located within the step. The first call
        compiles a third library, which needs "Voltage [V]" among the outputs.

        Parameters
        ----------
        steps : sequence of Step
            One cycle.
        n_cycles : int
        inputs : mapping of str to float, optional
            Inputs left out take their default.
        tolerance_mV : float
            Wanted error of the voltage [mV] at any time since the start of the cycle's step; currents
            under voltage control are held to 0.5 % of the largest current for each mV.
        outputs_each_cycle : sequence of str, optional
            Outputs to report at the end of each step; by default all.
        trace : bool
            Report every integration step as well, along `point`.

        Returns
        -------
        xarray.Dataset
            Over (cycle, step), at the end of each step: "Duration [s]", "Voltage [V]", "Current [A]",
            "Charge [A.h]" (of the step, discharge positive), "Ended by" (name of the cut-off, or
            "duration") and the outputs.

        Raises
        ------
        ValueError
            If a name is unknown or a number out of range.
        RuntimeError
            If the integration fails; the message says in which cycle and step.
        """
        if not tolerance_mV > 0:
            raise ValueError(f"tolerance_mV={tolerance_mV!r} must be positive; 0.5 is a good choice.")
        if n_cycles < 1:
            raise ValueError(f"n_cycles={n_cycles!r} must be at least 1.")
        wanted = self.output_names if outputs_each_cycle is None else tuple(outputs_each_cycle)
        unknown = sorted(set(wanted) - set(self.output_names))
        if unknown:
            raise ValueError(
                f"outputs_each_cycle: {unknown!r} are not outputs of this model; choose from "
                f"{list(self.output_names)!r} or compile the model with them."
            )
        table = StepTable(steps, self.output_names)
        result = self._library.cycles().run(table, n_cycles, self.vector(inputs), 1e-3 * tolerance_mV, trace)
        dataset = result.dataset(steps, self.output_names, wanted)
        return dataset.assign_attrs(model=self.name, integration_steps=result.n_steps)

    def _checked(self, p: ArrayLike, shape: tuple[int, ...]) -> Array:
        p = np.ascontiguousarray(p, dtype=float)
        if p.ndim != len(shape) or p.shape[-1] != shape[-1]:
            wanted = "(n_inputs,)" if len(shape) == 1 else "(n, n_inputs)"
            raise ValueError(
                f"p has shape {p.shape}; give {wanted} with n_inputs = {shape[-1]}, ordered as input_names."
            )
        return p
