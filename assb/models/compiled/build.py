"""From a PyBaMM model to a compiled one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pybamm

from .check import check_against_idaklu
from .compiler import CompilerError
from .export import export_model
from .model import CompiledModel
from .reference import ReferenceModel, warn_once

__all__ = ["compile_model"]


def compile_model(
    model: pybamm.BaseModel,
    parameter_values: pybamm.ParameterValues,
    inputs: Sequence[str],
    outputs: Sequence[str],
    var_pts: Mapping[Any, int] | None = None,
    check: bool = True,
    fallback: bool = True,
) -> CompiledModel | ReferenceModel:
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
    fallback : bool
        Where there is no C compiler, return a `ReferenceModel`, with one `CompilerWarning`.

    Returns
    -------
    CompiledModel or ReferenceModel

    Raises
    ------
    ValueError
        If the model or a name cannot be compiled; the message says why and what to do.
    CompilerError
        If nothing can be compiled, with ``fallback=False``.
    RuntimeError
        If the check finds a difference above 0.3 mV (0.1 % for other outputs).
    """
    exported = export_model(model, parameter_values, inputs, outputs, var_pts)
    defaults = {}
    for name in inputs:
        value = parameter_values.get(name)
        if isinstance(value, (int, float, np.number)):
            defaults[name] = float(value)
    try:
        compiled = CompiledModel(exported, defaults, model.name)
    except CompilerError as error:
        if not fallback:
            raise
        warn_once(error)
        return ReferenceModel(model, parameter_values, inputs, outputs, var_pts)
    if check:
        check_against_idaklu(compiled, model, parameter_values, var_pts)
    return compiled
