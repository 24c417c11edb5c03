"""Reduced-order models of all-solid-state batteries and their calibration to data.

The package imports nothing heavy: every public name is resolved on first use, so that
``import assb`` and ``assb --help`` stay fast.

Rooms, in reading order: :mod:`assb.models`, :mod:`assb.parameters`, :mod:`assb.fitting`,
:mod:`assb.validation`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assb import fitting, models, parameters, plotting, report, validation
    from assb.stops import IncompleteWarning
    from assb.study import simulate, to_xarray
    from assb.sweeps import sweep

__version__ = "0.1.0"

__all__ = [
    "IncompleteWarning",
    "__version__",
    "fitting",
    "models",
    "parameters",
    "plotting",
    "report",
    "simulate",
    "sweep",
    "to_xarray",
    "validation",
]

_ROOMS = {"fitting", "models", "parameters", "plotting", "report", "validation"}
_NAMES = {
    "IncompleteWarning": "assb.stops",
    "simulate": "assb.study",
    "sweep": "assb.sweeps",
    "to_xarray": "assb.study",
}


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f"assb.{name}")
    if name in _NAMES:
        return getattr(import_module(_NAMES[name]), name)
    raise AttributeError(f"module 'assb' has no attribute {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted(__all__)
