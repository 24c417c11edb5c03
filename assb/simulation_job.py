"""What ``assb simulate`` does: a protocol on a cell, data and a plot."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np


def run_simulation(
    protocol: Sequence[str],
    cell: str,
    model: str,
    options: Mapping[str, str],
    values: Mapping[str, str],
    out: Path | None,
) -> dict[str, Any]:
    """Simulate a protocol.

    Parameters
    ----------
    protocol : sequence of str
        PyBaMM step strings.
    cell, model : str
        Parameter set; "SPM" or "DFN".
    options, values : mapping
        Model options and parameter values, as text.
    out : Path or None
        Folder for ``simulation.nc`` and ``simulation.png``.

    Returns
    -------
    dict
        Plain summary with the series of the main variables. "incomplete" is None, or says where, why and
        with what remedy the protocol stopped; "warnings" holds the messages of all warnings.

    Raises
    ------
    ValueError
        For an unknown model, cell, option, parameter or step, naming it and the remedy.
    """
    import pybamm

    from assb import files
    from assb.cell_choice import choose_cell
    from assb.stops import IncompleteWarning
    from assb.study import simulate, to_xarray

    built, pv = choose_cell(model, cell, options, values)
    if out is not None:
        files.prepare_folder(out)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("default")
            solution = simulate(built, pv, list(protocol))
    except pybamm.SolverError as error:
        raise ValueError(
            f"the simulation failed: {str(error).splitlines()[0]}: check --set values and steps"
        ) from None
    except ValueError as error:
        raise ValueError(f"protocol: {str(error).splitlines()[0]}") from None
    if isinstance(solution, pybamm.EmptySolution):
        raise ValueError(
            "protocol: no step ran, the cell is beyond the end of each from the start: change steps or cell"
        )
    said = [entry.message for entry in caught if issubclass(entry.category, UserWarning)]
    stops = [entry for entry in said if isinstance(entry, IncompleteWarning)]
    dataset = to_xarray(solution)
    if out is not None:
        files.write_atomic(
            out / "simulation.nc", lambda path: dataset.to_netcdf(path, engine="h5netcdf") and None
        )
        files.write_atomic(
            out / "simulation.png", lambda path: _plot(dataset).savefig(path, dpi=150) and None
        )
    ends = {name: float(np.asarray(dataset[name])[-1]) for name in dataset.data_vars}
    series = {
        name: np.asarray(dataset[name]).tolist()
        for name in ("Voltage [V]", "Current [A]", "Stack pressure [MPa]")
    }
    return {
        "model": model,
        "cell": cell,
        "protocol": list(protocol),
        "termination": str(solution.termination),
        "incomplete": stops[0].summary() if stops else None,
        "warnings": [str(entry) for entry in said],
        "duration_s": float(dataset["time"][-1]),
        "final": ends,
        "series": {"Time [s]": np.asarray(dataset["time"]).tolist(), **series},
    }


def _plot(dataset: Any) -> Any:
    """Voltage, pressure and contact against time."""
    from matplotlib.figure import Figure

    names = (
        "Voltage [V]",
        "Current [A]",
        "Stack pressure [MPa]",
        "X-averaged positive electrode contact fraction",
    )
    labels = ("Voltage [V]", "Current [A]", "Stack pressure [MPa]", "Contact fraction [-]")
    figure = Figure(figsize=(7, 8), layout="constrained")
    axes = figure.subplots(len(names), 1, sharex=True)
    hours = np.asarray(dataset["time"]) / 3600
    for axis, name, label in zip(axes, names, labels, strict=True):
        axis.plot(hours, dataset[name], color="#0072B2")
        axis.set_ylabel(label)
        axis.spines[["top", "right"]].set_visible(False)
    axes[-1].set_xlabel("Time [h]")
    return figure
