"""The compiled simulator users hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from .accuracy import LOCAL_SHARE, run_to_tolerance
from .base import Simulator
from .controlled import VOLTAGE
from .cycling import STATUS as FAILURES
from .cycling import CycleLibrary, StepTable
from .export import ExportedModel
from .labels import label_cycles, label_error, label_series, label_simulation
from .library import Library
from .parallel import in_blocks
from .protocol import Protocol, increasing_times
from .segments import SegmentLibrary
from .steps import Step, as_steps
from .store import SourceStore

__all__ = ["FAILURES", "CompiledModel"]

Array = NDArray[np.float64]


class CompiledModel(Simulator):
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
        return self._described(f"{self._sources.n_x} differential + {self._sources.n_z} algebraic states")

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
        return self._run_one(protocol, p[None])[0][0]

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
        values, status = self.run_many(protocol, p, threads)
        return values, status != 0

    def run_many(
        self, protocol: Protocol, p: ArrayLike, threads: int | None = None
    ) -> tuple[Array, NDArray[np.int32]]:
        """Like `evaluate_many`, with the status of each set: a key of `FAILURES`, or 0 for success."""
        p = self._checked(p, (-1, len(self.input_names)))
        out = np.empty((len(p), protocol.n_rows, len(self.output_names)))
        status = np.zeros(len(p), dtype=np.int32)

        def run(sets: slice) -> None:
            self._library.simulate_many(protocol, p[sets], out[sets], status[sets])

        in_blocks(len(p), self._library.lanes, threads, run)
        out[status != 0] = np.nan
        return protocol.resample(out, 1), status

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

    def segments(self) -> SegmentLibrary:
        """Integration of stretches of a protocol from given states; shares the library of `jacobian`."""
        return SegmentLibrary(self._sources)

    def simulate(
        self,
        protocol: Protocol | Sequence[Step | tuple[float, float]],
        inputs: Mapping[str, float] | None = None,
        *,
        tolerance_mV: float | None = 0.1,
        output_times: ArrayLike | None = None,
    ) -> xr.Dataset:
        """Simulate one parameter set given by name, to a stated accuracy.

        Parameters
        ----------
        protocol : Protocol or sequence of Step or (duration [s], current [A])
            Steps may control current, voltage or power and end at cut-offs.
        inputs : mapping of str to float, optional
            Inputs left out take their default.
        tolerance_mV : float or None
            Wanted error of the voltage [mV] against the exact solution of the discretised model; the
            integration steps adapt to it, and two solutions are compared. After a cut-off it holds at the
            same time since the start of the step. None takes the grid of a `Protocol` as it is.
        output_times : array_like, shape (n_times,), optional
            Absolute times [s], increasing; by default those of the `Protocol`, or the integration steps.

        Returns
        -------
        xarray.Dataset
            One variable per output over `time` [s], with the current [A]; for steps also "Duration [s]" and
            "Ended by" of each. Values are NaN from where the simulation ended early and attribute `reason`
            says why: an event of the model (other than voltage limits), or a failure, with `failures` 1
            instead of 0. `error_mV` is the estimated error.

        Raises
        ------
        ValueError
            If a name is unknown, or "Voltage [V]" is no output and `tolerance_mV` is given.
        """
        p = self.vector(inputs)[None]
        return self._labelled(protocol, p, (), tolerance_mV, output_times, None)

    def ensemble(
        self,
        protocol: Protocol | Sequence[Step | tuple[float, float]],
        inputs: Mapping[str, ArrayLike],
        threads: int | None = None,
        *,
        tolerance_mV: float | None = 0.1,
        output_times: ArrayLike | None = None,
    ) -> xr.Dataset:
        """Simulate n parameter sets given by name, each to a stated accuracy.

        Parameters
        ----------
        protocol, tolerance_mV, output_times
            As for `simulate`; steps need `output_times`.
        inputs : mapping of str to array_like, shape (n,) or ()
            A scalar holds for every set.
        threads : int, optional
            By default one per available processor.

        Returns
        -------
        xarray.Dataset
            As from `simulate`, over (sample, time), the inputs as coordinates of `sample` and `reason` and
            "Estimated error [mV]" as variables. Attribute `failures` counts the sets that failed.

        Raises
        ------
        ValueError
            If the lengths differ, a name is unknown or output times are missing.
        """
        return self._labelled(protocol, self._sets(inputs), ("sample",), tolerance_mV, output_times, threads)

    def _labelled(
        self,
        protocol: Protocol | Sequence[Step | tuple[float, float]],
        p: Array,
        lead: tuple[str, ...],
        tolerance_mV: float | None,
        output_times: ArrayLike | None,
        threads: int | None,
    ) -> xr.Dataset:
        shown = p if lead else p[0]
        if tolerance_mV is None:
            if not isinstance(protocol, Protocol):
                raise ValueError("tolerance_mV=None takes the grid of a Protocol; give one, or a tolerance.")
            values, status = self.run_many(protocol, p, threads) if lead else self._run_one(protocol, p)
            reasons = np.array([FAILURES.get(int(i), "") for i in status])
            values = values if lead else values[0]
            return label_simulation(self, protocol, values, lead, shown, reasons, int((status != 0).sum()))
        steps, initial = as_steps(protocol)
        times = protocol.output_times if isinstance(protocol, Protocol) and output_times is None else None
        if output_times is not None:
            times = increasing_times(output_times)
        if times is None and lead:
            raise ValueError(
                "output_times=None: sets have no integration steps in common; give output_times."
            )
        table, library = self._prepare(steps, tolerance_mV, len(p))
        run = run_to_tolerance(
            library,
            table,
            p,
            1e-3 * tolerance_mV,
            self.output_names.index(VOLTAGE),
            threads=threads,
            initial_current=initial,
            output_times=times,
        )
        result = run.result
        if isinstance(protocol, Protocol) and output_times is None:
            values, failed = result.series[..., :-1], result.failed
            values[failed] = np.nan
            values = values if lead else values[0]
            n_failed, reasons = int(failed.sum()), result.reasons(table)
            labelled = label_simulation(self, protocol, values, lead, shown, reasons, n_failed)
        else:
            labelled = label_series(self, table, result, times, lead, p)
        return label_error(labelled, lead, run.error, tolerance_mV)

    def cycle(
        self,
        steps: Sequence[Step],
        n_cycles: int = 1,
        inputs: Mapping[str, ArrayLike] | None = None,
        *,
        tolerance_mV: float = 0.5,
        outputs_each_cycle: Sequence[str] | None = None,
        trace: bool = False,
        threads: int | None = None,
    ) -> xr.Dataset:
        """Repeat steps under control of current, voltage or power, carrying all states along.

        The step size adapts to `tolerance_mV`; cut-offs are located within the step. The first call
        compiles a further library, which needs "Voltage [V]" among the outputs.

        Parameters
        ----------
        steps : sequence of Step
            One cycle.
        n_cycles : int
        inputs : mapping of str to float or array_like, shape (n,), optional
            Inputs left out take their default. With an array, n sets are cycled together.
        tolerance_mV : float
            What the voltage [mV] at a given time since the start of its step shall be accurate to; each
            integration step may use a fifth. Unlike `simulate`, this does not verify the sum.
        outputs_each_cycle : sequence of str, optional
            Outputs to report at the end of each step; by default all.
        trace : bool
            Report every integration step as well, along `point`; for a single set.
        threads : int, optional
            For several sets; by default one per available processor.

        Returns
        -------
        xarray.Dataset
            Over (cycle, step), at the end of each step: "Duration [s]", "Voltage [V]", "Current [A]",
            "Charge [A.h]" (of the step, discharge positive), "Ended by" (name of the cut-off, or
            "duration") and the outputs. NaN from where an event of the model ended it, see `reason`.
            With arrays over (sample, cycle, step): sets that fail are NaN from there on, too, and attribute
            `failures` counts them.

        Raises
        ------
        ValueError
            If a name is unknown or a number out of range.
        RuntimeError
            If the integration of a single set fails; the message says in which cycle and step.
        """
        if n_cycles < 1:
            raise ValueError(f"n_cycles={n_cycles!r} must be at least 1.")
        wanted = self._wanted(outputs_each_cycle)
        lead = ("sample",) if any(np.ndim(value) for value in (inputs or {}).values()) else ()
        if trace and lead:
            raise ValueError("trace=True is for a single set; give the inputs as numbers.")
        p = self._sets(inputs or {})
        table, library = self._prepare(steps, tolerance_mV, len(p))
        local = 1e-3 * tolerance_mV * LOCAL_SHARE
        result = library.run(table, n_cycles, p, local, threads=threads, trace=trace)
        if result.failed.any() and not lead:
            raise RuntimeError(
                f"{result.reasons(table)[0]}. Add a cut-off such as Step.current(..., until=2.5) to the "
                "step, or check the inputs."
            )
        return label_cycles(self, table, result, wanted, lead, p)

    def _prepare(self, steps: Sequence[Step], tolerance_mV: float, n: int) -> tuple[StepTable, CycleLibrary]:
        if not tolerance_mV > 0:
            raise ValueError(f"tolerance_mV={tolerance_mV!r} must be positive; 0.1 is a good choice.")
        return StepTable(steps, self.output_names, self._sources.event_names), self._library.cycles(
            many=n > 1
        )

    def _run_one(self, protocol: Protocol, p: Array) -> tuple[Array, NDArray[np.int32]]:
        out = np.empty((1, protocol.n_rows, len(self.output_names)))
        status = np.zeros(1, dtype=np.int32)
        if self._library.simulate(protocol, p, out, status):
            out.fill(np.nan)
        return protocol.resample(out, 1), status
