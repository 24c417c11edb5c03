"""How one block of runs is computed; picklable, so that a block can be computed elsewhere."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pybamm
from numpy.typing import NDArray

from assb.models import compiled
from assb.models.compiled import CompiledModel, CompilerError
from assb.models.compiled.check import solve_with_idaklu

from .outputs import Output

__all__ = ["Block", "CompiledRunner", "ReferenceRunner", "Runner", "make_runner"]

Array = NDArray[np.float64]
#: By status of the compiled simulator.
_REASONS = {
    1: "the initial state is not finite",
    2: "no consistent state exists for this current",
    3: "the solution or an output is not finite: the cell is empty, full or outside its model",
}


@dataclass(frozen=True)
class Block:
    """Results of consecutive runs: what is kept by label, and why a run failed ("" if it did not)."""

    kept: dict[str, Array]
    reason: NDArray[np.str_]


class Runner(Protocol):
    """Computes blocks of runs."""

    def run(self, points: Array, threads: int | None = None) -> Block:
        """Results at `points`, shape (n, n_factors)."""

    def fingerprint(self) -> str:
        """Hash of everything the numbers depend on except the points."""


def _keep(
    wanted: Sequence[Output], values: Array, failed: NDArray[np.bool_], times: Array
) -> dict[str, Array]:
    """Reduce values (n, n_times, n_sources); failed runs become NaN."""
    sources = list(dict.fromkeys(item.source for item in wanted))
    kept = {}
    for item in wanted:
        reduced = item.reduce(values[:, :, sources.index(item.source)], times)
        reduced[failed] = np.nan
        kept[item.label] = reduced
    return kept


def _digest(*parts: Any) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.tobytes() if isinstance(part, np.ndarray) else str(part).encode())
        digest.update(b"\0")
    return digest.hexdigest()


def _protocol_parts(protocol: compiled.Protocol) -> tuple[Any, ...]:
    return (protocol.steps, protocol.output_times, protocol.initial_current, protocol.h, protocol.current)


@dataclass(frozen=True)
class CompiledRunner:
    """Blocks through the compiled ensemble."""

    fast: CompiledModel
    protocol: compiled.Protocol
    wanted: tuple[Output, ...]

    def run(self, points: Array, threads: int | None = None) -> Block:
        """Results at `points`."""
        values, failed = self.fast.evaluate_many(self.protocol, points, threads)
        reason = np.full(len(points), "", dtype="<U96")
        for i in np.flatnonzero(failed):
            reason[i] = self._reason(points[i])
        return Block(_keep(self.wanted, values, failed, self.protocol.output_times), reason)

    def _reason(self, point: Array) -> str:
        """Repeat a failed run for its status, which the ensemble does not report."""
        out = np.empty((1, self.protocol.n_times, len(self.fast.output_names)))
        status = np.zeros(1, dtype=np.int32)
        self.fast._library.simulate(self.protocol, np.ascontiguousarray(point[None]), out, status)
        return _REASONS.get(int(status[0]), "the simulation failed")

    def fingerprint(self) -> str:
        """Hash of equations, protocol and outputs."""
        model = self.fast.exported
        functions = (model.dynamics, model.outputs, model.initial)
        return _digest(
            "compiled", *(f.serialize() for f in functions), *_protocol_parts(self.protocol), self.wanted
        )


@dataclass(frozen=True)
class ReferenceRunner:
    """Blocks through `pybamm.IDAKLUSolver`, one run after another."""

    model: pybamm.BaseModel
    values: pybamm.ParameterValues
    names: tuple[str, ...]
    protocol: compiled.Protocol
    wanted: tuple[Output, ...]

    def run(self, points: Array, threads: int | None = None) -> Block:
        """Results at `points`; `threads` is ignored."""
        sources = tuple(dict.fromkeys(item.source for item in self.wanted))
        values = np.full((len(points), self.protocol.n_times, len(sources)), np.nan)
        reason = np.full(len(points), "", dtype="<U96")
        for i, point in enumerate(points):
            pv = self.values.copy()
            pv.update(dict(zip(self.names, map(float, point), strict=True)))
            try:
                values[i] = solve_with_idaklu(self.model, pv, self.protocol, {}, sources, tolerance=1e-6)
            except (pybamm.SolverError, ValueError, ArithmeticError) as error:
                reason[i] = (str(error).strip().splitlines() or [type(error).__name__])[0][:96]
        # The reference knows no current before the first step, so that row 0 of t = 0 is NaN.
        first = int(self.protocol.emit_initial and self.protocol.n_times > 1)
        bad = ~np.isfinite(values[:, first:]).all(axis=(1, 2))
        reason[bad & (reason == "")] = "the solution is not finite"
        times = self.protocol.output_times
        kept: dict[str, Array] = {}
        for item in self.wanted:
            start = 0 if item.reduction == "series" else first
            kept |= _keep((item,), values[:, start:, [sources.index(item.source)]], bad, times[start:])
        return Block(kept, reason)

    def fingerprint(self) -> str:
        """Hash of model, values, protocol and outputs."""
        options = dict(getattr(self.model, "options", {}))
        values = sorted((name, repr(self.values[name])) for name in self.values.keys())
        return _digest(
            "IDAKLU", self.model.name, options, values, *_protocol_parts(self.protocol), self.wanted
        )


def make_runner(
    model: pybamm.BaseModel,
    values: pybamm.ParameterValues,
    names: tuple[str, ...],
    protocol: compiled.Protocol,
    wanted: Sequence[Output],
    var_pts: Mapping[Any, int] | None = None,
) -> Runner:
    """Compile the model, or fall back to IDAKLU with a warning where that is not possible.

    Raises
    ------
    ValueError
        If a factor is no parameter or has no effect, or an output is no variable of the model.
    """
    sources = list(dict.fromkeys(item.source for item in wanted))
    for name in names:
        if name not in values.keys():
            raise ValueError(f"factors: {name!r} is not a parameter; check spelling and unit.")
    for name in sources:
        if name not in model.variables:
            raise ValueError(f"outputs: {name!r} is not a variable of {model.name}; check spelling and unit.")
    try:
        fast = compiled.compile_model(model, values, list(names), sources, var_pts=var_pts)
    except (CompilerError, RuntimeError, ValueError) as error:
        # A misspelt factor must not turn into hours of runs that are all alike; a vector stays one.
        if isinstance(error, ValueError) and ("no effect" in str(error) or "ask for a scalar" in str(error)):
            raise
        if var_pts is not None:
            raise
        first = str(error).strip().splitlines()[0]
        warnings.warn(
            f"the model cannot be compiled ({first}); running one by one with pybamm.IDAKLUSolver, slowly.",
            stacklevel=3,
        )
        return ReferenceRunner(model, values, names, protocol, tuple(wanted))
    return CompiledRunner(fast, protocol, tuple(wanted))
