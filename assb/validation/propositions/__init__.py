"""Propositions of the literature on sulfide cells, each tested by a simulation and by its control."""

from __future__ import annotations

from assb.validation.propositions.registry import (
    PROPOSITIONS,
    Finding,
    Proposition,
    Trend,
    load,
    not_run,
    proposition,
    run_trends,
)

__all__ = [
    "PROPOSITIONS",
    "Finding",
    "Proposition",
    "Trend",
    "load",
    "not_run",
    "proposition",
    "run_trends",
]
