"""Full-cell models of all-solid-state batteries as plain PyBaMM models.

:class:`SPM` and :class:`DFN` are assembled from the submodels in :mod:`assb.models.submodels`;
:func:`options` prints what can be chosen; :data:`NO_MECHANISMS` switches every solid-state
mechanism off; :func:`compile` turns a discretised model into a small, fast C simulator and
:func:`export` writes it out for embedding.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assb.models.arcs import ARCS, Arc
    from assb.models.base import BaseModel
    from assb.models.choices import options
    from assb.models.compiled import compile_model as compile
    from assb.models.dfn import DFN
    from assb.models.eis import ImpedanceModel, impedance
    from assb.models.exporters import export
    from assb.models.option_table import NO_MECHANISMS
    from assb.models.spm import SPM
    from assb.models.thiele import ThieleWarning

__all__ = [
    "ARCS",
    "DFN",
    "NO_MECHANISMS",
    "SPM",
    "Arc",
    "BaseModel",
    "ImpedanceModel",
    "ThieleWarning",
    "compile",
    "export",
    "impedance",
    "options",
]

_WHERE = {
    "ARCS": ("assb.models.arcs", "ARCS"),
    "Arc": ("assb.models.arcs", "Arc"),
    "BaseModel": ("assb.models.base", "BaseModel"),
    "DFN": ("assb.models.dfn", "DFN"),
    "ImpedanceModel": ("assb.models.eis", "ImpedanceModel"),
    "NO_MECHANISMS": ("assb.models.option_table", "NO_MECHANISMS"),
    "SPM": ("assb.models.spm", "SPM"),
    "ThieleWarning": ("assb.models.thiele", "ThieleWarning"),
    "compile": ("assb.models.compiled", "compile_model"),
    "export": ("assb.models.exporters", "export"),
    "impedance": ("assb.models.eis", "impedance"),
    "options": ("assb.models.choices", "options"),
}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        module, attribute = _WHERE[name]
        return getattr(import_module(module), attribute)
    raise AttributeError(f"module 'assb.models' has no attribute {name!r}; it has {', '.join(__all__)}")
