"""From a PyBaMM model to a compiled one."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pybamm

from ..choices import require_current_control
from .check import check_against_idaklu
from .compiler import CompilerError, warn_once
from .export import check_names, export_model
from .identity import check_key, model_key
from .model import CompiledModel
from .reference import ReferenceModel
from .store import SourceStore

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

    A model compiled before, with the same parameter values, options and mesh, is loaded from the cache
    folder (see `cache_directory`) in less than 0.1 s, also by another process.

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
    check_names(inputs, outputs)
    require_current_control(model, "the protocol of a compiled model")
    numbers = {name: parameter_values.get(name) for name in inputs}
    defaults = {name: float(x) for name, x in numbers.items() if isinstance(x, (int, float, np.number))}
    try:
        with _without_collection():
            key = model_key(model, parameter_values, inputs, outputs, var_pts)
            found = SourceStore.find(key)
            compiled = CompiledModel(found, defaults, model.name) if found else None
        sources = found or SourceStore(export_model(model, parameter_values, inputs, outputs, var_pts), key)
        compiled = compiled or CompiledModel(sources, defaults, model.name)
    except CompilerError as error:
        if not fallback:
            raise
        warn_once(error)
        return ReferenceModel(model, parameter_values, inputs, outputs, var_pts)
    passed = check_key(defaults, parameter_values.get("Nominal cell capacity [A.h]"))
    missing = check and not sources.has_passed(passed)
    if missing:
        check_against_idaklu(compiled, model, parameter_values, var_pts)
    # After the check: what fails it is not to be found again.
    if missing or found is None:
        sources.save([passed] if missing else [])
    return compiled


@contextlib.contextmanager
def _without_collection() -> Iterator[None]:
    """Put off garbage collection, which searches all of PyBaMM for longer than loading a model takes."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            # The young objects alone, or the number of them would start the full search at once.
            gc.collect(0)
            gc.enable()
