"""A key of a model that is the same in every process, found without discretising it."""

from __future__ import annotations

import functools
import hashlib
import sys
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import casadi as ca
import numpy as np
import pybamm
import scipy
import scipy.sparse

import assb

from .export import with_inputs

__all__ = ["check_key", "generator_key", "model_key"]

# What PyBaMM derives from the other slots of a symbol, or prints it by.
_DERIVED = frozenset(
    (
        "_cached_is_constant",
        "_cached_shape",
        "_cached_size",
        "_id",
        "_print_name",
        "_raw_print_name",
        "_saved_evaluate_for_shape",
        "_saved_evaluates_on_edges",
    )
)
# Packages whose version stands for the content of their classes and functions.
_VERSIONED = ("builtins", "casadi", "numpy", "pybamm", "scipy")


class _Unknown(Exception):
    """Something whose content cannot be told."""


@functools.cache
def generator_key() -> str:
    """Hash of the versions and of the files of this package, which together turn a model into C."""
    versions = [assb.__version__, *(module.__version__ for module in (pybamm, ca, np, scipy))]
    parts = [repr(versions).encode()]
    for file in sorted(files(__package__).iterdir(), key=lambda entry: entry.name):
        if file.name.endswith((".py", ".c", ".h")):
            content = file.read_bytes()
            parts.append(f"{file.name} {len(content)} ".encode() + content)
    return hashlib.sha256(b"".join(parts)).hexdigest()


def model_key(
    model: pybamm.BaseModel,
    parameter_values: pybamm.ParameterValues,
    inputs: Sequence[str],
    outputs: Sequence[str],
    var_pts: Mapping[Any, int] | None = None,
) -> str | None:
    """Hash of everything the equations of a compiled model depend on.

    With the parameter values put in, functions of the parameter set have become expression trees, so
    that no Python code enters but that of PyBaMM (its version) and of this package (its content).

    Parameters
    ----------
    model, parameter_values, inputs, outputs, var_pts
        As for `compile_model`.

    Returns
    -------
    str or None
        None if part of the model cannot be identified, or if PyBaMM rejects it.
    """
    if model.is_discretised or model.is_parameterised or model.get_processed_variables_dict():
        return None
    try:
        return _model_key(model, parameter_values, inputs, outputs, var_pts)
    except Exception:
        # Whatever is wrong with the model, building it in full will say it better.
        return None


def _model_key(
    model: pybamm.BaseModel,
    parameter_values: pybamm.ParameterValues,
    inputs: Sequence[str],
    outputs: Sequence[str],
    var_pts: Mapping[Any, int] | None,
) -> str:
    values = with_inputs(parameter_values, inputs)
    processed = values.process_model(model, inplace=False, delayed_variable_processing=True)
    geometry = model.default_geometry
    values.process_geometry(geometry)
    parts = {
        "generator": generator_key(),
        "settings": {**_plain(type(pybamm.settings)), **vars(pybamm.settings)},
        "inputs": list(inputs),
        "outputs": [(name, values.process_symbol(model.variables[name])) for name in outputs],
        "rhs": processed.rhs,
        "algebraic": processed.algebraic,
        "initial_conditions": processed.initial_conditions,
        "boundary_conditions": processed.boundary_conditions,
        # Ignored by the simulator, but PyBaMM keeps the states they depend on.
        "events": [(event.name, str(event.event_type), event.expression) for event in processed.events],
        "geometry": geometry,
        "submesh_types": model.default_submesh_types,
        "var_pts": model.default_var_pts if var_pts is None else dict(var_pts),
        "spatial_methods": model.default_spatial_methods,
    }
    return _Encoder().key(parts)


def check_key(defaults: Mapping[str, float], capacity: object) -> str:
    """Hash of what the check against IDAKLU depends on beside the model."""
    return hashlib.sha256(repr((sorted(defaults.items()), capacity)).encode()).hexdigest()[:32]


def _plain(cls: type) -> dict[str, Any]:
    """Attributes of a class that are values."""
    return {
        name: value
        for name, value in vars(cls).items()
        if not name.startswith("__") and not callable(value) and not isinstance(value, property)
    }


def _slots(cls: type) -> tuple[str, ...]:
    """Names of what objects of this class keep outside their dictionary, in a fixed order."""
    found: set[str] = set()
    for base in cls.__mro__:
        slots = vars(base).get("__slots__", ())
        found.update((slots,) if isinstance(slots, str) else slots)
    return tuple(sorted(found - _DERIVED - {"__weakref__", "__dict__"}))


