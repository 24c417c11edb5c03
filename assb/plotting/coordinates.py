"""Parameters as plotting coordinates: label, unit, and a logarithm where the prior is logarithmic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from assb.plotting.text import is_number, pretty_unit

if TYPE_CHECKING:
    import xarray as xr

#: Standard normal quantile at 95 %: half the width of a central 90 % interval in standard deviations.
Z90 = 1.6448536269514722

_LOGARITHMIC = {"log", "ln", "log10", "log-normal", "lognormal", "log-uniform", "loguniform"}


@dataclass(frozen=True)
class Coordinate:
    """One parameter, and how to draw it.

    Parameters
    ----------
    name : str
        Key in the posterior and in the parameter table.
    label : str
        Text for a reader.
    unit : str
        Unit set in type; empty for a pure number.
    logarithmic : bool
        Draw the decimal logarithm.
    row : Mapping
        The row of the parameter table; empty when the posterior has no such row.
    """

    name: str
    label: str
    unit: str
    logarithmic: bool
    row: Mapping[str, Any]

    @property
    def quantity(self) -> str:
        """What the axis shows, beside the label: the unit, or the logarithm of the value in that unit."""
        if self.logarithmic:
            return f"log₁₀ {self.unit}" if self.unit else "log₁₀"
        return self.unit

    def __call__(self, value: Any) -> np.ndarray:
        """Map physical values to the drawn coordinate; non-positive values under a logarithm become NaN."""
        array = np.asarray(value, dtype=float)
        if not self.logarithmic:
            return array
        return np.log10(np.where(array > 0, array, np.nan))

    def value(self, key: str) -> float | None:
        """Coordinate of one entry of the row (``"map"``, ``"q05"``), or None where it has no value."""
        physical = self.row.get(key)
        if not is_number(physical):
            return None
        drawn = float(self(physical))
        return drawn if np.isfinite(drawn) else None


def coordinate(row: Mapping[str, Any]) -> Coordinate:
    """Make the coordinate of one row of the parameter table."""
    name = str(row["name"])
    return Coordinate(
        name=name,
        label=str(row.get("label") or name),
        unit=pretty_unit(row.get("unit")),
        logarithmic=str(row.get("transform") or "").lower() in _LOGARITHMIC,
        row=row,
    )


def coordinates(
    parameters: Iterable[Mapping[str, Any]], posterior: xr.Dataset | None = None
) -> list[Coordinate]:
    """Coordinates of a parameter table, in its order.

    Parameters
    ----------
    parameters : iterable of mapping
        Rows of the parameter table.
    posterior : xarray.Dataset, optional
        With a posterior only sampled parameters are kept; sampled variables without a row (a noise
        level, say) come last, with the label and unit of their attributes.
    """
    rows = [coordinate(row) for row in parameters]
    if posterior is None:
        return rows
    sampled = [
        str(name)
        for name in posterior.data_vars
        if name != "log_likelihood" and {"chain", "draw"} == set(posterior[name].dims)
    ]
    kept = [item for item in rows if item.name in sampled]
    known = {item.name for item in kept}
    for name in sampled:
        if name not in known:
            attrs = posterior[name].attrs
            kept.append(coordinate({"name": name, "label": attrs.get("label"), "unit": attrs.get("units")}))
    return kept


def draws(dataset: xr.Dataset, item: Coordinate) -> np.ndarray:
    """Draws of one parameter as (chain, draw) in the drawn coordinate; what is not finite becomes NaN."""
    variable = dataset[item.name]
    if "chain" not in variable.dims:
        variable = variable.expand_dims("chain")
    rest = [str(dim) for dim in variable.dims if dim != "chain"]
    values = variable.transpose("chain", *rest).values.reshape(variable.sizes["chain"], -1)
    return item(np.where(np.isfinite(values), values, np.nan))


def labels_of(names: Iterable[str], parameters: Iterable[Mapping[str, Any]]) -> list[str]:
    """Labels for parameter names; a name without a row is its own label."""
    known = {item.name: item.label for item in coordinates(parameters)}
    return [known.get(str(name), str(name)) for name in names]
