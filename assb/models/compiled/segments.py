"""Stretches of a simulation from given states, with derivatives: the pieces of multiple shooting."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compiler import CompilerError, warn_once
from .protocol import Protocol
from .source import LANES, sensitivity_source
from .store import SourceStore

__all__ = ["SegmentLibrary"]

Array = NDArray[np.float64]
SCALAR = "directions are followed one by one, as the vector code could not be compiled"
_POINTER: Any = ctypes.c_void_p


def _address(array: np.ndarray) -> int:
    return array.ctypes.data


class SegmentLibrary:
    """Integration of stretches of a protocol, from any state and along any directions.

    One direction in each vector lane; where the vector code cannot be compiled, one after the other in the
    library of `CompiledModel.jacobian`.

    Parameters
    ----------
    sources : SourceStore

    Attributes
    ----------
    n_x, n_y : int
        Numbers of differential and of all states, which come first and last in a state vector.
    """

    def __init__(self, sources: SourceStore) -> None:
        self.n_x, self.n_y = sources.n_x, sources.n_x + sources.n_z
        self._n_outputs = len(sources.output_names)
        try:
            library = sources.load("sensitivities", sensitivity_source, (LANES,))
        except CompilerError as error:
            warn_once(error, 5, SCALAR)
            library = sources.load("sensitivities", sensitivity_source)
        library.assb_segment_workspace.argtypes = [ctypes.c_long]
        library.assb_segment_workspace.restype = ctypes.c_long
        self._workspace = library.assb_segment_workspace
        self._start = library.assb_start
        self._start.argtypes = [ctypes.c_double, ctypes.c_int, *[_POINTER] * 5]
        self._start.restype = ctypes.c_int
        self._segment = library.assb_segment
        self._segment.argtypes = [ctypes.c_int, *[_POINTER] * 3, ctypes.c_double, *[ctypes.c_int] * 2]
        self._segment.argtypes = [*self._segment.argtypes, *[_POINTER] * 7]
        self._segment.restype = ctypes.c_int

    def start(self, protocol: Protocol, p: Array, directions: Array) -> tuple[Array, Array, int]:
        """State before the first step, and its derivatives.

        Parameters
        ----------
        protocol : Protocol
        p : ndarray, shape (n_inputs,)
        directions : ndarray, shape (k, n_inputs)
            Changes of the inputs.

        Returns
        -------
        y : ndarray, shape (n_y,)
            The algebraic part is a guess.
        s : ndarray, shape (k, n_y)
        status : int
            0 for success.
        """
        p, directions = np.ascontiguousarray(p), np.ascontiguousarray(directions)
        y, s = np.empty(self.n_y), np.zeros((len(directions), self.n_y))
        work = np.empty(int(self._workspace(len(directions))))
        pointers = [_address(array) for array in (directions, p, y, s, work)]
        status = self._start(protocol.initial_current, len(directions), *pointers)
        return y, s, status

    def run(
        self, protocol: Protocol, part: slice, p: Array, y: Array, s: Array, directions: Array
    ) -> tuple[Array, Array, Array, Array, int]:
        """Integrate the steps `part` of the grid of `protocol`.

        Parameters
        ----------
        protocol : Protocol
        part : slice
            Start and stop among the integration steps.
        p : ndarray, shape (n_inputs,)
        y : ndarray, shape (n_y,)
            State at the start; the algebraic part is a guess.
        s : ndarray, shape (k, n_y)
            Changes of that state.
        directions : ndarray, shape (k, n_inputs)
            Changes of the inputs; k may be 0.

        Returns
        -------
        y, s : ndarray
            At the end.
        values : ndarray, shape (n, n_outputs)
            At the rows of the protocol within the part, that at t = 0 included.
        slopes : ndarray, shape (n, n_outputs, k)
        status : int
            0 for success; otherwise a key of `FAILURES` and numbers without meaning.
        """
        k, first = len(directions), part.start == 0
        emit = protocol.emit[part]
        rows = int(emit.sum()) + int(first and protocol.emit_initial)
        y, s = np.array(y, dtype=float), np.array(s, dtype=float, order="C")
        values, slopes = np.empty((rows, self._n_outputs)), np.empty((rows, self._n_outputs, k))
        p, directions = np.ascontiguousarray(p), np.ascontiguousarray(directions)
        work = np.empty(int(self._workspace(k)))
        h, current = protocol.h[part], protocol.current[part]
        before = protocol.initial_current if first else float(current[0])
        status = self._segment(
            len(h),
            *[_address(array) for array in (h, current, emit)],
            before,
            int(first and protocol.emit_initial),
            k,
            *[_address(array) for array in (directions, p, y, s, values, slopes, work)],
        )
        return y, s, values, slopes, status
