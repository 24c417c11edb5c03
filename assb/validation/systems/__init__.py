"""Cells and specimens that the literature names, each with what its paper measured."""

from __future__ import annotations

from assb.validation.systems import interfaces, metals, pressure, specimens, transport
from assb.validation.systems.cases import Case, CellCase, SpecimenCase, SpectrumCase, parameter_hash
from assb.validation.systems.registry import SYSTEMS, System

__all__ = ["SYSTEMS", "Case", "CellCase", "SpecimenCase", "SpectrumCase", "System", "parameter_hash"]

#: The modules register their systems; in the order of their numbers from here on.
_MODULES = (interfaces, metals, pressure, specimens, transport)
for _n in sorted(SYSTEMS):
    SYSTEMS[_n] = SYSTEMS.pop(_n)
