"""Parameters: materials, cells from the literature, composition to volume fractions, sources.

Every value carries a source and a kind of evidence, or is marked as an assumption; see
:func:`provenance`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assb.parameters.assembly import build, porosity_after_pressing
    from assb.parameters.blend import Blend, matching_stoichiometry
    from assb.parameters.catalogue import check, get, list, provenance
    from assb.parameters.composition import VolumeFractions, volume_fractions
    from assb.parameters.entry import Entry
    from assb.parameters.grading import DepthProfile, Grading
    from assb.parameters.priors import ConductivityPrior, conductivity_prior
    from assb.parameters.separator import SeparatorLayer

__all__ = [
    "Blend",
    "ConductivityPrior",
    "DepthProfile",
    "Entry",
    "Grading",
    "SeparatorLayer",
    "VolumeFractions",
    "build",
    "check",
    "conductivity_prior",
    "get",
    "list",
    "matching_stoichiometry",
    "porosity_after_pressing",
    "provenance",
    "volume_fractions",
]

_WHERE = {
    "Blend": "assb.parameters.blend",
    "ConductivityPrior": "assb.parameters.priors",
    "DepthProfile": "assb.parameters.grading",
    "Grading": "assb.parameters.grading",
    "SeparatorLayer": "assb.parameters.separator",
    "Entry": "assb.parameters.entry",
    "VolumeFractions": "assb.parameters.composition",
    "build": "assb.parameters.assembly",
    "check": "assb.parameters.catalogue",
    "conductivity_prior": "assb.parameters.priors",
    "get": "assb.parameters.catalogue",
    "list": "assb.parameters.catalogue",
    "matching_stoichiometry": "assb.parameters.blend",
    "porosity_after_pressing": "assb.parameters.assembly",
    "provenance": "assb.parameters.catalogue",
    "volume_fractions": "assb.parameters.composition",
}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'assb.parameters' has no attribute {name!r}; it has {', '.join(__all__)}")
