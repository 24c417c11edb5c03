"""From a PyBaMM model to a compiled one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pybamm

from .check import check_against_idaklu
from .export import export_model
from .model import CompiledModel

__all__ = ["compile_model"]


def compile_model(
    model: pybamm.BaseModel,
    parameter_values: pybamm.ParameterValues,
    inputs: Sequence[str],
    outputs: Sequence[str],
    var_pts: Mapping[Any, int] | None = None,
    check: bool = True,
) -> CompiledModel:
    """Compile a PyBaMM model into a fast simulator for piecewise-constant current.

    The discretised model is integrated by RODAS3 on the fixed grid of a `Protocol`, in generated C.
    Model events (voltage cut-offs) are ignored: choose the protocol accordingly.

    Parameters
    ----------
    model : pybamm.BaseModel
        Any model driven by "Current function [A]" without explicit time or interpolation tables.
    parameter_values : pybamm.ParameterValues
    inputs : sequence of str
        Parameters that stay free. Those with a number in `parameter_values` default to it.
    outputs : sequence of str
        Scalar variables to return, e.g. ``["Voltage [V]"]``.
    var_pts : mapping, optional
        Mesh points, as for `pybamm.Simulation`.
    check : bool
        Compare a short protocol at default parameter values with `pybamm.IDAKLUSolver`.

    Returns
    -------
    CompiledModel

    Raises
    ------
    ValueError
        If the model or a name cannot be compiled; the message says why and what to do.
    CompilerError
        If there is no C compiler.
    RuntimeError
        If the check finds a difference above 0.3 mV (0.1 % for other outputs).
    """
    exported = export_model(model, parameter_values, inputs, outputs, var_pts)
    defaults = {}
    for name in inputs:
        value = parameter_values.get(name)
        if isinstance(value, (int, float, np.number)):
            defaults[name] = float(value)
    compiled = CompiledModel(exported, defaults, model.name)
    if check:
        check_against_idaklu(compiled, model, parameter_values, var_pts)
    return compiled
