"""What ``assb list`` shows: content for machines and text for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Listing = tuple[Any, str]


def cells(_: str) -> Listing:
    """Parameter sets."""
    from assb.parameters.catalogue import CELLS, _module

    content = [
        {"name": name, "what": (_module(name).get_parameter_values.__doc__ or "").strip().splitlines()[0]}
        for name in CELLS
    ]
    return content, "\n".join(f"{row['name']}: {row['what']}" for row in content)


def parameters(cell: str) -> Listing:
    """Parameters of a cell with unit, evidence and source."""
    from assb.parameters import provenance

    try:
        table = provenance(cell)
    except KeyError as error:
        raise ValueError(f"cell: {error.args[0]}") from None
    content = [{"name": name, **row} for name, row in table.to_dict(orient="index").items()]
    lines = [
        f"{row['name']} = {row['value'] if isinstance(row['value'], str) else format(row['value'], '.6g')}"
        f"  ({row['evidence']}: {row['source']})"
        for row in content
    ]
    return content, "\n".join(lines)


def models(_: str) -> Listing:
    """Models."""
    from assb.models import DFN, SPM

    content = [
        {"name": model.__name__, "what": (model.__doc__ or "").strip().splitlines()[0]}
        for model in (SPM, DFN)
    ]
    return content, "\n".join(f"{row['name']}: {row['what']}" for row in content)


def options(_: str) -> Listing:
    """Model options; the first value of each is the default."""
    from assb.models.option_table import OPTIONS

    content = [
        {"name": name, "values": list(option.values), "default": option.default, "what": option.meaning}
        for name, option in OPTIONS.items()
    ]
    return content, "\n".join(
        f"{row['name']}: {' | '.join(row['values'])}\n    {row['what']}" for row in content
    )


def materials(_: str) -> Listing:
    """Materials by role."""
    from assb.parameters.catalogue import list_materials

    content = list_materials()
    return content, "\n".join(f"{role}: {', '.join(names)}" for role, names in content.items())


def systems(_: str) -> Listing:
    """Cells and specimens that the literature names, with what is borrowed and what is missing."""
    from assb.validation.systems import SYSTEMS

    content = [system.to_dict() for system in SYSTEMS.values()]
    lines = []
    for row in content:
        lines.append(f"{row['n']:2d} {row['status']}: {row['name']}")
        lines.append(f"    {row['what']}")
        if row["missing"]:
            lines.append(f"    not represented: {row['missing']}")
    return content, "\n".join(lines)


LISTINGS: dict[str, Callable[[str], Listing]] = {
    "cells": cells,
    "materials": materials,
    "models": models,
    "options": options,
    "parameters": parameters,
    "systems": systems,
}
