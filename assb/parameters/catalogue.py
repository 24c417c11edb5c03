"""What there is: cells, materials, where values come from, and whether a set makes sense."""

from __future__ import annotations

import builtins
from importlib import import_module
from typing import TYPE_CHECKING, Any

from assb.parameters.composition import VolumeFractions
from assb.parameters.entry import Entry, unit

if TYPE_CHECKING:
    import pandas as pd
    import pybamm

#: Cells of the package: name -> module with ``entries`` and ``get_parameter_values``.
CELLS = {
    "NCM811_LPSCl_InLi": "assb.parameters.cells.ncm811_lpscl_inli",
    "Oh2026_LTO": "assb.parameters.cells.oh2026_lto",
}


#: Depths over the thickness at which a graded electrode is looked at.
DEPTHS = (0.0, 0.25, 0.5, 0.75, 1.0)


def list() -> builtins.list[str]:
    """Names of the cells that :func:`get` knows."""
    return sorted(CELLS)


def list_materials() -> dict[str, builtins.list[str]]:
    """Materials by role, for :func:`assb.parameters.build`."""
    from assb.parameters import materials as rooms

    return {
        "positive": sorted(rooms.POSITIVE),
        "electrolyte": sorted(rooms.ELECTROLYTE),
        "negative": sorted(rooms.NEGATIVE),
    }


def _module(name: str) -> Any:
    if name not in CELLS:
        raise KeyError(f"parameter set {name!r} is not known: use one of {', '.join(list())}")
    return import_module(CELLS[name])


def get(name: str, **arguments: Any) -> pybamm.ParameterValues:
    """Parameter values of a cell.

    Parameters
    ----------
    name : str
        One of :func:`list`.
    **arguments
        Arguments of the cell, for example ``blend=0.8`` for "Oh2026_LTO".

    Returns
    -------
    pybamm.ParameterValues

    Raises
    ------
    KeyError
        For an unknown name.
    TypeError
        For an argument that the cell does not take.

    Examples
    --------
    >>> pv = get("Oh2026_LTO", blend=0.8)
    """
    import pybamm

    return check(pybamm.ParameterValues(_module(name).get_parameter_values(**arguments)))


def provenance(name: str, **arguments: Any) -> pd.DataFrame:
    """Table of a cell's values with unit, source and evidence.

    Parameters
    ----------
    name, **arguments
        As in :func:`get`.

    Returns
    -------
    pandas.DataFrame
        Columns value, unit, evidence, source; indexed by parameter name.
    """
    import pandas as pd

    entries: dict[str, Entry] = _module(name).entries(**arguments)
    rows = {
        parameter: {
            "value": entry.value if isinstance(entry.value, (int, float)) else "function",
            "unit": unit(parameter),
            "evidence": entry.evidence,
            "source": entry.source,
        }
        for parameter, entry in entries.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("parameter").sort_index()


#: Scalars that must be strictly positive.
_POSITIVE = (
    "Electrode area [m2]",
    "Nominal cell capacity [A.h]",
    "Separator thickness [m]",
    "Positive electrode thickness [m]",
    "Negative electrode thickness [m]",
    "Positive particle radius [m]",
    "Negative particle radius [m]",
    "Solid electrolyte conductivity [S.m-1]",
    "Ambient temperature [K]",
    "Maximum concentration in positive electrode [mol.m-3]",
    "Positive electrode initial interphase thickness [m]",
)


def check(values: pybamm.ParameterValues) -> pybamm.ParameterValues:
    """Return `values` if they describe a possible cell.

    Inputs (``"[input]"`` or symbols) are taken on trust.

    Raises
    ------
    ValueError
        For volume fractions that do not sum to one, an electrolyte fraction taken for a porosity, a
        "porosity" from a liquid-electrolyte set, a geometry that is not positive, or a stoichiometry
        outside (0, 1). The message names the field, the value and the remedy.
    """
    for domain in ("Positive", "Negative"):
        key = f"{domain} electrode porosity"
        if key in values.keys():
            raise ValueError(
                f"{key!r} = {values[key]!r} comes from a liquid-electrolyte set, where it means the"
                f" electrolyte-filled share. Give '{domain} electrode solid electrolyte volume fraction' and"
                f" '{domain} electrode void fraction' instead."
            )
        _check_fractions(values, domain)
    for name in _with_prefixes(*_POSITIVE):
        value = _value(values, name)
        if isinstance(value, (int, float)) and not value > 0:
            raise ValueError(f"{name!r} = {value!r}: it must be positive, in the unit of its name")
    for name in _with_prefixes(
        *(f"Initial stoichiometry in {d} electrode" for d in ("positive", "negative"))
    ):
        value = _value(values, name)
        if isinstance(value, (int, float)) and not 0 < value < 1:
            raise ValueError(f"{name!r} = {value!r}: it must lie between 0 and 1")
    for name in _with_prefixes("Positive electrode grain orientation order"):
        value = _value(values, name)
        if isinstance(value, (int, float)) and not 0 <= value <= 1:
            raise ValueError(
                f"{name!r} = {value!r}: it must lie between 0, random grains, and 1, a single crystal"
            )
    return values


def _value(values: pybamm.ParameterValues, name: str) -> Any:
    """Value, or None: ``get`` of a missing name searches all names for similar ones, for a second in a cell."""
    return values[name] if name in values.keys() else None


def _with_prefixes(*names: str) -> builtins.list[str]:
    """Names as they are, and those of two particle populations."""
    return [prefix + name for prefix in ("", "Primary: ", "Secondary: ") for name in names]


def _check_fractions(values: pybamm.ParameterValues, domain: str) -> None:
    prefix = f"{domain} electrode"
    names = [
        f"{prefix} {phase} volume fraction"
        for phase in ("active material", "solid electrolyte", "carbon", "binder")
    ] + [f"{prefix} void fraction"]
    shares = [_value(values, name) for name in names]
    if shares[0] is None:
        parts = [_value(values, f"{phase}: {names[0]}") for phase in ("Primary", "Secondary")]
        if all(isinstance(part, (int, float)) for part in parts):
            shares[0] = sum(parts)
    for depth in DEPTHS if any(callable(share) for share in shares) else (None,):
        local = [share(depth) if callable(share) else share for share in shares]
        if all(isinstance(share, (int, float)) for share in local):
            try:
                VolumeFractions(*local)
            except ValueError as error:
                where = prefix if depth is None else f"{prefix} at depth {depth:g}"
                raise ValueError(f"{where}: {error}") from None
