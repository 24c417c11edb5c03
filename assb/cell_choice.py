"""A model and its parameter values from the names a command line or a file gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pybamm

__all__ = ["choose_cell"]


def choose_cell(
    model: str, cell: str, options: Mapping[str, str], values: Mapping[str, Any]
) -> tuple[pybamm.BaseModel, pybamm.ParameterValues]:
    """Build a model and look up its parameter values.

    Parameters
    ----------
    model, cell : str
        "SPM" or "DFN"; a parameter set.
    options, values : mapping
        Model options; parameter values, as numbers or text.

    Raises
    ------
    ValueError
        For an unknown model, cell, option or parameter, naming it and the remedy.
    """
    import pybamm

    from assb import models, parameters

    if model not in ("SPM", "DFN"):
        raise ValueError(f"model = {model!r} is not known: use SPM or DFN")
    try:
        pv = parameters.get(cell)
    except KeyError as error:
        raise ValueError(f"cell: {error.args[0]}") from None
    chosen = dict(options)
    if cell == "Oh2026_LTO":
        chosen.setdefault("negative", "composite")
    try:
        built = getattr(models, model)(chosen)
    except pybamm.OptionError as error:
        raise ValueError(f"option: {error}") from None
    pv.update(_numbers(values, pv))
    parameters.check(pv)
    return built, pv


def _numbers(values: Mapping[str, Any], known: Any) -> dict[str, float]:
    numbers = {}
    for name, text in values.items():
        if name not in known.keys():
            raise ValueError(f"--set {name!r} is not a parameter: see 'assb list parameters'")
        try:
            numbers[name] = float(text)
        except (TypeError, ValueError):
            raise ValueError(f"--set {name!r} = {text!r}: give a number") from None
    return numbers
