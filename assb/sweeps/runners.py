"""How one block of runs is computed; picklable, so that a block can be computed elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

import numpy as np
import pybamm
from numpy.typing import NDArray

from assb.models import compiled
from assb.models.compiled import CompiledModel, ReferenceModel, Step
from assb.models.compiled.compiler import warn_once
from assb.models.compiled.controlled import VOLTAGE
from assb.models.compiled.model import FAILURES
from assb.models.compiled.steps import CAPACITY, CURRENT_SIZE

from .outputs import Output

__all__ = ["Block", "CompiledRunner", "ReferenceRunner", "Runner", "StepsRunner", "make_runner"]

Array = NDArray[np.float64]


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
        values, status = self.fast.run_many(self.protocol, points, threads)
        reason = np.array([FAILURES.get(int(i), "") for i in status], dtype="<U96")
        return Block(_keep(self.wanted, values, status != 0, self.protocol.output_times), reason)

    def fingerprint(self) -> str:
        """Hash of equations, protocol and outputs."""
        model = self.fast.exported
        functions = (model.dynamics, model.outputs, model.initial)
        return _digest(
            "compiled", *(f.serialize() for f in functions), *_protocol_parts(self.protocol), self.wanted
        )


#: What is kept of every step of a protocol that ends at cut-offs.
STEP_COLUMNS = ("Duration [s]", "Charge [A.h]")


@dataclass(frozen=True)
class StepsRunner:
    """Blocks of steps that end at cut-offs, through the compiled ensemble."""

    fast: CompiledModel
    steps: tuple[Step, ...]
    wanted: tuple[Output, ...]
    tolerance_mV: float

    def run(self, points: Array, threads: int | None = None) -> Block:
        """Results at `points`, at the end of the last step that each set reached."""
        inputs = dict(zip(self.fast.input_names, points.T, strict=True))
        ends = self.fast.cycle(self.steps, 1, inputs, threads=threads, tolerance_mV=self.tolerance_mV)
        reason = ends["reason"].values.astype("<U96")
        kept = {name: ends[name].values[:, 0] for name in STEP_COLUMNS}
        reached = np.isfinite(kept["Duration [s]"])
        last = np.maximum(reached.sum(axis=1) - 1, 0)[:, None]
        for item in self.wanted:
            values = np.take_along_axis(ends[item.source].values[:, 0], last, axis=1)[:, 0]
            # Where an event of the model ended the set, its values are those of the event.
            kept[item.label] = np.where((reason == "") | reached.any(axis=1), values, np.nan)
        return Block(kept, reason)

    def fingerprint(self) -> str:
        """Hash of equations, steps and outputs."""
        model = self.fast.exported
        functions = (model.dynamics, model.outputs, model.initial, model.events)
        return _digest(
            "steps", *(f.serialize() for f in functions), self.steps, self.wanted, self.tolerance_mV
        )


@dataclass(frozen=True)
class ReferenceRunner:
    """Blocks through `pybamm.IDAKLUSolver`, one run after another."""

    slow: ReferenceModel
    model: pybamm.BaseModel
    values: pybamm.ParameterValues
    protocol: compiled.Protocol
    wanted: tuple[Output, ...]
    var_pts: Mapping[Any, int] | None = None

    def run(self, points: Array, threads: int | None = None) -> Block:
        """Results at `points`; `threads` is ignored."""
        values, reason = self.slow.attempt_many(self.protocol, points)
        kept = _keep(self.wanted, values, reason != "", self.protocol.output_times)
        return Block(kept, reason.astype("<U96"))

    def fingerprint(self) -> str:
        """Hash of model, values, protocol and outputs."""
        options = dict(getattr(self.model, "options", {}))
        values = sorted((name, repr(self.values[name])) for name in self.values.keys())
        return _digest(
            "IDAKLU",
            self.model.name,
            options,
            values,
            self.var_pts,
            *_protocol_parts(self.protocol),
            self.wanted,
        )


def make_runner(
    model: pybamm.BaseModel,
    values: pybamm.ParameterValues,
    names: tuple[str, ...],
    protocol: compiled.Protocol | tuple[Step, ...],
    wanted: Sequence[Output],
    var_pts: Mapping[Any, int] | None = None,
    tolerance_mV: float = 0.5,
) -> Runner:
    """Compile the model, or fall back to IDAKLU with a warning where that is not possible.

    Steps with cut-offs have no such substitute: `CompilerError` says so.

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
    if not isinstance(protocol, compiled.Protocol):
        needed = list(dict.fromkeys([*sources, VOLTAGE, *(c.name for s in protocol for c in s.until)]))
        needed = [name for name in needed if name not in (CAPACITY, CURRENT_SIZE)]
        fast = compiled.compile_model(model, values, list(names), needed, var_pts=var_pts, fallback=False)
        return StepsRunner(cast(CompiledModel, fast), protocol, tuple(wanted), tolerance_mV)
    try:
        fast = compiled.compile_model(model, values, list(names), sources, var_pts=var_pts, fallback=False)
    except (RuntimeError, ValueError) as error:
        # No compiler, a table in the model, or a failed check. What is wrong with the names is wrong for the
        # reference as well, which says so: a misspelt factor must not turn into runs that are all alike.
        slow = ReferenceModel(model, values, list(names), sources, var_pts)
        warn_once(error, stacklevel=4)
        return ReferenceRunner(slow, model, values, protocol, tuple(wanted), var_pts)
    return CompiledRunner(cast(CompiledModel, fast), protocol, tuple(wanted))
