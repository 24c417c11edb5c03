"""Does it agree: with closed forms, with PyBaMM's own models, with published figures as they arrive."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assb.validation.half_cell import half_cell_difference
    from assb.validation.systems import SYSTEMS, System
    from assb.validation.verification import Verification, verify

__all__ = ["SYSTEMS", "System", "Verification", "half_cell_difference", "verify"]

_WHERE = {
    "SYSTEMS": "assb.validation.systems",
    "System": "assb.validation.systems",
    "half_cell_difference": "assb.validation.half_cell",
    "Verification": "assb.validation.verification",
    "verify": "assb.validation.verification",
}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'assb.validation' has no attribute {name!r}; it has {', '.join(__all__)}")
