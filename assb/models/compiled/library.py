"""The generated functions of one model, loaded, with NumPy arrays in and out."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compiler import CompilerError, warn_once
from .cycling import CycleLibrary
from .protocol import Protocol
from .source import LANES, sensitivity_source, simulation_source
from .store import SourceStore

__all__ = ["Library"]

Array = NDArray[np.float64]
SCALAR = "parameter sets are simulated one by one, as the vector code could not be compiled"
_POINTER: Any = ctypes.c_void_p
# Number of steps, step sizes, currents, output flags, initial current, output at t = 0.
_PROTOCOL: list[Any] = [ctypes.c_int, _POINTER, _POINTER, _POINTER, ctypes.c_double, ctypes.c_int]


def _address(array: np.ndarray) -> int:
    return array.ctypes.data


def _protocol_arguments(protocol: Protocol) -> tuple[Any, ...]:
    return (
        protocol.h.size,
        _address(protocol.h),
        _address(protocol.current),
        _address(protocol.emit),
        protocol.initial_current,
        protocol.emit_initial,
    )


class _Simulate:
    """`assb_simulate` of one shared library."""

    def __init__(self, sources: SourceStore, macros: Sequence[str] = ()) -> None:
        library = sources.load("simulate", simulation_source, macros)
        library.assb_workspace.restype = ctypes.c_long
        self._n_work = int(library.assb_workspace())
        self.lanes = int(library.assb_lanes()) if macros else 1
        self._function: Callable[..., int] = library.assb_simulate
        library.assb_simulate.argtypes = [ctypes.c_long, *_PROTOCOL, ctypes.c_long, *[_POINTER] * 4]
        library.assb_simulate.restype = ctypes.c_long

    def __call__(self, protocol: Protocol, p: Array, out: Array, status: NDArray[np.int32]) -> int:
        work = np.empty(self._n_work)
        return self._function(
            len(p),
            *_protocol_arguments(protocol),
            protocol.n_rows,
            _address(p),
            _address(out),
            _address(status),
            _address(work),
        )


class Library:
    """Compiled functions of a model; picklable, because its sources are.

    Parameters
    ----------
    sources : SourceStore
    """

    def __init__(self, sources: SourceStore) -> None:
        self._sources = sources
        self._sensitivities: Callable[..., int] | None = None
        self._one = _Simulate(sources)
        self._many: _Simulate | None = None
        self._cycles: CycleLibrary | None = None
        self._cycles_many: CycleLibrary | None = None
        self._lock = threading.Lock()

    def cycles(self, many: bool = False) -> CycleLibrary:
        """Code for controlled steps; generated and compiled on first use.

        With `many`, one set in each vector lane; the scalar code stands in where that fails.
        """
        with self._lock:
            if many and self._cycles_many is None:
                try:
                    self._cycles_many = CycleLibrary(self._sources, (LANES,))
                except CompilerError as error:
                    warn_once(error, 5, SCALAR)
                    self._cycles_many = CycleLibrary(self._sources)
            if self._cycles_many is not None and many:
                return self._cycles_many
            if self._cycles is None:
                self._cycles = CycleLibrary(self._sources)
            return self._cycles

    def _together(self) -> _Simulate:
        """Compile the vector code on first use; the scalar code stands in where that fails."""
        with self._lock:
            if self._many is None:
                try:
                    self._many = _Simulate(self._sources, (LANES,))
                except CompilerError as error:
                    warn_once(error, 5, SCALAR)
                    self._many = self._one
            return self._many

    @property
    def lanes(self) -> int:
        """Number of parameter sets that `simulate_many` advances together; compiles on first use."""
        return self._together().lanes

    def _bind_sensitivities(self) -> Callable[..., int]:
        """Generate and compile on first use: gradients are not always wanted, and take longer."""
        library = self._sources.load("sensitivities", sensitivity_source)
        library.assb_workspace.restype = ctypes.c_long
        self._n_work_sensitivities = int(library.assb_workspace())
        function = library.assb_sensitivities
        function.argtypes = [*_PROTOCOL, *[_POINTER] * 4]
        function.restype = ctypes.c_int
        self._sensitivities = function
        return function

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        for name in ("_one", "_lock"):
            del state[name]
        state["_sensitivities"] = state["_many"] = state["_cycles"] = state["_cycles_many"] = None
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._lock = threading.Lock()
        self._one = _Simulate(self._sources)

    def simulate(self, protocol: Protocol, p: Array, out: Array, status: NDArray[np.int32]) -> int:
        """Simulate every row of `p` into `out`; the interpreter lock is released meanwhile.

        Parameters
        ----------
        protocol : Protocol
        p : ndarray, shape (n, n_inputs), contiguous
        out : ndarray, shape (n, n_rows, n_outputs), contiguous
        status : ndarray of int32, shape (n,)
            0 for success.

        Returns
        -------
        int
            Number of rows that failed; what `out` holds there is undefined.
        """
        return self._one(protocol, p, out, status)

    def simulate_many(self, protocol: Protocol, p: Array, out: Array, status: NDArray[np.int32]) -> int:
        """Like `simulate`, several rows at a time, one in each lane of the vector registers.

        What a row gives does not depend on the others. It differs from `simulate` by rounding.
        """
        return self._together()(protocol, p, out, status)

    def sensitivities(self, protocol: Protocol, p: Array) -> tuple[Array, Array, int]:
        """Outputs (n_rows, n_outputs), derivatives (n_rows, n_outputs, n_inputs) and status."""
        function = self._sensitivities or self._bind_sensitivities()
        values = np.empty((protocol.n_rows, len(self._sources.output_names)))
        slopes = np.empty((*values.shape, p.size))
        work = np.empty(self._n_work_sensitivities)
        status = function(
            *_protocol_arguments(protocol),
            _address(p),
            _address(values),
            _address(slopes),
            _address(work),
        )
        return values, slopes, status
