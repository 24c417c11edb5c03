"""Sweep a model over parameters."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import numpy as np
import pybamm
import xarray as xr

import assb
from assb.models.compiled import Protocol, Step
from assb.models.compiled.labels import unit
from assb.models.compiled.steps import as_steps

from .blocks import Store, compute, connect, progress_bar
from .design import Design, make_design
from .outputs import Output, parse_outputs
from .runners import STEP_COLUMNS, Block, ReferenceRunner, make_runner

__all__ = ["sweep"]

# Most memory [bytes] and most runs of one block. They depend on the sweep alone, not on the machine,
# so that a checkpoint resumes anywhere and every client computes the same blocks.
BLOCK_BYTES = 16 * 2**20
BLOCK_RUNS = 1000
# A result larger than this [bytes] is probably not what was meant.
LARGE_RESULT = 2 * 2**30


def sweep(
    model: pybamm.BaseModel,
    parameter_values: pybamm.ParameterValues,
    factors: Mapping[str, Any],
    protocol: Protocol | Sequence[Step | tuple[float, float]],
    client: Any = None,
    *,
    design: str = "factorial",
    n: int | None = None,
    seed: int = 0,
    outputs: Sequence[str] | Mapping[str, str | Sequence[str]] = ("Voltage [V]",),
    checkpoint: str | Path | None = None,
    progress: bool = True,
    threads: int | None = None,
    var_pts: Mapping[Any, int] | None = None,
    tolerance_mV: float = 0.5,
) -> xr.Dataset:
    """Run a protocol at many parameter values.

    The model is compiled once and run in blocks; where that is impossible it runs one by one through
    `pybamm.IDAKLUSolver`, with a warning. Under currents of given durations the model's events (voltage cut-offs)
    are ignored; a sequence with a `Step` ends each step where it says.

    Parameters
    ----------
    model : pybamm.BaseModel
    parameter_values : pybamm.ParameterValues
        Of everything that is not a factor.
    factors : mapping
        Parameter name to values: a list of them for a factorial design, ``(low, high)`` or
        ``(low, high, "log")`` for the others.
    protocol : Protocol or sequence of Step or (duration [s], current [A])
        Positive current discharges. With any `Step`, outputs are kept at the end of the protocol ("final"), and
        "Duration [s]" and "Charge [A.h]" of each step.
    client : dask.distributed.Client or str, optional
        Any object with `submit` and `gather`, the address of a scheduler, or "local"; by default local
        threads. The numbers do not depend on it.
    design : {"factorial", "latin hypercube", "sobol"}
        Sobol' sequences are scrambled and balanced for powers of two only.
    n : int, optional
        Number of runs; for designs other than factorial.
    seed : int
        Of the design.
    outputs : sequence of str or mapping of str to str or sequence of str
        Variables kept at the output times of the protocol; or variable to "series", "final", "min",
        "max", "mean" (over time) or several of these. Reductions keep memory bounded.
    checkpoint : str or Path, optional
        Folder for finished blocks. The same call with the same folder goes on where an interrupted
        one stopped and returns the identical data set.
    progress : bool
        Bar on standard error.
    threads : int, optional
        Local threads; one per processor by default.
    var_pts : mapping, optional
        Mesh points, as for `pybamm.Simulation`.
    tolerance_mV : float
        Accuracy of the integration of a protocol with a `Step`, as of `CompiledModel.cycle`.

    Returns
    -------
    xarray.Dataset
        One dimension per factor (factorial), or `sample` with the factors as coordinates; `time` [s]
        for series. Runs that failed are NaN and `reason` says why; attribute `failures` counts them.
        Without the compiled model a value at t = 0 is NaN, too: the reference knows no current there.

    Raises
    ------
    ValueError
        If an argument makes no sense or the checkpoint belongs to another sweep.
    ImportError
        If `client` is a string and dask is not installed.
    """
    plan = make_design(factors, design, n, seed)
    wanted = parse_outputs(outputs, plan.names)
    protocol = _protocol(protocol)
    n_times = _check_size(plan, wanted, protocol)
    runner = make_runner(model, parameter_values, plan.names, protocol, wanted, var_pts, tolerance_mV)
    sources = len({item.source for item in wanted})
    per_run = 8 * n_times * sources
    size = 1 if isinstance(runner, ReferenceRunner) else int(np.clip(BLOCK_BYTES // per_run, 1, BLOCK_RUNS))
    fingerprint = hashlib.sha256(
        "|".join(
            [
                runner.fingerprint(),
                hashlib.sha256(plan.points.tobytes()).hexdigest(),
                repr(plan.names),
                str(size),
            ]
            + [assb.__version__, version("pybamm")]
        ).encode()
    ).hexdigest()
    store = Store(None if checkpoint is None else Path(checkpoint), fingerprint)
    labels = [item.label for item in wanted]
    starts = range(0, plan.n_runs, size)
    kept = {
        item.label: np.empty((plan.n_runs, n_times) if item.reduction == "series" else plan.n_runs)
        for item in wanted
    }
    if not isinstance(protocol, Protocol):
        labels += STEP_COLUMNS
        kept |= {name: np.empty((plan.n_runs, n_times)) for name in STEP_COLUMNS}
    reason = np.full(plan.n_runs, "", dtype="<U96")

    def fill(start: int, block: Block) -> None:
        rows = slice(start, start + len(block.reason))
        for label in labels:
            kept[label][rows] = block.kept[label]
        reason[rows] = block.reason

    used, close = connect(client)
    try:
        with progress_bar(progress, plan.n_runs) as advance:
            todo = []
            for index, start in enumerate(starts):
                done = store.load(index, labels)
                if done is None:
                    todo.append((index, plan.points[start : start + size]))
                else:
                    fill(start, done)
                    advance(len(done.reason))
            for index, block in compute(runner, todo, used, threads):
                store.save(index, block)
                fill(starts[index], block)
                advance(len(block.reason))
    finally:
        close()
    attrs = {
        "model": model.name,
        "design": design,
        "seed": seed,
        "protocol": repr(protocol),
        "failures": int(sum(bool(text) and "event" not in text for text in reason.tolist())),
        "versions": f"assb {assb.__version__}, pybamm {version('pybamm')}",
    }
    return _dataset(plan, wanted, protocol, kept, reason, attrs)


def _protocol(protocol: Protocol | Sequence[Step | tuple[float, float]]) -> Protocol | tuple[Step, ...]:
    if isinstance(protocol, Protocol):
        return protocol
    if isinstance(protocol, str) or any(isinstance(step, str) for step in protocol):
        raise ValueError(
            f"protocol={protocol!r} holds text; a sweep takes Step objects, (duration [s], current [A]) pairs or "
            "a Protocol."
        )
    if any(isinstance(step, Step) for step in protocol):
        return tuple(as_steps(protocol)[0])
    return Protocol.from_steps(cast(Sequence[tuple[float, float]], protocol))


def _check_size(plan: Design, wanted: list[Output], protocol: Protocol | tuple[Step, ...]) -> int:
    """Numbers a run makes of each variable: its output times, or its steps."""
    if not isinstance(protocol, Protocol):
        bad = [item for item in wanted if item.reduction != "final"]
        if bad:
            raise ValueError(
                f"outputs[{bad[0].source!r}]={bad[0].reduction!r}: with a Step in the protocol outputs are kept at its "
                f"end; ask for {{{bad[0].source!r}: 'final'}}."
            )
        return len(protocol)
    series = sum(item.reduction == "series" for item in wanted)
    size = 8 * plan.n_runs * protocol.n_times * series
    if size > LARGE_RESULT:
        warnings.warn(
            f"the result holds {size / 2**30:.1f} GiB of series; ask for reductions, e.g. "
            f"outputs={{{wanted[0].source!r}: 'final'}}, or fewer output times.",
            stacklevel=3,
        )
    return protocol.n_times


def _dataset(
    plan: Design,
    wanted: list[Output],
    protocol: Protocol | tuple[Step, ...],
    kept: Mapping[str, np.ndarray],
    reason: np.ndarray,
    attrs: Mapping[str, Any],
) -> xr.Dataset:
    data: dict[str, Any] = {}
    for item in wanted:
        series = item.reduction == "series"
        dims = (*plan.dims, "time") if series else plan.dims
        about = {"units": unit(item.source), "long_name": item.source, "reduction": item.reduction}
        shape = (*plan.shape, *kept[item.label].shape[1:])
        data[item.label] = (dims, kept[item.label].reshape(shape), about)
    coordinates: dict[str, Any] = {}
    if not isinstance(protocol, Protocol):
        coordinates["step"] = np.arange(1, len(protocol) + 1)
        for name in STEP_COLUMNS:
            values = kept[name].reshape(*plan.shape, len(protocol))
            data[name] = ((*plan.dims, "step"), values, {"units": unit(name), "long_name": name})
    data["reason"] = (
        plan.dims,
        reason.reshape(plan.shape),
        {"long_name": "Why a run ended early; empty if not"},
    )
    for i, name in enumerate(plan.names):
        where, values = (name, plan.levels[i]) if plan.levels else ("sample", plan.points[:, i])
        coordinates[name] = (where, values, {"units": unit(name)})
    if not plan.levels:
        coordinates["sample"] = np.arange(plan.n_runs)
    if isinstance(protocol, Protocol) and any(item.reduction == "series" for item in wanted):
        coordinates["time"] = ("time", protocol.output_times, {"units": "s", "long_name": "Time"})
    return xr.Dataset(data, coordinates, dict(attrs))
