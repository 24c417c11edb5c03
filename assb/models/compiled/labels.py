"""Names, units and coordinates of results."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from .controlled import VOLTAGE
from .cycling import END, CycleResult, StepTable
from .protocol import Protocol

if TYPE_CHECKING:
    from .base import Simulator

__all__ = ["label_cycles", "label_error", "label_series", "label_simulation", "unit"]

Array = NDArray[np.float64]


def unit(name: str) -> str:
    """The unit PyBaMM writes in brackets at the end of a name; "1" if there is none."""
    found = re.search(r"\[([^\[\]]+)\]$", name)
    return found.group(1) if found else "1"


def _varied(model: Simulator, lead: tuple[str, ...], p: Array) -> dict[str, Any]:
    """The inputs as coordinates."""
    return {
        name: (lead, p[..., i], {"units": unit(name)})
        for i, name in enumerate(model.input_names)
        if name not in model.output_names
    }


def _reasons(
    lead: tuple[str, ...], reasons: NDArray[np.str_], failures: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Why sets ended early, as a variable of an ensemble or an attribute of a single simulation."""
    if lead:
        about = {"long_name": "Why the simulation ended early; empty if it did not"}
        return {"reason": (lead, reasons, about)}, {"failures": failures}
    return {}, {"failures": failures, "reason": str(reasons[0])}


def label_simulation(
    model: Simulator,
    protocol: Protocol,
    values: Array,
    lead: tuple[str, ...],
    p: Array,
    reasons: NDArray[np.str_],
    failures: int,
) -> xr.Dataset:
    """Outputs over (*lead, time), with the current and the inputs as coordinates.

    Parameters
    ----------
    values : ndarray, shape (*lead, n_times, n_outputs)
    lead : () or ("sample",)
    p : ndarray, shape (*lead, n_inputs)
    reasons : ndarray of str, shape (n,)
    """
    extra, attrs = _reasons(lead, reasons, failures)
    data = {
        name: ((*lead, "time"), values[..., i], {"units": unit(name)})
        for i, name in enumerate(model.output_names)
    }
    coordinates = {"time": ("time", protocol.output_times, {"units": "s", "long_name": "Time"})}
    if "Current [A]" not in data:
        coordinates["Current [A]"] = ("time", protocol.output_current, {"units": "A"})
    coordinates |= _varied(model, lead, p)
    return xr.Dataset(data | extra, coordinates, {"model": model.name, **attrs})


def _end_of_steps(
    model: Simulator, table: StepTable, result: CycleResult, wanted: Sequence[str]
) -> dict[str, tuple[Array, str]]:
    """What is known at the end of each step, by name: values (n, n_cycles, n_steps) and unit."""
    columns = ["Duration [s]", VOLTAGE, "Current [A]", "Charge [A.h]"]
    found = {name: (result.summary[..., i], unit(name)) for i, name in enumerate(columns)}
    for name in wanted:
        if name not in columns:
            found[name] = (result.summary[..., END + model.output_names.index(name)], unit(name))
    reasons = np.full(result.reason.shape, "", dtype=object)
    reasons[result.reason == -1] = "duration"
    for i, name in enumerate(table.names):
        reasons[result.reason == i] = name
    found["Ended by"] = (reasons.astype(str), "")
    return found


def label_cycles(
    model: Simulator,
    table: StepTable,
    result: CycleResult,
    wanted: Sequence[str],
    lead: tuple[str, ...],
    p: Array,
) -> xr.Dataset:
    """Ends of steps over (*lead, cycle, step); with the trace of a single set along `point`.

    `p` has the shape (n, n_inputs), and n = 1 if `lead` is empty.
    """
    sets: Any = slice(None) if lead else 0
    extra, attrs = _reasons(lead, result.reasons(table), int(result.failed.sum()))
    data: dict[str, Any] = {
        name: ((*lead, "cycle", "step"), values[sets], {"units": units} if units else {})
        for name, (values, units) in _end_of_steps(model, table, result, wanted).items()
    }
    coordinates: dict[str, Any] = {
        "cycle": np.arange(1, result.summary.shape[1] + 1),
        "step": np.arange(1, len(table.controls) + 1),
    }
    if result.trace.size:
        names = {"Voltage": 3, "Current": 4}
        names |= {k: 5 + model.output_names.index(k) for k in wanted if k not in (VOLTAGE, "Current [A]")}
        for name, i in names.items():
            data[f"{name.split(' [')[0]} trace"] = ("point", result.trace[:, i])
        coordinates["time"] = ("point", result.trace[:, 0], {"units": "s", "long_name": "Time"})
        coordinates["cycle of point"] = ("point", result.trace[:, 1].astype(int) + 1)
        coordinates["step of point"] = ("point", result.trace[:, 2].astype(int) + 1)
    if lead:
        coordinates |= _varied(model, lead, p)
    attrs |= {"model": model.name, "integration_steps": result.n_steps}
    return xr.Dataset(data | extra, coordinates, attrs)


def label_series(
    model: Simulator,
    table: StepTable,
    result: CycleResult,
    times: Array | None,
    lead: tuple[str, ...],
    p: Array,
) -> xr.Dataset:
    """Outputs over (*lead, time) of steps that end when they end, NaN afterwards.

    Without `times`, those of the integration steps of a single set.
    """
    sets: Any = slice(None) if lead else 0
    extra, attrs = _reasons(lead, result.reasons(table), int(result.failed.sum()))
    if times is None:
        times, values = result.trace[:, 0], np.column_stack([result.trace[:, 5:], result.trace[:, 4]])
    else:
        values = result.series[sets]
    data: dict[str, Any] = {
        name: ((*lead, "time"), values[..., i], {"units": unit(name)})
        for i, name in enumerate((*model.output_names, "Current [A]"))
        if name not in model.output_names[:i]
    }
    ends = _end_of_steps(model, table, result, ())
    for name in ("Duration [s]", "Ended by"):
        data[name] = (
            (*lead, "step"),
            ends[name][0][sets][..., 0, :],
            {"units": "s"} if "[s]" in name else {},
        )
    coordinates: dict[str, Any] = {"time": ("time", times, {"units": "s", "long_name": "Time"})}
    coordinates["step"] = np.arange(1, len(table.controls) + 1)
    coordinates |= _varied(model, lead, p if lead else p[0])
    attrs |= {"model": model.name, "integration_steps": result.n_steps}
    return xr.Dataset(data | extra, coordinates, attrs)


def label_error(dataset: xr.Dataset, lead: tuple[str, ...], error: Array, tolerance_mV: float) -> xr.Dataset:
    """Add the estimated error of the voltage, `error` in volts."""
    dataset = dataset.assign_attrs(tolerance_mV=tolerance_mV)
    if not lead:
        return dataset.assign_attrs(error_mV=float(1e3 * error[0]))
    return dataset.assign({"Estimated error [mV]": (lead, 1e3 * error, {"units": "mV"})})
