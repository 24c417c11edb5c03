"""Comparison of a freshly compiled model with PyBaMM's reference solver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pybamm
from numpy.typing import NDArray

from .protocol import Protocol
from .stepper import Stepper

if TYPE_CHECKING:
    from .model import CompiledModel

__all__ = ["VOLTAGE_TOLERANCE", "check_against_idaklu", "solve_with_idaklu"]

# Largest accepted difference of outputs in volts [V]; of others, relative to their largest value.
VOLTAGE_TOLERANCE = 3e-4
RELATIVE_TOLERANCE = 1e-3


def solve_with_idaklu(
    model: pybamm.BaseModel,
    parameter_values: pybamm.ParameterValues,
    protocol: Protocol,
    inputs: Mapping[str, float],
    outputs: tuple[str, ...],
    var_pts: Mapping[Any, int] | None = None,
    tolerance: float = 1e-8,
) -> NDArray[np.float64]:
    """Outputs at the output times of `protocol` from `pybamm.IDAKLUSolver`, step by step, without events.

    Returns
    -------
    ndarray, shape (n_times, n_outputs)

    Raises
    ------
    pybamm.SolverError
        If a step cannot be solved.
    """
    stepper = Stepper(model, parameter_values, list(inputs), outputs, var_pts, (tolerance, tolerance))
    return stepper.run(protocol, inputs)[0]


def check_against_idaklu(
    compiled: CompiledModel,
    model: pybamm.BaseModel,
    parameter_values: pybamm.ParameterValues,
    var_pts: Mapping[Any, int] | None = None,
) -> None:
    """Compare discharge, rest and charge of one minute each at C/10; charge first if the cell is empty.

    Raises
    ------
    RuntimeError
        If an output differs by more than 0.3 mV (in volts) or 0.1 % (others), or the check cannot run.
    """
    remedy = "Pass check=False to compile without this check."
    missing = [name for name in compiled.input_names if name not in compiled.defaults]
    if missing:
        raise RuntimeError(f"check: no numeric default for {missing!r} in parameter_values. {remedy}")
    try:
        current = 0.1 * float(parameter_values["Nominal cell capacity [A.h]"])
    except KeyError:
        raise RuntimeError(f"check: parameter_values lacks 'Nominal cell capacity [A.h]'. {remedy}") from None
    ours, reference = _first_feasible(compiled, model, parameter_values, var_pts, current)
    for i, name in enumerate(compiled.output_names):
        difference = float(np.max(np.abs(ours[:, i] - reference[:, i])))
        volts = name.endswith("[V]")
        allowed = VOLTAGE_TOLERANCE if volts else RELATIVE_TOLERANCE * float(np.max(np.abs(reference[:, i])))
        if not difference <= max(allowed, 1e-12):
            shown = f"{1e3 * difference:.3g} mV" if volts else f"{difference:.3g}"
            limit = f"{1e3 * allowed:.3g} mV" if volts else f"{allowed:.3g}"
            raise RuntimeError(
                f"check: {name!r} differs from IDAKLU by {shown}, more than {limit}, on one minute each of "
                f"discharge, rest and charge at C/10. The compiled model cannot be trusted. {remedy}"
            )


def _first_feasible(
    compiled: CompiledModel,
    model: pybamm.BaseModel,
    parameter_values: pybamm.ParameterValues,
    var_pts: Mapping[Any, int] | None,
    current: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both solutions of the check, from the direction of current the initial state admits."""
    problem: object = None
    for first in (current, -current):
        protocol = Protocol.from_steps(
            [(60.0, first), (60.0, 0.0), (60.0, -first)], output_times=np.arange(5.0, 181.0, 5.0)
        )
        try:
            reference = solve_with_idaklu(
                model,
                parameter_values,
                protocol,
                compiled.defaults,
                compiled.output_names,
                var_pts,
                tolerance=1e-6,
            )
        except pybamm.SolverError as error:
            problem = error
            continue
        if np.isfinite(reference).all():
            return compiled.evaluate(protocol, compiled.vector()), reference
        problem = "an output is not finite"
    raise RuntimeError(
        f"check: the reference solver failed at the default parameter values ({problem}). Correct them, or "
        "pass check=False to compile without this check."
    )
