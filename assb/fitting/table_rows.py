"""Rows of a measured table by name and unit, before something predicts them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from assb.fitting.dataset import DataError
from assb.fitting.table import Predictor, Table
from assb.fitting.units import conversion

__all__ = ["TableRows"]


@dataclass(frozen=True)
class TableRows:
    """Columns of a table: capacity against cycle, conductivity against composition and pressure.

    Parameters
    ----------
    columns : mapping
        Name without unit -> values, shape (n,), as in the file.
    units : mapping
        Name -> unit of the file, "" if none is stated.
    name : str
        Label.
    settings, shifts, cell
        As of :class:`assb.fitting.Dataset`.

    Raises
    ------
    DataError
        For columns of different lengths or none.
    """

    columns: Mapping[str, np.ndarray]
    units: Mapping[str, str] = field(default_factory=dict)
    name: str = "table"
    settings: Mapping[str, float] = field(default_factory=dict)
    shifts: Mapping[str, float] = field(default_factory=dict)
    cell: str = ""
    sha256: str = field(default="", compare=False)

    def __post_init__(self):
        lengths = {len(values) for values in self.columns.values()}
        if len(lengths) != 1 or lengths == {0}:
            raise DataError(
                f"{self.name}: columns have {sorted(lengths)} rows: give one value per row and column"
            )

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def __repr__(self) -> str:
        named = ", ".join(f"{key} [{self.units.get(key) or '?'}]" for key in self.columns)
        return f"TableRows({self.name}: {len(self)} rows of {named})"

    def column(self, name: str, unit: str = "") -> np.ndarray:
        """Values of a column, shape (n,).

        Parameters
        ----------
        name : str
            Without its unit.
        unit : str
            Unit wanted; that of the file without it.

        Raises
        ------
        DataError
            For an unknown name, text in place of numbers, or a unit that does not convert.
        """
        if name not in self.columns:
            raise DataError(f"{self.name}: no column {name!r}: it has {', '.join(self.columns)}")
        values = self.columns[name]
        try:
            numbers = np.asarray(values, dtype=float)
        except (TypeError, ValueError):
            raise DataError(f"{self.name}: column {name!r} holds text: keep numbers only") from None
        if not unit:
            return numbers
        stated = self.units.get(name, "")
        if not stated:
            raise DataError(
                f"{self.name}: column {name!r} states no unit: give units = {{{name!r}: ...}} when reading"
            )
        try:
            factor, offset = conversion(stated, unit)
        except ValueError as error:
            raise DataError(f"{self.name}: column {name!r}: {error}") from None
        return factor * numbers + offset

    def table(
        self,
        quantity: str,
        predictor: Predictor,
        unit: str = "",
        sd: ArrayLike = 1.0,
        share: bool = False,
        decades: bool = False,
    ) -> Table:
        """The rows of one column as data of a :class:`Problem`.

        Parameters
        ----------
        quantity : str
            Name of the column.
        predictor : callable
            What predicts the rows, in `unit`: see :class:`Table`, :class:`AgeingPredictor`,
            :class:`NetworkConductivity`.
        unit : str
            Unit of the predictor; that of the file without it.
        sd : float or array_like, shape (n,)
            Scale of the noise, in `unit`; with `share` as a share of the value, with `decades` in decades.
        share, decades : bool
            What `sd` means; with `decades` the table holds log10 of the values, and so must the predictor's.

        Raises
        ------
        DataError
            As of :meth:`column`, or for values that are not positive where they must be.
        """
        values = self.column(quantity, unit)
        if (share or decades) and not (values > 0).all():
            raise DataError(
                f"{self.name}: column {quantity!r} = {values.min():g}: share and decades need positive values"
            )
        scale: Any = np.asarray(sd, dtype=float)
        if decades:
            values = np.log10(values)
        elif share:
            scale = scale * values
        label = f"{quantity} [{unit or self.units.get(quantity, '')}]"
        return Table(
            values,
            predictor,
            scale,
            self.name,
            f"log10 of {label}" if decades else label,
            self.settings,
            self.shifts,
            self.cell,
        )