def _qualified(thing: Any) -> str:
    """Name under which a versioned package offers this class or function.

    Raises
    ------
    _Unknown
        If there is none: a lambda, a patched function, a class of the user.
    """
    name = str(getattr(thing, "__qualname__", None) or getattr(thing, "__name__", ""))
    # NumPy's compiled functions name no module.
    for module in (str(getattr(thing, "__module__", None)), "numpy", "scipy.special"):
        if module.split(".")[0] not in _VERSIONED:
            continue
        found: Any = sys.modules.get(module)
        for part in name.split("."):
            found = getattr(found, part, None)
        if found is thing:
            return f"{module}:{name}"
    raise _Unknown(repr(thing))


class _Encoder:
    """Writes values as text: equal text for equal content, whatever the process.

    A symbol becomes the number of the line that describes it, so shared subtrees are written once.
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._lines: dict[str, str] = {}
        self._classes: dict[type, tuple[str, tuple[str, ...]]] = {}
        # Keeps the objects, whose ids would otherwise be given to others.
        self._seen: dict[int, tuple[Any, str]] = {}

    def key(self, parts: Mapping[str, Any]) -> str:
        """Hash of `parts`."""
        self._hash.update(self.text(parts).encode())
        return self._hash.hexdigest()

    def text(self, value: Any) -> str:
        """Text of any value of known kind."""
        if value is None or isinstance(value, bool):
            return repr(value)
        if isinstance(value, str):
            return f"s{len(value)}:{value}"
        if isinstance(value, pybamm.Symbol):
            return self._symbol(value)
        if isinstance(value, tuple | list):
            return f"({','.join(map(self.text, value))})"
        if isinstance(value, dict):
            return self._mapping(value)
        if isinstance(value, int):
            return f"i{int(value)}"
        if isinstance(value, float):
            return f"f{float(value).hex()}"
        if isinstance(value, slice):
            return f"slice{self.text((value.start, value.stop, value.step))}"
        if isinstance(value, np.ndarray | np.generic):
            return self._array(np.asarray(value))
        if scipy.sparse.issparse(value):
            rows = value.tocsr()
            return f"m{self.text((rows.shape, rows.data, rows.indices, rows.indptr))}"
        if isinstance(value, pybamm.SpatialMethod | pybamm.MeshGenerator):
            return f"o{self._object(value)}"
        if isinstance(value, type) or callable(value):
            return f"n{_qualified(value)}"
        raise _Unknown(type(value).__qualname__)

    def _mapping(self, value: Mapping[Any, Any]) -> str:
        # PyBaMM's domains are shared by most symbols, and never change.
        known = self._seen.get(id(value))
        if known is not None:
            return known[1]
        # In the given order: that of the equations is the order of the states.
        text = "{" + ",".join(f"{self.text(k)}={self.text(v)}" for k, v in value.items()) + "}"
        self._seen[id(value)] = (value, text)
        return text

    def _array(self, value: np.ndarray) -> str:
        if value.dtype.hasobject:
            raise _Unknown("array of objects")
        content = hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()
        return f"a{value.dtype.str}{value.shape}{content}"

    def _symbol(self, root: pybamm.Symbol) -> str:
        pending = [root]
        while pending:
            symbol = pending[-1]
            if id(symbol) in self._seen:
                pending.pop()
                continue
            # An explicit stack, for trees deeper than Python lets functions call each other.
            below = [leaf for leaf in symbol.leaves if id(leaf) not in self._seen]
            if below:
                pending += below
                continue
            line = self._line(symbol)
            number = self._lines.get(line)
            if number is None:
                number = self._lines[line] = f"#{len(self._lines)}"
                self._hash.update(line.encode() + b"\n")
            self._seen[id(symbol)] = (symbol, number)
            pending.pop()
        return self._seen[id(root)][1]

    def _line(self, symbol: pybamm.Symbol) -> str:
        if isinstance(symbol, pybamm.CoupledVariable):
            raise _Unknown("a coupled variable is resolved by name")
        return self._object(symbol)

    def _object(self, thing: Any) -> str:
        cls = type(thing)
        if cls not in self._classes:
            self._classes[cls] = (_qualified(cls), _slots(cls))
        class_name, slots = self._classes[cls]
        parts = [class_name]
        for name in slots:
            value = getattr(thing, name, None)
            # Of a bound method, the class is known already.
            bound = getattr(value, "__self__", None) is thing
            parts.append(self.text(getattr(value, "__name__", None) if bound else value))
        if hasattr(thing, "__dict__"):
            parts.append(self.text({k: v for k, v in vars(thing).items() if k not in _DERIVED}))
        return " ".join(parts)
