"""What each unknown belongs to: all data, one data set, one cell, a population, the noise."""

from __future__ import annotations

from assb.fitting.layout import PerCell, PerDataset, Pooled, Tied, suffixed
from assb.fitting.problem import Problem

__all__ = ["scopes", "ties"]


def scopes(problem: Problem) -> dict[str, str]:
    """Unknown -> "shared", "data set NAME", "cell NAME", "population" or "noise"."""
    found = dict.fromkeys(problem.names, "shared")
    for name, rule in problem.rules.items():
        for each in problem.datasets:
            cell = each.cell or each.name
            if isinstance(rule, PerDataset):
                found[suffixed(name, each.name)] = f"data set {each.name}"
            elif isinstance(rule, PerCell):
                found[suffixed(name, cell)] = f"cell {cell}"
            elif isinstance(rule, Pooled):
                head = name.split(" [")[0]
                found[suffixed(name, "population mean")] = "population"
                found[f"{head}, population spread in prior sd"] = "population"
                found[f"{head}, offset of {cell}"] = f"cell {cell}"
    return {**found, **dict.fromkeys(problem.noise_names, "noise")}


def ties(problem: Problem) -> list[str]:
    """Tied parameters in words."""
    return [
        f"{name} = {rule.factor:.4g} x {rule.to}"
        for name, rule in problem.rules.items()
        if isinstance(rule, Tied)
    ]
