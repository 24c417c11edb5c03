"""Does it agree: with PyBaMM's own models now, with closed forms and published figures as they arrive."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assb.validation.half_cell import half_cell_difference

__all__ = ["half_cell_difference"]

_WHERE = {"half_cell_difference": "assb.validation.half_cell"}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'assb.validation' has no attribute {name!r}; it has {', '.join(__all__)}")
