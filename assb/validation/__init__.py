"""Does it agree: with closed forms, PyBaMM's own models, the propositions of the literature, published figures."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assb.validation.half_cell import half_cell_difference
    from assb.validation.propositions import Trend, run_trends
    from assb.validation.published import ValidationTable, leave_one_out, read_targets, run
    from assb.validation.systems import SYSTEMS, System
    from assb.validation.verification import Verification, verify

__all__ = [
    "SYSTEMS",
    "System",
    "Trend",
    "ValidationTable",
    "Verification",
    "half_cell_difference",
    "leave_one_out",
    "read_targets",
    "run",
    "run_trends",
    "verify",
]

_WHERE = {
    "SYSTEMS": "assb.validation.systems",
    "System": "assb.validation.systems",
    "half_cell_difference": "assb.validation.half_cell",
    "Trend": "assb.validation.propositions",
    "ValidationTable": "assb.validation.published",
    "Verification": "assb.validation.verification",
    "leave_one_out": "assb.validation.published",
    "read_targets": "assb.validation.published",
    "run": "assb.validation.published",
    "run_trends": "assb.validation.propositions",
    "verify": "assb.validation.verification",
}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'assb.validation' has no attribute {name!r}; it has {', '.join(__all__)}")
