"""From a PyBaMM model to CasADi functions of (state, inputs, current)."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import casadi as ca
import numpy as np
import pybamm

from ..choices import require_current_control

__all__ = ["CURRENT", "ExportedModel", "export_model"]

CURRENT = "Current function [A]"
#: Events that the cut-offs of a protocol replace.
VOLTAGE_EVENTS = ("Minimum voltage [V]", "Maximum voltage [V]")


@dataclass(frozen=True)
class ExportedModel:
    """A discretised model as scalar-expanded CasADi functions.

    The state is ``y = [x, z]`` (differential, algebraic) in PyBaMM's scaled units; only `outputs`
    are physical. Shapes: y (n_x + n_z,), p (n_inputs,), current () in A.

    Attributes
    ----------
    dynamics : casadi.Function
        (y, p, current) -> [dx/dt; algebraic residual].
    outputs : casadi.Function
        (y, p, current) -> values of `output_names`.
    initial : casadi.Function
        (p, current) -> [x0; guess of z0].
    events : casadi.Function
        (y, p, current) -> values that are positive until the event of `event_names` ends the simulation.
    n_x, n_z : int
        Numbers of differential and algebraic states.
    input_names, output_names, event_names : tuple of str
    states : mapping of str to tuple of int
        Places in `y` of the states by name; empty where they are not known.
    """

    dynamics: ca.Function
    outputs: ca.Function
    initial: ca.Function
    events: ca.Function
    n_x: int
    n_z: int
    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    event_names: tuple[str, ...]
    states: Mapping[str, tuple[int, ...]] = dataclasses.field(default_factory=dict)

    @property
    def n_y(self) -> int:
        """Number of states."""
        return self.n_x + self.n_z


def check_names(inputs: Sequence[str], outputs: Sequence[str]) -> None:
    """Reject what needs no model to be seen wrong.

    Raises
    ------
    ValueError
        If a name is given twice, there is no output, or the current is an input.
    """
    for field, names in (("inputs", inputs), ("outputs", outputs)):
        if isinstance(names, str):
            raise ValueError(f"{field}={names!r} is a string; pass a list of names, [{names!r}].")
        if len(set(names)) != len(names):
            raise ValueError(f"{field}={list(names)!r} names something twice; give each name once.")
    if not outputs:
        raise ValueError('outputs=[] asks for nothing; name at least one variable, e.g. ["Voltage [V]"].')
    if CURRENT in inputs:
        raise ValueError(
            f"inputs contains {CURRENT!r}, which the protocol supplies; drop it and set the current there."
        )


def without_effect(name: str) -> str:
    return (
        f"inputs: {name!r} has no effect on the model with these options and parameter values. Remove it, or "
        "check the spelling (including the unit) against the parameter values."
    )


def _reject_interpolants(built: Any, outputs: Sequence[str]) -> None:
    symbols = [built.concatenated_rhs, built.concatenated_algebraic, built.concatenated_initial_conditions]
    symbols += [built.get_processed_variable(name) for name in outputs]
    for symbol in symbols:
        for node in symbol.pre_order():
            if isinstance(node, pybamm.Interpolant):
                raise ValueError(
                    f"the model contains the interpolant {node.name!r}, which cannot be compiled. Replace "
                    "the table by a closed-form function of the same argument (a polynomial or a sum of "
                    "tanh or exp terms), or run the model with pybamm.IDAKLUSolver."
                )


def with_inputs(parameter_values: pybamm.ParameterValues, inputs: Sequence[str]) -> pybamm.ParameterValues:
    """Return a copy in which the current and `inputs` are PyBaMM input parameters."""
    values = parameter_values.copy()
    values.update(dict.fromkeys((CURRENT, *inputs), "[input]"))
    return values


def discretise(
    model: pybamm.BaseModel,
    parameter_values: pybamm.ParameterValues,
    inputs: Sequence[str],
    var_pts: Mapping[Any, int] | None = None,
) -> pybamm.Simulation:
    """Build a simulation whose current and `inputs` are PyBaMM input parameters.

    Returns
    -------
    pybamm.Simulation
        Built, with a copy of `parameter_values`; the arguments are left as they were.

    Raises
    ------
    ValueError
        If an input is a geometric or discretisation parameter, which PyBaMM needs as a number, or if the model
        controls its own current.
    """
    require_current_control(model, "the protocol of a compiled model or an impedance")
    values = with_inputs(parameter_values, inputs)
    points = None if var_pts is None else dict(var_pts)
    simulation = pybamm.Simulation(model, parameter_values=values, var_pts=points)
    try:
        simulation.build()
    except IndexError as error:
        raise ValueError(
            f"inputs={list(inputs)!r}: PyBaMM cannot mesh a geometry that depends on an input. Remove "
            "thicknesses and radii from the inputs, or use a model in dimensionless r/R and x/L."
        ) from error
    return simulation


def export_model(
    model: pybamm.BaseModel,
    parameter_values: pybamm.ParameterValues,
    inputs: Sequence[str],
    outputs: Sequence[str],
    var_pts: Mapping[Any, int] | None = None,
) -> ExportedModel:
    """Discretise `model` and export it as scalar CasADi functions.

    Of the model's events those on the voltage are left out: the steps of a protocol say where they end.

    Parameters
    ----------
    model : pybamm.BaseModel
        Any model driven by "Current function [A]".
    parameter_values : pybamm.ParameterValues
    inputs : sequence of str
        Parameters to keep free, as named in PyBaMM.
    outputs : sequence of str
        Scalar variables of the model.
    var_pts : mapping, optional
        Mesh points, as for `pybamm.Simulation`.

    Raises
    ------
    ValueError
        If a name is unknown or without effect, an output is not a scalar, or the model depends
        explicitly on time or on an interpolation table.
    """
    check_names(inputs, outputs)
    built = discretise(model, parameter_values, inputs, var_pts).built_model
    available = {parameter.name for parameter in built.input_parameters}
    for name in (CURRENT, *inputs):
        if name not in available:
            raise ValueError(without_effect(name))
    unset = available - {CURRENT, *inputs}
    if unset:
        raise ValueError(
            f"parameter_values has open inputs {sorted(unset)!r}; add them to inputs or give them a value."
        )
    for name in outputs:
        if name not in model.variables:
            near = difflib.get_close_matches(name, list(model.variables.keys()), 5, 0.3)
            hint = f" Close names: {near!r}." if near else ""
            raise ValueError(f"outputs: {name!r} is not a variable of {model.name}.{hint}")
    _reject_interpolants(built, outputs)
    _check_mass_matrix(built)

    raw = built.export_casadi_objects(list(outputs), input_parameter_order=[CURRENT, *inputs])
    variables = list(raw["variables"].values())
    for name, value in zip(outputs, variables, strict=True):
        if value.shape != (1, 1):
            raise ValueError(
                f"outputs: {name!r} has {value.shape[0]} values; ask for a scalar, such as its "
                '"X-averaged ..." or "... surface ..." counterpart.'
            )
    events = {
        event.name: event.expression.to_casadi(
            raw["t"],
            ca.vertcat(raw["x"], raw["z"]),
            inputs=_inputs_by_name(raw["inputs"], [CURRENT, *inputs]),
        )
        for event in built.events
        if event.event_type == pybamm.EventType.TERMINATION and event.name not in VOLTAGE_EVENTS
    }
    expressions = [raw["rhs"], raw["algebraic"], raw["x0"], raw["z0"], ca.vertcat(*variables)]
    expressions.append(ca.vertcat(*events.values()))
    arguments = [raw["t"], raw["x"], raw["z"], raw["inputs"]]
    try:
        expanded = ca.Function("model", arguments, expressions).expand()
    except RuntimeError as error:
        raise ValueError(
            "the model contains an operation without a scalar form (a table, a root finder or an external "
            f"function). Replace it by a closed-form expression. CasADi says: {error}"
        ) from error
    n_x, n_z = raw["x"].shape[0], raw["z"].shape[0]
    t, current = ca.SX.sym("t"), ca.SX.sym("current")
    y, p = ca.SX.sym("y", n_x + n_z), ca.SX.sym("p", len(inputs))
    rhs, algebraic, x0, z0, out, limits = expanded(t, y[:n_x], y[n_x:], ca.vertcat(current, p))
    dynamics, initial = ca.densify(ca.vertcat(rhs, algebraic)), ca.densify(ca.vertcat(x0, z0))
    if ca.depends_on(ca.vertcat(dynamics, initial, out, limits), t):
        raise ValueError(
            "the model or an output depends explicitly on time. Supply time-dependent currents through "
            "the protocol, make any other time dependence a state, and drop outputs such as 'Time [s]'."
        )
    everything = ca.vertcat(dynamics, initial, out)
    for i, name in enumerate(inputs):
        if not ca.depends_on(everything, p[i]):
            raise ValueError(without_effect(name))
    if ca.depends_on(initial, y):
        raise ValueError("the initial conditions depend on the state; give them as numbers or inputs.")
    return ExportedModel(
        ca.Function("dynamics", [y, p, current], [dynamics]),
        ca.Function("outputs", [y, p, current], [ca.densify(out)]),
        ca.Function("initial", [p, current], [initial]),
        ca.Function("events", [y, p, current], [ca.densify(limits)]),
        n_x,
        n_z,
        tuple(inputs),
        tuple(outputs),
        tuple(events),
        _places(built),
    )


def _places(built: Any) -> dict[str, tuple[int, ...]]:
    found = {}
    for variable, slices in built.y_slices.items():
        found[variable.name] = tuple(i for part in slices for i in range(part.start, part.stop))
    return found


def _inputs_by_name(vector: ca.MX, names: Sequence[str]) -> dict[str, ca.MX]:
    return {name: vector[i] for i, name in enumerate(names)}


def _check_mass_matrix(built: Any) -> None:
    n_x = built.concatenated_rhs.size
    mass = built.mass_matrix.entries
    identity = np.concatenate([np.ones(n_x), np.zeros(built.concatenated_algebraic.size)])
    off = mass.copy().tolil()
    off.setdiag(mass.diagonal() - identity)
    if abs(off.tocsr()).max() > 0:
        raise ValueError(
            "the mass matrix is not the identity on the differential states. Use finite volumes for every "
            "domain (ZeroDimensionalSpatialMethod for the current collector)."
        )
