"""Thin helpers around PyBaMM: simulate, and results as labelled data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pybamm
    import xarray as xr

#: Variables returned unless others are asked for.
DEFAULT_VARIABLES = (
    "Voltage [V]",
    "Current [A]",
    "Discharge capacity [A.h]",
    "Open-circuit voltage [V]",
    "Stack pressure [MPa]",
    "X-averaged positive electrode contact fraction",
    "X-averaged positive electrode stoichiometry",
    "X-averaged positive electrode interphase thickness [m]",
)


def simulate(
    model: pybamm.BaseModel,
    parameter_values: pybamm.ParameterValues,
    protocol: str | Sequence[Any] | pybamm.Experiment,
    inputs: dict[str, float] | None = None,
    var_pts: Mapping[str, int] | None = None,
    **solve: Any,
) -> pybamm.Solution:
    """Run a protocol.

    Parameters
    ----------
    model : pybamm.BaseModel
    parameter_values : pybamm.ParameterValues
    protocol : str, sequence or pybamm.Experiment
        For example "Charge at 0.1C until 3.68 V", or what ``pybamm.Experiment`` takes.
    inputs : dict, optional
        Values of ``[input]`` parameters.
    var_pts : mapping, optional
        Mesh points by coordinate; the model's own where nothing is said.
    **solve
        Passed to ``pybamm.Simulation.solve``.

    Returns
    -------
    pybamm.Solution

    Raises
    ------
    ValueError
        For a network below the percolation threshold of the chosen law: it carries no current. For parameter
        values of another number of particle populations than the model has, or of a graded electrode in a model with
        a uniform composition. For a model with an "operating mode"
        of its own, which a protocol cannot control.

    pybamm.SolverError
        When the very first step cannot be computed.

    Warns
    -----
    assb.IncompleteWarning
        When the protocol stopped before its end: what was computed until then is returned.
    assb.models.ThieleWarning
        When an :class:`assb.models.SPM` ran beyond a Thiele number of 2.5 or an ohmic drop of 0.05 V: use the DFN.
    """
    import pybamm

    from assb.models import SPM
    from assb.models.choices import require_current_control
    from assb.models.thiele import warn_of_thiele
    from assb.stops import Watch, warn_of_stop

    require_current_control(model, "a protocol")
    _refuse_other_populations(model, parameter_values)
    _refuse_profiles(model, parameter_values)
    _refuse_insulators(model, parameter_values)
    if isinstance(protocol, str):
        protocol = [protocol]
    experiment = protocol if isinstance(protocol, pybamm.Experiment) else pybamm.Experiment(list(protocol))
    simulation = pybamm.Simulation(
        model,
        parameter_values=parameter_values,
        experiment=experiment,
        var_pts={**model.default_var_pts, **var_pts} if var_pts else None,
    )
    watch = Watch()
    others = solve.pop("callbacks", None) or []
    others = list(others) if isinstance(others, (list, tuple)) else [others]
    solution = simulation.solve(inputs=inputs, callbacks=[*others, watch], **solve)
    warn_of_stop(watch)
    if isinstance(solution, pybamm.Solution) and isinstance(model, SPM):
        warn_of_thiele(solution)
    return solution


def _refuse_other_populations(model: pybamm.BaseModel, parameter_values: pybamm.ParameterValues) -> None:
    """Refuse a cell with one particle population in a model with two, and the reverse."""
    wanted = getattr(model, "options", {}).get("positive populations")
    found = "two" if "Primary: Positive particle radius [m]" in parameter_values.keys() else "one"
    if wanted is not None and wanted != found:
        raise ValueError(
            f'option "positive populations" = {wanted!r}, but the parameter values describe {found}: take those of '
            'assb.parameters.build(assb.parameters.Blend(...)) for "two", of one material for "one", or change the '
            "option."
        )


def _refuse_profiles(model: pybamm.BaseModel, parameter_values: pybamm.ParameterValues) -> None:
    """Refuse a graded cell in a model with a uniform composition."""
    if getattr(model, "options", {}).get("composition") != "uniform":
        return
    shares = [name for name in parameter_values.keys() if name.endswith(" volume fraction")]
    for share in (name for name in shares if callable(parameter_values[name])):
        raise ValueError(
            f'{share!r} is a function of the depth, but the option "composition" is "uniform": use'
            ' assb.models.DFN({"composition": "graded"}), or give a number.'
        )


def _refuse_insulators(model: pybamm.BaseModel, parameter_values: pybamm.ParameterValues) -> None:
    """Refuse a cell whose network does not percolate under the option that describes it.

    Such a cell has some 1e-9 of the conductivity of its solid: solvers stumble over it, with messages
    that do not name the cause.
    """
    from assb.models.submodels.network import PERCOLATION_THRESHOLD

    for carrier, name in (
        ("ionic", "Positive electrode solid electrolyte volume fraction"),
        ("electronic", "Positive electrode electronic network volume fraction"),
    ):
        if getattr(model, "options", {}).get(f"{carrier} network") != "percolation":
            continue
        fraction = parameter_values.get(name)
        if callable(fraction):  # of a graded electrode the poorest side
            fraction = min(fraction(0.0), fraction(1.0))
        if isinstance(fraction, (int, float)) and fraction < PERCOLATION_THRESHOLD:
            other = '"size-ratio percolation", "Bruggeman"' if carrier == "ionic" else '"Bruggeman"'
            raise ValueError(
                f"{name!r} = {fraction:.4g} is below the threshold {PERCOLATION_THRESHOLD} of the option"
                f' "{carrier} network": "percolation": that network carries no current. Choose {other} or'
                ' "measured", or a larger fraction.'
            )


def to_xarray(solution: pybamm.Solution, variables: Sequence[str] | None = None) -> xr.Dataset:
    """Time series of a solution as a labelled data set.

    Parameters
    ----------
    solution : pybamm.Solution
    variables : sequence of str, optional
        Scalar or one-dimensional variables; a standard selection by default.

    Returns
    -------
    xarray.Dataset
        Dimension "time" [s] (and one per resolved coordinate); units in the attributes.

    Raises
    ------
    KeyError
        For a variable that the solution does not have.
    """
    import xarray as xr

    if variables is None:
        known = solution.all_models[0].variables
        variables = [name for name in DEFAULT_VARIABLES if name in known]
    data = {}
    for name in variables:
        entries = np.asarray(solution[name].entries)
        dims = ["time"] if entries.ndim == 1 else [f"{name}: point", "time"]
        if entries.ndim > 2:
            raise ValueError(f"variable {name!r} has {entries.ndim - 1} space dimensions: average it first")
        data[name] = (dims, entries, {"units": _unit(name), "long_name": name})
    time = ("time", np.asarray(solution.t), {"units": "s"})
    return xr.Dataset(data, coords={"time": time}, attrs={"model": solution.all_models[0].name})


def _unit(name: str) -> str:
    found = re.search(r"\[([^\]]*)\]\s*$", name)
    return found.group(1) if found else "-"
